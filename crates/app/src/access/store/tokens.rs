use jiff::Timestamp;
use kept_base::kit::TokenHash;
use kept_base::params;
use kept_base::store::{Error, Row, Tx};

use crate::access::Scope;
use crate::access::tokens::{Stored, TokenKind};
use crate::ids::{MemberId, TokenId};

const COLUMNS: &str =
    "token.id, kind, name, scopes, created_at, expires_at, last_used_at, revoked_at, made_by,
     (select max(later.id) from token as later where later.replaces = token.id)";

fn read(row: &Row<'_>) -> Result<Stored, Error> {
    Ok(Stored {
        id: row.get(0)?,
        kind: TokenKind::from_code(row.borrow(1)?).ok_or(Error::Decode("kind of token"))?,
        name: row.get(2)?,
        scopes: (row.borrow::<&str>(3)?.split(' '))
            .filter_map(Scope::from_code)
            .collect(),
        created_at: row.get(4)?,
        expires_at: row.get(5)?,
        last_used_at: row.get(6)?,
        revoked_at: row.get(7)?,
        made_by: row.get(8)?,
        replaced_by: row.get(9)?,
    })
}

pub(in crate::access) fn insert(
    tx: &Tx<'_>,
    new: &Stored,
    hash: TokenHash,
    replaces: Option<TokenId>,
) -> Result<(), Error> {
    let scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.code()).collect();
    tx.execute(
        "insert into token (id, token_hash, kind, name, scopes, created_at, expires_at, made_by, replaces)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            new.id,
            hash,
            new.kind.code(),
            new.name,
            scopes.join(" "),
            tx.now(),
            new.expires_at,
            new.made_by,
            replaces
        ],
    )?;
    Ok(())
}

pub(in crate::access) fn revoke(tx: &Tx<'_>, id: TokenId) -> Result<bool, Error> {
    let revoked = tx.execute(
        "update token set revoked_at = $2 where id = $1 and revoked_at is null",
        params![id, tx.now()],
    )?;
    Ok(revoked == 1)
}

/// Revokes all that a member answers for, and tells which.
pub(in crate::access) fn revoke_of(tx: &Tx<'_>, member: MemberId) -> Result<Vec<TokenId>, Error> {
    tx.query(
        "update token set revoked_at = $2
         where made_by = $1 and revoked_at is null and (expires_at is null or expires_at > $2)
         returning id",
        params![member, tx.now()],
        |row| row.get(0),
    )
}

pub(in crate::access) fn expire(tx: &Tx<'_>, id: TokenId, at: Timestamp) -> Result<(), Error> {
    tx.execute(
        "update token set expires_at = $2 where id = $1 and (expires_at is null or expires_at > $2)",
        params![id, at],
    )?;
    Ok(())
}

pub(in crate::access) fn living(tx: &Tx<'_>, hash: TokenHash) -> Result<Option<Stored>, Error> {
    tx.query_opt(
        &format!(
            "select {COLUMNS} from token where token_hash = $1 and revoked_at is null
                 and (expires_at is null or expires_at > $2)"
        ),
        params![hash, tx.now()],
        read,
    )
}

pub(in crate::access) fn by_id(tx: &Tx<'_>, id: TokenId) -> Result<Option<Stored>, Error> {
    tx.query_opt(
        &format!("select {COLUMNS} from token where id = $1"),
        params![id],
        read,
    )
}

/// Those that are alive, and those that ended after `since`; the newest first.
pub(in crate::access) fn all(tx: &Tx<'_>, since: Timestamp) -> Result<Vec<Stored>, Error> {
    tx.query(
        &format!(
            "select {COLUMNS} from token
             where (revoked_at is null or revoked_at > $1) and (expires_at is null or expires_at > $1)
             order by created_at desc, token.id desc"
        ),
        params![since],
        read,
    )
}

/// Those that end before `before` and of which nobody was told; they count as told from here on.
pub(in crate::access) fn take_ending(
    tx: &Tx<'_>,
    before: Timestamp,
) -> Result<Vec<TokenId>, Error> {
    tx.query(
        "update token set end_told_at = $1
         where end_told_at is null and revoked_at is null and expires_at > $1 and expires_at <= $2
             and not exists (select 1 from token as later where later.replaces = token.id)
         returning id",
        params![tx.now(), before],
        |row| row.get(0),
    )
}

pub(in crate::access) fn note_use(
    tx: &Tx<'_>,
    id: TokenId,
    unless_after: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "update token set last_used_at = $2
         where id = $1 and (last_used_at is null or last_used_at < $3)",
        params![id, tx.now(), unless_after],
    )?;
    Ok(())
}
