//! `kept backup`: copies now what is otherwise copied by the timetable. It may run beside a server.

use std::process::ExitCode;
use std::sync::Arc;

use kept_base::kit::{Actor, OrganizationId};
use kept_base::store::{Store, Told};

use super::{Outcome, Settings, block_on, installation, output};
use crate::backup::{self, BackupError, Made, SetKind};
use crate::config::{Backup, Config};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The organization of this slug alone [default: all]
    slug: Option<String>,
    /// Copy the keys only
    #[arg(long, conflicts_with = "list")]
    keys_only: bool,
    /// List what there is instead
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    settings: Settings,
}

/// There is nowhere to put them.
#[derive(Debug, thiserror::Error)]
#[error(
    "backup.folder is not set: write [backup] folder and recipient into the settings\n\
     (kept keys identity FILE makes a recipient)"
)]
pub(super) struct NoFolder;

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let config = arguments.settings.load()?;
    let settings = config.backup.clone().ok_or(NoFolder)?;
    if arguments.list {
        return list(&settings);
    }
    block_on(make(arguments, &config, &settings))?
}

async fn make(arguments: &Arguments, config: &Config, settings: &Backup) -> Outcome {
    let store = installation::open_existing(config)?;
    let only = match &arguments.slug {
        Some(slug) => Some(find(&store, slug).await?),
        None => None,
    };
    if !arguments.keys_only {
        let made = backup::back_up_data(&store, settings, only, Actor::OPERATOR, told("data"));
        let made = made.await;
        output::progress_ends();
        say("data", &made?);
    }
    let made = backup::back_up_keys(&store, settings, only, Actor::OPERATOR, told("keys")).await;
    output::progress_ends();
    say("keys", &made?);
    store.close();
    Ok(ExitCode::SUCCESS)
}

/// The organization of a slug.
pub(super) async fn find(
    store: &Arc<Store>,
    slug: &str,
) -> Result<OrganizationId, Box<dyn std::error::Error>> {
    let found = store.find_organization(slug).await?;
    Ok(found.ok_or_else(|| {
        BackupError::Missing(format!("{slug}: there is no organization of this slug"))
    })?)
}

/// Shows how far it is.
pub(super) fn told(what: &'static str) -> Told {
    Arc::new(move |done, total| output::progress(format_args!("{what}: {done} of {total}")))
}

fn say(what: &str, made: &Made) {
    output::line(format_args!(
        "{what}  {}  {} organizations, {} rows, {} bytes; {} older sets removed",
        made.set, made.organizations, made.rows, made.bytes, made.expired
    ));
}

fn list(settings: &Backup) -> Outcome {
    for (kind, what) in [(SetKind::Data, "data"), (SetKind::Keys, "keys")] {
        let sets = backup::sets(&settings.folder, kind)?;
        if sets.is_empty() {
            output::line(format_args!(
                "{what}  none yet: kept backup makes the first"
            ));
        }
        for set in sets {
            let parts = &set.manifest.parts;
            let slugs: Vec<&str> = parts.iter().map(|part| part.slug.as_str()).collect();
            output::line(format_args!(
                "{what}  {}  {} bytes  {}",
                set.folder.file_name().unwrap_or_default().to_string_lossy(),
                parts.iter().map(|part| part.bytes).sum::<u64>(),
                slugs.join(" ")
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}
