//! Where addresses lead: open redirects, hosts that a stranger chose, methods and origins of others.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use axum::response::Response;
use http_body_util::BodyExt as _;
use kept_app::access::Role;
use kept_app::http::{Limits, api, desk_routes, open_routes, operator_routes, router};
use kept_app::jobs::Worker;
use kept_app::messaging::transport::{Capture, Transport};
use tower::ServiceExt as _;

use super::hostile::is_within;
use crate::support::TestApp;
use crate::support::desk::{PASSWORD, Staffer};
use crate::support::visitor::Visitor;

/// Names under which others take an address to go to.
const NAMES: &[&str] = &[
    "next",
    "back",
    "return",
    "return_to",
    "returnUrl",
    "redirect",
    "redirect_uri",
    "redirect_url",
    "continue",
    "url",
    "uri",
    "to",
    "dest",
    "destination",
    "target",
    "goto",
    "r",
    "u",
    "callback",
    "RelayState",
    "from",
    "done",
    "lang",
    "zone",
    "day",
    "at",
];

const ELSEWHERE: &[&str] = &[
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/o/riverside/..//evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/o/riverside@evil.example\r\nset-cookie: a=b",
];

/// Every route's method and path at riverside.
pub fn every_route() -> BTreeSet<(String, String)> {
    let (open, desk, operator) = (open_routes(), desk_routes(), operator_routes());
    let open = open
        .list()
        .iter()
        .map(|route| (route.method, route.path.as_str()));
    let desk = desk
        .list()
        .iter()
        .map(|route| (route.method, route.path.as_str()));
    let operator = operator
        .list()
        .iter()
        .map(|route| (route.method, route.path.as_str()));
    let api = api::ROUTES.iter().map(|route| (route.method, route.path));
    let all = open.chain(desk).chain(operator).chain(api);
    all.map(|(method, path)| {
        let path = path
            .replace("{org}", "riverside")
            .replace("{service}", "checkup");
        let segments = path.split('/').map(|part| {
            if part.starts_with('{') {
                "nothing"
            } else {
                part
            }
        });
        (
            method.to_uppercase(),
            segments.collect::<Vec<_>>().join("/"),
        )
    })
    .collect()
}

#[tokio::test]
async fn open_redirect_no_address_leads_to_another_site() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    owner.prove(&test, &clinic).await;
    let visitor = Visitor::of(&test);
    let mut redirects = 0;
    for (method, path) in every_route() {
        if path.ends_with("/sign-out") {
            continue;
        }
        for elsewhere in ELSEWHERE {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(NAMES.iter().map(|name| (name, elsewhere)));
            query.extend_pairs([("email", "owner@riverside.example"), ("password", PASSWORD)]);
            let query = query.finish();
            let address = format!("{path}?{query}");
            let answers = [
                visitor
                    .send(&method, &address, Body::from(query.clone()))
                    .await,
                owner
                    .send(&method, &address, Body::from(query.clone()))
                    .await,
            ];
            for page in answers {
                if let Some(to) = page
                    .header("location")
                    .filter(|_| page.status.is_redirection())
                {
                    assert!(is_within(to), "{method} {path} {elsewhere}: {to}");
                    redirects += 1;
                }
                assert!(page.header("refresh").is_none(), "{method} {path}");
            }
        }
    }
    assert!(redirects > 200, "{redirects}");
}

#[tokio::test]
async fn open_redirect_an_address_with_many_strokes_stays_here() {
    let (test, _) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    for path in [
        "//evil.example/",
        "//evil.example/o/riverside/",
        "/o//evil.example/",
        "/o/%2F%2Fevil.example/",
        "/o/%5Cevil.example/",
        "/operator//evil.example/",
        "/o/riverside//",
    ] {
        let page = visitor.get(path).await;
        if let Some(to) = page.header("location") {
            assert!(is_within(to), "{path}: {to}");
        }
    }
}

pub async fn asked(
    test: &TestApp,
    method: &str,
    path: &str,
    fields: &[(&str, &str)],
    body: &str,
) -> (HeaderMap, String) {
    let mut request = Request::builder().method(method).uri(path);
    if !fields.iter().any(|(name, _)| *name == "host") {
        request = request.header(header::HOST, "kept.test");
    }
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request = request
        .body(Body::from(body.to_owned()))
        .expect("a request");
    let answer = router(&test.app, Limits::default()).oneshot(request).await;
    let answer: Response = answer.unwrap_or_else(|never| match never {});
    let (parts, body) = answer.into_parts();
    let bytes = body.collect().await.expect("a body").to_bytes();
    (parts.headers, String::from_utf8_lossy(&bytes).into_owned())
}

#[tokio::test]
async fn host_header_a_host_that_somebody_chose_stands_in_no_answer_and_no_letter() {
    let (test, clinic) = TestApp::with_clinic().await;
    Staffer::of(&test, &clinic, Role::Owner).await;
    let said: &[(&str, &str)] = &[
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "https"),
        ("x-original-url", "/operator"),
        ("x-rewrite-url", "/operator"),
        ("forwarded", "host=evil.example;proto=https"),
    ];
    for path in [
        "/riverside",
        "/o/riverside",
        "/o/riverside/sign-in",
        "/o/riverside/",
        "/api",
        "/embed/v1.js",
    ] {
        let (headers, body) = asked(&test, "GET", path, said, "").await;
        assert!(!body.contains("evil.example"), "{path}");
        let named = headers
            .values()
            .any(|value| value.as_bytes().windows(12).any(|at| at == b"evil.example"));
        assert!(!named, "{path} {headers:?}");
    }
    let form = "email=owner%40riverside.example";
    asked(&test, "POST", "/o/riverside/forgot", said, form).await;
    let transport = Arc::new(Transport::Capture(Capture::default()));
    Arc::new(Worker::new(&test.app, Arc::clone(&transport)))
        .run_due()
        .await;
    let Transport::Capture(capture) = &*transport else {
        panic!("letters are captured")
    };
    let letters = capture.letters(clinic.id);
    let links: Vec<_> = letters
        .iter()
        .filter(|letter| letter.text.contains("/o/riverside/reset/"))
        .collect();
    assert_eq!(links.len(), 1, "the letter with the link");
    for letter in letters {
        assert!(!letter.text.contains("evil.example"));
        assert!(letter.text.contains("http://kept.test/o/riverside"));
    }
}

#[tokio::test]
async fn method_override_what_was_sent_is_what_is_done() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let before = test.rows(clinic.id).await;
    for name in [
        "x-http-method-override",
        "x-http-method",
        "x-method-override",
    ] {
        for (method, path, over) in [
            (
                "GET",
                "/o/riverside/members?name=Ada&email=ada%40example.org&_method=post",
                "POST",
            ),
            (
                "GET",
                "/o/riverside/skills?name=Ultrasound&_method=POST",
                "POST",
            ),
            (
                "GET",
                "/riverside/checkup/hold?at=2026-12-01T10%3A00%3A00Z&_method=post",
                "POST",
            ),
        ] {
            let cookie = owner.cookie();
            let fields = [(name, over), ("cookie", cookie.as_str())];
            asked(&test, method, path, &fields, "").await;
        }
    }
    assert_eq!(test.rows(clinic.id).await, before);
}
