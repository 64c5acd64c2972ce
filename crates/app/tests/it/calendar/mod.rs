//! The staff calendar: what the staff do with appointments, and the pages on which they do it.

mod booking;
mod feeds;
mod pages;
pub mod size;
mod verbs;

use std::sync::Arc;

use kept_app::ids::AppointmentId;
use kept_app::scheduling;
use kept_app::scheduling::staff::{self, Manner, NewBooking, Whose, Wish};
use kept_base::kit::Actor;

use crate::support::clinic::person;
use crate::support::desk::anything;
use crate::support::{Clinic, TestApp, at};

/// Ama Okafor has a check-up with Dr. Vogt.
async fn booked(test: &TestApp, clinic: &Clinic, starts_at: &str) -> AppointmentId {
    let new = NewBooking {
        wish: Wish {
            service: clinic.checkup,
            staff: vec![clinic.vogt],
            location: None,
            room: None,
            starts_at: at(starts_at),
            minutes: 30,
        },
        whose: Whose::New(person("Ama Okafor", "ama@example.org")),
        awaiting: false,
    };
    let manner = Manner {
        override_rules: true,
        tell: false,
    };
    let catalogs = Arc::clone(&test.app.catalogs);
    let verb =
        move |tx: &kept_base::store::Tx<'_>| staff::book(tx, &anything(), &catalogs, &new, manner);
    let booked = test.app.store.write(clinic.id, Actor::SYSTEM, verb).await;
    booked.expect("is free").0.id
}

async fn place_of(test: &TestApp, clinic: &Clinic, id: AppointmentId) -> String {
    let found = test.read(clinic.id, move |tx| scheduling::appointment(tx, id));
    found.await.expect("is there").starts_at.to_string()
}
