//! Calendars that other programs subscribe to, and streams that tell of changes.

use std::time::Duration;

use axum::http::StatusCode;
use http_body_util::BodyExt as _;
use kept_app::access::Role;
use kept_app::calendar;
use kept_app::ids::{FeedId, MemberId, StaffId};
use kept_base::kit::{Actor, Token};
use kept_base::store::Error;

use super::booked;
use crate::support::desk::Staffer;
use crate::support::may;
use crate::support::visitor::Visitor;
use crate::support::{Clinic, TestApp, clinic};

#[tokio::test]
async fn a_secret_address_opens_one_staff_members_calendar_until_it_is_revoked() {
    let (test, clinic) = TestApp::with_clinic().await;
    booked(&test, &clinic, "2026-11-24T09:00:00Z").await;
    let vogt = clinic.vogt;
    Staffer::of(&test, &clinic, Role::Owner).await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    member.serve_as(&test, &clinic, vogt).await;
    let (id, token) = feed_of(&test, &clinic, &member, vogt).await;
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
    let revoke = move |tx: &kept_base::store::Tx<'_>| calendar::revoke_feed(tx, &may(), vogt, id);
    let revoked: Result<bool, Error> = test.app.store.write(clinic.id, Actor::SYSTEM, revoke).await;
    assert!(revoked.expect("is revoked"));
    assert_eq!(visitor.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        visitor.get("/riverside/feed/fed_x.ics").await.status,
        StatusCode::NOT_FOUND
    );
}

async fn feed_of(
    test: &TestApp,
    clinic: &Clinic,
    member: &Staffer,
    staff: StaffId,
) -> (FeedId, Token) {
    let author = Actor::member(member.id);
    let made = (test.app.store).write(clinic.id, author, move |tx| {
        calendar::make_feed(tx, &may(), staff)
    });
    made.await.expect("is made").expect("there is room")
}

/// The address goes on only as long as its maker may see what it shows, and comes back with that.
#[tokio::test]
async fn the_policy_decides_at_each_look_at_an_address() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    booked(&test, &clinic, "2026-11-24T09:00:00Z").await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    member.serve_as(&test, &clinic, clinic.vogt).await;
    let (_, token) = feed_of(&test, &clinic, &member, clinic.vogt).await;
    let path = format!("/riverside/feed/{}.ics", token.expose());
    let visitor = Visitor::of(&test);
    let unknown = visitor.get("/riverside/feed/fed_x.ics").await;
    let page = format!("/members/{}", member.id);
    let harbor = clinic.harbor.to_string();
    let staff = clinic.vogt.to_string();
    let other = clinic.liu.to_string();
    for (what, address, fields, shows) in [
        (
            "suspended",
            page.as_str(),
            vec![("state", "suspended")],
            None,
        ),
        ("let in again", &page, vec![("state", "active")], Some(true)),
        ("an auditor", &page, vec![("role", "auditor")], None),
        (
            "a manager of no location",
            &page,
            vec![("role", "manager")],
            Some(false),
        ),
        (
            "a manager of that location",
            &page,
            vec![("placed", "1"), ("location", &harbor), ("staff", &staff)],
            Some(true),
        ),
        (
            "without the area",
            "/members/roles",
            vec![("manager.calendar", "none")],
            None,
        ),
        (
            "with it again",
            "/members/roles",
            vec![("manager.calendar", "view")],
            Some(true),
        ),
        (
            "somebody else",
            &page,
            vec![("placed", "1"), ("location", &harbor), ("staff", &other)],
            None,
        ),
    ] {
        let done = owner.post(address, &fields).await;
        assert!(
            done.location().contains("done=saved"),
            "{what}: {}",
            done.status
        );
        let answer = visitor.get(&path).await;
        match shows {
            Some(shows) => {
                assert_eq!(answer.status, StatusCode::OK, "{what}");
                assert_eq!(answer.body.contains("SUMMARY:Check-up"), shows, "{what}");
            }
            None => assert_eq!(answer.text(), unknown.text(), "{what}"),
        }
    }
    owner
        .post(
            &page,
            &[("placed", "1"), ("staff", &staff), ("role", "staff")],
        )
        .await;
    assert_eq!(visitor.get(&path).await.status, StatusCode::OK);
    owner.post(&page, &[("state", "suspended")]).await;
    owner.post(&format!("{page}/removal"), &[]).await;
    assert_eq!(
        visitor.get(&path).await.status,
        StatusCode::NOT_FOUND,
        "gone"
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
        (clinic.id, member(1)),
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
    let other = clinic::create(&test, "northgate").await;
    let third = clinic::create(&test, "southgate").await;
    let stream = |organization, number| {
        let store = std::sync::Arc::clone(&test.app.store);
        let listener = (organization, member(number));
        test.app.live.stream(store, listener, None, anybody())
    };
    let of_member = calendar::MAX_LIVE_STREAMS_OF_MEMBER;
    let of_organization = calendar::MAX_LIVE_STREAMS_OF_ORGANIZATION;
    let mut held: Vec<_> = (0..of_member).map(|_| stream(clinic.id, 0)).collect();
    assert!(held.iter().all(Option::is_some) && stream(clinic.id, 0).is_none());
    held.pop();
    assert!(
        stream(clinic.id, 0).is_some(),
        "a place that was left is free"
    );
    held.clear();
    let fill = |organization| -> Vec<_> {
        let numbers = 0..of_organization;
        let all = numbers.map(|number| stream(organization, number / of_member));
        all.collect()
    };
    held.extend(fill(clinic.id));
    assert!(held.iter().all(Option::is_some) && stream(clinic.id, 999).is_none());
    held.extend(fill(other.id));
    assert!(held.iter().all(Option::is_some));
    assert_eq!(held.len(), calendar::MAX_LIVE_STREAMS);
    assert!(stream(third.id, 0).is_none());
    held.truncate(of_organization);
    assert!(stream(third.id, 0).is_some());
}

/// A member that nobody is, for each number.
fn member(number: usize) -> MemberId {
    let id = format!("mem_{number:026}");
    id.parse().expect("an id")
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
