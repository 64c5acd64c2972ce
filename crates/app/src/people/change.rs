//! Changing what is recorded of a person. Each change offers to be taken back, and puts back only
//! what nobody changed since.

use data_encoding::BASE64;
use kept_base::kit::{Email, Note, PersonName, Phone};
use kept_base::store::{Error, Tx};
use serde::{Deserialize, Serialize};

use super::record::Kept;
use super::{Contact, NoteKind, PeopleError, Reach, Record, store};
use crate::audit::{self, Act};
use crate::ids::{ContactPointId, NoteId, PersonFieldId, PersonId, UndoId};
use crate::policy::May;
use crate::policy::rights::ChangePeople;
use crate::undo;

/// Most addresses, and most numbers, of one person.
pub const MAX_CONTACTS_OF_A_KIND: usize = 5;

/// What a person's record shall say. Fields that are not named keep what stands in them.
#[derive(Debug, Clone)]
pub struct Changes {
    /// What they are called.
    pub name: PersonName,
    /// Their addresses, the main one first.
    pub emails: Vec<Email>,
    /// Their numbers, the main one first.
    pub phones: Vec<Phone>,
    /// IANA zone in which times are written to them.
    pub zone: String,
    /// Language tag in which they are written to.
    pub locale: String,
    /// The organization's own fields, each set or cleared.
    pub values: Vec<(PersonFieldId, Option<Note>)>,
}

/// The kinds of change that are taken back here.
pub(super) const CHANGE: &str = "people.change";
pub(super) const NOTE: &str = "people.note";

#[derive(Serialize, Deserialize)]
struct Changed {
    before: Kept,
    after: Kept,
}

#[derive(Serialize, Deserialize)]
struct Noted {
    note: NoteId,
    person: PersonId,
    /// A note that was removed, as it was sealed; `None` when it was added.
    removed: Option<(String, Option<String>, i64)>,
}

/// A note of the staff about a person.
#[derive(Debug, Clone)]
pub struct Remark {
    /// Its id.
    pub id: NoteId,
    /// What it says.
    pub text: Note,
    /// Who wrote it, as recorded in acts: `member:..`.
    pub author: Option<String>,
    /// When.
    pub created_at: jiff::Timestamp,
}

/// Records a person of whom nothing is known yet.
///
/// # Errors
/// Those of the store.
pub fn add(tx: &Tx<'_>, new: &Changes) -> Result<PersonId, Error> {
    let id = PersonId::new(tx.now(), tx.entropy());
    let mut record = Record {
        id,
        name: new.name.clone(),
        zone: new.zone.clone(),
        locale: new.locale.clone(),
        created_at: tx.now(),
        contacts: Vec::new(),
        values: Vec::new(),
    };
    apply(tx, &mut record, new);
    store::add(tx, &record)?;
    audit::record(tx, Act::PersonAdded, id, "")?;
    Ok(id)
}

/// Changes what is recorded of a person. `None` when it says so already.
///
/// # Errors
/// [`PeopleError::Unknown`]; those of the store.
pub fn change(
    tx: &Tx<'_>,
    _: &May<ChangePeople>,
    id: PersonId,
    to: &Changes,
) -> Result<Option<UndoId>, PeopleError> {
    let before = store::record(tx, id)?.ok_or(PeopleError::Unknown)?;
    let after = applied(tx, &before, to);
    if before == after {
        return Ok(None);
    }
    store::put(tx, &after)?;
    audit::record(tx, Act::PersonChanged, after.id, "")?;
    let payload = Changed {
        before: Kept::seal(tx, &before)?,
        after: Kept::seal(tx, &after)?,
    };
    Ok(Some(undo::offer(tx, CHANGE, &payload)?))
}

/// What a record says once `to` is applied to it.
pub(super) fn applied(tx: &Tx<'_>, before: &Record, to: &Changes) -> Record {
    let mut after = before.clone();
    apply(tx, &mut after, to);
    after
}

/// Puts `to` into the record; contact points that stay keep their ids.
fn apply(tx: &Tx<'_>, record: &mut Record, to: &Changes) {
    record.name = to.name.clone();
    record.zone.clone_from(&to.zone);
    record.locale.clone_from(&to.locale);
    let emails = to.emails.iter().cloned().map(Reach::Email);
    let phones = to.phones.iter().cloned().map(Reach::Phone);
    let mut contacts: Vec<Contact> = Vec::new();
    for reach in emails.chain(phones) {
        if contacts.iter().all(|known| known.reach != reach) {
            let known = record.contacts.iter().find(|known| known.reach == reach);
            let id = known.map_or_else(
                || ContactPointId::new(tx.now(), tx.entropy()),
                |known| known.id,
            );
            contacts.push(Contact { id, reach });
        }
    }
    record.contacts = contacts;
    for (field, text) in &to.values {
        record.set(*field, text.clone());
    }
}

/// Writes a note about a person.
///
/// # Errors
/// [`PeopleError::Unknown`]; those of the store.
pub fn add_remark(
    tx: &Tx<'_>,
    _: &May<ChangePeople>,
    person: PersonId,
    text: &Note,
) -> Result<UndoId, PeopleError> {
    store::find_person(tx, person)?.ok_or(PeopleError::Unknown)?;
    let note = write_remark(tx, person, text)?;
    let payload = Noted {
        note,
        person,
        removed: None,
    };
    Ok(undo::offer(tx, NOTE, &payload)?)
}

pub(super) fn write_remark(tx: &Tx<'_>, person: PersonId, text: &Note) -> Result<NoteId, Error> {
    let note = NoteId::new(tx.now(), tx.entropy());
    let author = tx.actor().to_string();
    store::insert_remark(tx, note, person, (text, Some(&author), tx.now()))?;
    audit::record(tx, Act::NoteAdded, person, &note.to_string())?;
    Ok(note)
}

/// Removes a note of the staff.
///
/// # Errors
/// [`PeopleError::Unknown`]; those of the store.
pub fn remove_remark(
    tx: &Tx<'_>,
    _: &May<ChangePeople>,
    person: PersonId,
    note: NoteId,
) -> Result<UndoId, PeopleError> {
    let remark = store::remarks(tx, person)?
        .into_iter()
        .find(|remark| remark.id == note)
        .ok_or(PeopleError::Unknown)?;
    let sealed = store::sealed_note(tx, note)?.ok_or(PeopleError::Unknown)?;
    store::remove_note(tx, note)?;
    audit::record(tx, Act::NoteRemoved, person, &note.to_string())?;
    let at = remark.created_at.as_microsecond();
    let payload = Noted {
        note,
        person,
        removed: Some((BASE64.encode(&sealed), remark.author, at)),
    };
    Ok(undo::offer(tx, NOTE, &payload)?)
}

/// The notes of the staff about a person, newest first.
///
/// # Errors
/// Those of the store.
pub fn remarks(tx: &Tx<'_>, person: PersonId) -> Result<Vec<Remark>, Error> {
    store::remarks(tx, person)
}

pub(super) fn undo_change(tx: &Tx<'_>, payload: &serde_json::Value) -> Result<(), PeopleError> {
    let changed: Changed = super::read_payload(payload)?;
    let before = changed.before.open(tx)?.ok_or(PeopleError::Unknown)?;
    let after = changed.after.open(tx)?.ok_or(PeopleError::Unknown)?;
    let present = store::record(tx, after.id)?.ok_or(PeopleError::Unknown)?;
    if present != after {
        return Err(PeopleError::ChangedSince);
    }
    store::put(tx, &before)?;
    audit::record(tx, Act::PersonChanged, before.id, "undone")?;
    Ok(())
}

pub(super) fn undo_note(tx: &Tx<'_>, payload: &serde_json::Value) -> Result<(), PeopleError> {
    let noted: Noted = super::read_payload(payload)?;
    store::find_person(tx, noted.person)?.ok_or(PeopleError::Unknown)?;
    match noted.removed {
        None => store::remove_note(tx, noted.note)?,
        Some((sealed, author, at)) => {
            let sealed = BASE64.decode(sealed.as_bytes());
            let sealed = sealed.map_err(|_| Error::Decode("sealed note"))?;
            let at = kept_base::kit::time::from_microseconds(at);
            store::put_note(
                tx,
                noted.note,
                noted.person,
                (&sealed, author.as_deref(), at),
            )?;
        }
    }
    Ok(())
}

/// The kind of a note that staff wrote.
pub(super) const REMARK: &str = NoteKind::Remark.code();

/// Removes a person who was just added, of whom nothing else is kept.
///
/// # Errors
/// [`PeopleError::ChangedSince`] when a note or an answer is kept; [`PeopleError::Unknown`]; those
/// of the store.
pub fn remove_unused(tx: &Tx<'_>, id: PersonId) -> Result<(), PeopleError> {
    store::find_person(tx, id)?.ok_or(PeopleError::Unknown)?;
    let (answers, notes) = store::texts_of(tx, id)?;
    if !answers.is_empty() || !notes.is_empty() {
        return Err(PeopleError::ChangedSince);
    }
    store::remove_for_good(tx, id)?;
    audit::record(tx, Act::PersonChanged, id, "removed")?;
    Ok(())
}
