//! Accounts at a provider that members are linked to. Whoever comes back is known by issuer and subject
//! together (OpenID Connect Core 1.0, 5.7), never by an address: addresses are given to others.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use kept_base::kit::{Token, TokenHash};
use kept_base::store::{Error, Tx};
use sha2::{Digest as _, Sha256};

use super::members::add_member;
use super::{Member, MemberError, MemberState, NewMember, Role, store};
use crate::audit::{self, Act};
use crate::ids::{IdentityId, MemberId};
use crate::messaging::{self, Notice};
use crate::policy::May;
use crate::policy::rights::{ManageMembers, UseAccount};

/// An account at a provider, and whose it is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Its id here.
    pub id: IdentityId,
    /// Whose.
    pub member: MemberId,
    /// Of which provider.
    pub issuer: String,
    /// Since when.
    pub linked_at: Timestamp,
}

/// What a provider vouched for.
#[derive(Debug, Clone, Copy)]
pub struct ByProvider {
    /// By which identity somebody came in.
    pub identity: IdentityId,
    /// What the provider calls its own session, as a hash.
    pub sid: Option<TokenHash>,
    /// It asked for a second factor.
    pub two_factors: bool,
    /// It asked them just now, and did not only remember them.
    pub is_fresh: bool,
}

impl ByProvider {
    /// How many factors it asked for.
    pub(super) fn factors(&self) -> u32 {
        if self.two_factors { 2 } else { 1 }
    }
}

/// What is kept of a provider's name of a session.
#[must_use]
pub fn sid_hash(sid: &str) -> TokenHash {
    // A name is any text; a token has characters that this one has.
    let text = BASE64URL_NOPAD.encode(&Sha256::digest(sid.as_bytes()));
    let token = Token::presented(&text).expect("base64url is what tokens are written in");
    token.hash("provider session")
}

/// The identity with this subject at this issuer.
///
/// # Errors
/// Those of the store.
pub fn identity(tx: &Tx<'_>, issuer: &str, subject: &str) -> Result<Option<Identity>, Error> {
    store::identities::find(tx, issuer, subject)
}

/// What a member is linked to.
///
/// # Errors
/// Those of the store.
pub fn identities_of(tx: &Tx<'_>, member: MemberId) -> Result<Vec<Identity>, Error> {
    store::identities::of(tx, member)
}

/// Links a member to an account at a provider; unless they came to be by it, they are written to.
///
/// # Errors
/// Those of the store.
pub fn link_identity(
    tx: &Tx<'_>,
    member: MemberId,
    (issuer, subject): (&str, &str),
    is_told: bool,
) -> Result<IdentityId, Error> {
    tx.keep_revision();
    let id = IdentityId::new(tx.now(), tx.entropy());
    store::identities::insert(tx, (id, member), issuer, subject)?;
    audit::record(tx, Act::IdentityLinked, member, &id.to_string())?;
    if is_told {
        messaging::notify(tx, Notice::IdentityLinked, member)?;
    }
    Ok(id)
}

/// Takes a member's links off; sessions that began by them end. Answers `false` when there were none.
///
/// # Errors
/// Those of the store.
pub fn unlink_identity(tx: &Tx<'_>, _: &May<UseAccount>, member: MemberId) -> Result<bool, Error> {
    unlink(tx, member)
}

/// Takes a member's links off for them: by an account that they have anew they are linked again. Only owners do it
/// for an owner.
///
/// # Errors
/// [`MemberError::Unknown`], [`MemberError::OwnersOnly`]; those of the store.
pub fn unlink_identity_of(
    tx: &Tx<'_>,
    by: &May<ManageMembers>,
    id: MemberId,
) -> Result<bool, MemberError> {
    let of = super::members::member(tx, id)?.ok_or(MemberError::Unknown)?;
    if of.role == Role::Owner && !by.is_owner() {
        return Err(MemberError::OwnersOnly);
    }
    Ok(unlink(tx, id)?)
}

/// Takes the links off of whoever becomes an owner: one may have been made by an address that the provider
/// vouched for, and that makes nobody an owner. They link themselves anew, from within.
pub(super) fn unlink_new_owner(tx: &Tx<'_>, before: &Member, after: &Member) -> Result<(), Error> {
    if before.role != Role::Owner && after.role == Role::Owner {
        unlink(tx, after.id)?;
    }
    Ok(())
}

fn unlink(tx: &Tx<'_>, member: MemberId) -> Result<bool, Error> {
    tx.keep_revision();
    let all = store::identities::of(tx, member)?;
    for identity in &all {
        end_provider_sessions(tx, Some(identity.id), None)?;
    }
    store::identities::remove_all(tx, member)?;
    if !all.is_empty() {
        audit::record(tx, Act::MemberChanged, member, "unlinked")?;
    }
    Ok(!all.is_empty())
}

/// Writes down that an identity was used.
///
/// # Errors
/// Those of the store.
pub fn note_identity(tx: &Tx<'_>, id: IdentityId) -> Result<(), Error> {
    tx.keep_revision();
    store::identities::note(tx, id)
}

/// Ends what began by an identity, or in one session of the provider, or in both; with neither, all that
/// began by a provider. Tells how many sessions and half-done sign-ins went.
///
/// # Errors
/// Those of the store.
pub fn end_provider_sessions(
    tx: &Tx<'_>,
    identity: Option<IdentityId>,
    sid: Option<TokenHash>,
) -> Result<usize, Error> {
    tx.keep_revision();
    let ended = store::identities::end_sessions(tx, identity, sid)?;
    if ended > 0 {
        let subject = identity.map_or_else(|| tx.organization().to_string(), |id| id.to_string());
        audit::record(tx, Act::SessionEnded, subject, "provider")?;
    }
    Ok(ended)
}

/// Makes a member of somebody whom the provider sent. Never an owner.
///
/// # Errors
/// [`MemberError`]: the address is taken, there are too many, or it would be an owner.
pub fn join_by_provider(tx: &Tx<'_>, new: &NewMember) -> Result<MemberId, MemberError> {
    if new.role == Role::Owner {
        return Err(MemberError::OwnersOnly);
    }
    let id = add_member(tx, new)?;
    store::members::set_state(tx, id, MemberState::Active)?;
    audit::record(tx, Act::MemberJoined, id, "provider")?;
    Ok(id)
}

/// Lets somebody join by the provider who was invited by mail to the address that it vouches for. Their link
/// is dead from then on.
///
/// # Errors
/// Those of the store.
pub fn welcome_invited(tx: &Tx<'_>, id: MemberId) -> Result<(), Error> {
    store::members::remove_all_links(tx, id)?;
    store::members::set_state(tx, id, MemberState::Active)?;
    audit::record(tx, Act::MemberJoined, id, "provider")
}
