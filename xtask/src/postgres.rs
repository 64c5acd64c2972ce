//! A private PostgreSQL from Debian's package, for tests and for whoever works on Kept.

use std::fs::{self, File};
use std::io::Read as _;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use crate::server::psql::Psql;
use crate::server::{Account, Running, Scratch, free_ports};
use crate::step::Failure;

/// Where Debian keeps PostgreSQL, a folder for each major version.
const INSTALLED: &str = "/usr/lib/postgresql";

/// The role that tests work as: no superuser, as in an installation.
const ROLE: &str = "kept";
const SUPERUSER: &str = "postgres";
const DATABASE: &str = "postgres";

/// How long the server may take to start, in seconds.
const START_SECONDS: u64 = 60;

/// Longest path of a socket that the system takes, in bytes, less than its name.
const MAX_SOCKET_FOLDER_BYTES: usize = 80;

/// Many tests at once, on a small machine, with data that nobody misses.
const TEST_SETTINGS: &str = "\
max_connections = 400
shared_buffers = 64MB
work_mem = 2MB
maintenance_work_mem = 16MB
max_wal_size = 256MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum_naptime = 10s
jit = off
max_locks_per_transaction = 256
";

/// A running server with a role for Kept.
pub struct Postgres<'s> {
    scratch: &'s Scratch,
    running: Running<'s>,
    superuser: Psql,
    kept: Psql,
}

impl<'s> Postgres<'s> {
    /// A fresh server for tests.
    ///
    /// # Errors
    ///
    /// When PostgreSQL is not installed or does not start.
    pub fn for_tests(scratch: &'s Scratch) -> Result<Self, Failure> {
        Self::fresh(scratch, TEST_SETTINGS)
    }

    /// A fresh server with these lines in its settings, and Kept's role in it: it may log in and
    /// make databases, schemas and roles, and find out what the server has on its disk.
    ///
    /// # Errors
    ///
    /// When PostgreSQL is not installed or does not start.
    pub fn fresh(scratch: &'s Scratch, settings: &str) -> Result<Self, Failure> {
        let programs = programs()?;
        let password = secret()?;
        let data = initialized(scratch, &programs, &password)?;
        let superuser = Psql {
            programs,
            host: Ipv4Addr::LOCALHOST.to_string(),
            port: port()?,
            user: SUPERUSER.to_owned(),
            password,
            database: DATABASE.to_owned(),
        };
        let settings = format!("{settings}{}", own_settings(scratch, superuser.port)?);
        add(&data.join("postgresql.conf"), &settings)?;
        let running = start(scratch, "postgres", &data, &superuser)?;
        let role = secret()?;
        superuser.ask(&format!(
            "create role {ROLE} login createdb createrole password '{role}';
             grant create on database {DATABASE} to {ROLE};
             grant pg_read_all_settings, pg_checkpoint to {ROLE}"
        ))?;
        Ok(Self {
            scratch,
            running,
            kept: superuser.with(ROLE, &role, DATABASE),
            superuser,
        })
    }

    /// As Kept's role.
    pub fn kept(&self) -> &Psql {
        &self.kept
    }

    /// As the superuser.
    pub fn superuser(&self) -> &Psql {
        &self.superuser
    }

    /// Stops the server by a signal, `INT` for a fast and `QUIT` for an immediate shutdown, and
    /// starts it again.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn restart(&mut self, signal: &str) -> Result<(), Failure> {
        self.running.stop(signal);
        let data = self.scratch.path("data");
        self.running = start(self.scratch, "postgres", &data, &self.superuser)?;
        Ok(())
    }

    /// Until the server ends.
    pub fn wait(mut self) {
        self.running.wait();
    }
}

impl Drop for Postgres<'_> {
    fn drop(&mut self) {
        // An immediate shutdown: the data goes anyway.
        self.running.stop("QUIT");
    }
}

/// `cargo xtask postgres`: a server for as long as this runs.
///
/// # Errors
///
/// As [`Postgres::for_tests`].
pub fn keep() -> Result<(), Failure> {
    crate::needs::meet(crate::needs::POSTGRES)?;
    let scratch = Scratch::new("postgres")?;
    let postgres = Postgres::for_tests(&scratch)?;
    println!("export {}={}", crate::TEST_POSTGRES, postgres.kept().dsn());
    println!("The server and its data are gone when this ends (Ctrl-C).");
    postgres.wait();
    Ok(())
}

/// The folder of the newest PostgreSQL that is installed.
///
/// # Errors
///
/// When there is none.
pub fn programs() -> Result<PathBuf, Failure> {
    newest(Path::new(INSTALLED)).ok_or_else(|| {
        Failure::new(
            1,
            format!("xtask: no PostgreSQL in {INSTALLED}: install Debian's package postgresql"),
        )
    })
}

fn newest(installed: &Path) -> Option<PathBuf> {
    let versions = fs::read_dir(installed).ok()?.flatten();
    let newest = versions
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|version| bin(installed, *version).join("initdb").is_file())
        .max()?;
    Some(bin(installed, newest))
}

fn bin(installed: &Path, version: u32) -> PathBuf {
    installed.join(version.to_string()).join("bin")
}

/// Starts the server of a data folder and waits until it answers.
///
/// # Errors
///
/// When it does not; with the end of its log.
pub fn start<'s>(
    scratch: &'s Scratch,
    name: &str,
    data: &Path,
    superuser: &Psql,
) -> Result<Running<'s>, Failure> {
    let mut command = scratch.account.command(superuser.programs.join("postgres"));
    command
        .arg("-D")
        .arg(data)
        .current_dir(data)
        .env("LC_ALL", "C");
    let mut running = Running::start(scratch, name, command)?;
    running.ready(Duration::from_secs(START_SECONDS), || {
        superuser.ask("select 1").ok()
    })?;
    Ok(running)
}

/// Where a server of this scratch listens: its own port, its own folder for the socket.
///
/// # Errors
///
/// When the folder cannot be made.
pub fn own_settings(scratch: &Scratch, port: u16) -> Result<String, Failure> {
    let socket = scratch.folder("socket")?;
    let socket = socket.display().to_string();
    // Everything goes over TCP; a checkout in a deep folder just has no socket.
    let socket = if socket.len() > MAX_SOCKET_FOLDER_BYTES {
        ""
    } else {
        &socket
    };
    Ok(format!(
        "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{socket}'\n"
    ))
}

/// Adds lines to a file of settings; of two for one setting the later counts.
///
/// # Errors
///
/// When the file cannot be written.
pub fn add(file: &Path, lines: &str) -> Result<(), Failure> {
    use std::io::Write as _;
    let added = File::options()
        .append(true)
        .open(file)
        .and_then(|mut file| file.write_all(lines.as_bytes()));
    added.map_err(|error| Failure::new(1, format!("xtask: {}: {error}", file.display())))
}

/// A password that nobody guesses: 128 random bits, in hexadecimal.
///
/// # Errors
///
/// When the system has no randomness.
pub fn secret() -> Result<String, Failure> {
    let mut bytes = [0; 16];
    let read = File::open("/dev/urandom").and_then(|mut random| random.read_exact(&mut bytes));
    read.map_err(|error| Failure::new(1, format!("xtask: no randomness: {error}")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn port() -> Result<u16, Failure> {
    let [port] = free_ports(Ipv4Addr::LOCALHOST)
        .map_err(|error| Failure::new(1, format!("xtask: no free port: {error}")))?;
    Ok(port)
}

/// Makes a data folder.
fn initialized(scratch: &Scratch, programs: &Path, password: &str) -> Result<PathBuf, Failure> {
    let data = scratch.folder("data")?;
    let file = scratch.file("superuser", password)?;
    let account: Account = scratch.account;
    let mut initdb = account.command(programs.join("initdb"));
    initdb
        .args([
            "--locale=C",
            "--encoding=UTF8",
            "--auth=scram-sha-256",
            "--no-sync",
        ])
        .args(["--data-checksums", "--username", SUPERUSER, "--pgdata"])
        .arg(&data)
        .arg("--pwfile")
        .arg(&file)
        .current_dir(&data)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let said = initdb
        .output()
        .map_err(|error| Failure::new(1, format!("xtask: initdb: {error}")))?;
    if said.status.success() {
        return Ok(data);
    }
    let why = String::from_utf8_lossy(&said.stderr);
    Err(Failure::new(1, format!("xtask: initdb: {}", why.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_is_taken_by_its_number() {
        let scratch = Scratch::new("postgres-versions").expect("a folder");
        let installed = scratch.folder("installed").expect("a folder");
        assert_eq!(newest(&installed), None);
        for version in ["9", "15", "17", "18", "doc"] {
            scratch
                .folder(&format!("installed/{version}"))
                .expect("a folder");
            scratch
                .folder(&format!("installed/{version}/bin"))
                .expect("a folder");
        }
        for version in ["9", "15", "17", "doc"] {
            let initdb = format!("installed/{version}/bin/initdb");
            scratch.file(&initdb, "").expect("a file");
        }
        assert_eq!(newest(&installed), Some(installed.join("17/bin")));
    }

    #[test]
    fn secrets_differ() {
        let (one, other) = (secret().expect("random"), secret().expect("random"));
        assert_eq!(one.len(), 32);
        assert_ne!(one, other);
    }
}
