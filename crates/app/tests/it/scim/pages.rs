//! The pages of tokens and of the directory in a browser: they fit, and everybody can use them.

use kept_app::access::Role;
use kept_app::http::{self, Limits};
use serde_json::json;

use super::Directory;
use crate::browser::{Looks, Site, browse};
use crate::support::desk::PASSWORD;

#[test]
fn tokens_and_directory_in_every_look() {
    for (looks, name) in [
        (Looks::desktop(), "desktop"),
        (Looks::phone().dark(), "phone-dark"),
        (Looks::narrow().without_javascript(), "narrow"),
        (Looks::desktop().forced_colors(), "forced"),
    ] {
        browse(&looks, async |tab| {
            let directory = Directory::new().await;
            let toni = directory.bring("toni@riverside.example").await;
            assert_eq!(directory.standing(&toni).await.0, Role::Staff);
            let group = json!({"displayName": "Reception and telephone, both houses", "members": [{"value": toni}]});
            directory.post("Groups", &group).await.ok(201);
            let site = Site::serve(http::router(&directory.test.app, Limits::default()));
            tab.goto(&site.url("/o/riverside/tokens")).await;
            tab.fill("E-mail", "owner@riverside.example").await;
            tab.fill("Password", PASSWORD).await;
            tab.click("Sign in").await;
            tab.see("Make a token").await;
            tab.screenshot(&format!("tokens-{name}"));
            tab.assert_fits().await;
            tab.assert_accessible().await;
            tab.fill("Name", "Reports of the whole house").await;
            tab.click("See appointments").await;
            tab.click("Make a token").await;
            tab.see("Copy it now").await;
            tab.screenshot(&format!("token-made-{name}"));
            tab.assert_fits().await;
            tab.assert_accessible().await;
            tab.goto(&site.url("/o/riverside/settings/directory")).await;
            tab.see("Which role a group gives").await;
            tab.screenshot(&format!("directory-{name}"));
            tab.assert_fits().await;
            tab.assert_accessible().await;
            tab.assert_no_complaints();
        });
    }
}
