//! What a change does to bookable times and booked appointments.

use jiff::civil::Weekday;
use kept_app::offering::Thing;
use kept_app::offering::hours;
use kept_app::scheduling::Strand;

use super::*;
use crate::pages::book;
use crate::support::may;
use crate::support::visitor::Visitor;

async fn strands(test: &TestApp, clinic: &Clinic) -> Vec<Strand> {
    let catalogs = Arc::clone(&test.app.catalogs);
    let found = test.read(clinic.id, move |tx| scheduling::stranded(tx, &catalogs));
    found.await.into_iter().flat_map(|one| one.why).collect()
}

#[tokio::test]
async fn appointments_that_the_offering_no_longer_carries_are_found() {
    let (test, clinic) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    // Vogt, on Thursday at nine.
    book(&visitor, "2026-11-26T08:00:00Z").await;
    assert_eq!(strands(&test, &clinic).await, []);
    let (vogt, checkup, shah) = (clinic.vogt, clinic.checkup, clinic.shah);
    let archived =
        |thing: Thing| move |tx: &Tx<'_>, _: &Catalog| offering::archive(tx, &may(), thing, true);
    for (thing, why) in [
        (Thing::Service(checkup), vec![Strand::ServiceArchived]),
        (Thing::Staff(vogt), vec![Strand::StaffArchived(vogt)]),
        (Thing::Staff(shah), vec![]),
        (
            Thing::Location(clinic.harbor),
            vec![Strand::LocationArchived],
        ),
    ] {
        let earlier = change(&test, &clinic, archived(thing))
            .await
            .expect("archived");
        assert_eq!(strands(&test, &clinic).await, why);
        undo(&test, &clinic, earlier).await.expect("undone");
    }
    let earlier = change(&test, &clinic, move |tx, _| {
        let mut rows = hours::weekly_hours(tx, vogt)?;
        rows.retain(|row| row.weekday != Weekday::Thursday);
        hours::set_weekly_hours(tx, &may(), vogt, &rows)
    });
    let earlier = earlier.await.expect("changed");
    assert_eq!(strands(&test, &clinic).await, [Strand::OutsideHours(vogt)]);
    undo(&test, &clinic, earlier).await.expect("undone");
    let day = date(2026, 11, 26);
    let earlier = change(&test, &clinic, move |tx, _| {
        hours::close_days(tx, &may(), None, &[(day, "Thanksgiving".to_owned())])
    });
    let earlier = earlier.await.expect("closed");
    assert_eq!(strands(&test, &clinic).await, [Strand::ClosedDay]);
    undo(&test, &clinic, earlier).await.expect("undone");
    assert_eq!(strands(&test, &clinic).await, []);
}

#[tokio::test]
async fn the_outlook_counts_bookable_times_by_service_and_day() {
    let (test, clinic) = TestApp::with_clinic().await;
    let catalogs = Arc::clone(&test.app.catalogs);
    let found = test
        .read(clinic.id, move |tx| scheduling::outlook(tx, &catalogs))
        .await;
    assert_eq!(found.len(), 3);
    let checkup = found.iter().find(|one| one.service == clinic.checkup);
    let days = &checkup.expect("known").days;
    assert_eq!(days.len(), 14);
    let thursday = days.iter().find(|(day, _)| *day == date(2026, 11, 26));
    assert_eq!(thursday.map(|(_, free)| *free), Some(16));
}
