//! Keys of people: what is sealed, what destroying a key takes away, and what heals.

mod files;
mod forgetting;
mod healing;
mod rotating;
mod sealing;
mod upgrading;

use std::sync::Arc;

use kept_app::ids::PersonId;
use kept_app::people::{self, Answer, NewPerson, PeopleError};
use kept_app::scheduling::{self, SchedulingError};
use kept_base::kit::{Actor, Email, Note, OrganizationId, PersonName, Phone};
use kept_base::store::{Error, Store};

use crate::support::may;
use crate::support::{Clinic, TestApp};
use files::Files;

/// What is planted, to be looked for.
pub const NAME: &str = "Quilliam Zanzibar";
pub const EMAIL: &str = "quilliam.z@planted.example";
pub const PHONE: &str = "+4930987654321";
pub const ANSWER: &str = "A planted answer";
pub const NOTE: &str = "A planted note";

fn planted() -> NewPerson {
    NewPerson {
        name: PersonName::parse(NAME).expect("a name"),
        email: Some(Email::parse(EMAIL).expect("an address")),
        phone: Some(Phone::parse(PHONE).expect("a number")),
        zone: "Europe/Berlin".to_owned(),
        locale: "en".to_owned(),
    }
}

/// Books for the planted person, with an answer and a note.
pub async fn plant(test: &TestApp, clinic: &Clinic) -> PersonId {
    let catalogs = Arc::clone(&test.app.catalogs);
    let mut new = clinic.booking(clinic.checkup, "2026-11-26T09:00:00Z");
    new.person = planted();
    test.write::<_, SchedulingError, _>(clinic.id, move |tx| {
        let booked = scheduling::book(tx, &catalogs, &new)?;
        let (person, id) = (booked.appointment.person, booked.appointment.id);
        let value = Note::parse(ANSWER).expect("a note");
        let field = "planted".to_owned();
        people::record_answers(tx, person, id, &[Answer { field, value }])?;
        let note = Note::parse(NOTE).expect("a note");
        people::add_remark(tx, &may(), person, &note).map_err(|_| SchedulingError::Unknown)?;
        Ok(person)
    })
    .await
}

/// Somebody else, who stays.
pub async fn other(test: &TestApp, clinic: &Clinic, number: usize) -> PersonId {
    let mut new = planted();
    new.name = PersonName::parse(&format!("Other {number}")).expect("a name");
    new.email = Email::parse(&format!("other-{number}@example.org")).ok();
    test.write::<_, Error, _>(clinic.id, move |tx| people::record(tx, &new))
        .await
}

async fn forget(store: &Store, id: OrganizationId, person: PersonId) -> Result<(), PeopleError> {
    people::forget(store, id, Actor::OPERATOR, person).await
}

async fn name(store: &Store, id: OrganizationId, person: PersonId) -> Option<String> {
    let read = store.read(id, Actor::OPERATOR, move |tx| people::find(tx, person));
    let found = read.await.expect("is answered");
    found.map(|person| person.name.expose().to_owned())
}

fn files(test: &TestApp) -> Files {
    Files::of(test.folder.path())
}
