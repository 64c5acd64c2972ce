//! Two records of one person become one: this slice's part of a merge.

use kept_base::store::Tx;
use serde::{Deserialize, Serialize};

use super::record::Kept;
use super::{Changes, PeopleError, change, store};
use crate::ids::{AppointmentId, NoteId, PersonId};

/// What a merge did here, for taking it back.
#[derive(Debug, Serialize, Deserialize)]
pub struct Merged {
    before: Kept,
    after: Kept,
    gone: Kept,
    answers: Vec<AppointmentId>,
    notes: Vec<NoteId>,
    /// Keys that became former keys of the one who stays.
    keys: Vec<String>,
}

impl Merged {
    /// Who stays.
    #[must_use]
    pub fn kept(&self) -> PersonId {
        self.before.id
    }

    /// Who went.
    #[must_use]
    pub fn gone(&self) -> PersonId {
        self.gone.id
    }
}

/// Makes `keep` say what `result` does, moves the answers and notes of `gone` to it and removes
/// `gone`. Whoever else refers to `gone` must be told in the same transaction.
///
/// # Errors
/// [`PeopleError::Unknown`] when either is unknown or both are the same; those of the store.
pub fn merge(
    tx: &Tx<'_>,
    keep: PersonId,
    gone: PersonId,
    result: &Changes,
) -> Result<Merged, PeopleError> {
    if keep == gone {
        return Err(PeopleError::Unknown);
    }
    let before = store::record(tx, keep)?.ok_or(PeopleError::Unknown)?;
    let leaving = store::record(tx, gone)?.ok_or(PeopleError::Unknown)?;
    let (answers, notes) = store::texts_of(tx, gone)?;
    store::move_texts(tx, (gone, keep), &answers, &notes)?;
    let leaving = Kept::seal(tx, &leaving)?;
    let staying = Kept::seal(tx, &before)?;
    // Copies of the data still hold what was sealed under them: they go when `keep` is erased.
    let keys = store::move_former_keys(tx, gone, keep, Some(leaving.key()?))?;
    store::remove(tx, gone)?;
    let after = change::applied(tx, &before, result);
    store::put(tx, &after)?;
    Ok(Merged {
        before: staying,
        after: Kept::seal(tx, &after)?,
        gone: leaving,
        answers,
        notes,
        keys: keys.iter().map(ToString::to_string).collect(),
    })
}

/// Takes a merge back.
///
/// # Errors
/// [`PeopleError::ChangedSince`] when the one who stayed was changed since;
/// [`PeopleError::Unknown`] when either was erased; those of the store.
pub fn unmerge(tx: &Tx<'_>, merged: &Merged) -> Result<(), PeopleError> {
    let open = |kept: &Kept| kept.open(tx)?.ok_or(PeopleError::Unknown);
    let (before, after) = (open(&merged.before)?, open(&merged.after)?);
    let gone = open(&merged.gone)?;
    if store::record(tx, after.id)?.as_ref() != Some(&after) {
        return Err(PeopleError::ChangedSince);
    }
    let own = merged.gone.key()?;
    store::put_back(tx, &gone, own)?;
    store::take_former_key(tx, own)?;
    let mut former = Vec::new();
    for key in &merged.keys {
        former.push(key.parse()?);
    }
    former.retain(|key| *key != own);
    store::give_former_keys(tx, gone.id, &former)?;
    store::move_texts(tx, (after.id, gone.id), &merged.answers, &merged.notes)?;
    store::put(tx, &before)?;
    Ok(())
}
