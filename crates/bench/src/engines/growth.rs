//! An organization that grows: the month at hand and a booking beside more and more that is past.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use jiff::{Timestamp, ToSpan as _};
use kept_app::backup::{self, Identity};
use kept_app::calendar;
use kept_app::config::Backup;
use kept_app::offering::Catalogs;
use kept_app::scheduling::{self, Wanted};
use kept_base::kit::{Actor, OrganizationId};
use kept_base::page::zone::Zones;
use kept_base::store::{Store, Told, Tx};

use super::median_of;
use super::store::past::{Office, fill, office};
use super::store::{Booker, id_of, month_of, read, write};
use crate::ground::Ground;
use crate::prepare::{Anything, OFFICE, Prepared};
use crate::report::{Row, number};

/// How many appointments are past, one measurement after the other.
const SIZES: [i64; 3] = [1_000, 100_000, 1_000_000];
/// Rows of one transaction.
const BATCH: i64 = 20_000;
/// How often each is done for a median.
const TURNS: usize = 100;

/// Medians in microseconds.
struct Size {
    month: f64,
    days: f64,
    booking: f64,
}

/// One of the medians.
type Figure = fn(&Size) -> f64;

pub async fn rows(ground: &Ground, prepared: &Prepared) -> Result<Vec<Row>, Anything> {
    let store = ground.open()?;
    let id = id_of(&store, OFFICE).await?;
    let before = store.clock().now() - jiff::SignedDuration::from_hours(24);
    let office = read(&store, id, move |tx| office(tx, before)).await?;
    let (mut filled, mut seen) = (0, Vec::new());
    for size in SIZES {
        while filled < size {
            let to = (filled + BATCH).min(size);
            let office = office.clone();
            write(&store, id, move |tx| fill(tx, &office, filled, to)).await?;
            filled = to;
        }
        let turn = seen.len();
        seen.push(at_size(&store, id, &office, prepared, turn).await?);
    }
    let [first, .., last] = seen.as_slice() else {
        return Err("nothing was measured".into());
    };
    let listed = |of: Figure| {
        let all: Vec<String> = seen.iter().map(|size| number(of(size) / 1e3, 2)).collect();
        format!("{} ms", all.join(" / "))
    };
    let sizes = "beside 10^3 / 10^5 / 10^6 past appointments, median";
    let mut rows = Vec::new();
    let figures: [(&str, Figure); 3] = [
        ("the month with names", |size| size.month),
        (
            "the days of a month that can be booked, computed anew",
            |size| size.days,
        ),
        ("a booking, durable", |size| size.booking),
    ];
    for (what, of) in figures {
        rows.push(Row::told(&format!("{what} {sizes}"), listed(of)));
        let ratio = of(last) / of(first);
        rows.push(Row::at_most(
            &format!("{what}: 10^6 as a multiple of 10^3"),
            ratio,
            1.5,
            "x",
        ));
    }
    rows.push(copied(&store, id, &ground.folder().join("copies")).await?);
    store.close();
    Ok(rows)
}

async fn at_size(
    store: &Arc<Store>,
    id: OrganizationId,
    office: &Office,
    prepared: &Prepared,
    turn: usize,
) -> Result<Size, Anything> {
    let catalogs = Arc::new(Catalogs::new(Arc::new(Zones::load())));
    let (month, dates) = (month_of(prepared)?, prepared.month);
    let view = |_| {
        read(store, id, move |tx| {
            calendar::find(tx, month, None, None, true)?;
            Ok(())
        })
    };
    // The first ones bring pages and keys into memory.
    median_of(TURNS / 10, view).await?;
    let month = median_of(TURNS, view).await?;
    let wanted = Wanted {
        service: office.service,
        staff: None,
        location: None,
    };
    let days = |_| {
        let (catalogs, zone) = (Arc::clone(&catalogs), prepared.zone.clone());
        read(store, id, move |tx| {
            scheduling::days(tx, &catalogs, &wanted, dates, &zone)?;
            Ok(())
        })
    };
    let days = median_of(TURNS, days).await?;
    let booker = Arc::new(HalfHours {
        booker: Booker {
            catalogs,
            service: office.service,
            staff: office.staff.clone(),
            from: Timestamp::UNIX_EPOCH,
        },
        starts: half_hours(prepared)?,
    });
    let booking = |number: usize| {
        let (booker, number) = (Arc::clone(&booker), turn * TURNS + number);
        write(store, id, move |tx| booker.book(tx, number))
    };
    let booking = median_of(TURNS, booking).await?;
    Ok(Size {
        month,
        days,
        booking,
    })
}

/// The office is open half an hour at a time.
struct HalfHours {
    booker: Booker,
    starts: Vec<Timestamp>,
}

impl HalfHours {
    fn book(&self, tx: &Tx<'_>, number: usize) -> Result<(), Anything> {
        let count = self.booker.staff.len();
        let start = self.starts.get(number / count).ok_or("no time is left")?;
        let booker = Booker {
            catalogs: Arc::clone(&self.booker.catalogs),
            service: self.booker.service,
            staff: vec![self.booker.staff[number % count]],
            from: *start,
        };
        booker.book(tx, 0)
    }
}

/// Free ones, well after the month that is asked for.
fn half_hours(prepared: &Prepared) -> Result<Vec<Timestamp>, Anything> {
    let first = prepared.month.1 + 60.days();
    let days = (first.series(1.day())).filter(|day| day.weekday().to_monday_zero_offset() < 5);
    let all = days
        .take(30)
        .flat_map(|day| (0..16).map(move |half| day.at(9 + half / 2, half % 2 * 30, 0, 0)));
    let zone = &prepared.zone;
    Ok(all
        .map(|at| zone.to_timestamp(at))
        .collect::<Result<_, _>>()?)
}

/// Counts what is written to it.
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A backup of all that, packed and encrypted.
async fn copied(store: &Arc<Store>, id: OrganizationId, folder: &Path) -> Result<Row, Anything> {
    let settings = Backup {
        folder: folder.to_owned(),
        recipient: Identity::generate().recipient(),
        identity_file: None,
        every_hours: 24,
        keep_days: 35,
        keys_every_hours: 1,
        keys_keep_days: 7,
        drill_every_days: 30,
    };
    let quiet: Told = Arc::new(|_, _| {});
    let counting = Arc::clone(store);
    let told = Arc::clone(&quiet);
    let count = move || counting.archive_data(id, Counter(0), told);
    let (counted, _, _) = tokio::task::spawn_blocking(count).await??;
    let begun = Instant::now();
    let made = backup::back_up_data(store, &settings, Some(id), Actor::OPERATOR, quiet).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let mb = counted.0 as f64 / 1e6;
    Ok(Row::told(
        "backup of that organization, packed and encrypted: MB of rows a second",
        format!(
            "{} ({} MB to {} MB)",
            number(mb / seconds, 1),
            number(mb, 0),
            number(made.bytes as f64 / 1e6, 0)
        ),
    ))
}
