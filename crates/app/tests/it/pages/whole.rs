//! What holds for every page.

use std::collections::{BTreeSet, VecDeque};

use axum::body::Body;
use kept_app::page::catalog;
use kept_base::page::{Locale, gzip};

use super::{book, hold};
use crate::support::TestApp;
use crate::support::visitor::{Page, Visitor};

/// Most pages that a walk looks at.
const MAX_PAGES: usize = 120;

#[test]
fn every_language_says_everything() {
    let texts = catalog().expect("the texts are read");
    assert_eq!(texts.missing(), []);
}

/// What a first visit may load in all, in bytes: with both fonts, by gzip, without headers.
const MAX_FIRST_VISIT_BYTES: usize = 46_000;
/// What a page's own HTML may have, in bytes by gzip. The list of all time zones is asked for alone.
const MAX_PAGE_BYTES: usize = 5_000;
/// What a page's own scripts may have, in bytes by gzip.
const MAX_SCRIPT_BYTES: usize = 6_000;

#[tokio::test]
async fn a_first_visit_stays_small() {
    let (test, _) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let details = hold(&visitor, "therapy", "2026-12-01T10:00:00Z").await;
    let (person, _) = book(&visitor, "2026-12-01T09:00:00Z").await;
    let packed = |bytes: &[u8]| {
        gzip::pack(bytes, false)
            .expect("a page is long enough")
            .len()
    };
    let mut largest = 0;
    for url in [
        "/riverside",
        "/riverside/therapy?month=2026-12",
        &details,
        &person,
    ] {
        let size = packed(visitor.get(url).await.body.as_bytes());
        assert!(size <= MAX_PAGE_BYTES, "{url}: {size} bytes");
        largest = largest.max(size);
    }
    let asset = |name: &str| {
        let assets = &test.app.look.assets;
        let asset = assets
            .find(assets.url(name).expect("an asset"))
            .expect("an asset");
        asset.packed.as_ref().unwrap_or(&asset.bytes).len()
    };
    let script = asset("booking.js");
    assert!(script <= MAX_SCRIPT_BYTES, "{script} bytes");
    let loaded = [
        "kept.css",
        "kept.svg",
        "atkinson-next.woff2",
        "kept-serif.woff2",
    ];
    let all = largest + script + loaded.map(asset).iter().sum::<usize>();
    println!("page {largest}, script {script}, first visit {all} bytes");
    assert!(all <= MAX_FIRST_VISIT_BYTES, "{all} bytes");
}

#[tokio::test]
async fn pages_and_stylesheets_are_packed_for_who_reads_gzip() {
    let (test, _) = TestApp::with_clinic().await;
    let mut visitor = Visitor::of(&test);
    let style = test
        .app
        .look
        .assets
        .url("kept.css")
        .expect("an asset")
        .to_owned();
    let font = test
        .app
        .look
        .assets
        .url("atkinson-next.woff2")
        .expect("an asset")
        .to_owned();
    assert_eq!(
        visitor.get("/riverside").await.header("content-encoding"),
        None
    );
    visitor.encoding = Some("gzip, br");
    for url in ["/riverside", &style] {
        let answer = visitor.get(url).await;
        assert_eq!(answer.header("content-encoding"), Some("gzip"), "{url}");
        assert_eq!(answer.header("vary"), Some("accept-encoding"), "{url}");
    }
    assert_eq!(visitor.get(&font).await.header("content-encoding"), None);
    assert_eq!(
        visitor.get("/assets/kept.000000000000.css").await.status,
        404
    );
}

/// Every page that can be reached by links from `start`.
async fn walk(visitor: &Visitor, start: &[String]) -> Vec<(String, Page)> {
    let mut seen: BTreeSet<String> = start.iter().cloned().collect();
    let mut next: VecDeque<String> = start.iter().cloned().collect();
    let mut pages = Vec::new();
    while let Some(url) = next.pop_front() {
        let page = visitor.get(&url).await;
        for link in page.links() {
            let plain = link.split('#').next().unwrap_or(&link).to_owned();
            let deep = plain.contains("zone=") || seen.len() >= MAX_PAGES;
            if !deep && seen.insert(plain.clone()) {
                next.push_back(plain);
            }
        }
        pages.push((url, page));
    }
    pages
}

#[tokio::test]
async fn looking_changes_nothing() {
    let (test, clinic) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let details = hold(&visitor, "therapy", "2026-12-01T10:00:00Z").await;
    let (person, _) = book(&visitor, "2026-12-01T09:00:00Z").await;
    let own = person.split('?').next().unwrap().to_owned();
    let before = test.rows(clinic.id).await;
    let revision = test.app.store.revision(clinic.id).await.expect("a number");
    let start = [
        "/riverside".to_owned(),
        "/riverside/checkup?pick=zone".to_owned(),
        details,
        person,
        format!("{own}/calendar.ics"),
    ];
    let pages = walk(&visitor, &start).await;
    assert!(pages.len() > 60, "{}", pages.len());
    for (url, page) in &pages {
        assert_eq!(page.status, 200, "{url}");
        assert_eq!(page.header("set-cookie"), None, "{url}");
        let head = visitor.send("HEAD", url, Body::empty()).await;
        assert_eq!(
            (head.status, head.body.as_str()),
            (page.status, ""),
            "{url}"
        );
        assert_eq!(head.header("content-type"), page.header("content-type"));
    }
    for below in ["move", "cancel"] {
        let page = visitor
            .get(&format!("{own}/{below}?at=2026-12-02T09:00:00Z"))
            .await;
        assert_eq!(page.status, 200);
    }
    assert_eq!(test.rows(clinic.id).await, before);
    let unmoved = test.app.store.revision(clinic.id).await;
    assert_eq!(unmoved.expect("a number"), revision);
}

#[tokio::test]
async fn every_page_in_every_language_is_whole() {
    let (test, _) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let details = hold(&visitor, "therapy", "2026-12-01T10:00:00Z").await;
    let (person, _) = book(&visitor, "2026-12-01T09:00:00Z").await;
    let own = person.split('?').next().unwrap().to_owned();
    for locale in Locale::ALL {
        let lang = format!("lang={locale}");
        let mut pages = Vec::new();
        for url in [
            format!("/riverside?{lang}"),
            format!("/riverside/therapy?{lang}"),
            format!("/riverside/therapy?{lang}&month=2026-12"),
            format!("/riverside/therapy?{lang}&pick=zone"),
            format!("{details}&{lang}"),
            format!("{person}&{lang}"),
            format!("{own}?{lang}"),
            format!("{own}/move?{lang}"),
            format!("{own}/cancel?{lang}"),
            format!("/riverside/appointment/nothing?{lang}"),
            format!("/nowhere?{lang}"),
        ] {
            pages.push((url.clone(), visitor.get(&url).await));
        }
        let wrong = visitor
            .post(&format!("{details}&{lang}"), &[("email", "x")])
            .await;
        pages.push((format!("wrong {lang}"), wrong));
        let none = visitor
            .post(&format!("/riverside/checkup/hold?{lang}"), &[])
            .await;
        pages.push((format!("none {lang}"), none));
        for (url, page) in pages {
            is_whole(&url, &page, *locale);
        }
    }
}

fn is_whole(url: &str, page: &Page, locale: Locale) {
    let html = &page.body;
    let count = |what: &str| html.matches(what).count();
    assert!(html.starts_with("<!doctype html>"), "{url}");
    let direction = locale.direction().attribute();
    assert!(
        html.contains(&format!("<html lang=\"{locale}\" dir=\"{direction}\">")),
        "{url}"
    );
    for (what, times) in [
        ("<h1", 1),
        ("<main", 1),
        ("<title>", 1),
        ("class=\"skip\"", 1),
    ] {
        assert_eq!(count(what), times, "{what} in {url}");
    }
    for forbidden in [
        " style=",
        "<style",
        " onclick",
        "javascript:",
        "http://",
        "https://",
    ] {
        assert_eq!(count(forbidden), 0, "{forbidden} in {url}");
    }
    let ids: Vec<&str> = html
        .split(" id=\"")
        .skip(1)
        .filter_map(|r| r.split('"').next())
        .collect();
    let unique: BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(ids.len(), unique.len(), "ids in {url}: {ids:?}");
    for described in html.split("aria-describedby=\"").skip(1) {
        for id in described.split('"').next().unwrap_or_default().split(' ') {
            assert!(ids.contains(&id), "{id} in {url}");
        }
    }
    let policy = page.header("content-security-policy").expect("a policy");
    if let Some(nonce) = page
        .attribute("<script", "nonce")
        .or(page.attribute("script ", "nonce"))
    {
        assert!(policy.contains(&format!("'nonce-{nonce}'")), "{url}");
    }
    assert_eq!(page.header("cache-control"), Some("no-store"), "{url}");
}
