//! The store in this process, without HTTP: what an engine can do.

pub mod past;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use kept_app::calendar;
use kept_app::ids::{AppointmentId, ServiceId, StaffId};
use kept_app::migrations;
use kept_app::offering::Catalogs;
use kept_app::people::NewPerson;
use kept_app::scheduling::{self, NewAppointment, Wanted};
use kept_base::kit::{Actor, Email, OrganizationId, PersonName};
use kept_base::page::zone::Zones;
use kept_base::params;
use kept_base::store::{Migration, Store, Tx};
use tokio::task::JoinSet;

use super::median_of;
use crate::ground::Ground;
use crate::prepare::{
    self, Anything, Error, MONTH_APPOINTMENTS, OFFICE, Prepared, RUSH, SERVICE, ZONE,
};
use crate::report::{Row, number};

/// Who books at once.
const BOOKERS: usize = 32;
/// Who reads at once.
const READERS: usize = 8;
/// How often a month is read for a median.
const MONTHS: usize = 200;

/// A table of names in clear, beside the sealed ones: what is saved where nothing is sealed.
const IN_CLEAR: Migration = Migration {
    version: 1_000,
    name: "names in clear",
    common: "create table name_in_clear (person_id text primary key, name text not null)",
    sqlite: "",
    postgres: "",
    rows: None,
};

/// Asks an organization of the store.
pub async fn read<T: Send + 'static>(
    store: &Store,
    id: OrganizationId,
    question: impl FnOnce(&Tx<'_>) -> Result<T, Anything> + Send + 'static,
) -> Result<T, Anything> {
    let read = store.read(id, Actor::OPERATOR, move |tx| question(tx).map_err(Error));
    read.await.map_err(|error| error.0)
}

/// Changes an organization of the store.
pub async fn write<T: Send + 'static>(
    store: &Store,
    id: OrganizationId,
    verb: impl FnOnce(&Tx<'_>) -> Result<T, Anything> + Clone + Send + 'static,
) -> Result<T, Anything> {
    let written = store.write(id, Actor::OPERATOR, move |tx| verb(tx).map_err(Error));
    written.await.map_err(|error| error.0)
}

pub async fn id_of(store: &Store, slug: &str) -> Result<OrganizationId, Anything> {
    let found = store.find_organization(slug).await?;
    Ok(found.ok_or("the organization is missing")?)
}

/// Between which instants the prepared month is.
pub fn month_of(prepared: &Prepared) -> Result<(Timestamp, Timestamp), Anything> {
    let at = |date: jiff::civil::Date| prepared.zone.to_timestamp(date.at(0, 0, 0, 0));
    Ok((at(prepared.month.0)?, at(prepared.month.1)?))
}

pub async fn rows(
    ground: &Ground,
    prepared: &Prepared,
    time: Duration,
) -> Result<Vec<Row>, Anything> {
    let store = ground.open()?;
    let office = id_of(&store, OFFICE).await?;
    let month = month_of(prepared)?;
    let mut rows = Vec::new();
    let booked = bookings(&store, prepared, time).await?;
    rows.push(Row::told("bookings/s, durable", number(booked, 0)));
    let all = read(&store, office, move |tx| {
        let found = calendar::find(tx, month, None, None, false)?;
        Ok(found
            .appointments
            .iter()
            .map(|one| one.id)
            .collect::<Vec<_>>())
    });
    let all: Arc<[AppointmentId]> = all.await?.into();
    if all.len() != MONTH_APPOINTMENTS {
        return Err(format!("the month has {} appointments", all.len()).into());
    }
    let points = reads(&store, office, time, move |tx, number| {
        scheduling::appointment(tx, all[number % all.len()])?.ok_or("it is missing")?;
        Ok(())
    });
    rows.push(Row::told(
        "appointments read by id/s",
        number(points.await?, 0),
    ));
    let months = reads(&store, office, time, move |tx, _| named(tx, month));
    let what = format!("months of {MONTH_APPOINTMENTS} with names/s");
    rows.push(Row::told(&what, number(months.await?, 0)));
    store.close();
    Ok(rows)
}

/// The month as the staff see it.
fn named(tx: &Tx<'_>, month: (Timestamp, Timestamp)) -> Result<(), Anything> {
    let found = calendar::find(tx, month, None, None, true)?;
    let last = found.appointments.last().ok_or("the month is empty")?;
    if found.name(last.person).starts_with("Customer") {
        Ok(())
    } else {
        Err("a name is missing".into())
    }
}

/// The same with names that stand in clear.
fn in_clear(tx: &Tx<'_>, month: (Timestamp, Timestamp)) -> Result<(), Anything> {
    let found = calendar::find(tx, month, None, None, false)?;
    let names = tx.query(
        "select appointment.person_id, name_in_clear.name from appointment
         join name_in_clear on name_in_clear.person_id = appointment.person_id
         where starts_at >= $1 and starts_at < $2",
        params![month.0, month.1],
        |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)),
    )?;
    if names.len() == found.appointments.len() {
        Ok(())
    } else {
        Err("a name is missing".into())
    }
}

/// What it costs that names are sealed under a key of each person. The ground is empty.
pub async fn sealing(ground: &Ground) -> Result<Vec<Row>, Anything> {
    let month = month_of(&prepare::prepare(ground).await?)?;
    let steps: Vec<Migration> = (migrations::ORGANIZATION.iter().copied())
        .chain([IN_CLEAR])
        .collect();
    let steps: &'static [Migration] = steps.leak();
    let store = &ground.open_with(steps)?;
    let id = id_of(store, OFFICE).await?;
    let fill = |tx: &Tx<'_>| {
        tx.execute(
            "insert into name_in_clear (person_id, name) select id, 'Customer ' || id from person",
            &[],
        )?;
        Ok(())
    };
    write(store, id, fill).await?;
    let clear = median_of(MONTHS, |_| read(store, id, move |tx| in_clear(tx, month))).await?;
    let sealed = median_of(MONTHS, |_| read(store, id, move |tx| named(tx, month))).await?;
    let mut first = Vec::new();
    for _ in 0..10 {
        // Another process, which has no key in memory; its files are open.
        let fresh = ground.open_with(steps)?;
        read(&fresh, id, move |tx| in_clear(tx, month)).await?;
        let begun = Instant::now();
        read(&fresh, id, move |tx| named(tx, month)).await?;
        first.push(begun.elapsed());
        fresh.close();
    }
    let ms = |micros: f64| format!("{} ms", number(micros / 1e3, 2));
    Ok(vec![
        Row::told("that month with names in clear, median", ms(clear)),
        Row::told("with sealed names, median", ms(sealed)),
        Row::at_most(
            "sealed, as a multiple of in clear",
            sealed / clear,
            2.0,
            "x",
        ),
        Row::told(
            "the first time, with no key of a person in memory, median",
            ms(super::median_micros(first)),
        ),
    ])
}

/// Books distinct times as fast as they are durable; how many in a second.
async fn bookings(
    store: &Arc<Store>,
    prepared: &Prepared,
    time: Duration,
) -> Result<f64, Anything> {
    let id = id_of(store, RUSH).await?;
    let catalogs = Arc::new(Catalogs::new(Arc::new(Zones::load())));
    let (service, staff) = read(store, id, |tx| {
        let service = "select id from service where slug = $1";
        let service = tx.query_opt(service, params![SERVICE], |row| row.get(0))?;
        let staff = tx.query("select id from staff order by id", &[], |row| row.get(0))?;
        let service: ServiceId = service.ok_or("the service is missing")?;
        Ok::<(ServiceId, Vec<StaffId>), Anything>((service, staff))
    })
    .await?;
    // The second half of what can be booked: what is booked over HTTP takes the first.
    let from = prepared
        .zone
        .to_timestamp((prepared.today + jiff::Span::new().days(200)).at(0, 0, 0, 0))?;
    let booker = Arc::new(Booker {
        catalogs,
        service,
        staff,
        from,
    });
    let taken = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    let begun = Instant::now();
    for _ in 0..BOOKERS {
        let (store, booker, taken) = (Arc::clone(store), Arc::clone(&booker), Arc::clone(&taken));
        tasks.spawn(async move {
            while begun.elapsed() < time {
                let number = taken.fetch_add(1, Ordering::Relaxed);
                let booker = Arc::clone(&booker);
                write(&store, id, move |tx| booker.book(tx, number)).await?;
            }
            Ok::<_, Anything>(())
        });
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    Ok(taken.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64())
}

/// Books one time after the other with each of the staff.
pub struct Booker {
    pub catalogs: Arc<Catalogs>,
    pub service: ServiceId,
    pub staff: Vec<StaffId>,
    pub from: Timestamp,
}

impl Booker {
    /// Books the `number`th time.
    pub fn book(&self, tx: &Tx<'_>, number: usize) -> Result<(), Anything> {
        let slot = i64::try_from(number / self.staff.len())?;
        let new = NewAppointment {
            wanted: Wanted {
                service: self.service,
                staff: Some(self.staff[number % self.staff.len()]),
                location: None,
            },
            starts_at: self.from + jiff::SignedDuration::from_mins(slot * 5),
            hold: None,
            person: NewPerson {
                name: PersonName::parse(&format!("Guest {number}"))?,
                email: Some(Email::parse(&format!("guest-{number}@store.example.org"))?),
                phone: None,
                zone: ZONE.to_owned(),
                locale: "en".to_owned(),
            },
            answers: Vec::new(),
        };
        scheduling::book(tx, &self.catalogs, &new)?;
        Ok(())
    }
}

/// Asks as fast as it is answered; how often in a second.
async fn reads(
    store: &Arc<Store>,
    id: OrganizationId,
    time: Duration,
    question: impl Fn(&Tx<'_>, usize) -> Result<(), Anything> + Send + Sync + 'static,
) -> Result<f64, Anything> {
    let (question, asked) = (Arc::new(question), Arc::new(AtomicUsize::new(0)));
    let mut tasks = JoinSet::new();
    let begun = Instant::now();
    for _ in 0..READERS {
        let (store, question) = (Arc::clone(store), Arc::clone(&question));
        let asked = Arc::clone(&asked);
        tasks.spawn(async move {
            while begun.elapsed() < time {
                // 7,919 is a prime: neighbours are not asked for one after the other.
                let number = asked.fetch_add(1, Ordering::Relaxed) * 7_919;
                let question = Arc::clone(&question);
                read(&store, id, move |tx| question(tx, number)).await?;
            }
            Ok::<_, Anything>(())
        });
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    Ok(asked.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64())
}

/// The least that can be asked of an organization.
pub fn name(tx: &Tx<'_>) -> Result<Option<String>, Anything> {
    Ok(tx.query_opt("select name from organization", &[], |row| row.get(0))?)
}
