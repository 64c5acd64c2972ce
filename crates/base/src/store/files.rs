//! The files of an organization in the data folder: its database, and its key store beside it.

use std::path::Path;
use std::sync::Arc;

use super::Error;
use super::control::Control;
use super::keyring::{self, Keyring};
use super::writer::{OpenFile, Shared};
use crate::kit::OrganizationId;

/// Opens an organization's file with its keys, and brings it up to date.
pub(super) fn open(
    id: OrganizationId,
    folder: &Path,
    control: Arc<Control>,
    shared: Shared,
) -> Result<OpenFile, Error> {
    let placement = control.placement(id)?;
    let keys = control.keys(id, &shared.entropy)?;
    let database = keys.database.clone();
    let beside = folder.join(keyring::key_store_beside(&placement));
    let cache = Arc::clone(&shared.person_keys);
    let ring = Keyring::new(
        id,
        beside,
        keys,
        cache,
        control,
        Arc::clone(&shared.entropy),
    );
    OpenFile::open(id, folder.join(placement), database, ring, shared)
}

/// Removes an organization's file, its key store and their logs; what was never made is as good as
/// removed.
pub(super) fn remove(folder: &Path, placement: &str) {
    let key_store = keyring::key_store_beside(placement);
    for name in [placement, key_store.as_str()] {
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.join(format!("{name}{ending}")));
        }
    }
}
