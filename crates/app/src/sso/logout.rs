//! The provider's order to end sessions (OpenID Connect Back-Channel Logout 1.0).

use data_encoding::BASE64URL_NOPAD;
use kept_base::kit::{Actor, Secret, Token};
use kept_base::store::{Error, Tx};
use sha2::{Digest as _, Sha256};

use super::back_channel::Line;
use super::oidc::{LogoutToken, Refusal, read_logout_token};
use super::store;
use super::trouble::{Not, Trouble};
use crate::access;

/// Most orders of one organization that are remembered at once; further ones are followed, and might be again.
pub const MAX_LOGOUTS: i64 = 20_000;

/// Whether an order is good by the keys that are known. Such a one never waits behind others' bad ones.
pub(super) async fn is_known_to_be_good(line: Line<'_>, token: &Secret) -> Result<bool, Error> {
    let now = line.store.clock().now();
    let known = line.known().await?;
    Ok(known.is_some_and(|known| {
        let names = (known.rules.issuer.as_str(), known.rules.client_id.as_str());
        let read = |keys: &_| read_logout_token(token.expose(), keys, names, now);
        known.keys.as_ref().is_some_and(|keys| read(keys).is_ok())
    }))
}

/// Follows an order, in one transaction with remembering it.
pub(super) async fn follow(line: Line<'_>, token: &Secret) -> Result<(), Trouble> {
    let known = line.known().await?.ok_or(Trouble::Not(Not::Unknown))?;
    let now = line.store.clock().now();
    let names = (known.rules.issuer.as_str(), known.rules.client_id.as_str());
    let check = |keys: &_| read_logout_token(token.expose(), keys, names, now);
    let order = line.judged(&known, check).await?;
    let issuer = known.rules.issuer.clone();
    let verb = move |tx: &Tx<'_>| followed(tx, &issuer, &order);
    let is_new = line.store.write(line.organization, Actor::SYSTEM, verb);
    if is_new.await? {
        Ok(())
    } else {
        Err(Refusal::TokenId.into())
    }
}

/// `false` for one that was followed before. Whoever is not known here has no sessions: that is no fault of it.
fn followed(tx: &Tx<'_>, issuer: &str, order: &LogoutToken) -> Result<bool, Error> {
    tx.keep_revision();
    let id = BASE64URL_NOPAD.encode(&Sha256::digest(order.id.as_bytes()));
    let id = Token::presented(&id).ok_or(Error::Decode("order"))?;
    if !store::remember_logout(tx, id.hash(issuer), order.until, MAX_LOGOUTS)? {
        return Ok(false);
    }
    let sid = order.session.as_deref().map(access::sid_hash);
    let identity = match &order.subject {
        Some(subject) => match access::identity(tx, issuer, subject)? {
            Some(identity) => Some(identity.id),
            None => return Ok(true),
        },
        None => None,
    };
    access::end_provider_sessions(tx, identity, sid)?;
    Ok(true)
}
