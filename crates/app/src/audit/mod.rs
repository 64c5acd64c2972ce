//! Every act leaves one row in the transaction that did it: who, what, on what, when. Ids and
//! codes only, never a name, an address or a free text. Rows are never changed or deleted.

mod act;
mod find;
mod records;
mod store;

use jiff::Timestamp;
use kept_base::store::{Error, Tx};

pub use act::Act;
pub use find::{
    Author, Found, MAX_ACT_KINDS, MAX_ACTS_AT_ONCE, MAX_ACTS_IN_FILE, MAX_ACTS_READ,
    MAX_ACTS_READ_FOR_FILE, MAX_LOOKED_BACK, Wanted, find, find_all, is_noted,
};
pub use records::RECORDS;

/// Longest detail of an act, in bytes: codes and ids, joined by spaces.
pub const MAX_DETAIL_BYTES: usize = 400;

/// One recorded act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Counts from 1 without gaps, in the order of commits.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// Who, as `kind` or `kind:id`.
    pub actor: String,
    /// What, as its code.
    pub act: String,
    /// The id it was done to.
    pub subject: String,
    /// Further ids and codes, separated by spaces.
    pub detail: String,
}

/// Records `act` on `subject` in this transaction. `detail` holds ids and codes only.
///
/// # Errors
/// Those of the store.
pub fn record(
    tx: &Tx<'_>,
    act: Act,
    subject: impl std::fmt::Display,
    detail: &str,
) -> Result<(), Error> {
    let end = detail.len().min(MAX_DETAIL_BYTES);
    store::append(
        tx,
        act.code(),
        &subject.to_string(),
        detail.get(..end).unwrap_or(""),
    )
}

/// The last time that `act` was done with `detail`.
///
/// # Errors
/// Those of the store.
pub fn last(tx: &Tx<'_>, act: Act, detail: &str) -> Result<Option<Entry>, Error> {
    store::last(tx, act.code(), detail)
}

/// The acts after `sequence`, oldest first, at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn after(tx: &Tx<'_>, sequence: i64, limit: u32) -> Result<Vec<Entry>, Error> {
    store::after(tx, sequence, limit)
}

/// What was done to the noun with the id `subject`, newest first, at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn of(tx: &Tx<'_>, subject: &str, limit: u32) -> Result<Vec<Entry>, Error> {
    store::of(tx, subject, limit)
}

/// The last act done to the noun with the id `subject`.
///
/// # Errors
/// Those of the store.
pub fn last_of(tx: &Tx<'_>, subject: &str) -> Result<Option<Entry>, Error> {
    Ok(store::of(tx, subject, 1)?.pop())
}
