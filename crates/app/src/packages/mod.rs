//! Packages of everything, asked for by owners and admins on their own pages. One is made by the
//! worker, stands in parts in the organization's own data, sealed under a key of its own that is
//! destroyed when it ends, and can be fetched for a day by whoever is signed in and may. What is in
//! one is said in `export`.

mod asking;
pub mod jobs;
mod making;
pub mod pages;
mod records;
mod rules;
mod store;
mod taking;

use jiff::Timestamp;
use kept_base::kit::Secret;
use kept_base::store::{Error, KeyId, Tx};

pub use asking::{ask, remove, undo};
pub use making::{
    Finished, Leased, append, begin_again, fail, finish, lease, next_due, release, remove_expired,
    renew,
};
pub use records::RECORDS;
pub use rules::{Ending, LockKind, State};
pub use taking::{Download, download, downloads, part};

use crate::ids::{MemberId, PackageId};

/// How long a package can be fetched once it is ready, in hours.
pub const PACKAGE_HOURS: i64 = 24;
/// How long making one may take from the asking on, in hours.
pub const MAKING_HOURS: i64 = 6;
/// Most packages that an organization asks for within a day.
pub const MAX_PACKAGES_A_DAY: usize = 5;
/// How often making one is begun.
pub const MAX_MAKING_TRIES: u32 = 3;
/// How long after a failure it is begun again, in seconds.
pub const MAKING_RETRY_SECONDS: i64 = 60;
/// How long a process that makes one is believed to live without saying so, in seconds.
pub const MAKING_LEASE_SECONDS: i64 = 60;
/// How often it says so, and tells how far it is, in seconds.
pub const MAKING_NEWS_SECONDS: u64 = 5;
/// Most bytes of the plain database of a package that a server makes, in its own memory.
pub const MAX_MADE_DATABASE_BYTES: u64 = 256 * 1024 * 1024;
/// Bytes of a part, as it is before it is sealed.
pub const PART_BYTES: usize = 64 * 1024;
/// Most parts that are kept in one transaction.
pub const MAX_PARTS_AT_ONCE: usize = 16;
/// Most characters of the reason for a package.
pub const MAX_PACKAGE_REASON_CHARS: usize = 300;
/// Most packages that are listed, the newest.
pub const MAX_LISTED_PACKAGES: u32 = 20;
/// Most downloads that are listed, the newest.
pub const MAX_LISTED_DOWNLOADS: u32 = 50;

/// A package as it is now.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its id: random, as it stands in the address that it is fetched from.
    pub id: PackageId,
    /// How it stands.
    pub state: State,
    /// Why it ended.
    pub ending: Option<Ending>,
    /// Who asked for it.
    pub asked_by: MemberId,
    /// When.
    pub asked_at: Timestamp,
    /// Why.
    pub reason: String,
    /// What opens it.
    pub lock: LockKind,
    /// Rows that were read so far, and all.
    pub progress: (u64, u64),
    /// Its bytes so far.
    pub bytes: u64,
    /// In how many parts they stand.
    pub parts: u32,
    /// The SHA-256 of the whole, in hexadecimal digits, once it is whole.
    pub sha256: Option<String>,
    /// When making it is given up, or once it is ready, when it goes.
    pub expires_at: Timestamp,
    keys: Keys,
    tries: u32,
    lease_until: Option<Timestamp>,
}

/// The keys that a package has while there is something to seal.
#[derive(Debug, Clone, Copy)]
struct Keys {
    parts: Option<KeyId>,
    lock: Option<KeyId>,
}

/// What somebody asks for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What is to open the package.
    pub lock: LockKind,
    /// The passphrase, or the recipient.
    pub secret: Secret,
    /// Why, at most [`MAX_PACKAGE_REASON_CHARS`] characters.
    pub reason: String,
}

/// Why something about packages is refused.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// There is none of that id, or it ended.
    #[error("there is no such package")]
    Unknown,
    /// One is being made.
    #[error("a package is being made already")]
    AtWork,
    /// [`MAX_PACKAGES_A_DAY`] were asked for within a day.
    #[error("no more packages are made today")]
    TooMany,
    /// What stood before cannot be put back.
    #[error("the package cannot be had back")]
    InTheWay,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// The newest packages, at most [`MAX_LISTED_PACKAGES`].
///
/// # Errors
/// Those of the store.
pub fn packages(tx: &Tx<'_>) -> Result<Vec<Package>, Error> {
    store::packages(tx, MAX_LISTED_PACKAGES)
}
