//! Two processes with the same data: what one ends, the other refuses with the next request.

use std::sync::Arc;

use axum::http::StatusCode;
use kept_base::store::OperatorState;

use super::{House, refused, vet};
use crate::console::set_state;
use crate::support::TestApp;
use crate::support::desk::Staffer;

#[tokio::test]
async fn what_one_process_ends_the_other_refuses() {
    let house = House::new().await;
    let other = TestApp::open(
        Arc::clone(&house.test.folder),
        super::now(&house.test),
        true,
    );
    let (loan, inside) = house.inside("calendar:view people:view").await;
    let there = Staffer::with_cookie(&other, "riverside", &inside.cookie());
    assert_eq!(there.get("/calendar").await.status, StatusCode::OK);
    assert_eq!(inside.get("/calendar").await.status, StatusCode::OK);
    house
        .owner
        .post(&format!("/access/grants/{loan}/end"), &[])
        .await;
    refused(&there.get("/calendar").await, "ended elsewhere");

    let (_, inside) = house.inside("calendar:view").await;
    let there = Staffer::with_cookie(&other, "riverside", &inside.cookie());
    assert_eq!(there.get("/calendar").await.status, StatusCode::OK);
    set_state(&house.test, "robin", OperatorState::Suspended).await;
    refused(&there.get("/calendar").await, "suspended elsewhere");
    vet(&house.test, "robin").await;
    refused(&there.get("/calendar").await, "still suspended");
}

/// Somebody listens to the page while an operator looks around.
#[tokio::test]
async fn the_organization_is_told_as_it_happens() {
    use http_body_util::BodyExt as _;

    let house = House::new().await;
    let (_, inside) = house.inside("calendar:view").await;
    let mut told = house.owner.stream("/access/live").await;
    let first = told.frame().await.expect("a word").expect("is sent");
    inside.get("/calendar").await;
    let next = told.frame().await.expect("a word").expect("is sent");
    let (first, next) = (first.into_data().ok(), next.into_data().ok());
    assert!(next.is_some() && first != next);
    // The operator's own calendar is not told of what they themselves cause.
    let own = inside.get("/calendar/live").await;
    assert_eq!(own.status, StatusCode::NO_CONTENT);
}
