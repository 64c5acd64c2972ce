//! The page in a browser: it fits, everybody can use it, and here is how it looks.

use kept_app::http::{self, Limits};

use super::Office;
use crate::browser::{Looks, Site, browse};
use crate::support::desk::PASSWORD;

#[test]
fn the_page_of_packages_in_every_look() {
    for (looks, name) in [
        (Looks::desktop(), "desktop"),
        (Looks::phone().dark(), "phone-dark"),
        (Looks::narrow().without_javascript(), "narrow"),
        (Looks::desktop().forced_colors(), "forced"),
    ] {
        browse(&looks, async |tab| {
            let office = Office::new().await;
            office.made().await;
            let site = Site::serve(http::router(&office.test.app, Limits::default()));
            tab.goto(&site.url("/o/riverside/export")).await;
            tab.fill("E-mail", "owner@riverside.example").await;
            tab.fill("Password", PASSWORD).await;
            tab.click("Sign in").await;
            tab.see("Who fetched packages").await;
            tab.goto(&site.url("/o/riverside/export")).await;
            tab.see("Who fetched packages").await;
            tab.screenshot(&format!("packages-{name}"));
            tab.assert_fits().await;
            tab.assert_accessible().await;
            tab.assert_no_complaints();
        });
    }
}
