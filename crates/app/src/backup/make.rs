//! Making backups.

use std::sync::Arc;

use jiff::Timestamp;
use kept_base::kit::{Actor, OrganizationId};
use kept_base::store::copy::Contents;
use kept_base::store::{Error, JobKind, Placed, Progress, Store, Told};
use serde_json::json;

use super::BackupError;
use super::keep::{self, Keeping};
use super::pack;
use super::set::{Making, Manifest, Part, SetKind};
use crate::config::Backup;

/// What a backup came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The name of the set.
    pub set: String,
    /// How many organizations are in it.
    pub organizations: usize,
    /// How many rows.
    pub rows: u64,
    /// How many bytes, packed and encrypted.
    pub bytes: u64,
    /// How many older sets went, their time being over.
    pub expired: usize,
}

/// Backs up the data of all organizations, or of one, as a job.
///
/// # Errors
/// [`Error::Running`] when that is done already; [`Error::Copying`] when some could not be copied: the
/// set has the others.
pub async fn back_up_data(
    store: &Arc<Store>,
    backup: &Backup,
    only: Option<OrganizationId>,
    author: Actor,
    told: Told,
) -> Result<Made, Error> {
    run(store, backup, SetKind::Data, only, author, told).await
}

/// Backs up keys, and completes the log of erasures, as a job.
///
/// # Errors
/// As [`back_up_data`].
pub async fn back_up_keys(
    store: &Arc<Store>,
    backup: &Backup,
    only: Option<OrganizationId>,
    author: Actor,
    told: Told,
) -> Result<Made, Error> {
    run(store, backup, SetKind::Keys, only, author, told).await
}

async fn run(
    store: &Arc<Store>,
    backup: &Backup,
    kind: SetKind,
    only: Option<OrganizationId>,
    author: Actor,
    told: Told,
) -> Result<Made, Error> {
    let all = store.organizations().await?;
    let known: Vec<OrganizationId> = all.iter().map(|placed| placed.id).collect();
    let wanted: Vec<Placed> = (all.into_iter())
        .filter(|placed| only.is_none_or(|id| placed.id == id))
        .collect();
    let job = match kind {
        SetKind::Data => JobKind::Backup,
        SetKind::Keys => JobKind::KeyBackup,
    };
    let (working, backup) = (Arc::clone(store), backup.clone());
    store
        .run_job(job, only, author, told, move |progress| {
            let made = make(&working, &backup, kind, &wanted, progress);
            // What is over goes also when nothing new could be made.
            let expired = expire(&working, &backup, kind, &known)?;
            let made = Made { expired, ..made? };
            let outcome = json!({
                "set": made.set,
                "organizations": made.organizations,
                "rows": made.rows,
                "bytes": made.bytes,
                "expired": made.expired,
            });
            Ok((made, outcome.to_string()))
        })
        .await
}

fn make(
    store: &Arc<Store>,
    backup: &Backup,
    kind: SetKind,
    wanted: &[Placed],
    progress: &Progress,
) -> Result<Made, Error> {
    let begun_at = progress.now();
    let making = Making::begin(&backup.folder, kind, begun_at)?;
    let total = wanted.len() as u64;
    let (mut parts, mut failed) = (Vec::new(), Vec::new());
    for (done, placed) in (0..).zip(wanted) {
        progress.tell(done, total)?;
        let alive = {
            let progress = progress.clone();
            Arc::new(move |_, _| {
                // Whoever looks at the job sees that it goes on; if that cannot be noted, it goes on too.
                let _ = progress.tell(done, total);
            }) as Told
        };
        match copy(store, backup, &making, kind, placed, alive) {
            Ok(part) => parts.push(part),
            // The disk of the backups is the same for all.
            Err(error @ (BackupError::File { .. } | BackupError::Store(Error::Full))) => {
                making.give_up()?;
                return Err(error.into());
            }
            Err(error) => failed.push(format!("{}: {error}", placed.slug)),
        }
    }
    progress.tell(total, total)?;
    if parts.is_empty() && !failed.is_empty() {
        making.give_up()?;
        return Err(Error::Copying(failed.join("; ")));
    }
    let manifest = Manifest {
        kept: env!("CARGO_PKG_VERSION").to_owned(),
        kind,
        begun_at,
        recipient: backup.recipient.to_string(),
        parts,
    };
    let folder = making.end(&manifest, store)?;
    if !failed.is_empty() {
        return Err(Error::Copying(format!(
            "{} of {total} organizations are not in it: {}",
            failed.len(),
            failed.join("; ")
        )));
    }
    let name = folder.file_name().unwrap_or_default();
    Ok(Made {
        set: name.to_string_lossy().into_owned(),
        organizations: manifest.parts.len(),
        rows: manifest.parts.iter().map(|part| part.contents.rows).sum(),
        bytes: manifest.parts.iter().map(|part| part.bytes).sum(),
        expired: 0,
    })
}

fn copy(
    store: &Store,
    backup: &Backup,
    making: &Making,
    kind: SetKind,
    placed: &Placed,
    alive: Told,
) -> Result<Part, BackupError> {
    let (ending, id) = match kind {
        SetKind::Data => ("data", placed.id),
        SetKind::Keys => ("keys", placed.id),
    };
    let file = format!("{id}.{ending}.gz.age");
    let path = making.path(&file);
    let packing = pack::begin(&path, &backup.recipient)?;
    let (packing, taken_at, contents): (_, _, Contents) = match kind {
        SetKind::Data => {
            let (packing, about, contents) = store.archive_data(id, packing, alive)?;
            (packing, about.taken_at, contents)
        }
        SetKind::Keys => {
            store.complete_erasure_log(id, &backup.erasures())?;
            let (packing, about, contents) = store.archive_keys(id, packing)?;
            (packing, about.taken_at, contents)
        }
    };
    let written = pack::end(&path, packing)?;
    Ok(Part {
        organization: id,
        slug: placed.slug.clone(),
        file,
        bytes: written.bytes,
        sha256: written.sha256,
        taken_at,
        contents,
    })
}

fn expire(
    store: &Store,
    backup: &Backup,
    kind: SetKind,
    known: &[OrganizationId],
) -> Result<usize, BackupError> {
    let now = store.clock().now();
    let (days, mut erasures) = match kind {
        SetKind::Data => (backup.keep_days, Vec::new()),
        SetKind::Keys => (backup.keys_keep_days, Vec::with_capacity(known.len())),
    };
    if kind == SetKind::Keys {
        for id in known {
            erasures.push((*id, store.last_erasure(*id)?));
        }
    }
    let must_go = |id: OrganizationId, begun_at: Timestamp| {
        let last = erasures.iter().find(|(known, _)| *known == id);
        last.is_some_and(|(_, at)| at.is_some_and(|at| at > begun_at))
    };
    let keeping = Keeping {
        days,
        now,
        known,
        must_go: &must_go,
    };
    keep::expire(&backup.folder, kind, &keeping)
}
