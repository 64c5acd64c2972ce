//! The session's cookie. `__Host-`: of this host alone, over TLS (or on the machine itself), for
//! every path; one for each organization, so that somebody can work for two.

use axum::http::{HeaderMap, HeaderValue, header};
use kept_base::kit::Token;

use crate::access::MAX_SESSION_HOURS;

/// Most cookies that are looked at.
const MAX_COOKIES: usize = 64;

/// The cookie that signs a browser in. It may outlive its session, whose end the server knows.
#[must_use]
pub fn session_cookie(slug: &str, token: &Token) -> HeaderValue {
    let seconds = i64::from(MAX_SESSION_HOURS) * 3_600;
    value(slug, token.expose(), seconds)
}

/// The cookie that signs a browser out.
#[must_use]
pub fn ended_cookie(slug: &str) -> HeaderValue {
    value(slug, "", 0)
}

fn value(slug: &str, text: &str, seconds: i64) -> HeaderValue {
    let text = format!(
        "__Host-kept-{slug}={text}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax"
    );
    HeaderValue::from_str(&text).expect("slugs and tokens are letters, digits, - and _")
}

/// The token of the session that a browser sends for this organization.
#[must_use]
pub fn session_of(headers: &HeaderMap, slug: &str) -> Option<Token> {
    token_in_cookie(headers, &format!("__Host-kept-{slug}"))
}

/// The token in the cookie of that name.
#[must_use]
pub fn token_in_cookie(headers: &HeaderMap, name: &str) -> Option<Token> {
    let sent = headers.get_all(header::COOKIE).iter();
    let mut own = sent
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .take(MAX_COOKIES)
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(found, _)| *found == name)
        .map(|(_, text)| text);
    // Sent twice, one of them is not ours.
    let text = own.next().filter(|_| own.next().is_none())?;
    Token::presented(text)
}
