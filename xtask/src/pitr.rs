//! `cargo xtask pitr`: a base backup and the archived log of a PostgreSQL, restored to the moment
//! before a mistake, as `docs/postgresql.md` tells operators to.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::needs;
use crate::postgres::{self, Postgres};
use crate::server::psql::Psql;
use crate::server::{Scratch, until};
use crate::step::Failure;

/// Rows before the backup, and as many between it and the mistake.
const ROWS: u32 = 10_000;
/// Rows after the mistake, which the restored server must not have.
const LATER_ROWS: u32 = 100;
/// How long the log may take to be archived, and to be read again, in seconds.
const LOG_SECONDS: u64 = 60;

/// Backs up, makes a mistake, restores to the moment before it, and compares.
///
/// # Errors
///
/// When a step fails, or the restored server has other rows than there were at the moment.
pub fn run() -> Result<(), Failure> {
    needs::meet(needs::POSTGRES)?;
    let scratch = Scratch::new("pitr")?;
    let archive = scratch.folder("archive")?;
    let postgres = Postgres::fresh(&scratch, &archiving(&archive))?;
    let superuser = postgres.superuser().clone();
    let base = scratch.folder("base")?;
    superuser.ask("create table entry (number bigint primary key)")?;
    add(&superuser, 1, ROWS)?;
    let started = Instant::now();
    back_up(&scratch, &superuser, &base)?;
    let backed_up = started.elapsed();
    add(&superuser, ROWS + 1, 2 * ROWS)?;
    let moment = superuser.ask("select clock_timestamp()")?;
    superuser.ask("delete from entry where number % 2 = 0")?;
    add(&superuser, 2 * ROWS + 1, 2 * ROWS + LATER_ROWS)?;
    archived(&superuser)?;
    // The server and its data are lost; the backup and the archive are not.
    drop(postgres);
    let started = Instant::now();
    restore(&scratch, &superuser, (&base, &archive), &moment)?;
    let restored = started.elapsed();
    println!(
        "xtask: pitr: a backup of {ROWS} rows in {:.1} s; restored to the moment before the \
         mistake in {:.1} s: all {} rows, none of what came later",
        backed_up.as_secs_f64(),
        restored.as_secs_f64(),
        2 * ROWS
    );
    Ok(())
}

/// Settings of a server that archives its log. A file is complete before it has its name.
fn archiving(archive: &Path) -> String {
    let archive = archive.display();
    format!(
        "wal_level = replica\narchive_mode = on\narchive_timeout = 60\n\
         archive_command = 'test ! -f \"{archive}/%f\" && cp \"%p\" \"{archive}/%f.part\" \
         && mv \"{archive}/%f.part\" \"{archive}/%f\"'\n"
    )
}

fn add(psql: &Psql, from: u32, to: u32) -> Result<(), Failure> {
    let insert =
        format!("insert into entry select number from generate_series({from}, {to}) number");
    psql.ask(&insert).map(drop)
}

/// A base backup while the server runs, and a look whether it is whole.
fn back_up(scratch: &Scratch, psql: &Psql, base: &Path) -> Result<(), Failure> {
    let mut backup = psql.program_as(scratch.account, "pg_basebackup");
    backup
        .args(["--checkpoint=fast", "--wal-method=stream", "--pgdata"])
        .arg(base);
    succeed(backup)?;
    let mut verify = psql.program_as(scratch.account, "pg_verifybackup");
    verify.arg(base);
    succeed(verify)
}

/// Waits until everything written so far is in the archive.
fn archived(psql: &Psql) -> Result<(), Failure> {
    let file = psql.ask("select pg_walfile_name(pg_current_wal_lsn())")?;
    psql.ask("select pg_switch_wal()")?;
    let limit = Duration::from_secs(LOG_SECONDS);
    until("the log to be archived", limit, || {
        let last = psql
            .ask("select last_archived_wal from pg_stat_archiver")
            .ok()?;
        (last >= file).then_some(())
    })
}

/// Starts a server from the backup, which reads the archive up to `moment` and then writes on.
fn restore(
    scratch: &Scratch,
    psql: &Psql,
    (base, archive): (&Path, &Path),
    moment: &str,
) -> Result<(), Failure> {
    let archive = archive.display();
    let settings = format!(
        "archive_mode = off\nrestore_command = 'cp \"{archive}/%f\" \"%p\"'\n\
         recovery_target_time = '{moment}'\nrecovery_target_action = 'promote'\n"
    );
    postgres::add(&base.join("postgresql.conf"), &settings)?;
    let signal = base.join("recovery.signal");
    let made = std::fs::write(&signal, "").and_then(|()| scratch.account.give(&signal));
    made.map_err(|error| Failure::new(1, format!("xtask: recovery.signal: {error}")))?;
    let mut running = postgres::start(scratch, "restored", base, psql)?;
    running.ready(Duration::from_secs(LOG_SECONDS), || {
        let recovering = psql.ask("select pg_is_in_recovery()").ok()?;
        (recovering == "f").then_some(())
    })?;
    let there = psql.ask("select count(*), min(number), max(number) from entry")?;
    let expected = format!("{}|1|{}", 2 * ROWS, 2 * ROWS);
    if there != expected {
        let what = format!("xtask: pitr: restored {there}, not {expected}");
        return Err(Failure::new(1, what));
    }
    add(psql, 2 * ROWS + 1, 2 * ROWS + 1)?;
    running.stop("QUIT");
    Ok(())
}

fn succeed(mut command: Command) -> Result<(), Failure> {
    let name = command.get_program().display().to_string();
    let said = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output();
    let said = said.map_err(|error| Failure::new(1, format!("xtask: {name}: {error}")))?;
    if said.status.success() {
        return Ok(());
    }
    let why = String::from_utf8_lossy(&said.stderr);
    Err(Failure::new(1, format!("xtask: {name}: {}", why.trim())))
}
