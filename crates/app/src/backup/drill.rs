//! Drills: the newest backups are restored in a scratch folder, opened and compared, so that nobody has
//! to hope that they can be.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use kept_base::kit::Actor;
use kept_base::store::{Error, JobKind, Placed, Progress, Store, Told};
use serde_json::json;

use super::BackupError;
use super::pack::Identity;
use super::restore::{Wanted, put_back};
use super::set::{self, SetKind};
use crate::config::Backup;

/// Begins the name of a scratch folder.
const SCRATCH: &str = "kept-drill-";

/// What a drill found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drilled {
    /// How many organizations were restored.
    pub organizations: usize,
    /// How many rows were compared.
    pub rows: u64,
    /// How many keys of people were put back.
    pub keys: u64,
    /// How many erasures were done again before anything could be read.
    pub erasures: usize,
    /// How many organizations are in no backup, being younger than the last.
    pub left_out: usize,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

/// Restores the newest backup of every organization in a folder made inside `place`, which is gone
/// afterwards, as a job whose outcome is kept as evidence.
///
/// # Errors
/// [`Error::Copying`] and [`Error::Archive`] when an organization cannot be restored from the backups.
pub async fn drill(
    store: &Arc<Store>,
    backup: &Backup,
    identity: &Identity,
    place: &Path,
    author: Actor,
    told: Told,
) -> Result<Drilled, Error> {
    let wanted: Vec<Placed> = store.organizations().await?;
    let (working, backup) = (Arc::clone(store), backup.clone());
    let (identity, place) = (identity.clone(), place.to_owned());
    store
        .run_job(JobKind::Drill, None, author, told, move |progress| {
            let begun = Instant::now();
            let mut drilled = try_out(&working, &backup, &identity, &place, (&wanted, progress))?;
            drilled.took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            let outcome = json!({
                "organizations": drilled.organizations,
                "rows": drilled.rows,
                "keys": drilled.keys,
                "erasures": drilled.erasures,
                "left_out": drilled.left_out,
                "took_ms": drilled.took_ms,
            });
            Ok((drilled, outcome.to_string()))
        })
        .await
}

fn try_out(
    store: &Arc<Store>,
    backup: &Backup,
    identity: &Identity,
    place: &Path,
    (wanted, progress): (&[Placed], &Progress),
) -> Result<Drilled, BackupError> {
    remove_left_overs(place)?;
    let scratch = tempfile::Builder::new()
        .prefix(SCRATCH)
        .tempdir_in(place)
        .map_err(|error| BackupError::file(place, &error))?;
    let beside = store.beside(scratch.path())?;
    let mut drilled = Drilled {
        organizations: 0,
        rows: 0,
        keys: 0,
        erasures: 0,
        left_out: 0,
        took_ms: 0,
    };
    for (done, placed) in (0..).zip(wanted) {
        progress.tell(done, wanted.len() as u64)?;
        let (id, newest) = (placed.id, Wanted::default());
        let copy = set::newest(&backup.folder, SetKind::Data, id, None, progress.now())?;
        if copy.is_none() {
            // Made since the last backup.
            drilled.left_out += 1;
            continue;
        }
        let put = put_back(&beside, &backup.folder, identity, id, &newest, progress)?;
        drilled.erasures += put.erasures.map_err(|why| {
            BackupError::Missing(format!("{} stays held: {why}", put.restored.placed.slug))
        })?;
        // Opens it as a server would: erasures and newer steps of the schema included.
        let faults = wait_for(beside.faults(id))?;
        if let Some(fault) = faults.first() {
            let what = format!("{} is not whole: {fault}", put.restored.placed.slug);
            return Err(BackupError::Missing(what));
        }
        drilled.organizations += 1;
        drilled.rows += put.restored.contents.rows;
        drilled.keys += put.restored.keys;
    }
    beside.close();
    if drilled.organizations == 0 && !wanted.is_empty() {
        let what = "no backup has an organization that is here".to_owned();
        return Err(BackupError::Missing(what));
    }
    Ok(drilled)
}

/// Removes what a drill left that was cut short.
pub(super) fn remove_left_overs(place: &Path) -> Result<(), BackupError> {
    let failed = |error: std::io::Error| BackupError::file(place, &error);
    for entry in std::fs::read_dir(place).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name().to_string_lossy().starts_with(SCRATCH) {
            std::fs::remove_dir_all(entry.path()).map_err(failed)?;
        }
    }
    Ok(())
}

fn wait_for<T>(asked: impl Future<Output = T>) -> T {
    tokio::runtime::Handle::current().block_on(asked)
}
