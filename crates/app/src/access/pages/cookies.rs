//! Two cookies beside the session's: one that opens the next step of a sign-in, for minutes, and one
//! by which a browser is known again. Neither opens a page, and none is set before a right password. The
//! stop in their names keeps them apart from the sessions of an organization called alike: slugs
//! have none.

use axum::http::{HeaderMap, HeaderValue, header};
use kept_base::kit::Token;

use crate::access::{Browser, Device, KNOWN_BROWSER_DAYS, PENDING_MINUTES};
use crate::desk::token_in_cookie;

fn pending_name(slug: &str) -> String {
    format!("__Host-kept-pending.{slug}")
}

fn browser_name(slug: &str) -> String {
    format!("__Host-kept-browser.{slug}")
}

/// The cookie that opens the next step of a sign-in.
pub(super) fn pending(slug: &str, token: &Token) -> HeaderValue {
    value(&pending_name(slug), token.expose(), PENDING_MINUTES * 60)
}

/// The cookie that takes it away.
pub(super) fn no_pending(slug: &str) -> HeaderValue {
    value(&pending_name(slug), "", 0)
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

/// The browser that sent these.
pub(super) fn browser_of(headers: &HeaderMap, slug: &str) -> Browser {
    let agent = headers.get(header::USER_AGENT);
    let agent = agent.and_then(|agent| agent.to_str().ok());
    Browser {
        device: Device::of_agent(agent.unwrap_or_default()),
        token: token_in_cookie(headers, &browser_name(slug)),
        is_told: true,
    }
}
