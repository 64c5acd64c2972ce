//! `kept restore`: puts organizations back into an installation that does not have them, or tries it out.

use std::path::PathBuf;
use std::process::ExitCode;

use kept_base::kit::Actor;
use kept_base::store::MAX_REASON_CHARS;

use super::backup::{NoFolder, told};
use super::{Outcome, Settings, block_on, installation, output};
use crate::backup::{self, BackupError, Identity, Wanted};
use crate::config::Config;
use crate::console;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The organizations of these slugs [default: all that are in the backups]
    slugs: Vec<String>,
    /// The folder of the backups [default: backup.folder]
    #[arg(long, value_name = "FOLDER")]
    from: Option<PathBuf>,
    /// The identity that opens them [default: backup.identity_file]
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// The set of data to take, such as 20261123T031200Z [default: the newest of each organization]
    #[arg(long, value_name = "SET")]
    copy: Option<String>,
    /// Open organizations even when the log of erasures is lost, for this reason, which is kept:
    /// people who were erased since the copy come back
    #[arg(long, value_name = "REASON")]
    without_erasures: Option<String>,
    /// The root key that was in use when the copy was made, if it was changed since
    #[arg(long, value_name = "FILE")]
    earlier_root_key: Option<PathBuf>,
    /// Restore into a scratch folder, compare, and keep the result as evidence; nothing else changes
    #[arg(long, conflicts_with_all = ["slugs", "copy", "without_erasures", "from", "earlier_root_key"])]
    drill: bool,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(arguments: Arguments) -> Outcome {
    let config = arguments.settings.load()?;
    let from_settings = config
        .backup
        .as_ref()
        .and_then(|backup| backup.identity_file.clone());
    let file = arguments
        .identity
        .clone()
        .or(from_settings)
        .ok_or_else(|| {
            BackupError::Identity("say with --identity which file has the identity".to_owned())
        })?;
    let identity = Identity::load(&file)?;
    if arguments.drill {
        block_on(drill(&config, &identity))?
    } else {
        block_on(restore(arguments, &config, &identity))?
    }
}

async fn restore(arguments: Arguments, config: &Config, identity: &Identity) -> Outcome {
    let folder = match (arguments.from, &config.backup) {
        (Some(folder), _) => folder,
        (None, Some(backup)) => backup.folder.clone(),
        (None, None) => return Err(NoFolder.into()),
    };
    if let Some(reason) = &arguments.without_erasures
        && !console::is_reason(reason)
    {
        return Err(BackupError::Missing(format!(
            "--without-erasures: say why, in 1 to {MAX_REASON_CHARS} characters on one line"
        ))
        .into());
    }
    let wanted = Wanted {
        slugs: arguments.slugs,
        set: arguments.copy,
        without_log: arguments.without_erasures,
    };
    installation::make_folder(&config.data.folder)?;
    let store = match &arguments.earlier_root_key {
        Some(file) => installation::open_with_earlier(config, file)?,
        None => installation::open_with_known_key(config)?,
    };
    let put = backup::restore(&store, &folder, identity, wanted, told("organizations")).await;
    output::progress_ends();
    let mut is_held = false;
    for one in put? {
        let (placed, data) = (&one.restored.placed, &one.restored.data);
        output::line(format_args!(
            "{}  as of {}: {} rows and the keys of {} people put back and compared",
            placed.slug, data.taken_at, one.restored.contents.rows, one.restored.keys
        ));
        match one.erasures {
            Ok(replayed) => output::line(format_args!(
                "{}  opens; {replayed} keys are logged as destroyed and stay so",
                placed.slug
            )),
            Err(why) => {
                is_held = true;
                output::line(format_args!(
                    "{}  IS HELD and does not open: {why}.\n  Put the log of erasures (the folder \
                     erasures of the backups) back and restore again,\n  or, if it is lost, restore \
                     again with --without-erasures REASON",
                    placed.slug
                ));
            }
        }
    }
    store.close();
    Ok(if is_held {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

async fn drill(config: &Config, identity: &Identity) -> Outcome {
    let settings = config.backup.clone().ok_or(NoFolder)?;
    let store = installation::open_existing(config)?;
    let place = &config.data.folder;
    installation::make_folder(place)?;
    let drilled = backup::drill(
        &store,
        &settings,
        identity,
        place,
        Actor::OPERATOR,
        told("restored"),
    )
    .await;
    output::progress_ends();
    let drilled = drilled?;
    output::line(format_args!(
        "{} organizations restored in {} ms: {} rows and {} keys as they were copied, {} erasures \
         done again",
        drilled.organizations, drilled.took_ms, drilled.rows, drilled.keys, drilled.erasures
    ));
    store.close();
    Ok(ExitCode::SUCCESS)
}
