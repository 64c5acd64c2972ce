//! `kept config check`: are the settings right?

use std::process::ExitCode;

use super::{Outcome, Settings, output};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Print OK, or everything that is wrong with the settings
    Check(Settings),
}

pub(super) fn run(command: &Command) -> Outcome {
    let Command::Check(settings) = command;
    Ok(match settings.load() {
        Ok(_) => {
            output::line("OK");
            ExitCode::SUCCESS
        }
        Err(findings) => {
            output::line(findings);
            ExitCode::FAILURE
        }
    })
}
