//! The pages of look, words, texts, letters and other sites, in a real browser.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::map_request;
use kept_app::http::{self, Limits};
use kept_app::look::{self, Change, LookError};

use super::House;
use crate::browser::{Looks, Site, Tab, browse};
use crate::journeys::check;
use crate::support::may;

const PAGES: [&str; 6] = [
    "/look",
    "/look/words",
    "/look/texts",
    "/look/letters",
    "/look/letters/moved/person/de",
    "/embed",
];

/// The clinic behind a socket, as its signed-in admin sees it.
async fn stage() -> (House, Site) {
    let house = House::open().await;
    let cookie = HeaderValue::from_str(&house.admin.cookie()).expect("a header");
    let signed_in = move |mut request: Request| {
        request.headers_mut().insert(header::COOKIE, cookie.clone());
        async move { request }
    };
    let router = http::router(&Arc::clone(&house.test.app), Limits::default());
    let site = Site::serve(router.layer(map_request(signed_in)));
    (house, site)
}

async fn look_at_every_page(tab: &Tab, name: &str) {
    let (house, site) = stage().await;
    let color = "#7a1f5c".parse().expect("a color");
    let dress =
        move |tx: &kept_base::store::Tx<'_>| look::change(tx, &may(), &Change::Color(Some(color)));
    house
        .test
        .write::<_, LookError, _>(house.clinic.id, dress)
        .await;
    house.upload("/look/logo", "logo", super::logo::PNG).await;
    for path in PAGES {
        tab.goto(&site.url(&format!("/o/riverside{path}"))).await;
        check_around_frames(tab).await;
        let path = path.trim_start_matches('/').replace('/', "-");
        tab.screenshot(&format!("{name}-{path}"));
        from_right_to_left(tab).await;
        tab.assert_fits().await;
        tab.screenshot(&format!("{name}-{path}-rtl"));
    }
    for path in [
        "/riverside",
        "/riverside/checkup?embed=1&theme=dark",
        "/riverside/checkup",
    ] {
        tab.goto(&site.url(path)).await;
        check(tab).await;
        let path = path.replace(['/', '?', '='], "-");
        tab.screenshot(&format!("{name}-public{path}"));
    }
}

/// As a language would that is written so.
async fn from_right_to_left(tab: &Tab) {
    tab.ask_page("document.documentElement.dir = 'rtl'; arguments[0]()")
        .await;
}

async fn check_around_frames(tab: &Tab) {
    tab.assert_fits().await;
    tab.assert_no_complaints();
    tab.assert_accessible().await;
}

#[test]
fn in_the_light() {
    browse(&Looks::desktop(), async |tab| {
        look_at_every_page(tab, "look-light").await;
    });
}

#[test]
fn in_the_dark_on_a_phone() {
    browse(&Looks::phone().dark(), async |tab| {
        look_at_every_page(tab, "look-dark").await;
    });
}

#[test]
fn in_forced_colors_without_scripts() {
    let looks = Looks::phone().forced_colors().without_javascript();
    browse(&looks, async |tab| {
        look_at_every_page(tab, "look-forced").await;
    });
}

#[test]
fn a_color_is_chosen_and_taken_back_by_clicking() {
    browse(&Looks::desktop(), async |tab| {
        let (_house, site) = stage().await;
        tab.goto(&site.url("/o/riverside/look")).await;
        tab.fill("Color code", "#ffcc00").await;
        tab.click("Use this color").await;
        tab.excuse("422").await;
        tab.see("Text in this color is hard to read").await;
        tab.click("instead").await;
        tab.see("Your color is changed.").await;
        tab.enter_frame("iframe.preview").await;
        tab.see("What can we do for you?").await;
        tab.leave_frame().await;
        tab.click("Undo").await;
        tab.see("Taken back.").await;
        assert_eq!(tab.value("Color code").await, "#0b5a54");
    });
}

#[test]
fn a_letter_is_read_while_it_is_written() {
    browse(&Looks::desktop(), async |tab| {
        let (_house, site) = stage().await;
        tab.goto(&site.url("/o/riverside/look/letters/booked/person/en"))
            .await;
        tab.fill("Text", "Dear {name}, {when} {manage_url}").await;
        tab.see("Dear Robin Sample, Wed 25 Nov 2026").await;
        tab.fill("Text", "Dear {nome}").await;
        tab.see("Line 1, character 6").await;
        tab.click("Save").await;
        tab.excuse("422").await;
        tab.see("Line 1, character 6").await;
        assert_eq!(tab.value("Text").await, "Dear {nome}");
        tab.assert_accessible().await;
    });
}

#[test]
fn a_snippet_is_made_by_choosing() {
    browse(&Looks::desktop(), async |tab| {
        let (_house, site) = stage().await;
        tab.goto(&site.url("/o/riverside/embed")).await;
        tab.choose("What can be booked there", "Therapy").await;
        tab.see("Put this where").await;
        tab.find("textarea#snippet").await;
        tab.wait_for(async || {
            let snippet = tab.value("Put this where").await;
            snippet.contains("riverside/therapy").then_some(())
        })
        .await;
        tab.fill("Sites that may show", "https://www.clinic.example")
            .await;
        tab.click("Save").await;
        tab.see("The sites that may show your pages are changed.")
            .await;
        assert_eq!(
            tab.value("Sites that may show").await,
            "https://www.clinic.example"
        );
    });
}
