//! Operators: their pages and commands, and what suspending an organization does.

mod commands;
mod doors;
mod factor;
mod factor_meanwhile;
pub(crate) mod links;
mod pages;
mod screens;
mod suspending;

use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt as _;
use kept_app::console;
use kept_app::http::{self, Limits};
use kept_base::kit::Actor;
use kept_base::store::{Operator, OperatorState};
use tower::ServiceExt as _;

use crate::support::TestApp;
use crate::support::desk::PASSWORD;
use crate::support::visitor::Page;

/// A browser that sends one cookie, or none.
#[derive(Clone)]
pub(crate) struct Browser {
    router: axum::Router,
    cookie: String,
}

impl Browser {
    pub(crate) fn of(test: &TestApp, cookie: &str) -> Self {
        Self {
            router: http::router(&test.app, Limits::default()),
            cookie: cookie.to_owned(),
        }
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Body) -> Page {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "kept.test")
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body)
            .expect("a request");
        let response = self.router.clone().oneshot(request).await;
        let (parts, body) = response.unwrap_or_else(|never| match never {}).into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        Page {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        self.send("GET", path, Body::empty()).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        self.send("POST", path, Body::from(form.finish())).await
    }

    /// The same browser with the cookie that an answer set.
    fn signed_in(&self, answer: &Page) -> Self {
        let cookie = answer.header("set-cookie").expect("a cookie");
        let pair = cookie.split(';').next().unwrap_or_default();
        Self {
            cookie: pair.to_owned(),
            ..self.clone()
        }
    }
}

/// A new operator who has set [`PASSWORD`] by their link, signed in.
pub(crate) async fn operator(test: &TestApp, name: &str) -> Browser {
    let store = &test.app.store;
    let token = console::add(store, name, Actor::OPERATOR).await;
    let link = console::link_url("", &token.expect("is added"));
    let stranger = Browser::of(test, "");
    let answer = stranger.post(&link, &[("password", PASSWORD)]).await;
    assert_eq!(answer.location(), "/operator");
    stranger.signed_in(&answer)
}

/// The account of that name.
pub(crate) async fn account(test: &TestApp, name: &str) -> Operator {
    let found = test.app.store.operator_by_name(name).await;
    found.expect("is answered").expect("is there").0
}

pub(crate) async fn set_state(test: &TestApp, name: &str, state: OperatorState) {
    let id = account(test, name).await.id;
    let set = console::set_state(&test.app.store, id, state, Actor::OPERATOR);
    set.await.expect("is set");
}
