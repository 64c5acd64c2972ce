//! Fetching a package, and the register of who did.

use jiff::Timestamp;
use kept_base::store::{Error, Tx};

use super::rules::State;
use super::{MAX_LISTED_DOWNLOADS, Package, PackageError, store};
use crate::access;
use crate::audit::{self, Act};
use crate::ids::{DownloadId, MemberId, PackageId};
use crate::messaging::Notice;
use crate::policy::May;
use crate::policy::rights::ExportOrganization;

/// An entry of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// Who fetched it.
    pub member: MemberId,
    /// When.
    pub at: Timestamp,
    /// When the package was asked for.
    pub asked_at: Timestamp,
}

/// Enters into the register that `member` fetches a package, writes to the owners the first time, and
/// tells what it is. Its parts are then read one by one.
///
/// # Errors
/// [`PackageError::Unknown`] unless it is ready; those of the store.
pub fn download(
    tx: &Tx<'_>,
    _: &May<ExportOrganization>,
    member: MemberId,
    id: PackageId,
) -> Result<Package, PackageError> {
    tx.keep_revision();
    let package = store::package(tx, id)?.ok_or(PackageError::Unknown)?;
    if package.state != State::Ready {
        return Err(PackageError::Unknown);
    }
    let download = DownloadId::new(tx.now(), tx.entropy());
    let is_first = !store::has_downloaded(tx, id, member)?;
    store::insert_download(tx, download, id, member)?;
    audit::record(tx, Act::PackageDownloaded, id, &download.to_string())?;
    // Whoever fetches it again and again fills the register, not everybody's mailbox.
    if is_first {
        access::tell_owners(tx, Notice::Download)?;
    }
    Ok(package)
}

/// A part of a package, from 1 on; `None` once it is gone.
///
/// # Errors
/// Those of the store.
pub fn part(tx: &Tx<'_>, id: PackageId, number: u32) -> Result<Option<Vec<u8>>, Error> {
    store::part(tx, id, number)
}

/// The newest entries of the register, at most [`MAX_LISTED_DOWNLOADS`].
///
/// # Errors
/// Those of the store.
pub fn downloads(tx: &Tx<'_>) -> Result<Vec<Download>, Error> {
    store::downloads(tx, MAX_LISTED_DOWNLOADS)
}
