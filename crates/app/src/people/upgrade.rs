//! Sealing what older versions kept in clear.

use kept_base::store::{Error, Tx};
use serde::Deserialize;

use super::import::{Done, done_to_json};
use super::record::{Kept, Plain};
use super::{Record, store};
use crate::ids::{NoteId, PersonId};

/// What recording a row did, as it was kept in clear.
#[derive(Deserialize)]
struct PlainDone {
    before: Option<Plain>,
    after: Plain,
    note: Option<NoteId>,
}

/// Seals what stands in the tables in clear, each person's under a key of their own.
///
/// # Errors
/// Those of the store.
pub(crate) fn seal_rows(tx: &Tx<'_>) -> Result<(), Error> {
    store::seal_rows(tx, convert)
}

/// Makes the tokens by which somebody is found anew, of what is recorded of them.
///
/// # Errors
/// Those of the store.
pub(crate) fn make_findable(tx: &Tx<'_>, id: PersonId) -> Result<(), Error> {
    store::index_again(tx, id)
}

/// `None` when whoever was recorded is gone: then there is nothing to take back either.
fn convert(tx: &Tx<'_>, done: &str) -> Result<Option<String>, Error> {
    let done: PlainDone = serde_json::from_str(done).map_err(|_| Error::Decode("import row"))?;
    let after = Record::from(done.after);
    if store::key_id(tx, after.id)?.is_none() {
        return Ok(None);
    }
    let before = done.before.map(|before| Kept::seal(tx, &before.into()));
    let done = Done {
        before: before.transpose()?,
        after: Kept::seal(tx, &after)?,
        note: done.note,
    };
    done_to_json(&done).map(Some)
}
