//! The program's commands.

pub mod demo;
mod stop;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

/// Kept: appointments kept, promises kept.
#[derive(Debug, clap::Parser)]
#[command(name = "kept", version)]
enum Command {
    Demo(demo::Arguments),
}

/// Reads the command line and does what it says.
#[must_use]
pub fn run() -> ExitCode {
    let command = Command::parse();
    let done = match &command {
        Command::Demo(arguments) => demo::run(arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // When standard error is closed, the exit code has to be enough.
            let _ = writeln!(std::io::stderr(), "kept: {error}");
            ExitCode::FAILURE
        }
    }
}
