use jiff::Timestamp;
use kept_base::kit::TokenHash;
use kept_base::params;
use kept_base::store::{Error, Tx};

use super::{members, pending};
use crate::access::device::Device;
use crate::access::sessions::{Began, Found, SessionEntry};
use crate::ids::{MemberId, SessionId};

pub(in crate::access) fn insert(
    tx: &Tx<'_>,
    (id, member): (SessionId, MemberId),
    hash: TokenHash,
    (device, began): (&str, &Began),
    (proved_at, expires_at): (Timestamp, Timestamp),
) -> Result<(), Error> {
    let by = began.by_provider;
    tx.execute(
        "insert into session (id, token_hash, member_id, device, created_at, seen_at, proved_at,
             expires_at, by_passkey, past_networks, identity_id, provider_sid, provider_factors)
         values ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            id,
            hash,
            member,
            device,
            tx.now(),
            proved_at,
            expires_at,
            began.by_passkey,
            began.past_networks,
            by.map(|by| by.identity),
            by.and_then(|by| by.sid),
            by.map_or(0, |by| by.factors())
        ],
    )?;
    Ok(())
}

pub(in crate::access) fn load(tx: &Tx<'_>, hash: TokenHash) -> Result<Option<Found>, Error> {
    tx.query_opt(
        &format!(
            "select {}, session.id, session.created_at, session.seen_at, session.expires_at,
                 (select count(*) from factor
                  where factor.member_id = member.id and confirmed_at is not null),
                 by_passkey,
                 (select count(*) from passkey where passkey.member_id = member.id),
                 past_networks, provider_factors,
                 (select count(*) from provider_door where is_open = 1 and is_only_way = 1)
             from session join member on member.id = session.member_id
             where token_hash = $1",
            members::COLUMNS
        ),
        params![hash],
        |row| {
            Ok(Found {
                member: members::read(row)?,
                id: row.get(8)?,
                began_at: row.get(9)?,
                seen_at: row.get(10)?,
                expires_at: row.get(11)?,
                has_factor: row.get::<i64>(12)? > 0,
                by_passkey: row.get::<bool>(13)? && row.get::<i64>(14)? > 0,
                past_networks: row.get(15)?,
                provider_factors: row.get(16)?,
                is_provider_only_way: row.get::<i64>(17)? > 0,
            })
        },
    )
}

pub(in crate::access) fn of(tx: &Tx<'_>, member: MemberId) -> Result<Vec<SessionEntry>, Error> {
    tx.query(
        "select id, device, created_at, seen_at from session
         where member_id = $1 and expires_at > $2 order by seen_at desc, id",
        params![member, tx.now()],
        |row| {
            Ok(SessionEntry {
                id: row.get(0)?,
                device: Device::from_code(row.borrow(1)?),
                began_at: row.get(2)?,
                seen_at: row.get(3)?,
            })
        },
    )
}

/// When it began, was used last, and ends at the latest.
pub(in crate::access) fn times(
    tx: &Tx<'_>,
    id: SessionId,
) -> Result<Option<(Timestamp, Timestamp, Timestamp)>, Error> {
    tx.query_opt(
        "select created_at, seen_at, expires_at from session where id = $1",
        params![id],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

/// Whether it began with a passkey, and for how many factors the provider vouched.
pub(in crate::access) fn began(tx: &Tx<'_>, id: SessionId) -> Result<(bool, u32), Error> {
    let found = tx.query_opt(
        "select by_passkey, provider_factors from session where id = $1",
        params![id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(found.unwrap_or_default())
}

pub(in crate::access) fn note(tx: &Tx<'_>, id: SessionId) -> Result<(), Error> {
    tx.execute(
        "update session set seen_at = $2 where id = $1",
        params![id, tx.now()],
    )?;
    Ok(())
}

pub(in crate::access) fn proved_at(tx: &Tx<'_>, id: SessionId) -> Result<Option<Timestamp>, Error> {
    tx.query_opt(
        "select proved_at from session where id = $1",
        params![id],
        |row| row.get(0),
    )
}

pub(in crate::access) fn prove(tx: &Tx<'_>, id: SessionId, hash: TokenHash) -> Result<(), Error> {
    tx.execute(
        "update session set proved_at = $2, token_hash = $3 where id = $1",
        params![id, tx.now(), hash],
    )?;
    Ok(())
}

pub(in crate::access) fn end(tx: &Tx<'_>, id: SessionId) -> Result<bool, Error> {
    Ok(tx.execute("delete from session where id = $1", params![id])? == 1)
}

/// Sign-ins that wait for their next step go along.
pub(in crate::access) fn end_all(
    tx: &Tx<'_>,
    member: MemberId,
    except: Option<SessionId>,
) -> Result<usize, Error> {
    pending::remove_all(tx, member)?;
    let except = except.map_or_else(String::new, |id| id.to_string());
    tx.execute(
        "delete from session where member_id = $1 and id <> $2",
        params![member, except],
    )
}

pub(in crate::access) fn remove_expired(tx: &Tx<'_>) -> Result<usize, Error> {
    tx.execute(
        "delete from session where expires_at <= $1",
        params![tx.now()],
    )
}
