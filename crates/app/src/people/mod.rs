//! Customers: who they are and how to reach them. Identity stands in this slice's tables alone;
//! everything else refers to a person by id.

pub mod api;
mod change;
mod custom;
mod find;
mod forget;
mod import;
mod mass;
mod record;
mod records;
mod same;
mod store;
mod tokens;
mod upgrade;

use std::collections::HashMap;

use jiff::Timestamp;
use kept_base::kit::{Email, Note, PersonName, Phone};
use kept_base::store::{Error, Tx};
use serde::de::DeserializeOwned;

pub use change::{
    Changes, MAX_CONTACTS_OF_A_KIND, Remark, add, add_remark, change, remarks, remove_remark,
    remove_unused,
};
pub use custom::{
    Kind, MAX_FIELD_CHOICES, MAX_FIELD_LABEL_CHARS, MAX_FIELD_REASON_CHARS, MAX_PERSON_FIELDS,
    MAX_VALUES_REMOVED, NewPersonField, PersonField, add_field, change_field, fields, remove_field,
};
pub use find::{
    Alike, Found, MAX_PAIRS_SHOWN, MAX_SOUGHT_CHARS, Pair, Which, alike, ids, record_of, search,
};
pub use forget::{erase, forget};
pub use import::*;
pub use mass::{MAX_MASS_PEOPLE, MAX_PREVIEWED, MassAct, Preview, mass, preview};
pub use record::{Contact, Reach, Record, Value};
pub use records::RECORDS;
pub use same::{Merged, merge, unmerge};
pub use store::whose_keys;
pub(crate) use upgrade::{make_findable, seal_rows};

use crate::ids::{AppointmentId, ContactPointId, NoteId, PersonId};

/// Why something about a person cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// There is no such person, note, field or import.
    #[error("unknown")]
    Unknown,
    /// What is to be taken back was changed since.
    #[error("changed since")]
    ChangedSince,
    /// It is about more than is done at once.
    #[error("too many")]
    TooMany,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// A person to be recorded, or recognized.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// What they are called.
    pub name: PersonName,
    /// Where they are told of their appointments; whoever books by telephone may have none.
    pub email: Option<Email>,
    /// Where they can be called.
    pub phone: Option<Phone>,
    /// IANA zone in which times are written to them.
    pub zone: String,
    /// Language tag in which they are written to.
    pub locale: String,
}

/// A person as recorded.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// What they are called.
    pub name: PersonName,
    /// Where they are told of their appointments.
    pub email: Option<Email>,
    /// Where they can be called.
    pub phone: Option<Phone>,
    /// IANA zone in which times are written to them.
    pub zone: String,
    /// Language tag in which they are written to.
    pub locale: String,
    /// When they were first recorded.
    pub created_at: Timestamp,
}

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// Why an appointment was cancelled, in the canceller's words.
    CancellationReason,
    /// What the staff wrote down about a person.
    Remark,
}

impl NoteKind {
    const fn code(self) -> &'static str {
        match self {
            Self::CancellationReason => "cancellation_reason",
            Self::Remark => "remark",
        }
    }
}

/// An answer to one of a service's fields.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The field's key.
    pub field: String,
    /// What was answered.
    pub value: Note,
}

/// Records a person, or recognizes one of whom everything given is already on record. A stranger
/// who knows a name and an address can so never change what is recorded of somebody: whatever
/// differs makes a record of its own, for the staff to merge.
///
/// # Errors
/// Those of the store.
pub fn record(tx: &Tx<'_>, new: &NewPerson) -> Result<PersonId, Error> {
    if let Some(known) = store::find_same(tx, new)? {
        return Ok(known);
    }
    let id = PersonId::new(tx.now(), tx.entropy());
    let reaches = (new.email.clone().map(Reach::Email).into_iter())
        .chain(new.phone.clone().map(Reach::Phone));
    let contacts = reaches.map(|reach| Contact {
        id: ContactPointId::new(tx.now(), tx.entropy()),
        reach,
    });
    let record = Record {
        id,
        name: new.name.clone(),
        zone: new.zone.clone(),
        locale: new.locale.clone(),
        created_at: tx.now(),
        contacts: contacts.collect(),
        values: Vec::new(),
    };
    store::add(tx, &record)?;
    Ok(id)
}

/// The person of that id.
///
/// # Errors
/// Those of the store.
pub fn find(tx: &Tx<'_>, id: PersonId) -> Result<Option<Person>, Error> {
    store::find_person(tx, id)
}

/// What many people are called, as far as they are on record: for calendars and lists.
///
/// # Errors
/// Those of the store.
pub fn names(tx: &Tx<'_>, ids: &[PersonId]) -> Result<HashMap<PersonId, PersonName>, Error> {
    store::names(tx, ids)
}

/// People after `after` by id, oldest first, at most `limit`; with `email`, only those it belongs to.
///
/// # Errors
/// Those of the store.
pub fn list(
    tx: &Tx<'_>,
    after: Option<PersonId>,
    email: Option<&Email>,
    limit: u32,
) -> Result<Vec<Person>, Error> {
    store::list(tx, after, email, limit)
}

/// Records what a person answered when booking.
///
/// # Errors
/// Those of the store.
pub fn record_answers(
    tx: &Tx<'_>,
    id: PersonId,
    appointment: AppointmentId,
    answers: &[Answer],
) -> Result<(), Error> {
    store::insert_answers(tx, id, appointment, answers)
}

/// What the person answered when booking this appointment.
///
/// # Errors
/// Those of the store.
pub fn answers(tx: &Tx<'_>, appointment: AppointmentId) -> Result<Vec<Answer>, Error> {
    store::answers(tx, appointment)
}

/// Records a note about a person, in the context of an appointment.
///
/// # Errors
/// Those of the store.
pub fn add_note(
    tx: &Tx<'_>,
    person: PersonId,
    appointment: AppointmentId,
    kind: NoteKind,
    text: &Note,
) -> Result<NoteId, Error> {
    let id = NoteId::new(tx.now(), tx.entropy());
    store::insert_note(tx, id, (person, appointment), kind.code(), text)?;
    Ok(id)
}

/// The latest note of that kind on an appointment.
///
/// # Errors
/// Those of the store.
pub fn note(
    tx: &Tx<'_>,
    appointment: AppointmentId,
    kind: NoteKind,
) -> Result<Option<Note>, Error> {
    store::note(tx, appointment, kind.code())
}

/// Takes back a change of this slice, by the kind and payload under which it was offered.
///
/// # Errors
/// [`PeopleError::Unknown`] for a kind that is not of this slice or what is gone meanwhile;
/// [`PeopleError::ChangedSince`]; those of the store.
pub fn take_back(tx: &Tx<'_>, kind: &str, payload: &serde_json::Value) -> Result<(), PeopleError> {
    match kind {
        change::CHANGE => change::undo_change(tx, payload),
        change::NOTE => change::undo_note(tx, payload),
        custom::FIELD => custom::undo_field(tx, payload),
        mass::MASS => mass::undo_mass(tx, payload),
        _ => Err(PeopleError::Unknown),
    }
}

fn read_payload<T: DeserializeOwned>(payload: &serde_json::Value) -> Result<T, PeopleError> {
    T::deserialize(payload).map_err(|_| Error::Decode("earlier values").into())
}
