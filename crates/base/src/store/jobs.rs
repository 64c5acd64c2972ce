//! Long work for the installation, noted in the control database while it goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

use super::control::Control;
use super::{Error, Job, JobKind, Store};
use crate::kit::{Actor, Clock, JobId, OrganizationId};

/// How often a job notes how far it is, in milliseconds.
const NOTE_EVERY_MS: i64 = 1_000;

/// Takes what a job tells: how far it is, of how much.
pub type Told = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// How far a job is, told as it goes on.
#[derive(Clone)]
pub struct Progress {
    control: Arc<Control>,
    clock: Arc<dyn Clock>,
    job: JobId,
    noted_at: Arc<AtomicI64>,
    told: Told,
}

impl Progress {
    /// Tells how far the job is. Blocks for a moment, once in a while. Telling often is harmless.
    ///
    /// # Errors
    /// Those of the control database.
    pub fn tell(&self, done: u64, total: u64) -> Result<(), Error> {
        (self.told)(done, total);
        let now = self.clock.now();
        let noted = self.noted_at.load(Ordering::Relaxed);
        let since = now.as_millisecond().saturating_sub(noted);
        // Less than none: the clock was set back.
        if (0..NOTE_EVERY_MS).contains(&since) {
            return Ok(());
        }
        self.noted_at.store(now.as_millisecond(), Ordering::Relaxed);
        self.control.touch_job(self.job, done, total, now)
    }

    /// The instant at hand.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl Store {
    /// Does `work` as a job on a thread of its own: it is listed while it goes on, and how it ended
    /// is kept. `work` gives what it found and, for the record, the same as JSON without anything
    /// about customers.
    ///
    /// # Errors
    /// [`Error::Running`] when the same is done already; those of `work` and of the control
    /// database.
    pub async fn run_job<T: Send + 'static>(
        &self,
        kind: JobKind,
        organization: Option<OrganizationId>,
        author: Actor,
        told: Told,
        work: impl FnOnce(&Progress) -> Result<(T, String), Error> + Send + 'static,
    ) -> Result<T, Error> {
        let clock = Arc::clone(self.clock());
        let entropy = Arc::clone(self.entropy());
        self.with_control_shared(move |control| {
            let job = control.begin_job(kind, organization, &author, clock.now(), &entropy)?;
            let progress = Progress {
                control: Arc::clone(control),
                clock: Arc::clone(&clock),
                job,
                noted_at: Arc::new(AtomicI64::new(clock.now().as_millisecond())),
                told,
            };
            let done = work(&progress);
            let ended = match &done {
                Ok((_, outcome)) => Ok(outcome.clone()),
                Err(error) => Err(error.to_string()),
            };
            control.end_job(job, &ended, clock.now())?;
            done.map(|(found, _)| found)
        })
        .await
    }

    /// The newest jobs of the installation first, at most `limit` and [`MAX_LISTED_JOBS`].
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn jobs(&self, limit: u32) -> Result<Vec<Job>, Error> {
        self.with_control(move |control| control.jobs(limit)).await
    }

    /// The last job of a kind that was for all organizations; with `done`, the last that came to its end.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn last_job(&self, kind: JobKind, done: bool) -> Result<Option<Job>, Error> {
        let now = self.clock().now();
        self.with_control(move |control| control.last_job(kind, done, now))
            .await
    }
}
