//! A passkey in a real browser, whose device is Chromium's own virtual one: added, used, renamed and
//! removed; and the pages without scripts.

use std::sync::Arc;

use kept_app::access::Role;
use kept_app::app::App;
use kept_app::http::{self, Limits};

use super::passkeys::details;
use crate::browser::{Looks, Site, Tab, browse};
use crate::support::desk::{PASSWORD, Staffer};
use crate::support::{Clinic, TestApp};

struct Stage {
    test: TestApp,
    clinic: Clinic,
    site: Site,
}

impl Stage {
    /// Behind a name: at a bare address browsers know no passkeys.
    async fn new() -> Self {
        let (test, clinic) = TestApp::with_clinic().await;
        Staffer::of(&test, &clinic, Role::Owner).await;
        let (store, zones) = (Arc::clone(&test.app.store), Arc::clone(&test.app.zones));
        let site = Site::serve_at("localhost", |base_url| {
            http::router(
                &Arc::new(App::new(store, zones, base_url)),
                Limits::default(),
            )
        });
        Self { test, clinic, site }
    }

    async fn open(&self, tab: &Tab, path: &str) {
        tab.goto(&self.site.url(&format!("/o/riverside{path}")))
            .await;
    }

    async fn sign_in(&self, tab: &Tab) {
        self.open(tab, "/sign-in").await;
        tab.fill("E-mail", "owner@riverside.example").await;
        tab.fill("Password", PASSWORD).await;
        tab.click("Sign in").await;
        tab.see("Today").await;
    }
}

async fn look(tab: &Tab, name: &str) {
    tab.screenshot(name);
    tab.assert_fits().await;
    tab.assert_accessible().await;
    tab.assert_no_complaints();
}

#[test]
fn a_passkey_from_the_first_click_to_its_removal() {
    for (looks, name) in [
        (Looks::desktop(), "desktop"),
        (Looks::phone().dark(), "phone-dark"),
        (Looks::narrow(), "narrow"),
    ] {
        browse(&looks, async |tab| {
            let stage = Stage::new().await;
            tab.add_authenticator();
            stage.sign_in(tab).await;
            stage.open(tab, "/account").await;
            tab.see("You have none yet.").await;
            look(tab, &format!("passkey-{name}-account")).await;
            tab.click("Add or change passkeys").await;
            tab.see("You have no passkey yet.").await;
            look(tab, &format!("passkey-{name}-none")).await;
            tab.click("Add a passkey").await;
            tab.see("The passkey is added.").await;
            tab.see("not used yet").await;
            look(tab, &format!("passkey-{name}-added")).await;
            // The device has one now, and makes no second.
            stage.open(tab, "/account/passkeys").await;
            tab.click("Add a passkey").await;
            tab.see("No passkey was made.").await;
            look(tab, &format!("passkey-{name}-not-made")).await;
            tab.click("Sign out").await;
            tab.see("You are signed out.").await;
            tab.see("Sign in with a passkey").await;
            look(tab, &format!("passkey-{name}-door")).await;

            tab.click("Sign in with a passkey").await;
            tab.see("Today").await;
            stage.open(tab, "/account/passkeys").await;
            tab.see("last used").await;
            tab.click("Rename").await;
            tab.fill("New name", "Front desk").await;
            look(tab, &format!("passkey-{name}-rename")).await;
            tab.click("Save").await;
            tab.see("Saved").await;
            tab.see("Front desk").await;

            // A quarter of an hour later the passkey proves who is there.
            stage.test.clock.advance_minutes(20);
            stage.open(tab, "/account/passkeys").await;
            tab.see("Is it you?").await;
            look(tab, &format!("passkey-{name}-proof")).await;
            tab.click("Use a passkey").await;
            tab.see("Front desk").await;
            tab.click("Remove Front desk").await;
            tab.see("You have none yet.").await;
            let gone = details(&stage.test, stage.clinic.id, "passkey.removed").await;
            assert_eq!(gone.len(), 1);
            tab.click("Sign out").await;
            tab.click("Sign in with a passkey").await;
            tab.see("This passkey does not open an account here.").await;
            tab.excuse("422").await;
            look(tab, &format!("passkey-{name}-wrong")).await;
        });
    }
}

#[test]
fn without_scripts_passwords_and_codes_work() {
    browse(&Looks::narrow().without_javascript(), async |tab| {
        let stage = Stage::new().await;
        stage.open(tab, "/sign-in").await;
        tab.see_no("Sign in with a passkey").await;
        tab.see("Passkeys need JavaScript. Passwords and codes work without.")
            .await;
        look(tab, "passkey-no-scripts-door").await;
        stage.sign_in(tab).await;
        stage.open(tab, "/account/passkeys").await;
        tab.see("You have no passkey yet.").await;
        tab.see("Passkeys need JavaScript.").await;
        look(tab, "passkey-no-scripts").await;
    });
}
