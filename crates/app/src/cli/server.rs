//! `kept server`: PostgreSQL servers that organizations can be moved to, beside that of the settings.

use std::path::PathBuf;
use std::process::ExitCode;

use kept_base::store::Dsn;

use super::{Outcome, Settings, block_on, installation, output};
use crate::config::read_secret;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make a server known; it must answer
    Add(Add),
    /// List the servers that are known, and how many organizations are on each
    List(Settings),
}

#[derive(Debug, clap::Args)]
pub(super) struct Add {
    /// What it is to be called: kept org move riverside --to postgres:NAME
    name: String,
    /// A file of mode 0600 with its connection string
    #[arg(long, value_name = "FILE")]
    dsn_file: PathBuf,
    #[command(flatten)]
    settings: Settings,
}

/// The file of the connection string will not do.
#[derive(Debug, thiserror::Error)]
#[error("{} {what}", path.display())]
struct Unreadable {
    path: PathBuf,
    what: String,
}

pub(super) fn run(command: Command) -> Outcome {
    match command {
        Command::Add(add) => block_on(make_known(add))?,
        Command::List(settings) => block_on(list(settings))?,
    }
}

async fn make_known(add: Add) -> Outcome {
    let config = add.settings.load()?;
    let text = read_secret(&add.dsn_file).map_err(|what| Unreadable {
        path: add.dsn_file.clone(),
        what,
    })?;
    let dsn = Dsn::parse(text.expose())?;
    let store = installation::open_existing(&config)?;
    store.add_server(&add.name, dsn).await?;
    output::line(format_args!(
        "{}  answers; kept org move SLUG --to postgres:{} brings an organization there",
        add.name, add.name
    ));
    store.close();
    Ok(ExitCode::SUCCESS)
}

async fn list(settings: Settings) -> Outcome {
    let config = settings.load()?;
    let store = installation::open_existing(&config)?;
    let known = store.servers().await?;
    if known.is_empty() {
        output::line("no servers beside that of the settings: kept server add makes one known");
    }
    for (name, organizations) in known {
        output::line(format_args!("{name}  {organizations} organizations"));
    }
    store.close();
    Ok(ExitCode::SUCCESS)
}
