//! The measurements over HTTP, each on the running program.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use tokio::task::LocalSet;

use crate::load::{self, Kind, Outcome, Seen};
use crate::prepare::{
    Anything, HORIZON_DAYS, OFFICE, OFFICE_MINUTES, Prepared, RUSH, RUSH_MINUTES, SERVICE, SINGLE,
    STAFF, ZONE,
};
use crate::wire::{self, Connection};

/// Connections that ask at once.
pub const CONNECTIONS: usize = 32;
/// Of a hundred requests, so many book.
const BOOKING_PERCENT: u64 = 2;
/// People who want the same time at once.
pub const RIVALS: usize = 1_000;
/// Each measurement is cut into so many pieces, in turn with the others, so that what else the
/// machine does hits all of them.
const ROUNDS: u32 = 3;

/// What is asked of the office, and what it is compared with.
pub struct Days {
    pub fixed: Outcome,
    pub unchanged: Outcome,
    pub mixed: Outcome,
    pub fixed_bytes: usize,
    pub days_bytes: usize,
}

/// Distinct free times, in order; each can be taken once by every staff member.
pub struct Starts {
    slug: &'static str,
    times: Vec<Timestamp>,
    taken: usize,
}

impl Starts {
    /// Those of the office after the month that is asked for.
    pub fn office(prepared: &Prepared) -> Self {
        let weekday = |day: &Date| day.weekday().to_monday_zero_offset() < 5;
        let days = days(prepared, prepared.month.1).filter(weekday);
        Self::new(OFFICE, prepared, days, (9 * 60, 17 * 60), OFFICE_MINUTES)
    }

    /// Those of the rush, from the third day on.
    pub fn rush(prepared: &Prepared) -> Self {
        let days = days(prepared, prepared.today + 3.days());
        Self::new(RUSH, prepared, days, (0, 1_440), RUSH_MINUTES)
    }

    fn new(
        slug: &'static str,
        prepared: &Prepared,
        days: impl Iterator<Item = Date>,
        (opens, closes): (u16, u16),
        step: u16,
    ) -> Self {
        let minutes = (opens..closes).step_by(usize::from(step));
        let times = days.flat_map(|day| {
            let zone = prepared.zone.clone();
            minutes.clone().filter_map(move |minute| {
                let (hour, minute) = (
                    i8::try_from(minute / 60).ok()?,
                    i8::try_from(minute % 60).ok()?,
                );
                zone.to_timestamp(day.at(hour, minute, 0, 0)).ok()
            })
        });
        Self {
            slug,
            times: times.collect(),
            taken: 0,
        }
    }

    /// A booking of the next one; `None` when every one is taken.
    fn next(&mut self, host: SocketAddr) -> Option<Rc<[u8]>> {
        let number = self.taken;
        if number / self.times.len() >= STAFF {
            return None;
        }
        self.taken += 1;
        let at = self.times[number % self.times.len()];
        Some(booking(host, (self.slug, SERVICE), at, number).into())
    }
}

fn days(prepared: &Prepared, from: Date) -> impl Iterator<Item = Date> + use<> {
    let to = prepared.today + i64::from(HORIZON_DAYS - 1).days();
    from.series(1.day()).take_while(move |day| *day < to)
}

fn booking(
    host: SocketAddr,
    (slug, service): (&str, &str),
    at: Timestamp,
    number: usize,
) -> Vec<u8> {
    let body = format!(
        r#"{{"service":"{service}","starts_at":"{at}","person":{{"name":"Guest {number}","email":"guest-{number}@example.org"}}}}"#
    );
    wire::post(host, &format!("/api/v1/orgs/{slug}/appointments"), &body)
}

/// Days of the month against a fixed answer, unchanged and with bookings mixed in.
pub async fn ask_days(
    address: SocketAddr,
    prepared: &Prepared,
    time: Duration,
) -> Result<Days, Anything> {
    let (from, to) = prepared.month;
    let question =
        format!("/api/v1/orgs/{OFFICE}/days?service={SERVICE}&from={from}&to={to}&zone={ZONE}");
    let mut connection = Connection::open(address).await?;
    let question: Rc<[u8]> = wire::get(address, &question).into();
    let answer = connection.ask(&question).await?;
    if answer.status != 200 {
        let words = String::from_utf8_lossy(answer.body).into_owned();
        return Err(format!("days answers {}: {words}", answer.status).into());
    }
    let days_bytes = answer.body.len();
    let (fixed, fixed_bytes) = fixed(address, &mut connection, days_bytes).await?;
    let starts = Rc::new(RefCell::new(Starts::office(prepared)));
    let mut seen = Days {
        fixed: Outcome::default(),
        unchanged: Outcome::default(),
        mixed: Outcome::default(),
        fixed_bytes,
        days_bytes,
    };
    // Connections, caches and the memory allocator settle first.
    read(address, &fixed, time / (ROUNDS * 2)).await?;
    read(address, &question, time / (ROUNDS * 2)).await?;
    for _ in 0..ROUNDS {
        seen.fixed.add(read(address, &fixed, time / ROUNDS).await?);
        seen.unchanged
            .add(read(address, &question, time / ROUNDS).await?);
        let mixed = mix(address, &question, &starts, time / ROUNDS);
        seen.mixed.add(mixed.await?);
    }
    only(&seen.fixed.read, 200)?;
    only(&seen.unchanged.read, 200)?;
    only(&seen.mixed.read, 200)?;
    only(&seen.mixed.book, 201)?;
    Ok(seen)
}

/// The embedded file that comes nearest in size and is not larger, as a request, and its size.
async fn fixed(
    address: SocketAddr,
    connection: &mut Connection,
    most: usize,
) -> Result<(Rc<[u8]>, usize), Anything> {
    let mut best: Option<(Rc<[u8]>, usize)> = None;
    for path in assets(address, connection).await? {
        let request: Rc<[u8]> = wire::get(address, &path).into();
        let answer = connection.ask(&request).await?;
        let size = answer.body.len();
        let known = best.as_ref().map_or(0, |(_, size)| *size);
        if answer.status == 200 && size <= most && size > known {
            best = Some((request, size));
        }
    }
    best.ok_or_else(|| "no embedded file is as small as the answer".into())
}

async fn assets(address: SocketAddr, connection: &mut Connection) -> Result<Vec<String>, Anything> {
    let page = wire::get(address, &format!("/{OFFICE}"));
    let page = connection.ask(&page).await?;
    let html = String::from_utf8_lossy(page.body).into_owned();
    let links = html.split('"').filter(|text| text.starts_with("/assets/"));
    Ok(links.map(ToOwned::to_owned).collect())
}

async fn read(
    address: SocketAddr,
    request: &Rc<[u8]>,
    time: Duration,
) -> Result<Outcome, Anything> {
    let request = Rc::clone(request);
    let next = move || Some((Kind::Read, Rc::clone(&request)));
    Ok(load::run(address, CONNECTIONS, time, next).await?)
}

async fn mix(
    address: SocketAddr,
    question: &Rc<[u8]>,
    starts: &Rc<RefCell<Starts>>,
    time: Duration,
) -> Result<Outcome, Anything> {
    let (question, starts) = (Rc::clone(question), Rc::clone(starts));
    let mut asked = 0_u64;
    let next = move || {
        asked += 1;
        if asked.is_multiple_of(100 / BOOKING_PERCENT) {
            starts
                .borrow_mut()
                .next(address)
                .map(|booking| (Kind::Book, booking))
        } else {
            Some((Kind::Read, Rc::clone(&question)))
        }
    };
    Ok(load::run(address, CONNECTIONS, time, next).await?)
}

/// Books distinct times as fast as they are confirmed.
pub async fn book(
    address: SocketAddr,
    starts: &Rc<RefCell<Starts>>,
    time: Duration,
) -> Result<Outcome, Anything> {
    let starts = Rc::clone(starts);
    let next = move || {
        let booking = starts.borrow_mut().next(address)?;
        Some((Kind::Book, booking))
    };
    let seen = load::run(address, CONNECTIONS, time, next).await?;
    only(&seen.book, 201)?;
    Ok(seen)
}

/// How a thousand are answered who want one time at once.
pub async fn race(address: SocketAddr, prepared: &Prepared) -> Result<Seen, Anything> {
    let noon = (prepared.today + 2.days()).at(12, 0, 0, 0);
    let at = prepared.zone.to_timestamp(noon)?;
    let mut connections = Vec::with_capacity(RIVALS);
    for _ in 0..RIVALS {
        connections.push(Connection::open(address).await?);
    }
    let tasks = LocalSet::new();
    let asking: Vec<_> = connections
        .into_iter()
        .enumerate()
        .map(|(number, mut connection)| {
            let request = booking(address, (RUSH, SINGLE), at, number);
            tasks.spawn_local(async move {
                let sent = std::time::Instant::now();
                let answer = connection.ask(&request).await?;
                let is_taken = answer.status == 409
                    && String::from_utf8_lossy(answer.body).contains("slot_taken");
                // A conflict for another reason is none that is expected.
                let status = if answer.status == 409 && !is_taken {
                    0
                } else {
                    answer.status
                };
                Ok::<_, std::io::Error>((status, sent.elapsed()))
            })
        })
        .collect();
    tasks
        .run_until(async move {
            let mut seen = Seen::default();
            for task in asking {
                let (status, took) = task.await??;
                seen.note(status, took);
            }
            Ok(seen)
        })
        .await
}

pub fn only(seen: &Seen, status: u16) -> Result<(), Anything> {
    if seen.with(status) == seen.count() && seen.count() > 0 {
        Ok(())
    } else {
        Err(format!("expected only {status}, saw {:?}", seen.statuses).into())
    }
}
