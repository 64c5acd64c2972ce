//! From nothing to the first customer, by clicking alone; and the pictures of the guides.

use std::sync::Arc;

use kept_app::http::{self, Limits};

use super::check;
use crate::browser::{Looks, Site, Tab, browse};
use crate::support::TestApp;
use crate::support::desk::PASSWORD;

/// An installation without an organization, behind a real socket.
struct Fresh {
    site: Site,
    link: String,
}

impl Fresh {
    fn open() -> (Self, TestApp) {
        let test = TestApp::empty();
        let secret = test.app.first_run.open(test.app.store.entropy());
        let site = Site::serve(http::router(&Arc::clone(&test.app), Limits::default()));
        let link = site.url(&format!("/setup/{}", secret.expose()));
        (Self { site, link }, test)
    }
}

async fn set_up(tab: &Tab, fresh: &Fresh) {
    tab.goto(&fresh.link).await;
    tab.see("Set up Kept").await;
    check(tab).await;
    tab.fill("What is your organization called?", "Harbor Advising")
        .await;
    tab.fill("Time zone", "Europe/Berlin").await;
    tab.fill("Your name", "Robin Vale").await;
    tab.fill("Your e-mail", "robin@harbor.example").await;
    tab.fill("A password", PASSWORD).await;
    tab.screenshot("guide-admin-1-organization");
    tab.click("Go on").await;
    tab.see("Your first service").await;
    check(tab).await;
    tab.click("Advising session").await;
    check(tab).await;
    tab.screenshot("guide-admin-2-first-service");
    tab.click("Open for bookings").await;
    tab.see("5 of 7 done").await;
    tab.see("You are open for bookings").await;
    check(tab).await;
    tab.screenshot("guide-admin-3-checklist");
}

#[test]
fn from_nothing_to_the_first_booking() {
    browse(&Looks::desktop(), async |tab| {
        let (fresh, test) = Fresh::open();
        set_up(tab, &fresh).await;
        for path in ["settings", "members", "account", "mail-trial"] {
            tab.goto(&fresh.site.url(&format!("/o/harbor-advising/{path}")))
                .await;
            check(tab).await;
        }
        tab.goto(&fresh.site.url("/harbor-advising")).await;
        tab.click("Advising session").await;
        tab.click("Tue 24 November 2026").await;
        tab.click("10:00").await;
        tab.click("Continue").await;
        tab.fill("Your name", "Ama Okafor").await;
        tab.fill("E-mail address", "ama@example.org").await;
        tab.click("Book appointment").await;
        tab.see("You are booked").await;
        drop(test);
    });
}

#[test]
fn set_up_on_a_narrow_phone_in_the_dark() {
    browse(&Looks::narrow().dark(), async |tab| {
        let (fresh, _test) = Fresh::open();
        set_up(tab, &fresh).await;
    });
}

#[test]
fn set_up_without_scripts_in_forced_colors() {
    browse(
        &Looks::desktop().without_javascript().forced_colors(),
        async |tab| {
            let (fresh, _test) = Fresh::open();
            set_up(tab, &fresh).await;
        },
    );
}
