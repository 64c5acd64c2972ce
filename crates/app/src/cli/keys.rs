//! `kept keys`: keys of an installation.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{Outcome, output};
use crate::backup::Identity;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make an identity that opens backups; prints whom to encrypt them to
    Identity {
        /// The file to keep it in; it must not be there yet
        file: PathBuf,
    },
}

pub(super) fn run(command: Command) -> Outcome {
    let Command::Identity { file } = command;
    let identity = Identity::generate();
    identity.save(&file)?;
    output::line(format_args!("recipient = \"{}\"", identity.recipient()));
    output::line(
        "Write this into [backup]. Keep the file apart from the server and from the backups:",
    );
    output::line("without it no backup can be read again.");
    Ok(ExitCode::SUCCESS)
}
