//! What the worker does: one process at a time holds a lease on a package, and whatever it writes
//! is refused once the lease went to another try.

use jiff::Timestamp;
use kept_base::kit::Secret;
use kept_base::kit::time::{plus_minutes, plus_seconds};
use kept_base::store::{Error, Tx};

use super::rules::{self, Ending, LockKind, Next, State};
use super::{MAKING_LEASE_SECONDS, MAKING_RETRY_SECONDS, PACKAGE_HOURS, Package, store};
use crate::audit::{self, Act};
use crate::ids::PackageId;

/// A package in the worker's hands.
#[derive(Debug, Clone)]
pub struct Leased {
    /// Its id.
    pub id: PackageId,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// What is to open it.
    pub lock: LockKind,
    /// The passphrase, or the recipient.
    pub secret: Secret,
}

/// What came of a try that went to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    /// It is ready.
    Ready,
    /// Somebody was erased meanwhile who may be in it: it is made again.
    Again,
    /// It is no longer ours.
    Lost,
}

/// When the worker is wanted for a package next.
///
/// # Errors
/// Those of the store.
pub fn next_due(tx: &Tx<'_>) -> Result<Option<Timestamp>, Error> {
    store::next_due(tx)
}

/// Takes the package that is to be made now, for [`MAKING_LEASE_SECONDS`]. Parts of an earlier try
/// are removed; those that cannot be made any more are given up.
///
/// # Errors
/// Those of the store.
pub fn lease(tx: &Tx<'_>) -> Result<Option<Leased>, Error> {
    tx.keep_revision();
    for package in store::at_work(tx)? {
        match rules::next(
            package.expires_at,
            package.tries,
            package.lease_until,
            tx.now(),
        ) {
            Next::GiveUp(ending) => give_up(tx, &package, ending)?,
            Next::Wait(until) => tx.wake_at(until),
            Next::Make => match store::secret(tx, &package)? {
                Some(secret) => return take(tx, &package, secret).map(Some),
                None => give_up(tx, &package, Ending::BrokenOff)?,
            },
        }
    }
    Ok(None)
}

fn take(tx: &Tx<'_>, package: &Package, secret: Secret) -> Result<Leased, Error> {
    let leased = Leased {
        id: package.id,
        attempt: package.tries + 1,
        lock: package.lock,
        secret,
    };
    let until = plus_seconds(tx.now(), MAKING_LEASE_SECONDS);
    store::lease(tx, &leased, until)?;
    store::remove_parts(tx, package.id)?;
    store::insert_mark(tx, package.id)?;
    tx.wake_at(until);
    Ok(leased)
}

/// Says that it is still being made, and how far it is. Answers `false` when it is no longer ours.
///
/// # Errors
/// Those of the store.
pub fn renew(tx: &Tx<'_>, leased: &Leased, progress: (u64, u64)) -> Result<bool, Error> {
    tx.keep_revision();
    let until = plus_seconds(tx.now(), MAKING_LEASE_SECONDS);
    tx.wake_at(until);
    store::renew(tx, leased, until, progress)
}

/// Keeps parts, the first of which has the number `first`. Answers `false` when it is no longer ours.
///
/// # Errors
/// Those of the store.
pub fn append(tx: &Tx<'_>, leased: &Leased, first: u32, parts: &[Vec<u8>]) -> Result<bool, Error> {
    tx.keep_revision();
    if !store::is_ours(tx, leased)? {
        return Ok(false);
    }
    store::insert_parts(tx, leased.id, first, parts)?;
    Ok(true)
}

/// Makes the package ready once all `parts` of it are kept. What locked it is destroyed.
///
/// # Errors
/// Those of the store.
pub fn finish(tx: &Tx<'_>, leased: &Leased, parts: u32, sha256: &str) -> Result<Finished, Error> {
    tx.keep_revision();
    if !store::is_ours(tx, leased)? {
        return Ok(Finished::Lost);
    }
    // The mark counts too: an erasure took it away with whatever was there.
    if store::count_parts(tx, leased.id)? != u64::from(parts) + 1 {
        begin_again(tx, leased, tx.now())?;
        return Ok(Finished::Again);
    }
    let expires_at = plus_minutes(tx.now(), PACKAGE_HOURS * 60);
    store::set_ready(tx, leased.id, (parts, sha256), expires_at)?;
    audit::record(tx, Act::PackageReady, leased.id, "")?;
    tx.wake_at(expires_at);
    Ok(Finished::Ready)
}

/// Gives a package back after a failure, to be made again in [`MAKING_RETRY_SECONDS`].
///
/// # Errors
/// Those of the store.
pub fn release(tx: &Tx<'_>, leased: &Leased) -> Result<(), Error> {
    begin_again(tx, leased, plus_seconds(tx.now(), MAKING_RETRY_SECONDS))
}

/// Gives a package back, to be made from `at` on.
///
/// # Errors
/// Those of the store.
pub fn begin_again(tx: &Tx<'_>, leased: &Leased, at: Timestamp) -> Result<(), Error> {
    tx.keep_revision();
    if store::is_ours(tx, leased)? {
        store::wait(tx, leased.id, at)?;
        store::remove_parts(tx, leased.id)?;
        tx.wake_at(at);
    }
    Ok(())
}

/// Gives a package up.
///
/// # Errors
/// Those of the store.
pub fn fail(tx: &Tx<'_>, leased: &Leased, ending: Ending) -> Result<(), Error> {
    tx.keep_revision();
    if store::is_ours(tx, leased)?
        && let Some(package) = store::package(tx, leased.id)?
    {
        give_up(tx, &package, ending)?;
    }
    Ok(())
}

fn give_up(tx: &Tx<'_>, package: &Package, ending: Ending) -> Result<(), Error> {
    store::end(tx, package.id, State::Failed, ending)?;
    store::discard(tx, package)?;
    audit::record(tx, Act::PackageFailed, package.id, ending.code())
}

/// Ends packages whose time is over or whose parts went with somebody who was erased, and destroys
/// what they were sealed under; tells how many.
///
/// # Errors
/// Those of the store.
pub fn remove_expired(tx: &Tx<'_>) -> Result<usize, Error> {
    tx.keep_revision();
    let mut removed = 0;
    for package in store::with_key(tx)? {
        let is_over = package.expires_at <= tx.now();
        match (package.state, package.ending) {
            (State::Failed, Some(ending)) => give_up(tx, &package, ending)?,
            (State::Removed, Some(Ending::Asked)) if is_over => store::discard(tx, &package)?,
            (State::Removed, Some(ending @ (Ending::Expired | Ending::Erasure))) => {
                store::end(tx, package.id, State::Removed, ending)?;
                store::discard(tx, &package)?;
                audit::record(tx, Act::PackageRemoved, package.id, ending.code())?;
            }
            _ => continue,
        }
        removed += 1;
    }
    Ok(removed + store::remove_stray_parts(tx)?)
}
