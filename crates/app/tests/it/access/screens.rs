//! The pages of signing in, in a real browser: they fit, everybody can use them, and the warning before
//! a session ends keeps what is being written.

use kept_app::access::{Role, TotpSecret};
use kept_app::http::{self, Limits};

use super::door::code_of;
use crate::browser::{Looks, Site, Tab, browse};
use crate::support::TestApp;
use crate::support::desk::{PASSWORD, Staffer};

struct Stage {
    test: TestApp,
    site: Site,
}

impl Stage {
    async fn new() -> Self {
        let (test, clinic) = TestApp::with_clinic().await;
        Staffer::of(&test, &clinic, Role::Owner).await;
        Staffer::of(&test, &clinic, Role::Staff).await;
        let site = Site::serve(http::router(&test.app, Limits::default()));
        Self { test, site }
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
    }
}

async fn look(tab: &Tab, name: &str) {
    tab.screenshot(name);
    tab.assert_fits().await;
    tab.assert_accessible().await;
    tab.assert_no_complaints();
}

async fn secret(tab: &Tab) -> TotpSecret {
    let shown = tab.find(".typed-off").await.text().await;
    let text = shown.expect("a text").replace(' ', "");
    let bytes = data_encoding::BASE32_NOPAD.decode(text.as_bytes());
    TotpSecret::from_bytes(&bytes.expect("base32")).expect("twenty bytes")
}

#[test]
fn a_second_factor_from_the_first_click_to_the_next_sign_in() {
    for (looks, name) in [
        (Looks::desktop(), "desktop"),
        (Looks::narrow().without_javascript(), "narrow"),
        (Looks::phone().dark(), "phone-dark"),
        (Looks::desktop().forced_colors(), "forced"),
    ] {
        browse(&looks, async |tab| {
            let stage = Stage::new().await;
            stage.sign_in(tab).await;
            tab.see("Today").await;
            stage.open(tab, "/account").await;
            tab.see("Where you are signed in").await;
            look(tab, &format!("access-{name}-account")).await;
            tab.click("Set up a second factor").await;
            tab.see("Whoever learns your password").await;
            look(tab, &format!("access-{name}-begin")).await;
            tab.click("Set up a second factor").await;
            tab.see("Turn it on").await;
            look(tab, &format!("access-{name}-steps")).await;
            let secret = secret(tab).await;
            let code = code_of(&stage.test, &secret);
            tab.fill("Then write the six digits", &code).await;
            tab.click("Turn it on").await;
            tab.see("I have kept them").await;
            look(tab, &format!("access-{name}-codes")).await;
            tab.click("I have kept them").await;
            tab.see("Recovery codes, or turn it off").await;
            tab.click("Sign out").await;
            tab.see("You are signed out.").await;

            stage.test.clock.advance_minutes(1);
            stage.sign_in(tab).await;
            tab.see("One more step").await;
            look(tab, &format!("access-{name}-code")).await;
            let code = code_of(&stage.test, &secret);
            tab.fill("Code from your app", &code).await;
            tab.click("Go on").await;
            tab.see("Today").await;
            for (path, text) in [
                ("/settings/sign-in", "Roles that need a second factor"),
                ("/members", "Ask for a new password"),
                ("/account/factor", "You have 10 recovery codes left"),
                ("/account/proof", "Or by a code"),
            ] {
                stage.open(tab, path).await;
                tab.see(text).await;
                let path = path.replace('/', "-");
                look(tab, &format!("access-{name}{path}")).await;
            }
        });
    }
}

#[test]
fn a_session_that_ends_is_said_in_time_and_what_is_written_stays() {
    browse(&Looks::phone(), async |tab| {
        let stage = Stage::new().await;
        stage.sign_in(tab).await;
        tab.see("Today").await;
        stage.open(tab, "/account").await;
        tab.see_no("You will be signed out").await;
        tab.fill("Your name", "Robin Vale-Otieno").await;
        // As a page in another tab would, which knows how long the session has left.
        let runs_out = |seconds: u32| {
            format!(
                "const tab = new BroadcastChannel('/o/riverside/account/stay');
                 tab.postMessage({seconds}); arguments[0]()"
            )
        };
        tab.ask_page(&runs_out(100)).await;
        tab.see("You will be signed out in two minutes").await;
        look(tab, "access-leaving").await;
        tab.click("Stay signed in").await;
        tab.see_gone("You will be signed out").await;
        tab.ask_page(&runs_out(0)).await;
        tab.see("What you wrote is still here").await;
        tab.see("Sign in in a new tab").await;
        look(tab, "access-out").await;
        assert_eq!(tab.value("Your name").await, "Robin Vale-Otieno");
    });
}
