//! One organization's open file: a writer that commits many transactions at once, and readers
//! beside it on snapshots.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::keyring::{self, Cache, Keyring};
use super::{Error, Key, Options, Tx, changes::Waiting, sqlite, wakes::Wakes};
use crate::kit::{Actor, Clock, Entropy, OrganizationId};

/// Most transactions in one commit.
pub const MAX_BATCH: usize = 256;
/// Most transactions waiting for the writer of one organization.
pub const MAX_QUEUED_WRITES: usize = 8_192;
/// Most reading connections kept for one organization.
pub const MAX_READERS: usize = 4;

/// What a queued transaction reports after it ran: keep its changes or not, and whom to tell
/// once the commit is durable (or failed).
pub(super) struct Ran {
    pub keep: bool,
    pub changes_revision: bool,
    pub wake_at: Option<jiff::Timestamp>,
    pub tell: Box<dyn FnOnce(Result<(), Error>) + Send>,
}

type Job = Box<dyn FnOnce(&Connection) -> Ran + Send>;

struct Queue {
    jobs: VecDeque<Job>,
    draining: bool,
}

/// What every open file shares.
#[derive(Clone)]
pub(super) struct Shared {
    pub options: Options,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<Entropy>,
    pub wakes: Arc<Wakes>,
    pub revisions: Arc<AtomicU64>,
    pub waiting: Arc<Waiting>,
    pub person_keys: Arc<Cache>,
}

/// An open organization file.
pub(super) struct OpenFile {
    pub organization: OrganizationId,
    pub ring: Arc<Keyring>,
    path: PathBuf,
    key: Key,
    queue: Mutex<Queue>,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    reading: Arc<Semaphore>,
    revision: AtomicU64,
    shared: Shared,
}

impl OpenFile {
    /// Opens the file and brings it up to date: its schema, and the erasures it has not seen.
    pub fn open(
        organization: OrganizationId,
        path: PathBuf,
        key: Key,
        ring: Keyring,
        shared: Shared,
    ) -> Result<Self, Error> {
        let writer = sqlite::open(&path, &key, sqlite::Use::Write)?;
        let now = shared.clock.now();
        let tx =
            || Tx::new(&writer, organization, Actor::SYSTEM, now, &shared.entropy).with_keys(&ring);
        let migrations = shared.options.organization_migrations;
        super::migrate::migrate(&writer, migrations, |rows| rows(&tx()))?;
        keyring::bring_up_to_date(&writer, &ring, shared.options.erase, tx)?;
        let revision = AtomicU64::new(shared.revisions.fetch_add(1, Ordering::SeqCst));
        Ok(Self {
            organization,
            ring: Arc::new(ring),
            path,
            key,
            queue: Mutex::new(Queue {
                jobs: VecDeque::new(),
                draining: false,
            }),
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            reading: Arc::new(Semaphore::new(MAX_READERS)),
            revision,
            shared,
        })
    }

    /// A number that changes with every commit that cached answers depend on.
    pub fn revision(&self) -> u64 {
        self.revision.load(Ordering::SeqCst)
    }

    pub async fn write<T, E, F>(self: &Arc<Self>, actor: Actor, verb: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (answer, answered) = tokio::sync::oneshot::channel::<Result<T, E>>();
        let shared = self.shared.clone();
        let organization = self.organization;
        let ring = Arc::clone(&self.ring);
        let job: Job = Box::new(move |connection| {
            let tx = Tx::new(
                connection,
                organization,
                actor,
                shared.clock.now(),
                &shared.entropy,
            )
            .with_keys(&ring);
            let outcome = catch_unwind(AssertUnwindSafe(|| verb(&tx)))
                .unwrap_or_else(|_| Err(Error::Panicked.into()));
            Ran {
                keep: outcome.is_ok(),
                changes_revision: tx.changes_revision(),
                wake_at: tx.requested_wake(),
                tell: Box::new(move |committed| {
                    let outcome = match committed {
                        Err(error) if outcome.is_ok() => Err(error.into()),
                        _ => outcome,
                    };
                    // The caller may have gone away; the act stands all the same.
                    let _ = answer.send(outcome);
                }),
            }
        });
        self.enqueue(job)?;
        answered
            .await
            .unwrap_or_else(|_| Err(Error::Closing.into()))
    }

    fn enqueue(self: &Arc<Self>, job: Job) -> Result<(), Error> {
        let mut queue = lock(&self.queue);
        if queue.jobs.len() >= MAX_QUEUED_WRITES {
            return Err(Error::Busy);
        }
        queue.jobs.push_back(job);
        if !queue.draining {
            queue.draining = true;
            drop(queue);
            let file = Arc::clone(self);
            tokio::task::spawn_blocking(move || file.drain());
        }
        Ok(())
    }

    /// Runs what is queued, in order, until nothing is left.
    fn drain(&self) {
        let writer = lock(&self.writer);
        while let Some(job) = self.next_or_rest() {
            self.commit(&writer, job);
        }
    }

    /// The next job; when there is none, draining ends.
    fn next_or_rest(&self) -> Option<Job> {
        let mut queue = lock(&self.queue);
        let job = queue.jobs.pop_front();
        queue.draining = job.is_some();
        job
    }

    /// Commits `first` and all that is queued until nothing waits: a job that arrives while others
    /// run shares their commit.
    fn commit(&self, writer: &Connection, first: Job) {
        let most = if self.shared.options.group_commit {
            MAX_BATCH
        } else {
            1
        };
        let mut ran = Vec::new();
        let begun = run(writer, "begin immediate");
        let mut result = begun;
        let mut next = Some(first);
        while result.is_ok() {
            let Some(job) = next.take() else { break };
            result = in_savepoint(writer, job, &mut ran);
            if ran.len() < most {
                next = lock(&self.queue).jobs.pop_front();
            }
        }
        if result.is_ok() {
            result = run(writer, "commit");
        }
        if result.is_err() {
            // When the rollback fails too, the engine has already undone the transaction.
            let _ = run(writer, "rollback");
        }
        let kept = || ran.iter().filter(|r| r.keep);
        if result.is_ok() && kept().any(|r| r.changes_revision) {
            let next = self.shared.revisions.fetch_add(1, Ordering::SeqCst);
            self.revision.store(next, Ordering::SeqCst);
            self.shared.waiting.tell(self.organization, next);
        }
        if result.is_ok()
            && let Some(at) = kept().filter_map(|r| r.wake_at).min()
        {
            self.shared.wakes.ask(self.organization, at);
        }
        if let Err(error) = &result {
            tracing::error!(organization.id = %self.organization, error = %error, "A commit failed");
        }
        for told in ran {
            (told.tell)(result.clone());
        }
    }

    pub async fn read<T, E, F>(self: &Arc<Self>, actor: Actor, question: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let permit = Arc::clone(&self.reading)
            .acquire_owned()
            .await
            .map_err(|_| Error::Closing)?;
        let file = Arc::clone(self);
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            file.read_blocking(actor, question)
        })
        .await
        .unwrap_or_else(|_| Err(Error::Closing.into()))
    }

    fn read_blocking<T, E, F>(&self, actor: Actor, question: F) -> Result<T, E>
    where
        E: From<Error>,
        F: FnOnce(&Tx<'_>) -> Result<T, E>,
    {
        let pooled = lock(&self.readers).pop();
        let connection = match pooled {
            Some(connection) => connection,
            None => sqlite::open(&self.path, &self.key, sqlite::Use::Read)?,
        };
        run(&connection, "begin")?;
        let tx = Tx::new(
            &connection,
            self.organization,
            actor,
            self.shared.clock.now(),
            &self.shared.entropy,
        )
        .with_keys(&self.ring);
        let outcome = catch_unwind(AssertUnwindSafe(|| question(&tx)))
            .unwrap_or_else(|_| Err(Error::Panicked.into()));
        drop(tx);
        if run(&connection, "rollback").is_ok() {
            lock(&self.readers).push(connection);
        }
        outcome
    }
}

/// Runs one job inside a savepoint, so that its failure undoes its own changes and no other's.
fn in_savepoint(writer: &Connection, job: Job, ran: &mut Vec<Ran>) -> Result<(), Error> {
    run(writer, "savepoint job")?;
    let outcome = job(writer);
    let undo = !outcome.keep;
    ran.push(outcome);
    if undo {
        run(writer, "rollback to job")?;
    }
    run(writer, "release job")
}

fn run(connection: &Connection, sql: &str) -> Result<(), Error> {
    connection.prepare_cached(sql)?.raw_execute()?;
    Ok(())
}

/// A panic inside a job is caught before it can poison these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
