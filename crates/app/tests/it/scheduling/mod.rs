//! The main job as verbs: asking, holding, booking, moving, cancelling.

mod booking;
mod changing;
mod holding;

use std::sync::Arc;

use jiff::civil::date;
use jiff::tz::TimeZone;
use kept_app::audit;
use kept_app::ids::AppointmentId;
use kept_app::scheduling::{self, Authority, Booked, SchedulingError, Status, Wanted};
use kept_base::kit::{Actor, Clock as _, Note};
use kept_slots::Reason;

use crate::support::clinic::person;
use crate::support::{Clinic, TestApp, at};

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").expect("known")
}

async fn times(test: &TestApp, clinic: &Clinic, wanted: Wanted, day: i8) -> String {
    let catalogs = Arc::clone(&test.app.catalogs);
    let offers = test
        .read(clinic.id, move |tx| {
            scheduling::times(tx, &catalogs, &wanted, date(2026, 11, day), &berlin(), None)
        })
        .await;
    let clock = |offer: &scheduling::Offer| {
        offer
            .starts_at
            .to_zoned(berlin())
            .strftime("%H:%M")
            .to_string()
    };
    offers.iter().map(clock).collect::<Vec<_>>().join(" ")
}

async fn book(
    test: &TestApp,
    clinic: &Clinic,
    new: scheduling::NewAppointment,
) -> Result<Booked, SchedulingError> {
    let catalogs = Arc::clone(&test.app.catalogs);
    let verb = move |tx: &kept_base::store::Tx<'_>| scheduling::book(tx, &catalogs, &new);
    test.app.store.write(clinic.id, Actor::VISITOR, verb).await
}

async fn hold(
    test: &TestApp,
    clinic: &Clinic,
    wanted: Wanted,
    starts_at: &str,
) -> Result<scheduling::Hold, SchedulingError> {
    let (catalogs, starts_at) = (Arc::clone(&test.app.catalogs), at(starts_at));
    let verb = move |tx: &kept_base::store::Tx<'_>| {
        scheduling::place_hold(tx, &catalogs, &wanted, starts_at, None)
    };
    test.app.store.write(clinic.id, Actor::VISITOR, verb).await
}

async fn reschedule(
    test: &TestApp,
    clinic: &Clinic,
    id: AppointmentId,
    to: &str,
    authority: Authority,
) -> Result<scheduling::Appointment, SchedulingError> {
    let (catalogs, to) = (Arc::clone(&test.app.catalogs), at(to));
    let verb = move |tx: &kept_base::store::Tx<'_>| {
        scheduling::reschedule(tx, &catalogs, id, to, authority)
    };
    test.app.store.write(clinic.id, Actor::VISITOR, verb).await
}

async fn cancel(
    test: &TestApp,
    clinic: &Clinic,
    id: AppointmentId,
    authority: Authority,
) -> Result<scheduling::Appointment, SchedulingError> {
    let catalogs = Arc::clone(&test.app.catalogs);
    let reason = Note::parse("Feeling better").expect("a note");
    let verb = move |tx: &kept_base::store::Tx<'_>| {
        scheduling::cancel(tx, &catalogs, id, Some(&reason), authority)
    };
    test.app.store.write(clinic.id, Actor::VISITOR, verb).await
}

async fn acts(test: &TestApp, clinic: &Clinic) -> Vec<String> {
    let entries = test.read(clinic.id, |tx| audit::after(tx, 0, 1_000)).await;
    entries
        .into_iter()
        .filter(|entry| {
            !["organization.created", "offering.changed", "token.created"]
                .contains(&entry.act.as_str())
        })
        .map(|entry| format!("{} {}", entry.actor, entry.act))
        .collect()
}

/// What is taken, whoever holds it: resource kind, start, end, holder kind.
async fn claims(test: &TestApp, clinic: &Clinic) -> Vec<String> {
    test.read(clinic.id, |tx| {
        tx.query(
            "select resource_id, starts_at, ends_at, appointment_id is not null from claim
             order by starts_at, resource_id",
            &[],
            |row| {
                let resource: String = row.get(0)?;
                let (from, to): (jiff::Timestamp, jiff::Timestamp) = (row.get(1)?, row.get(2)?);
                let holder = if row.get(3)? { "appointment" } else { "hold" };
                Ok(format!("{} {from} {to} {holder}", &resource[..3]))
            },
        )
    })
    .await
}

#[tokio::test]
async fn what_is_shown_follows_hours_notice_and_claims() {
    let (test, clinic) = TestApp::with_clinic().await;
    let checkup = clinic.wants(clinic.checkup);
    assert_eq!(
        times(&test, &clinic, checkup, 23).await,
        "11:00 11:30 12:00 12:30 13:00 13:30 14:00 14:30 15:00 15:30 16:00 16:30",
        "two hours of notice; Shah covers the lunch hour"
    );
    let with_vogt = Wanted {
        staff: Some(clinic.vogt),
        ..checkup
    };
    assert_eq!(
        times(&test, &clinic, with_vogt, 23).await,
        "11:00 11:30 13:00 13:30 14:00 14:30 15:00 15:30 16:00 16:30"
    );
    let mut new = clinic.booking(clinic.checkup, "2026-11-23T13:00:00Z");
    new.wanted.staff = Some(clinic.vogt);
    book(&test, &clinic, new).await.expect("is booked");
    assert_eq!(
        times(&test, &clinic, with_vogt, 23).await,
        "11:00 11:30 13:00 15:00 15:30 16:00 16:30",
        "14:00 to 14:40 is taken, and 13:30 would need ten minutes after it"
    );
    let review = clinic.wants(clinic.review);
    assert_eq!(times(&test, &clinic, review, 23).await, "11:00 13:00 15:00");
    assert_eq!(
        times(&test, &clinic, review, 27).await,
        "",
        "nobody works on Fridays"
    );
}

async fn count(test: &TestApp, clinic: &Clinic, table: &str) -> u32 {
    let sql = format!("select count(*) from {table}");
    test.read(clinic.id, move |tx| {
        tx.query_opt(&sql, &[], |row| row.get(0))
    })
    .await
    .expect("a count")
}

#[tokio::test]
async fn a_daily_limit_counts_holds_and_appointments() {
    let (test, clinic) = TestApp::with_clinic().await;
    let therapy = clinic.wants(clinic.therapy);
    for hour in ["09", "10", "11"] {
        let new = clinic.booking(clinic.therapy, &format!("2026-11-25T{hour}:00:00Z"));
        book(&test, &clinic, new).await.expect("is booked");
    }
    assert_eq!(
        times(&test, &clinic, therapy, 25).await,
        "13:00 13:30 14:00 14:30 15:00"
    );
    hold(&test, &clinic, therapy, "2026-11-25T12:00:00Z")
        .await
        .expect("the fourth");
    assert_eq!(times(&test, &clinic, therapy, 25).await, "");
    let fifth = clinic.booking(clinic.therapy, "2026-11-25T13:00:00Z");
    let refused = book(&test, &clinic, fifth).await.expect_err("is full");
    assert!(
        matches!(&refused, SchedulingError::SlotTaken { reasons, .. } if reasons.contains(&Reason::DailyLimit)),
        "{refused:?}"
    );
}

#[tokio::test]
async fn unknown_services_staff_and_places_are_all_the_same_answer() {
    let (test, clinic) = TestApp::with_clinic().await;
    let other = crate::support::clinic::create(&test, "northgate").await;
    let foreign = clinic.booking(other.checkup, "2026-11-24T09:00:00Z");
    assert!(matches!(
        book(&test, &clinic, foreign).await,
        Err(SchedulingError::Unknown)
    ));
    let mut foreign = clinic.booking(clinic.checkup, "2026-11-24T09:00:00Z");
    foreign.wanted.staff = Some(clinic.liu);
    assert!(matches!(
        book(&test, &clinic, foreign).await,
        Err(SchedulingError::Unknown)
    ));
    let mut foreign = clinic.booking(clinic.checkup, "2026-11-24T09:00:00Z");
    foreign.wanted.location = Some(other.harbor);
    assert!(matches!(
        book(&test, &clinic, foreign).await,
        Err(SchedulingError::Unknown)
    ));
}
