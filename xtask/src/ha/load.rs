//! Writers that go on writing whatever happens, and what they saw when.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::server::{pause, until};
use crate::step::Failure;

/// How long a writer rests after a failure, in milliseconds, so that it does not only fail.
const REST_MS: u64 = 50;
/// How many answers show that a front serves again.
const ANSWERS: usize = 20;
/// How long a front may take until then, once there is a leader, in seconds.
const SERVE_SECONDS: u64 = 90;

/// What became of one write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// It was acknowledged: it must be there for good.
    Kept,
    /// It was refused by a rule, such as a time that another has.
    Refused,
    /// Nobody knows: an error, or no answer.
    Failed,
    /// There is nothing left to write.
    Nothing,
}

/// Somebody who writes.
pub trait Writer: Send + 'static {
    /// Writes one thing.
    fn write(&mut self) -> Seen;
}

/// What a writer saw, and when.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    pub front: usize,
    pub at: Instant,
    pub seen: Seen,
}

/// Writers at work.
pub struct Load<W> {
    stop: Arc<AtomicBool>,
    marks: Arc<Mutex<Vec<Mark>>>,
    fronts: usize,
    threads: Vec<JoinHandle<W>>,
}

impl<W: Writer> Load<W> {
    /// Starts all writers; each comes with the front that it writes to, counted from 0, and takes a
    /// `rest` after each write.
    pub fn start(fronts: usize, rest: Duration, writers: Vec<(usize, W)>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let marks = Arc::new(Mutex::new(Vec::new()));
        let work = |(front, mut writer): (usize, W)| {
            let (stop, marks) = (Arc::clone(&stop), Arc::clone(&marks));
            std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let seen = writer.write();
                    if seen == Seen::Nothing {
                        break;
                    }
                    let at = Instant::now();
                    lock(&marks).push(Mark { front, at, seen });
                    let failed = Duration::from_millis(REST_MS);
                    pause(if seen == Seen::Failed { failed } else { rest });
                }
                writer
            })
        };
        let threads = writers.into_iter().map(work).collect();
        Self {
            stop,
            marks,
            fronts,
            threads,
        }
    }

    /// Waits until every front has kept writes that it saw after `since`.
    ///
    /// # Errors
    ///
    /// When a front does not in time.
    pub fn serves(&self, since: Instant) -> Result<(), Failure> {
        let limit = Duration::from_secs(SERVE_SECONDS);
        until("writes at every front", limit, || {
            let marks = lock(&self.marks);
            let kept = marks.iter().filter(|mark| mark.seen == Seen::Kept);
            let late: Vec<usize> = kept
                .filter(|mark| mark.at > since)
                .map(|mark| mark.front)
                .collect();
            let enough = |front| late.iter().filter(|one| **one == front).count() >= ANSWERS;
            (0..self.fronts).all(enough).then_some(())
        })
    }

    /// For each front the longest time without an acknowledged write that ended after `from`, and
    /// the writes that failed in it or later.
    pub fn gaps(&self, from: Instant) -> Vec<(Duration, usize)> {
        let marks = lock(&self.marks);
        (0..self.fronts)
            .map(|front| gap(&marks, front, from))
            .collect()
    }

    /// Lets everybody finish what they are at.
    ///
    /// # Errors
    ///
    /// When a writer broke.
    pub fn stop(self) -> Result<(Vec<W>, Vec<Mark>), Failure> {
        self.stop.store(true, Ordering::Relaxed);
        let mut writers = Vec::new();
        for thread in self.threads {
            let writer = thread.join();
            writers.push(writer.map_err(|_| Failure::new(1, "xtask: a writer broke"))?);
        }
        let marks = lock(&self.marks).clone();
        Ok((writers, marks))
    }
}

fn gap(marks: &[Mark], front: usize, from: Instant) -> (Duration, usize) {
    let mine = marks.iter().filter(|mark| mark.front == front);
    let failed = mine
        .clone()
        .filter(|mark| mark.seen == Seen::Failed && mark.at > from);
    let mut kept: Vec<Instant> = mine
        .filter(|mark| mark.seen == Seen::Kept)
        .map(|mark| mark.at)
        .collect();
    kept.sort_unstable();
    let pairs = kept.windows(2).filter(|pair| pair[1] > from);
    let longest = pairs
        .map(|pair| pair[1] - pair[0])
        .max()
        .unwrap_or_default();
    (longest, failed.count())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gap_is_the_longest_that_ended_after_the_fault() {
        let start = Instant::now();
        let mark = |front, ms, seen| Mark {
            front,
            at: start + Duration::from_millis(ms),
            seen,
        };
        let marks = [
            mark(0, 0, Seen::Kept),
            mark(0, 900, Seen::Kept),
            mark(1, 1_000, Seen::Kept),
            mark(0, 1_000, Seen::Kept),
            mark(0, 1_100, Seen::Failed),
            mark(0, 1_200, Seen::Refused),
            mark(0, 1_400, Seen::Kept),
            mark(0, 1_500, Seen::Kept),
        ];
        let from = start + Duration::from_millis(950);
        assert_eq!(gap(&marks, 0, from), (Duration::from_millis(400), 1));
        assert_eq!(gap(&marks, 1, from), (Duration::ZERO, 0));
    }
}
