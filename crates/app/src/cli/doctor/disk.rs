//! Room on the disk.

use std::io;
use std::path::Path;

/// MiB that are free for us on the disk of `folder`.
#[cfg(unix)]
pub(super) fn free_mib(folder: &Path) -> io::Result<u64> {
    let found = rustix::fs::statvfs(folder)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize) / (1024 * 1024))
}

/// Not known on this system.
#[cfg(not(unix))]
pub(super) fn free_mib(_: &Path) -> io::Result<u64> {
    Err(io::ErrorKind::Unsupported.into())
}
