//! What tokens of every kind claim (RFC 7519, 4.1).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Refusal, json};

/// How far clocks may be apart, in seconds.
pub const SKEW_SECONDS: i64 = 60;
/// Longest subject, in bytes (OpenID Connect Core 1.0, 2).
const MAX_PROVIDER_SUBJECT_BYTES: usize = 255;
/// Longest name of ours at a provider, in bytes.
pub const MAX_CLIENT_ID_BYTES: usize = 255;

/// The claims of a token whose signature is good.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims(pub(super) Map<String, Value>);

impl Claims {
    /// A claim that is a text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        json::text(&self.0, name)
    }

    /// Any claim.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A moment, in seconds since 1970.
    pub(super) fn seconds(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let Some(value) = self.0.get(name) else {
            return Ok(None);
        };
        let whole = value.as_i64();
        // RFC 7519 lets a moment have a fraction.
        let cut = || {
            let seconds = value.as_f64()?;
            (seconds.abs() < 1e15).then_some(seconds.floor() as i64)
        };
        whole.or_else(cut).map(Some).ok_or(Refusal::Claim)
    }

    pub(super) fn check_issuer(&self, issuer: &str) -> Result<(), Refusal> {
        (self.text("iss") == Some(issuer))
            .then_some(())
            .ok_or(Refusal::Issuer)
    }

    /// Whether it is for us. Where it is for others too, it must say that we are the one it was made for.
    pub(super) fn check_audience(&self, client_id: &str) -> Result<(), Refusal> {
        let all: Vec<&str> = match self.0.get("aud") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(all)) => {
                let texts: Option<Vec<&str>> = all.iter().map(Value::as_str).collect();
                texts.ok_or(Refusal::Audience)?
            }
            _ => return Err(Refusal::Audience),
        };
        if !all.contains(&client_id) {
            return Err(Refusal::Audience);
        }
        let party = self.0.get("azp");
        let is_ours = party.is_some_and(|party| party == client_id);
        if is_ours || (party.is_none() && all.len() == 1) {
            Ok(())
        } else {
            Err(Refusal::AuthorizedParty)
        }
    }

    /// Whether it holds now; both `exp` and `iat` must be there.
    pub(super) fn check_times(&self, now: Timestamp) -> Result<(), Refusal> {
        let now = now.as_second();
        let expires = self.seconds("exp")?.ok_or(Refusal::Expired)?;
        if now >= expires.saturating_add(SKEW_SECONDS) {
            return Err(Refusal::Expired);
        }
        let issued = self.seconds("iat")?.ok_or(Refusal::Early)?;
        let not_before = self.seconds("nbf")?.unwrap_or(issued);
        if issued.max(not_before) > now.saturating_add(SKEW_SECONDS) {
            return Err(Refusal::Early);
        }
        Ok(())
    }

    /// Whom it is about; `None` when it does not say.
    pub(super) fn subject(&self) -> Result<Option<&str>, Refusal> {
        let Some(subject) = self.0.get("sub") else {
            return Ok(None);
        };
        let subject = subject.as_str().ok_or(Refusal::Subject)?;
        let is_good = (1..=MAX_PROVIDER_SUBJECT_BYTES).contains(&subject.len())
            && subject
                .bytes()
                .all(|b| b.is_ascii() && !b.is_ascii_control());
        is_good.then_some(Some(subject)).ok_or(Refusal::Subject)
    }

    /// The provider's name of its session; `None` when it does not say.
    pub(super) fn session(&self) -> Result<Option<&str>, Refusal> {
        let Some(sid) = self.0.get("sid") else {
            return Ok(None);
        };
        let sid = sid.as_str().filter(|sid| !sid.is_empty());
        sid.map(Some).ok_or(Refusal::Claim)
    }
}
