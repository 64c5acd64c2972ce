//! Who sends a token: what it opens, from where it is sent.

use std::net::IpAddr;

use kept_base::kit::Token;
use kept_base::store::{Error, Tx};

use super::{Credential, PURPOSE, TokenKind, noted_before};
use crate::access::members::grants_of;
use crate::access::networks::{self, Standpoint};
use crate::access::{Integrator, Maker, Right, Role, store};
use crate::ids::TokenId;

/// Recognizes a presented token of `kind`, sent from that address; `None` when it is no token, unknown,
/// expired, revoked or of another kind, when whoever answers for it is not active, or when their role
/// comes in from elsewhere.
///
/// # Errors
/// Those of the store.
pub fn authenticate(
    tx: &Tx<'_>,
    token: &Token,
    kind: TokenKind,
    from: Option<IpAddr>,
) -> Result<Option<Credential>, Error> {
    let found = found(tx, token, kind)?;
    let Some((credential, role)) = found else {
        return Ok(None);
    };
    let is_let_in = networks::is_let_in(tx, Standpoint { role, from })?;
    Ok(is_let_in.then_some(credential))
}

/// Why a token that is known was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenRefusal {
    /// It was sent from outside the networks of whoever answers for it.
    Outside,
    /// It lacks the scope for what needs this right, or whoever answers for it may not do that.
    Right(Right),
}

/// Which token it is that asks for what needs `right` and is refused, and why; `None` when it is none that
/// is known, or is not refused.
///
/// # Errors
/// Those of the store.
pub fn token_refusal(
    tx: &Tx<'_>,
    (token, kind): (&Token, TokenKind),
    from: Option<IpAddr>,
    right: Right,
) -> Result<Option<(TokenId, TokenRefusal)>, Error> {
    let Some((credential, role)) = found(tx, token, kind)? else {
        return Ok(None);
    };
    let why = if !networks::is_let_in(tx, Standpoint { role, from })? {
        Some(TokenRefusal::Outside)
    } else if credential.integrator.allow(right).is_err() {
        Some(TokenRefusal::Right(right))
    } else {
        None
    };
    Ok(why.map(|why| (credential.id, why)))
}

/// The token, and the role of whoever answers for it.
fn found(
    tx: &Tx<'_>,
    token: &Token,
    kind: TokenKind,
) -> Result<Option<(Credential, Option<Role>)>, Error> {
    if !token.is_checked() {
        return Ok(None);
    }
    let found = store::tokens::living(tx, token.hash(PURPOSE))?;
    let Some(found) = found.filter(|found| found.kind == kind) else {
        return Ok(None);
    };
    let maker = match found.made_by {
        None => Maker::Installation,
        Some(by) => match grants_of(tx, by)? {
            Some(grants) => Maker::Member(grants),
            None => return Ok(None),
        },
    };
    let role = match &maker {
        Maker::Installation => None,
        Maker::Member(grants) => grants.role(),
    };
    let credential = Credential {
        id: found.id,
        integrator: Integrator::new(found.scopes, maker),
        use_is_news: (found.last_used_at).is_none_or(|at| at < noted_before(tx)),
    };
    Ok(Some((credential, role)))
}
