use jiff::Timestamp;
use kept_base::kit::Actor;
use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::ids::UndoId;

pub(super) fn insert(
    tx: &Tx<'_>,
    id: UndoId,
    (kind, payload): (&str, &str),
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "insert into undo (id, kind, payload, author, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        params![
            id,
            kind,
            payload,
            tx.actor().to_string(),
            tx.now(),
            expires_at
        ],
    )?;
    Ok(())
}

pub(super) fn kind(tx: &Tx<'_>, id: UndoId, author: &Actor) -> Result<Option<String>, Error> {
    tx.query_opt(
        "select kind from undo where id = $1 and author = $2 and expires_at > $3",
        params![id, author.to_string(), tx.now()],
        |row| row.get(0),
    )
}

pub(super) fn take(tx: &Tx<'_>, id: UndoId) -> Result<Option<(String, String)>, Error> {
    tx.query_opt(
        "delete from undo where id = $1 and author = $2 and expires_at > $3
         returning kind, payload",
        params![id, tx.actor().to_string(), tx.now()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

pub(super) fn forget(tx: &Tx<'_>, author: &Actor) -> Result<(), Error> {
    tx.execute(
        "delete from undo where author = $1",
        params![author.to_string()],
    )?;
    Ok(())
}

pub(super) fn remove_expired(tx: &Tx<'_>) -> Result<usize, Error> {
    tx.execute("delete from undo where expires_at <= $1", params![tx.now()])
}
