pub(super) mod addresses;
pub(super) mod browsers;
pub(super) mod directory;
pub(super) mod factor;
pub(super) mod identities;
pub(super) mod limits;
pub(super) mod members;
pub(super) mod networks;
pub(super) mod owners;
pub(super) mod pace;
pub(super) mod passkeys;
pub(super) mod pending;
pub(super) mod provider_door;
pub(super) mod rules;
pub(super) mod sessions;
pub(super) mod tokens;

use jiff::Timestamp;
use kept_base::kit::TokenHash;
use kept_base::params;
use kept_base::store::{Error, Tx};

use super::Capability;
use crate::ids::AppointmentId;

pub(super) fn insert_capability(
    tx: &Tx<'_>,
    capability: &Capability,
    purpose: &str,
    hash: TokenHash,
    expires_at: Timestamp,
) -> Result<(), Error> {
    let Capability {
        id,
        appointment,
        person,
    } = capability;
    tx.execute(
        "insert into capability (id, token_hash, purpose, appointment_id, person_id, created_at,
             expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        params![id, hash, purpose, appointment, person, tx.now(), expires_at],
    )?;
    Ok(())
}

pub(super) fn extend_capabilities(
    tx: &Tx<'_>,
    appointment: AppointmentId,
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "update capability set expires_at = $2
         where appointment_id = $1 and expires_at > $3 and expires_at < $2",
        params![appointment, expires_at, tx.now()],
    )?;
    Ok(())
}

pub(super) fn living_capability(
    tx: &Tx<'_>,
    purpose: &str,
    hash: TokenHash,
) -> Result<Option<Capability>, Error> {
    tx.query_opt(
        "select id, appointment_id, person_id from capability
         where token_hash = $1 and purpose = $2 and expires_at > $3",
        params![hash, purpose, tx.now()],
        |row| {
            Ok(Capability {
                id: row.get(0)?,
                appointment: row.get(1)?,
                person: row.get(2)?,
            })
        },
    )
}

pub(super) fn remove_expired(tx: &Tx<'_>) -> Result<usize, Error> {
    let links = tx.execute(
        "delete from capability where expires_at <= $1",
        params![tx.now()],
    )?;
    let answers = tx.execute(
        "delete from idempotency where expires_at <= $1",
        params![tx.now()],
    )?;
    let at_doors = members::remove_expired(tx)?
        + sessions::remove_expired(tx)?
        + pending::remove_expired(tx)?
        + passkeys::remove_expired(tx)?
        + browsers::remove_expired(tx)?
        + addresses::remove_expired(tx)?
        + pace::remove_expired(tx)?;
    Ok(links + answers + at_doors)
}

/// A kept answer: hash of the request, status and sealed body.
pub(super) type KeptAnswer = (Vec<u8>, u16, Vec<u8>);

pub(super) fn kept_answer(tx: &Tx<'_>, key: &[u8]) -> Result<Option<KeptAnswer>, Error> {
    tx.query_opt(
        "select request_hash, status, sealed_body from idempotency
         where key_hash = $1 and expires_at > $2",
        params![key, tx.now()],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

pub(super) fn keep_answer(
    tx: &Tx<'_>,
    (key, request): (&[u8], &[u8]),
    (status, sealed): (u16, &[u8]),
    person: Option<crate::ids::PersonId>,
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.execute("delete from idempotency where key_hash = $1", params![key])?;
    tx.execute(
        "insert into idempotency (key_hash, request_hash, status, sealed_body, person_id,
             expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        params![key, request, status, sealed, person, expires_at],
    )?;
    Ok(())
}
