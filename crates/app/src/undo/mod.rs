//! What can be taken back: each change that offers it leaves the values from before it, for a day.
//! Whoever made the change takes it back; the slice that made it knows how.

mod records;
mod store;

use kept_base::kit::Actor;
use kept_base::kit::time::plus_minutes;
use kept_base::store::{Error, Tx};
use serde::Serialize;

pub use records::RECORDS;

use crate::audit::{self, Act};
use crate::ids::UndoId;

/// How long a change can be taken back, in hours.
pub const UNDO_HOURS: i64 = 24;
/// Largest record of earlier values, in bytes of JSON.
pub const MAX_UNDO_BYTES: usize = 4 * 1024 * 1024;

/// A change that is being taken back.
#[derive(Debug, Clone)]
pub struct Taken {
    /// What kind of change: `<slice>.<what>`.
    pub kind: String,
    /// The values from before it, as its slice wrote them.
    pub payload: serde_json::Value,
}

/// Offers to take back what this transaction does. `kind` is `<slice>.<what>`; `payload` holds ids
/// and the values from before.
///
/// # Errors
/// [`Error::Decode`] when the payload is larger than [`MAX_UNDO_BYTES`]; those of the store.
pub fn offer(tx: &Tx<'_>, kind: &'static str, payload: &impl Serialize) -> Result<UndoId, Error> {
    let payload = serde_json::to_string(payload)
        .ok()
        .filter(|text| text.len() <= MAX_UNDO_BYTES)
        .ok_or(Error::Decode("record of earlier values"))?;
    let id = UndoId::new(tx.now(), tx.entropy());
    store::insert(
        tx,
        id,
        (kind, &payload),
        plus_minutes(tx.now(), UNDO_HOURS * 60),
    )?;
    Ok(id)
}

/// What kind of change an offer to whoever acts would take back; `None` when there is none.
///
/// # Errors
/// Those of the store.
pub fn kind(tx: &Tx<'_>, id: UndoId, author: &Actor) -> Result<Option<String>, Error> {
    store::kind(tx, id, author)
}

/// Takes up an offer, once, on behalf of whoever made the change. `None` when there is none, it ran
/// out or is another's.
///
/// # Errors
/// Those of the store.
pub fn take(tx: &Tx<'_>, id: UndoId) -> Result<Option<Taken>, Error> {
    let Some((kind, payload)) = store::take(tx, id)? else {
        return Ok(None);
    };
    let payload = serde_json::from_str(&payload).map_err(|_| Error::Decode("earlier values"))?;
    audit::record(tx, Act::Undone, id, &kind)?;
    Ok(Some(Taken { kind, payload }))
}

/// Removes every offer to `author`, whose rights have changed.
///
/// # Errors
/// Those of the store.
pub fn forget(tx: &Tx<'_>, author: &Actor) -> Result<(), Error> {
    store::forget(tx, author)
}

/// Removes offers that ran out; tells how many.
///
/// # Errors
/// Those of the store.
pub fn remove_expired(tx: &Tx<'_>) -> Result<usize, Error> {
    tx.keep_revision();
    store::remove_expired(tx)
}
