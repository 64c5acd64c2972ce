//! Four cookies beside the session's: one that opens the next step of a sign-in, one that a passkey is
//! asked for with and one that a sign-in at the provider comes back by, for minutes, and one by which a
//! browser is known again. None opens a page, and none is set before a right password, or before somebody
//! asks to use a passkey or the provider. The
//! stop in their names keeps them apart from the sessions of an organization called alike: slugs
//! have none.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue, header};
use kept_base::kit::Token;

use crate::access::{
    Browser, CHALLENGE_MINUTES, Device, KNOWN_BROWSER_DAYS, PENDING_MINUTES, WAITING_MINUTES,
};
use crate::desk::{session_of, token_in_cookie};

fn pending_name(slug: &str) -> String {
    format!("__Host-kept-pending.{slug}")
}

fn passkey_name(slug: &str) -> String {
    format!("__Host-kept-passkey.{slug}")
}

fn provider_name(slug: &str) -> String {
    format!("__Host-kept-provider.{slug}")
}

fn browser_name(slug: &str) -> String {
    format!("__Host-kept-browser.{slug}")
}

/// The cookie that opens the next step of a sign-in.
pub(super) fn pending(slug: &str, token: &Token) -> HeaderValue {
    value(&pending_name(slug), token.expose(), PENDING_MINUTES * 60)
}

/// The same for a sign-in that waits for a link by mail.
pub(super) fn waiting(slug: &str, token: &Token) -> HeaderValue {
    value(&pending_name(slug), token.expose(), WAITING_MINUTES * 60)
}

/// The cookie that takes it away.
pub(super) fn no_pending(slug: &str) -> HeaderValue {
    value(&pending_name(slug), "", 0)
}

/// The cookie that a passkey is asked for with.
pub(super) fn passkey(slug: &str, token: &Token) -> HeaderValue {
    value(&passkey_name(slug), token.expose(), CHALLENGE_MINUTES * 60)
}

/// The cookie that takes it away.
pub(super) fn no_passkey(slug: &str) -> HeaderValue {
    value(&passkey_name(slug), "", 0)
}

/// The cookie that a sign-in at the provider comes back by.
#[must_use]
pub fn provider(slug: &str, token: &Token) -> HeaderValue {
    value(&provider_name(slug), token.expose(), PENDING_MINUTES * 60)
}

/// The cookie that takes it away.
#[must_use]
pub fn no_provider(slug: &str) -> HeaderValue {
    value(&provider_name(slug), "", 0)
}

/// What a sign-in at the provider comes back by.
pub(super) fn provider_of(headers: &HeaderMap, slug: &str) -> Option<Token> {
    token_in_cookie(headers, &provider_name(slug))
}

/// The cookie by which a browser is known again.
pub(super) fn browser(slug: &str, token: &Token) -> HeaderValue {
    let seconds = KNOWN_BROWSER_DAYS * 24 * 3_600;
    value(&browser_name(slug), token.expose(), seconds)
}

fn value(name: &str, text: &str, seconds: i64) -> HeaderValue {
    let text = format!("{name}={text}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax");
    HeaderValue::from_str(&text).expect("slugs and tokens are letters, digits, - and _")
}

/// What opens the next step of a sign-in.
pub(super) fn pending_of(headers: &HeaderMap, slug: &str) -> Option<Token> {
    token_in_cookie(headers, &pending_name(slug))
}

/// What a passkey was asked for with.
pub(super) fn passkey_of(headers: &HeaderMap, slug: &str) -> Option<Token> {
    token_in_cookie(headers, &passkey_name(slug))
}

/// The browser that sent these, from that address.
pub(super) fn browser_of(headers: &HeaderMap, slug: &str, from: Option<IpAddr>) -> Browser {
    let agent = headers.get(header::USER_AGENT);
    let agent = agent.and_then(|agent| agent.to_str().ok());
    Browser {
        device: Device::of_agent(agent.unwrap_or_default()),
        token: token_in_cookie(headers, &browser_name(slug)),
        is_told: true,
        session: session_of(headers, slug),
        from,
    }
}
