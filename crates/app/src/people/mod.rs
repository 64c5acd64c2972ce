//! Customers: who they are and how to reach them. Identity stands in this slice's tables alone;
//! everything else refers to a person by id.

pub mod api;
mod records;
mod store;

use jiff::Timestamp;
use kept_base::kit::{Email, Note, PersonName, Phone};
use kept_base::store::{Error, Tx};

pub use records::RECORDS;

use crate::ids::{AppointmentId, NoteId, PersonId};

/// A person to be recorded, or recognized.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// What they are called.
    pub name: PersonName,
    /// Where they are told of their appointments.
    pub email: Email,
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
}

impl NoteKind {
    fn code(self) -> &'static str {
        match self {
            Self::CancellationReason => "cancellation_reason",
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
    store::insert(tx, id, new)?;
    store::add_contact_point(tx, id, store::EMAIL, new.email.expose())?;
    if let Some(phone) = &new.phone {
        store::add_contact_point(tx, id, store::PHONE, phone.expose())?;
    }
    Ok(id)
}

/// The person of that id.
///
/// # Errors
/// Those of the store.
pub fn find(tx: &Tx<'_>, id: PersonId) -> Result<Option<Person>, Error> {
    store::find(tx, id)
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
    answers
        .iter()
        .try_for_each(|answer| store::insert_answer(tx, id, appointment, answer))
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
