//! `cargo xtask test`, `bench` and `guides`: the commands that need more than cargo.
//!
//! `test` installs what the tests need when it can, then runs the format check, clippy with
//! warnings as errors and every test, the browser journeys among them. `bench` builds a release
//! and measures it. `guides` takes the pictures of the guides. All stop at the first step that fails and end with that step's exit code.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command for the terminal"
)]

mod guides;
mod needs;
mod step;

use std::ffi::OsString;
use std::process::ExitCode;

use step::{Failure, cargo};

const USAGE: &str = "usage: cargo xtask test
       cargo xtask bench [arguments for the bench]
       cargo xtask guides";

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    let verb = words.next().unwrap_or_default();
    let rest: Vec<OsString> = words.collect();
    let done = match verb.to_str() {
        Some("test") if rest.is_empty() => test(),
        Some("bench") => bench(&rest),
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
    needs::meet()?;
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
    step::run("tests", cargo(["test", "--workspace"]))
}

/// Measures the release build; `arguments` go to the bench as they are.
fn bench(arguments: &[OsString]) -> Result<(), Failure> {
    let build = ["build", "--release", "-p", "kept_app", "-p", "kept_bench"];
    let mut whole = cargo(["run", "--release", "-p", "kept_bench", "--"]);
    whole.args(arguments);
    step::run("release build", cargo(build))?;
    // The bench of the process reports these figures with its own.
    step::run("bench of slots", cargo(["bench", "-p", "kept_slots"]))?;
    step::run("bench of the process", whole)
}
