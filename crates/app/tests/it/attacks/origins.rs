//! Other sites: what they may read of ours, and what they may have a browser do.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Request, header};
use kept_app::access::Role;
use kept_app::http::{Limits, router};
use tower::ServiceExt as _;

use super::leads::{asked, every_route};
use crate::support::TestApp;
use crate::support::desk::Staffer;
use crate::support::visitor::Visitor;

/// Cross-origin reading: no answer says that another origin may have it, whatever it claims to be.
#[tokio::test]
async fn cross_origin_no_answer_lets_another_site_read_it() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    // The script that shows booking on other sites is for them, and the same for everybody.
    let own = |(_, path): &(String, String)| path != "/embed/v1.js";
    for (method, path) in every_route().into_iter().filter(own) {
        for origin in [
            "https://evil.example",
            "null",
            "https://kept.test.evil.example",
        ] {
            let cookie = owner.cookie();
            let fields = [
                ("origin", origin),
                ("cookie", cookie.as_str()),
                ("access-control-request-method", method.as_str()),
                (
                    "access-control-request-headers",
                    "authorization, content-type",
                ),
            ];
            for method in ["OPTIONS", method.as_str()] {
                // A stream of changes has no end to wait for; it is asked without its cookie.
                let fields = if path.ends_with("/live") {
                    &fields[..1]
                } else {
                    &fields[..]
                };
                let (headers, _) = asked(&test, method, &path, fields, "").await;
                let allows = headers
                    .keys()
                    .find(|name| name.as_str().starts_with("access-control-allow"));
                assert_eq!(allows, None, "{method} {path} {origin}");
            }
        }
    }
}

/// Cross-site requests (Easy!Appointments CVE-2026-23622): a form that another site sends changes nothing,
/// wherever it is sent to.
#[tokio::test]
async fn cross_site_requests_change_nothing() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    owner.prove(&test, &clinic).await;
    let before = test.rows(clinic.id).await;
    let pages = every_route().into_iter().filter(|(method, path)| {
        method == "POST" && !path.starts_with("/api/") && !path.starts_with("/scim/")
    });
    let mut tried = 0;
    for (method, path) in pages {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            let cookie = owner.cookie();
            let fields = [(name, value), ("cookie", cookie.as_str())];
            let form = "name=Ada&email=ada%40example.org&at=2026-12-01T10%3A00%3A00Z";
            let mut request = Request::builder()
                .method(method.as_str())
                .uri(&path)
                .header(header::HOST, "kept.test");
            for (name, value) in fields {
                request = request.header(name, value);
            }
            let request = request
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(form))
                .expect("a request");
            let answer = router(&test.app, Limits::default()).oneshot(request).await;
            let answer = answer.unwrap_or_else(|never| match never {});
            assert_eq!(answer.status(), 403, "{path} {name}: {value}");
            tried += 1;
        }
    }
    assert!(tried > 400, "{tried}");
    assert_eq!(test.rows(clinic.id).await, before);
}

/// Every answer says what it is, in which letters, and that nothing else may be made of it (nor that it is kept
/// anywhere, unless it is the same for everybody).
#[tokio::test]
async fn content_sniffing_every_answer_says_what_it_is() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let visitor = Visitor::of(&test);
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for (method, path) in every_route() {
        let mut answers = vec![visitor.send(&method, &path, Body::empty()).await];
        if path.starts_with("/o/") && !path.ends_with("/sign-out") {
            answers.push(owner.send(&method, &path, Body::empty()).await);
        }
        for page in answers {
            let header = |name| page.header(name).unwrap_or_default();
            assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
            let policy = header("content-security-policy");
            assert!(policy.contains("default-src 'none'"), "{path} {policy}");
            assert!(policy.contains("frame-ancestors"), "{path} {policy}");
            assert!(!policy.contains("unsafe"), "{path} {policy}");
            let kind = header("content-type");
            if page.body.is_empty() && kind.is_empty() {
                continue;
            }
            let is_text = kind.starts_with("text/") || kind.contains("xml");
            let is_plain = kind == "text/event-stream";
            assert!(!kind.is_empty(), "{method} {path}");
            assert!(
                !is_text || is_plain || kind.ends_with("charset=utf-8"),
                "{path} {kind}"
            );
            let is_file = path.starts_with("/assets/")
                || path.starts_with("/look/")
                || path.starts_with("/embed/");
            let is_open = path.starts_with("/api") || is_file;
            assert!(
                header("cache-control") == "no-store" || is_open,
                "{method} {path}"
            );
            *kinds.entry(kind.to_owned()).or_default() += 1;
        }
    }
    assert!(kinds.len() >= 4, "{kinds:?}");
}
