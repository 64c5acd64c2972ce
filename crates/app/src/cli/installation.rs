//! The data on the disk: made at first start, locked while it is served, opened.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kept_base::kit::{Entropy, SystemClock};
use kept_base::store::{self, CONTROL_FILE, Options, Place, RootKey, RootKeyFile, Store};

use crate::config::{Backup, Config};
use crate::{manifest, migrations};

/// The file in the data folder that is locked while it is served.
pub const LOCK_FILE: &str = "kept.lock";

/// Why the data cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process serves it.
    #[error("another kept serves {}: stop that one first, or choose another folder", .0.display())]
    Served(PathBuf),
    /// A file or folder cannot be made, opened or locked.
    #[error("{} cannot be used", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The system has no randomness to give.
    #[error("the system gives no randomness")]
    Entropy(#[source] io::Error),
    /// There is no data yet.
    #[error("{} has no data yet: kept serve or kept org create makes it", .0.display())]
    Nothing(PathBuf),
    /// The databases do not open.
    #[error("the data does not open")]
    Store(#[from] store::Error),
}

/// Held while the data is served; the system takes it back when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a data folder.
    ///
    /// # Errors
    /// [`OpenError::Served`] when another process has it.
    pub fn take(folder: &Path) -> Result<Self, OpenError> {
        let path = folder.join(LOCK_FILE);
        let unusable = |source| OpenError::File {
            path: path.clone(),
            source,
        };
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(OpenError::Served(folder.to_owned())),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }
}

/// Makes the data folder, for its owner only, unless it is there.
pub(super) fn make_folder(folder: &Path) -> Result<(), OpenError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|source| OpenError::File {
        path: folder.to_owned(),
        source,
    })
}

/// Opens data that must be there.
pub(super) fn open_existing(config: &Config) -> Result<Arc<Store>, OpenError> {
    let is_there = config.data.postgres.is_some() || has_control(config);
    if is_there {
        open_with_known_key(config)
    } else {
        Err(OpenError::Nothing(config.data.folder.clone()))
    }
}

/// Opens the data with a root key that must be there; the rest is made where it is not.
pub(super) fn open_with_known_key(config: &Config) -> Result<Arc<Store>, OpenError> {
    open_by(config, known_root(config)?)
}

/// As [`open_existing`], with the root key of a file beside the one in use: for what is under it still.
pub(super) fn open_with_earlier(config: &Config, earlier: &Path) -> Result<Arc<Store>, OpenError> {
    let earlier = RootKeyFile(earlier.to_owned()).load()?;
    open_by(config, known_root(config)?.with_earlier(earlier))
}

/// Where the root key comes from, which must be there.
fn known_root(config: &Config) -> Result<RootKey, OpenError> {
    if let Some(command) = &config.data.root_key_command {
        return Ok(RootKey::command(command));
    }
    let file = RootKeyFile(config.data.root_key_file.clone());
    file.load()?;
    Ok(file.into())
}

fn has_control(config: &Config) -> bool {
    config.data.folder.join(CONTROL_FILE).exists()
}

/// Opens the data; at first start it makes the root key and the control database. The settings
/// have been checked, so what is there is closed enough.
pub(super) fn open(config: &Config) -> Result<Arc<Store>, OpenError> {
    let entropy = Entropy::from_system().map_err(OpenError::Entropy)?;
    // A fresh key would not open what is there.
    if !has_control(config) && config.data.root_key_command.is_none() {
        RootKeyFile(config.data.root_key_file.clone()).load_or_create(&entropy)?;
    }
    open_with_known_key(config)
}

fn open_by(config: &Config, root: RootKey) -> Result<Arc<Store>, OpenError> {
    let entropy = Entropy::from_system().map_err(OpenError::Entropy)?;
    let options = Options {
        organization_migrations: migrations::ORGANIZATION,
        erase: manifest::erase,
        group_commit: config.store.group_commit,
    };
    let clock = Arc::new(SystemClock);
    let place = Place {
        folder: config.data.folder.clone(),
        postgres: config.data.postgres.clone(),
        connections: config.data.postgres_connections,
        erasures: config.backup.as_ref().map(Backup::erasures),
    };
    let store = Store::open(&place, root, options, clock, Arc::new(entropy))?;
    Ok(Arc::new(store))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_holds_the_lock() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let first = Lock::take(folder.path()).expect("free");
        let second = Lock::take(folder.path()).expect_err("taken");
        assert!(matches!(&second, OpenError::Served(path) if path == folder.path()));
        assert!(second.to_string().starts_with("another kept serves /"));
        drop(first);
        Lock::take(folder.path()).expect("free again");
    }
}
