//! Numbered, forward-only migrations. A file written by a newer program is refused.

use rusqlite::Connection;

use super::Error;

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
}

/// Brings a database up to the last of `migrations`, each step in a transaction of its own.
///
/// # Errors
/// [`Error::Migration`] when the file is newer than this program or a step fails.
pub fn migrate(connection: &Connection, migrations: &[Migration]) -> Result<(), Error> {
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
    for step in migrations.iter().filter(|m| m.version > current) {
        let sql = format!(
            "begin immediate; {}; {}; insert into schema_version (version) values ({}); commit;",
            step.common, step.sqlite, step.version
        );
        if let Err(error) = connection.execute_batch(&sql) {
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
