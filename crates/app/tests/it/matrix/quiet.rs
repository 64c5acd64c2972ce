//! Looking changes nothing, and no method changes anything but the one that is meant to.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::StatusCode;
use kept_app::http::{desk_routes, open_routes, operator_routes};

use super::crawl::walk;
use super::foreign::matches;
use super::world::World;
use crate::support::visitor::{Page, Visitor};

#[tokio::test]
async fn looking_at_every_page_of_the_desk_changes_nothing() {
    let World { test, ours, .. } = World::new().await;
    let id = ours.clinic.id;
    let before = test.rows(id).await;
    let revision = test.app.store.revision(id).await.expect("a number");
    let (pages, _) = walk(&ours.owner, "/o/riverside").await;
    assert!(pages.len() > 60, "{}", pages.len());
    for (ask, page) in &pages {
        assert!(!page.status.is_server_error(), "{ask:?}");
        assert_eq!(page.header("set-cookie"), None, "{ask:?}");
    }
    assert_eq!(test.rows(id).await, before);
    let unmoved = test.app.store.revision(id).await;
    assert_eq!(unmoved.expect("a number"), revision);
}

/// Whether there is a page at that path, beside what a form does there.
fn is_page(path: &str) -> bool {
    let (desk, open) = (desk_routes(), open_routes());
    let pages = desk.list().iter().map(|route| (route.method, &route.path));
    let others = open.list().iter().map(|route| (route.method, &route.path));
    let all: Vec<_> = pages
        .chain(others)
        .filter(|(_, pattern)| matches(path, pattern))
        .map(|(method, pattern)| (pattern.matches('{').count(), method))
        .collect();
    // Of two patterns the one with fewer parameters answers.
    let closest = all.iter().map(|(parameters, _)| *parameters).min();
    let mut closest = all
        .iter()
        .filter(|(parameters, _)| Some(*parameters) == closest);
    closest.any(|(_, method)| *method == "get")
}

#[tokio::test]
async fn no_other_method_does_what_a_form_does() {
    let World { test, ours, .. } = World::new().await;
    let (_, asks) = walk(&ours.owner, "/o/riverside").await;
    let before = test.rows(ours.clinic.id).await;
    let forms = asks.iter().filter(|ask| ask.method == "POST");
    for ask in forms {
        for method in [
            "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND",
        ] {
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.extend_pairs(&ask.fields);
            let query = format!("{}?{}", ask.path, form.finish());
            let page = ours.owner.send(method, &query, Body::empty()).await;
            let is_refused = page.status == StatusCode::METHOD_NOT_ALLOWED;
            assert_eq!(
                is_refused,
                !(method == "HEAD" && is_page(&ask.path)),
                "{method} {}",
                ask.path
            );
        }
    }
    assert_eq!(test.rows(ours.clinic.id).await, before);
}

#[tokio::test]
async fn an_unknown_method_is_refused_at_every_address() {
    let World { test, .. } = World::new().await;
    let visitor = Visitor::of(&test);
    let mut paths: BTreeSet<String> = BTreeSet::new();
    paths.extend(open_routes().list().iter().map(|route| route.path.clone()));
    paths.extend(desk_routes().list().iter().map(|route| route.path.clone()));
    paths.extend(
        operator_routes()
            .list()
            .iter()
            .map(|route| route.path.clone()),
    );
    for path in paths {
        let url = path.replace("{org}", "riverside").replace(['{', '}'], "");
        let is_known = |method: &str| {
            let open = open_routes();
            let mut known = open.list().iter().filter(|route| route.path == path);
            known.any(|route| route.method.eq_ignore_ascii_case(method))
        };
        for method in ["PUT", "DELETE", "PROPFIND"] {
            if is_known(method) {
                continue;
            }
            let page = visitor.send(method, &url, Body::empty()).await;
            assert_eq!(
                page.status,
                StatusCode::METHOD_NOT_ALLOWED,
                "{method} {url}"
            );
        }
    }
}

#[tokio::test]
async fn every_page_of_the_desk_has_the_way_out() {
    let World { ours, test, .. } = World::new().await;
    let (pages, _) = walk(&ours.owner, "/o/riverside").await;
    let is_page = |page: &Page| {
        let kind = page.header("content-type").unwrap_or_default();
        page.status == StatusCode::OK && kind.starts_with("text/html")
    };
    let pages: Vec<_> = pages.iter().filter(|(_, page)| is_page(page)).collect();
    assert!(pages.len() > 60, "{}", pages.len());
    for (ask, page) in pages {
        let is_door = ask.path.contains("/sign-in") || ask.path.ends_with("/forgot");
        let has_way_out = page.body.contains("action=\"/o/riverside/sign-out\"");
        assert!(has_way_out || is_door, "{}", ask.path);
    }
    // Its data is gone with it.
    drop(test);
}
