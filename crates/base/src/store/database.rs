//! One organization's open database: a writer that commits many transactions at once, and readers
//! beside it on snapshots.

mod batch;
mod open;

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

use super::job::{Given, Job, Verb};
use super::keyring::{Cache, Keyring};
use super::session::Session;
use super::standing::Standing;
use super::{Error, Key, Options, Tx, changes::Waiting, postgres, sqlite, wakes::Wakes};
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

/// A file with the one connection that writes to it and those that read.
struct File {
    path: PathBuf,
    key: Key,
    writer: Mutex<Session>,
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
    fn note_move(&self, begun: &Result<(), Error>) {
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
        asked.await.unwrap_or(Err(Error::Closing))
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

    pub async fn read<T, E, F>(self: &Arc<Self>, actor: Actor, question: F) -> Asked<T, E, F>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let database = Arc::clone(self);
        let asked = match &self.engine {
            Engine::File(file) => match Arc::clone(&file.reading).acquire_owned().await {
                Ok(permit) => tokio::task::spawn_blocking(move || {
                    let _permit = permit;
                    database.read_file(actor, question)
                }),
                Err(_) => return Asked::Answered(Err(Error::Closing.into())),
            },
            Engine::Schema(schema) => match schema.server().permit().await {
                Ok(permit) => tokio::task::spawn_blocking(move || {
                    database.read_schema(&permit, actor, question)
                }),
                Err(error) => return Asked::Answered(Err(error.into())),
            },
        };
        asked
            .await
            .unwrap_or_else(|_| Asked::Answered(Err(Error::Closing.into())))
    }

    fn read_file<T, E, F>(&self, actor: Actor, question: F) -> Asked<T, E, F>
    where
        E: From<Error>,
        F: FnOnce(&Tx<'_>) -> Result<T, E>,
    {
        let Engine::File(file) = &self.engine else {
            return Asked::Answered(Err(Error::Closing.into()));
        };
        let begun = self.begin_read_of(file);
        let session = match begun {
            Ok(session) => session,
            Err(Error::Moved) => return Asked::Moved(question),
            Err(error) => return Asked::Answered(Err(error.into())),
        };
        let outcome = self.ask(&session, actor, question);
        if session.run("rollback").is_ok() && !self.ring.is_damaged() {
            lock(&file.readers).push(session);
        }
        Asked::Answered(outcome)
    }

    fn begin_read_of(&self, file: &File) -> Result<Session, Error> {
        let pooled = lock(&file.readers).pop();
        let session = match pooled {
            Some(session) => session,
            None => match sqlite::open(&file.path, &file.key, sqlite::Use::Read) {
                Ok(connection) => Session::Sqlite(Box::new(connection)),
                // Another process has moved the data, and removed what it left.
                Err(_) if !file.path.exists() => {
                    self.note_move(&Err(Error::Moved));
                    return Err(Error::Moved);
                }
                Err(error) => return Err(error),
            },
        };
        session
            .run("begin")
            .inspect_err(|error| self.ring.note(error))?;
        let here = stays(&session).inspect_err(|error| self.ring.note(error));
        self.note_move(&here);
        here.map(|()| session)
    }

    fn read_schema<T, E, F>(
        &self,
        permit: &postgres::Permit,
        actor: Actor,
        question: F,
    ) -> Asked<T, E, F>
    where
        E: From<Error>,
        F: FnOnce(&Tx<'_>) -> Result<T, E>,
    {
        let Engine::Schema(schema) = &self.engine else {
            return Asked::Answered(Err(Error::Closing.into()));
        };
        let lent = match begin_read_in(schema, permit) {
            Ok(lent) => lent,
            Err(error) => {
                let begun = Err(error);
                self.note_move(&begun);
                return match begun {
                    Err(error) if !self.has_moved() => Asked::Answered(Err(error.into())),
                    _ => Asked::Moved(question),
                };
            }
        };
        let outcome = self.ask(lent.session(), actor, question);
        if lent.session().fault().is_none() && lent.session().run("rollback").is_err() {
            lent.discard();
        }
        Asked::Answered(outcome)
    }

    fn ask<T, E, F>(&self, session: &Session, actor: Actor, question: F) -> Result<T, E>
    where
        E: From<Error>,
        F: FnOnce(&Tx<'_>) -> Result<T, E>,
    {
        let shared = &self.shared;
        let now = shared.clock.now();
        let tx =
            Tx::new(session, self.organization, actor, now, &shared.entropy).with_keys(&self.ring);
        catch_unwind(AssertUnwindSafe(|| question(&tx)))
            .unwrap_or_else(|_| Err(Error::Panicked.into()))
    }
}

/// Refuses a transaction in a file whose data lives elsewhere now.
fn stays(session: &Session) -> Result<(), Error> {
    match session {
        Session::Sqlite(connection) if sqlite::is_left(connection)? => Err(Error::Moved),
        _ => Ok(()),
    }
}

/// Begins to read, on a connection that works.
fn begin_read_in<'s>(
    schema: &'s postgres::Schema,
    permit: &'s postgres::Permit,
) -> Result<postgres::Lent<'s>, Error> {
    let server = schema.server();
    let lent = server.lend(permit, schema.name())?;
    let Err(error) = schema.begin_read(lent.session()) else {
        return Ok(lent);
    };
    let is_lost = lent.session().fault().is_some();
    lent.discard();
    if !is_lost {
        return Err(error);
    }
    // It broke while it rested, and so did the others. Nothing was asked yet.
    server.forget_idle();
    let lent = server.lend(permit, schema.name())?;
    match schema.begin_read(lent.session()) {
        Ok(()) => Ok(lent),
        Err(error) => {
            lent.discard();
            Err(error)
        }
    }
}

/// A panic inside a job is caught before it can poison these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
