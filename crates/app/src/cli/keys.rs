//! `kept keys`: keys of an installation.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use kept_base::kit::{Actor, OrganizationId};
use kept_base::store::{Error, JobKind, Placed, Placement, Relocated, Store, Told};
use serde_json::json;

use super::{Outcome, Settings, backup, block_on, installation, output};
use crate::backup::Identity;
use crate::config::Config;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make an identity that opens backups; prints whom to encrypt them to
    Identity {
        /// The file to keep it in; it must not be there yet
        file: PathBuf,
    },
    /// Give keys anew; what opened with the old ones does not open with them any more
    Rotate {
        #[command(subcommand)]
        which: Rotate,
    },
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Rotate {
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

pub(super) fn run(command: Command) -> Outcome {
    match command {
        Command::Identity { file } => identity(&file),
        Command::Rotate { which } => match which {
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

async fn rotate_database(which: &Which, config: &Config) -> Outcome {
    let store = installation::open_existing(config)?;
    let all = store.organizations().await?.into_iter();
    let chosen: Vec<Placed> = all
        .filter(|placed| which.slug.as_ref().is_none_or(|slug| placed.slug == *slug))
        .collect();
    if let (Some(slug), true) = (&which.slug, chosen.is_empty()) {
        backup::find(&store, slug).await?;
    }
    for placed in chosen {
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
