//! New keys in the place of those in use, while everything goes on. What was copied before stays
//! readable for whoever has the old keys: no change of keys reaches a copy.

use std::path::Path;

use super::root::RootKeyFile;
use super::{Error, Key, Progress, Store};
use crate::kit::OrganizationId;

/// How a change of the organization key went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotated {
    /// The version of the key that is in use now.
    pub version: u32,
    /// Keys of people that were wrapped anew.
    pub keys: u64,
}

impl Store {
    /// Puts another root key in the place of the one in use: the one that the command prints now, or
    /// a new one in the root key file. The old one is kept in `keep_old`, which must not be there
    /// yet, or nowhere. `log` is the folder in which erasures are logged. Gives how many keys were wrapped
    /// anew; `None` when that root key is in use already. Blocks.
    ///
    /// # Errors
    /// [`Error::Key`] when there is no other root key, the old one is to be kept in the file that
    /// the new one goes into, or a file cannot be made; those of the control
    /// database.
    pub fn rotate_root(
        &self,
        keep_old: Option<&Path>,
        log: Option<&Path>,
        progress: &Progress,
    ) -> Result<Option<u64>, Error> {
        let entropy = &self.shared.entropy;
        let keep = |old: &Key| match keep_old {
            Some(path) => {
                if self.control.takes_root_from(path) {
                    return Err(Error::Key(format!(
                        "the new root key goes into {}: keep the old one elsewhere",
                        path.display()
                    )));
                }
                let file = RootKeyFile(path.to_owned());
                // Kept by a change that was cut short.
                let is_kept = (file.load()).is_ok_and(|kept| Key::is_same(&kept, old));
                if is_kept { Ok(()) } else { file.keep(old) }
            }
            None => Ok(()),
        };
        let changed = self.control.rotate_root(keep, entropy)?;
        // What the log of erasures says, it says under the new key too.
        let all = self.control.all()?;
        for (done, placed) in (1..).zip(&all) {
            if let Some(log) = log {
                self.control.complete_log(log, placed.id, entropy)?;
            }
            progress.tell(done, all.len() as u64)?;
        }
        Ok(changed)
    }

    /// Puts a new key in the place of the organization's: everything that the old one wraps is
    /// wrapped under the new one, then the old one is forgotten. Other processes go on meanwhile. A change
    /// that was cut short goes on from where it was. Blocks.
    ///
    /// # Errors
    /// Those of the databases; everything opens all the same.
    pub fn rotate_organization(
        &self,
        id: OrganizationId,
        progress: &Progress,
    ) -> Result<Rotated, Error> {
        let entropy = &self.shared.entropy;
        let store = self.key_store(&self.control.placed(id)?)?;
        let wrapping = self.control.begin_rotation(id, entropy)?.wrapping;
        let version = wrapping.current.0;
        let keys = store.rewrap(id, &wrapping, progress, entropy)?;
        if !store.is_rewrapped(version)? {
            return Err(Error::Key(format!(
                "a key of {id} is still wrapped under an older one"
            )));
        }
        self.control.end_rotation(id, version)?;
        Ok(Rotated { version, keys })
    }
}
