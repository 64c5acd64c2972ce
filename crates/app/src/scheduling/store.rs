use jiff::Timestamp;
use kept_base::params;
use kept_base::store::{Error, Row, Tx};
use kept_slots::Window;

use super::search::Ignoring;
use super::{Appointment, Hold, Status};
use crate::ids::{AppointmentId, HoldId, PersonId, ReschedulingId, RoomId, ServiceId, StaffId};

/// What takes time: one row of `claim` for each.
pub(super) struct Claimed<'a> {
    pub staff: &'a [StaffId],
    pub room: Option<RoomId>,
    /// Buffers included.
    pub window: Window,
}

/// Who holds a claim.
#[derive(Clone, Copy)]
pub(super) enum Holder {
    Appointment(AppointmentId),
    Hold(HoldId),
}

impl Holder {
    fn columns(self) -> (Option<AppointmentId>, Option<HoldId>) {
        match self {
            Self::Appointment(id) => (Some(id), None),
            Self::Hold(id) => (None, Some(id)),
        }
    }
}

/// The claims on a resource that overlap `from..to`. Claims of one resource never overlap, so of
/// those that begin before `from` only the last can reach into it.
pub(super) fn claims(
    tx: &Tx<'_>,
    resource: &impl std::fmt::Display,
    (from, to): (Timestamp, Timestamp),
    ignoring: Ignoring,
) -> Result<Vec<Window>, Error> {
    let found = tx.query(
        "select starts_at, ends_at from claim
         where resource_id = $1 and starts_at < $3
           and starts_at >= coalesce(
               (select max(starts_at) from claim where resource_id = $1 and starts_at < $2), $2)
           and ends_at > $2
           and (appointment_id is null or appointment_id <> coalesce($4, ''))
           and (hold_id is null or hold_id <> coalesce($5, ''))
         order by starts_at",
        params![
            resource.to_string(),
            from,
            to,
            ignoring.appointment,
            ignoring.hold
        ],
        |row| Ok(Window::new(row.get(0)?, row.get(1)?)),
    )?;
    Ok(found.into_iter().flatten().collect())
}

/// When the confirmed appointments and the holds of a service begin, between `from` and `to`.
pub(super) fn starts(
    tx: &Tx<'_>,
    service: ServiceId,
    (from, to): (Timestamp, Timestamp),
    ignoring: Ignoring,
) -> Result<Vec<Timestamp>, Error> {
    tx.query(
        "select starts_at from appointment
         where service_id = $1 and starts_at >= $2 and starts_at < $3 and status = 'confirmed'
           and id <> coalesce($4, '')
         union all
         select starts_at from hold
         where service_id = $1 and starts_at >= $2 and starts_at < $3 and id <> coalesce($5, '')",
        params![service, from, to, ignoring.appointment, ignoring.hold],
        |row| row.get(0),
    )
}

pub(super) fn last_booked(tx: &Tx<'_>, staff: StaffId) -> Result<Option<Timestamp>, Error> {
    let last = tx.query_opt(
        "select max(booked_at) from appointment_staff where staff_id = $1",
        params![staff],
        |row| row.get(0),
    )?;
    Ok(last.flatten())
}

pub(super) fn insert_claims(
    tx: &Tx<'_>,
    claimed: &Claimed<'_>,
    holder: Holder,
) -> Result<(), Error> {
    let (appointment, hold) = holder.columns();
    let staff = claimed.staff.iter().map(ToString::to_string);
    for resource in staff.chain(claimed.room.map(|room| room.to_string())) {
        tx.execute(
            "insert into claim (resource_id, starts_at, ends_at, appointment_id, hold_id)
             values ($1, $2, $3, $4, $5)",
            params![
                resource,
                claimed.window.start,
                claimed.window.end,
                appointment,
                hold
            ],
        )?;
    }
    Ok(())
}

pub(super) fn delete_claims(tx: &Tx<'_>, holder: Holder) -> Result<(), Error> {
    match holder {
        Holder::Appointment(id) => {
            tx.execute("delete from claim where appointment_id = $1", params![id])?;
        }
        Holder::Hold(id) => {
            tx.execute("delete from claim where hold_id = $1", params![id])?;
        }
    }
    Ok(())
}

/// The claims of a hold become those of the appointment booked under it.
pub(super) fn hand_over_claims(
    tx: &Tx<'_>,
    hold: HoldId,
    appointment: AppointmentId,
) -> Result<(), Error> {
    tx.execute(
        "update claim set appointment_id = $2, hold_id = null where hold_id = $1",
        params![hold, appointment],
    )?;
    Ok(())
}

pub(super) fn insert_hold(tx: &Tx<'_>, hold: &Hold) -> Result<(), Error> {
    tx.execute(
        "insert into hold (id, service_id, location_id, starts_at, ends_at, chosen_because,
             created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            hold.id,
            hold.service,
            hold.location,
            hold.starts_at,
            hold.ends_at,
            hold.chosen_because,
            tx.now(),
            hold.expires_at
        ],
    )?;
    Ok(())
}

pub(super) fn delete_hold(tx: &Tx<'_>, id: HoldId) -> Result<(), Error> {
    tx.execute("delete from hold where id = $1", params![id])?;
    Ok(())
}

pub(super) fn live_holds(tx: &Tx<'_>) -> Result<u32, Error> {
    Ok(tx
        .query_opt("select count(*) from hold", &[], |row| row.get(0))?
        .unwrap_or(0))
}

pub(super) fn hold(tx: &Tx<'_>, id: HoldId) -> Result<Option<Hold>, Error> {
    let found = tx.query_opt(
        "select id, service_id, location_id, starts_at, ends_at, expires_at, chosen_because
         from hold where id = $1",
        params![id],
        |row| {
            Ok(Hold {
                id: row.get(0)?,
                service: row.get(1)?,
                location: row.get(2)?,
                staff: Vec::new(),
                room: None,
                starts_at: row.get(3)?,
                ends_at: row.get(4)?,
                expires_at: row.get(5)?,
                chosen_because: row.get(6)?,
            })
        },
    )?;
    let Some(mut hold) = found else {
        return Ok(None);
    };
    tx.query(
        "select resource_id from claim where hold_id = $1 order by resource_id",
        params![id],
        |row| {
            let resource: &str = row.borrow(0)?;
            match resource.parse() {
                Ok(staff) => hold.staff.push(staff),
                Err(_) => hold.room = resource.parse().ok(),
            }
            Ok(())
        },
    )?;
    Ok(Some(hold))
}

/// Holds that ran out by now, and when the next one will.
pub(super) fn expired_holds(tx: &Tx<'_>, limit: u32) -> Result<Vec<HoldId>, Error> {
    tx.query(
        "select id from hold where expires_at <= $1 order by expires_at limit $2",
        params![tx.now(), limit],
        |row| row.get(0),
    )
}

pub(super) fn next_expiry(tx: &Tx<'_>) -> Result<Option<Timestamp>, Error> {
    Ok(tx
        .query_opt("select min(expires_at) from hold", &[], |row| row.get(0))?
        .flatten())
}

/// What is stored of a new appointment beside the appointment itself.
pub(super) struct Intent<'a> {
    /// Local date and time at the location.
    pub civil_start: String,
    /// IANA zone of the location.
    pub zone: &'a str,
    /// Version of the zone data that made the instant.
    pub tzdb: &'a str,
}

pub(super) fn reference_is_free(tx: &Tx<'_>, reference: &str) -> Result<bool, Error> {
    let taken = tx.query_opt(
        "select 1 from appointment where reference = $1",
        params![reference],
        |_| Ok(()),
    )?;
    Ok(taken.is_none())
}

pub(super) fn insert(tx: &Tx<'_>, new: &Appointment, intent: &Intent<'_>) -> Result<(), Error> {
    tx.execute(
        "insert into appointment (id, reference, uid, service_id, location_id, room_id, person_id,
             status, starts_at, ends_at, civil_start, zone, tzdb, revision, chosen_because,
             booked_at, booked_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        params![
            new.id,
            new.reference,
            new.uid,
            new.service,
            new.location,
            new.room,
            new.person,
            new.status.code(),
            new.starts_at,
            new.ends_at,
            intent.civil_start,
            intent.zone,
            intent.tzdb,
            new.revision,
            new.chosen_because,
            new.booked_at,
            tx.actor().to_string(),
        ],
    )?;
    insert_staff(tx, new.id, &new.staff)
}

fn insert_staff(tx: &Tx<'_>, id: AppointmentId, staff: &[StaffId]) -> Result<(), Error> {
    for member in staff {
        tx.execute(
            "insert into appointment_staff (appointment_id, staff_id, booked_at)
             values ($1, $2, $3)",
            params![id, member, tx.now()],
        )?;
    }
    Ok(())
}

/// Moves an appointment: new time, staff, room and revision.
pub(super) fn update_time(
    tx: &Tx<'_>,
    moved: &Appointment,
    intent: &Intent<'_>,
) -> Result<(), Error> {
    tx.execute(
        "update appointment
         set starts_at = $2, ends_at = $3, civil_start = $4, zone = $5, tzdb = $6, room_id = $7,
             location_id = $8, revision = $9, chosen_because = $10
         where id = $1",
        params![
            moved.id,
            moved.starts_at,
            moved.ends_at,
            intent.civil_start,
            intent.zone,
            intent.tzdb,
            moved.room,
            moved.location,
            moved.revision,
            moved.chosen_because,
        ],
    )?;
    tx.execute(
        "delete from appointment_staff where appointment_id = $1",
        params![moved.id],
    )?;
    insert_staff(tx, moved.id, &moved.staff)
}

pub(super) fn insert_rescheduling(
    tx: &Tx<'_>,
    id: AppointmentId,
    from: Timestamp,
    to: Timestamp,
) -> Result<(), Error> {
    let record = ReschedulingId::new(tx.now(), tx.entropy());
    tx.execute(
        "insert into rescheduling (id, appointment_id, from_starts_at, to_starts_at, at, actor)
         values ($1, $2, $3, $4, $5, $6)",
        params![record, id, from, to, tx.now(), tx.actor().to_string()],
    )?;
    Ok(())
}

pub(super) fn insert_cancellation(tx: &Tx<'_>, canceled: &Appointment) -> Result<(), Error> {
    tx.execute(
        "insert into cancellation (appointment_id, at, actor) values ($1, $2, $3)",
        params![canceled.id, tx.now(), tx.actor().to_string()],
    )?;
    tx.execute(
        "update appointment set status = 'canceled', revision = $2 where id = $1",
        params![canceled.id, canceled.revision],
    )?;
    Ok(())
}

const COLUMNS: &str = "appointment.id, reference, uid, service_id, location_id, room_id,
    person_id, status, starts_at, ends_at, revision, chosen_because, booked_at, cancellation.at
    from appointment left join cancellation on cancellation.appointment_id = appointment.id";

fn read(row: &Row<'_>) -> Result<Appointment, Error> {
    Ok(Appointment {
        id: row.get(0)?,
        reference: row.get(1)?,
        uid: row.get(2)?,
        service: row.get(3)?,
        location: row.get(4)?,
        room: row.get(5)?,
        person: row.get(6)?,
        staff: Vec::new(),
        status: Status::from_code(row.borrow(7)?).ok_or(Error::Decode("status"))?,
        starts_at: row.get(8)?,
        ends_at: row.get(9)?,
        revision: row.get(10)?,
        chosen_because: row.get(11)?,
        booked_at: row.get(12)?,
        canceled_at: row.get(13)?,
    })
}

fn with_staff(tx: &Tx<'_>, mut found: Appointment) -> Result<Appointment, Error> {
    found.staff = tx.query(
        "select staff_id from appointment_staff where appointment_id = $1 order by staff_id",
        params![found.id],
        |row| row.get(0),
    )?;
    Ok(found)
}

/// The appointment of that id.
///
/// # Errors
/// Those of the store.
pub fn appointment(tx: &Tx<'_>, id: AppointmentId) -> Result<Option<Appointment>, Error> {
    let sql = format!("select {COLUMNS} where appointment.id = $1");
    tx.query_opt(&sql, params![id], read)?
        .map(|found| with_staff(tx, found))
        .transpose()
}

/// The appointment that people call `reference`.
///
/// # Errors
/// Those of the store.
pub fn appointment_by_reference(
    tx: &Tx<'_>,
    reference: &str,
) -> Result<Option<Appointment>, Error> {
    let sql = format!("select {COLUMNS} where reference = $1");
    tx.query_opt(&sql, params![reference], read)?
        .map(|found| with_staff(tx, found))
        .transpose()
}

/// Which appointments a list shows. Every given part must hold.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Beginning at or after.
    pub from: Option<Timestamp>,
    /// Beginning before.
    pub to: Option<Timestamp>,
    /// In this state.
    pub status: Option<Status>,
    /// Of this service.
    pub service: Option<ServiceId>,
    /// Served by this staff member.
    pub staff: Option<StaffId>,
    /// Of this person.
    pub person: Option<PersonId>,
    /// After this one, in the order of the list: where the page before ended.
    pub after: Option<(Timestamp, AppointmentId)>,
}

/// Appointments in order of time, at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn appointments(tx: &Tx<'_>, filter: &Filter, limit: u32) -> Result<Vec<Appointment>, Error> {
    let (after_start, after_id) = match filter.after {
        Some((start, id)) => (start, id.to_string()),
        None => (Timestamp::MIN, String::new()),
    };
    let sql = format!(
        "select {COLUMNS}
         where starts_at >= $1 and starts_at < $2 and (starts_at > $3 or appointment.id > $4)
           and starts_at >= $3
           and ($5 is null or status = $5) and ($6 is null or service_id = $6)
           and ($7 is null or exists (select 1 from appointment_staff
                where appointment_staff.appointment_id = appointment.id and staff_id = $7))
           and ($8 is null or person_id = $8)
         order by starts_at, appointment.id limit $9"
    );
    let found = tx.query(
        &sql,
        params![
            filter.from.unwrap_or(Timestamp::MIN),
            filter.to.unwrap_or(Timestamp::MAX),
            after_start,
            after_id,
            filter.status.map(Status::code),
            filter.service,
            filter.staff,
            filter.person,
            limit.min(super::MAX_PAGE_ROWS + 1),
        ],
        read,
    )?;
    found
        .into_iter()
        .map(|appointment| with_staff(tx, appointment))
        .collect()
}
