//! A browser that keeps cookies, at the door.

use std::collections::BTreeMap;
use std::net::IpAddr;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use kept_app::access::{self, Role, TotpSecret};
use kept_app::desk::Peer;
use kept_app::http::{self, Limits};
use kept_base::kit::{Clock as _, Token};
use kept_base::store::Error;
use tower::ServiceExt as _;

use crate::support::desk::{PASSWORD, Staffer};
use crate::support::visitor::Page;
use crate::support::{Clinic, TestApp};

pub const DOOR: &str = "/o/riverside/sign-in";

/// A browser.
pub struct Door {
    router: axum::Router,
    jar: BTreeMap<String, String>,
    /// What it says it is.
    pub agent: &'static str,
    /// From where it asks.
    pub from: Option<IpAddr>,
}

impl Door {
    pub fn of(test: &TestApp) -> Self {
        Self {
            router: http::router(&test.app, Limits::default()),
            jar: BTreeMap::new(),
            agent: "Mozilla/5.0 (Android 16; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
            from: None,
        }
    }

    pub fn with_pending(self, token: &str) -> Self {
        self.with_pending_at("riverside", token)
    }

    pub fn with_pending_at(mut self, slug: &str, token: &str) -> Self {
        self.jar
            .insert(format!("__Host-kept-pending.{slug}"), token.to_owned());
        self
    }

    /// With what a `Set-Cookie` says.
    pub fn with_cookie(mut self, cookie: &str) -> Self {
        let pair = cookie
            .split(';')
            .next()
            .and_then(|pair| pair.split_once('='));
        let (name, value) = pair.expect("a pair");
        self.jar.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Whoever signed in with it.
    pub fn staffer(&self, test: &TestApp) -> Staffer {
        let token = self.jar.get("__Host-kept-riverside").expect("signed in");
        Staffer::with_cookie(test, "riverside", &format!("__Host-kept-riverside={token}"))
    }

    pub fn pending(&self) -> Option<&str> {
        let found = self.jar.get("__Host-kept-pending.riverside");
        found.map(String::as_str)
    }

    /// Whether it is signed in.
    pub async fn is_in(&self, test: &TestApp) -> bool {
        let Some(token) = self.jar.get("__Host-kept-riverside") else {
            return false;
        };
        let token = Token::presented(token).expect("a token");
        let find = test.app.store.find_organization("riverside").await;
        let organization = find.expect("asked").expect("riverside");
        let from = self.from;
        let known = test.read::<_, Error, _>(organization, move |tx| {
            Ok(access::session(tx, &token, from)?.session())
        });
        known.await.is_some()
    }

    /// Forgets the session, and nothing else.
    pub fn sign_out(&mut self) {
        self.jar.remove("__Host-kept-riverside");
    }

    pub async fn sign_in(&mut self, email: &str) -> Page {
        self.post(DOOR, &[("email", email), ("password", PASSWORD)])
            .await
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, Body::empty()).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        self.send("POST", path, Body::from(form.finish())).await
    }

    async fn send(&mut self, method: &str, path: &str, body: Body) -> Page {
        let pairs = self
            .jar
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let mut request = Request::builder();
        if let Some(from) = self.from {
            request = request.extension(Peer(from));
        }
        let request = request
            .method(method)
            .uri(path)
            .header(header::HOST, "kept.test")
            .header(header::ACCEPT_LANGUAGE, "en")
            .header(header::USER_AGENT, self.agent)
            .header(header::COOKIE, pairs.collect::<Vec<_>>().join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body)
            .expect("a request");
        let response = self.router.clone().oneshot(request).await;
        let response = response.unwrap_or_else(|never| match never {});
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("text");
            let (pair, rest) = cookie.split_once(';').expect("attributes");
            let (name, value) = pair.split_once('=').expect("a pair");
            if rest.contains("Max-Age=0;") {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
        Page {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

/// The code that the app shows now.
pub fn code_of(test: &TestApp, secret: &TotpSecret) -> String {
    secret.code(test.clock.now()).expect("a code")
}

/// The recovery codes on a page.
pub fn codes_of(page: &Page) -> Vec<String> {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let codes = page.body.split("<code translate=\"no\">").skip(1);
    codes
        .filter_map(|rest| rest.split('<').next())
        .map(str::to_owned)
        .collect()
}

/// The secret that a page shows.
pub fn secret_on(page: &Page) -> TotpSecret {
    let shown = page.body.split("typed-off\" translate=\"no\">").nth(1);
    let shown = shown.and_then(|rest| rest.split('<').next());
    let text = shown.expect("a secret").replace(' ', "");
    let bytes = data_encoding::BASE32_NOPAD.decode(text.as_bytes());
    TotpSecret::from_bytes(&bytes.expect("base32")).expect("twenty bytes")
}

/// A member with a second factor, made by the pages.
pub async fn with_factor(test: &TestApp, clinic: &Clinic, role: Role) -> (Staffer, TotpSecret) {
    let member = Staffer::of(test, clinic, role).await;
    let secret = turn_on(test, &member).await;
    (member, secret)
}

/// Turns a member's second factor on.
pub async fn turn_on(test: &TestApp, member: &Staffer) -> TotpSecret {
    let begun = member.post("/account/factor/begin", &[]).await;
    assert_eq!(begun.location(), "/o/riverside/account/factor");
    let secret = secret_on(&member.get("/account/factor").await);
    let code = code_of(test, &secret);
    let page = member.post("/account/factor", &[("code", &code)]).await;
    assert_eq!(codes_of(&page).len(), access::RECOVERY_CODES);
    secret
}
