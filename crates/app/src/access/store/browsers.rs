use jiff::Timestamp;
use kept_base::kit::TokenHash;
use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::ids::MemberId;

/// Whether the member had signed in with it.
pub(in crate::access) fn renew(
    tx: &Tx<'_>,
    hash: TokenHash,
    member: MemberId,
    until: Timestamp,
) -> Result<bool, Error> {
    let renewed = tx.execute(
        "update known_browser set expires_at = $3
         where token_hash = $1 and member_id = $2 and expires_at > $4",
        params![hash, member, until, tx.now()],
    )?;
    Ok(renewed == 1)
}

/// Whether anybody here had.
pub(in crate::access) fn is_known(tx: &Tx<'_>, hash: TokenHash) -> Result<bool, Error> {
    let found = tx.query_opt(
        "select 1 from known_browser where token_hash = $1 and expires_at > $2",
        params![hash, tx.now()],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

pub(in crate::access) fn insert(
    tx: &Tx<'_>,
    hash: TokenHash,
    member: MemberId,
    until: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "insert into known_browser (token_hash, member_id, expires_at) values ($1, $2, $3)
         on conflict (token_hash, member_id) do update set expires_at = excluded.expires_at",
        params![hash, member, until],
    )?;
    Ok(())
}

pub(in crate::access) fn keep_newest(
    tx: &Tx<'_>,
    member: MemberId,
    most: u32,
) -> Result<(), Error> {
    tx.execute(
        "delete from known_browser where member_id = $1 and token_hash not in (
             select token_hash from known_browser where member_id = $1
             order by expires_at desc, token_hash limit $2)",
        params![member, most],
    )?;
    Ok(())
}

pub(in crate::access) fn remove_all(tx: &Tx<'_>, member: MemberId) -> Result<(), Error> {
    tx.execute(
        "delete from known_browser where member_id = $1",
        params![member],
    )?;
    Ok(())
}

pub(in crate::access) fn remove_expired(tx: &Tx<'_>) -> Result<usize, Error> {
    tx.execute(
        "delete from known_browser where expires_at <= $1",
        params![tx.now()],
    )
}
