//! `kept org networks`: the way back in for an organization whose owners are all outside.

use std::process::ExitCode;

use kept_base::kit::Actor;
use kept_base::store::OperatorActKind;

use super::super::{Outcome, Settings, block_on, installation, output};
use super::{checked_reason, named};
use crate::access;
use crate::config::Config;

#[derive(Debug, clap::Subcommand)]
pub(in crate::cli) enum Command {
    /// Remove all networks: members come in from anywhere; owners get a mail
    Clear(Clear),
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Clear {
    /// Its name in addresses
    slug: String,
    /// Why, for the record: nothing about customers
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(command: Command) -> Outcome {
    let Command::Clear(wanted) = command;
    let config = wanted.settings.load()?;
    block_on(clear(&wanted, config))?
}

async fn clear(wanted: &Clear, config: Config) -> Outcome {
    let reason = checked_reason(&wanted.reason)?;
    let store = installation::open(&config)?;
    let id = named(&store, &wanted.slug).await?;
    // First why, then the deed: nothing is done that the record does not say.
    let act = OperatorActKind::NetworksCleared;
    store
        .note_operator_act(id, Actor::OPERATOR, act, reason)
        .await?;
    let cleared = store
        .write(id, Actor::OPERATOR, access::clear_networks)
        .await?;
    store.close();
    let slug = &wanted.slug;
    output::line(match cleared {
        0 => format!("{slug} has no networks: members come in from anywhere"),
        _ => format!("{slug}: {cleared} networks removed, members come in from anywhere now"),
    });
    Ok(ExitCode::SUCCESS)
}
