//! A PostgreSQL that restarts under two Kept processes.

use std::path::Path;
use std::time::Instant;

use super::Tried;
use super::report::{Check, Course};
use crate::ha::kept::Pair;
use crate::ha::{bookings, found};
use crate::postgres::Postgres;
use crate::server::Scratch;
use crate::step::Failure;

/// A server as an installation has it: everything is durable.
const SETTINGS: &str = "max_connections = 200\nshared_buffers = 128MB\n";

/// The signal, and what it does.
const WAYS: [(&str, &str); 2] = [
    ("INT", "fast shutdown"),
    ("QUIT", "immediate shutdown, as after a crash"),
];

/// # Errors
///
/// When the server or the bookings do not come back.
pub fn run(scratch: &Scratch, program: &Path) -> Result<Tried, Failure> {
    let mut courses = Vec::new();
    let mut postgres = Postgres::fresh(scratch, SETTINGS)?;
    let pair = Pair::start(scratch, program, postgres.kept())?;
    let load = bookings::start(&pair)?;
    let mut gaps = Vec::new();
    for (signal, _) in WAYS {
        load.serves(Instant::now())?;
        let from = Instant::now();
        postgres.restart(signal)?;
        load.serves(Instant::now())?;
        gaps.push(load.gaps(from));
    }
    let (writers, _) = load.stop()?;
    let found = found::find(&pair, postgres.superuser(), &writers)?;
    found.judge()?;
    for ((_, way), gaps) in WAYS.iter().zip(gaps) {
        courses.push(Course {
            fault: format!("PostgreSQL restarts ({way}) under two processes"),
            check: Check {
                acknowledged: found.acknowledged,
                lost: found.lost,
                doubled: found.doubled,
                ..Check::default()
            },
            gap: gaps.iter().map(|(gap, _)| *gap).max().unwrap_or_default(),
            failed: gaps.iter().map(|(_, failed)| failed).sum(),
            seen: format!("both restarts in one run: {found}"),
        });
    }
    Ok(Tried::Seen(courses))
}
