//! How long copies stay.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use kept_base::kit::{OrganizationId, time};

use super::BackupError;
use super::set::{Part, SetKind, entries, read_manifest, remove, remove_file, sets, sweep};

/// What decides whether a copy goes.
pub(super) struct Keeping<'k> {
    /// Days that a copy is kept.
    pub days: i64,
    /// The instant at hand.
    pub now: Timestamp,
    /// The organizations there are.
    pub known: &'k [OrganizationId],
    /// Whether an organization's last copy goes too when it was made before that instant, since
    /// somebody was erased.
    pub must_go: &'k dyn Fn(OrganizationId, Timestamp) -> bool,
}

/// Removes the copies of a kind whose time is over. The last one of an organization stays, unless
/// [`Keeping::must_go`]. Gives how many sets went.
pub(super) fn expire(
    backups: &Path,
    kind: SetKind,
    keeping: &Keeping<'_>,
) -> Result<usize, BackupError> {
    let all = backups.join(kind.folder());
    if !all.exists() {
        return Ok(0);
    }
    sweep(&all)?;
    let sets = sets(backups, kind)?;
    let mut removed = 0;
    for (at, set) in sets.iter().enumerate() {
        let begun_at = set.manifest.begun_at;
        if time::plus_minutes(begun_at, keeping.days * 24 * 60) > keeping.now {
            continue;
        }
        let stays = |part: &Part| {
            let id = part.organization;
            let is_last = !sets[at + 1..].iter().any(|later| later.part(id).is_some());
            is_last && keeping.known.contains(&id) && !(keeping.must_go)(id, begun_at)
        };
        if !set.manifest.parts.iter().any(stays) {
            remove(&set.folder)?;
            removed += 1;
            continue;
        }
        for part in set.manifest.parts.iter().filter(|part| !stays(part)) {
            remove_file(&set.folder.join(&part.file))?;
        }
    }
    removed += expire_unreadable(&all, keeping)?;
    Ok(removed)
}

/// Sets that tell nothing of themselves go by the instant in their name.
fn expire_unreadable(all: &Path, keeping: &Keeping<'_>) -> Result<usize, BackupError> {
    let mut removed = 0;
    for folder in entries(all)? {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let Ok(begun) = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", name.as_ref()) else {
            continue;
        };
        let begun = begun.to_zoned(TimeZone::UTC).map(|at| at.timestamp());
        let is_over =
            begun.is_ok_and(|at| time::plus_minutes(at, keeping.days * 24 * 60) <= keeping.now);
        if is_over && read_manifest(&folder).is_err() {
            remove(&folder)?;
            removed += 1;
        }
    }
    Ok(removed)
}
