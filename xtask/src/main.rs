//! `cargo xtask`: the commands that need more than cargo.
//!
//! `test` installs what the tests need when it can, then runs the format check, clippy with
//! warnings as errors and every test, the browser journeys among them, and again on a PostgreSQL of
//! its own. `postgres` keeps such a PostgreSQL for whoever works on Kept. `bench` builds a release
//! and measures it. `ha` kills servers under load and counts what was lost; `pitr` restores a
//! PostgreSQL to a moment. `faults` fills disks, breaks them and cuts their power under load. `scan` asks the running
//! demo what a stranger makes up. `guides` takes the pictures of the guides. All stop at the first step
//! that fails and end with that step's exit code.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command for the terminal"
)]

mod faults;
mod guides;
mod ha;
mod needs;
mod oidc;
mod pitr;
mod postgres;
mod scan;
mod server;
mod step;

use std::ffi::OsString;
use std::process::ExitCode;

use postgres::Postgres;
use server::Scratch;
use step::{Failure, cargo};

const USAGE: &str = "usage: cargo xtask test
       cargo xtask postgres
       cargo xtask bench [arguments for the bench]
       cargo xtask ha [see docs/postgresql.md]
       cargo xtask pitr
       cargo xtask faults [see docs/operating/faults.md]
       cargo xtask scan [see CONTRIBUTING.md]
       cargo xtask guides";

/// Where the tests find a PostgreSQL; without it they use SQLite.
const TEST_POSTGRES: &str = "KEPT_TEST_POSTGRES";

/// Where the bench finds one.
const BENCH_POSTGRES: &str = "KEPT_BENCH_POSTGRES";

/// A server as an installation has it: everything is durable.
const BENCH_SETTINGS: &str = "\
max_connections = 200
shared_buffers = 512MB
max_wal_size = 4GB
max_locks_per_transaction = 256
jit = off
";

/// The tests that run again on PostgreSQL: those of the store, and all requests. The others look at
/// sources, at pages in a browser, or at what a process leaves in its folder.
const ON_POSTGRES: [&[&str]; 2] = [
    &["test", "-p", "kept_base", "--lib", "store::"],
    &[
        "test",
        "-p",
        "kept_app",
        "--test",
        "it",
        "--",
        "--skip",
        "tidy::",
        "--skip",
        "browser::",
        "--skip",
        "journeys::",
        "--skip",
        "screens",
        "--skip",
        "crash::",
        "--skip",
        "process::",
        "--skip",
        "commands::",
        "--skip",
        "keyring::",
        "--skip",
        "smtp::",
    ],
];

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    let verb = words.next().unwrap_or_default();
    let rest: Vec<OsString> = words.collect();
    let done = match verb.to_str() {
        Some("test") if rest.is_empty() => test(),
        Some("bench") => bench(&rest),
        Some("postgres") if rest.is_empty() => postgres::keep(),
        Some("pitr") if rest.is_empty() => pitr::run(),
        Some("ha") => ha::run(&rest),
        Some("faults") => faults::run(&rest),
        Some("scan") => scan::run(&rest),
        Some("guides") if rest.is_empty() => guides::take(),
        _ => Err(Failure::new(2, USAGE)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(failure.code())
        }
    }
}

/// What a change must pass before it is merged, cheapest first.
fn test() -> Result<(), Failure> {
    needs::meet_tests()?;
    oidc::install()?;
    let clippy = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    step::run("format", cargo(["fmt", "--all", "--check"]))?;
    step::run("clippy", cargo(clippy))?;
    step::run("tests on SQLite", cargo(["test", "--workspace"]))?;
    test_on_postgres()
}

/// The suite again, on a PostgreSQL that lives no longer than it.
fn test_on_postgres() -> Result<(), Failure> {
    let scratch = Scratch::new("postgres")?;
    let postgres = Postgres::for_tests(&scratch)?;
    for selection in ON_POSTGRES {
        let mut tests = cargo::<0>([]);
        tests.args(selection);
        tests.env(TEST_POSTGRES, postgres.kept().dsn());
        step::run("tests on PostgreSQL", tests)?;
    }
    Ok(())
}

/// Measures the release build; `arguments` go to the bench as they are.
fn bench(arguments: &[OsString]) -> Result<(), Failure> {
    let build = ["build", "--release", "-p", "kept_app", "-p", "kept_bench"];
    needs::meet(needs::POSTGRES)?;
    let scratch = Scratch::new("bench")?;
    let postgres = Postgres::fresh(&scratch, BENCH_SETTINGS)?;
    let mut whole = cargo(["run", "--release", "-p", "kept_bench", "--"]);
    whole.args(arguments);
    whole.env(BENCH_POSTGRES, postgres.kept().dsn());
    step::run("release build", cargo(build))?;
    // The bench of the process reports these figures with its own.
    step::run("bench of slots", cargo(["bench", "-p", "kept_slots"]))?;
    step::run("bench of the process", whole)
}
