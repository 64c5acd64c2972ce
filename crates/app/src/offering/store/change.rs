//! What is changed in place.

use jiff::Timestamp;
use jiff::civil::Date;
use kept_base::kit::Email;
use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::ids::{
    ClosedDayId, FieldId, HoursId, LocationId, OverrideId, RoomId, ServiceId, SkillId, StaffId,
    TimeOffId,
};
use crate::offering::hours::{Away, ClosedDay, RoomHours, WeeklyHours};
use crate::offering::{NewField, RoomChange, ServiceSetup};

pub(in crate::offering) fn update_service(
    tx: &Tx<'_>,
    id: ServiceId,
    setup: &ServiceSetup,
) -> Result<(), Error> {
    let new = &setup.basic;
    let rules = &new.rules;
    tx.execute(
        "update service set slug = $2, name = $3, description = $4, length_minutes = $5,
             buffer_before_minutes = $6, buffer_after_minutes = $7, step_minutes = $8,
             step_offset_minutes = $9, notice_minutes = $10, horizon_days = $11,
             daily_limit = $12, staffing = $13, price_minor = $14, price_currency = $15,
             move_until_minutes = $16, cancel_until_minutes = $17, mode = $18, video_link = $19,
             needs_room = $20, room_capacity = $21
         where id = $1",
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
            super::staffing_code(new.staffing),
            new.price.map(|price| price.minor),
            new.price.as_ref().map(|price| price.currency.code()),
            new.move_until_minutes,
            new.cancel_until_minutes,
            setup.mode.code(),
            setup.video_link,
            setup.needs_room(),
            setup.room_capacity,
        ],
    )?;
    for table in ["service_staff", "service_room", "service_skill"] {
        let sql = format!("delete from {table} where service_id = $1");
        tx.execute(&sql, params![id])?;
    }
    super::link_service(tx, id, &new.staff, &new.rooms)?;
    for skill in &setup.skills {
        tx.execute(
            "insert into service_skill (service_id, skill_id) values ($1, $2)",
            params![id, skill],
        )?;
    }
    Ok(())
}

pub(in crate::offering) fn update_field(
    tx: &Tx<'_>,
    id: FieldId,
    new: &NewField,
) -> Result<(), Error> {
    tx.execute(
        "update field set kind = $2, label = $3, reason = $4, choices = $5, required = $6
         where id = $1",
        params![
            id,
            new.kind.code(),
            new.label,
            new.reason,
            new.choices.join("\n"),
            new.required
        ],
    )?;
    Ok(())
}

pub(in crate::offering) fn update_location(
    tx: &Tx<'_>,
    id: LocationId,
    (name, address, zone): (&str, &str, &str),
    parent: Option<LocationId>,
) -> Result<(), Error> {
    tx.execute(
        "update location set name = $2, address = $3, zone = $4, parent_id = $5 where id = $1",
        params![id, name, address, zone, parent],
    )?;
    Ok(())
}

pub(in crate::offering) fn update_room(
    tx: &Tx<'_>,
    id: RoomId,
    change: &RoomChange,
) -> Result<(), Error> {
    tx.execute(
        "update room set location_id = $2, name = $3, kind = $4, capacity = $5 where id = $1",
        params![
            id,
            change.location,
            change.name,
            change.kind.code(),
            change.capacity
        ],
    )?;
    tx.execute("delete from room_hours where room_id = $1", params![id])?;
    for hours in &change.weekly {
        insert_room_hours(tx, id, hours)?;
    }
    Ok(())
}

fn insert_room_hours(tx: &Tx<'_>, room: RoomId, hours: &RoomHours) -> Result<(), Error> {
    tx.execute(
        "insert into room_hours (id, room_id, weekday, opens_minute, closes_minute)
         values ($1, $2, $3, $4, $5)",
        params![
            HoursId::new(tx.now(), tx.entropy()),
            room,
            i32::from(hours.weekday.to_monday_one_offset()),
            hours.opens,
            hours.closes
        ],
    )?;
    Ok(())
}

pub(in crate::offering) fn update_staff(
    tx: &Tx<'_>,
    id: StaffId,
    (name, title): (&str, &str),
    email: Option<&Email>,
    skills: &[SkillId],
) -> Result<(), Error> {
    tx.execute(
        "update staff set name = $2, title = $3, email = $4 where id = $1",
        params![id, name, title, email],
    )?;
    tx.execute("delete from staff_skill where staff_id = $1", params![id])?;
    for skill in skills {
        tx.execute(
            "insert into staff_skill (staff_id, skill_id) values ($1, $2)",
            params![id, skill],
        )?;
    }
    Ok(())
}

pub(in crate::offering) fn insert_skill(tx: &Tx<'_>, id: SkillId, name: &str) -> Result<(), Error> {
    tx.execute(
        "insert into skill (id, name, position) values ($1, $2, (select count(*) from skill))",
        params![id, name],
    )?;
    Ok(())
}

pub(in crate::offering) fn delete_skill(tx: &Tx<'_>, id: SkillId) -> Result<(), Error> {
    tx.execute("delete from staff_skill where skill_id = $1", params![id])?;
    tx.execute("delete from service_skill where skill_id = $1", params![id])?;
    tx.execute("delete from skill where id = $1", params![id])?;
    Ok(())
}

pub(in crate::offering) fn replace_weekly(
    tx: &Tx<'_>,
    staff: StaffId,
    rows: &[WeeklyHours],
) -> Result<(), Error> {
    tx.execute(
        "delete from weekly_hours where staff_id = $1",
        params![staff],
    )?;
    for row in rows {
        tx.execute(
            "insert into weekly_hours (id, staff_id, location_id, weekday, opens_minute,
                 closes_minute, service_id)
             values ($1, $2, $3, $4, $5, $6, $7)",
            params![
                HoursId::new(tx.now(), tx.entropy()),
                staff,
                row.location,
                i32::from(row.weekday.to_monday_one_offset()),
                row.opens,
                row.closes,
                row.service
            ],
        )?;
    }
    Ok(())
}

pub(in crate::offering) fn delete_day(tx: &Tx<'_>, staff: StaffId, day: Date) -> Result<(), Error> {
    tx.execute(
        "delete from hours_override where staff_id = $1 and day = $2",
        params![staff, day],
    )?;
    Ok(())
}

pub(in crate::offering) fn day_of(
    tx: &Tx<'_>,
    id: OverrideId,
) -> Result<Option<(StaffId, Date)>, Error> {
    tx.query_opt(
        "select staff_id, day from hours_override where id = $1",
        params![id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

pub(in crate::offering) fn time_off_of(
    tx: &Tx<'_>,
    id: TimeOffId,
) -> Result<Option<StaffId>, Error> {
    tx.query_opt(
        "select staff_id from time_off where id = $1",
        params![id],
        |row| row.get(0),
    )
}

pub(in crate::offering) fn delete_time_off(tx: &Tx<'_>, id: TimeOffId) -> Result<(), Error> {
    tx.execute("delete from time_off where id = $1", params![id])?;
    Ok(())
}

pub(in crate::offering) fn time_off(
    tx: &Tx<'_>,
    staff: StaffId,
    from: Timestamp,
) -> Result<Vec<Away>, Error> {
    tx.query(
        "select id, starts_at, ends_at from time_off where staff_id = $1 and ends_at > $2
         order by starts_at, id",
        params![staff, from],
        |row| {
            Ok(Away {
                id: row.get(0)?,
                starts_at: row.get(1)?,
                ends_at: row.get(2)?,
            })
        },
    )
}

pub(in crate::offering) fn closed_days(tx: &Tx<'_>, from: Date) -> Result<Vec<ClosedDay>, Error> {
    tx.query(
        "select id, location_id, day, name from closed_day where day >= $1 order by day, id",
        params![from],
        |row| {
            Ok(ClosedDay {
                id: row.get(0)?,
                location: row.get(1)?,
                day: row.get(2)?,
                name: row.get(3)?,
            })
        },
    )
}

pub(in crate::offering) fn count_closed_days(tx: &Tx<'_>) -> Result<usize, Error> {
    let count = tx.query_opt("select count(*) from closed_day", &[], |row| {
        row.get::<u32>(0)
    })?;
    Ok(count.unwrap_or(0) as usize)
}

pub(in crate::offering) fn delete_closed_day(tx: &Tx<'_>, id: ClosedDayId) -> Result<bool, Error> {
    Ok(tx.execute("delete from closed_day where id = $1", params![id])? > 0)
}

/// The key and service of a question that is asked.
pub(in crate::offering) fn field_of(
    tx: &Tx<'_>,
    id: FieldId,
) -> Result<Option<(ServiceId, String)>, Error> {
    tx.query_opt(
        "select service_id, key from field where id = $1 and archived_at is null",
        params![id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Every key that a question of the service has or had.
pub(in crate::offering) fn field_keys(
    tx: &Tx<'_>,
    service: ServiceId,
) -> Result<Vec<String>, Error> {
    tx.query(
        "select key from field where service_id = $1",
        params![service],
        |row| row.get(0),
    )
}
