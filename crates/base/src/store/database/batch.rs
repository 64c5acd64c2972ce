//! Many transactions in one commit: each in a savepoint of its own, so that its failure undoes its
//! own changes and no other's; their callers are answered when all of it is durable.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::super::job::{Job, Ran};
use super::super::postgres::{Asked, Fault, Lent, Permit, Schema};
use super::super::session::Session;
use super::super::sqlite;
use super::reading::stays;
use super::{Database, Engine, Error, File, MAX_BATCH, lock};

/// Most transactions in one commit on a server, where the writers of other processes wait for it.
pub(super) const MAX_SHARED_BATCH: usize = 64;
/// How often a commit is tried that the server refused for another's sake, or whose connection
/// broke before it was asked for.
pub(super) const MAX_TRIES: u32 = 4;
/// How long to wait before the second try, in milliseconds; each further one waits four times as
/// long.
const FIRST_PAUSE_MS: u64 = 50;

type Batch = Vec<(Box<dyn Job>, Option<Ran>)>;

impl Database {
    /// Runs what is queued, in order, until nothing is left.
    pub(super) fn drain_to_file(&self) {
        let Engine::File(file) = &self.engine else {
            return;
        };
        let mut writer = lock(&file.writer);
        while let Some(job) = self.next_or_rest() {
            let opened = writer_of(&mut writer, file);
            self.note_move(&opened);
            match opened {
                Ok(writer) => self.commit_to_file(file, writer, job),
                Err(error) => {
                    self.ring.note(&error);
                    job.tell(Err(error));
                }
            }
        }
    }

    /// As [`Database::drain_to_file`], on a server.
    pub(super) fn drain_to_schema(&self, permit: Result<Permit, Error>) {
        let Engine::Schema(schema) = &self.engine else {
            return;
        };
        while let Some(job) = self.next_or_rest() {
            match &permit {
                Ok(permit) => self.commit_to_schema(schema, permit, job),
                Err(error) => job.tell(Err(error.clone())),
            }
        }
    }

    fn commit_to_file(&self, file: &File, writer: &Session, first: Box<dyn Job>) {
        let mut batch: Batch = vec![(first, None)];
        let mut result = begin_in_file(writer);
        self.note_move(&result);
        if result.is_ok() {
            result = self.run_all(writer, &mut batch, MAX_BATCH, false);
        }
        if result.is_ok() {
            result = writer.run("commit").map_err(|error| match error {
                // What was written may be whole, and stand once the file is opened again.
                Error::Disk(_) => Error::Unknown,
                known => known,
            });
        }
        if let Err(error) = &result {
            // When the rollback fails too, the engine has already undone the transaction.
            let _ = writer.run("rollback");
            self.ring.note(error);
        }
        let asked = asked(&batch);
        if result.is_ok() && asked.revise {
            let next = self.shared.revisions.fetch_add(1, Ordering::SeqCst);
            file.revision.store(next, Ordering::SeqCst);
            self.shared.waiting.tell(self.organization);
        }
        if result.is_ok()
            && let Some(at) = asked.wake_at
        {
            self.shared.wakes.ask(self.organization, at);
        }
        self.tell(batch, &result);
    }

    fn commit_to_schema(&self, schema: &Schema, permit: &Permit, first: Box<dyn Job>) {
        let mut batch: Batch = vec![(first, None)];
        let mut pause = Duration::from_millis(FIRST_PAUSE_MS);
        let mut result = Ok(());
        for _ in 0..MAX_TRIES {
            let (tried, again) = self.try_on_schema(schema, permit, &mut batch);
            result = tried;
            if !again {
                break;
            }
            tracing::warn!(organization.id = %self.organization, "A commit is tried again");
            rest(pause);
            pause *= 4;
        }
        if result.is_ok() && asked(&batch).revise {
            self.shared.waiting.tell(self.organization);
        }
        self.tell(batch, &result);
    }

    /// One try; says whether another may help.
    fn try_on_schema(
        &self,
        schema: &Schema,
        permit: &Permit,
        batch: &mut Batch,
    ) -> (Result<(), Error>, bool) {
        let server = schema.server();
        let lent = match server.lend(permit, schema.name()) {
            Ok(lent) => lent,
            Err(error) => return (Err(error), true),
        };
        let result = self.transact(schema, &lent, batch);
        let Err(error) = result else {
            return (Ok(()), false);
        };
        // What became of a commit that broke is not known: to do it again might do it twice.
        let fault = lent.session().fault();
        let again = fault.is_some() && !matches!(error, Error::Unknown);
        if fault.is_none() && lent.session().run("rollback").is_err() {
            lent.discard();
        }
        if fault == Some(Fault::Lost) {
            server.forget_idle();
        }
        (Err(error), again)
    }

    fn transact(&self, schema: &Schema, lent: &Lent<'_>, batch: &mut Batch) -> Result<(), Error> {
        let Session::Postgres(session) = lent.session() else {
            return Err(Error::Closing);
        };
        let begun = schema.begin_write(session);
        self.note_move(&begun);
        begun?;
        self.run_all(lent.session(), batch, MAX_SHARED_BATCH, true)?;
        schema.commit(session, asked(batch))
    }

    /// Runs the jobs of a batch, and those that arrive meanwhile: they share its commit.
    fn run_all(
        &self,
        session: &Session,
        batch: &mut Batch,
        most: usize,
        again: bool,
    ) -> Result<(), Error> {
        let most = if self.shared.options.group_commit {
            most
        } else {
            1
        };
        let mut at = 0;
        while let Some((job, ran)) = batch.get_mut(at) {
            session.run("savepoint job")?;
            let outcome = job.run(session, again);
            let (keep, failure) = (outcome.keep, outcome.failure.clone());
            *ran = Some(outcome);
            if session.is_outside() {
                let ended = || Error::Engine("the transaction was ended".to_owned());
                return Err(failure.unwrap_or_else(ended));
            }
            if session.fault().is_some() {
                return Err(Error::Unavailable("the transaction was lost".to_owned()));
            }
            if !keep {
                session.run("rollback to job")?;
            }
            session.run("release job")?;
            at += 1;
            if at == batch.len()
                && at < most
                && let Some(next) = lock(&self.queue).jobs.pop_front()
            {
                batch.push((next, None));
            }
        }
        Ok(())
    }

    fn tell(&self, batch: Batch, result: &Result<(), Error>) {
        if let Err(error) = result {
            tracing::error!(organization.id = %self.organization, error = %error, "A commit failed");
        }
        for (job, _) in batch {
            job.tell(result.clone());
        }
    }
}

/// The connection that writes to a file, opened unless it is.
fn writer_of<'w>(writer: &'w mut Option<Session>, file: &File) -> Result<&'w Session, Error> {
    if let Some(writer) = writer {
        return Ok(writer);
    }
    match sqlite::open(&file.path, &file.key, sqlite::Use::Write) {
        Ok(connection) => Ok(writer.insert(Session::Sqlite(Box::new(connection)))),
        // Another process has moved the data, and removed what it left.
        Err(_) if !file.path.exists() => Err(Error::Moved),
        Err(error) => Err(error),
    }
}

/// Begins a transaction that writes, however long another process has the file.
fn begin_in_file(writer: &Session) -> Result<(), Error> {
    let mut begun = Err(Error::Busy);
    for _ in 0..MAX_TRIES {
        begun = writer.run("begin immediate");
        if begun != Err(Error::Busy) {
            break;
        }
    }
    begun.and_then(|()| stays(writer))
}

/// What the transactions that stand ask for together.
fn asked(batch: &Batch) -> Asked {
    let kept = || {
        batch
            .iter()
            .filter_map(|(_, ran)| ran.as_ref().filter(|ran| ran.keep))
    };
    Asked {
        revise: kept().any(|ran| ran.changes_revision),
        wake_at: kept().filter_map(|ran| ran.wake_at).min(),
    }
}

/// Waits on a thread for work that blocks.
fn rest(pause: Duration) {
    if let Ok(handle) = tokio::runtime::Handle::try_current() {
        handle.block_on(tokio::time::sleep(pause));
    }
}
