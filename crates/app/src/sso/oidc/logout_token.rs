//! Orders to end sessions (OpenID Connect Back-Channel Logout 1.0, 2.4 to 2.6).

use jiff::Timestamp;
use kept_base::kit::time::plus_seconds;

use super::claims::{Claims, SKEW_SECONDS};
use super::{Keys, Refusal, jws};

/// Longest time for which an order may hold, in minutes; so long its id is remembered.
pub const MAX_LOGOUT_MINUTES: i64 = 60;

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What a good order says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutToken {
    /// Its own id.
    pub id: String,
    /// Whose sessions.
    pub subject: Option<String>,
    /// Which session of the provider.
    pub session: Option<String>,
    /// Until when it must not work again.
    pub until: Timestamp,
}

/// Reads an order of `issuer` to `client_id` and checks all that it must be. Whether it was followed before is
/// for whoever remembers.
///
/// # Errors
/// [`Refusal`] names the first thing that is not as it must be.
pub fn read_logout_token(
    token: &str,
    keys: &Keys,
    (issuer, client_id): (&str, &str),
    now: Timestamp,
) -> Result<LogoutToken, Refusal> {
    let signed = jws::read(token, keys, &["logout+jwt", "jwt"])?;
    let claims = Claims(signed.claims);
    claims.check_issuer(issuer)?;
    claims.check_audience(client_id)?;
    claims.check_times(now)?;
    let expires = claims.seconds("exp")?.ok_or(Refusal::Expired)?;
    if expires > now.as_second() + MAX_LOGOUT_MINUTES * 60 + SKEW_SECONDS {
        return Err(Refusal::Expired);
    }
    let event = claims.get("events").and_then(|events| events.get(EVENT));
    if !event.is_some_and(serde_json::Value::is_object) {
        return Err(Refusal::Event);
    }
    // With one it could be taken for an ID token.
    if claims.get("nonce").is_some() {
        return Err(Refusal::Nonce);
    }
    let id = claims.text("jti").filter(|id| !id.is_empty());
    let subject = claims.subject()?.map(str::to_owned);
    let session = claims.session()?.map(str::to_owned);
    if subject.is_none() && session.is_none() {
        return Err(Refusal::Subject);
    }
    let left = expires.saturating_sub(now.as_second());
    Ok(LogoutToken {
        id: id.ok_or(Refusal::TokenId)?.to_owned(),
        subject,
        session,
        until: plus_seconds(now, left + 2 * SKEW_SECONDS),
    })
}

#[cfg(test)]
#[path = "logout_token_tests.rs"]
mod tests;
