//! `cargo xtask ha`: three PostgreSQL nodes under Patroni and etcd behind HAProxy, all on loopback.
//! Writers write while leaders fall; afterwards every acknowledged write is looked for. First with
//! rows and PostgreSQL's own client, then with bookings and two Kept processes on the same nodes.
//! `docs/postgresql.md` says what it means for operators.

mod arguments;
pub mod bookings;
mod cluster;
mod etcd;
mod fault;
pub mod found;
pub mod kept;
pub mod load;
mod node;
mod patroni;
pub mod report;
mod rows;
pub mod setup;

use std::ffi::OsString;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use arguments::Arguments;
use cluster::Cluster;
use node::Programs;

use crate::needs;
use crate::server::Scratch;
use crate::step::{self, Failure, cargo};

/// How many nodes.
const NODES: usize = 3;

/// Where a node listens: 127.0.0.11 and on.
fn address(node: usize) -> Ipv4Addr {
    let last = u8::try_from(node).unwrap_or(u8::MAX).saturating_add(11);
    Ipv4Addr::new(127, 0, 0, last)
}

/// Runs what the arguments ask for.
///
/// # Errors
///
/// When a write was lost or doubled, the nodes did not recover in time, or something is missing.
pub fn run(words: &[OsString]) -> Result<(), Failure> {
    let arguments = Arguments::read(words)?;
    needs::meet(needs::HIGH_AVAILABILITY)?;
    let kept = if arguments.nodes_only {
        None
    } else {
        Some(program(arguments.kept.as_deref())?)
    };
    let scratch = Scratch::new("ha")?;
    let patroni = match &arguments.patroni {
        Some(program) => program.clone(),
        None => patroni::install(&scratch)?,
    };
    let versions = report::versions(&patroni)?;
    println!("xtask: ha: {versions}");
    let programs = Programs {
        postgres: crate::postgres::programs()?,
        patroni,
    };
    let mut cluster = Cluster::start(&scratch, &programs)?;
    let writes = rows(&mut cluster, &arguments)?;
    if arguments.writes_document() {
        report::write(report::ROWS, &versions, &writes)?;
    }
    if let Some(kept) = kept {
        let writes = bookings(&scratch, &mut cluster, &kept, &arguments)?;
        if arguments.writes_document() {
            report::write(report::BOOKINGS, &versions, &writes)?;
        }
    }
    Ok(())
}

/// Rows through the proxy while leaders fall.
fn rows(cluster: &mut Cluster<'_>, arguments: &Arguments) -> Result<String, Failure> {
    let load = rows::start(&cluster.kept)?;
    let courses = fault::all(cluster, &load, &arguments.faults);
    let (writers, marks) = load.stop()?;
    let found = rows::find(&cluster.superuser, &writers)?;
    println!("xtask: ha: {found}");
    // A failure to recover is told after what was found, not instead of it.
    let courses = courses?;
    let table = report::table(&courses, &["writers"]);
    println!("{table}");
    found.judge()?;
    Ok(format!("{}{table}\n{found}\n", report::rate(&marks)))
}

/// Bookings at two processes while leaders fall.
fn bookings(
    scratch: &Scratch,
    cluster: &mut Cluster<'_>,
    program: &Path,
    arguments: &Arguments,
) -> Result<String, Failure> {
    let pair = kept::Pair::start(scratch, program, &cluster.kept)?;
    let load = bookings::start(&pair)?;
    let courses = fault::all(cluster, &load, &arguments.faults);
    let (writers, marks) = load.stop()?;
    let found = found::find(&pair, &cluster.superuser, &writers)?;
    println!("xtask: ha: {found}");
    let courses = courses?;
    let table = report::table(&courses, &["first process", "second process"]);
    println!("{table}");
    found.judge()?;
    Ok(format!("{}{table}\n{found}\n", report::rate(&marks)))
}

/// The Kept that is tested: one that was named, or a fresh release.
fn program(named: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(named) = named {
        let real = named.canonicalize();
        return real
            .map_err(|error| Failure::new(1, format!("xtask: {}: {error}", named.display())));
    }
    step::run(
        "release build",
        cargo(["build", "--release", "-p", "kept_app"]),
    )?;
    Ok(step::target().join("release/kept"))
}
