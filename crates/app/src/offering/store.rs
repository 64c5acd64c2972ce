use std::collections::HashMap;

use jiff::civil::Date;
use kept_base::kit::Money;
use kept_base::page::zone::Zones;
use kept_base::params;
use kept_base::store::{Error, Row, Tx};
use kept_slots::{DayOverride, DaySpan, Hours, Place, Rules, Staffing, WeeklySpan, Window};

use super::{Field, FieldKind, Location, Room, Service, StaffMember};
use crate::ids::{
    ClosedDayId, FieldId, HoursId, LocationId, OverrideId, RoomId, ServiceId, StaffId, TimeOffId,
};

pub(super) const ANY_OF: &str = "any_of";
pub(super) const ALL_OF: &str = "all_of";

pub(super) fn locations(tx: &Tx<'_>, zones: &Zones) -> Result<Vec<Location>, Error> {
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

pub(super) fn rooms(tx: &Tx<'_>, locations: &[Location]) -> Result<Vec<Room>, Error> {
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

pub(super) fn staff(tx: &Tx<'_>, locations: &[Location]) -> Result<Vec<StaffMember>, Error> {
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

pub(super) fn services(
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

pub(super) fn insert_location(
    tx: &Tx<'_>,
    id: LocationId,
    name: &str,
    address: &str,
    zone: &str,
) -> Result<(), Error> {
    tx.execute(
        "insert into location (id, name, address, zone, position)
         values ($1, $2, $3, $4, (select count(*) from location))",
        params![id, name, address, zone],
    )?;
    Ok(())
}

pub(super) fn insert_room(
    tx: &Tx<'_>,
    id: RoomId,
    location: LocationId,
    name: &str,
) -> Result<(), Error> {
    tx.execute(
        "insert into room (id, location_id, name, position)
         values ($1, $2, $3, (select count(*) from room))",
        params![id, location, name],
    )?;
    Ok(())
}

pub(super) fn insert_staff(
    tx: &Tx<'_>,
    id: StaffId,
    name: &str,
    title: &str,
    email: Option<&kept_base::kit::Email>,
) -> Result<(), Error> {
    tx.execute(
        "insert into staff (id, name, title, email, position)
         values ($1, $2, $3, $4, (select count(*) from staff))",
        params![id, name, title, email],
    )?;
    Ok(())
}

pub(super) fn insert_service(
    tx: &Tx<'_>,
    id: ServiceId,
    new: &super::change::NewService,
) -> Result<(), Error> {
    let rules = &new.rules;
    let staffing = match new.staffing {
        Staffing::AnyOf => ANY_OF,
        Staffing::AllOf => ALL_OF,
    };
    tx.execute(
        "insert into service (id, slug, name, description, length_minutes, buffer_before_minutes,
             buffer_after_minutes, step_minutes, step_offset_minutes, notice_minutes,
             horizon_days, daily_limit, staffing, price_minor, price_currency,
             move_until_minutes, cancel_until_minutes, position)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
             (select count(*) from service))",
        params![
            id,
            new.slug,
            new.name,
            new.description,
            rules.length_minutes,
            rules.buffer_before_minutes,
            rules.buffer_after_minutes,
            rules.step_minutes,
            rules.step_offset_minutes,
            rules.notice_minutes,
            rules.horizon_days,
            rules.daily_limit,
            staffing,
            new.price.map(|price| price.minor),
            new.price.as_ref().map(|price| price.currency.code()),
            new.move_until_minutes,
            new.cancel_until_minutes,
        ],
    )?;
    for member in &new.staff {
        tx.execute(
            "insert into service_staff (service_id, staff_id) values ($1, $2)",
            params![id, member],
        )?;
    }
    for room in &new.rooms {
        tx.execute(
            "insert into service_room (service_id, room_id) values ($1, $2)",
            params![id, room],
        )?;
    }
    Ok(())
}

pub(super) fn insert_field(
    tx: &Tx<'_>,
    id: FieldId,
    service: ServiceId,
    new: &super::change::NewField,
) -> Result<(), Error> {
    tx.execute(
        "insert into field (id, service_id, key, kind, label, reason, choices, required, position)
         values ($1, $2, $3, $4, $5, $6, $7, $8,
             (select count(*) from field where service_id = $2))",
        params![
            id,
            service,
            new.key,
            new.kind.code(),
            new.label,
            new.reason,
            new.choices.join("\n"),
            new.required,
        ],
    )?;
    Ok(())
}

pub(super) fn fields_of(tx: &Tx<'_>, service: ServiceId) -> Result<usize, Error> {
    let count = tx.query_opt(
        "select count(*) from field where service_id = $1",
        params![service],
        |row| row.get::<u32>(0),
    )?;
    Ok(count.unwrap_or(0) as usize)
}

pub(super) fn insert_hours(
    tx: &Tx<'_>,
    id: HoursId,
    staff: StaffId,
    location: LocationId,
    weekday: i8,
    minutes: (u16, u16),
) -> Result<(), Error> {
    tx.execute(
        "insert into weekly_hours (id, staff_id, location_id, weekday, opens_minute, closes_minute)
         values ($1, $2, $3, $4, $5, $6)",
        params![
            id,
            staff,
            location,
            i32::from(weekday),
            minutes.0,
            minutes.1
        ],
    )?;
    Ok(())
}

pub(super) fn insert_override(
    tx: &Tx<'_>,
    id: OverrideId,
    staff: StaffId,
    day: Date,
    open: Option<(LocationId, u16, u16)>,
) -> Result<(), Error> {
    let (location, opens, closes) =
        open.map_or((None, None, None), |(l, o, c)| (Some(l), Some(o), Some(c)));
    tx.execute(
        "insert into hours_override (id, staff_id, day, location_id, opens_minute, closes_minute)
         values ($1, $2, $3, $4, $5, $6)",
        params![id, staff, day, location, opens, closes],
    )?;
    Ok(())
}

pub(super) fn insert_time_off(
    tx: &Tx<'_>,
    id: TimeOffId,
    staff: StaffId,
    away: Window,
) -> Result<(), Error> {
    tx.execute(
        "insert into time_off (id, staff_id, starts_at, ends_at) values ($1, $2, $3, $4)",
        params![id, staff, away.start, away.end],
    )?;
    Ok(())
}

pub(super) fn insert_closed_day(
    tx: &Tx<'_>,
    id: ClosedDayId,
    location: Option<LocationId>,
    day: Date,
    name: &str,
) -> Result<(), Error> {
    tx.execute(
        "insert into closed_day (id, location_id, day, name) values ($1, $2, $3, $4)",
        params![id, location, day, name],
    )?;
    Ok(())
}
