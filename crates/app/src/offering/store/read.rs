use std::collections::HashMap;

use jiff::civil::Date;
use kept_base::kit::Money;
use kept_base::page::zone::Zones;
use kept_base::store::{Error, Row, Tx};
use kept_slots::{DayOverride, DaySpan, Hours, Place, Rules, Staffing, WeeklySpan, Window};

use super::{ALL_OF, ANY_OF};
use crate::ids::{LocationId, RoomId, ServiceId, StaffId};
use crate::offering::{Field, FieldKind, Location, Room, Service, StaffMember};

pub(in crate::offering) fn locations(tx: &Tx<'_>, zones: &Zones) -> Result<Vec<Location>, Error> {
    let mut locations = tx.query(
        "select id, name, address, zone from location order by position, id",
        &[],
        |row| {
            let zone: String = row.get(3)?;
            let place = Place {
                zone: zones.get(&zone).ok_or(Error::Decode("known time zone"))?,
                closed_days: Vec::new(),
            };
            Ok(Location {
                id: row.get(0)?,
                name: row.get(1)?,
                address: row.get(2)?,
                zone,
                place,
            })
        },
    )?;
    let closed = tx.query(
        "select location_id, day from closed_day order by day",
        &[],
        |row| Ok((row.get::<Option<LocationId>>(0)?, row.get::<Date>(1)?)),
    )?;
    for (location_id, day) in closed {
        for location in &mut locations {
            if location_id.is_none_or(|id| id == location.id) {
                location.place.closed_days.push(day);
            }
        }
    }
    Ok(locations)
}

fn index_of(locations: &[Location], id: LocationId) -> Result<usize, Error> {
    locations
        .iter()
        .position(|l| l.id == id)
        .ok_or(Error::Decode("known location"))
}

pub(in crate::offering) fn rooms(tx: &Tx<'_>, locations: &[Location]) -> Result<Vec<Room>, Error> {
    tx.query(
        "select id, location_id, name from room order by position, id",
        &[],
        |row| {
            Ok(Room {
                id: row.get(0)?,
                location: index_of(locations, row.get(1)?)?,
                name: row.get(2)?,
            })
        },
    )
}

pub(in crate::offering) fn staff(
    tx: &Tx<'_>,
    locations: &[Location],
) -> Result<Vec<StaffMember>, Error> {
    let mut hours = hours(tx, locations)?;
    tx.query(
        "select id, name, title, email from staff order by position, id",
        &[],
        |row| {
            let id: StaffId = row.get(0)?;
            Ok(StaffMember {
                id,
                name: row.get(1)?,
                title: row.get(2)?,
                email: row.get(3)?,
                hours: hours.remove(&id).unwrap_or_default(),
            })
        },
    )
}

fn span(
    locations: &[Location],
    opens: u16,
    closes: u16,
    location: LocationId,
) -> Result<DaySpan, Error> {
    let place = u16::try_from(index_of(locations, location)?)
        .map_err(|_| Error::Decode("location within the first 65,535"))?;
    Ok(DaySpan {
        opens,
        closes,
        place,
    })
}

fn hours(tx: &Tx<'_>, locations: &[Location]) -> Result<HashMap<StaffId, Hours>, Error> {
    let mut hours: HashMap<StaffId, Hours> = HashMap::new();
    tx.query(
        "select staff_id, weekday, opens_minute, closes_minute, location_id from weekly_hours
         order by staff_id, weekday, opens_minute, id",
        &[],
        |row| {
            let weekday = jiff::civil::Weekday::from_monday_one_offset(
                i8::try_from(row.get::<i32>(1)?).map_err(|_| Error::Decode("weekday"))?,
            )
            .map_err(|_| Error::Decode("weekday"))?;
            let span = span(locations, row.get(2)?, row.get(3)?, row.get(4)?)?;
            hours
                .entry(row.get(0)?)
                .or_default()
                .weekly
                .push(WeeklySpan { weekday, span });
            Ok(())
        },
    )?;
    overrides(tx, locations, &mut hours)?;
    tx.query(
        "select staff_id, starts_at, ends_at from time_off order by starts_at, id",
        &[],
        |row| {
            if let Some(window) = Window::new(row.get(1)?, row.get(2)?) {
                hours.entry(row.get(0)?).or_default().time_off.push(window);
            }
            Ok(())
        },
    )?;
    Ok(hours)
}

fn overrides(
    tx: &Tx<'_>,
    locations: &[Location],
    hours: &mut HashMap<StaffId, Hours>,
) -> Result<(), Error> {
    tx.query(
        "select staff_id, day, opens_minute, closes_minute, location_id from hours_override
         order by staff_id, day, opens_minute, id",
        &[],
        |row| {
            let day: Date = row.get(1)?;
            let overrides = &mut hours.entry(row.get(0)?).or_default().overrides;
            if overrides.last().is_none_or(|last| last.day != day) {
                overrides.push(DayOverride {
                    day,
                    spans: Vec::new(),
                });
            }
            let open = (
                row.get::<Option<u16>>(2)?,
                row.get::<Option<u16>>(3)?,
                row.get(4)?,
            );
            if let ((Some(opens), Some(closes), Some(location)), Some(last)) =
                (open, overrides.last_mut())
            {
                last.spans.push(span(locations, opens, closes, location)?);
            }
            Ok(())
        },
    )?;
    Ok(())
}

pub(in crate::offering) fn services(
    tx: &Tx<'_>,
    staff: &[StaffMember],
    rooms: &[Room],
) -> Result<Vec<Service>, Error> {
    let mut services = tx.query(
        "select id, slug, name, description, length_minutes, buffer_before_minutes,
             buffer_after_minutes, step_minutes, step_offset_minutes, notice_minutes,
             horizon_days, daily_limit, staffing, price_minor, price_currency,
             move_until_minutes, cancel_until_minutes
         from service order by position, id",
        &[],
        service,
    )?;
    let index = |services: &[Service], id: ServiceId| services.iter().position(|s| s.id == id);
    tx.query(
        "select service_id, staff_id from service_staff",
        &[],
        |row| {
            let (service, member) = (row.get(0)?, row.get::<StaffId>(1)?);
            let member = staff.iter().position(|s| s.id == member);
            if let (Some(service), Some(member)) = (index(&services, service), member) {
                services[service].staff.push(member);
            }
            Ok(())
        },
    )?;
    tx.query("select service_id, room_id from service_room", &[], |row| {
        let (service, room) = (row.get(0)?, row.get::<RoomId>(1)?);
        let room = rooms.iter().position(|r| r.id == room);
        if let (Some(service), Some(room)) = (index(&services, service), room) {
            services[service].rooms.push(room);
        }
        Ok(())
    })?;
    for (service_id, field) in fields(tx)? {
        if let Some(service) = index(&services, service_id) {
            services[service].fields.push(field);
        }
    }
    for service in &mut services {
        service.staff.sort_unstable();
        service.rooms.sort_unstable();
    }
    Ok(services)
}

fn service(row: &Row<'_>) -> Result<Service, Error> {
    let staffing = match row.borrow(12)? {
        ANY_OF => Staffing::AnyOf,
        ALL_OF => Staffing::AllOf,
        _ => return Err(Error::Decode("staffing")),
    };
    let currency: Option<String> = row.get(14)?;
    Ok(Service {
        id: row.get(0)?,
        slug: row.get(1)?,
        name: row.get(2)?,
        description: row.get(3)?,
        rules: Rules {
            length_minutes: row.get(4)?,
            buffer_before_minutes: row.get(5)?,
            buffer_after_minutes: row.get(6)?,
            step_minutes: row.get(7)?,
            step_offset_minutes: row.get(8)?,
            notice_minutes: row.get(9)?,
            horizon_days: row.get(10)?,
            daily_limit: row.get(11)?,
        },
        staffing,
        staff: Vec::new(),
        rooms: Vec::new(),
        price: Money::from_columns(row.get(13)?, currency.as_deref()),
        move_until_minutes: row.get(15)?,
        cancel_until_minutes: row.get(16)?,
        fields: Vec::new(),
    })
}

fn fields(tx: &Tx<'_>) -> Result<Vec<(ServiceId, Field)>, Error> {
    tx.query(
        "select service_id, id, key, kind, label, reason, choices, required from field
         order by position, id",
        &[],
        |row| {
            let choices: &str = row.borrow(6)?;
            let field = Field {
                id: row.get(1)?,
                key: row.get(2)?,
                kind: FieldKind::from_code(row.borrow(3)?).ok_or(Error::Decode("field kind"))?,
                label: row.get(4)?,
                reason: row.get(5)?,
                choices: choices.lines().map(ToOwned::to_owned).collect(),
                required: row.get(7)?,
            };
            Ok((row.get(0)?, field))
        },
    )
}
