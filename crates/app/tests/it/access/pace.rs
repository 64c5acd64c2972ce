//! How fast tokens and addresses may ask, in all processes together.

use std::net::IpAddr;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use kept_app::access::{
    ADDRESS_REQUESTS_A_MINUTE, CHANGE_REQUESTS, MAX_API_REQUESTS_A_MINUTE,
    MAX_SCIM_REQUESTS_A_MINUTE, PACE_BLOCK,
};
use kept_app::desk::Peer;
use kept_app::http::{Limits, router};
use tower::ServiceExt as _;

use super::attempts::other;
use crate::api::{Api, Ask};
use crate::support::TestApp;

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// Sends a request from that address, with a token where one is given.
async fn ask(
    router: &Router,
    (method, path): (&str, &str),
    from: &str,
    token: Option<&str>,
) -> (StatusCode, Option<String>, String) {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "kept.test")
        .header("accept-language", "en")
        .extension(Peer(address(from)));
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let request = request.body(Body::empty()).expect("a request");
    let answer = router.clone().oneshot(request).await.expect("answers");
    let (parts, body) = answer.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    let after = parts.headers.get("retry-after");
    let after = after.map(|value| value.to_str().expect("text").to_owned());
    (
        parts.status,
        after,
        String::from_utf8_lossy(&body).into_owned(),
    )
}

const PAGE: (&str, &str) = ("GET", "/riverside");
const NOTHING: (&str, &str) = ("POST", "/nothing/here/at/all");
const OPEN: (&str, &str) = ("GET", "/api/v1/orgs/riverside/services");
const KEPT: (&str, &str) = ("GET", "/api/v1/orgs/riverside/appointments");
const TOO_OFTEN: StatusCode = StatusCode::TOO_MANY_REQUESTS;

#[tokio::test]
async fn an_address_asks_so_often_and_no_more() {
    let (test, clinic) = TestApp::with_clinic().await;
    let router = router(&test.app, Limits::default());
    let scim = format!("/scim/v2/{}/Users", clinic.id);
    let scim = ("GET", scim.as_str());
    let (one, unknown) = ("198.51.100.9", Some("kept_api_unknown"));
    for _ in 0..ADDRESS_REQUESTS_A_MINUTE / CHANGE_REQUESTS {
        let (status, ..) = ask(&router, NOTHING, one, None).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
    let (status, after, page) = ask(&router, PAGE, one, None).await;
    assert_eq!((status, after.as_deref()), (TOO_OFTEN, Some("60")));
    assert!(page.contains("more often than we can answer"), "{page}");
    for (asked, token) in [
        (OPEN, None),
        (OPEN, unknown),
        (KEPT, unknown),
        (scim, unknown),
    ] {
        let (status, after, body) = ask(&router, asked, one, token).await;
        assert_eq!(
            (status, after.as_deref()),
            (TOO_OFTEN, Some("60")),
            "{body}"
        );
        assert!(!body.contains(one), "{body}");
    }
    // Whoever shows a token that is known counts by that.
    let (status, ..) = ask(&router, KEPT, one, Some(&clinic.token)).await;
    assert_eq!(status, StatusCode::OK);
    for elsewhere in ["198.51.100.10", "2001:db8::7", "127.0.0.1"] {
        let (status, ..) = ask(&router, PAGE, elsewhere, None).await;
        assert_eq!(status, StatusCode::OK, "{elsewhere}");
    }
    test.clock.advance_minutes(1);
    let (status, ..) = ask(&router, PAGE, one, None).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_has_a_network_has_one_count_and_this_machine_has_none() {
    let (test, _) = TestApp::with_clinic().await;
    let router = router(&test.app, Limits::default());
    for number in 0..=ADDRESS_REQUESTS_A_MINUTE / CHANGE_REQUESTS {
        let (status, ..) = ask(&router, NOTHING, "::1", None).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        let (status, ..) = ask(&router, NOTHING, "::ffff:127.0.0.1", None).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        let one_of_many = format!("2001:db8::{number:x}:{number:x}");
        ask(&router, NOTHING, &one_of_many, None).await;
    }
    let (status, ..) = ask(&router, PAGE, "2001:db8::ffff:1:2:3", None).await;
    assert_eq!(status, TOO_OFTEN);
    let (status, ..) = ask(&router, PAGE, "2001:db8:0:1::1", None).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn processes_share_what_an_address_may_ask() {
    let test = TestApp::empty();
    let other = other(&test);
    let from = address("198.51.100.9");
    for minute in 0..2 {
        let mut answered = 0;
        for number in 0..2 * (ADDRESS_REQUESTS_A_MINUTE + PACE_BLOCK) {
            let process = if number % 2 == 0 { &test } else { &other };
            let (store, pace) = (&process.app.store, &process.app.pace);
            let allowed = pace.allows_address(store, from, 1).await;
            answered += u32::from(allowed.expect("is counted"));
        }
        let most = ADDRESS_REQUESTS_A_MINUTE;
        assert!(answered <= most, "{minute}: {answered}");
        // What one process took and did not use is lost to the other: at most a block.
        assert!(answered + PACE_BLOCK >= most, "{minute}: {answered}");
        for process in [&test, &other] {
            process.clock.advance_minutes(1);
        }
    }
}

#[tokio::test]
async fn a_token_asks_so_often_and_no_more() {
    let (test, clinic) = TestApp::with_clinic().await;
    let api = Api::of(test, clinic);
    let ask = async || {
        api.send(Ask::get("appointments".to_owned()).bearer(&api.clinic.token))
            .await
    };
    for _ in 0..MAX_API_REQUESTS_A_MINUTE {
        assert_eq!(ask().await.status, 200);
    }
    let refused = ask().await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.headers["retry-after"], "60");
    assert!(refused.text().contains("too_many_requests"));
    // Whoever sends none is not held up.
    assert_eq!(api.get("services").await.status, 200);
    api.test.clock.advance_minutes(1);
    assert_eq!(ask().await.status, 200);
}

#[tokio::test]
async fn two_processes_share_the_pace() {
    let (test, clinic) = TestApp::with_clinic().await;
    let other = other(&test);
    for most in [
        MAX_API_REQUESTS_A_MINUTE,
        MAX_SCIM_REQUESTS_A_MINUTE,
        7 * PACE_BLOCK + 1,
    ] {
        let subject = format!("tok_{most}");
        let mut answered = 0;
        for number in 0..2 * (most + PACE_BLOCK) {
            let process = if number % 2 == 0 { &test } else { &other };
            let asked = (subject.as_str(), most);
            let (store, pace) = (&process.app.store, &process.app.pace);
            let allowed = pace.allows(store, clinic.id, asked).await;
            answered += u32::from(allowed.expect("is counted"));
        }
        assert!(answered <= most, "{answered} of {most}");
        // What one process took and did not use is lost to the other: at most a block.
        assert!(answered + PACE_BLOCK >= most, "{answered} of {most}");
        test.clock.advance_minutes(1);
        other.clock.advance_minutes(1);
    }
}

#[tokio::test]
async fn whoever_asks_seldom_writes_nothing() {
    let (test, clinic) = TestApp::with_clinic().await;
    let rows = async || test.rows(clinic.id).await["pace"];
    for number in 0..=PACE_BLOCK {
        assert_eq!(rows().await, 0, "{number}");
        let (store, pace) = (&test.app.store, &test.app.pace);
        let asked = ("tok_1", MAX_API_REQUESTS_A_MINUTE);
        assert!(
            pace.allows(store, clinic.id, asked)
                .await
                .expect("is counted")
        );
    }
    assert_eq!(rows().await, 1);
}
