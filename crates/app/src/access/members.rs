//! Members: people with an account in an organization, with a role and a state.

use kept_base::kit::{Email, PersonName};
use kept_base::store::{Error, Tx};

use super::{Grants, Limits, Role, passwords::PasswordHash, store};
use crate::audit::{self, Act};
use crate::ids::{LocationId, MemberId, StaffId};

/// Most members of one organization who are not removed.
pub const MAX_MEMBERS: usize = 2_000;
/// Most locations that one member works for.
pub const MAX_MEMBER_LOCATIONS: usize = 100;

/// Whether a member can do anything. Part of every decision, and effective at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemberState {
    /// Has a link to join and no password yet.
    Invited,
    /// Can sign in.
    Active,
    /// Cannot sign in for now.
    Suspended,
}

impl MemberState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Invited, Self::Active, Self::Suspended];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    /// Reads a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Somebody with an account in the organization.
#[derive(Debug, Clone)]
pub struct Member {
    /// Their id.
    pub id: MemberId,
    /// What they are called.
    pub name: PersonName,
    /// Where they are written to, and what they sign in with.
    pub email: Email,
    /// What they may do.
    pub role: Role,
    /// Whether they can do it now.
    pub state: MemberState,
    /// Who they are among those who serve, when they are.
    pub staff: Option<StaffId>,
    /// What they work for, where their role is for locations: at most [`MAX_MEMBER_LOCATIONS`].
    pub locations: Vec<LocationId>,
    /// Language tag of their pages and mails.
    pub locale: String,
}

impl Member {
    /// What they may do, with what the organization takes from its roles.
    #[must_use]
    pub fn grants(&self, limits: Limits) -> Grants {
        Grants::new(self.role, self.locations.clone(), self.staff, limits)
    }
}

/// A member to be made.
#[derive(Debug, Clone)]
pub struct NewMember {
    /// What they are called.
    pub name: PersonName,
    /// Where they are written to; nobody else of the organization has it.
    pub email: Email,
    /// What they may do.
    pub role: Role,
    /// Who they are among those who serve.
    pub staff: Option<StaffId>,
    /// Language tag.
    pub locale: String,
}

/// Why a change of members is refused.
#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    /// Another member has this address.
    #[error("another member has this address")]
    Taken,
    /// There is no such member.
    #[error("there is no such member")]
    Unknown,
    /// Somebody must stay who can do everything.
    #[error("an organization keeps at least one active owner")]
    LastOwner,
    /// Only an owner changes owners.
    #[error("only an owner makes, changes or lets go an owner")]
    OwnersOnly,
    /// Nobody gives a role that may do more than they may themselves.
    #[error("nobody gives a role that may do more than they may themselves")]
    Beyond,
    /// It was changed since.
    #[error("it was changed since")]
    Changed,
    /// More than [`MAX_MEMBER_LOCATIONS`], or one that is not there.
    #[error("a location is not there")]
    Locations,
    /// There are [`MAX_MEMBERS`] already.
    #[error("the organization has as many members as it can")]
    TooMany,
    /// The store failed.
    #[error(transparent)]
    Store(Error),
}

impl From<Error> for MemberError {
    fn from(error: Error) -> Self {
        if error.is_constraint("member.email") {
            Self::Taken
        } else {
            Self::Store(error)
        }
    }
}

/// Adds somebody who has yet to join.
///
/// # Errors
/// [`MemberError`]: the address is taken, or there are too many.
pub fn add_member(tx: &Tx<'_>, new: &NewMember) -> Result<MemberId, MemberError> {
    if store::members::count(tx)? >= MAX_MEMBERS {
        return Err(MemberError::TooMany);
    }
    let id = MemberId::new(tx.now(), tx.entropy());
    keep_address_free(tx, id, &new.email)?;
    store::members::insert(tx, id, new)?;
    audit::record(tx, Act::MemberInvited, id, new.role.code())?;
    Ok(id)
}

/// Nobody else has that address, in whatever letters: by it somebody signs in, and is written to when they
/// forgot how.
pub(super) fn keep_address_free(
    tx: &Tx<'_>,
    id: MemberId,
    email: &Email,
) -> Result<(), MemberError> {
    match member_by_email(tx, email)? {
        Some(other) if other.id != id => Err(MemberError::Taken),
        _ => Ok(()),
    }
}

/// Gives a member their password, which makes an invited one active.
///
/// # Errors
/// [`MemberError::Unknown`]; those of the store.
pub fn set_password(tx: &Tx<'_>, id: MemberId, hash: &PasswordHash) -> Result<(), MemberError> {
    let member = member(tx, id)?.ok_or(MemberError::Unknown)?;
    store::members::set_password(tx, id, hash.as_str())?;
    if member.state == MemberState::Invited {
        store::members::set_state(tx, id, MemberState::Active)?;
        audit::record(tx, Act::MemberJoined, id, "")?;
    }
    Ok(audit::record(tx, Act::PasswordSet, id, "")?)
}

/// The member of that id.
///
/// # Errors
/// Those of the store.
pub fn member(tx: &Tx<'_>, id: MemberId) -> Result<Option<Member>, Error> {
    store::members::by_id(tx, id)
}

/// What the member of that id may do now; nothing at all unless they are active.
///
/// # Errors
/// Those of the store.
pub fn grants_of(tx: &Tx<'_>, id: MemberId) -> Result<Option<Grants>, Error> {
    let active = member(tx, id)?.filter(|member| member.state == MemberState::Active);
    let limits = super::role_limits::limits(tx)?;
    Ok(active.map(|member| member.grants(limits)))
}

/// Everybody, in the order they came.
///
/// # Errors
/// Those of the store.
pub fn members(tx: &Tx<'_>) -> Result<Vec<Member>, Error> {
    store::members::all(tx)
}

/// The active member with that address, and the hash of their password.
///
/// # Errors
/// Those of the store.
pub fn sign_in_data(
    tx: &Tx<'_>,
    email: &Email,
) -> Result<Option<(Member, Option<PasswordHash>)>, Error> {
    let found = store::members::by_email(tx, email)?;
    let active = found.filter(|(member, _)| member.state == MemberState::Active);
    Ok(active.map(|(member, hash)| (member, hash.map(PasswordHash::from_store))))
}

/// What the member is called who did something, by the actor of its record; `None` when it was
/// nobody of the organization, or somebody who has left.
///
/// # Errors
/// Those of the store.
pub fn author(tx: &Tx<'_>, actor: &str) -> Result<Option<PersonName>, Error> {
    let id = actor.strip_prefix("member:").and_then(|id| id.parse().ok());
    let found = id.map(|id| member(tx, id)).transpose()?.flatten();
    Ok(found.map(|member| member.name))
}

/// The member with that address, whatever their state.
///
/// # Errors
/// Those of the store.
pub fn member_by_email(tx: &Tx<'_>, email: &Email) -> Result<Option<Member>, Error> {
    Ok(store::members::by_email(tx, email)?.map(|(member, _)| member))
}
