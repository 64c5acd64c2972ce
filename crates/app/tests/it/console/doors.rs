//! Every route of the console, against everybody who should not pass; and the sign-in.

use axum::body::Body;
use axum::http::{StatusCode, header};
use kept_app::access::Role;
use kept_app::console;
use kept_app::http::{desk_routes, operator_routes};
use kept_base::kit::Actor;
use kept_base::store::{OPERATOR_IDLE_MINUTES, OPERATOR_LINK_HOURS, OperatorState};

use super::{Browser, operator, set_state};
use crate::support::TestApp;
use crate::support::desk::{PASSWORD, Staffer};
use crate::support::visitor::Page;

const DOOR: &str = "/operator/sign-in";

fn right<'a>() -> [(&'a str, &'a str); 2] {
    [("name", "Robin"), ("password", PASSWORD)]
}

/// The address of a route, with something that exists for each parameter where there is.
fn address(path: &str) -> String {
    path.replace("{org}", "riverside")
        .replace("{slug}", "riverside")
        .split('/')
        .map(|segment| {
            if segment.starts_with('{') {
                "nothing"
            } else {
                segment
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

fn sent_away(page: &Page, what: &str) {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{what}");
    let to = page.location();
    assert!(to.starts_with("/operator/sign-in"), "{what} {to}");
    assert!(page.headers.get(header::SET_COOKIE).is_none(), "{what}");
}

#[tokio::test]
async fn whoever_is_no_operator_is_sent_to_the_sign_in() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let cookie = owner.cookie();
    let (_, token) = cookie.split_once('=').expect("a cookie");
    let suspended = operator(&test, "gone").await;
    set_state(&test, "gone", OperatorState::Suspended).await;
    let signed_out = operator(&test, "left").await;
    let page = signed_out.post("/operator/sign-out", &[]).await;
    assert_eq!(page.location(), "/operator/sign-in?done=signed-out");
    let idle = operator(&test, "idle").await;
    test.clock.advance_minutes(OPERATOR_IDLE_MINUTES);
    let outsiders = [
        ("nobody", Browser::of(&test, "")),
        ("an owner", Browser::of(&test, &owner.cookie())),
        (
            "an owner's token as an operator's",
            Browser::of(&test, &format!("__Secure-kept-operator={token}")),
        ),
        ("a suspended operator", suspended),
        ("a signed-out operator", signed_out),
        ("an idle operator", idle),
    ];
    let routes = operator_routes();
    assert!(routes.list().len() > 10);
    for route in routes.list() {
        let (method, url) = (route.method.to_uppercase(), address(&route.path));
        for (who, outsider) in &outsiders {
            let page = outsider.send(&method, &url, Body::from("reason=x")).await;
            sent_away(&page, &format!("{who}: {method} {url}"));
        }
    }
    let still = Browser::of(&test, &owner.cookie()).get("/riverside").await;
    assert_eq!(still.status, StatusCode::OK, "nothing was done");
}

#[tokio::test]
async fn an_operator_passes_and_no_answer_is_a_fault() {
    let (test, _) = TestApp::with_clinic().await;
    for (number, route) in operator_routes().list().iter().enumerate() {
        // A fresh one each time: one of the routes signs out.
        let robin = operator(&test, &format!("robin-{number}")).await;
        let (method, url) = (route.method.to_uppercase(), address(&route.path));
        let page = robin.send(&method, &url, Body::from("")).await;
        assert!(!page.status.is_server_error(), "{method} {url}");
        let is_away = page.status == StatusCode::SEE_OTHER
            && page.location().starts_with("/operator/sign-in")
            && !url.ends_with("sign-out");
        assert!(!is_away, "{method} {url}");
    }
}

#[tokio::test]
async fn an_operator_opens_nothing_of_an_organization() {
    let (test, clinic) = TestApp::with_clinic().await;
    Staffer::of(&test, &clinic, Role::Owner).await;
    let robin = operator(&test, "robin").await;
    let (_, token) = robin.cookie.split_once('=').expect("a cookie");
    let in_disguise = Browser::of(&test, &format!("__Host-kept-riverside={token}"));
    for route in desk_routes().list() {
        let (method, url) = (route.method.to_uppercase(), address(&route.path));
        for browser in [&robin, &in_disguise] {
            let page = browser.send(&method, &url, Body::from("")).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{method} {url}");
            assert!(page.location().starts_with("/o/riverside/sign-in"), "{url}");
        }
    }
    // Nor is there a way from here to there.
    for path in [
        "",
        "/organizations/riverside",
        "/jobs",
        "/backups",
        "/operators",
    ] {
        let page = robin.get(&format!("/operator{path}")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.body.contains("\"/o/"), "{path}");
        for secret in ["Riverside Clinic", "Vogt", "owner@riverside.example"] {
            assert!(!page.body.contains(secret), "{path} tells {secret}");
        }
    }
}

#[tokio::test]
async fn an_operator_signs_in_comes_back_and_signs_out() {
    let test = TestApp::empty();
    operator(&test, "robin").await;
    let stranger = Browser::of(&test, "");
    let page = stranger.get("/operator/jobs").await;
    assert_eq!(page.location(), "/operator/sign-in?next=%2Foperator%2Fjobs");
    let page = stranger.get(&page.location()).await;
    assert!(page.headers.get(header::SET_COOKIE).is_none());
    insta::assert_snapshot!(page.text());
    let page = stranger
        .post(&format!("{DOOR}?next=%2Foperator%2Fjobs"), &right())
        .await;
    assert_eq!(page.location(), "/operator/jobs");
    let cookie = page.header("set-cookie").expect("a cookie");
    for part in [
        "__Secure-kept-operator=",
        "; Path=/operator;",
        "; Secure; HttpOnly; SameSite=Strict",
    ] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let robin = stranger.signed_in(&page);
    assert_eq!(robin.get("/operator").await.status, StatusCode::OK);
    let page = robin.post("/operator/sign-out", &[]).await;
    let cookie = page.header("set-cookie").expect("a cookie").to_owned();
    assert!(cookie.contains("=; Path=/operator; Max-Age=0;"), "{cookie}");
    let page = stranger.get(&page.location()).await;
    assert!(
        page.text().contains("You are signed out."),
        "{}",
        page.text()
    );
    for next in [
        "https://evil.example/",
        "//evil.example",
        "/operator//evil.example",
        "/operators",
        "/o/riverside",
        "/operator/\\evil",
    ] {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("next", next);
        let page = stranger
            .post(&format!("{DOOR}?{}", query.finish()), &right())
            .await;
        assert_eq!(page.location(), "/operator", "{next}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_not_told_apart_and_tries_are_slowed_down() {
    let test = TestApp::empty();
    operator(&test, "robin").await;
    operator(&test, "gone").await;
    set_state(&test, "gone", OperatorState::Suspended).await;
    let added = console::add(&test.app.store, "new", Actor::OPERATOR).await;
    added.expect("is added");
    let stranger = Browser::of(&test, "");
    let mut answers = vec![stranger.post(DOOR, &[]).await];
    for (name, password) in [
        ("robin", "maple lantern orbis"),
        ("nobody", PASSWORD),
        ("no such name", PASSWORD),
        ("gone", PASSWORD),
        ("new", PASSWORD),
        ("new", ""),
    ] {
        let form = [("name", name), ("password", password)];
        answers.push(stranger.post(DOOR, &form).await);
    }
    for page in &answers {
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text().contains("do not belong together"));
        assert!(page.headers.get(header::SET_COOKIE).is_none());
    }
    let wrong = [("name", "robin"), ("password", "x")];
    for _ in 0..7 {
        stranger.post(DOOR, &wrong).await;
    }
    let page = stranger.post(DOOR, &right()).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    test.clock.advance_minutes(16);
    assert_eq!(stranger.post(DOOR, &right()).await.location(), "/operator");
}

#[tokio::test]
async fn a_link_works_once_and_for_a_day_and_ends_what_was_before() {
    let test = TestApp::empty();
    let robin = operator(&test, "robin").await;
    let id = super::account(&test, "robin").await.id;
    let link = async || {
        let token = console::link(&test.app.store, id, Actor::OPERATOR).await;
        console::link_url("", &token.expect("is made"))
    };
    let stranger = Browser::of(&test, "");
    let (first, second) = (link().await, link().await);
    assert_eq!(stranger.get(&first).await.status, StatusCode::NOT_FOUND);
    let page = stranger.get(&second).await;
    assert!(page.headers.get(header::SET_COOKIE).is_none());
    insta::assert_snapshot!(page.text());
    for (password, error) in [
        ("short", "at least 10 characters"),
        ("operatorrobin", "made of your name"),
    ] {
        let page = stranger.post(&second, &[("password", password)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text().contains(error), "{}", page.text());
    }
    let set = [("password", "violet harbour ladder")];
    assert_eq!(stranger.post(&second, &set).await.location(), "/operator");
    let page = stranger.post(&second, &set).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    sent_away(&robin.get("/operator").await, "sessions from before");
    let third = link().await;
    test.clock.advance_minutes(OPERATOR_LINK_HOURS * 60);
    assert_eq!(stranger.get(&third).await.status, StatusCode::NOT_FOUND);
    let nothing = stranger.get("/operator/link/nothing").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let (test, _) = TestApp::with_clinic().await;
    let robin = operator(&test, "robin").await;
    let request = axum::http::Request::post("/operator/organizations/riverside/suspension")
        .header(header::HOST, "kept.test")
        .header(header::COOKIE, &robin.cookie)
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("reason=x"))
        .expect("a request");
    let response = tower::ServiceExt::oneshot(robin.router.clone(), request).await;
    let response = response.unwrap_or_else(|never| match never {});
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert_eq!(robin.get("/riverside").await.status, StatusCode::OK);
}
