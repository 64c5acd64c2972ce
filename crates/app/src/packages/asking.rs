//! Asking for a package, and having it no more.

use kept_base::kit::time::plus_minutes;
use kept_base::store::{Error, Tx};
use serde::{Deserialize, Serialize};

use super::rules::{Ending, State};
use super::{MAKING_HOURS, MAX_PACKAGES_A_DAY, PackageError, Wanted, store};
use crate::access;
use crate::audit::{self, Act};
use crate::ids::{MemberId, PackageId, UndoId};
use crate::messaging::Notice;
use crate::policy::May;
use crate::policy::rights::ExportOrganization;
use crate::undo;

/// The kind of change that taking a removal back undoes.
const REMOVED: &str = "packages.removed";

#[derive(Serialize, Deserialize)]
struct Removed {
    id: PackageId,
}

/// Asks for a package on behalf of `member`; the worker makes it, and owners are written to. What
/// locks it is sealed under a key of its own until then.
///
/// # Errors
/// [`PackageError::AtWork`] while one is made, [`PackageError::TooMany`]; those of the store.
pub fn ask(
    tx: &Tx<'_>,
    _: &May<ExportOrganization>,
    member: MemberId,
    wanted: &Wanted,
) -> Result<PackageId, PackageError> {
    tx.keep_revision();
    let known = store::asked_since(tx, plus_minutes(tx.now(), -24 * 60))?;
    if known.iter().any(|package| package.state.is_at_work()) {
        return Err(PackageError::AtWork);
    }
    if known.len() >= MAX_PACKAGES_A_DAY {
        return Err(PackageError::TooMany);
    }
    let id = PackageId::random(tx.entropy());
    store::insert(
        tx,
        (id, member),
        wanted,
        plus_minutes(tx.now(), MAKING_HOURS * 60),
    )?;
    let detail = format!("{} {id}", wanted.lock.code());
    audit::record(tx, Act::OrganizationExported, tx.organization(), &detail)?;
    access::tell_owners(tx, Notice::Export)?;
    tx.wake_at(tx.now());
    Ok(id)
}

/// Removes a package. One that was ready cannot be fetched any more; that can be taken back until
/// its time is over. One that is being made is gone at once.
///
/// # Errors
/// [`PackageError::Unknown`]; those of the store.
pub fn remove(
    tx: &Tx<'_>,
    _: &May<ExportOrganization>,
    id: PackageId,
) -> Result<Option<UndoId>, PackageError> {
    tx.keep_revision();
    let package = store::package(tx, id)?.ok_or(PackageError::Unknown)?;
    match package.state {
        State::Ready => {
            store::end(tx, id, State::Removed, Ending::Asked)?;
            audit::record(tx, Act::PackageRemoved, id, Ending::Asked.code())?;
            Ok(Some(undo::offer(tx, REMOVED, &Removed { id })?))
        }
        State::Waiting | State::Making => {
            store::end(tx, id, State::Removed, Ending::Asked)?;
            store::discard(tx, &package)?;
            audit::record(tx, Act::PackageRemoved, id, Ending::Asked.code())?;
            Ok(None)
        }
        State::Failed | State::Removed => Err(PackageError::Unknown),
    }
}

/// Takes a removal back, for [`undo::take`].
///
/// # Errors
/// [`PackageError::InTheWay`] when its time is over, or somebody was erased; those of the store.
pub fn undo(tx: &Tx<'_>, payload: &serde_json::Value) -> Result<(), PackageError> {
    tx.keep_revision();
    let removed: Removed = serde_json::from_value(payload.clone())
        .map_err(|_| Error::Decode("removal of a package"))?;
    store::restore(tx, removed.id)?;
    let package = store::package(tx, removed.id)?;
    if package.is_none_or(|package| package.state != State::Ready) {
        return Err(PackageError::InTheWay);
    }
    audit::record(tx, Act::PackageReady, removed.id, "")?;
    Ok(())
}
