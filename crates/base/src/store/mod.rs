//! The one way to an organization's data. Each organization has an encrypted file of its own and
//! a single writer; verbs are synchronous closures over a [`Tx`], run off the async threads.
//!
//! ```text
//! store.write(organization, actor, |tx| verb(tx, ..)).await   // one transaction, durable when it answers
//! store.read(organization, actor, |tx| question(tx, ..)).await // one snapshot
//! ```

mod changes;
mod check;
mod control;
pub mod dialect;
mod error;
mod files;
pub mod keyring;
pub mod keys;
mod migrate;
pub mod sqlite;
mod tx;
mod value;
mod wakes;
mod writer;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use changes::Changes;
pub use control::Placed;
pub use error::Error;
pub use keyring::{KeyId, PersonKey, PersonKeys};
pub use keys::{Key, RootKeyFile};
pub use migrate::{Migration, Rows};
pub use tx::{Row, Tx};
pub use value::{FromBorrowed, FromValue, ToValue, Value, ValueRef};
pub use wakes::Wakes;
pub use writer::{MAX_BATCH, MAX_QUEUED_WRITES, MAX_READERS};

use crate::kit::{Actor, Clock, Entropy, OrganizationId};
use control::Control;
use writer::{OpenFile, Shared};

/// The name of the control database's file inside the data folder.
pub const CONTROL_FILE: &str = "control.db";
/// Most organization files open at once; the least recently used idle one is closed first.
pub const MAX_OPEN_ORGANIZATIONS: usize = 64;
/// Most slugs remembered in memory.
const MAX_REMEMBERED_SLUGS: usize = 10_000;

/// How a store behaves.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The series of schema steps of an organization's database.
    pub organization_migrations: &'static [Migration],
    /// How the rows of somebody whose keys were destroyed are removed.
    pub erase: EraseRows,
    /// Many transactions in one commit. Off only to measure what it brings.
    pub group_commit: bool,
}

/// Removes every row of the person of that id from an organization's database.
pub type EraseRows = fn(&Tx<'_>, &str) -> Result<(), Error>;

/// All organizations of this installation.
pub struct Store {
    folder: PathBuf,
    control: Arc<Control>,
    shared: Shared,
    open: Mutex<Open>,
    /// Held while a file is opened, so that none is opened twice.
    opening: tokio::sync::Mutex<()>,
    slugs: Mutex<HashMap<String, OrganizationId>>,
}

#[derive(Default)]
struct Open {
    files: HashMap<OrganizationId, (Arc<OpenFile>, u64)>,
    uses: u64,
}

impl Store {
    /// Opens the data folder, which must exist, with the root key.
    ///
    /// # Errors
    /// [`Error::File`] or [`Error::Migration`] when the control database does not open.
    pub fn open(
        folder: &Path,
        root: Key,
        options: Options,
        clock: Arc<dyn Clock>,
        entropy: Arc<Entropy>,
    ) -> Result<Self, Error> {
        let control = Arc::new(Control::open(&folder.join(CONTROL_FILE), root)?);
        let shared = Shared {
            options,
            clock,
            entropy,
            wakes: Arc::new(Wakes::default()),
            revisions: Arc::new(AtomicU64::new(1)),
            waiting: Arc::default(),
            person_keys: Arc::default(),
        };
        Ok(Self {
            folder: folder.to_owned(),
            control,
            shared,
            open: Mutex::default(),
            opening: tokio::sync::Mutex::default(),
            slugs: Mutex::default(),
        })
    }

    /// The clock of every transaction.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.shared.clock
    }

    /// The randomness of every transaction.
    #[must_use]
    pub fn entropy(&self) -> &Arc<Entropy> {
        &self.shared.entropy
    }

    /// When each organization next needs the worker.
    #[must_use]
    pub fn wakes(&self) -> &Arc<Wakes> {
        &self.shared.wakes
    }

    /// Every organization placed here, by slug.
    ///
    /// # Errors
    /// Those of the control database.
    pub fn organizations(&self) -> Result<Vec<Placed>, Error> {
        self.control.all()
    }

    /// The organization whose addresses begin with `slug`.
    ///
    /// # Errors
    /// Those of the control database.
    pub fn find_organization(&self, slug: &str) -> Result<Option<OrganizationId>, Error> {
        if let Some(id) = lock(&self.slugs).get(slug) {
            return Ok(Some(*id));
        }
        let found = self.control.by_slug(slug)?;
        if let Some(id) = found {
            let mut slugs = lock(&self.slugs);
            if slugs.len() >= MAX_REMEMBERED_SLUGS {
                slugs.clear();
            }
            slugs.insert(slug.to_owned(), id);
        }
        Ok(found)
    }

    /// Makes an organization with keys and a file of its own, and runs `first` as its first
    /// transaction; nothing stays when that fails.
    ///
    /// # Errors
    /// [`Error::Constraint`] `organization.slug` when the slug is taken; those of `first`.
    pub async fn create_organization<T, E, F>(
        &self,
        slug: &str,
        actor: Actor,
        first: F,
    ) -> Result<(OrganizationId, T), E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (placed, left) =
            self.control
                .add(slug, self.shared.clock.now(), &self.shared.entropy)?;
        if let Some(placement) = left {
            files::remove(&self.folder, &placement);
        }
        let first = match self.write(placed.id, actor, first).await {
            Ok(made) => self
                .control
                .complete(placed.id)
                .map(|()| made)
                .map_err(E::from),
            Err(error) => Err(error),
        };
        match first {
            Ok(made) => Ok((placed.id, made)),
            Err(error) => {
                lock(&self.open).files.remove(&placed.id);
                self.control.remove(placed.id)?;
                files::remove(&self.folder, &placed.placement);
                Err(error)
            }
        }
    }

    /// Runs a verb as one transaction; when it answers `Ok`, the change is durable.
    ///
    /// # Errors
    /// Those of the verb, which undo its changes; [`Error::Busy`], [`Error::NoOrganization`] and
    /// the engine's.
    pub async fn write<T, E, F>(&self, id: OrganizationId, actor: Actor, verb: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.file(id).await?.write(actor, verb).await
    }

    /// Answers a question from one snapshot; writes are refused by the engine.
    ///
    /// # Errors
    /// Those of the question; [`Error::NoOrganization`] and the engine's.
    pub async fn read<T, E, F>(&self, id: OrganizationId, actor: Actor, question: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.file(id).await?.read(actor, question).await
    }

    /// A number that changes with every commit that cached answers depend on. Read it before the
    /// snapshot an answer is computed from; the answer holds while the number stays the same. An
    /// organization whose file is closed gets a number that was never given before.
    #[must_use]
    pub fn revision(&self, id: OrganizationId) -> u64 {
        match self.open_file(id) {
            Some(file) => file.revision(),
            None => self
                .shared
                .revisions
                .fetch_add(1, std::sync::atomic::Ordering::SeqCst),
        }
    }

    /// Tells of each change of the organization's [`revision`](Self::revision), once it is durable.
    #[must_use]
    pub fn changes(&self, id: OrganizationId) -> Changes {
        self.shared.waiting.join(id)
    }

    /// Closes what is open, after the last write was answered; folds the logs into the files.
    pub fn close(&self) {
        lock(&self.open).files.clear();
    }

    fn open_file(&self, id: OrganizationId) -> Option<Arc<OpenFile>> {
        let mut open = lock(&self.open);
        open.uses += 1;
        let uses = open.uses;
        let (file, used) = open.files.get_mut(&id)?;
        if file.ring.is_behind() {
            open.files.remove(&id);
            return None;
        }
        *used = uses;
        Some(Arc::clone(file))
    }

    async fn file(&self, id: OrganizationId) -> Result<Arc<OpenFile>, Error> {
        if let Some(file) = self.open_file(id) {
            return Ok(file);
        }
        let _opening = self.opening.lock().await;
        if let Some(file) = self.open_file(id) {
            return Ok(file);
        }
        let (folder, control) = (self.folder.clone(), Arc::clone(&self.control));
        let shared = self.shared.clone();
        let opened = tokio::task::spawn_blocking(move || files::open(id, &folder, control, shared));
        let file = Arc::new(opened.await.map_err(|_| Error::Closing)??);
        let mut open = lock(&self.open);
        if open.files.len() >= MAX_OPEN_ORGANIZATIONS {
            close_least_recent(&mut open);
        }
        open.uses += 1;
        let uses = open.uses;
        open.files.insert(id, (Arc::clone(&file), uses));
        Ok(file)
    }
}

/// Only idle files are closed: one that is in use has a second holder.
fn close_least_recent(open: &mut Open) {
    let idle = open
        .files
        .iter()
        .filter(|(_, (file, _))| Arc::strong_count(file) == 1)
        .min_by_key(|(_, (_, used))| *used)
        .map(|(id, _)| *id);
    if let Some(id) = idle {
        open.files.remove(&id);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
