//! Asking a PostgreSQL through its own client.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use super::Account;
use crate::step::Failure;

/// How long a connection may take, in seconds.
const CONNECT_SECONDS: u32 = 3;

/// Where and as whom to ask.
#[derive(Clone)]
pub struct Psql {
    /// The folder of PostgreSQL's programs.
    pub programs: PathBuf,
    pub host: String,
    pub port: u16,
    pub user: String,
    pub password: String,
    pub database: String,
}

impl Psql {
    /// The rows of one or more statements, one a line, with `|` between columns.
    ///
    /// # Errors
    ///
    /// With what the server or the client says; the statement stands in no message.
    pub fn ask(&self, sql: &str) -> Result<String, Failure> {
        let said = self.said(sql);
        let said = said.map_err(|error| Failure::new(1, format!("xtask: psql: {error}")))?;
        if said.status.success() {
            return Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned());
        }
        let why = String::from_utf8_lossy(&said.stderr);
        Err(Failure::new(1, format!("xtask: psql: {}", why.trim())))
    }

    /// A number that a statement gives.
    ///
    /// # Errors
    ///
    /// As [`Psql::ask`], and when it is no number.
    pub fn number(&self, sql: &str) -> Result<u64, Failure> {
        let said = self.ask(sql)?;
        let wrong = |_| Failure::new(1, format!("xtask: psql: {said:?} is no number"));
        said.parse().map_err(wrong)
    }

    /// The client itself, reading statements from its input.
    pub fn client(&self) -> Command {
        let mut command = self.program("psql");
        command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]);
        command
    }

    /// One of PostgreSQL's programs as another account, told where the server is.
    pub fn program_as(&self, account: Account, name: &str) -> Command {
        self.told(account.command(self.programs.join(name)))
    }

    fn program(&self, name: &str) -> Command {
        self.told(Command::new(self.programs.join(name)))
    }

    fn told(&self, mut command: Command) -> Command {
        command
            .env("PGHOST", &self.host)
            .env("PGPORT", self.port.to_string())
            .env("PGUSER", &self.user)
            .env("PGPASSWORD", &self.password)
            .env("PGDATABASE", &self.database)
            .env("PGCONNECT_TIMEOUT", CONNECT_SECONDS.to_string())
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null());
        command
    }

    /// The same as another user, or of another database.
    pub fn with(&self, user: &str, password: &str, database: &str) -> Self {
        Self {
            user: user.to_owned(),
            password: password.to_owned(),
            database: database.to_owned(),
            ..self.clone()
        }
    }

    /// The address of the database as one line.
    pub fn dsn(&self) -> String {
        let Self {
            host,
            port,
            user,
            password,
            database,
            ..
        } = self;
        format!("postgres://{user}:{password}@{host}:{port}/{database}")
    }

    fn said(&self, sql: &str) -> std::io::Result<Output> {
        self.client().args(["-c", sql]).output()
    }
}
