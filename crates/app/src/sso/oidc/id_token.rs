//! ID tokens (OpenID Connect Core 1.0, 2 and 3.1.3.7).

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest as _, Sha256, Sha512};

use super::claims::{Claims, SKEW_SECONDS};
use super::jws::{self, Algorithm};
use super::{Keys, Refusal, json};

/// Ways of signing in that are two factors by themselves (RFC 8176, and what Entra ID writes).
const BOTH: [&str; 2] = ["mfa", "ngcmfa"];
/// What somebody knows, has and is (RFC 8176): ways of two of these kinds together are two factors.
const KINDS: [&[&str]; 3] = [
    &["pwd", "pin", "kba"],
    &["otp", "hwk", "swk", "sc", "pop", "sms", "tel"],
    &["fpt", "face", "iris", "retina", "vbm"],
];
/// Classes that ask for two (OpenID Connect's EAP profile, PAPE, and what Okta writes).
const STRONG_CLASSES: [&str; 4] = [
    "phr",
    "phrh",
    "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
    "urn:okta:loa:2fa:any",
];
/// Providers that tell by another claim that an address is the person's own: the host of the issuer, and the
/// claim. Entra ID writes `email_verified` for nobody.
const VERIFIED_BY: (&str, &str) = ("https://login.microsoftonline.com/", "xms_edov");
/// A provider whose word for an address counts only for accounts of an organization, which this claim names:
/// anybody can have a Google account with an address elsewhere, long after they lost it.
const ORGANIZATION_BY: (&str, &str) = ("https://accounts.google.com", "hd");

/// What an ID token must be like.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'e> {
    /// Whose it is.
    pub issuer: &'e str,
    /// What we are called there.
    pub client_id: &'e str,
    /// What we sent along.
    pub nonce: &'e str,
    /// The access token beside it.
    pub access_token: Option<&'e str>,
    /// When it was asked for, where they had to show again who they are.
    pub asked_at: Option<Timestamp>,
    /// The moment.
    pub now: Timestamp,
}

/// What a good one says.
#[derive(Debug, Clone, PartialEq)]
pub struct IdToken {
    /// Whose account it is; with the issuer it is unique and never given to others.
    pub subject: String,
    /// The provider's name of its session.
    pub session: Option<String>,
    /// Whether a second factor was asked for.
    pub two_factors: bool,
    /// When they showed who they are, in seconds since 1970.
    pub authenticated_at: Option<i64>,
    /// The address that the provider vouches for; no other counts.
    pub verified_email: Option<String>,
    /// What they are called.
    pub name: Option<String>,
    /// All of it.
    pub claims: Claims,
}

impl IdToken {
    /// Whether nothing is said of an address, so that more has to be asked for.
    #[must_use]
    pub fn says_no_address(&self) -> bool {
        self.claims.get("email").is_none()
    }

    /// With what the provider says beside it (5.3). It must be about the same account, and adds to what the ID
    /// token says without changing any of it.
    ///
    /// # Errors
    /// [`Refusal::Json`], [`Refusal::Subject`].
    pub fn and_more(mut self, bytes: &[u8], issuer: &str) -> Result<Self, Refusal> {
        let more = Claims(json::object(bytes)?);
        if more.subject()? != Some(self.subject.as_str()) {
            return Err(Refusal::Subject);
        }
        if self.says_no_address() {
            self.verified_email = verified_email(&more, issuer);
        }
        self.name = self.name.or_else(|| name(&more));
        for (name, value) in more.0 {
            self.claims.0.entry(name).or_insert(value);
        }
        Ok(self)
    }
}

/// Reads an ID token and checks all that it must be.
///
/// # Errors
/// [`Refusal`] names the first thing that is not as it must be.
pub fn read_id_token(
    token: &str,
    keys: &Keys,
    expected: &Expected<'_>,
) -> Result<IdToken, Refusal> {
    let signed = jws::read(token, keys, &["jwt"])?;
    let claims = Claims(signed.claims);
    claims.check_issuer(expected.issuer)?;
    claims.check_audience(expected.client_id)?;
    claims.check_times(expected.now)?;
    if claims.text("nonce") != Some(expected.nonce) {
        return Err(Refusal::Nonce);
    }
    check_access_token(&claims, signed.algorithm, expected.access_token)?;
    let subject = claims.subject()?.ok_or(Refusal::Subject)?.to_owned();
    let authenticated_at = claims.seconds("auth_time")?;
    // A moment that is yet to come, or milliseconds, would be fresh for ever.
    let latest = expected.now.as_second() + SKEW_SECONDS;
    if authenticated_at.is_some_and(|at| at > latest) {
        return Err(Refusal::Stale);
    }
    if let Some(asked_at) = expected.asked_at {
        let since = asked_at.as_second() - SKEW_SECONDS;
        if authenticated_at.is_none_or(|at| at < since) {
            return Err(Refusal::Stale);
        }
    }
    Ok(IdToken {
        session: claims.session()?.map(str::to_owned),
        two_factors: is_by_two_factors(&claims),
        authenticated_at,
        verified_email: verified_email(&claims, expected.issuer),
        name: name(&claims),
        subject,
        claims,
    })
}

/// The left half of the hash that goes with the algorithm (3.1.3.6).
fn check_access_token(
    claims: &Claims,
    algorithm: Algorithm,
    access_token: Option<&str>,
) -> Result<(), Refusal> {
    let Some(said) = claims.get("at_hash") else {
        return Ok(());
    };
    let token = access_token.ok_or(Refusal::AccessToken)?.as_bytes();
    let hash = match algorithm {
        Algorithm::EdDsa => BASE64URL_NOPAD.encode(&Sha512::digest(token)[..32]),
        _ => BASE64URL_NOPAD.encode(&Sha256::digest(token)[..16]),
    };
    (said == hash.as_str())
        .then_some(())
        .ok_or(Refusal::AccessToken)
}

fn is_by_two_factors(claims: &Claims) -> bool {
    let ways = claims.get("amr").and_then(Value::as_array);
    let ways = ways.into_iter().flatten().filter_map(Value::as_str);
    let ways: Vec<&str> = ways.collect();
    let has_one = |of: &[&str]| ways.iter().any(|way| of.contains(way));
    let kinds = KINDS.iter().filter(|kind| has_one(kind)).count();
    let class = claims.text("acr").unwrap_or_default();
    has_one(&BOTH) || kinds > 1 || STRONG_CLASSES.contains(&class)
}

fn verified_email(claims: &Claims, issuer: &str) -> Option<String> {
    let (host, claim) = VERIFIED_BY;
    let is_verified = claims.get("email_verified") == Some(&Value::Bool(true));
    let is_known_by_other = issuer.starts_with(host)
        && !claims.0.contains_key("email_verified")
        && claims.get(claim).is_some_and(|value| match value {
            Value::Bool(is_so) => *is_so,
            Value::Number(number) => number.as_i64() == Some(1),
            Value::String(text) => text == "1" || text == "true",
            _ => false,
        });
    let (name, claim) = ORGANIZATION_BY;
    let is_anybodys = issuer == name && claims.text(claim).is_none_or(str::is_empty);
    let email = claims.text("email")?;
    let is_theirs = (is_verified || is_known_by_other) && !is_anybodys;
    is_theirs.then(|| email.to_owned())
}

fn name(claims: &Claims) -> Option<String> {
    let said = |name| claims.text(name).filter(|text| !text.trim().is_empty());
    let parts = [said("given_name"), said("family_name")];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    let of_parts = (!parts.is_empty()).then(|| parts.join(" "));
    said("name").map(str::to_owned).or(of_parts)
}

#[cfg(test)]
#[path = "id_token_tests.rs"]
mod tests;
