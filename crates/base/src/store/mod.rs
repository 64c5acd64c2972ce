//! The one way to an organization's data. Each organization has an encrypted file of its own and
//! a single writer; verbs are synchronous closures over a [`Tx`], run off the async threads.
//!
//! ```text
//! store.write(organization, actor, |tx| verb(tx, ..)).await   // one transaction, durable when it answers
//! store.read(organization, actor, |tx| question(tx, ..)).await // one snapshot
//! ```

mod backup;
mod changes;
mod check;
mod control;
pub mod copy;
mod damage;
mod database;
pub mod dialect;
mod doors;
mod error;
mod job;
mod jobs;
pub mod keyring;
pub mod keys;
mod migrate;
mod opening;
mod operators;
mod organizations;
mod place;
mod postgres;
mod relocate;
mod replay;
mod root;
mod rotation;
mod servers;
mod session;
pub mod sqlite;
mod standing;
mod survey;
mod target;
mod tx;
mod value;
mod wakes;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use backup::{DataArchive, KeyArchive, Restored};
pub use changes::Changes;
pub use control::jobs::{JOB_SILENCE_SECONDS, Job, JobKind, JobState, MAX_LISTED_JOBS};
pub use control::{MAX_ERASURE_LOG_BYTES, MAX_SERVER_NAME_CHARS, Placed};
pub use database::{MAX_BATCH, MAX_QUEUED_WRITES, MAX_READERS};
pub use error::Error;
pub use jobs::{Progress, Told};
pub use keyring::{KeyId, PersonKey, PersonKeys, VEIL};
pub use keys::Key;
pub use migrate::{Migration, Rows};
pub use opening::{MAX_OPEN_ORGANIZATIONS, OPENED_AT_ONCE};
pub use operators::{
    ConductCase, Entry, Lent, LentState, MAX_CONDUCT_CASES, MAX_LISTED_ACTS, MAX_LISTED_LENT,
    MAX_OPERATORS, MAX_OUTCOME_CHARS, MAX_REASON_CHARS, MAX_REGISTER_CHARS, NewCase, NewEntry,
    OPERATOR_IDLE_MINUTES, OPERATOR_LINK_HOURS, OPERATOR_SESSION_HOURS, Operator, OperatorAct,
    OperatorActKind, OperatorFactor, OperatorKind, OperatorSession, OperatorState, Origin, Vetting,
};
pub use place::{Place, Placement};
pub use postgres::{CONNECTIONS_DEFAULT, Dsn, MAX_CONNECTIONS, Scratch, TEST_SERVER};
pub use relocate::Relocated;
pub use root::{ROOT_KEY_COMMAND_SECONDS, RootKey, RootKeyFile};
pub use rotation::{RootChange, RootRotated, Rotated};
pub use session::Row;
pub use standing::{OrganizationState, STANDING_SECONDS};
pub use survey::{Counts, Health, MAX_SURVEYED, Surveyed};
pub use tx::Tx;
pub use value::{FromBorrowed, FromValue, ToValue, Value, ValueRef};
pub use wakes::Wakes;

use crate::kit::{Actor, Clock, Entropy, OrganizationId};
use control::Control;
use database::{Asked, Shared};
use opening::Open;
use place::Servers;

/// The name of the control database's file inside the data folder.
pub const CONTROL_FILE: &str = "control.db";
/// How often a question follows data that moves on.
const MAX_MOVES: u32 = 3;

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
    servers: Arc<Servers>,
    shared: Shared,
    open: Mutex<Open>,
    /// Each is held while a database is opened, so that none is opened twice.
    opening: [tokio::sync::Mutex<()>; OPENED_AT_ONCE],
    slugs: Mutex<HashMap<String, OrganizationId>>,
    /// Whether each organization opened when it was last opened by this process.
    health: Mutex<HashMap<OrganizationId, bool>>,
}

impl Store {
    /// Opens what is at `place` with the root key: the control database, in the folder (which must
    /// exist) or on the server.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Unavailable`] or [`Error::Migration`] when the control database
    /// does not open.
    pub fn open(
        place: &Place,
        root: impl Into<RootKey>,
        options: Options,
        clock: Arc<dyn Clock>,
        entropy: Arc<Entropy>,
    ) -> Result<Self, Error> {
        let shared = Shared {
            options,
            clock,
            entropy,
            wakes: Arc::new(Wakes::default()),
            revisions: Arc::new(AtomicU64::new(1)),
            waiting: Arc::default(),
            person_keys: Arc::default(),
            standing: Arc::default(),
        };
        let servers = Servers::open(place)?;
        servers.listen(&shared)?;
        let (root, log) = (root.into(), place.erasures.as_deref());
        let control = match servers.main() {
            Some(server) => off_runtime(|| Control::on_server(server, root, log, &shared.entropy))?,
            None => {
                let path = place.folder.join(CONTROL_FILE);
                damage::refuse_without_control(&place.folder, &path)?;
                Control::in_file(&path, root, log, &shared.entropy)?
            }
        };
        Ok(Self {
            folder: place.folder.clone(),
            control: Arc::new(control),
            servers: Arc::new(servers),
            shared,
            open: Mutex::default(),
            opening: Default::default(),
            slugs: Mutex::default(),
            health: Mutex::default(),
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

    /// Runs a verb as one transaction; when it answers `Ok`, the change is durable. Where several
    /// processes write, the verb may run more than once: all but the last leave nothing.
    ///
    /// # Errors
    /// Those of the verb, which undo its changes; [`Error::Busy`], [`Error::NoOrganization`],
    /// [`Error::Suspended`] and the engine's.
    pub async fn write<T, E, F>(&self, id: OrganizationId, actor: Actor, verb: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Clone + Send + 'static,
    {
        self.admit(id).await?;
        self.write_regardless(id, actor, verb).await
    }

    /// As [`Store::write`], whether the organization is suspended or not: for the end of what was
    /// begun before.
    ///
    /// # Errors
    /// As [`Store::write`], but [`Error::Suspended`].
    pub async fn write_regardless<T, E, F>(
        &self,
        id: OrganizationId,
        actor: Actor,
        verb: F,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Clone + Send + 'static,
    {
        let database = self.database(id).await?;
        let done = database.write(actor.clone(), verb.clone()).await;
        match done {
            // Nothing was done there.
            Err(_) if database.has_moved() => self.database(id).await?.write(actor, verb).await,
            done => done,
        }
    }

    /// Answers a question from one snapshot; writes are refused by the engine.
    ///
    /// # Errors
    /// Those of the question; [`Error::NoOrganization`], [`Error::Suspended`] and the engine's.
    pub async fn read<T, E, F>(&self, id: OrganizationId, actor: Actor, question: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.admit(id).await?;
        self.read_regardless(id, actor, question).await
    }

    /// As [`Store::read`], whether the organization is suspended or not: for whoever looks after the
    /// installation.
    ///
    /// # Errors
    /// As [`Store::read`], but [`Error::Suspended`].
    pub async fn read_regardless<T, E, F>(
        &self,
        id: OrganizationId,
        actor: Actor,
        question: F,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let mut question = question;
        for _ in 0..MAX_MOVES {
            let database = self.database(id).await?;
            question = match database.read(actor.clone(), question).await {
                Asked::Answered(answer) => return answer,
                Asked::Moved(question) => question,
            };
        }
        Err(Error::Moved.into())
    }

    /// A number that changes with every commit that cached answers depend on, in whatever process.
    /// Read it before the snapshot an answer is computed from; the answer holds while the number
    /// stays the same.
    ///
    /// # Errors
    /// [`Error::NoOrganization`], [`Error::Suspended`] and the engine's.
    pub async fn revision(&self, id: OrganizationId) -> Result<u64, Error> {
        self.admit(id).await?;
        let database = self.database(id).await?;
        match database.revision().await {
            Err(_) if database.has_moved() => self.database(id).await?.revision().await,
            asked => asked,
        }
    }

    /// Tells of each change of the organization's [`revision`](Self::revision), once it is durable.
    #[must_use]
    pub fn changes(&self, id: OrganizationId) -> Changes {
        self.shared.waiting.join(id)
    }

    /// Takes the organizations that the worker is to look after at `now`, earliest first. Of
    /// several processes one gets each.
    pub async fn take_due(&self, now: jiff::Timestamp) -> Vec<OrganizationId> {
        let mut due = self.shared.wakes.take_due(now);
        due.extend(self.servers.take_due(now).await);
        due
    }

    /// Whether other processes may write to the same organizations.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.servers.main().is_some()
    }

    /// Closes what is open, after the last write was answered; folds the logs into the files.
    pub fn close(&self) {
        lock(&self.open).databases.clear();
    }
}

/// Runs what blocks on a thread of its own: opening happens where futures may be polled.
fn off_runtime<T: Send>(work: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
    std::thread::scope(|scope| scope.spawn(work).join().unwrap_or(Err(Error::Panicked)))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod migrate_tests;
#[cfg(test)]
mod operator_tests;
#[cfg(test)]
mod relocate_tests;
#[cfg(test)]
mod root_tests;
#[cfg(test)]
mod rotation_tests;
#[cfg(test)]
mod server_tests;
#[cfg(test)]
mod standing_tests;
#[cfg(test)]
mod tests;
