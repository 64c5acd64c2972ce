use jiff::Timestamp;
use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::ids::{AppointmentId, ReschedulingId, StaffId};
use crate::scheduling::Appointment;

/// What is stored of a new appointment beside the appointment itself.
pub(in crate::scheduling) struct Intent<'a> {
    /// Local date and time at the location.
    pub civil_start: String,
    /// IANA zone of the location.
    pub zone: &'a str,
    /// Version of the zone data that made the instant.
    pub tzdb: &'a str,
}

pub(in crate::scheduling) fn reference_is_free(
    tx: &Tx<'_>,
    reference: &str,
) -> Result<bool, Error> {
    let taken = tx.query_opt(
        "select 1 from appointment where reference = $1",
        params![reference],
        |_| Ok(()),
    )?;
    Ok(taken.is_none())
}

pub(in crate::scheduling) fn insert(
    tx: &Tx<'_>,
    new: &Appointment,
    intent: &Intent<'_>,
) -> Result<(), Error> {
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
pub(in crate::scheduling) fn update_time(
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

pub(in crate::scheduling) fn insert_rescheduling(
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

pub(in crate::scheduling) fn insert_cancellation(
    tx: &Tx<'_>,
    canceled: &Appointment,
) -> Result<(), Error> {
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
