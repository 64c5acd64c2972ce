//! People together with what other slices know of them: found also by the reference of an
//! appointment, merged with everything that is theirs, recorded from lists, and all that taken
//! back. It has no tables of its own.

mod export;
pub mod pages;

use kept_base::store::{Error, Tx};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::audit::{self, Act};
use crate::ids::{AppointmentId, CapabilityId, ImportId, MessageId, PersonId, UndoId};
use crate::people::{self, Changes, Found, Merged, PeopleError, Which};
use crate::policy::rights::{ChangePeople, ExportPeople};
use crate::policy::{Grant, May};
use crate::{access, messaging, scheduling, undo};

pub use export::{MAX_CSV_ROWS, MAX_XLSX_ROWS, csv, note_export, xlsx};

const ADDED: &str = "directory.added";
const MERGED: &str = "directory.merged";
const IMPORTED: &str = "directory.imported";

/// What every reference of an appointment begins with.
const REFERENCE: &str = "BK-";

#[derive(Serialize, Deserialize)]
struct MergedAll {
    people: Merged,
    appointments: Vec<AppointmentId>,
    messages: Vec<MessageId>,
    links: Vec<CapabilityId>,
}

/// People found by what was typed: as [`people::search`], and by the reference of an appointment that `sees`
/// reaches.
///
/// # Errors
/// Those of the store.
pub fn search(
    tx: &Tx<'_>,
    (which, sees): (&Which, Option<&Grant>),
    after: Option<&str>,
    limit: u32,
) -> Result<Found, Error> {
    match by_reference(tx, which, sees)? {
        Some(person) => Ok(Found {
            people: people::find(tx, person)?.into_iter().collect(),
            next: None,
        }),
        None => people::search(tx, which, after, limit),
    }
}

/// The ids of those whom [`search`] finds, at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn ids(
    tx: &Tx<'_>,
    (which, sees): (&Which, Option<&Grant>),
    limit: u32,
) -> Result<Vec<PersonId>, Error> {
    match by_reference(tx, which, sees)? {
        Some(person) => Ok(vec![person]),
        None => people::ids(tx, which, limit),
    }
}

fn by_reference(
    tx: &Tx<'_>,
    which: &Which,
    sees: Option<&Grant>,
) -> Result<Option<PersonId>, Error> {
    let typed = which.typed.to_uppercase();
    let Some(sees) = sees.filter(|_| typed.starts_with(REFERENCE)) else {
        return Ok(None);
    };
    let found = scheduling::appointment_by_reference(tx, &typed)?;
    let seen = found.filter(|found| sees.covers(found.location, &found.staff));
    Ok(seen.map(|appointment| appointment.person))
}

/// Records a person of whom nothing is known yet.
///
/// # Errors
/// Those of the store.
pub fn add(
    tx: &Tx<'_>,
    _: &May<ChangePeople>,
    new: &Changes,
) -> Result<(PersonId, UndoId), PeopleError> {
    let id = people::add(tx, new)?;
    Ok((id, undo::offer(tx, ADDED, &id)?))
}

/// Makes two records of one person one: `keep` says what `result` does and gets the appointments,
/// answers, notes, messages and links of `gone`, which is removed.
///
/// # Errors
/// Those of [`people::merge`].
pub fn merge(
    tx: &Tx<'_>,
    _: &May<ChangePeople>,
    keep: PersonId,
    gone: PersonId,
    result: &Changes,
) -> Result<UndoId, PeopleError> {
    let merged = MergedAll {
        people: people::merge(tx, keep, gone, result)?,
        appointments: scheduling::reassign(tx, gone, keep)?,
        messages: messaging::reassign(tx, gone, keep)?,
        links: access::reassign(tx, gone, keep)?,
    };
    audit::record(tx, Act::PeopleMerged, keep, &gone.to_string())?;
    Ok(undo::offer(tx, MERGED, &merged)?)
}

/// Offers to take back an import that is recorded.
///
/// # Errors
/// Those of the store.
pub fn imported(tx: &Tx<'_>, _: &May<ExportPeople>, import: ImportId) -> Result<UndoId, Error> {
    undo::offer(tx, IMPORTED, &import)
}

/// Takes back a change of this slice, by the kind and payload under which it was offered.
///
/// # Errors
/// [`PeopleError::Unknown`] for a kind that is not of this slice, [`PeopleError::ChangedSince`];
/// those of the store.
pub fn take_back(tx: &Tx<'_>, kind: &str, payload: &Value) -> Result<(), PeopleError> {
    match kind {
        ADDED => {
            let id: PersonId = read(payload)?;
            if scheduling::has_appointments(tx, id)? {
                return Err(PeopleError::ChangedSince);
            }
            people::remove_unused(tx, id)
        }
        MERGED => {
            let merged: MergedAll = read(payload)?;
            people::unmerge(tx, &merged.people)?;
            let (kept, gone) = (merged.people.kept(), merged.people.gone());
            scheduling::assign(tx, &merged.appointments, gone)?;
            messaging::assign(tx, &merged.messages, gone)?;
            access::assign(tx, &merged.links, gone)?;
            Ok(audit::record(tx, Act::PeopleMerged, kept, "undone")?)
        }
        IMPORTED => {
            let id: ImportId = read(payload)?;
            let is_used = |person| scheduling::has_appointments(tx, person);
            while people::take_back_import(tx, id, is_used)?.is_some() {}
            Ok(())
        }
        _ => Err(PeopleError::Unknown),
    }
}

fn read<T: serde::de::DeserializeOwned>(payload: &Value) -> Result<T, PeopleError> {
    T::deserialize(payload).map_err(|_| Error::Decode("earlier values").into())
}
