//! Out to the provider. A browser gets one random cookie; what goes along in the address (`state`, `nonce`) and
//! what proves later that it was us (PKCE, RFC 7636) are hashes of it, each for its own purpose. So nothing is
//! stored but the hash by which the cookie is known, and what comes back is bound to this browser.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use kept_base::kit::time::plus_minutes;
use kept_base::kit::{Secret, Token};
use kept_base::store::{Error, Tx};
use sha2::{Digest as _, Sha256};

use super::oidc::Document;
use super::store;
use crate::access;
use crate::ids::SessionId;

/// How long somebody may take at the provider, in minutes.
pub const PROVIDER_SIGN_IN_MINUTES: i64 = 10;
/// Most sign-ins of one organization that are out at once; the oldest go first.
pub const MAX_PROVIDER_SIGN_INS: u32 = 5_000;

/// A provider that knows no `prompt=login`, and what has it show whose account it is.
const CHOOSES_ACCOUNT: (&str, &str) = ("https://accounts.google.com", "select_account");

/// What somebody goes to the provider for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To come in.
    SignIn,
    /// To show again that it is they who use this session.
    Proof(SessionId),
    /// To link the account there with the member of this session.
    Link(SessionId),
}

impl Purpose {
    fn code(self) -> (&'static str, Option<SessionId>) {
        match self {
            Self::SignIn => ("sign_in", None),
            Self::Proof(session) => ("proof", Some(session)),
            Self::Link(session) => ("link", Some(session)),
        }
    }

    fn from_code(code: &str, session: Option<SessionId>) -> Result<Self, Error> {
        match (code, session) {
            ("sign_in", None) => Ok(Self::SignIn),
            ("proof", Some(session)) => Ok(Self::Proof(session)),
            ("link", Some(session)) => Ok(Self::Link(session)),
            _ => Err(Error::Decode("purpose")),
        }
    }

    /// Whether what the provider remembers of them is not enough.
    pub fn asks_again(self) -> bool {
        matches!(self, Self::Proof(_))
    }

    /// Whether they have to see there whose account it is: a browser may remember a colleague's.
    fn shows_account(self) -> bool {
        matches!(self, Self::Proof(_) | Self::Link(_))
    }
}

/// Somebody on the way out.
pub(super) struct Leaving {
    /// For the cookie.
    pub token: Token,
    /// Where the provider is.
    pub url: String,
    /// What it is called.
    pub provider: String,
}

/// Somebody on the way back.
pub(super) struct Returning {
    pub purpose: Purpose,
    pub next: Option<String>,
    pub began_at: Timestamp,
}

/// What is made of a cookie.
pub(super) struct Bound<'t>(pub &'t Token);

impl Bound<'_> {
    fn made(&self, purpose: &str) -> String {
        BASE64URL_NOPAD.encode(&self.0.hash(purpose).0)
    }

    pub fn state(&self) -> String {
        self.made("provider state")
    }

    pub fn nonce(&self) -> String {
        self.made("provider nonce")
    }

    pub fn verifier(&self) -> Secret {
        Secret::new(self.made("provider verifier"))
    }

    fn challenge(&self) -> String {
        BASE64URL_NOPAD.encode(&Sha256::digest(self.verifier().expose().as_bytes()))
    }

    fn hash(&self) -> kept_base::kit::TokenHash {
        self.0.hash("provider sign-in")
    }
}

/// Begins; `None` while members cannot come in by the provider.
pub(super) fn begin(
    tx: &Tx<'_>,
    purpose: Purpose,
    next: Option<&str>,
    back: &str,
) -> Result<Option<Leaving>, Error> {
    tx.keep_revision();
    let (Some(door), Some(stored)) = (access::provider_door(tx)?, store::load(tx)?) else {
        return Ok(None);
    };
    let issuer = &stored.rules.issuer;
    let document = stored.document.as_ref();
    let document = document.and_then(|text| Document::read(text.as_bytes(), issuer).ok());
    let Some(document) = document.filter(|_| stored.has_secret) else {
        return Ok(None);
    };
    let token = Token::session(tx.entropy());
    let bound = Bound(&token);
    let until = plus_minutes(tx.now(), PROVIDER_SIGN_IN_MINUTES);
    store::insert_sign_in(tx, bound.hash(), purpose.code(), next, until)?;
    store::keep_newest_sign_ins(tx, MAX_PROVIDER_SIGN_INS)?;
    let mut query = form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("response_type", "code")
        .append_pair("client_id", &stored.rules.client_id)
        .append_pair("redirect_uri", back)
        .append_pair("scope", "openid email profile")
        .append_pair("state", &bound.state())
        .append_pair("nonce", &bound.nonce())
        .append_pair("code_challenge", &bound.challenge())
        .append_pair("code_challenge_method", "S256");
    if purpose.shows_account() {
        let (choosing, prompt) = CHOOSES_ACCOUNT;
        let prompt = if issuer == choosing { prompt } else { "login" };
        query.append_pair("prompt", prompt);
    }
    if purpose.asks_again() {
        query.append_pair("max_age", "0");
    }
    let base = document.authorization.as_str();
    let mark = if base.contains('?') { '&' } else { '?' };
    let url = format!("{base}{mark}{}", query.finish());
    Ok(Some(Leaving {
        url,
        provider: door.name,
        token,
    }))
}

/// Takes somebody back; once, whatever comes of it. `None` when this browser is not awaited.
pub(super) fn take(tx: &Tx<'_>, token: &Token) -> Result<Option<Returning>, Error> {
    tx.keep_revision();
    let Some(found) = store::take_sign_in(tx, Bound(token).hash())? else {
        return Ok(None);
    };
    Ok(Some(Returning {
        purpose: Purpose::from_code(&found.purpose, found.session)?,
        next: found.next,
        began_at: found.began_at,
    }))
}
