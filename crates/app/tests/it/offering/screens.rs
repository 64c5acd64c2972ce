//! The pages of the offering in a browser: they fit, everybody can use them, and here is how they
//! look.

use kept_app::access::Role;
use kept_app::http::{self, Limits};

use crate::browser::{Looks, Site, Tab, browse};
use crate::pages::book;
use crate::support::desk::{PASSWORD, Staffer};
use crate::support::visitor::Visitor;
use crate::support::{Clinic, TestApp};

async fn sign_in(tab: &Tab, site: &Site) {
    tab.goto(&site.url("/o/riverside/services")).await;
    tab.fill("E-mail", "owner@riverside.example").await;
    tab.fill("Password", PASSWORD).await;
    tab.click("Sign in").await;
    tab.see("New service").await;
}

async fn opened() -> (TestApp, Clinic, Site) {
    let (test, clinic) = TestApp::with_clinic().await;
    Staffer::of(&test, &clinic, Role::Owner).await;
    book(&Visitor::of(&test), "2026-11-26T08:00:00Z").await;
    let site = Site::serve(http::router(&test.app, Limits::default()));
    (test, clinic, site)
}

async fn look(tab: &Tab, name: &str, look: &str) {
    tab.screenshot(&format!("offering-{name}-{look}"));
    tab.assert_fits().await;
    tab.assert_accessible().await;
    tab.assert_no_complaints();
}

#[test]
fn the_pages_of_the_offering_in_every_look() {
    for (looks, name) in [
        (Looks::desktop(), "desktop"),
        (Looks::phone().dark(), "phone-dark"),
        (Looks::narrow().without_javascript(), "narrow"),
        (Looks::desktop().forced_colors(), "forced"),
    ] {
        browse(&looks, async |tab| {
            let (_test, clinic, site) = opened().await;
            sign_in(tab, &site).await;
            for (path, page) in [
                ("services".to_owned(), "services"),
                (format!("services/{}", clinic.therapy), "service"),
                (
                    format!("services/{}/questions", clinic.therapy),
                    "questions",
                ),
                ("places".to_owned(), "places"),
                (format!("rooms/{}", clinic.room_1), "room"),
                ("staff".to_owned(), "staff"),
                (format!("staff/{}/hours", clinic.vogt), "hours"),
                ("closed-days".to_owned(), "closed"),
            ] {
                tab.goto(&site.url(&format!("/o/riverside/{path}"))).await;
                look(tab, page, name).await;
            }
            tab.goto(&site.url("/o/riverside/services")).await;
            tab.click("Archive: Check-up").await;
            tab.see("1 booked appointment would no longer fit").await;
            look(tab, "effect", name).await;
            tab.click("Save, and keep these appointments as they are")
                .await;
            tab.see("It is no longer offered").await;
            look(tab, "archived", name).await;
            tab.goto(&site.url("/o/riverside/stranded")).await;
            tab.see("The service is archived").await;
            look(tab, "stranded", name).await;
        });
    }
}
