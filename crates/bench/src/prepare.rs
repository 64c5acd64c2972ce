//! The data that is measured on: a data folder of the demo's form with two organizations.

use std::sync::Arc;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use kept_app::access::{Grants, Role};
use kept_app::offering::{self, Catalogs, NewService};
use kept_app::organization::{self, Organization, Sender};
use kept_app::people::NewPerson;
use kept_app::policy::{IsRight, May};
use kept_app::scheduling::{self, NewAppointment, Wanted};
use kept_app::{ids::ServiceId, ids::StaffId};
use kept_base::kit::{Actor, Email, PersonName};
use kept_base::page::zone::Zones;
use kept_base::store::Tx;
use kept_slots::{Rules, Staffing};

use crate::ground::Ground;

/// The proof that an owner may.
pub fn may<R: IsRight>() -> May<R> {
    (Grants::of_role(Role::Owner).may()).expect("owners may everything")
}

/// The organization that is asked for its days.
pub const OFFICE: &str = "office";
/// The organization whose times are booked one after the other.
pub const RUSH: &str = "rush";
/// The service of both, and one of `rush` that a single staff member serves.
pub const SERVICE: &str = "visit";
pub const SINGLE: &str = "single";
/// Minutes of a visit.
pub const OFFICE_MINUTES: u16 = 30;
pub const RUSH_MINUTES: u16 = 5;
/// How far ahead both can be booked, in days.
pub const HORIZON_DAYS: u16 = 400;
/// Appointments in the month that is asked for.
pub const MONTH_APPOINTMENTS: usize = 500;
pub const STAFF: usize = 4;
pub const ZONE: &str = "Europe/Berlin";

pub type Anything = Box<dyn std::error::Error + Send + Sync>;

/// What the measurements need to know of the data.
pub struct Prepared {
    /// First day of the month, and of the one after it.
    pub month: (Date, Date),
    /// Today, in the organizations' zone.
    pub today: Date,
    pub zone: TimeZone,
}

/// Makes both organizations, and fills the month.
pub async fn prepare(ground: &Ground) -> Result<Prepared, Anything> {
    let zones = Arc::new(Zones::load());
    let zone = zones
        .get(ZONE)
        .ok_or("the zone data has no Europe/Berlin")?;
    let store = ground.open()?;
    let catalogs = Arc::new(Catalogs::new(Arc::clone(&zones)));
    let today = zone.to_datetime(store.clock().now()).date();
    let first = today.last_of_month().tomorrow()?;
    let month = (first, first.last_of_month().tomorrow()?);
    let (office_zones, rush_zones) = (Arc::clone(&zones), zones);
    let office = move |tx: &Tx<'_>| office(tx, &office_zones).map_err(Error);
    let made = store.create_organization(OFFICE, Actor::OPERATOR, office);
    let (office, (service, staff)) = made.await.map_err(|error| error.0)?;
    let starts = month_starts(month, &zone);
    let fill = move |tx: &Tx<'_>| fill(tx, &catalogs, service, &staff, &starts).map_err(Error);
    let filled = store.write(office, Actor::OPERATOR, fill);
    filled.await.map_err(|error| error.0)?;
    let rush = move |tx: &Tx<'_>| rush(tx, &rush_zones).map_err(Error);
    let made = store.create_organization(RUSH, Actor::OPERATOR, rush);
    made.await.map_err(|error| error.0)?;
    store.close();
    Ok(Prepared { month, today, zone })
}

/// Any error, as an error of a transaction.
pub struct Error(pub Anything);

impl From<kept_base::store::Error> for Error {
    fn from(error: kept_base::store::Error) -> Self {
        Self(error.into())
    }
}

pub fn organization(tx: &Tx<'_>, slug: &str) -> Result<(), Anything> {
    let sender = Sender {
        name: slug.to_owned(),
        address: Email::parse("desk@example.org")?,
        reply_to: None,
    };
    organization::create(
        tx,
        &Organization {
            id: tx.organization(),
            slug: slug.to_owned(),
            name: slug.to_owned(),
            zone: ZONE.to_owned(),
            locale: "en".to_owned(),
            sender,
        },
    )?;
    Ok(())
}

pub fn visit(minutes: u16, staff: &[StaffId]) -> NewService {
    NewService {
        slug: SERVICE.to_owned(),
        name: "Visit".to_owned(),
        description: String::new(),
        rules: Rules {
            length_minutes: minutes,
            step_minutes: minutes,
            horizon_days: HORIZON_DAYS,
            ..Rules::default()
        },
        staffing: Staffing::AnyOf,
        staff: staff.to_vec(),
        rooms: Vec::new(),
        price: None,
        move_until_minutes: 0,
        cancel_until_minutes: 0,
    }
}

/// Four on the staff, Monday to Friday, 9:00 to 17:00, half an hour each.
fn office(tx: &Tx<'_>, zones: &Zones) -> Result<(ServiceId, Vec<StaffId>), Anything> {
    organization(tx, OFFICE)?;
    let place = offering::add_location(tx, &may(), zones, "Office", "", ZONE)?;
    let mut staff = Vec::new();
    for name in ["Ada", "Ben", "Cleo", "Dev"] {
        let member = offering::add_staff(tx, &may(), name, "", None)?;
        for day in Weekday::Monday.cycle_forward().take(5) {
            offering::add_hours(tx, &may(), member, place, day, (9 * 60, 17 * 60))?;
        }
        staff.push(member);
    }
    let service = offering::add_service(tx, &may(), &visit(OFFICE_MINUTES, &staff))?;
    Ok((service, staff))
}

/// Four on the staff, day and night, five minutes each.
fn rush(tx: &Tx<'_>, zones: &Zones) -> Result<(), Anything> {
    organization(tx, RUSH)?;
    let place = offering::add_location(tx, &may(), zones, "Hall", "", ZONE)?;
    let mut staff = Vec::new();
    for name in ["Eve", "Finn", "Gus", "Hana"] {
        let member = offering::add_staff(tx, &may(), name, "", None)?;
        for day in Weekday::Monday.cycle_forward().take(7) {
            offering::add_hours(tx, &may(), member, place, day, (0, 1_440))?;
        }
        staff.push(member);
    }
    offering::add_service(tx, &may(), &visit(RUSH_MINUTES, &staff))?;
    let single = NewService {
        slug: SINGLE.to_owned(),
        ..visit(RUSH_MINUTES, &staff[..1])
    };
    offering::add_service(tx, &may(), &single)?;
    Ok(())
}

/// Every start of the month, of each staff member, in an order that mixes days and people.
fn month_starts((from, to): (Date, Date), zone: &TimeZone) -> Vec<(usize, Timestamp)> {
    let days = from.series(1.day()).take_while(|day| *day < to);
    let all: Vec<(usize, Timestamp)> = days
        .filter(|day| day.weekday().to_monday_zero_offset() < 5)
        .flat_map(|day| (0..16).map(move |half| day.at(9 + half / 2, half % 2 * 30, 0, 0)))
        .filter_map(|start| zone.to_timestamp(start).ok())
        .flat_map(|start| (0..STAFF).map(move |member| (member, start)))
        .collect();
    // 7,919 is a prime that divides no count of starts, so every start comes once.
    (0..all.len())
        .map(|index| all[index * 7_919 % all.len()])
        .collect()
}

fn fill(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    service: ServiceId,
    staff: &[StaffId],
    starts: &[(usize, Timestamp)],
) -> Result<(), Anything> {
    for (index, (member, starts_at)) in starts.iter().take(MONTH_APPOINTMENTS).enumerate() {
        let person = NewPerson {
            name: PersonName::parse(&format!("Customer {index}"))?,
            email: Some(Email::parse(&format!("customer-{index}@example.org"))?),
            phone: None,
            zone: ZONE.to_owned(),
            locale: "en".to_owned(),
        };
        let new = NewAppointment {
            wanted: Wanted {
                service,
                staff: Some(staff[*member]),
                location: None,
            },
            starts_at: *starts_at,
            hold: None,
            person,
            answers: Vec::new(),
        };
        scheduling::book(tx, catalogs, &new)?;
    }
    Ok(())
}
