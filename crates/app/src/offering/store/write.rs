use jiff::civil::Date;
use kept_base::kit::Email;
use kept_base::params;
use kept_base::store::{Error, Tx};
use kept_slots::{Staffing, Window};

use super::{ALL_OF, ANY_OF};
use crate::ids::{
    ClosedDayId, FieldId, HoursId, LocationId, OverrideId, RoomId, ServiceId, StaffId, TimeOffId,
};
use crate::offering::{NewField, NewService};

pub(in crate::offering) fn has_services(tx: &Tx<'_>) -> Result<bool, Error> {
    let any = tx.query_opt("select 1 from service limit 1", &[], |_| Ok(()))?;
    Ok(any.is_some())
}

pub(in crate::offering) fn insert_location(
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

pub(in crate::offering) fn insert_room(
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

pub(in crate::offering) fn insert_staff(
    tx: &Tx<'_>,
    id: StaffId,
    name: &str,
    title: &str,
    email: Option<&Email>,
) -> Result<(), Error> {
    tx.execute(
        "insert into staff (id, name, title, email, position)
         values ($1, $2, $3, $4, (select count(*) from staff))",
        params![id, name, title, email],
    )?;
    Ok(())
}

pub(in crate::offering) fn insert_service(
    tx: &Tx<'_>,
    id: ServiceId,
    new: &NewService,
) -> Result<(), Error> {
    let rules = &new.rules;
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
            staffing_code(new.staffing),
            new.price.map(|price| price.minor),
            new.price.as_ref().map(|price| price.currency.code()),
            new.move_until_minutes,
            new.cancel_until_minutes,
        ],
    )?;
    link_service(tx, id, &new.staff, &new.rooms)
}

pub(super) fn staffing_code(staffing: Staffing) -> &'static str {
    match staffing {
        Staffing::AnyOf => ANY_OF,
        Staffing::AllOf => ALL_OF,
    }
}

pub(super) fn link_service(
    tx: &Tx<'_>,
    id: ServiceId,
    staff: &[StaffId],
    rooms: &[RoomId],
) -> Result<(), Error> {
    for member in staff {
        tx.execute(
            "insert into service_staff (service_id, staff_id) values ($1, $2)",
            params![id, member],
        )?;
    }
    for room in rooms {
        tx.execute(
            "insert into service_room (service_id, room_id) values ($1, $2)",
            params![id, room],
        )?;
    }
    Ok(())
}

pub(in crate::offering) fn insert_field(
    tx: &Tx<'_>,
    id: FieldId,
    service: ServiceId,
    new: &NewField,
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

pub(in crate::offering) fn fields_of(tx: &Tx<'_>, service: ServiceId) -> Result<usize, Error> {
    let count = tx.query_opt(
        "select count(*) from field where service_id = $1 and archived_at is null",
        params![service],
        |row| row.get::<u32>(0),
    )?;
    Ok(count.unwrap_or(0) as usize)
}

pub(in crate::offering) fn insert_hours(
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

pub(in crate::offering) fn insert_override(
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

pub(in crate::offering) fn insert_time_off(
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

pub(in crate::offering) fn insert_closed_day(
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
