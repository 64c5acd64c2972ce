//! `cargo xtask faults`: the real program while its disk is full, broken or without power, while it
//! is killed, and while its PostgreSQL restarts, always under a load of bookings. Afterwards each
//! acknowledged booking is looked for. `docs/operating/faults.md` says what it means for operators.

mod arguments;
mod broken;
mod full;
mod killed;
mod mount;
mod power;
mod report;
mod server;
mod site;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use arguments::{Arguments, Fault};
use report::Course;

use crate::needs;
use crate::server::Scratch;
use crate::step::{self, Failure, cargo};

/// Set for the run that has mounts of its own.
const INSIDE: &str = "KEPT_FAULTS_INSIDE";

/// What became of one fault: what was seen, or why it could not be tried here.
enum Tried {
    Seen(Vec<Course>),
    Skipped(&'static str),
}

/// Runs what the arguments ask for.
///
/// # Errors
///
/// When a booking was lost or doubled, Kept did not go on as it should, or something is missing.
pub fn run(words: &[OsString]) -> Result<(), Failure> {
    let arguments = Arguments::read(words)?;
    if mount::is_root() && std::env::var_os(INSIDE).is_none() {
        return again_inside(words);
    }
    if arguments.faults.contains(&Fault::Server) {
        needs::meet(needs::POSTGRES)?;
    }
    let program = program(arguments.kept.as_deref())?;
    let (mut courses, mut skipped) = (Vec::new(), Vec::new());
    for fault in &arguments.faults {
        println!("xtask: faults: {fault}");
        let scratch = Scratch::new("faults")?;
        match one(&scratch, &program, *fault)? {
            Tried::Seen(seen) => {
                for course in &seen {
                    println!("{course}");
                }
                courses.extend(seen);
            }
            Tried::Skipped(why) => {
                println!("xtask: faults: {fault}: not tried here: {why}");
                skipped.push((*fault, why));
            }
        }
    }
    if arguments.writes_document() {
        report::write(&program, &courses, &skipped)?;
    }
    courses.iter().try_for_each(Course::judge)
}

fn one(scratch: &Scratch, program: &Path, fault: Fault) -> Result<Tried, Failure> {
    match fault {
        Fault::Full => full::run(scratch, program),
        Fault::Broken => broken::run(scratch, program),
        Fault::Killed => killed::run(scratch, program),
        Fault::Power => power::run(scratch, program),
        Fault::Server => server::run(scratch, program),
    }
}

/// The same with mounts that nobody else sees and that are gone with the last of its processes.
fn again_inside(words: &[OsString]) -> Result<(), Failure> {
    let own = std::env::current_exe()
        .map_err(|error| Failure::new(1, format!("xtask: faults: {error}")))?;
    let mut inside = Command::new("unshare");
    inside.args(["--mount", "--"]).arg(own).arg("faults");
    inside.args(words).env(INSIDE, "1");
    step::run("faults", inside)
}

/// The Kept that is tested: one that was named, or a fresh release.
fn program(named: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(named) = named {
        let real = named.canonicalize();
        return real
            .map_err(|error| Failure::new(1, format!("xtask: {}: {error}", named.display())));
    }
    let build = ["build", "--release", "-p", "kept_app"];
    step::run("release build", cargo(build))?;
    Ok(step::target().join("release/kept"))
}

/// Compiles one of the C sources beside this file; `None` where there is no compiler.
fn compiled(
    scratch: &Scratch,
    (name, source): (&str, &str),
    flags: &[&str],
) -> Result<Option<PathBuf>, Failure> {
    let file = scratch.file(&format!("{name}.c"), source)?;
    let to = scratch.path(name);
    let mut cc = Command::new("cc");
    cc.args(["-O1", "-Wall", "-o"])
        .arg(&to)
        .arg(file)
        .args(flags);
    match cc.status() {
        Err(_) => Ok(None),
        Ok(status) if status.success() => Ok(Some(to)),
        Ok(status) => Err(Failure::new(1, format!("xtask: cc {name}.c: {status}"))),
    }
}
