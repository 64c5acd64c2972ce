//! What a backup needs beside its copies: the log of erasures, which a restored copy must forget again,
//! and seals that say whose copies they are.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Error, Place, Store};
use crate::kit::OrganizationId;

impl Store {
    /// Adds to the log of erasures in `folder` what it lacks; makes it if need be. Blocks.
    ///
    /// # Errors
    /// [`Error::Copying`] when it cannot be written.
    pub fn complete_erasure_log(&self, id: OrganizationId, folder: &Path) -> Result<(), Error> {
        (self.control).complete_log(folder, id, &self.shared.entropy)
    }

    /// Gives a restored organization the erasures that are logged in `folder`, to be done again when
    /// it is opened, and lets it be opened. Gives how many are logged. Blocks.
    ///
    /// # Errors
    /// [`Error::Erasures`] when there is no log, or it knows of less than the copy: the organization
    /// stays held.
    pub fn replay_erasures(&self, id: OrganizationId, folder: &Path) -> Result<usize, Error> {
        let placed = self.control.placed(id)?;
        let logged = (self.control.logged_erasures(folder, id)?)
            .ok_or_else(|| Error::Erasures("there is no log of this organization".to_owned()))?;
        let store = self.key_store(&placed)?;
        let copied = store.tombstones_after(0, &self.shared.entropy)?;
        if let Some(unknown) = copied.iter().find(|one| !logged.contains(one)) {
            return Err(Error::Erasures(format!(
                "the log does not know of erasure {}, which the copy knows: it is older, or another's",
                unknown.sequence
            )));
        }
        let gap = (1..)
            .zip(&logged)
            .find(|(number, one)| one.sequence != *number);
        if let Some((number, _)) = gap {
            return Err(Error::Erasures(format!(
                "erasure {number} is missing in the log"
            )));
        }
        self.control.keep_tombstones(id, &logged)?;
        store.destroy(&[], &logged, &self.shared.entropy)?;
        self.control.release(id)?;
        Ok(logged.len())
    }

    /// Lets a restored organization be opened although nobody knows which erasures came after the
    /// copy. Blocks.
    ///
    /// # Errors
    /// Those of the control database.
    pub fn release_without_log(&self, id: OrganizationId) -> Result<(), Error> {
        let placed = self.control.placed(id)?;
        let store = self.key_store(&placed)?;
        let copied = store.tombstones_after(0, &self.shared.entropy)?;
        self.control.keep_tombstones(id, &copied)?;
        self.control.release(id)
    }

    /// When somebody of an organization was last erased. Blocks.
    ///
    /// # Errors
    /// Those of the control database.
    pub fn last_erasure(&self, id: OrganizationId) -> Result<Option<Timestamp>, Error> {
        self.control.last_erasure(id)
    }

    /// A seal that only the root key makes: that `bytes` come from this installation.
    ///
    /// # Errors
    /// Those of the control database.
    pub fn attest(&self, bytes: &[u8]) -> Result<String, Error> {
        self.control.attest(bytes, &self.shared.entropy)
    }

    /// Whether the root key of this installation made the seal for these bytes.
    ///
    /// # Errors
    /// Those of the control database.
    pub fn has_attested(&self, bytes: &[u8], seal: &str) -> Result<bool, Error> {
        self.control.has_attested(bytes, seal)
    }

    /// An empty installation in another folder, which must exist, with the same root key. Blocks.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn beside(&self, folder: &Path) -> Result<Self, Error> {
        let shared = &self.shared;
        Self::open(
            &Place::folder(folder),
            self.control.root()?,
            shared.options,
            Arc::clone(&shared.clock),
            Arc::clone(&shared.entropy),
        )
    }
}
