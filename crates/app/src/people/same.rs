//! Two records of one person become one: this slice's part of a merge.

use kept_base::store::Tx;
use serde::{Deserialize, Serialize};

use super::record::Kept;
use super::{Changes, PeopleError, Record, change, store};
use crate::ids::{AppointmentId, NoteId, PersonId};

/// What a merge did here, for taking it back.
#[derive(Debug, Serialize, Deserialize)]
pub struct Merged {
    before: Kept,
    after: Kept,
    gone: Kept,
    answers: Vec<AppointmentId>,
    notes: Vec<NoteId>,
}

impl Merged {
    /// Who stays.
    #[must_use]
    pub fn kept(&self) -> PersonId {
        Record::from(self.before.clone()).id
    }

    /// Who went.
    #[must_use]
    pub fn gone(&self) -> PersonId {
        Record::from(self.gone.clone()).id
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
    store::move_texts(tx, keep, &answers, &notes)?;
    store::remove(tx, gone)?;
    let after = change::applied(tx, &before, result);
    store::put(tx, &after)?;
    Ok(Merged {
        before: (&before).into(),
        after: (&after).into(),
        gone: (&leaving).into(),
        answers,
        notes,
    })
}

/// Takes a merge back.
///
/// # Errors
/// [`PeopleError::ChangedSince`] when the one who stayed was changed since; those of the store.
pub fn unmerge(tx: &Tx<'_>, merged: &Merged) -> Result<(), PeopleError> {
    let after = Record::from(merged.after.clone());
    if store::record(tx, after.id)?.as_ref() != Some(&after) {
        return Err(PeopleError::ChangedSince);
    }
    let gone = Record::from(merged.gone.clone());
    store::put(tx, &gone)?;
    store::move_texts(tx, gone.id, &merged.answers, &merged.notes)?;
    store::put(tx, &Record::from(merged.before.clone()))?;
    Ok(())
}
