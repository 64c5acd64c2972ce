//! The pages of single sign-on in a browser: they fit, and everybody can use them.

use kept_app::http::{self, Limits};

use super::site::Site as Clinic;
use crate::browser::{Looks, Site, browse};
use crate::support::desk::PASSWORD;

#[test]
fn settings_and_the_door_in_every_look() {
    for (looks, name) in [
        (Looks::desktop(), "desktop"),
        (Looks::phone().dark(), "phone-dark"),
        (Looks::narrow().without_javascript(), "narrow"),
        (Looks::desktop().forced_colors(), "forced"),
    ] {
        browse(&looks, async |tab| {
            let clinic = Clinic::new().await;
            let site = Site::serve(http::router(&clinic.test.app, Limits::default()));
            tab.goto(&site.url("/o/riverside/settings/provider")).await;
            tab.see("Sign in with Clinic ID").await;
            tab.screenshot(&format!("provider-door-{name}"));
            tab.assert_fits().await;
            tab.assert_accessible().await;
            tab.fill("E-mail", "owner@riverside.example").await;
            tab.fill("Password", PASSWORD).await;
            tab.click("Sign in").await;
            tab.see("Try the connection").await;
            tab.screenshot(&format!("provider-settings-{name}"));
            tab.assert_fits().await;
            tab.assert_accessible().await;
            tab.goto(&site.url("/o/riverside/account")).await;
            tab.see("Link my account").await;
            tab.assert_fits().await;
            tab.assert_accessible().await;
            tab.assert_no_complaints();
        });
    }
}
