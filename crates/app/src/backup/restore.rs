//! Putting organizations back.

use std::path::Path;
use std::sync::Arc;

use kept_base::kit::{Actor, OrganizationId};
use kept_base::store::{Error, JobKind, Progress, Restored, Store, Told};
use serde_json::json;

use super::BackupError;
use super::pack::{self, Identity};
use super::set::{self, SetKind};

/// What is to be put back.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The organizations of these slugs; all that are in the backups when there is none.
    pub slugs: Vec<String>,
    /// The set of data to take, by its name; the newest of each organization when there is none.
    pub set: Option<String>,
    /// Why organizations may be opened even when the log of erasures is not there or not whole.
    pub without_log: Option<String>,
}

/// An organization that was put back.
#[derive(Debug, Clone)]
pub struct Put {
    /// What was put back.
    pub restored: Restored,
    /// How many erasures were given to it, or why it stays held.
    pub erasures: Result<usize, String>,
}

/// Puts organizations back from the backups in `folder`, as a job.
///
/// # Errors
/// [`Error::Copying`] when there is nothing to restore, something is damaged or does not open with
/// `identity`: then nothing of that organization is here. Those of [`Store::restore`].
pub async fn restore(
    store: &Arc<Store>,
    folder: &Path,
    identity: &Identity,
    wanted: Wanted,
    told: Told,
) -> Result<Vec<Put>, Error> {
    let (working, folder, identity) = (Arc::clone(store), folder.to_owned(), identity.clone());
    let told_rows = Arc::clone(&told);
    store
        .run_job(
            JobKind::Restore,
            None,
            Actor::OPERATOR,
            told,
            move |progress| {
                let all = chosen(&folder, &wanted)?;
                let mut put = Vec::with_capacity(all.len());
                for (done, id) in (0..).zip(&all) {
                    progress.tell(done, all.len() as u64)?;
                    put.push(put_back(
                        &working, &folder, &identity, *id, &wanted, progress,
                    )?);
                    told_rows(done + 1, all.len() as u64);
                }
                let rows: u64 = put.iter().map(|one| one.restored.contents.rows).sum();
                let held = put.iter().filter(|one| one.erasures.is_err()).count();
                let outcome = json!({
                    "organizations": put.len(),
                    "rows": rows,
                    "held": held,
                    "without_log_because": wanted.without_log,
                });
                Ok((put, outcome.to_string()))
            },
        )
        .await
}

fn chosen(folder: &Path, wanted: &Wanted) -> Result<Vec<OrganizationId>, BackupError> {
    let mut known: Vec<(String, OrganizationId)> = Vec::new();
    for one in set::sets(folder, SetKind::Data)?.into_iter().rev() {
        if (wanted.set.as_ref()).is_some_and(|name| !one.folder.ends_with(name)) {
            continue;
        }
        for part in one.manifest.parts {
            if !known.iter().any(|(_, id)| *id == part.organization) {
                known.push((part.slug, part.organization));
            }
        }
    }
    if let (Some(name), true) = (&wanted.set, known.is_empty()) {
        let what = format!("no backup in {} is called {name}", folder.display());
        return Err(BackupError::Missing(what));
    }
    for slug in &wanted.slugs {
        if !known.iter().any(|(known, _)| known == slug) {
            let what = format!("no backup in {} has {slug}", folder.display());
            return Err(BackupError::Missing(what));
        }
    }
    let is_wanted = |slug: &String| wanted.slugs.is_empty() || wanted.slugs.contains(slug);
    known.retain(|(slug, _)| is_wanted(slug));
    known.sort();
    if known.is_empty() {
        let what = format!("there is no backup in {}", folder.display());
        return Err(BackupError::Missing(what));
    }
    Ok(known.into_iter().map(|(_, id)| id).collect())
}

pub(super) fn put_back(
    store: &Store,
    folder: &Path,
    identity: &Identity,
    id: OrganizationId,
    wanted: &Wanted,
    progress: &Progress,
) -> Result<Put, BackupError> {
    let (set, part) = set::newest(
        folder,
        SetKind::Data,
        id,
        wanted.set.as_deref(),
        progress.now(),
    )?
    .ok_or_else(|| BackupError::Missing(format!("no backup has the data of {id}")))?;
    // The newest keys open data of any age; older ones lack those of people recorded since.
    let (key_set, key_part) = set::newest(folder, SetKind::Keys, id, None, progress.now())?
        .ok_or_else(|| BackupError::Missing(format!("no backup has the keys of {}", part.slug)))?;
    let (data, keys) = (set.verify(store, &part)?, key_set.verify(store, &key_part)?);
    let alive = {
        let progress = progress.clone();
        Arc::new(move |_, _| {
            // Whoever looks at the job sees that it goes on; if that cannot be noted, it goes on too.
            let _ = progress.tell(0, 0);
        }) as Told
    };
    let (data, keys) = (pack::open(&data, identity)?, pack::open(&keys, identity)?);
    let restored = store.restore(data, keys, &alive)?;
    if restored.contents != part.contents {
        return Err(BackupError::Damaged {
            path: set.folder.join(&part.file),
            what: "it holds other rows than its manifest says".to_owned(),
        });
    }
    let log = folder.join("erasures");
    let erasures = match store.replay_erasures(id, &log) {
        Ok(replayed) => Ok(replayed),
        Err(Error::Erasures(_)) if wanted.without_log.is_some() => {
            store.release_without_log(id)?;
            Ok(0)
        }
        Err(Error::Erasures(why)) => Err(why),
        Err(error) => return Err(error.into()),
    };
    Ok(Put { restored, erasures })
}
