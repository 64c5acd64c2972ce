//! Requests that came without TLS to a Kept that people reach by TLS: on the plain listener beside
//! it, or by a trusted proxy that says so.
//!
//! Pages are sent on to the configured address, never to the host that was asked. A request that may
//! carry a token is refused instead: a redirect would let the client send it in the clear for ever
//! without anybody noticing. The refusal is a 403, after which a client should not repeat the
//! request by itself (RFC 9110, 15.5.4); a 421 would say the opposite (15.5.20).

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{self, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use kept_base::problem::Problem;

use crate::app::App;

/// Marks a request that came without TLS where there should be.
#[derive(Debug, Clone, Copy)]
pub struct InClear;

/// What such a request is answered.
#[derive(Debug)]
pub(super) enum Answer {
    /// What a certificate authority asks for, or the way to the same page over TLS.
    Given(Response),
    /// Not over this way.
    Refused(Problem),
}

/// The answer, unless the request came over TLS or nobody is meant to use that.
pub(super) fn answer(app: &App, request: &Request) -> Option<Answer> {
    request.extensions().get::<InClear>()?;
    if !app.base_url.starts_with("https://") {
        return None;
    }
    let path = request.uri().path();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads && let Some(text) = app.challenges.answer(path) {
        let media_type = [(header::CONTENT_TYPE, "application/octet-stream")];
        return Some(Answer::Given((media_type, text).into_response()));
    }
    let is_api = path == "/api" || path.starts_with("/api/") || path.starts_with("/scim/");
    Some(
        if is_api || request.headers().contains_key(header::AUTHORIZATION) {
            Answer::Refused(Problem::tls_required())
        } else {
            Answer::Given(redirect(&app.base_url, request))
        },
    )
}

/// 308, so that a form is sent again as it is.
fn redirect(base_url: &str, request: &Request) -> Response {
    let asked = request.uri().path_and_query();
    // What is no path (`*`, a host) would become part of the host's name.
    let asked = asked.map_or("/", |asked| asked.as_str());
    let asked = if asked.starts_with('/') { asked } else { "/" };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    let to = HeaderValue::from_str(&format!("{base_url}{asked}"));
    // What no header can hold is left out.
    if let Ok(to) = to.or_else(|_| HeaderValue::from_str(base_url)) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}
