//! What is archived is offered no more, and stays where appointments name it.

use kept_app::audit;
use kept_app::offering::Thing;

use super::*;
use crate::pages::book;
use crate::support::may;
use crate::support::visitor::Visitor;

#[tokio::test]
async fn an_archived_service_vanishes_and_its_appointments_stay() {
    let (test, clinic) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let (page, _) = book(&visitor, "2026-11-26T09:00:00Z").await;
    let thing = Thing::Service(clinic.checkup);
    let earlier = change(&test, &clinic, move |tx, _| {
        offering::archive(tx, &may(), thing, true)
    });
    let earlier = earlier.await.expect("is archived");
    let list = visitor.get("/riverside").await.text();
    assert!(
        !list.contains("Check-up") && list.contains("Therapy"),
        "{list}"
    );
    for (path, status) in [
        ("/riverside/checkup", 404),
        (
            "/api/v1/orgs/riverside/slots?service=checkup&date=2026-11-26",
            404,
        ),
        ("/riverside/therapy", 200),
    ] {
        assert_eq!(visitor.get(path).await.status, status, "{path}");
    }
    let services = visitor.get("/api/v1/orgs/riverside/services").await;
    assert!(!services.body.contains("checkup"));
    let own = visitor.get(&page).await;
    assert_eq!(own.status, 200);
    assert!(own.text().contains("Check-up"), "{}", own.text());
    undo(&test, &clinic, earlier).await.expect("is undone");
    assert_eq!(visitor.get("/riverside/checkup").await.status, 200);
    let acts = test.read(clinic.id, |tx| audit::after(tx, 0, 200)).await;
    let id = clinic.checkup.to_string();
    let of_it = acts
        .iter()
        .filter(|act| act.subject == id && act.act == "offering.changed");
    let details: Vec<_> = of_it.map(|act| act.detail.as_str()).collect();
    assert_eq!(details, ["added", "archived", "undone"]);
}

#[tokio::test]
async fn archived_staff_rooms_and_locations_are_offered_no_more() {
    let (test, clinic) = TestApp::with_clinic().await;
    let therapy = clinic.wants(clinic.therapy);
    let visitor = Visitor::of(&test);
    for thing in [
        Thing::Staff(clinic.shah),
        Thing::Room(clinic.room_1),
        Thing::Location(clinic.harbor),
    ] {
        let archive = move |tx: &Tx<'_>, _: &Catalog| offering::archive(tx, &may(), thing, true);
        let earlier = change(&test, &clinic, archive).await.expect("is archived");
        assert_eq!(times(&test, &clinic, therapy, 25).await, "", "{thing:?}");
        undo(&test, &clinic, earlier).await.expect("is undone");
        assert!(!times(&test, &clinic, therapy, 25).await.is_empty());
    }
    let thing = Thing::Location(clinic.harbor);
    let archive = move |tx: &Tx<'_>, _: &Catalog| offering::archive(tx, &may(), thing, true);
    change(&test, &clinic, archive).await.expect("is archived");
    let body = visitor.get("/api/v1/orgs/riverside/locations").await.body;
    assert!(!body.contains("Harbor") && body.contains("Hill"), "{body}");
    let unknown = Thing::Staff("stf_00000000000000000000000000".parse().expect("an id"));
    let archive = move |tx: &Tx<'_>, _: &Catalog| offering::archive(tx, &may(), unknown, true);
    let unknown = change(&test, &clinic, archive).await;
    assert!(matches!(unknown, Err(OfferingError::Unknown)));
}

#[tokio::test]
async fn things_are_put_in_order_and_what_is_added_can_be_undone() {
    let (test, clinic) = TestApp::with_clinic().await;
    let names = async || {
        let names = change(&test, &clinic, |_, catalog| {
            Ok(catalog
                .offered()
                .map(|s| s.slug.clone())
                .collect::<Vec<_>>())
        });
        names.await.expect("names").join(" ")
    };
    let order = [clinic.checkup, clinic.therapy, clinic.review].map(Thing::Service);
    let down = change(&test, &clinic, move |tx, _| {
        offering::shift(tx, &may(), &order, order[0], false)
    });
    let down = down.await.expect("is moved");
    assert_eq!(names().await, "therapy checkup review");
    undo(&test, &clinic, down).await.expect("is undone");
    assert_eq!(names().await, "checkup therapy review");
    let first = change(&test, &clinic, move |tx, _| {
        offering::shift(tx, &may(), &order, order[0], true)
    });
    assert!(first.await.expect("stays").is_nothing());
    let checkup = clinic.checkup;
    let (_, added) = change(&test, &clinic, move |tx, catalog| {
        let mut setup = as_it_is(catalog, checkup);
        setup.basic.slug = "second".to_owned();
        offering::set_up_service(tx, &may(), &setup)
    })
    .await
    .expect("is added");
    assert_eq!(names().await, "checkup therapy review second");
    undo(&test, &clinic, added).await.expect("is undone");
    assert_eq!(names().await, "checkup therapy review");
}
