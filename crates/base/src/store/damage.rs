//! Organizations whose data was read and is not what was written. One is closed alone: nothing is
//! answered from it until somebody put other files in the place of the damaged ones. These are read
//! to their end before anything is answered from them.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::database::Database;
use super::{Error, Store, lock, sqlite};
use crate::kit::OrganizationId;

/// A closed organization.
pub(super) struct Damaged {
    files: Vec<PathBuf>,
    /// How the files looked when they were last read and found damaged.
    seen: Option<Vec<Look>>,
}

/// What changes when a file is replaced.
type Look = Option<(u64, Option<SystemTime>, u64)>;

impl Damaged {
    /// Files that nobody has read to their end yet.
    pub fn new(files: Vec<PathBuf>) -> Self {
        Self { files, seen: None }
    }

    fn look(&self) -> Vec<Look> {
        let look = |file: &PathBuf| {
            let found = std::fs::metadata(file).ok()?;
            Some((found.len(), found.modified().ok(), number(&found)))
        };
        self.files.iter().map(look).collect()
    }
}

#[cfg(unix)]
fn number(found: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(found)
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
}

/// Data without a control database was separated from it: a fresh one would know of none of it.
///
/// # Errors
/// [`Error::File`] when there is data of organizations.
pub(super) fn refuse_without_control(folder: &Path, control: &Path) -> Result<(), Error> {
    if control.exists() {
        return Ok(());
    }
    let files = std::fs::read_dir(folder).map_err(|_| Error::Disk(0))?;
    let mut names = files.flatten().map(|file| file.file_name());
    let is_data = |name: &std::ffi::OsString| {
        let name = name.to_string_lossy();
        name.starts_with("org_") && name.ends_with(".db")
    };
    if names.any(|name| is_data(&name)) {
        let name = sqlite::name_of(control);
        return Err(Error::File(format!(
            "{name} is missing, while data of organizations is there: put it back"
        )));
    }
    Ok(())
}

impl Store {
    /// Whether an organization is closed and its files are others than those that were damaged.
    ///
    /// # Errors
    /// [`Error::Damaged`] when they are the same.
    pub(super) fn is_to_be_checked(&self, id: OrganizationId) -> Result<bool, Error> {
        let mut open = lock(&self.open);
        let Some(damaged) = open.damaged.get_mut(&id) else {
            return Ok(false);
        };
        let look = Some(damaged.look());
        if damaged.seen == look {
            return Err(Error::Damaged(format!("{id} is closed")));
        }
        // Whoever asks meanwhile is told that it is closed.
        damaged.seen = look;
        Ok(true)
    }

    /// Opens an organization that was damaged, if it no longer is.
    pub(super) async fn open_healed(&self, id: OrganizationId) -> Result<Arc<Database>, Error> {
        let opened = match self.open_now(id).await {
            Ok(database) => whole(Arc::new(database)).await,
            Err(error) => Err(error),
        };
        let mut open = lock(&self.open);
        match &opened {
            Ok(_) => {
                tracing::info!(organization.id = %id, "Its data is whole again");
                open.damaged.remove(&id);
            }
            // They are as they were looked at.
            Err(Error::Damaged(_)) => {}
            Err(_) => {
                if let Some(damaged) = open.damaged.get_mut(&id) {
                    damaged.seen = None;
                }
            }
        }
        opened
    }
}

async fn whole(database: Arc<Database>) -> Result<Arc<Database>, Error> {
    let faults = database.faults().await?;
    if faults.is_empty() {
        Ok(database)
    } else {
        Err(Error::Damaged(faults.join("; ")))
    }
}
