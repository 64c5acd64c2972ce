//! Jobs: long work for the installation (a backup, a move, a drill), who asked for it, how far it
//! came and how it ended. What a job is about is an organization's id; nothing in its record is about
//! customers.

use jiff::Timestamp;

use super::Control;
use crate::kit::{Actor, Entropy, JobId, OrganizationId, time};
use crate::params;
use crate::store::{Error, Row};

/// A job that has told nothing for this long, in seconds, was interrupted.
pub const JOB_SILENCE_SECONDS: i64 = 120;
/// Most jobs that are listed.
pub const MAX_LISTED_JOBS: u32 = 200;
/// Most characters of a failure that are kept.
const MAX_FAILURE_CHARS: usize = 500;

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobKind {
    /// Copies the data of organizations to the backup folder.
    Backup,
    /// Copies their key stores there, to be kept for a short time.
    KeyBackup,
    /// Restores the newest backup in a scratch folder and compares it with what was backed up.
    Drill,
    /// Puts organizations back from a backup.
    Restore,
    /// Moves an organization to another place.
    Move,
    /// Changes keys of an organization.
    Rotation,
    /// Changes the root key.
    RootRotation,
}

impl JobKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Backup,
        Self::KeyBackup,
        Self::Drill,
        Self::Restore,
        Self::Move,
        Self::Rotation,
        Self::RootRotation,
    ];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::KeyBackup => "key_backup",
            Self::Drill => "drill",
            Self::Restore => "restore",
            Self::Move => "move",
            Self::Rotation => "rotation",
            Self::RootRotation => "root_rotation",
        }
    }

    /// Kinds that do not go together, and whether they do not for different organizations either.
    fn excludes(self) -> (&'static [Self], bool) {
        match self {
            Self::Move | Self::Rotation => (&[Self::Move, Self::Rotation], false),
            // What is copied under one root key is sealed under the same.
            Self::Backup => (&[Self::Backup, Self::RootRotation], true),
            Self::KeyBackup => (&[Self::KeyBackup, Self::RootRotation], true),
            Self::Drill => (&[Self::Drill, Self::RootRotation], true),
            Self::Restore => (&[Self::Restore, Self::RootRotation], true),
            Self::RootRotation => (
                &[
                    Self::RootRotation,
                    Self::Backup,
                    Self::KeyBackup,
                    Self::Drill,
                    Self::Restore,
                ],
                true,
            ),
        }
    }

    fn from_code(code: &str) -> Result<Self, Error> {
        let mut all = Self::ALL.into_iter();
        all.find(|kind| kind.code() == code)
            .ok_or(Error::Decode("kind of job"))
    }
}

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// It is at work.
    Running,
    /// It told nothing for [`JOB_SILENCE_SECONDS`]: whoever did it is gone.
    Interrupted,
    /// It came to its end.
    Done,
    /// It could not.
    Failed,
}

impl JobState {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Interrupted => "interrupted",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// A job as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What is done.
    pub kind: JobKind,
    /// For which organization; `None` for all.
    pub organization: Option<OrganizationId>,
    /// Who asked for it: a kind of actor and, where there is one, its id.
    pub author: String,
    /// How far it is, in steps of its own.
    pub done: u64,
    /// How many there are; 0 while that is not known.
    pub total: u64,
    /// When it began.
    pub started_at: Timestamp,
    /// When it last told how far it is.
    pub touched_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Why it failed: without a value of anybody in it.
    pub failure: Option<String>,
    /// What it found, as JSON: numbers, names of files, ids.
    pub outcome: Option<String>,
}

impl Job {
    /// How it stands at `now`.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> JobState {
        let silent_from = time::plus_seconds(self.touched_at, JOB_SILENCE_SECONDS);
        // It would tell by the clock that was set back, if it still told anything.
        let is_ahead = time::plus_seconds(now, JOB_SILENCE_SECONDS) < self.touched_at;
        match (self.finished_at, &self.failure) {
            (Some(_), Some(_)) => JobState::Failed,
            (Some(_), None) => JobState::Done,
            (None, _) if silent_from <= now || is_ahead => JobState::Interrupted,
            (None, _) => JobState::Running,
        }
    }
}

const COLUMNS: &str = "id, kind, organization_id, author, done, total, started_at, touched_at,
                       finished_at, failure, outcome";

fn read(row: &Row<'_>) -> Result<Job, Error> {
    Ok(Job {
        id: row.get(0)?,
        kind: JobKind::from_code(row.borrow(1)?)?,
        organization: row.get(2)?,
        author: row.get(3)?,
        done: row.get::<i64>(4)?.unsigned_abs(),
        total: row.get::<i64>(5)?.unsigned_abs(),
        started_at: row.get(6)?,
        touched_at: row.get(7)?,
        finished_at: row.get(8)?,
        failure: row.get(9)?,
        outcome: row.get(10)?,
    })
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Control {
    /// Begins a job, unless the same is at work already for the same organization.
    pub fn begin_job(
        &self,
        kind: JobKind,
        organization: Option<OrganizationId>,
        author: &Actor,
        now: Timestamp,
        entropy: &Entropy,
    ) -> Result<JobId, Error> {
        let id = JobId::new(now, entropy);
        let author = match &author.id {
            Some(id) => format!("{} {id}", author.kind.code()),
            None => author.kind.code().to_owned(),
        };
        self.with(|session| {
            if !self.is_file() {
                session.batch("lock table job in share row exclusive mode")?;
            }
            let heard_after = time::plus_seconds(now, -JOB_SILENCE_SECONDS);
            let (kinds, whoever) = kind.excludes();
            let of_same = organization.map(|id| id.to_string()).unwrap_or_default();
            let mut running = None;
            for other in kinds {
                let found = session.query_opt(
                    "select 1 from job where kind = $1 and finished_at is null and touched_at > $2
                     and touched_at <= $4 and ($5 = 1 or coalesce(organization_id, '') = $3)",
                    params![
                        other.code(),
                        heard_after,
                        of_same,
                        time::plus_seconds(now, JOB_SILENCE_SECONDS),
                        whoever
                    ],
                    |_| Ok(()),
                )?;
                running = running.or(found);
            }
            if running.is_some() {
                return Err(Error::Running(kind.code()));
            }
            session.execute(
                "insert into job (id, kind, organization_id, author, done, total, started_at,
                                  touched_at)
                 values ($1, $2, $3, $4, 0, 0, $5, $5)",
                params![id, kind.code(), organization, author, now],
            )?;
            Ok(id)
        })
    }

    /// Whether somebody moves an organization or gives its files new keys, having told so within so
    /// many seconds.
    pub fn is_moving(
        &self,
        id: OrganizationId,
        within_seconds: i64,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let heard_after = time::plus_seconds(now, -within_seconds);
        let found = self.with(|session| {
            session.query_opt(
                "select 1 from job where kind in ($1, $2) and organization_id = $3
                 and finished_at is null and touched_at > $4 limit 1",
                params![
                    JobKind::Move.code(),
                    JobKind::Rotation.code(),
                    id,
                    heard_after
                ],
                |_| Ok(()),
            )
        })?;
        Ok(found.is_some())
    }

    /// Tells how far a job is.
    pub fn touch_job(&self, id: JobId, done: u64, total: u64, now: Timestamp) -> Result<(), Error> {
        self.with(|session| {
            session.execute(
                "update job set done = $2, total = $3, touched_at = $4 where id = $1",
                params![id, whole(done), whole(total), now],
            )?;
            Ok(())
        })
    }

    /// Says how a job ended: what it found, or why it failed.
    pub fn end_job(
        &self,
        id: JobId,
        ended: &Result<String, String>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let failure: Option<String> = ended
            .as_ref()
            .err()
            .map(|why| why.chars().take(MAX_FAILURE_CHARS).collect());
        let outcome = ended.as_ref().ok();
        self.with(|session| {
            session.execute(
                "update job set finished_at = $2, touched_at = $2, failure = $3, outcome = $4
                 where id = $1",
                params![id, now, failure, outcome],
            )?;
            Ok(())
        })
    }

    /// The newest jobs first.
    pub fn jobs(&self, limit: u32) -> Result<Vec<Job>, Error> {
        let sql = format!("select {COLUMNS} from job order by started_at desc, id desc limit $1");
        self.with(|session| session.query(&sql, params![limit.min(MAX_LISTED_JOBS)], read))
    }

    /// The last job of a kind that was for all organizations; with `done`, the last that came to its end.
    /// One of a clock that was ahead of `now` does not count.
    pub fn last_job(
        &self,
        kind: JobKind,
        done: bool,
        now: Timestamp,
    ) -> Result<Option<Job>, Error> {
        let ended = if done {
            "and finished_at is not null and failure is null"
        } else {
            ""
        };
        let sql = format!(
            "select {COLUMNS} from job where kind = $1 and organization_id is null
             and started_at <= $2 {ended}
             order by started_at desc, id desc limit 1"
        );
        self.with(|session| session.query_opt(&sql, params![kind.code(), now], read))
    }
}
