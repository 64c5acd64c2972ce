use jiff::Timestamp;
use kept_base::kit::TokenHash;
use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::ids::SessionId;

/// A sign-in that went to the provider.
pub(in crate::sso) struct SignIn {
    pub purpose: String,
    pub session: Option<SessionId>,
    pub next: Option<String>,
    pub began_at: Timestamp,
}

pub(in crate::sso) fn insert_sign_in(
    tx: &Tx<'_>,
    hash: TokenHash,
    (purpose, session): (&str, Option<SessionId>),
    next: Option<&str>,
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "insert into provider_sign_in (token_hash, purpose, session_id, next, began_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        params![hash, purpose, session, next, tx.now(), expires_at],
    )?;
    Ok(())
}

/// The oldest go first, so that nobody fills the table.
pub(in crate::sso) fn keep_newest_sign_ins(tx: &Tx<'_>, most: u32) -> Result<(), Error> {
    tx.execute(
        "delete from provider_sign_in where token_hash in (
             select token_hash from provider_sign_in
             order by expires_at desc, token_hash limit 1000000 offset $1)",
        params![most],
    )?;
    Ok(())
}

/// It is gone whatever comes of it.
pub(in crate::sso) fn take_sign_in(tx: &Tx<'_>, hash: TokenHash) -> Result<Option<SignIn>, Error> {
    let found = tx.query_opt(
        "select purpose, session_id, next, began_at from provider_sign_in
         where token_hash = $1 and expires_at > $2",
        params![hash, tx.now()],
        |row| {
            Ok(SignIn {
                purpose: row.get(0)?,
                session: row.get(1)?,
                next: row.get(2)?,
                began_at: row.get(3)?,
            })
        },
    )?;
    tx.execute(
        "delete from provider_sign_in where token_hash = $1",
        params![hash],
    )?;
    Ok(found)
}

pub(in crate::sso) fn remove_sign_ins(tx: &Tx<'_>) -> Result<(), Error> {
    tx.execute("delete from provider_sign_in", &[])?;
    Ok(())
}

/// Whether an order is a new one; from then on it is not. `most` are remembered at once: beyond them one may be
/// followed twice, which ends what is ended already.
pub(in crate::sso) fn remember_logout(
    tx: &Tx<'_>,
    hash: TokenHash,
    until: Timestamp,
    most: i64,
) -> Result<bool, Error> {
    let known = tx.query_opt(
        "select 1 from provider_logout where token_hash = $1",
        params![hash],
        |_| Ok(()),
    )?;
    let count = tx.query_opt("select count(*) from provider_logout", &[], |row| {
        row.get::<i64>(0)
    })?;
    if known.is_some() {
        return Ok(false);
    }
    if count.unwrap_or(0) >= most {
        return Ok(true);
    }
    tx.execute(
        "insert into provider_logout (token_hash, expires_at) values ($1, $2)",
        params![hash, until],
    )?;
    Ok(true)
}

/// Removes what is over; tells how many rows went.
///
/// # Errors
/// Those of the store.
pub fn remove_expired(tx: &Tx<'_>) -> Result<usize, Error> {
    tx.keep_revision();
    let now = tx.now();
    let sign_ins = tx.execute(
        "delete from provider_sign_in where expires_at <= $1",
        params![now],
    )?;
    let orders = tx.execute(
        "delete from provider_logout where expires_at <= $1",
        params![now],
    )?;
    Ok(sign_ins + orders)
}
