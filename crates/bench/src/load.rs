//! Many connections that ask as fast as they are answered, and what they saw.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::Result;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::task::LocalSet;

use crate::wire::Connection;

/// What a request is for; answers are counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Read,
    Book,
}

/// What was seen of one kind of request.
#[derive(Debug, Default, Clone)]
pub struct Seen {
    pub statuses: BTreeMap<u16, u64>,
    micros: Vec<u32>,
}

/// What was seen in some time.
#[derive(Debug, Default, Clone)]
pub struct Outcome {
    pub read: Seen,
    pub book: Seen,
    pub elapsed: Duration,
}

impl Seen {
    pub fn count(&self) -> u64 {
        self.micros.len() as u64
    }

    /// How many were answered with `status`.
    pub fn with(&self, status: u16) -> u64 {
        self.statuses.get(&status).copied().unwrap_or(0)
    }

    /// The time within which `percent` of the answers came, in milliseconds.
    pub fn percentile_ms(&self, percent: usize) -> f64 {
        let mut sorted = self.micros.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100).max(1) - 1;
        sorted
            .get(rank)
            .map_or(0.0, |micros| f64::from(*micros) / 1_000.0)
    }

    pub fn note(&mut self, status: u16, took: Duration) {
        *self.statuses.entry(status).or_default() += 1;
        self.micros
            .push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
    }

    fn add(&mut self, other: Self) {
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
        self.micros.extend(other.micros);
    }
}

impl Outcome {
    /// Answers of both kinds per second.
    pub fn per_second(&self) -> f64 {
        (self.read.count() + self.book.count()) as f64 / self.elapsed.as_secs_f64()
    }

    /// Adds what was seen in another stretch of time.
    pub fn add(&mut self, other: Self) {
        self.read.add(other.read);
        self.book.add(other.book);
        self.elapsed += other.elapsed;
    }
}

/// Asks over `connections` connections until `time` has passed or `next` gives nothing more.
pub async fn run(
    address: SocketAddr,
    connections: usize,
    time: Duration,
    next: impl FnMut() -> Option<(Kind, Rc<[u8]>)> + 'static,
) -> Result<Outcome> {
    let next = Rc::new(RefCell::new(next));
    let stop = Rc::new(Cell::new(false));
    let mut opened = Vec::with_capacity(connections);
    for _ in 0..connections {
        opened.push(Connection::open(address).await?);
    }
    let tasks = LocalSet::new();
    let begun = Instant::now();
    let asking: Vec<_> = opened
        .into_iter()
        .map(|mut connection| {
            let (next, stop) = (Rc::clone(&next), Rc::clone(&stop));
            tasks.spawn_local(async move {
                let mut seen = Outcome::default();
                while !stop.get() {
                    let asked = (next.borrow_mut())();
                    let Some((kind, request)) = asked else { break };
                    let sent = Instant::now();
                    let status = connection.ask(&request).await?.status;
                    match kind {
                        Kind::Read => seen.read.note(status, sent.elapsed()),
                        Kind::Book => seen.book.note(status, sent.elapsed()),
                    }
                }
                Ok::<_, std::io::Error>(seen)
            })
        })
        .collect();
    let ended = Rc::clone(&stop);
    tasks.spawn_local(async move {
        tokio::time::sleep(time).await;
        ended.set(true);
    });
    tasks
        .run_until(async move {
            let mut all = Outcome::default();
            for task in asking {
                all.add(task.await.map_err(std::io::Error::other)??);
            }
            all.elapsed = begun.elapsed();
            Ok(all)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let mut seen = Seen::default();
        for micros in (1..=100).rev() {
            seen.note(200, Duration::from_micros(micros * 1_000));
        }
        assert_eq!(
            (seen.percentile_ms(50), seen.percentile_ms(99)),
            (50.0, 99.0)
        );
        assert_eq!((seen.with(200), seen.with(409)), (100, 0));
        assert_eq!(Seen::default().percentile_ms(99), 0.0);
    }
}
