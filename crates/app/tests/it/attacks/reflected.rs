//! Reflected injection: hostile texts in addresses, in queries and in what a browser says of itself.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use kept_app::http::{Limits, router};
use tower::ServiceExt as _;

use super::hostile::{MARK, harm, texts};
use crate::access::door::{DOOR, Door};
use crate::matrix::crawl::{Ask, walk};
use crate::matrix::world::World;
use crate::support::TestApp;
use crate::support::visitor::{Page, Visitor};

/// Parameters that pages read beside those of their own links and forms.
const KNOWN: &[&str] = &[
    "lang", "zone", "next", "done", "undo", "back", "q", "day", "week", "month", "at", "staff",
    "location", "cursor", "after", "before", "page", "view", "embed", "sort", "order", "grant",
];

/// A few of the hostile texts: those that end what they stand in.
fn few() -> Vec<String> {
    let mut all = texts("127.0.0.1:9");
    all.truncate(7);
    all
}

/// Each page with each of its parameters, and all that are known, set to a hostile text.
fn questions(pages: &[(Ask, Page)], names: &BTreeSet<String>, texts: &[String]) -> Vec<Ask> {
    let mut kinds = BTreeSet::new();
    let mut all = Vec::new();
    for (ask, _) in pages.iter().filter(|(ask, _)| kinds.insert(ask.kind())) {
        for text in texts {
            let everything = names.iter().map(|name| (name.clone(), text.clone()));
            all.push(Ask {
                fields: everything.collect(),
                ..ask.clone()
            });
        }
        let own = ask.fields.iter().map(|(name, _)| name.as_str());
        let single: BTreeSet<&str> = own.chain(["done", "lang", "zone", "day"]).collect();
        for name in single {
            let mut one = ask.clone();
            one.fields.retain(|(field, _)| field != name);
            one.fields.push((name.to_owned(), texts[0].clone()));
            all.push(one);
        }
    }
    all
}

#[tokio::test]
async fn reflected_injection_stays_text_on_every_page() {
    let world = World::new().await;
    let (pages, asks) = walk(&world.ours.owner, "/o/riverside").await;
    let gets = asks.iter().filter(|ask| ask.method == "GET");
    let mut names: BTreeSet<String> = gets
        .flat_map(|ask| ask.fields.iter().map(|(name, _)| name.clone()))
        .collect();
    names.extend(KNOWN.iter().map(|name| (*name).to_owned()));
    let asked = questions(&pages, &names, &few());
    let mut found = BTreeSet::new();
    let mut shown = 0;
    for ask in &asked {
        let page = ask.send(&world.ours.owner).await;
        shown += usize::from(page.body.contains(MARK));
        found.extend(
            harm(&page)
                .into_iter()
                .map(|what| format!("{}: {what}", ask.kind())),
        );
    }
    let visitor = Visitor::of(&world.test);
    for path in [
        "/riverside",
        "/riverside/checkup",
        "/riverside/checkup/details",
        "/o/riverside/sign-in",
        "/o/riverside/forgot",
        "/operator/sign-in",
        "/nobody",
        "/embed/v1.js",
    ] {
        for text in few() {
            let fields = names
                .iter()
                .map(|name| (name.clone(), text.clone()))
                .collect();
            let ask = Ask::of("GET", path, fields);
            let page = visitor.get(&ask.written().0).await;
            found.extend(
                harm(&page)
                    .into_iter()
                    .map(|what| format!("{path}: {what}")),
            );
        }
    }
    assert_eq!(found, BTreeSet::new());
    assert!(
        asked.len() > 500 && shown > 0,
        "{} asked, {shown} repeated it",
        asked.len()
    );
}

#[tokio::test]
async fn an_address_that_is_markup_is_not_repeated() {
    let (test, _) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let segment = "%22%3E%3Czqzq7x%20zqzq7y%3D1%3E%7B%7B7919*7907%7D%7D";
    for path in [
        format!("/{segment}"),
        format!("/riverside/{segment}"),
        format!("/riverside/checkup/{segment}"),
        format!("/riverside/appointment/{segment}"),
        format!("/o/{segment}"),
        format!("/o/{segment}/sign-in"),
        format!("/o/riverside/{segment}"),
        format!("/o/riverside/reset/{segment}"),
        format!("/o/{segment}/"),
        format!("/operator/link/{segment}"),
        format!("/setup/{segment}"),
        format!("/assets/{segment}"),
        format!("/look/{segment}/{segment}"),
    ] {
        let page = visitor.get(&path).await;
        assert_eq!(harm(&page), Vec::<String>::new(), "{path}");
        if !page.status.is_redirection() {
            assert!(!page.body.contains("zqzq7x"), "{path}: {}", page.body);
        }
    }
}

#[tokio::test]
async fn what_a_browser_says_of_itself_is_no_markup() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner =
        crate::support::desk::Staffer::of(&test, &clinic, kept_app::access::Role::Owner).await;
    let mut door = Door::of(&test);
    door.agent = "Firefox/145.0 \"'><zqzq7x zqzq7y=1> (Android 16)";
    assert_eq!(
        door.sign_in("owner@riverside.example").await.location(),
        "/o/riverside"
    );
    let page = owner.get("/account").await;
    assert_eq!(harm(&page), Vec::<String>::new());
    assert!(!page.body.contains("zqzq7x"), "nothing of it is kept");

    for name in [
        "referer",
        "accept-language",
        "x-forwarded-for",
        "x-forwarded-host",
        "forwarded",
        "origin",
    ] {
        let request = Request::builder()
            .uri(DOOR)
            .header(header::HOST, "kept.test")
            .header(name, "\"'><zqzq7x zqzq7y=1>{{7919*7907}}")
            .body(Body::empty())
            .expect("a request");
        let answer = router(&test.app, Limits::default()).oneshot(request).await;
        let (parts, body) = answer.unwrap_or_else(|never| match never {}).into_parts();
        assert_eq!(parts.status, StatusCode::OK, "{name}");
        let bytes = body.collect().await.expect("a body").to_bytes();
        assert!(!String::from_utf8_lossy(&bytes).contains(MARK), "{name}");
    }
}
