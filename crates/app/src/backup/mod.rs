//! Backups: made by themselves while Kept runs or by command, kept as long as the settings say,
//! restored by command, and tried out by drills.
//!
//! The folder of backups has three parts. `data/` holds copies of organizations' rows, in which what
//! is recorded of people is sealed; `keys/` holds the keys to that and is kept for a short time only;
//! `erasures/` logs whom every restored copy must forget again. Each copy is a folder named after the
//! instant it was begun, with a file for each organization and a manifest of their digests.

mod drill;
mod keep;
mod make;
mod pack;
mod restore;
mod set;
mod timetable;

use std::path::PathBuf;

use kept_base::store;

pub use drill::{Drilled, drill};
pub use make::{Made, back_up_data, back_up_keys};
pub use pack::{Identity, Recipient};
pub use restore::{Put, Wanted, restore};
pub use set::{Found, Manifest, Part, SetKind, newest, sets};
pub use timetable::Timetable;

use crate::config::Backup;

/// Most hours between two backups of the data.
pub const MAX_EVERY_HOURS: i64 = 744;
/// Most days that a backup of the data is kept.
pub const MAX_KEEP_DAYS: i64 = 3_660;
/// Most hours between two backups of keys.
pub const MAX_KEYS_EVERY_HOURS: i64 = 168;
/// Most days that a backup of keys is kept.
pub const MAX_KEYS_KEEP_DAYS: i64 = 90;
/// Most days between two drills.
pub const MAX_DRILL_EVERY_DAYS: i64 = 366;

impl Backup {
    /// The folder of the log of erasures.
    #[must_use]
    pub fn erasures(&self) -> PathBuf {
        self.folder.join("erasures")
    }
}

/// Why something about backups cannot be done.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BackupError {
    /// A file or folder cannot be used.
    #[error("{}: {what}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// There is no copy to restore from.
    #[error("{0}")]
    Missing(String),
    /// A file is not what the manifest says.
    #[error("{} is not as it was written: {what}", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What differs.
        what: String,
    },
    /// It does not open with the identity that was given.
    #[error("{0}")]
    Identity(String),
    /// The databases do not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl BackupError {
    fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::File {
            path: path.to_owned(),
            what: error.to_string(),
        }
    }
}

/// As the record of a job has it.
impl From<BackupError> for store::Error {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Store(error) => error,
            // Names files and folders, and nobody.
            other => Self::Copying(other.to_string()),
        }
    }
}
