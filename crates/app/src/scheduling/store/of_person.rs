//! The appointments of one person, and whose they are.

use kept_base::params;
use kept_base::store::{Error, Tx};

use super::appointment;
use crate::ids::{AppointmentId, PersonId};
use crate::scheduling::Appointment;

/// The latest appointments of a person, latest first, at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn appointments_of(
    tx: &Tx<'_>,
    person: PersonId,
    limit: u32,
) -> Result<Vec<Appointment>, Error> {
    let ids: Vec<AppointmentId> = tx.query(
        "select id from appointment where person_id = $1 order by starts_at desc, id limit $2",
        params![person, limit],
        |row| row.get(0),
    )?;
    let found = ids.into_iter().map(|id| appointment(tx, id));
    found.filter_map(Result::transpose).collect()
}

/// Whether a person has any appointment.
///
/// # Errors
/// Those of the store.
pub fn has_appointments(tx: &Tx<'_>, person: PersonId) -> Result<bool, Error> {
    let found = tx.query_opt(
        "select 1 from appointment where person_id = $1 limit 1",
        params![person],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Makes all appointments of a person somebody else's, and tells which.
///
/// # Errors
/// Those of the store.
pub fn reassign(tx: &Tx<'_>, from: PersonId, to: PersonId) -> Result<Vec<AppointmentId>, Error> {
    tx.query(
        "update appointment set person_id = $2 where person_id = $1 returning id",
        params![from, to],
        |row| row.get(0),
    )
}

/// Makes these appointments somebody's.
///
/// # Errors
/// Those of the store.
pub fn assign(tx: &Tx<'_>, ids: &[AppointmentId], to: PersonId) -> Result<(), Error> {
    for id in ids {
        tx.execute(
            "update appointment set person_id = $2 where id = $1",
            params![id, to],
        )?;
    }
    Ok(())
}
