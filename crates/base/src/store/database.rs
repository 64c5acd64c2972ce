//! One organization's open database: a writer that commits many transactions at once, and readers
//! beside it on snapshots.

mod batch;
mod open;
mod reading;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

use super::job::{Given, Job, Verb};
use super::keyring::{Cache, Keyring};
use super::session::Session;
use super::standing::Standing;
use super::{Error, Key, Options, Tx, changes::Waiting, postgres, wakes::Wakes};
use crate::kit::{Actor, Clock, Entropy, OrganizationId};

/// Most transactions in one commit.
pub const MAX_BATCH: usize = 256;
/// Most transactions waiting for the writer of one organization.
pub const MAX_QUEUED_WRITES: usize = 8_192;
/// Most reading connections kept for one organization's file.
pub const MAX_READERS: usize = 4;

/// What every open database shares.
#[derive(Clone)]
pub(super) struct Shared {
    pub options: Options,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<Entropy>,
    pub wakes: Arc<Wakes>,
    pub revisions: Arc<AtomicU64>,
    pub waiting: Arc<Waiting>,
    pub person_keys: Arc<Cache>,
    pub standing: Arc<Standing>,
}

/// An organization's open database.
pub(super) struct Database {
    organization: OrganizationId,
    pub ring: Arc<Keyring>,
    engine: Engine,
    queue: Mutex<Queue>,
    shared: Shared,
    /// Set when the data was found to live elsewhere.
    moved: AtomicBool,
}

/// What came of a question: its answer, or the question itself, since the data has moved.
pub(super) enum Asked<T, E, F> {
    Answered(Result<T, E>),
    Moved(F),
}

impl<T, E: From<Error>, F> Asked<T, E, F> {
    /// The answer, of who does not follow the data.
    pub fn answered(self) -> Result<T, E> {
        match self {
            Self::Answered(answer) => answer,
            Self::Moved(_) => Err(Error::Moved.into()),
        }
    }
}

struct Queue {
    jobs: VecDeque<Box<dyn Job>>,
    draining: bool,
}

enum Engine {
    File(Box<File>),
    Schema(postgres::Schema),
}

/// A file with the one connection that writes to it, opened for the first write, and those that read.
struct File {
    path: PathBuf,
    key: Key,
    writer: Mutex<Option<Session>>,
    readers: Mutex<Vec<Session>>,
    reading: Arc<Semaphore>,
    revision: AtomicU64,
}

impl Database {
    fn new(organization: OrganizationId, engine: Engine, ring: Keyring, shared: Shared) -> Self {
        Self {
            organization,
            ring: Arc::new(ring),
            engine,
            queue: Mutex::new(Queue {
                jobs: VecDeque::new(),
                draining: false,
            }),
            shared,
            moved: AtomicBool::new(false),
        }
    }

    /// Whether the data lives elsewhere now: it must be opened there.
    pub fn has_moved(&self) -> bool {
        self.moved.load(Ordering::SeqCst)
    }

    /// Takes note when a transaction could not begin since the data is gone from here.
    fn note_move<T>(&self, begun: &Result<T, Error>) {
        if let Err(Error::Moved | Error::NoOrganization) = begun {
            self.moved.store(true, Ordering::SeqCst);
        }
    }

    /// Its files, if it is one.
    pub fn files(&self) -> Vec<PathBuf> {
        match &self.engine {
            Engine::File(file) => [vec![file.path.clone()], self.ring.files()].concat(),
            Engine::Schema(_) => Vec::new(),
        }
    }

    /// A number that changes with every commit that cached answers depend on.
    pub async fn revision(self: &Arc<Self>) -> Result<u64, Error> {
        let schema = match &self.engine {
            Engine::File(file) => return Ok(file.revision.load(Ordering::SeqCst)),
            Engine::Schema(schema) => schema,
        };
        let permit = schema.server().permit().await?;
        let database = Arc::clone(self);
        let asked = tokio::task::spawn_blocking(move || match &database.engine {
            Engine::Schema(schema) => {
                let lent = schema.server().lend(&permit, schema.name())?;
                schema.revision(lent.session())
            }
            Engine::File(_) => Err(Error::Closing),
        });
        let asked = asked.await.unwrap_or(Err(Error::Closing));
        self.note_move(&asked);
        asked
    }

    pub async fn write<T, E, F>(self: &Arc<Self>, actor: Actor, verb: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Clone + Send + 'static,
    {
        let given = Given {
            organization: self.organization,
            actor,
            clock: Arc::clone(&self.shared.clock),
            entropy: Arc::clone(&self.shared.entropy),
            ring: Arc::clone(&self.ring),
        };
        let (job, answered) = Verb::new(given, verb);
        self.enqueue(Box::new(job))?;
        answered
            .await
            .unwrap_or_else(|_| Err(Error::Closing.into()))
    }

    fn enqueue(self: &Arc<Self>, job: Box<dyn Job>) -> Result<(), Error> {
        let mut queue = lock(&self.queue);
        if queue.jobs.len() >= MAX_QUEUED_WRITES {
            return Err(Error::Busy);
        }
        queue.jobs.push_back(job);
        if !queue.draining {
            queue.draining = true;
            drop(queue);
            let database = Arc::clone(self);
            match &self.engine {
                Engine::File(_) => {
                    tokio::task::spawn_blocking(move || database.drain_to_file());
                }
                Engine::Schema(schema) => {
                    let server = Arc::clone(schema.server());
                    tokio::spawn(async move {
                        let permit = server.permit().await;
                        tokio::task::spawn_blocking(move || database.drain_to_schema(permit));
                    });
                }
            }
        }
        Ok(())
    }

    /// How many transactions wait for the writer.
    #[cfg(test)]
    pub fn waiting(&self) -> usize {
        lock(&self.queue).jobs.len()
    }

    /// The next job; when there is none, draining ends.
    fn next_or_rest(&self) -> Option<Box<dyn Job>> {
        let mut queue = lock(&self.queue);
        let job = queue.jobs.pop_front();
        queue.draining = job.is_some();
        job
    }
}

/// A panic inside a job is caught before it can poison these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
