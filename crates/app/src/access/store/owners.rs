//! Whose links and kept answers are.

use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::ids::{CapabilityId, PersonId};

/// Answers kept for a day go along: they name the person so that they go with them.
pub(in crate::access) fn reassign(
    tx: &Tx<'_>,
    from: PersonId,
    to: PersonId,
) -> Result<Vec<CapabilityId>, Error> {
    tx.execute(
        "update idempotency set person_id = $2 where person_id = $1",
        params![from, to],
    )?;
    tx.query(
        "update capability set person_id = $2 where person_id = $1 returning id",
        params![from, to],
        |row| row.get(0),
    )
}

pub(in crate::access) fn assign(
    tx: &Tx<'_>,
    ids: &[CapabilityId],
    to: PersonId,
) -> Result<(), Error> {
    for id in ids {
        tx.execute(
            "update capability set person_id = $2 where id = $1",
            params![id, to],
        )?;
    }
    Ok(())
}
