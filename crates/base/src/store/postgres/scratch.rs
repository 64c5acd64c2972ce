//! Databases that are gone when nobody needs them any more: for tests, benches and drills.

use postgres::Client;

use super::super::{Error, off_runtime};
use super::Dsn;
use super::session::judge;

/// The environment variable with the connection string of a server for tests; without it they run
/// on files.
pub const TEST_SERVER: &str = "KEPT_TEST_POSTGRES";

/// A database of its own on a server; dropping it removes it, whoever is connected.
pub struct Scratch {
    server: Dsn,
    dsn: Dsn,
    name: String,
}

impl Scratch {
    /// Makes an empty database on the server of `dsn`, called `name` or, if that is taken, with a
    /// number behind it.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the server does not make it.
    pub fn make(dsn: &Dsn, name: &str) -> Result<Self, Error> {
        let made = off_runtime(|| {
            let mut client = dsn.connect()?;
            let taken = client
                .query(
                    "select count(*) from pg_database where starts_with(datname, $1)",
                    &[&name],
                )
                .map_err(|error| judge(&error).0)?;
            let first: i64 = taken.first().map_or(0, |row| row.get(0));
            make(&mut client, name, first)
        })?;
        Ok(Self {
            server: dsn.clone(),
            dsn: dsn.with_database(&made),
            name: made,
        })
    }

    /// On the server that the environment names; `None` when it names none.
    ///
    /// # Panics
    /// When it names one that cannot be used: a test must not run elsewhere in silence.
    #[must_use]
    pub fn for_test(name: &str) -> Option<Self> {
        let text = std::env::var(TEST_SERVER).ok()?;
        let dsn = Dsn::parse(&text).expect("a connection string");
        Some(Self::make(&dsn, name).expect("a database for the test"))
    }

    /// How to reach it.
    #[must_use]
    pub fn dsn(&self) -> &Dsn {
        &self.dsn
    }
}

fn make(client: &mut Client, name: &str, first: i64) -> Result<String, Error> {
    let mut number = first;
    loop {
        let full = format!("{name}_{number}");
        match client.batch_execute(&format!("create database \"{full}\"")) {
            Ok(()) => return Ok(full),
            Err(error) if error.code() == Some(&postgres::error::SqlState::DUPLICATE_DATABASE) => {
                number += 1;
            }
            // Two that make one at the same time are in each other's way for a moment.
            Err(error) if error.code() == Some(&postgres::error::SqlState::UNIQUE_VIOLATION) => {
                number += 1;
            }
            Err(error) if error.code() == Some(&postgres::error::SqlState::OBJECT_IN_USE) => {}
            Err(error) => return Err(judge(&error).0),
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let sql = format!("drop database if exists \"{}\" with (force)", self.name);
        // One that stays behind is in nobody's way.
        let _ = off_runtime(|| {
            let mut client = self.server.connect()?;
            client.batch_execute(&sql).map_err(|error| judge(&error).0)
        });
    }
}
