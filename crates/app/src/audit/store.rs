use kept_base::params;
use kept_base::store::{Error, Row, Tx};

use super::Entry;

pub(super) fn append(tx: &Tx<'_>, act: &str, subject: &str, detail: &str) -> Result<(), Error> {
    tx.execute(
        "insert into act (sequence, at, actor, act, subject, detail)
         values ((select coalesce(max(sequence), 0) + 1 from act), $1, $2, $3, $4, $5)",
        params![tx.now(), tx.actor().to_string(), act, subject, detail],
    )?;
    Ok(())
}

pub(super) fn after(tx: &Tx<'_>, sequence: i64, limit: u32) -> Result<Vec<Entry>, Error> {
    tx.query(
        "select sequence, at, actor, act, subject, detail from act
         where sequence > $1 order by sequence limit $2",
        params![sequence, limit],
        entry,
    )
}

/// The code stands in the statement itself: an index over acts of one kind serves only such.
pub(super) fn last(tx: &Tx<'_>, act: &'static str, detail: &str) -> Result<Option<Entry>, Error> {
    let sql = format!(
        "select sequence, at, actor, act, subject, detail from act
         where act = '{act}' and detail = $1 order by sequence desc limit 1"
    );
    tx.query_opt(&sql, params![detail], entry)
}

fn entry(row: &Row<'_>) -> Result<Entry, Error> {
    Ok(Entry {
        sequence: row.get(0)?,
        at: row.get(1)?,
        actor: row.get(2)?,
        act: row.get(3)?,
        subject: row.get(4)?,
        detail: row.get(5)?,
    })
}

pub(super) fn of(tx: &Tx<'_>, subject: &str, limit: u32) -> Result<Vec<Entry>, Error> {
    tx.query(
        "select sequence, at, actor, act, subject, detail from act
         where subject = $1 order by sequence desc limit $2",
        params![subject, limit],
        entry,
    )
}
