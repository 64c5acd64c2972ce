//! New keys in the place of those in use, while everything goes on. What was copied before stays
//! readable for whoever has the old keys: no change of keys reaches a copy.

use std::path::Path;

use super::backup::wait_for;
use super::root::RootKeyFile;
use super::{Error, Key, Progress, Store};
use crate::kit::{Actor, OrganizationId};

/// How a change of the organization key went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotated {
    /// The version of the key that is in use now.
    pub version: u32,
    /// Keys of people that were wrapped anew.
    pub keys: u64,
}

/// How a change of the root key went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RootRotated {
    /// What was done.
    pub change: RootChange,
    /// Organizations whose log of erasures could not be brought under the new one.
    pub unlogged: u64,
}

/// What a change of the root key came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RootChange {
    /// So many keys are wrapped under the new one.
    Changed(u64),
    /// One that was cut short was brought to its end.
    Ended,
    /// The one that its place gives is in use already.
    Already,
}

impl Store {
    /// Puts another root key in the place of the one in use: the one that the command prints now, or
    /// a new one in the root key file. The old one is kept in `keep_old`, which must not be there
    /// yet, or nowhere. `log` is the folder in which erasures are logged. Gives how many keys were wrapped
    /// anew. Blocks.
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
    ) -> Result<RootRotated, Error> {
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
        let change = self.control.rotate_root(keep, entropy)?;
        // What the log of erasures says, it says under the new key too.
        let (all, mut unlogged) = (self.control.all()?, 0);
        for (done, placed) in (1..).zip(&all) {
            if let Some(log) = log
                && let Err(error) = self.control.complete_log(log, placed.id, entropy)
            {
                // The root key is a new one all the same, and the next backup does this again.
                tracing::warn!(organization.id = %placed.id, error = %error, "Its log of erasures is not under the new root key yet");
                unlogged += 1;
            }
            progress.tell(done, all.len() as u64)?;
        }
        Ok(RootRotated { change, unlogged })
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
        // Ends a move that was cut short at its very end, and connects to where it is.
        wait_for(self.read_regardless(id, Actor::SYSTEM, |_| Ok::<_, Error>(())))?;
        let placed = self.control.placed(id)?;
        let store = self.key_store(&placed)?;
        let wrapping = self.control.begin_rotation(id, entropy)?.wrapping;
        let version = wrapping.current.0;
        let keys = store.rewrap(id, &wrapping, progress, entropy)?;
        if !store.is_rewrapped(version)? {
            return Err(Error::Key(format!(
                "a key of {id} is still wrapped under an older one"
            )));
        }
        self.control.end_rotation(&placed, version)?;
        Ok(Rotated { version, keys })
    }
}
