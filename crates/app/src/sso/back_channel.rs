//! What is asked of the provider while somebody waits: who it is, its keys, tokens for a code. The answer to that
//! person depends on it, so it cannot be left to the worker; each question is short, bounded and goes through
//! [`Outgoing`].

use jiff::Timestamp;
use kept_base::kit::time::plus_minutes;
use kept_base::kit::{Actor, OrganizationId, Secret};
use kept_base::store::{Error, Store, Tx};

use super::oidc::{Document, IdToken, Keys, Refusal, TokenAnswer};
use super::store;
use super::trouble::Trouble;
use super::wanted::Rules;
use crate::access;
use crate::outgoing::Outgoing;

/// After so many hours what the provider says of itself is read again.
pub const DOCUMENT_HOURS: i64 = 24;
/// After so many hours its keys are read again, so that one that it withdrew does not count for ever.
pub const KEYS_HOURS: i64 = 24;
/// So often, in minutes, its keys are asked for at most, whatever keys tokens name.
pub const KEYS_ASKED_EVERY_MINUTES: i64 = 1;

/// The provider of an organization, as it is known.
pub(super) struct Known {
    pub rules: Rules,
    pub document: Document,
    pub secret: Secret,
    document_at: Option<Timestamp>,
    pub keys: Option<Keys>,
    keys_at: Option<Timestamp>,
}

/// The way to it.
#[derive(Clone, Copy)]
pub(super) struct Line<'l> {
    pub store: &'l Store,
    pub outgoing: &'l Outgoing,
    pub organization: OrganizationId,
}

/// Asks who the provider is; the answers are the document and the keys, as texts that can be read.
pub(super) async fn tried(outgoing: &Outgoing, issuer: &str) -> Result<(String, String), Trouble> {
    let bytes = outgoing.get(&Document::address(issuer)?).await?;
    let document = Document::read(&bytes, issuer)?;
    let keys = outgoing.get(&document.keys).await?;
    Keys::read(&keys)?;
    Ok((text(bytes)?, text(keys)?))
}

fn text(bytes: Vec<u8>) -> Result<String, Refusal> {
    String::from_utf8(bytes).map_err(|_| Refusal::Json)
}

fn is_older(at: Option<Timestamp>, hours: i64, now: Timestamp) -> bool {
    // One that lies ahead was written before the clock was set back.
    at.is_none_or(|at| at > now || plus_minutes(at, hours * 60) <= now)
}

impl Line<'_> {
    fn now(&self) -> Timestamp {
        self.store.clock().now()
    }

    /// The provider, when members can come in by it.
    pub async fn known(&self) -> Result<Option<Known>, Error> {
        let read = |tx: &Tx<'_>| {
            let (Some(stored), Some(secret)) = (store::load(tx)?, store::secret(tx)?) else {
                return Ok(None);
            };
            let document = stored.document.unwrap_or_default();
            let document = Document::read(document.as_bytes(), &stored.rules.issuer);
            let keys = stored.keys.map(|keys| Keys::read(keys.as_bytes()));
            Ok::<_, Error>(document.ok().map(|document| Known {
                rules: stored.rules,
                document,
                secret,
                document_at: stored.document_at,
                keys: keys.and_then(Result::ok),
                keys_at: stored.keys_at,
            }))
        };
        self.store
            .read(self.organization, Actor::VISITOR, read)
            .await
    }

    /// The same, read again where it is old. What the provider said before holds while it cannot be asked.
    pub async fn fresh(&self, mut known: Known) -> Result<Known, Trouble> {
        if !is_older(known.document_at, DOCUMENT_HOURS, self.now()) {
            return Ok(known);
        }
        let issuer = known.rules.issuer.clone();
        let address = Document::address(&issuer)?;
        let Ok(bytes) = self.outgoing.get(&address).await else {
            return Ok(known);
        };
        // What it says now, and not what is convenient.
        known.document = Document::read(&bytes, &issuer)?;
        let document = text(bytes)?;
        let keep = move |tx: &Tx<'_>| {
            tx.keep_revision();
            let stored = store::load(tx)?;
            if stored.is_some_and(|stored| stored.rules.issuer == issuer) {
                store::put_document(tx, &document)?;
            }
            Ok::<_, Error>(())
        };
        self.store
            .write(self.organization, Actor::SYSTEM, keep)
            .await?;
        Ok(known)
    }

    /// Exchanges a code (OpenID Connect Core 1.0, 3.1.3; RFC 6749, 2.3.1).
    pub async fn tokens(
        &self,
        known: &Known,
        (code, back): (&str, &str),
        verifier: &Secret,
    ) -> Result<TokenAnswer, Trouble> {
        let (authorization, form) = token_request(known, (code, back), verifier);
        let address = &known.document.token;
        let answer = self.outgoing.post(address, authorization.as_ref(), form);
        Ok(TokenAnswer::read(&answer.await?)?)
    }

    /// What the provider says of somebody beside the ID token (OpenID Connect Core 1.0, 5.3), when that says
    /// little and they were never here.
    pub async fn more(
        &self,
        known: &Known,
        tokens: &TokenAnswer,
        id_token: IdToken,
    ) -> Result<IdToken, Trouble> {
        let (Some(address), Some(access)) = (&known.document.more, &tokens.access_token) else {
            return Ok(id_token);
        };
        let (issuer, subject) = (known.rules.issuer.clone(), id_token.subject.clone());
        let find = move |tx: &Tx<'_>| access::identity(tx, &issuer, &subject);
        let found = self.store.read(self.organization, Actor::VISITOR, find);
        if !id_token.says_no_address() || found.await?.is_some() {
            return Ok(id_token);
        }
        let bearer = Secret::new(format!("Bearer {}", access.expose()));
        let bytes = self.outgoing.get_with(address, &bearer).await?;
        Ok(id_token.and_more(&bytes, &known.rules.issuer)?)
    }

    /// What `check` makes of the provider's keys. When they are old, or a token names one that is not known, they
    /// are asked for again, once, and at most once a minute.
    pub async fn judged<T>(
        &self,
        known: &Known,
        check: impl Fn(&Keys) -> Result<T, Refusal>,
    ) -> Result<T, Trouble> {
        let is_old = is_older(known.keys_at, KEYS_HOURS, self.now());
        let first = match &known.keys {
            Some(keys) => check(keys),
            None => Err(Refusal::UnknownKey),
        };
        let is_unknown = matches!(first, Err(Refusal::UnknownKey));
        if !(is_old || is_unknown) {
            return Ok(first?);
        }
        match self.new_keys(known).await {
            Ok(Some(keys)) => Ok(check(&keys)?),
            // Whoever asked a moment ago may have them by now.
            Ok(None) => match self.kept_keys(known).await? {
                Some(keys) => Ok(check(&keys)?),
                None => Ok(first?),
            },
            // What is not known cannot be judged; what is old still can, while nobody answers.
            Err(Trouble::Outgoing(_)) => Ok(first?),
            Err(trouble) => Err(trouble),
        }
    }

    /// The keys that are kept now, of the same provider.
    async fn kept_keys(&self, known: &Known) -> Result<Option<Keys>, Error> {
        let now = self.known().await?;
        let same = now.filter(|now| now.rules.issuer == known.rules.issuer);
        Ok(same.and_then(|same| same.keys))
    }

    /// `None` when they were asked for a moment ago.
    async fn new_keys(&self, known: &Known) -> Result<Option<Keys>, Trouble> {
        let since = plus_minutes(self.now(), -KEYS_ASKED_EVERY_MINUTES);
        let may_ask = move |tx: &Tx<'_>| {
            tx.keep_revision();
            store::may_ask_for_keys(tx, since)
        };
        let may_ask = self
            .store
            .write(self.organization, Actor::SYSTEM, may_ask)
            .await?;
        if !may_ask {
            return Ok(None);
        }
        let bytes = self.outgoing.get(&known.document.keys).await?;
        let keys = Keys::read(&bytes)?;
        let (issuer, read) = (known.rules.issuer.clone(), text(bytes)?);
        let keep = move |tx: &Tx<'_>| {
            tx.keep_revision();
            let stored = store::load(tx)?;
            if stored.is_some_and(|stored| stored.rules.issuer == issuer) {
                store::put_keys(tx, &read)?;
            }
            Ok::<_, Error>(())
        };
        self.store
            .write(self.organization, Actor::SYSTEM, keep)
            .await?;
        Ok(Some(keys))
    }
}

/// The header that says who we are, where it is one, and the form.
fn token_request(
    known: &Known,
    (code, back): (&str, &str),
    verifier: &Secret,
) -> (Option<Secret>, String) {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("redirect_uri", back)
        .append_pair("code_verifier", verifier.expose());
    let (id, secret) = (&known.rules.client_id, known.secret.expose());
    let authorization = if known.document.secret_in_form {
        form.append_pair("client_id", id)
            .append_pair("client_secret", secret);
        None
    } else {
        Some(basic(id, secret))
    };
    (authorization, form.finish())
}

/// Both are written as form fields are, and then put together.
fn basic(id: &str, secret: &str) -> Secret {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let both = Secret::new(format!("{}:{}", encoded(id), encoded(secret)));
    let text = data_encoding::BASE64.encode(both.expose().as_bytes());
    Secret::new(format!("Basic {text}"))
}

#[test]
fn a_secret_may_have_a_colon_in_it() {
    let made = basic("kept", "a:b c%");
    let text = made.expose().strip_prefix("Basic ").expect("basic");
    let bytes = data_encoding::BASE64
        .decode(text.as_bytes())
        .expect("base64");
    assert_eq!(bytes, b"kept:a%3Ab+c%25");
}
