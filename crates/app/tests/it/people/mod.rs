//! People as the staff see them: found, changed, merged, brought in and taken along.

mod changing;
mod files;
mod finding;
mod importing;
mod merging;

use kept_app::access::Role;
use kept_app::ids::PersonId;
use kept_app::people;
use kept_base::kit::{Email, PersonName, Phone};
use kept_base::store::Error;

use crate::support::desk::Staffer;
use crate::support::{Clinic, TestApp};

/// A clinic, and an admin of it who is signed in.
async fn desk() -> (TestApp, Clinic, Staffer) {
    let (test, clinic) = TestApp::with_clinic().await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    (test, clinic, admin)
}

/// Records somebody as a booking would.
async fn person(test: &TestApp, clinic: &Clinic, name: &str, email: &str, phone: &str) -> PersonId {
    let new = people::NewPerson {
        name: PersonName::parse(name).expect("a name"),
        email: Some(Email::parse(email).expect("an address")),
        phone: Phone::parse(phone).ok(),
        zone: "Europe/Berlin".to_owned(),
        locale: "en".to_owned(),
    };
    test.write::<_, Error, _>(clinic.id, move |tx| people::record(tx, &new))
        .await
}

/// Sends the form that takes back what a page says was done, and gives the page after it.
async fn undo(desk: &Staffer, after: &str) -> String {
    let id = after
        .split("undo=")
        .nth(1)
        .expect("an offer to take it back");
    let back = after.split('?').next().unwrap_or_default();
    let done = desk.post(&format!("/undo/{id}"), &[("back", back)]).await;
    done.location()
}
