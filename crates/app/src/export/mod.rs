//! A whole organization in one encrypted package, and back: everything that is recorded, in plain
//! values that other programs read, for whoever leaves, moves, or wants a copy of their own.
//!
//! ```text
//! age (passphrase or recipient)
//!   ZIP
//!     README.txt             what is what, in the organization's language
//!     schema.json            tables, columns, what each is for, what was left out and why
//!     organization.db        a SQLite database of the same rows
//!     json/<table>.ndjson    a row a line: what an import reads
//!     csv/<table>.csv
//!     files/<table>/<hash>.<kind>
//! ```
//! Rows are read from one snapshot and written anew, so nothing of what was removed before comes
//! along. What is plain is in memory only: what reaches the disk is encrypted.

mod check;
mod directory;
mod gather;
mod import;
mod lock;
mod nested;
mod pack;
mod package;
mod put;
mod readme;
mod rules;
mod schema;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kept_base::kit::{Actor, OrganizationId};
use kept_base::store::{Error, Store, Told};

pub use directory::MAX_PACKAGE_DIRECTORY_BYTES;
pub use import::{Imported, OwnerLink, import};
pub use lock::{Lock, MAX_PASSPHRASE_CHARS, MAX_SCRYPT_LOG_N, MIN_PASSPHRASE_CHARS, Opener};
pub use package::{
    MAX_PACKAGE_ENTRIES, MAX_PACKAGE_ROW_BYTES, MAX_PACKAGE_ROWS, MAX_PACKAGE_SCHEMA_BYTES,
};
pub use rules::{Fill, How, RULES, Rule, Why};

use crate::audit::{self, Act};

/// Most bytes of the plain database in a package, which is made in memory.
pub const MAX_EXPORT_DATABASE_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// What a package came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    /// Tables in it.
    pub tables: usize,
    /// Rows in it.
    pub rows: u64,
}

/// Why a package is not made or not taken.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A file cannot be used.
    #[error("{} {what}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A passphrase, recipient or identity cannot be used.
    #[error("{0}")]
    Lock(String),
    /// The organization is larger than a package may be.
    #[error("the organization is larger than {0} bytes, which is the most of one package")]
    TooLarge(u64),
    /// The package cannot be written.
    #[error("the package cannot be written: {0}")]
    Write(String),
    /// The package is not one that can be imported.
    #[error("the package cannot be imported: {0}")]
    Package(String),
    /// The slug cannot be used.
    #[error("{0}")]
    Slug(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

impl ExportError {
    fn file(path: &Path, error: &std::io::Error) -> Self {
        Self::File {
            path: path.to_owned(),
            what: error.to_string(),
        }
    }

    fn package(what: impl Into<String>) -> Self {
        Self::Package(what.into())
    }
}

/// How far making a package may go.
#[derive(Clone)]
pub struct Bounds {
    /// Most bytes of its plain database, which is made in memory.
    pub max_database_bytes: u64,
    /// Whether it is still wanted; asked again and again.
    pub is_wanted: Arc<dyn Fn() -> bool + Send + Sync>,
}

impl std::fmt::Debug for Bounds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bounds({})", self.max_database_bytes)
    }
}

/// Writes an organization as a package to `out`, encrypted to `lock`. That it was exported, and by
/// whom, is recorded first. `told` is given the rows read so far, and all.
///
/// # Errors
/// Those of [`make`], where the most bytes are [`MAX_EXPORT_DATABASE_BYTES`].
pub async fn export<W>(
    store: &Store,
    id: OrganizationId,
    actor: Actor,
    to: (Lock, W),
    told: Told,
) -> Result<(W, Exported), ExportError>
where
    W: Write + Send + 'static,
{
    let kind = to.0.code();
    store
        .write(id, actor.clone(), move |tx| {
            audit::record(tx, Act::OrganizationExported, tx.organization(), kind)
        })
        .await?;
    let bounds = Bounds {
        max_database_bytes: MAX_EXPORT_DATABASE_BYTES,
        is_wanted: Arc::new(|| true),
    };
    make(store, id, actor, to, (told, bounds)).await
}

/// As [`export`], where somebody has recorded it already.
///
/// # Errors
/// [`ExportError::Write`] when `out` does not take it; [`ExportError::TooLarge`] when the
/// organization is larger than the bounds; [`Error::Closing`] when it is no longer wanted; those of
/// the store.
pub async fn make<W>(
    store: &Store,
    id: OrganizationId,
    actor: Actor,
    (lock, out): (Lock, W),
    (told, bounds): (Told, Bounds),
) -> Result<(W, Exported), ExportError>
where
    W: Write + Send + 'static,
{
    let gathered = store.read(id, actor, move |tx| gather::gather(tx, &told, &bounds));
    let gathered = gathered.await?;
    let packed = tokio::task::spawn_blocking(move || pack::write(gathered, &lock, out)).await;
    packed.unwrap_or(Err(ExportError::Store(Error::Closing)))
}
