//! Measures Kept as a whole process and writes `docs/benchmarks.md`.
//!
//! `kept_bench [--seconds n] [--no-document] [--only search|desk|door|many|engines]`: each measurement takes about n
//! seconds (10). With `--only` the one part is measured; only that of the engines is written down. The
//! engine of a server is measured where `KEPT_BENCH_POSTGRES` names one.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command for the terminal"
)]

mod crowd;
mod desk;
mod door;
mod engines;
mod ground;
mod load;
mod measure;
mod prepare;
mod report;
mod server;
mod session;
mod slots;
mod wire;

use std::cell::RefCell;
use std::path::Path;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Duration;

use ground::Ground;
use measure::{Days, RIVALS, Starts};
use prepare::{Anything, Prepared};
use report::{Row, number};
use server::Server;

const SECONDS: u64 = 10;
const USAGE: &str =
    "usage: kept_bench [--seconds n] [--no-document] [--only search|desk|door|many|engines]";

/// A part that can be measured alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Search,
    Desk,
    Door,
    Many,
    Engines,
}

struct Arguments {
    time: Duration,
    writes_document: bool,
    only: Option<Part>,
    /// As they were given.
    text: String,
}

fn main() -> ExitCode {
    let done = arguments().and_then(|arguments| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(bench(&arguments))
    });
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("a target was missed");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("kept_bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Arguments, Anything> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let mut arguments = Arguments {
        time: Duration::from_secs(SECONDS),
        writes_document: true,
        only: None,
        text: given.join(" "),
    };
    let mut words = given.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seconds" => {
                let seconds = words.next().and_then(|text| text.parse().ok());
                arguments.time = Duration::from_secs(seconds.filter(|n| *n > 0).ok_or(USAGE)?);
            }
            "--no-document" => arguments.writes_document = false,
            "--only" => {
                arguments.only = Some(match words.next().map(String::as_str) {
                    Some("search") => Part::Search,
                    Some("desk") => Part::Desk,
                    Some("door") => Part::Door,
                    Some("many") => Part::Many,
                    Some("engines") => Part::Engines,
                    _ => return Err(USAGE.into()),
                });
            }
            _ => return Err(USAGE.into()),
        }
    }
    Ok(arguments)
}

/// Measures everything; tells whether every target was met.
async fn bench(arguments: &Arguments) -> Result<bool, Anything> {
    let folder = tempfile::Builder::new().prefix("kept-bench-").tempdir()?;
    if arguments.only == Some(Part::Engines) {
        return both_engines(folder.path(), arguments).await;
    }
    if arguments.only == Some(Part::Many) {
        print!(
            "{}",
            report::table(&engines::many(folder.path(), arguments.time).await?)
        );
        return Ok(true);
    }
    let ground = Ground::files(folder.path())?;
    if arguments.only == Some(Part::Door) {
        let mut rows = session::rows(&ground).await?;
        rows.extend(door::rows(&ground).await?);
        print!("{}", report::table(&rows));
        return Ok(rows.iter().all(|row| row.passed != Some(false)));
    }
    eprintln!("preparing the data");
    let prepared = prepare::prepare(&ground).await?;
    if let Some(part) = arguments.only {
        let rows = alone(&ground, part, arguments.time).await?;
        print!("{}", report::table(&rows));
        return Ok(rows.iter().all(|row| row.passed != Some(false)));
    }
    let cookie = crowd::prepare(&ground).await?;
    let desk = desk::prepare(&ground).await?;
    let rush = Rc::new(RefCell::new(Starts::rush(&prepared)));
    let mut rows = slots::rows()?;
    rows.extend(crowd_rows(folder.path(), &cookie).await?);
    rows.extend(with_group_commit(folder.path(), (&prepared, &desk), &rush, arguments.time).await?);
    rows.extend(without_group_commit(folder.path(), &rush, arguments.time).await?);
    rows.extend(session::rows(&ground).await?);
    rows.extend(door::rows(&ground).await?);
    print!("{}", report::table(&rows));
    if arguments.writes_document {
        let command = format!("cargo xtask bench {}", arguments.text);
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/benchmarks.md");
        let old = std::fs::read_to_string(&place)?;
        std::fs::write(place, report::renewed(&old, &rows, command.trim()))?;
    }
    let engines = both_engines(folder.path(), arguments).await?;
    Ok(engines && rows.iter().all(|row| row.passed != Some(false)))
}

/// Both engines beside each other; tells whether every target was met.
async fn both_engines(folder: &Path, arguments: &Arguments) -> Result<bool, Anything> {
    let engines = engines::measure(folder, arguments.time).await?;
    let part = report::engines(&engines, arguments.text.trim());
    print!("{part}");
    if arguments.writes_document {
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/benchmarks.md");
        let old = std::fs::read_to_string(&place)?;
        std::fs::write(place, report::with_part(&old, report::ENGINES, &part))?;
    }
    let mut all = engines.files.iter().chain(&engines.server);
    Ok(all.all(|row| row.passed != Some(false)))
}

/// One part, in a process that did nothing else.
async fn alone(ground: &Ground, part: Part, time: Duration) -> Result<Vec<Row>, Anything> {
    match part {
        Part::Search => {
            let cookie = crowd::prepare(ground).await?;
            crowd_rows(ground.folder(), &cookie).await
        }
        Part::Door | Part::Many | Part::Engines => Ok(Vec::new()),
        Part::Desk => {
            let desk = desk::prepare(ground).await?;
            let server = Server::start(ground.folder(), &[])?;
            server.settle()?;
            let rows = desk::rows(server.address, &desk, time).await?;
            server.stop()?;
            Ok(rows)
        }
    }
}

/// Typing in the search for customers.
async fn crowd_rows(folder: &Path, cookie: &str) -> Result<Vec<Row>, Anything> {
    let server = Server::start(folder, &[])?;
    server.settle()?;
    eprintln!("typing in the search for customers");
    let typing = crowd::ask(server.address, cookie).await?;
    server.stop()?;
    let what = format!(
        "search among {} customers, each letter",
        number(crowd::PEOPLE as f64, 0)
    );
    let both = |seen: &load::Seen| {
        let (half, most) = (seen.percentile_ms(50), seen.percentile_ms(99));
        format!("{} / {} ms", number(half, 1), number(most, 1))
    };
    let p99 = typing.letters.percentile_ms(99);
    Ok(vec![
        Row::at_most(&format!("{what}: p99"), p99, 10.0, "ms"),
        Row::told(&format!("{what}: p50 / p99"), both(&typing.letters)),
        Row::told(
            "the same for a text that finds nobody (floor): p50 / p99",
            both(&typing.floor),
        ),
    ])
}

async fn with_group_commit(
    folder: &Path,
    (prepared, desk): (&Prepared, &desk::Desk),
    rush: &Rc<RefCell<Starts>>,
    time: Duration,
) -> Result<Vec<Row>, Anything> {
    let server = Server::start(folder, &[])?;
    server.settle()?;
    eprintln!("{RIVALS} who want one time");
    let race = measure::race(server.address, prepared).await?;
    eprintln!("days");
    let days = measure::ask_days(server.address, prepared, time).await?;
    // The mail of what was booked meanwhile is no part of a week's page.
    server.settle()?;
    eprintln!("the staff calendar");
    let calendar = desk::rows(server.address, desk, time).await?;
    eprintln!("bookings, with group commit");
    let before = server.cpu_seconds()?;
    let booked = measure::book(server.address, rush, time).await?;
    let cpu = server.cpu_seconds()? - before;
    let (now, most) = server.memory_mb()?;
    server.stop()?;
    let mut rows = days_rows(&days);
    rows.extend(calendar);
    rows.push(Row::at_least(
        "bookings/s, durable, group commit on",
        booked.per_second(),
        2_000.0,
        0,
    ));
    rows.push(latency("bookings, group commit on", &booked.book));
    rows.push(Row::told(
        "processor time of the program per booking, mail included",
        format!("{} µs", number(cpu * 1e6 / booked.book.count() as f64, 0)),
    ));
    let others = race.count() - race.with(201) - race.with(409);
    rows.push(Row {
        what: format!("{RIVALS} who want one time at once: 201 / 409 `slot_taken` / other"),
        measured: format!("{} / {} / {others}", race.with(201), race.with(409)),
        target: format!("1 / {} / 0", RIVALS - 1),
        passed: Some(race.with(201) == 1 && others == 0),
    });
    rows.push(Row::at_most(
        "memory of the process after all this",
        now,
        100.0,
        "MB",
    ));
    rows.push(Row::told(
        "the most it had",
        format!("{} MB", number(most, 1)),
    ));
    Ok(rows)
}

async fn without_group_commit(
    folder: &Path,
    rush: &Rc<RefCell<Starts>>,
    time: Duration,
) -> Result<Vec<Row>, Anything> {
    let server = Server::start(folder, &["--no-group-commit"])?;
    eprintln!("bookings, without group commit");
    let booked = measure::book(server.address, rush, time).await?;
    server.stop()?;
    let rate = number(booked.per_second(), 0);
    Ok(vec![
        Row::told("bookings/s, durable, group commit off", rate),
        latency("bookings, group commit off", &booked.book),
    ])
}

fn days_rows(days: &Days) -> Vec<Row> {
    let fixed = days.fixed.per_second();
    let ratio = |outcome: &load::Outcome| outcome.per_second() / fixed;
    let rate =
        |what: &str, outcome: &load::Outcome| Row::told(what, number(outcome.per_second(), 0));
    let within = |what, seen: &load::Seen| Row::at_most(what, seen.percentile_ms(99), 10.0, "ms");
    let (fixed_bytes, days_bytes) = (days.fixed_bytes, days.days_bytes);
    vec![
        rate(
            &format!("static file of {fixed_bytes} bytes, requests/s"),
            &days.fixed,
        ),
        rate(
            &format!("`days` of a month, {days_bytes} bytes, requests/s"),
            &days.unchanged,
        ),
        Row::at_least(
            "`days`, as a part of static",
            ratio(&days.unchanged),
            0.5,
            2,
        ),
        within("`days`, p99", &days.unchanged.read),
        rate("`days` with 2 % bookings, requests/s", &days.mixed),
        Row::at_least(
            "`days` with 2 % bookings, as a part of static",
            ratio(&days.mixed),
            0.25,
            2,
        ),
        within("`days` with 2 % bookings, p99", &days.mixed.read),
        latency("bookings among them", &days.mixed.book),
    ]
}

fn latency(what: &str, seen: &load::Seen) -> Row {
    let (p50, p99) = (seen.percentile_ms(50), seen.percentile_ms(99));
    let measured = format!("{} / {} ms", number(p50, 1), number(p99, 1));
    Row::told(&format!("{what}, p50 / p99"), measured)
}
