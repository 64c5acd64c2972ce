//! `kept keys`: keys of an installation.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use kept_base::kit::{Actor, OrganizationId};
use kept_base::store::{
    Error, JobKind, Placed, Placement, Progress, Relocated, RootChange, Store, Told,
};
use serde_json::json;

use super::{Outcome, Settings, backup, block_on, installation, output};
use crate::backup::Identity;
use crate::config::{Backup, Config};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make an identity that opens backups; prints whom to encrypt them to
    Identity {
        /// The file to keep it in; it must not be there yet
        file: PathBuf,
    },
    /// Put new keys in the place of those in use; copies of before stay as they are
    Rotate {
        #[command(subcommand)]
        which: Rotate,
    },
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Rotate {
    /// The root key: everything under it is wrapped under a new one
    Root(Root),
    /// The keys of organizations: everything under each is wrapped under a new one
    Organization(Which),
    /// The keys of database files: each organization moves to new files
    Database(Which),
}

#[derive(Debug, clap::Args)]
pub(super) struct Which {
    /// The organization of this slug alone [default: all]
    slug: Option<String>,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, clap::Args)]
#[group(id = "old", required = true, multiple = false, args = ["keep_old", "forget_old"])]
pub(super) struct Root {
    /// Keep the old root key in this file, which must not be there yet: backups made until now are
    /// restored with it
    #[arg(long, value_name = "FILE")]
    keep_old: Option<PathBuf>,
    /// Keep the old root key nowhere: backups made until now are worth nothing
    #[arg(long)]
    forget_old: bool,
    /// The root key in use, when data.root_key_command prints the new one already
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(command: Command) -> Outcome {
    match command {
        Command::Identity { file } => identity(&file),
        Command::Rotate { which } => match which {
            Rotate::Root(root) => {
                let config = root.settings.load()?;
                block_on(rotate_root(root, &config))?
            }
            Rotate::Organization(which) => {
                let config = which.settings.load()?;
                block_on(rotate_organization(&which, &config))?
            }
            Rotate::Database(which) => {
                let config = which.settings.load()?;
                block_on(rotate_database(&which, &config))?
            }
        },
    }
}

/// Moves an organization, as a job of that kind.
pub(super) async fn relocate(
    store: &Arc<Store>,
    id: OrganizationId,
    to: Option<Placement>,
    kind: JobKind,
) -> Result<Relocated, Error> {
    let moving = Arc::clone(store);
    let told: Told = Arc::new(|rows, _| output::progress(format_args!("{rows} rows read")));
    store
        .run_job(kind, Some(id), Actor::OPERATOR, told, move |progress| {
            let moved = moving.relocate(id, to, progress)?;
            let outcome = json!({
                "from": moved.from.to_string(),
                "to": moved.to.to_string(),
                "rows": moved.rows,
                "steps": moved.steps,
                "paused_ms": moved.paused_ms,
            });
            Ok((moved, outcome.to_string()))
        })
        .await
}

async fn rotate_root(root: Root, config: &Config) -> Outcome {
    let store = match &root.from {
        Some(earlier) => installation::open_with_earlier(config, earlier)?,
        None => installation::open_existing(config)?,
    };
    let log = config.backup.as_ref().map(Backup::erasures);
    let (rotating, is_kept) = (Arc::clone(&store), root.keep_old.is_some());
    let told: Told =
        Arc::new(|done, all| output::progress(format_args!("{done} of {all} organizations")));
    let work = move |progress: &Progress| {
        let rotated = rotating.rotate_root(root.keep_old.as_deref(), log.as_deref(), progress)?;
        let keys = match rotated.change {
            RootChange::Changed(keys) => keys,
            RootChange::Ended | RootChange::Already => 0,
        };
        let outcome = json!({ "keys": keys, "unlogged": rotated.unlogged });
        Ok((rotated, outcome.to_string()))
    };
    let rotated = store
        .run_job(JobKind::RootRotation, None, Actor::OPERATOR, told, work)
        .await;
    output::progress_ends();
    let rotated = rotated?;
    match rotated.change {
        RootChange::Already => output::line("This root key is in use already."),
        RootChange::Ended => {
            output::line("A change that was cut short is at its end: the root key is a new one.");
        }
        RootChange::Changed(keys) => {
            output::line(format_args!(
                "The root key is a new one: {keys} organization keys are wrapped under it"
            ));
            output::line(if is_kept {
                "Backups made until now are restored with --earlier-root-key and the old one. Keep a copy\n\
                 of the new one, and make a backup now: kept backup"
            } else {
                "Backups made until now are worth nothing. Keep a copy of the new one, and make a backup\n\
                 now: kept backup"
            });
        }
    }
    if rotated.unlogged > 0 {
        output::line(format_args!(
            "The log of erasures of {} organizations is not under it yet: the next backup does that.",
            rotated.unlogged
        ));
    }
    store.close();
    Ok(ExitCode::SUCCESS)
}

/// The organizations whose keys are to be changed.
async fn chosen(
    store: &Arc<Store>,
    which: &Which,
) -> Result<Vec<Placed>, Box<dyn std::error::Error>> {
    let all = store.organizations().await?.into_iter();
    let chosen: Vec<Placed> = all
        .filter(|placed| which.slug.as_ref().is_none_or(|slug| placed.slug == *slug))
        .collect();
    if let (Some(slug), true) = (&which.slug, chosen.is_empty()) {
        backup::find(store, slug).await?;
    }
    Ok(chosen)
}

async fn rotate_organization(which: &Which, config: &Config) -> Outcome {
    let store = installation::open_existing(config)?;
    for placed in chosen(&store, which).await? {
        let rotating = Arc::clone(&store);
        let told: Told = Arc::new(|keys, _| output::progress(format_args!("{keys} keys")));
        let work = move |progress: &Progress| {
            let rotated = rotating.rotate_organization(placed.id, progress)?;
            let outcome = json!({ "version": rotated.version, "keys": rotated.keys });
            Ok((rotated, outcome.to_string()))
        };
        let rotated = store
            .run_job(
                JobKind::Rotation,
                Some(placed.id),
                Actor::OPERATOR,
                told,
                work,
            )
            .await;
        output::progress_ends();
        let rotated = rotated?;
        output::line(format_args!(
            "{}  has organization key {}: {} keys of people are wrapped under it",
            placed.slug, rotated.version, rotated.keys
        ));
    }
    store.close();
    Ok(ExitCode::SUCCESS)
}

async fn rotate_database(which: &Which, config: &Config) -> Outcome {
    let store = installation::open_existing(config)?;
    for placed in chosen(&store, which).await? {
        if let Placement::Server(name) = &placed.placement {
            output::line(format_args!(
                "{}  is on {name}, which has no key of ours for its files",
                placed.slug
            ));
            continue;
        }
        let moved = relocate(&store, placed.id, None, JobKind::Rotation).await;
        output::progress_ends();
        let moved = moved?;
        output::line(format_args!(
            "{}  has new keys for its files: {} rows copied and compared, writes waited {} ms",
            placed.slug, moved.rows, moved.paused_ms
        ));
    }
    store.close();
    Ok(ExitCode::SUCCESS)
}

fn identity(file: &Path) -> Outcome {
    let identity = Identity::generate();
    identity.save(file)?;
    output::line(format_args!("recipient = \"{}\"", identity.recipient()));
    output::line(
        "Write this into [backup]. Keep the file apart from the server and from the backups:",
    );
    output::line("without it no backup can be read again.");
    Ok(ExitCode::SUCCESS)
}
