//! A host page of another origin, under a strict policy, in a real browser.

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use kept_app::http::{self, Limits};
use kept_app::look::{self, Change, LookError};

use crate::browser::{Looks, Site, Tab, browse};
use crate::support::TestApp;
use crate::support::may;

/// What the host's own code would do: remember what it was told. It is put into the page by the
/// browser, so that the host's policy can be as strict as one can be.
const LISTENER: &str = "
    window.told = [];
    for (const type of ['ready', 'slot', 'booked', 'height']) {
        addEventListener('book:' + type, event => told.push([type, event.detail, event.target.id]));
    }";

struct Host {
    _test: TestApp,
    _kept: Site,
    host: Site,
}

/// The page of another site, with `body` in it, where `KEPT` stands for our address.
async fn host(body: &'static str, allowed: bool) -> Host {
    let (test, clinic) = TestApp::with_clinic().await;
    let kept = Site::serve(http::router(&Arc::clone(&test.app), Limits::default()));
    let address = kept.url("");
    let policy = format!(
        "default-src 'none'; script-src {address}; frame-src {address}; style-src 'self'; \
         require-trusted-types-for 'script'; base-uri 'none'; form-action 'none'"
    );
    let page = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport \
         content='width=device-width'><title>A site</title>\
         <main><h1>Our site</h1>{}</main>",
        body.replace("KEPT", &address)
    );
    let page = move || async move {
        let kind = (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned());
        ([kind, (header::CONTENT_SECURITY_POLICY, policy)], page).into_response()
    };
    let host = Site::serve(Router::new().route("/", get(page)));
    let origins = if allowed {
        vec![host.url("")]
    } else {
        Vec::new()
    };
    test.write::<_, LookError, _>(clinic.id, move |tx| {
        look::change(tx, &may(), &Change::Origins(origins))
    })
    .await;
    Host {
        _test: test,
        _kept: kept,
        host,
    }
}

async fn told(tab: &Tab) -> Vec<(String, serde_json::Value, String)> {
    let told = tab
        .ask_page("arguments[arguments.length - 1](window.told)")
        .await;
    let event = |event: &serde_json::Value| {
        let text = |at: usize| event[at].as_str().unwrap_or_default().to_owned();
        (text(0), event[1].clone(), text(2))
    };
    told.as_array().expect("a list").iter().map(event).collect()
}

/// Books within the frame, and comes back to the host's page.
async fn book_within(tab: &Tab, frame: &str) {
    tab.enter_frame(frame).await;
    tab.see("When suits you?").await;
    tab.click("Tue 24 November 2026").await;
    tab.find("input[value='2026-11-24T09:00:00Z']").await;
    tab.click("10:00").await;
    tab.click("Continue").await;
    tab.fill("Your name", "Ama Okafor").await;
    tab.fill("E-mail address", "ama@example.org").await;
    tab.click("Book appointment").await;
    tab.see("You are booked").await;
    tab.assert_accessible().await;
    tab.leave_frame().await;
}

#[test]
fn a_booking_within_the_page_of_another_site() {
    browse(&Looks::desktop(), async |tab| {
        let host = host(
            "<script async src='KEPT/embed/v1.js'></script>\
             <div id=here data-book='riverside/checkup' data-lang=en data-theme=dark data-title=Book></div>",
            true,
        )
        .await;
        tab.add_to_every_page(LISTENER);
        tab.goto(&host.host.url("/")).await;
        tab.find("#here iframe[title=Book]").await;
        book_within(tab, "#here iframe").await;
        let heard = tab.wait_for(async || {
            let told = told(tab).await;
            told.iter()
                .any(|(kind, ..)| kind == "booked")
                .then_some(told)
        });
        let heard = heard.await;
        assert!(heard.iter().all(|(.., at)| at == "here"), "{heard:?}");
        let of = |wanted: &str| -> Vec<&serde_json::Value> {
            let of = heard.iter().filter(|(kind, ..)| kind == wanted);
            of.map(|(_, detail, _)| detail).collect()
        };
        assert_eq!(of("ready").len(), 1);
        assert_eq!(
            of("slot").last().expect("one")["start"],
            "2026-11-24T09:00:00Z"
        );
        let booked = of("booked");
        assert_eq!(booked.len(), 1);
        assert_eq!(booked[0]["start"], "2026-11-24T09:00:00Z");
        assert!(booked[0]["id"].as_str().expect("an id").starts_with("apt_"));
        // The frame becomes as tall as what is in it: nothing in it has to be scrolled.
        let height = tab.wait_for(async || {
            let all = told(tab).await;
            let mut heights = all.iter().filter(|(kind, ..)| kind == "height");
            let last = heights.next_back().map(|(_, detail, _)| detail["height"].as_u64());
            let shown = tab.ask_page(
                "arguments[arguments.length - 1](document.querySelector('#here iframe').clientHeight)",
            );
            let shown = shown.await.as_u64();
            shown.filter(|shown| last == Some(Some(*shown)))
        });
        let height = height.await;
        assert!((200..2_000).contains(&height), "{height}");
        assert_eq!(tab.cookies().await, [""; 0]);
        tab.assert_fits().await;
    });
}

#[test]
fn a_link_opens_a_dialog_and_is_a_link_without_scripts() {
    let link = "<script async src='KEPT/embed/v1.js'></script>\
        <a id=link data-book='riverside/checkup' data-lang=en href='KEPT/riverside/checkup'>Book here</a>";
    browse(&Looks::phone(), async |tab| {
        let host = host(link, true).await;
        tab.add_to_every_page(LISTENER);
        tab.goto(&host.host.url("/")).await;
        tab.ask_page("const done = arguments[arguments.length - 1]; const look = () => document.querySelector('#link').kept ? done(1) : setTimeout(look, 20); look()").await;
        tab.click("Book here").await;
        tab.find("dialog[open] iframe").await;
        tab.assert_accessible().await;
        // axe itself talks to frames of other origins.
        tab.excuse("postMessage").await;
        book_within(tab, "dialog iframe").await;
        tab.click("Close").await;
        // It goes once the browser says that it was closed, which is a moment later.
        tab.wait_for(async || tab.find_all("dialog").await.is_empty().then_some(()))
            .await;
    });
    browse(&Looks::phone().without_javascript(), async |tab| {
        let host = host(link, true).await;
        tab.goto(&host.host.url("/")).await;
        tab.click("Book here").await;
        tab.see("When suits you?").await;
        assert_eq!(tab.path().await, "/riverside/checkup");
    });
}

#[test]
fn a_site_that_is_not_named_shows_nothing() {
    browse(&Looks::desktop(), async |tab| {
        let host = host(
            "<script async src='KEPT/embed/v1.js'></script><div id=here data-book=riverside></div>",
            false,
        )
        .await;
        tab.add_to_every_page(LISTENER);
        tab.goto(&host.host.url("/")).await;
        tab.find("#here iframe").await;
        // The browser says why; and that what stands there instead is not to be talked to.
        let expected = ["frame-ancestors", "postMessage"];
        tab.wait_for(async || {
            let complaints = tab.complaints();
            for complaint in &complaints {
                assert!(
                    expected.iter().any(|part| complaint.contains(part)),
                    "{complaint}"
                );
            }
            let refused = complaints.iter().any(|one| one.contains(expected[0]));
            refused.then_some(())
        })
        .await;
        assert!(told(tab).await.is_empty());
    });
}
