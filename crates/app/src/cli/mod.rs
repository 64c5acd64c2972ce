//! The program's commands. Results go to standard output; what happens, and what went wrong, to
//! standard error.

mod backup;
mod check;
pub mod demo;
mod doctor;
mod doors;
mod export;
mod installation;
mod kept;
mod keys;
mod log;
mod memory;
mod operator;
mod org;
mod output;
mod restore;
mod serve;
mod server;
mod stop;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser as _;

pub use installation::{LOCK_FILE, Lock, OpenError};
pub use stop::Stop;

use crate::config::{Config, Findings, Sources};

/// Threads for work that blocks (transactions, opening files), beyond the runtime's own.
const MAX_BLOCKING_THREADS: usize = 64;

/// Read when `--config` is absent and it is there.
const DEFAULT_CONFIG_FILE: &str = "kept.toml";

/// Kept: appointments kept, promises kept.
#[derive(Debug, clap::Parser)]
#[command(name = "kept", version)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Serve pages and the API until told to stop
    Serve(Settings),
    /// Organizations of this installation
    Org {
        #[command(subcommand)]
        command: org::Command,
    },
    /// Who may open the operator's pages
    Operator {
        #[command(subcommand)]
        command: operator::Command,
    },
    /// List backups, moves and other work of this installation, the newest first
    Jobs(Settings),
    /// Settings of this installation
    Config {
        #[command(subcommand)]
        command: check::Command,
    },
    /// Copy the data, then the keys, into the backup folder; a server may run meanwhile
    Backup(backup::Arguments),
    /// Put organizations back from backups, or try whether that works
    Restore(restore::Arguments),
    /// Write a whole organization into one encrypted package that other programs can read
    Export(export::Export),
    /// Make an organization of such a package
    Import(export::Import),
    /// PostgreSQL servers beside that of the settings
    Server {
        #[command(subcommand)]
        command: server::Command,
    },
    /// Keys of this installation
    Keys {
        #[command(subcommand)]
        command: keys::Command,
    },
    Demo(demo::Arguments),
    /// Look whether everything is as it should be
    Doctor(Settings),
    /// Print who may do what
    Policy,
}

/// Where settings come from.
#[derive(Debug, clap::Args)]
struct Settings {
    /// The file with the settings [default: kept.toml when there is one]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Set one key, over the file and the environment
    #[arg(long, value_name = "SECTION.KEY=TEXT")]
    set: Vec<String>,
}

impl Settings {
    fn load(&self) -> Result<Config, Findings> {
        let usual = PathBuf::from(DEFAULT_CONFIG_FILE);
        Config::load(&Sources {
            file: self
                .config
                .clone()
                .or_else(|| usual.exists().then_some(usual)),
            environment: std::env::vars_os().collect(),
            flags: self.set.clone(),
        })
    }
}

/// Reads the command line and does what it says.
#[must_use]
pub fn main() -> ExitCode {
    let line = Line::parse();
    let done = match line.command {
        Command::Serve(settings) => serve::serve(&settings),
        Command::Org { command } => org::run(command),
        Command::Operator { command } => operator::run(command),
        Command::Jobs(settings) => operator::jobs(&settings),
        Command::Config { command } => check::run(&command),
        Command::Backup(arguments) => backup::run(&arguments),
        Command::Restore(arguments) => restore::run(arguments),
        Command::Export(arguments) => export::export(&arguments),
        Command::Import(arguments) => export::import(arguments),
        Command::Server { command } => server::run(command),
        Command::Keys { command } => keys::run(command),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Doctor(settings) => doctor::run(&settings),
        Command::Policy => {
            output::line(crate::access::table().trim_end());
            Ok(ExitCode::SUCCESS)
        }
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            output::error(error.as_ref());
            ExitCode::FAILURE
        }
    }
}

/// Runs a command's work on all cores.
fn block_on<T>(work: impl Future<Output = T>) -> std::io::Result<T> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .max_blocking_threads(MAX_BLOCKING_THREADS)
        .enable_all()
        .build()?
        .block_on(work))
}

/// How a command ends: with a code, or with an error that says what to change.
type Outcome = Result<ExitCode, Box<dyn Error>>;

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_does_not_contradict_itself() {
        Line::command().debug_assert();
    }
}
