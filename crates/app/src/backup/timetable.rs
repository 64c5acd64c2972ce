//! Backups and drills when they are due. Of several processes on the same data one does each: whoever
//! comes second finds the job running, or done.

use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use kept_base::kit::{Actor, time};
use kept_base::store::{Error, JobKind, JobState, Store, Told};

use super::{Identity, back_up_data, back_up_keys, drill};
use crate::config::Backup;

/// How often the timetable is looked at, in seconds.
const LOOK_SECONDS: u64 = 30;
/// How long after a backup or drill that failed it is tried again, in minutes.
pub const RETRY_MINUTES: i64 = 15;

/// What is due when.
pub struct Timetable {
    store: Arc<Store>,
    backup: Backup,
    /// Where drills make their scratch folder.
    place: PathBuf,
}

impl Timetable {
    /// A timetable for the backups of a store.
    #[must_use]
    pub fn new(store: Arc<Store>, backup: Backup, place: PathBuf) -> Self {
        Self {
            store,
            backup,
            place,
        }
    }

    /// Does what is due, until `stop` is ready and what was begun is done.
    pub async fn run(self, stop: impl Future<Output = ()> + Send) {
        let mut stop = pin!(stop);
        self.clear_up().await;
        loop {
            self.do_what_is_due().await;
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(Duration::from_secs(LOOK_SECONDS)) => {}
            }
        }
    }

    /// A drill that was cut short left a copy of everything.
    async fn clear_up(&self) {
        let now = self.store.clock().now();
        let last = self.store.last_job(JobKind::Drill, false).await;
        let is_running =
            last.is_ok_and(|job| job.is_some_and(|job| job.state(now) == JobState::Running));
        if !is_running && let Err(error) = drill::remove_left_overs(&self.place) {
            tracing::warn!(error = %error, "What a drill left is still there");
        }
    }

    /// Does what is due now: the data, then the keys, which data of any age needs, then a drill.
    pub async fn do_what_is_due(&self) {
        let silent: Told = Arc::new(|_, _| {});
        let (store, backup) = (&self.store, &self.backup);
        if self.is_due(JobKind::Backup, backup.every_hours * 60).await {
            let made = back_up_data(store, backup, None, Actor::SYSTEM, Arc::clone(&silent));
            say("Data was backed up", made.await.map(|made| made.bytes));
        }
        if (self.is_due(JobKind::KeyBackup, backup.keys_every_hours * 60)).await {
            let made = back_up_keys(store, backup, None, Actor::SYSTEM, Arc::clone(&silent));
            say("Keys were backed up", made.await.map(|made| made.bytes));
        }
        let Some(identity) = &backup.identity_file else {
            return;
        };
        let every = backup.drill_every_days * 24 * 60;
        if self.is_due(JobKind::Drill, every).await {
            match Identity::load(identity) {
                Ok(identity) => {
                    let drilled =
                        drill(store, backup, &identity, &self.place, Actor::SYSTEM, silent);
                    say("A restore was tried", drilled.await.map(|done| done.rows));
                }
                Err(error) => tracing::error!(error = %error, "No drill without the identity"),
            }
        }
    }

    async fn is_due(&self, kind: JobKind, every_minutes: i64) -> bool {
        let now = self.store.clock().now();
        match self.last(kind).await {
            Ok((succeeded, tried)) => is_due(now, every_minutes, succeeded, tried),
            Err(error) => {
                tracing::error!(error = %error, "The timetable of backups cannot be read");
                false
            }
        }
    }

    /// When the last that succeeded began, and the last at all.
    async fn last(&self, kind: JobKind) -> Result<(Option<Timestamp>, Option<Timestamp>), Error> {
        let succeeded = self.store.last_job(kind, true).await?;
        let tried = self.store.last_job(kind, false).await?;
        Ok((
            succeeded.map(|job| job.started_at),
            tried.map(|job| job.started_at),
        ))
    }
}

/// Whether something is to be done now: its time has come since it last succeeded, and it was not tried
/// a moment ago.
fn is_due(
    now: Timestamp,
    every_minutes: i64,
    succeeded: Option<Timestamp>,
    tried: Option<Timestamp>,
) -> bool {
    let is_over = |at: Option<Timestamp>, minutes| {
        // What is noted for later than now was noted by a clock that has been set back.
        at.is_none_or(|at| at > now || time::plus_minutes(at, minutes) <= now)
    };
    is_over(succeeded, every_minutes) && is_over(tried, RETRY_MINUTES.min(every_minutes))
}

fn say(what: &str, done: Result<u64, Error>) {
    match done {
        Ok(number) => tracing::info!(backup.number = number, "{what}"),
        Err(Error::Running(_)) => {}
        Err(error) => tracing::error!(error = %error, "{what}: not so"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_is_what_was_not_done_in_time_nor_tried_just_now() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let now = at("2026-11-23T12:00:00Z");
        let hourly = |succeeded: Option<&str>, tried: Option<&str>| {
            is_due(now, 60, succeeded.map(at), tried.map(at))
        };
        assert!(hourly(None, None));
        assert!(!hourly(None, Some("2026-11-23T11:46:00Z")));
        assert!(hourly(None, Some("2026-11-23T11:45:00Z")));
        let (long_ago, just_now) = ("2026-11-23T11:00:00Z", "2026-11-23T11:00:01Z");
        assert!(hourly(Some(long_ago), Some(long_ago)));
        assert!(!hourly(Some(just_now), Some(just_now)));
        // The clock was set back.
        let later = "2026-11-23T13:00:00Z";
        assert!(hourly(Some(later), Some(later)));
    }
}
