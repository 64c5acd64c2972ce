//! Back from the provider: what came is checked, tokens are fetched, and somebody is let in, or not.

use kept_base::kit::{Actor, Email, PersonName, Secret, Token};
use kept_base::store::{Error, Tx};

use super::back_channel::{Known, Line};
use super::begin::{Bound, Purpose, Returning};
use super::oidc::{Expected, IdToken, read_id_token};
use super::trouble::{Not, Trouble};
use super::wanted::Rules;
use crate::access::{
    self, Admitted, Browser, ByProvider, Identity, Member, MemberError, MemberState, NewMember,
    PROOF_MINUTES, Role,
};
use crate::ids::{MemberId, SessionId};
use crate::organization;

/// What the provider sent a browser back with.
pub(super) struct Sent {
    pub state: Option<String>,
    pub code: Option<String>,
    pub error: Option<String>,
    pub issuer: Option<String>,
}

/// What came of it.
pub(super) enum Outcome {
    /// They are in, or at the next step.
    Admitted(Box<Admitted>),
    /// The session has its proof.
    Proved(Token),
    /// Their account there is linked.
    Linked,
}

/// The browser that came back.
pub(super) struct Visitor {
    pub session: Option<Token>,
    pub browser: Browser,
}

impl From<Not> for Trouble {
    fn from(not: Not) -> Self {
        Self::Not(not)
    }
}

/// Fetches and checks the ID token.
pub(super) async fn vouched(
    line: Line<'_>,
    known: Known,
    (sent, back): (&Sent, &str),
    (returning, token): (&Returning, &Token),
) -> Result<(Rules, IdToken), Trouble> {
    let bound = Bound(token);
    if sent.state.as_deref() != Some(bound.state().as_str()) {
        return Err(Not::State.into());
    }
    let known = line.fresh(known).await?;
    let issuer = known.rules.issuer.as_str();
    // RFC 9207, 2.4: before anything else that came is used, an error included.
    let names_it = sent.issuer.as_deref().map(|sent| sent == issuer);
    if !names_it.unwrap_or(!known.document.names_issuer) {
        return Err(Not::WrongIssuer.into());
    }
    if sent.error.is_some() {
        return Err(Not::ProviderError.into());
    }
    let code = sent.code.as_deref().ok_or(Not::Code)?;
    let tokens = line.tokens(&known, (code, back), &bound.verifier()).await?;
    let nonce = bound.nonce();
    let expected = Expected {
        issuer,
        client_id: &known.rules.client_id,
        nonce: &nonce,
        access_token: tokens.access_token.as_ref().map(Secret::expose),
        asked_at: returning.purpose.asks_again().then_some(returning.began_at),
        now: line.store.clock().now(),
    };
    let check = |keys: &_| read_id_token(tokens.id_token.expose(), keys, &expected);
    let id_token = line.judged(&known, check).await?;
    let id_token = line.more(&known, &tokens, id_token).await?;
    Ok((known.rules, id_token))
}

/// Does what somebody went to the provider for, in one transaction.
pub(super) fn settle(
    tx: &Tx<'_>,
    purpose: Purpose,
    (rules, id_token): (&Rules, &IdToken),
    visitor: &Visitor,
) -> Result<Outcome, Trouble> {
    tx.keep_revision();
    // Another provider may have been set while somebody was on the way, or other rules of who comes in by it.
    if super::store::load(tx)?.is_none_or(|stored| stored.rules != *rules) {
        return Err(Not::Unknown.into());
    }
    let identity = access::identity(tx, &rules.issuer, &id_token.subject)?;
    match purpose {
        Purpose::SignIn => admitted(tx, identity, (rules, id_token), visitor),
        Purpose::Proof(session) => {
            let member = of_session(tx, session, visitor)?;
            if identity.is_none_or(|identity| identity.member != member) {
                return Err(Not::Taken.into());
            }
            Ok(Outcome::Proved(access::prove_session(tx, session)?))
        }
        Purpose::Link(session) => {
            let member = of_session(tx, session, visitor)?;
            match identity {
                Some(identity) if identity.member == member => {}
                Some(_) => return Err(Not::Taken.into()),
                None => {
                    may_link(tx, member, (rules, id_token))?;
                    refuse_a_second(tx, member, &rules.issuer)?;
                    let names = (rules.issuer.as_str(), id_token.subject.as_str());
                    access::link_identity(tx, member, names, true)?;
                }
            }
            Ok(Outcome::Linked)
        }
    }
}

/// Owners link whatever account they have there. Everybody else one that could bring them in by itself: what was
/// theirs from elsewhere would stay theirs when the organization takes its own away.
fn may_link(
    tx: &Tx<'_>,
    member: MemberId,
    (rules, id_token): (&Rules, &IdToken),
) -> Result<(), Trouble> {
    let member = access::member(tx, member)?.ok_or(Not::Session)?;
    if member.role == Role::Owner {
        return Ok(());
    }
    pinned_email(rules, id_token).map(drop)
}

/// The address that the provider vouches for, where it is of a pinned domain.
fn pinned_email(rules: &Rules, id_token: &IdToken) -> Result<Email, Trouble> {
    let email = id_token.verified_email.as_deref();
    let email = email.and_then(|email| Email::parse(email).ok());
    let email = email.ok_or(Not::Unverified)?;
    match rules.pins(&email) {
        true => Ok(email),
        false => Err(Not::Domain.into()),
    }
}

/// Whose session it is that asked, when it is this browser's and alive.
fn of_session(tx: &Tx<'_>, asked: SessionId, visitor: &Visitor) -> Result<MemberId, Trouble> {
    let session = match &visitor.session {
        Some(token) => access::session(tx, token, visitor.browser.from)?.session(),
        None => None,
    };
    let session = session.filter(|session| session.id == asked);
    let member = session.ok_or(Not::Session)?.member;
    tx.recognize(Actor::member(member.id));
    Ok(member.id)
}

fn admitted(
    tx: &Tx<'_>,
    identity: Option<Identity>,
    (rules, id_token): (&Rules, &IdToken),
    visitor: &Visitor,
) -> Result<Outcome, Trouble> {
    let (identity, is_new) = match identity {
        Some(identity) => (identity, false),
        None => first_time(tx, rules, id_token)?,
    };
    let member = access::member(tx, identity.member)?;
    let member = member.ok_or(Error::Decode("member"))?;
    if member.state != MemberState::Active {
        return Err(Not::Inactive.into());
    }
    tx.recognize(Actor::member(member.id));
    access::note_identity(tx, identity.id)?;
    let fresh_since = tx.now().as_second() - PROOF_MINUTES * 60;
    let by = ByProvider {
        identity: identity.id,
        sid: id_token.session.as_deref().map(access::sid_hash),
        two_factors: id_token.two_factors,
        is_fresh: id_token.authenticated_at.is_some_and(|at| fresh_since < at),
    };
    let browser = Browser {
        is_told: visitor.browser.is_told && !is_new,
        ..visitor.browser.clone()
    };
    let admitted = access::admit_by_provider(tx, member.id, &browser, &by)?;
    Ok(Outcome::Admitted(Box::new(admitted)))
}

/// Somebody who was never here by this account: a member with the address that the provider vouches for is
/// linked, anybody else becomes a member where the organization wants that. Whether they were made a member
/// just now.
fn first_time(tx: &Tx<'_>, rules: &Rules, id_token: &IdToken) -> Result<(Identity, bool), Trouble> {
    let email = pinned_email(rules, id_token)?;
    let known = access::member_by_email(tx, &email)?;
    let (id, is_new) = match known {
        Some(member) => (linked(tx, &member, &rules.issuer)?, false),
        None => (joined(tx, email, rules, id_token)?, true),
    };
    tx.recognize(Actor::member(id));
    let names = (rules.issuer.as_str(), id_token.subject.as_str());
    access::link_identity(tx, id, names, !is_new)?;
    let identity = access::identity(tx, names.0, names.1)?;
    Ok((identity.ok_or(Error::Decode("identity"))?, is_new))
}

fn linked(tx: &Tx<'_>, member: &Member, issuer: &str) -> Result<MemberId, Trouble> {
    // Whoever runs the provider can vouch for any address. That makes nobody an owner.
    if member.role == Role::Owner {
        return Err(Not::Owner.into());
    }
    match member.state {
        MemberState::Active => {}
        MemberState::Invited => access::welcome_invited(tx, member.id)?,
        MemberState::Suspended => return Err(Not::Inactive.into()),
    }
    refuse_a_second(tx, member.id, issuer)?;
    Ok(member.id)
}

/// An address that the provider gave to somebody else does not bring its former holder's membership along.
fn refuse_a_second(tx: &Tx<'_>, member: MemberId, issuer: &str) -> Result<(), Trouble> {
    let all = access::identities_of(tx, member)?;
    if all.iter().any(|identity| identity.issuer == issuer) {
        Err(Not::OtherAccount.into())
    } else {
        Ok(())
    }
}

fn joined(
    tx: &Tx<'_>,
    email: Email,
    rules: &Rules,
    id_token: &IdToken,
) -> Result<MemberId, Trouble> {
    if !rules.joins {
        return Err(Not::Unknown.into());
    }
    let claims = &id_token.claims;
    let role = rules
        .role_map
        .role(claims, &rules.role_claim, rules.default_role);
    let role = role.ok_or(Not::Role)?;
    let name = id_token.name.as_deref();
    let name = name.and_then(|name| PersonName::parse(name).ok());
    let local = email.expose().split('@').next().unwrap_or_default();
    let name = name.or_else(|| PersonName::parse(local).ok());
    let new = NewMember {
        name: name.ok_or(Not::Unverified)?,
        email,
        role,
        staff: None,
        locale: organization::load(tx)?.locale,
    };
    access::join_by_provider(tx, &new).map_err(|error| match error {
        MemberError::Store(error) => Trouble::Store(error),
        MemberError::TooMany => Not::TooMany.into(),
        _ => Not::Taken.into(),
    })
}
