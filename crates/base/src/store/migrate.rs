//! Numbered, forward-only migrations. A database written by a newer program is refused.

use rusqlite::Connection;
use rusqlite::limits::Limit;

use super::session::Session;
use super::{Error, Tx, dialect, postgres};

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
    /// The SQL for PostgreSQL alone: exclusion constraints, triggers.
    pub postgres: &'static str,
    /// What is done to the rows after the SQL, in its transaction.
    pub rows: Option<Rows>,
}

/// What a step does beside its SQL. A database that was just made has no rows, and is spared it.
#[derive(Debug, Clone, Copy)]
pub enum Rows {
    /// Changes rows in ways that SQL cannot say.
    Change(fn(&Tx<'_>) -> Result<(), Error>),
    /// Writes the whole file anew, so that nothing stays of what earlier steps removed.
    Rewrite,
}

/// For databases whose steps change no rows.
pub(super) fn no_rows(_: fn(&Tx<'_>) -> Result<(), Error>) -> Result<(), Error> {
    Err(Error::Migration(
        "this database has no such steps".to_owned(),
    ))
}

/// The store's own table that says which steps were taken.
const VERSIONS: &str = "create table if not exists schema_version (version integer not null)";

/// Brings a database up to the last of `migrations`; a change of rows goes through `change`. In a
/// file each step is a transaction of its own; on a server all are part of the one at hand.
///
/// # Errors
/// [`Error::Migration`] when the database is newer than this program or a step fails.
pub(super) fn migrate(
    session: &Session,
    migrations: &[Migration],
    change: impl Fn(fn(&Tx<'_>) -> Result<(), Error>) -> Result<(), Error>,
) -> Result<(), Error> {
    if let Session::Sqlite(connection) = session
        && is_empty(connection)?
    {
        make_file(connection, migrations)?;
    }
    session.batch(VERSIONS)?;
    let current = version(session)?;
    let newest = migrations.last().map_or(0, |m| m.version);
    if current > newest {
        return Err(Error::Migration(format!(
            "the file is at version {current}, this program knows up to {newest}: use a newer one"
        )));
    }
    let is_new = current == 0;
    for step in migrations.iter().filter(|m| m.version > current) {
        let taken = match session {
            Session::Sqlite(connection) => {
                // Outside of the transaction, and before it says that this was done.
                let rewritten = match (step.rows, is_new) {
                    (Some(Rows::Rewrite), false) => rewrite(connection),
                    _ => Ok(()),
                };
                let take = || take_in_file(connection, step, is_new, &change);
                rewritten.and_then(|()| as_one(connection, take))
            }
            Session::Postgres(server) => take_on_server(server, step, is_new, &change),
        };
        taken.map_err(|error| failed(step, error))?;
    }
    Ok(())
}

fn failed(step: &Migration, error: Error) -> Error {
    match error {
        // A step that goes through once there is room, or the server is back.
        Error::Full | Error::Disk(_) | Error::Unavailable(_) | Error::Damaged(_) => error,
        error => Error::Migration(format!("step {} ({}): {error}", step.version, step.name)),
    }
}

/// Whether nothing was ever made in a file.
fn is_empty(connection: &Connection) -> Result<bool, Error> {
    let changes: i64 = connection.query_row("pragma schema_version", [], |row| row.get(0))?;
    Ok(changes == 0)
}

/// Takes every step in a file that is empty, as one transaction: each would wait for the disk.
fn make_file(connection: &Connection, migrations: &[Migration]) -> Result<(), Error> {
    as_one(connection, || {
        if !is_empty(connection)? {
            // Another process was faster.
            return Ok(());
        }
        run(connection, VERSIONS)?;
        for step in migrations {
            let taken = run(connection, step.common)
                .and_then(|()| run(connection, step.sqlite))
                .and_then(|()| run(connection, &noted(step)));
            taken.map_err(|error| failed(step, error))?;
        }
        Ok(())
    })
}

/// Does `work` as one transaction, which leaves the file as it was when it fails.
fn as_one(connection: &Connection, work: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    run(connection, "begin immediate")?;
    let done = work().and_then(|()| run(connection, "commit"));
    if done.is_err() {
        // This can only fail when the engine has undone it already.
        let _ = connection.execute_batch("rollback");
    }
    done
}

/// Without the code of the engine's wrapper, which would say less.
fn run(connection: &Connection, sql: &str) -> Result<(), Error> {
    let done = connection.execute_batch(sql);
    done.map_err(|failure| {
        let text = failure.to_string();
        match Error::from(failure) {
            Error::Engine(_) | Error::Constraint(_) => Error::Engine(text),
            known => known,
        }
    })
}

/// The last step that was taken.
pub(super) fn version(session: &Session) -> Result<u32, Error> {
    let last = "select cast(coalesce(max(version), 0) as integer) from schema_version";
    Ok((session.query_opt(last, &[], |row| row.get(0))?).unwrap_or(0))
}

fn take_in_file(
    connection: &Connection,
    step: &Migration,
    is_new: bool,
    change: impl Fn(fn(&Tx<'_>) -> Result<(), Error>) -> Result<(), Error>,
) -> Result<(), Error> {
    run(connection, step.common)?;
    run(connection, step.sqlite)?;
    if let (Some(Rows::Change(rows)), false) = (step.rows, is_new) {
        change(rows)?;
    }
    run(connection, &noted(step))
}

fn take_on_server(
    server: &postgres::Session,
    step: &Migration,
    is_new: bool,
    change: impl Fn(fn(&Tx<'_>) -> Result<(), Error>) -> Result<(), Error>,
) -> Result<(), Error> {
    server.batch(&dialect::for_postgres(step.common))?;
    server.batch(step.postgres)?;
    // No server has data from before the last step that rewrites a file.
    if let (Some(Rows::Change(rows)), false) = (step.rows, is_new) {
        change(rows)?;
    }
    server.batch(&noted(step))
}

fn noted(step: &Migration) -> String {
    format!("insert into schema_version values ({})", step.version)
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
