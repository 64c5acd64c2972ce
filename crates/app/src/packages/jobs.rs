//! Making a package: rows are read from one snapshot and packed on a thread of their own, while what
//! comes out is kept part by part, each time in a short transaction.

use std::future::Future;
use std::io::{self, Write};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use data_encoding::HEXLOWER;
use kept_base::kit::{Actor, OrganizationId};
use kept_base::store::{Error, Store, Told, Tx};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

use super::{
    Ending, Finished, Leased, LockKind, MAKING_NEWS_SECONDS, MAX_MADE_DATABASE_BYTES,
    MAX_PARTS_AT_ONCE, PART_BYTES,
};
use crate::export::{self, Bounds, ExportError, Exported, Lock};

/// Whether this process goes on working.
pub type GoesOn = Arc<dyn Fn() -> bool + Send + Sync>;

/// Why a try came to nothing.
enum Stop {
    /// Another try has the package, or somebody removed it.
    Lost,
    /// The process stops.
    Closing,
    /// It cannot be made.
    Ending(Ending),
    /// Something failed that may not fail the next time.
    Failed(String),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<ExportError> for Stop {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::TooLarge(_) => Self::Ending(Ending::TooLarge),
            ExportError::Store(Error::Closing) => Self::Closing,
            error => Self::Failed(error.to_string()),
        }
    }
}

/// Makes the package of an organization that is due, if there is one and no other process is at it.
///
/// # Errors
/// Those of the store; the lease then runs out.
pub async fn make(
    store: &Arc<Store>,
    organization: OrganizationId,
    goes_on: GoesOn,
) -> Result<(), Error> {
    let of = Of {
        store,
        organization,
    };
    let Some(leased) = of.write(super::lease).await? else {
        return Ok(());
    };
    let id = leased.id;
    let given_back = leased.clone();
    match of.attempt(&leased, goes_on).await {
        Ok(()) | Err(Stop::Lost) => Ok(()),
        Err(Stop::Closing) => {
            let back = move |tx: &Tx<'_>| super::begin_again(tx, &given_back, tx.now());
            of.write(back).await
        }
        Err(Stop::Ending(ending)) => {
            of.write(move |tx| super::fail(tx, &given_back, ending))
                .await
        }
        Err(Stop::Failed(error)) => {
            tracing::error!(
                organization.id = %organization,
                package.id = %id,
                error = %error,
                "{id} was not made"
            );
            of.write(move |tx| super::release(tx, &given_back)).await
        }
    }
}

/// One organization's work.
#[derive(Clone, Copy)]
struct Of<'s> {
    store: &'s Arc<Store>,
    organization: OrganizationId,
}

impl Of<'_> {
    async fn write<T: Send + 'static>(
        &self,
        verb: impl FnOnce(&Tx<'_>) -> Result<T, Error> + Clone + Send + 'static,
    ) -> Result<T, Error> {
        (self.store)
            .write(self.organization, Actor::SYSTEM, verb)
            .await
    }

    /// Makes it once, from the beginning.
    async fn attempt(&self, leased: &Leased, goes_on: GoesOn) -> Result<(), Stop> {
        let lock = match leased.lock {
            LockKind::Passphrase => Lock::passphrase(leased.secret.expose()),
            LockKind::Recipient => Lock::recipient(leased.secret.expose()),
        };
        let (out, parts) = mpsc::channel(1);
        let still = Arc::clone(&goes_on);
        let rows = Arc::new(Rows::default());
        let (seen, is_lost) = (Arc::clone(&rows), out.clone());
        let told: Told = Arc::new(move |read, total| seen.set(read, total));
        let bounds = Bounds {
            max_database_bytes: MAX_MADE_DATABASE_BYTES,
            is_wanted: Arc::new(move || goes_on() && !is_lost.is_closed()),
        };
        let to = (lock?, Parts::new(out));
        let making = export::make(
            self.store,
            self.organization,
            Actor::SYSTEM,
            to,
            (told, bounds),
        );
        let (mut out, kept) = self.keep(leased, (&rows, still), making, parts).await?;
        let rest = out.rest();
        let number = self.append(leased, kept, rest).await?;
        let sha256 = HEXLOWER.encode(&out.hash.finalize());
        let finishing = leased.clone();
        let finished = self
            .write(move |tx| super::finish(tx, &finishing, number, &sha256))
            .await?;
        match finished {
            Finished::Ready | Finished::Again => Ok(()),
            Finished::Lost => Err(Stop::Lost),
        }
    }

    /// Keeps what comes, and says how far it is, until all of it came. Gives how many parts are kept.
    async fn keep(
        &self,
        leased: &Leased,
        (rows, goes_on): (&Rows, GoesOn),
        making: impl Future<Output = Result<(Parts, Exported), ExportError>>,
        mut parts: mpsc::Receiver<Vec<Vec<u8>>>,
    ) -> Result<(Parts, u32), Stop> {
        let mut making = pin!(making);
        let mut news = interval(Duration::from_secs(MAKING_NEWS_SECONDS));
        news.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut kept = 0;
        let outcome = loop {
            let came = tokio::select! {
                Some(came) = parts.recv() => came,
                made = &mut making => break made,
                _ = news.tick() => {
                    self.renew(leased, rows.get()).await?;
                    continue;
                }
            };
            if !goes_on() {
                return Err(Stop::Closing);
            }
            kept = self.append(leased, kept, came).await?;
        };
        let (out, _) = outcome?;
        while let Ok(came) = parts.try_recv() {
            kept = self.append(leased, kept, came).await?;
        }
        self.renew(leased, rows.get()).await?;
        Ok((out, kept))
    }

    async fn renew(&self, leased: &Leased, progress: (u64, u64)) -> Result<(), Stop> {
        let leased = leased.clone();
        let is_ours = self.write(move |tx| super::renew(tx, &leased, progress));
        is_ours.await?.then_some(()).ok_or(Stop::Lost)
    }

    /// Keeps parts after the `kept` ones, and gives how many are kept then.
    async fn append(&self, leased: &Leased, kept: u32, came: Vec<Vec<u8>>) -> Result<u32, Stop> {
        let number = u32::try_from(came.len()).unwrap_or(u32::MAX);
        let (leased, came) = (leased.clone(), Arc::new(came));
        let is_ours = self.write(move |tx| super::append(tx, &leased, kept + 1, &came));
        is_ours.await?.then_some(kept + number).ok_or(Stop::Lost)
    }
}

/// Rows that were read so far, and all.
#[derive(Default)]
struct Rows(AtomicU64, AtomicU64);

impl Rows {
    fn set(&self, read: u64, total: u64) {
        self.0.store(read, Ordering::Relaxed);
        self.1.store(total, Ordering::Relaxed);
    }

    fn get(&self) -> (u64, u64) {
        (
            self.0.load(Ordering::Relaxed),
            self.1.load(Ordering::Relaxed),
        )
    }
}

/// Takes the bytes of a package apart and hands them over, waiting until they are taken.
struct Parts {
    out: mpsc::Sender<Vec<Vec<u8>>>,
    whole: Vec<Vec<u8>>,
    part: Vec<u8>,
    hash: Sha256,
}

impl Parts {
    fn new(out: mpsc::Sender<Vec<Vec<u8>>>) -> Self {
        Self {
            out,
            whole: Vec::new(),
            part: Vec::with_capacity(PART_BYTES),
            hash: Sha256::new(),
        }
    }

    /// What was not handed over.
    fn rest(&mut self) -> Vec<Vec<u8>> {
        let mut rest = std::mem::take(&mut self.whole);
        if !self.part.is_empty() {
            rest.push(std::mem::take(&mut self.part));
        }
        rest
    }
}

impl Write for Parts {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(PART_BYTES - self.part.len());
        self.part.extend_from_slice(&bytes[..taken]);
        self.hash.update(&bytes[..taken]);
        if self.part.len() == PART_BYTES {
            let part = std::mem::replace(&mut self.part, Vec::with_capacity(PART_BYTES));
            self.whole.push(part);
        }
        if self.whole.len() == MAX_PARTS_AT_ONCE {
            let whole = std::mem::take(&mut self.whole);
            (self.out.blocking_send(whole)).map_err(|_| io::ErrorKind::BrokenPipe)?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_in_whole_parts_and_a_rest() {
        let (out, mut parts) = mpsc::channel(1);
        let mut writer = Parts::new(out);
        let bytes: Vec<u8> = (0..=250).cycle().take(PART_BYTES * 17 + 5).collect();
        writer.write_all(&bytes).expect("is taken");
        let first = parts.try_recv().expect("is handed over");
        assert_eq!(first.len(), MAX_PARTS_AT_ONCE);
        let rest = writer.rest();
        assert_eq!((rest.len(), rest[1].len()), (2, 5));
        assert_eq!([first, rest].concat().concat(), bytes);
        drop(parts);
        let refused = writer.write_all(&bytes).expect_err("nobody takes it");
        assert_eq!(refused.kind(), io::ErrorKind::BrokenPipe);
    }
}
