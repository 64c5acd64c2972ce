//! Numbered, forward-only migrations. A file written by a newer program is refused.

use rusqlite::Connection;
use rusqlite::limits::Limit;

use super::{Error, Tx};

/// One step: a number, a name and the SQL, which is the common text followed by what this engine
/// needs of its own.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// 1, 2, 3, without gaps.
    pub version: u32,
    /// What it does, for messages.
    pub name: &'static str,
    /// The SQL for every engine.
    pub common: &'static str,
    /// The SQL for SQLite alone: triggers.
    pub sqlite: &'static str,
    /// What is done to the rows after the SQL, in its transaction.
    pub rows: Option<Rows>,
}

/// What a step does beside its SQL. A database that was just made has no rows, and is spared it.
#[derive(Debug, Clone, Copy)]
pub enum Rows {
    /// Changes rows in ways that SQL cannot say.
    Change(fn(&Tx<'_>) -> Result<(), Error>),
    /// Writes the whole database anew, so that nothing stays of what earlier steps removed.
    Rewrite,
}

/// For databases whose steps change no rows.
pub(super) fn no_rows(_: fn(&Tx<'_>) -> Result<(), Error>) -> Result<(), Error> {
    Err(Error::Migration(
        "this database has no such steps".to_owned(),
    ))
}

/// Brings a database up to the last of `migrations`, each step in a transaction of its own; a
/// change of rows goes through `change`.
///
/// # Errors
/// [`Error::Migration`] when the file is newer than this program or a step fails.
pub(super) fn migrate(
    connection: &Connection,
    migrations: &[Migration],
    change: impl Fn(fn(&Tx<'_>) -> Result<(), Error>) -> Result<(), Error>,
) -> Result<(), Error> {
    let failed = |what: String| Error::Migration(what);
    connection
        .execute_batch("create table if not exists schema_version (version integer not null)")?;
    let current: u32 = connection.query_row(
        "select coalesce(max(version), 0) from schema_version",
        [],
        |row| row.get(0),
    )?;
    let newest = migrations.last().map_or(0, |m| m.version);
    if current > newest {
        return Err(failed(format!(
            "the file is at version {current}, this program knows up to {newest}: use a newer one"
        )));
    }
    let is_new = current == 0;
    for step in migrations.iter().filter(|m| m.version > current) {
        if let Err(error) = take(connection, step, is_new, &change) {
            // Leaves the file as it was; a rollback can only fail when nothing was begun.
            let _ = connection.execute_batch("rollback");
            return Err(failed(format!(
                "step {} ({}): {error}",
                step.version, step.name
            )));
        }
    }
    Ok(())
}

fn take(
    connection: &Connection,
    step: &Migration,
    is_new: bool,
    change: impl Fn(fn(&Tx<'_>) -> Result<(), Error>) -> Result<(), Error>,
) -> Result<(), Error> {
    // Outside of the transaction, and before it says that this was done.
    if let (Some(Rows::Rewrite), false) = (step.rows, is_new) {
        rewrite(connection)?;
    }
    connection.execute_batch("begin immediate")?;
    connection.execute_batch(step.common)?;
    connection.execute_batch(step.sqlite)?;
    if let (Some(Rows::Change(rows)), false) = (step.rows, is_new) {
        change(rows)?;
    }
    connection.execute_batch(&format!(
        "insert into schema_version (version) values ({}); commit;",
        step.version
    ))?;
    Ok(())
}

fn rewrite(connection: &Connection) -> Result<(), Error> {
    // The engine attaches the new copy for as long as it writes it.
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 1)?;
    let rewritten = connection.execute_batch("vacuum");
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    rewritten?;
    connection.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))?;
    Ok(())
}
