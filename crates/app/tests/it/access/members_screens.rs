//! The pages of members and roles in a browser: they fit, and everybody can use them.

use kept_app::access::Role;
use kept_app::http::{self, Limits};

use crate::browser::{Looks, Site, browse};
use crate::support::TestApp;
use crate::support::desk::{PASSWORD, Staffer};

#[test]
fn the_pages_of_members_in_every_look() {
    for (looks, name) in [
        (Looks::desktop(), "desktop"),
        (Looks::phone().dark(), "phone-dark"),
        (Looks::narrow().without_javascript(), "narrow"),
        (Looks::desktop().forced_colors(), "forced"),
    ] {
        browse(&looks, async |tab| {
            let (test, clinic) = TestApp::with_clinic().await;
            Staffer::of(&test, &clinic, Role::Owner).await;
            let manager = "a-manager-with-a-long-address@riverside.example";
            let manager = Staffer::named(&test, &clinic, Role::Manager, manager).await;
            let site = Site::serve(http::router(&test.app, Limits::default()));
            tab.goto(&site.url("/o/riverside/members")).await;
            tab.fill("E-mail", "owner@riverside.example").await;
            tab.fill("Password", PASSWORD).await;
            tab.click("Sign in").await;
            tab.see("Invite somebody").await;
            for (page, path, shows) in [
                ("members", "/members".to_owned(), "Invite somebody"),
                ("member", format!("/members/{}", manager.id), "Serves as"),
                ("roles", "/members/roles".to_owned(), "What roles may do"),
            ] {
                tab.goto(&site.url(&format!("/o/riverside{path}"))).await;
                tab.see(shows).await;
                tab.screenshot(&format!("{page}-{name}"));
                tab.assert_fits().await;
                tab.assert_accessible().await;
                tab.assert_no_complaints();
            }
        });
    }
}
