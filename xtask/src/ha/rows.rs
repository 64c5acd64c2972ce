//! Rows through the proxy, by PostgreSQL's own client: what the cluster promises without Kept.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::load::{Load, Seen, Writer};
use crate::server::psql::Psql;
use crate::step::Failure;

/// How many write.
const WRITERS: u64 = 4;
/// Most rows of one writer.
const MAX_ROWS: u64 = 1_000_000;
/// How long a row may take, in seconds.
const ANSWER_SECONDS: u64 = 5;

/// One who writes numbered rows.
pub struct Rows {
    psql: Psql,
    number: u64,
    next: u64,
    kept: Vec<u64>,
    session: Option<Session>,
}

/// A client that is connected, or tries to be.
struct Session {
    client: Child,
    input: ChildStdin,
    rows: Receiver<String>,
}

/// Makes the table and starts to write into it.
///
/// # Errors
///
/// When the table cannot be made.
pub fn start(psql: &Psql) -> Result<Load<Rows>, Failure> {
    psql.ask(
        "create table ledger (
             writer bigint not null, number bigint not null, primary key (writer, number))",
    )?;
    let writers = (0..WRITERS).map(|number| {
        let rows = Rows {
            psql: psql.clone(),
            number,
            next: 0,
            kept: Vec::new(),
            session: None,
        };
        (0, rows)
    });
    Ok(Load::start(1, Duration::ZERO, writers.collect()))
}

/// What was found after it all.
pub struct Found {
    /// Rows that were acknowledged, and how many of them are gone.
    pub acknowledged: usize,
    pub lost: usize,
    /// Rows that are there although nobody was told so.
    pub more: usize,
}

impl Found {
    /// # Errors
    ///
    /// When an acknowledged row is gone.
    pub fn judge(&self) -> Result<(), Failure> {
        match (self.acknowledged, self.lost) {
            (1.., 0) => Ok(()),
            _ => Err(Failure::new(1, "xtask: ha: acknowledged rows were lost")),
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            acknowledged,
            lost,
            more,
        } = self;
        write!(
            f,
            "{acknowledged} rows were acknowledged, {lost} of them lost. {more} are there of which \
             the writer never heard."
        )
    }
}

/// Looks for every acknowledged row.
///
/// # Errors
///
/// When the table cannot be read.
pub fn find(psql: &Psql, writers: &[Rows]) -> Result<Found, Failure> {
    let there = psql.ask("select writer || ' ' || number from ledger")?;
    let there: BTreeSet<&str> = there.lines().collect();
    let kept = writers
        .iter()
        .flat_map(|rows| rows.kept.iter().map(|row| format!("{} {row}", rows.number)));
    let kept: Vec<String> = kept.collect();
    let lost = kept
        .iter()
        .filter(|row| !there.contains(row.as_str()))
        .count();
    Ok(Found {
        acknowledged: kept.len(),
        lost,
        more: there.len() + lost - kept.len(),
    })
}

impl Writer for Rows {
    fn write(&mut self) -> Seen {
        if self.next == MAX_ROWS {
            return Seen::Nothing;
        }
        // A number that failed is never tried again: it may be there.
        let (writer, row) = (self.number, self.next);
        self.next += 1;
        if self.session.is_none() {
            self.session = open(&self.psql);
        }
        let insert = format!("insert into ledger values ({writer}, {row}) returning number;");
        match self
            .session
            .as_mut()
            .and_then(|session| session.ask(&insert))
        {
            // The client prints the row once the server has said that the statement, and with it
            // its transaction, is done.
            Some(said) if said == row.to_string() => {
                self.kept.push(row);
                Seen::Kept
            }
            _ => {
                self.session = None;
                Seen::Failed
            }
        }
    }
}

impl Session {
    fn ask(&mut self, statement: &str) -> Option<String> {
        writeln!(self.input, "{statement}").ok()?;
        let limit = Duration::from_secs(ANSWER_SECONDS);
        self.rows.recv_timeout(limit).ok()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.client.kill();
        let _ = self.client.wait();
    }
}

fn open(psql: &Psql) -> Option<Session> {
    let mut command = psql.client();
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut client = command.spawn().ok()?;
    let (input, output) = client.stdin.take().zip(client.stdout.take())?;
    let (sender, rows) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    Some(Session {
        client,
        input,
        rows,
    })
}
