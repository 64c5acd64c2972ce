//! Without customers among what is granted, nobody is shown as who they are; nothing is lost by it.

use std::collections::BTreeSet;

use axum::http::StatusCode;

use super::{ADDRESS, House, PERSON};
use crate::matrix::crawl::ids;

#[tokio::test]
async fn a_calendar_without_customers_shows_nobody() {
    let house = House::new().await;
    let (_, inside) = house
        .inside("calendar:full insight:view settings:full")
        .await;
    for path in [
        "/",
        "/calendar",
        "/calendar?date=2026-11-24",
        "/calendar?date=2026-11-24&view=day",
        "/calendar?date=2026-11-24&view=agenda",
        &house.sheet(),
        "/insight",
        "/settings",
        "/look/letters",
        "/people/fields",
    ] {
        let page = inside.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(
            !page.body.contains("Ottilie") && !page.body.contains(ADDRESS),
            "{path}"
        );
    }
    let sheet = inside.get(&house.sheet()).await;
    assert!(sheet.text().contains("•••"), "{}", sheet.text());
    super::refused(&inside.get("/people").await, "people");
    super::refused(
        &inside.get("/calendar/new").await,
        "a booking is about somebody",
    );
    // What is done under the veil leaves everything as it was.
    let moved = [
        ("date", "2026-11-24"),
        ("time", "10:30"),
        ("back", "/"),
        ("override", "yes"),
    ];
    let page = inside
        .post(&format!("{}/move", house.sheet()), &moved)
        .await;
    assert!(!page.status.is_server_error(), "{}", page.status);
    let canceled = [("to", "canceled"), ("back", "/")];
    let page = inside
        .post(&format!("{}/status", house.sheet()), &canceled)
        .await;
    assert!(!page.status.is_server_error(), "{}", page.status);
    assert!(!page.body.contains("Ottilie"));
    let own = house.owner.get(&house.sheet()).await;
    assert!(own.body.contains(PERSON), "{}", own.text());
}

/// Nobody is shown who is not written down, however many a page shows.
#[tokio::test]
async fn a_full_page_is_written_down_whole() {
    let house = House::new().await;
    crate::calendar::size::fill(&house.test, &house.clinic).await;
    let (loan, inside) = house.inside("calendar:view people:view").await;
    let page = inside.get("/calendar?date=2026-11-23&view=agenda").await;
    assert!(page.text().contains("Customer Number 599"));
    let file = format!("/access/uses-file?grant={loan}");
    let file = house.owner.get(&file).await.body;
    let named: BTreeSet<&str> = ids(&file)
        .into_iter()
        .filter(|id| id.starts_with("per_"))
        .collect();
    assert!(named.len() >= 600, "{}", named.len());
}
