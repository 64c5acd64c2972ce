use jiff::Timestamp;
use kept_base::params;
use kept_base::store::{Error, Tx};

/// How much was taken of a minute.
pub(in crate::access) fn taken(tx: &Tx<'_>, subject: &str, minute: i64) -> Result<u32, Error> {
    let found = tx.query_opt(
        "select taken from pace where subject = $1 and minute = $2",
        params![subject, minute],
        |row| row.get(0),
    )?;
    Ok(found.unwrap_or(0))
}

pub(in crate::access) fn put(
    tx: &Tx<'_>,
    subject: &str,
    (minute, taken): (i64, u32),
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.execute("delete from pace where subject = $1", params![subject])?;
    tx.execute(
        "insert into pace (subject, minute, taken, expires_at) values ($1, $2, $3, $4)",
        params![subject, minute, taken, expires_at],
    )?;
    Ok(())
}

pub(super) fn remove_expired(tx: &Tx<'_>) -> Result<usize, Error> {
    tx.execute("delete from pace where expires_at <= $1", params![tx.now()])
}
