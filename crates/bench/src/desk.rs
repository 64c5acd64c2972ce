//! The staff calendar: a week of thirty people with six hundred appointments, and moves in it. The
//! floor is a program that answers as many bytes without doing anything for them.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan as _};
use kept_app::access::{self, MemberError, NewMember, PasswordHash, Role};
use kept_app::ids::{AppointmentId, ServiceId, StaffId};
use kept_app::offering::{self, Catalogs};
use kept_app::people::NewPerson;
use kept_app::scheduling::staff::{self, Manner, NewBooking, Whose, Wish};
use kept_base::kit::{Actor, Email, PersonName, Secret};
use kept_base::page::zone::Zones;
use kept_base::store::Tx;

use crate::ground::Ground;
use crate::load::{self, Kind, Outcome};
use crate::prepare::may;
use crate::prepare::{self, Anything, Error, ZONE};
use crate::report::{Row, number};
use crate::wire::Connection;

/// The organization whose calendar is asked for.
const CLINIC: &str = "clinic";
/// People in the week.
const STAFF: usize = 30;
/// Appointments in it.
const APPOINTMENTS: usize = 600;
/// Minutes of each.
const MINUTES: u16 = 45;

/// What the measurements need to know.
pub struct Desk {
    cookie: String,
    week: Date,
    /// One appointment of the week, and the times between which it goes back and forth.
    moved: AppointmentId,
}

/// Makes the clinic, with somebody signed in.
pub async fn prepare(ground: &Ground) -> Result<Desk, Anything> {
    let zones = Arc::new(Zones::load());
    let zone = zones
        .get(ZONE)
        .ok_or("the zone data has no Europe/Berlin")?;
    let store = ground.open()?;
    let catalogs = Arc::new(Catalogs::new(Arc::clone(&zones)));
    let today = zone.to_datetime(store.clock().now()).date();
    let next = i64::from(7 - today.weekday().to_monday_zero_offset());
    let week = today.checked_add(next.days())?;
    let (known, made_zone) = (zones, zone.clone());
    let hash = access::hash_password(Secret::new("maple lantern orbit".to_owned()), [7; 16]);
    let hash = hash.await?;
    let build = move |tx: &Tx<'_>| build(tx, &known, &hash).map_err(Error);
    let made = store.create_organization(CLINIC, Actor::OPERATOR, build);
    let (id, (service, members, token)) = made.await.map_err(|error| error.0)?;
    let fill = move |tx: &Tx<'_>| {
        let at = |day: i64, hour: i8| -> Result<Timestamp, Anything> {
            let day = week.checked_add(day.days())?;
            Ok(made_zone.to_timestamp(day.at(hour, 0, 0, 0))?)
        };
        fill(tx, &catalogs, service, &members, at).map_err(Error)
    };
    let moved = store
        .write(id, Actor::OPERATOR, fill)
        .await
        .map_err(|error| error.0)?;
    store.close();
    Ok(Desk {
        cookie: format!("__Host-kept-{CLINIC}={token}"),
        week,
        moved,
    })
}

fn build(
    tx: &Tx<'_>,
    zones: &Zones,
    hash: &PasswordHash,
) -> Result<(ServiceId, Vec<StaffId>, String), Anything> {
    prepare::organization(tx, CLINIC)?;
    let place = offering::add_location(tx, &may(), zones, "Clinic", "", ZONE)?;
    let mut members = Vec::new();
    for index in 0..STAFF {
        let member = offering::add_staff(tx, &may(), &format!("Clinician {index}"), "", None)?;
        for day in Weekday::Monday.cycle_forward().take(5) {
            offering::add_hours(tx, &may(), member, place, day, (8 * 60, 18 * 60))?;
        }
        members.push(member);
    }
    let service = offering::add_service(tx, &may(), &prepare::visit(MINUTES, &members))?;
    let new = NewMember {
        name: PersonName::parse("Robin Vale")?,
        email: Email::parse("robin@example.org")?,
        role: Role::Admin,
        staff: None,
        locale: "en".to_owned(),
    };
    let member = access::add_member(tx, &new)?;
    access::set_password(tx, member, hash)?;
    let token =
        access::start_session(tx, member, access::Device::UNKNOWN).map_err(MemberError::from)?;
    Ok((service, members, token.expose().to_owned()))
}

fn fill(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    service: ServiceId,
    members: &[StaffId],
    at: impl Fn(i64, i8) -> Result<Timestamp, Anything>,
) -> Result<AppointmentId, Anything> {
    let manner = Manner {
        override_rules: true,
        tell: false,
    };
    let by = may();
    let mut last = None;
    for index in 0..APPOINTMENTS {
        let (member, turn) = (index % STAFF, index / STAFF);
        let (day, part) = (turn % 5, turn / 5);
        let new = NewBooking {
            wish: Wish {
                service,
                staff: vec![members[member]],
                location: None,
                room: None,
                // Four a day, two hours apart: from 8:00 to 14:45.
                starts_at: at(i64::try_from(day)?, 8 + 2 * i8::try_from(part)?)?,
                minutes: MINUTES,
            },
            whose: Whose::New(NewPerson {
                name: PersonName::parse(&format!("Customer {index} of the clinic"))?,
                email: Some(Email::parse(&format!("customer-{index}@example.org"))?),
                phone: None,
                zone: ZONE.to_owned(),
                locale: "en".to_owned(),
            }),
            awaiting: index % 9 == 0,
        };
        last = Some(staff::book(tx, &by, catalogs, &new, manner)?.0.id);
    }
    last.ok_or_else(|| "nothing was booked".into())
}

/// The week and the moves, each beside its floor.
pub async fn rows(address: SocketAddr, desk: &Desk, time: Duration) -> Result<Vec<Row>, Anything> {
    let path = format!("/o/{CLINIC}/calendar?view=week&date={}", desk.week);
    let week: Rc<[u8]> = get(address, desk, &path).into();
    let answer = |address: SocketAddr, request: Rc<[u8]>| async move {
        let mut connection = Connection::open(address).await?;
        let answer = connection.ask(&request).await?;
        Ok::<_, Anything>((answer.status, answer.body.len()))
    };
    let (status, bytes) = answer(address, Rc::clone(&week)).await?;
    if status != 200 {
        return Err(format!("the calendar answers {status}").into());
    }
    let floor = floor(bytes)?;
    // One at a time: the time of an answer, not of a queue.
    let ask = |address, request: Rc<[u8]>| {
        load::run(address, 1, time / 2, move || {
            Some((Kind::Read, Rc::clone(&request)))
        })
    };
    let still = ask(floor, Rc::clone(&week)).await?;
    let shown = ask(address, week).await?;
    let moves = moves(address, desk, time / 2).await?;
    let others = moves.book.count() - moves.book.with(303);
    if others > 0 {
        return Err(format!("{others} moves were not made").into());
    }
    let p99 = |what: &str, outcome: &Outcome, most| {
        let ms = outcome
            .read
            .percentile_ms(99)
            .max(outcome.book.percentile_ms(99));
        Row::at_most(what, ms, most, "ms")
    };
    let floor_p99 = number(still.read.percentile_ms(99), 2);
    Ok(vec![
        Row::told(
            &format!("floor: {bytes} fixed bytes, p99"),
            format!("{floor_p99} ms"),
        ),
        p99(
            &format!("week of {STAFF} people and {APPOINTMENTS} appointments, p99"),
            &shown,
            10.0,
        ),
        Row::told(
            "half of the weeks within",
            format!("{} ms", number(shown.read.percentile_ms(50), 1)),
        ),
        Row::at_most("its HTML, packed", bytes as f64 / 1_000.0, 60.0, "KB"),
        p99("a move in it, p99", &moves, 20.0),
    ])
}

/// The page of the month of the week, with every name.
pub fn month(host: SocketAddr, desk: &Desk) -> Vec<u8> {
    let path = format!("/o/{CLINIC}/calendar?view=month&date={}", desk.week);
    get(host, desk, &path)
}

/// The page of one appointment.
pub fn appointment(host: SocketAddr, desk: &Desk) -> Vec<u8> {
    let path = format!("/o/{CLINIC}/calendar/appointments/{}", desk.moved);
    get(host, desk, &path)
}

/// Moves one appointment between two times that are free, as often as there is time.
async fn moves(address: SocketAddr, desk: &Desk, time: Duration) -> Result<Outcome, Anything> {
    let path = format!("/o/{CLINIC}/calendar/appointments/{}/move", desk.moved);
    let friday = desk.week.checked_add(4.days())?;
    let to = |hour: u8| -> Rc<[u8]> {
        let body = format!("date={friday}&time={hour}:00&back=/calendar");
        let head = head(address, desk, "POST", &path);
        let length = body.len();
        format!(
            "{head}content-type: application/x-www-form-urlencoded\r\n\
             content-length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
        .into()
    };
    let both = [to(16), to(15)];
    let mut turn = 0;
    let next = move || {
        turn += 1;
        Some((Kind::Book, Rc::clone(&both[turn % 2])))
    };
    Ok(load::run(address, 1, time, next).await?)
}

fn head(host: SocketAddr, desk: &Desk, method: &str, path: &str) -> String {
    let cookie = &desk.cookie;
    format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\naccept-encoding: gzip\r\n"
    )
}

fn get(host: SocketAddr, desk: &Desk, path: &str) -> Vec<u8> {
    format!("{}\r\n", head(host, desk, "GET", path)).into_bytes()
}

/// Answers every request with so many bytes, from a thread of its own, until the program ends.
fn floor(bytes: usize) -> Result<SocketAddr, Anything> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let mut answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {bytes}\r\n\r\n").into_bytes();
    answer.resize(answer.len() + bytes, b'.');
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let _ = stream.set_nodelay(true);
            let mut read = [0; 4_096];
            // Requests come one at a time and fit into what is read at once.
            while stream.read(&mut read).is_ok_and(|count| count > 0) {
                if stream.write_all(&answer).is_err() {
                    break;
                }
            }
        }
    });
    Ok(address)
}
