//! A clinic whose members come in by the provider.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use kept_app::access::Role;
use kept_app::app::App;
use kept_app::outgoing::Outgoing;
use serde_json::json;

use super::hostile::{CLIENT, Provider, SECRET, Script};
use crate::access::door::Door;
use crate::access::passkeys::details;
use crate::support::desk::Staffer;
use crate::support::visitor::Page;
use crate::support::{Clinic, TestApp};

pub const BEGIN: &str = "/o/riverside/sign-in/provider";
pub const BACK: &str = "/o/riverside/sign-in/provider/back";
pub const ORDERS: &str = "/o/riverside/provider-logout";
pub const REFUSED: &str = "/o/riverside/sign-in?done=provider-refused";

/// How long Kept waits for the provider here.
const PATIENCE: Duration = Duration::from_millis(1_500);

pub struct Site {
    pub test: TestApp,
    pub clinic: Clinic,
    pub owner: Staffer,
    pub provider: Provider,
}

/// The same installation, that may ask on this machine.
pub fn asking(test: TestApp) -> TestApp {
    asking_at(test, "http://kept.test")
}

/// The same under another address.
pub fn asking_at(test: TestApp, base_url: &str) -> TestApp {
    let (store, zones) = (Arc::clone(&test.app.store), Arc::clone(&test.app.zones));
    let mut app = App::new(store, zones, base_url);
    let here = ["127.0.0.1/32".parse().expect("a network")];
    app.outgoing = Outgoing::new(&here, None).within(PATIENCE);
    TestApp {
        app: Arc::new(app),
        ..test
    }
}

/// What an owner fills in.
pub fn form<'f>(issuer: &'f str, more: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let mut all = vec![
        ("name", "Clinic ID"),
        ("issuer", issuer),
        ("client_id", CLIENT),
        ("secret", SECRET),
        ("domains", "riverside.example"),
        ("default_role", "staff"),
        ("role_claim", ""),
        ("role_map", ""),
    ];
    all.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    all.extend(more);
    all
}

/// Where the page that leads to the provider leads.
pub fn leads_to(page: &Page) -> String {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let url = page.attribute("class=\"button primary\"", "href");
    let url = url.expect("a link");
    let by_itself = page.attribute("http-equiv=\"refresh\"", "content");
    assert_eq!(by_itself.expect("leads on"), format!("0; url={url}"));
    url
}

impl Site {
    /// Somebody unknown becomes staff.
    pub async fn new() -> Self {
        Self::with(&[("joins", "1")]).await
    }

    pub async fn with(more: &[(&str, &str)]) -> Self {
        let (test, clinic) = TestApp::with_clinic().await;
        let test = asking(test);
        let owner = Staffer::of(&test, &clinic, Role::Owner).await;
        let provider = Provider::start(&test.clock).await;
        let site = Self {
            test,
            clinic,
            owner,
            provider,
        };
        site.set(more).await;
        let tried = site.owner.post("/settings/provider/trial", &[]).await;
        assert!(tried.location().ends_with("done=provider-open"));
        site
    }

    /// Sets the provider anew.
    pub async fn set(&self, more: &[(&str, &str)]) {
        self.owner.prove(&self.test, &self.clinic).await;
        let form = form(&self.provider.issuer, more);
        let saved = self.owner.post("/settings/provider", &form).await;
        assert!(saved.location().ends_with("done=saved"), "{}", saved.text());
    }

    pub fn browser(&self) -> Door {
        Door::of(&self.test)
    }

    /// Presses the button, and signs in there: what the provider sends back.
    pub async fn leave(&self, door: &mut Door) -> Vec<(String, String)> {
        let page = door.post(BEGIN, &[]).await;
        self.signed_in_there(&page)
    }

    /// The same from any page that leads there.
    pub fn signed_in_there(&self, page: &Page) -> Vec<(String, String)> {
        let (asked, code) = self.provider.authorize(&leads_to(page));
        assert_eq!(
            asked.get("redirect_uri"),
            "http://kept.test/o/riverside/sign-in/provider/back"
        );
        let own = |text: &str| text.to_owned();
        vec![
            (own("code"), code),
            (own("state"), own(asked.get("state"))),
            (own("iss"), self.provider.issuer.clone()),
        ]
    }

    /// Comes back with that.
    pub async fn back(&self, door: &mut Door, sent: &[(String, String)]) -> Page {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(sent);
        door.get(&format!("{BACK}?{}", query.finish())).await
    }

    /// All of it.
    pub async fn come(&self, door: &mut Door) -> Page {
        let sent = self.leave(door).await;
        self.back(door, &sent).await
    }

    /// As somebody else.
    pub async fn come_as(&self, door: &mut Door, sub: &str, email: &str) -> Page {
        self.provider
            .say(|script| script.claims = json!({"sub": sub, "email": email}));
        self.come(door).await
    }

    /// Comes with a provider that does otherwise, and then the usual again.
    pub async fn come_while(&self, change: impl FnOnce(&mut Script)) -> (Door, Page) {
        let mut door = self.browser();
        self.provider.say(change);
        let page = self.come(&mut door).await;
        self.provider.say(|script| *script = Script::usual());
        (door, page)
    }

    /// Why sign-ins were refused, as it stands in the record.
    pub async fn refusals(&self) -> Vec<String> {
        details(&self.test, self.clinic.id, "sign_in.refused").await
    }
}
