//! Calendars that other programs subscribe to, and streams that tell of changes.

use std::time::Duration;

use axum::http::StatusCode;
use http_body_util::BodyExt as _;
use kept_app::access::Role;
use kept_app::calendar;
use kept_base::kit::Actor;
use kept_base::store::Error;

use super::booked;
use crate::support::TestApp;
use crate::support::desk::Staffer;
use crate::support::visitor::Visitor;

#[tokio::test]
async fn a_secret_address_opens_one_staff_members_calendar_until_it_is_revoked() {
    let (test, clinic) = TestApp::with_clinic().await;
    booked(&test, &clinic, "2026-11-24T09:00:00Z").await;
    let vogt = clinic.vogt;
    let made = test.app.store.write(clinic.id, Actor::SYSTEM, move |tx| {
        calendar::make_feed(tx, vogt)
    });
    let (id, token) = made.await.expect("is made").expect("there is room");
    let visitor = Visitor::of(&test);
    let path = format!("/riverside/feed/{}.ics", token.expose());
    let page = visitor.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("SUMMARY:Check-up") && !page.body.contains("Okafor"),
        "{}",
        page.body
    );
    let tag = page.headers["etag"].to_str().expect("a tag").to_owned();
    let again = visitor.get(&path).await;
    assert_eq!(
        again.headers["etag"].to_str().ok(),
        Some(tag.as_str()),
        "nothing changed"
    );
    let kept = test.read(clinic.id, |tx| {
        tx.query_opt("select length(token_hash) from feed", &[], |row| {
            row.get::<i64>(0)
        })
    });
    assert_eq!(kept.await, Some(32), "a hash alone is kept");
    let revoke = move |tx: &kept_base::store::Tx<'_>| calendar::revoke_feed(tx, vogt, id);
    let revoked: Result<bool, Error> = test.app.store.write(clinic.id, Actor::SYSTEM, revoke).await;
    assert!(revoked.expect("is revoked"));
    assert_eq!(visitor.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        visitor.get("/riverside/feed/fed_x.ics").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_member_who_serves_nobody_has_no_calendar_to_subscribe_to() {
    let (test, clinic) = TestApp::with_clinic().await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    assert!(
        admin
            .get("/calendar/feeds")
            .await
            .body
            .contains("You serve nobody here")
    );
    assert_eq!(
        admin.post("/calendar/feeds", &[]).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_stream_tells_of_a_change_and_ends_when_the_server_stops() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (stops, stopping) = tokio::sync::watch::channel(false);
    let live = &test.app.live;
    let store = std::sync::Arc::clone(&test.app.store);
    let stream = live.stream(
        store,
        clinic.id,
        Some(calendar::Stopping(stopping)),
        anybody(),
    );
    let mut stream = stream.expect("there is a place");
    let first = words(&mut stream).await.expect("a beginning");
    assert!(
        first.starts_with("retry: ") && first.ends_with("\n\n"),
        "{first}"
    );
    let quiet = tokio::time::timeout(Duration::from_millis(50), stream.frame());
    assert!(quiet.await.is_err(), "nothing happened");
    booked(&test, &clinic, "2026-11-24T09:00:00Z").await;
    let second = words(&mut stream).await.expect("a change");
    let revision = test.app.store.revision(clinic.id).await.expect("a number");
    assert_eq!(second, format!("data: {revision}\n\n"));
    stops.send(true).expect("somebody listens");
    assert_eq!(words(&mut stream).await, None);
}

#[tokio::test]
async fn only_so_many_are_told_at_once() {
    let (test, clinic) = TestApp::with_clinic().await;
    let stream = || {
        let store = std::sync::Arc::clone(&test.app.store);
        test.app.live.stream(store, clinic.id, None, anybody())
    };
    let mut held: Vec<_> = (0..calendar::MAX_LIVE_STREAMS).map(|_| stream()).collect();
    assert!(held.iter().all(Option::is_some) && stream().is_none());
    held.pop();
    assert!(stream().is_some(), "a place that was left is free");
}

fn anybody() -> calendar::May {
    Box::new(|| Box::pin(async { true }))
}

#[tokio::test]
async fn a_stream_ends_with_the_membership() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let staff = Staffer::of(&test, &clinic, Role::Staff).await;
    let mut told = staff.stream("/calendar/live").await;
    let first = words(&mut told).await.expect("a beginning");
    assert!(first.starts_with("retry: "), "{first}");
    owner
        .post(&format!("/members/{}", staff.id), &[("state", "suspended")])
        .await;
    assert_eq!(words(&mut told).await, None);
}

async fn words<B>(stream: &mut B) -> Option<String>
where
    B: hyper::body::Body<Data = axum::body::Bytes> + Unpin,
    B::Error: std::fmt::Debug,
{
    let frame = tokio::time::timeout(Duration::from_secs(10), stream.frame());
    let frame = frame.await.expect("in time")?.expect("a frame");
    let data = frame.into_data().expect("data");
    Some(String::from_utf8(data.to_vec()).expect("text"))
}
