use jiff::Timestamp;
use kept_base::kit::TokenHash;
use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::access::passkeys::Passkey;
use crate::access::webauthn::{GoodUse, Known, NewCredential};
use crate::ids::{MemberId, PasskeyId};

/// A passkey as it is needed to check its use.
pub(in crate::access) struct Found {
    pub id: PasskeyId,
    pub member: MemberId,
    pub user_handle: Vec<u8>,
    pub known: Known,
}

pub(in crate::access) fn put_challenge(
    tx: &Tx<'_>,
    key: TokenHash,
    challenge: &[u8],
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "insert into passkey_challenge (key_hash, challenge, expires_at) values ($1, $2, $3)
         on conflict (key_hash) do update
             set challenge = excluded.challenge, expires_at = excluded.expires_at",
        params![key, challenge, expires_at],
    )?;
    Ok(())
}

/// Those that end last stay.
pub(in crate::access) fn keep_newest_challenges(tx: &Tx<'_>, most: u32) -> Result<(), Error> {
    tx.execute(
        "delete from passkey_challenge where key_hash in (
             select key_hash from passkey_challenge
             order by expires_at desc, key_hash limit 100 offset $1)",
        params![most],
    )?;
    Ok(())
}

/// What is to be signed, unless it is too late; it is gone then.
pub(in crate::access) fn take_challenge(
    tx: &Tx<'_>,
    key: TokenHash,
) -> Result<Option<Vec<u8>>, Error> {
    let taken = tx.query_opt(
        "delete from passkey_challenge where key_hash = $1 returning challenge, expires_at",
        params![key],
        |row| Ok((row.get::<Vec<u8>>(0)?, row.get::<Timestamp>(1)?)),
    )?;
    Ok(taken.and_then(|(challenge, expires_at)| (tx.now() < expires_at).then_some(challenge)))
}

pub(in crate::access) fn remove_expired(tx: &Tx<'_>) -> Result<usize, Error> {
    tx.execute(
        "delete from passkey_challenge where expires_at <= $1",
        params![tx.now()],
    )
}

pub(in crate::access) fn user_handle(
    tx: &Tx<'_>,
    member: MemberId,
) -> Result<Option<Vec<u8>>, Error> {
    tx.query_opt(
        "select user_handle from passkey_holder where member_id = $1",
        params![member],
        |row| row.get(0),
    )
}

pub(in crate::access) fn put_user_handle(
    tx: &Tx<'_>,
    member: MemberId,
    handle: &[u8],
) -> Result<(), Error> {
    tx.execute(
        "insert into passkey_holder (member_id, user_handle) values ($1, $2)",
        params![member, handle],
    )?;
    Ok(())
}

pub(in crate::access) fn insert(
    tx: &Tx<'_>,
    (id, member): (PasskeyId, MemberId),
    new: &NewCredential,
    name: &str,
) -> Result<(), Error> {
    tx.execute(
        "insert into passkey (id, member_id, credential_id, public_key, use_count, may_be_copied,
             is_copied, name, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            id,
            member,
            new.id,
            new.public_key,
            new.count,
            new.may_be_copied,
            new.is_copied,
            name,
            tx.now()
        ],
    )?;
    Ok(())
}

pub(in crate::access) fn of(tx: &Tx<'_>, member: MemberId) -> Result<Vec<Passkey>, Error> {
    tx.query(
        "select id, name, may_be_copied, made_at, used_at from passkey
         where member_id = $1 order by made_at, id",
        params![member],
        |row| {
            Ok(Passkey {
                id: row.get(0)?,
                name: row.get(1)?,
                may_be_copied: row.get(2)?,
                made_at: row.get(3)?,
                used_at: row.get(4)?,
            })
        },
    )
}

pub(in crate::access) fn credential_ids(
    tx: &Tx<'_>,
    member: MemberId,
) -> Result<Vec<Vec<u8>>, Error> {
    tx.query(
        "select credential_id from passkey where member_id = $1 order by made_at, id",
        params![member],
        |row| row.get(0),
    )
}

pub(in crate::access) fn by_credential(
    tx: &Tx<'_>,
    credential: &[u8],
) -> Result<Option<Found>, Error> {
    tx.query_opt(
        "select id, passkey.member_id, user_handle, public_key, use_count, may_be_copied
         from passkey join passkey_holder on passkey_holder.member_id = passkey.member_id
         where credential_id = $1",
        params![credential],
        |row| {
            Ok(Found {
                id: row.get(0)?,
                member: row.get(1)?,
                user_handle: row.get(2)?,
                known: Known {
                    public_key: row.get(3)?,
                    count: row.get(4)?,
                    may_be_copied: row.get(5)?,
                },
            })
        },
    )
}

pub(in crate::access) fn note_use(tx: &Tx<'_>, id: PasskeyId, used: &GoodUse) -> Result<(), Error> {
    tx.execute(
        "update passkey set use_count = $2, is_copied = $3, used_at = $4 where id = $1",
        params![id, used.count, used.is_copied, tx.now()],
    )?;
    Ok(())
}

pub(in crate::access) fn rename(tx: &Tx<'_>, id: PasskeyId, name: &str) -> Result<(), Error> {
    tx.execute(
        "update passkey set name = $2 where id = $1",
        params![id, name],
    )?;
    Ok(())
}

pub(in crate::access) fn remove(tx: &Tx<'_>, id: PasskeyId) -> Result<(), Error> {
    tx.execute("delete from passkey where id = $1", params![id])?;
    Ok(())
}

/// Tells how many there were.
pub(in crate::access) fn remove_all(tx: &Tx<'_>, member: MemberId) -> Result<usize, Error> {
    tx.execute("delete from passkey where member_id = $1", params![member])
}

/// The passkeys of a member who goes, and how authenticators knew them.
pub(in crate::access) fn forget(tx: &Tx<'_>, member: MemberId) -> Result<(), Error> {
    remove_all(tx, member)?;
    tx.execute(
        "delete from passkey_holder where member_id = $1",
        params![member],
    )?;
    Ok(())
}

/// Everybody who has a passkey.
pub(in crate::access) fn members(tx: &Tx<'_>) -> Result<Vec<MemberId>, Error> {
    tx.query("select distinct member_id from passkey", &[], |row| {
        row.get(0)
    })
}

pub(in crate::access) fn has_any(tx: &Tx<'_>, member: MemberId) -> Result<bool, Error> {
    let found = tx.query_opt(
        "select 1 from passkey where member_id = $1 limit 1",
        params![member],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}
