//! The pictures of `docs/guides`, of the program as it stands. `cargo xtask guides` puts them there.

use kept_app::access::Role;

use super::{Stage, check};
use crate::browser::{Looks, Tab, browse};
use crate::support::desk::{PASSWORD, Staffer};

async fn book(tab: &Tab, stage: &Stage) {
    tab.goto(&stage.url("/riverside")).await;
    tab.click("Check-up").await;
    tab.click("Tue 24 November 2026").await;
    tab.click("10:00").await;
    tab.screenshot("guide-customer-1-times");
    tab.click("Continue").await;
    tab.fill("Your name", "Ama Okafor").await;
    tab.fill("E-mail address", "ama@example.org").await;
    tab.screenshot("guide-customer-2-details");
    tab.click("Book appointment").await;
    tab.see("You are booked").await;
    tab.screenshot("guide-customer-3-done");
}

#[test]
fn a_customer_s_guide() {
    browse(&Looks::phone(), async |tab| {
        let stage = Stage::open().await;
        book(tab, &stage).await;
    });
}

#[test]
fn a_staff_member_s_guide() {
    browse(&Looks::desktop(), async |tab| {
        let stage = Stage::open().await;
        book(tab, &stage).await;
        Staffer::of(&stage.test, &stage.clinic, Role::Admin).await;
        tab.goto(&stage.url("/o/riverside")).await;
        tab.fill("E-mail", "admin@riverside.example").await;
        tab.fill("Password", PASSWORD).await;
        tab.click("Sign in").await;
        tab.see("Today").await;
        check(tab).await;
        tab.screenshot("guide-staff-1-today");
        tab.goto(&stage.url("/o/riverside/calendar")).await;
        check(tab).await;
        tab.screenshot("guide-staff-2-calendar");
        tab.goto(&stage.url("/o/riverside/people?q=okafor")).await;
        tab.click("Ama Okafor").await;
        check(tab).await;
        tab.screenshot("guide-staff-3-customer");
    });
}
