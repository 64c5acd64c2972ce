//! `kept export` and `kept import`: a whole organization as one encrypted package, and back. Both may
//! run beside a server on the same data.

use std::fs::{File, OpenOptions};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use kept_base::kit::Actor;
use kept_base::page::zone::Zones;

use super::backup::{find, told};
use super::{Outcome, Settings, block_on, installation, output};
use crate::config::Config;
use crate::export::{self, ExportError, Exported, Imported, Lock, Opener};

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("lock").required(true).args(["passphrase_file", "recipient"]))]
pub(super) struct Export {
    /// The organization
    slug: String,
    /// The package to write; it must not be there yet
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Lock it with the passphrase in the first line of this file
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Lock it to an age recipient (kept keys identity FILE makes one)
    #[arg(long, value_name = "AGE1..")]
    recipient: Option<String>,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("opener").required(true).args(["passphrase_file", "identity"]))]
pub(super) struct Import {
    /// The package
    from: PathBuf,
    /// Open it with the passphrase in the first line of this file
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Open it with the age identity in this file
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// Its name in addresses here [default: as it was]
    #[arg(long)]
    slug: Option<String>,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn export(arguments: &Export) -> Outcome {
    let lock = match (&arguments.passphrase_file, &arguments.recipient) {
        (Some(file), _) => Lock::passphrase_file(file)?,
        (None, recipient) => Lock::recipient(recipient.as_deref().unwrap_or_default())?,
    };
    let config = arguments.settings.load()?;
    block_on(write(arguments, &config, lock))?
}

async fn write(arguments: &Export, config: &Config, lock: Lock) -> Outcome {
    let store = installation::open_existing(config)?;
    let id = find(&store, &arguments.slug).await?;
    let path = &arguments.to;
    let out = BufWriter::new(create(path)?);
    let made = export::export(&store, id, Actor::OPERATOR, (lock, out), told("rows")).await;
    output::progress_ends();
    let made = made.and_then(|(out, made)| sync(path, out).map(|bytes| (made, bytes)));
    if made.is_err() {
        // Half a package is none. Why there is none is the error to tell.
        let _ = std::fs::remove_file(path);
    }
    let (Exported { tables, rows }, bytes) = made?;
    store.close();
    output::line(format_args!(
        "{}  {tables} tables, {rows} rows, {bytes} bytes in {}",
        arguments.slug,
        path.display()
    ));
    Ok(ExitCode::SUCCESS)
}

fn failed(path: &Path, error: &std::io::Error) -> ExportError {
    ExportError::File {
        path: path.to_owned(),
        what: error.to_string(),
    }
}

/// A new file for its owner alone.
fn create(path: &Path) -> Result<File, ExportError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| failed(path, &error))
}

/// The file is on the disk when this answers with its bytes.
fn sync(path: &Path, out: BufWriter<File>) -> Result<u64, ExportError> {
    let file = (out.into_inner()).map_err(|error| failed(path, error.error()))?;
    (file.sync_all().and_then(|()| file.metadata()))
        .map(|metadata| metadata.len())
        .map_err(|error| failed(path, &error))
}

pub(super) fn import(arguments: Import) -> Outcome {
    let opener = match (&arguments.passphrase_file, &arguments.identity) {
        (Some(file), _) => Opener::passphrase_file(file)?,
        (None, identity) => Opener::identity_file(&identity.clone().unwrap_or_default())?,
    };
    let config = arguments.settings.load()?;
    block_on(read(arguments, config, opener))?
}

async fn read(arguments: Import, config: Config, opener: Opener) -> Outcome {
    let base_url = match &config.server.base_url {
        Some(base_url) => base_url.clone(),
        None => format!("http://{}", config.server.listen),
    };
    installation::make_folder(&config.data.folder)?;
    let store = installation::open(&config)?;
    let (from, zones) = (arguments.from.as_path(), Arc::new(Zones::load()));
    let (slug, told) = (arguments.slug, told("rows"));
    let made = export::import(&store, Actor::OPERATOR, (from, opener), slug, (zones, told)).await;
    output::progress_ends();
    say(&base_url, &made?);
    store.close();
    Ok(ExitCode::SUCCESS)
}

fn say(base_url: &str, made: &Imported) {
    let slug = &made.slug;
    output::line(format_args!("{slug}  {} rows imported", made.rows));
    output::line(format_args!("booking link  {base_url}/{slug}"));
    for owner in &made.owners {
        let token = owner.token.expose();
        match owner.member {
            Some(member) => output::line(format_args!(
                "new password  {base_url}/o/{slug}/reset/{token}  for the owner {member}"
            )),
            None => output::line(format_args!(
                "set up        {base_url}/o/{slug}/own/{token}  makes whoever opens it the owner"
            )),
        }
    }
    output::line(
        "Links are shown this once and work once, those for passwords within two hours. Nobody has a",
    );
    output::line(
        "password yet: all other members choose \"Forgot your password?\" where they sign in. API",
    );
    output::line("tokens and calendar addresses are to be made anew.");
}
