//! The page with the numbers.

use std::sync::Arc;

use kept_app::ids::{LocationId, StaffId};
use kept_app::insight::{Facts, Period, Tally, facts};
use kept_app::policy::{Grant, Grants, Limits, Right, Role};
use kept_app::scheduling::{self, Authority, SchedulingError};
use kept_base::store::Error;

use crate::access::reaching::placed;
use crate::support::desk::Staffer;
use crate::support::{Clinic, TestApp, at};

/// Two check-ups this week, one of them canceled.
async fn booked() -> (TestApp, Clinic) {
    let (test, clinic) = TestApp::with_clinic().await;
    let catalogs = Arc::clone(&test.app.catalogs);
    let first = clinic.booking(clinic.checkup, "2026-11-24T09:00:00Z");
    let second = clinic.booking(clinic.checkup, "2026-11-26T12:00:00Z");
    test.write::<_, SchedulingError, _>(clinic.id, move |tx| {
        scheduling::book(tx, &catalogs, &first)?;
        let gone = scheduling::book(tx, &catalogs, &second)?;
        let id = gone.appointment.id;
        scheduling::cancel(tx, &catalogs, id, None, Authority::Organization)
    })
    .await;
    (test, clinic)
}

/// How far such a member sees numbers.
fn of(role: Role, locations: Vec<LocationId>) -> Grant {
    let grants = Grants::new(role, locations, None, Limits::default());
    grants.grant(Right::SeeInsight).expect("sees them")
}

#[tokio::test]
async fn a_manager_sees_the_numbers_of_their_locations() {
    let (test, clinic) = booked().await;
    let catalogs = Arc::clone(&test.app.catalogs);
    let (harbor, hill) = (clinic.harbor, clinic.hill);
    let all = test.read::<_, Error, _>(clinic.id, move |tx| {
        let catalog = catalogs.get(tx)?;
        let period = Period::last(4, jiff::civil::date(2026, 11, 25));
        let of = |role, at| facts(tx, (&of(role, at), &*catalog), period);
        Ok([
            of(Role::Owner, vec![])?,
            of(Role::Manager, vec![harbor, hill])?,
            of(Role::Manager, vec![harbor])?,
            of(Role::Manager, vec![hill])?,
            of(Role::Manager, vec![])?,
        ])
    });
    let [everything, both, at_harbor, at_hill, nowhere] = all.await;
    assert_eq!(everything, both);
    assert_eq!(at_harbor.total(), everything.total());
    assert_eq!(
        (at_harbor.heat, at_harbor.lead),
        (everything.heat, everything.lead)
    );
    let who = |facts: &Facts| -> Vec<StaffId> { facts.staff.iter().map(|one| one.staff).collect() };
    assert_eq!(who(&at_harbor), [clinic.vogt, clinic.shah]);
    assert_eq!(who(&at_hill), [clinic.liu]);
    assert_eq!(at_hill.staff[0].bookable_minutes, 4 * 6 * 60);
    for facts in [&at_hill, &nowhere] {
        assert_eq!(facts.total(), Tally::default());
        assert_eq!((facts.past(), facts.lead), (0, [0; 6]));
        assert!(facts.services.is_empty() && facts.heat.iter().flatten().all(|count| *count == 0));
    }
    assert!(nowhere.staff.is_empty());
    Staffer::of(&test, &clinic, Role::Owner).await;
    let manager = placed(&test, &clinic, Role::Manager, vec![hill], None).await;
    let page = manager.get("/insight?weeks=4").await;
    assert!(!page.body.contains("Dr. Vogt"), "{}", page.text());
}

#[tokio::test]
async fn appointments_are_counted() {
    let (test, clinic) = booked().await;
    let catalogs = Arc::clone(&test.app.catalogs);
    let facts = test
        .read::<_, Error, _>(clinic.id, move |tx| {
            let period = Period::last(4, jiff::civil::date(2026, 11, 25));
            facts(tx, (&of(Role::Owner, vec![]), &*catalogs.get(tx)?), period)
        })
        .await;
    assert_eq!(facts.weeks.len(), 4);
    assert_eq!((facts.total().stood, facts.total().canceled), (1, 1));
    assert_eq!(facts.past(), 1, "Tuesday is over on Wednesday");
    assert_eq!(facts.services.len(), 1);
    assert_eq!(facts.heat[1][10], 1, "Tuesday at ten in Berlin");
    assert_eq!(facts.lead.iter().sum::<u32>(), 2);
    assert_eq!(facts.lead[1], 1, "a day before");
    assert_eq!(facts.lead[2], 1, "three days before");
    let vogt = facts.staff.iter().find(|one| one.staff == clinic.vogt);
    let vogt = vogt.expect("has hours");
    assert_eq!(
        vogt.bookable_minutes,
        4 * 4 * 7 * 60,
        "four weeks of four days of seven hours"
    );
    let booked: i64 = facts.staff.iter().map(|one| one.booked_minutes).sum();
    assert_eq!(booked, 30);
}

#[tokio::test]
async fn the_page_says_in_tables_what_it_draws() {
    let (test, clinic) = booked().await;
    let staff = Staffer::of(&test, &clinic, Role::Staff).await;
    let page = staff.get("/insight?weeks=4").await;
    let text = page.text();
    for part in [
        "By week",
        "Check-up",
        "Dr. Vogt",
        "Hours booked",
        "When people come",
        "50 %",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(page.body.matches("<svg class=\"chart").count(), 7);
    assert_eq!(page.body.matches("<table").count(), 7);
    assert!(!page.body.contains("Ama") && !page.body.contains("style="));
    test.clock.set(at("2028-01-03T08:00:00Z"));
    let (empty, clinic) = TestApp::with_clinic().await;
    let staff = Staffer::of(&empty, &clinic, Role::Staff).await;
    let page = staff.get("/insight").await;
    assert!(
        page.text().contains("No appointments in these weeks."),
        "{}",
        page.text()
    );
}
