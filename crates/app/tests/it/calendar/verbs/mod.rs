//! Booking for somebody, moving, saying how it went, keeping time free, taking back.

mod placing;
mod progress;

use std::sync::Arc;

use kept_app::audit;
use kept_app::ids::{AppointmentId, StaffId};
use kept_app::scheduling::staff::{
    self, Earlier, Holder, Manner, Move, NewBlock, NewBooking, Resource, StaffError, Whose, Wish,
};
use kept_app::scheduling::{self, Appointment, Status};
use kept_base::kit::Actor;

use crate::support::clinic::person;
use crate::support::desk::anything;
use crate::support::{Clinic, TestApp, at};

const STRICT: Manner = Manner {
    override_rules: false,
    tell: true,
};
const ANYWAY: Manner = Manner {
    override_rules: true,
    tell: false,
};

type Done<T> = Result<(T, Earlier), StaffError>;

/// A check-up of half an hour with Dr. Vogt.
fn wish(clinic: &Clinic, starts_at: &str) -> NewBooking {
    NewBooking {
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
    }
}

async fn book(
    test: &TestApp,
    clinic: &Clinic,
    new: NewBooking,
    manner: Manner,
) -> Done<Appointment> {
    let catalogs = Arc::clone(&test.app.catalogs);
    let verb =
        move |tx: &kept_base::store::Tx<'_>| staff::book(tx, &anything(), &catalogs, &new, manner);
    test.app.store.write(clinic.id, Actor::VISITOR, verb).await
}

async fn relocate(
    test: &TestApp,
    clinic: &Clinic,
    id: AppointmentId,
    to: Move,
    manner: Manner,
) -> Done<Appointment> {
    let catalogs = Arc::clone(&test.app.catalogs);
    let verb = move |tx: &kept_base::store::Tx<'_>| {
        staff::relocate(tx, &anything(), &catalogs, id, &to, manner)
    };
    test.app.store.write(clinic.id, Actor::VISITOR, verb).await
}

async fn set(test: &TestApp, clinic: &Clinic, id: AppointmentId, to: Status) -> Done<Appointment> {
    let catalogs = Arc::clone(&test.app.catalogs);
    let verb = move |tx: &kept_base::store::Tx<'_>| {
        staff::set_status(tx, &anything(), &catalogs, id, to, STRICT)
    };
    test.app.store.write(clinic.id, Actor::VISITOR, verb).await
}

async fn take_back(test: &TestApp, clinic: &Clinic, earlier: Earlier) -> Result<(), StaffError> {
    // What is kept is text, so it goes through text here too.
    let text = serde_json::to_string(&earlier).expect("is written");
    let earlier: Earlier = serde_json::from_str(&text).expect("is read");
    let catalogs = Arc::clone(&test.app.catalogs);
    let verb = move |tx: &kept_base::store::Tx<'_>| staff::take_back(tx, &catalogs, &earlier);
    test.app.store.write(clinic.id, Actor::VISITOR, verb).await
}

async fn reserve(
    test: &TestApp,
    clinic: &Clinic,
    resource: Resource,
    (from, to): (&str, &str),
) -> Done<staff::Block> {
    let new = NewBlock {
        label: " Team meeting ".to_owned(),
        starts_at: at(from),
        ends_at: at(to),
        resources: vec![resource],
    };
    let catalogs = Arc::clone(&test.app.catalogs);
    let verb =
        move |tx: &kept_base::store::Tx<'_>| staff::reserve(tx, &anything(), &catalogs, &new);
    test.app.store.write(clinic.id, Actor::VISITOR, verb).await
}

async fn found(test: &TestApp, clinic: &Clinic, id: AppointmentId) -> Appointment {
    let found = test.read(clinic.id, move |tx| scheduling::appointment(tx, id));
    found.await.expect("is there")
}

async fn last_detail(test: &TestApp, clinic: &Clinic) -> String {
    let acts = test.read(clinic.id, |tx| audit::after(tx, 0, 1_000)).await;
    let last = acts.last().expect("something was done");
    format!("{} {}", last.act, last.detail)
}

async fn count(test: &TestApp, clinic: &Clinic, sql: &'static str) -> i64 {
    test.read(clinic.id, move |tx| {
        tx.query_opt(sql, &[], |row| row.get(0))
    })
    .await
    .unwrap_or(0)
}
