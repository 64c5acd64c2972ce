//! Members: people with an account in an organization, with a role and a state.

use kept_base::kit::{Actor, Email, PersonName};
use kept_base::store::{Error, Tx};

use super::giving::check_given;
use super::{Grants, Limits, LinkPurpose, Role, passwords::PasswordHash, store};
use crate::audit::{self, Act};
use crate::ids::{LocationId, MemberId, StaffId, UndoId};
use crate::undo;

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
    store::members::insert(tx, id, new)?;
    audit::record(tx, Act::MemberInvited, id, new.role.code())?;
    Ok(id)
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

/// The role of a member as this transaction sees it: what a request began with may be gone by now.
///
/// # Errors
/// [`MemberError::Unknown`]; those of the store.
pub fn role_of(tx: &Tx<'_>, id: MemberId) -> Result<Role, MemberError> {
    Ok(member(tx, id)?.ok_or(MemberError::Unknown)?.role)
}

/// The member with that address, whatever their state.
///
/// # Errors
/// Those of the store.
pub fn member_by_email(tx: &Tx<'_>, email: &Email) -> Result<Option<Member>, Error> {
    Ok(store::members::by_email(tx, email)?.map(|(member, _)| member))
}

/// Changes what a member is called, may do and serves as, on behalf of `by`.
///
/// # Errors
/// [`MemberError`]: unknown, taken, the last owner, an owner changed by somebody else, or a role that
/// may do more than `by`.
pub fn change_member(tx: &Tx<'_>, by: &Grants, changed: &Member) -> Result<UndoId, MemberError> {
    let before = member(tx, changed.id)?.ok_or(MemberError::Unknown)?;
    if before.role == Role::Owner && by.role() != Some(Role::Owner) {
        return Err(MemberError::OwnersOnly);
    }
    if before.role != changed.role {
        check_given(by, changed.role)?;
    }
    if changed.locations.len() > MAX_MEMBER_LOCATIONS {
        return Err(MemberError::Locations);
    }
    store::members::update(tx, changed)?;
    forget_invitation(tx, &before, changed)?;
    if changed.state == MemberState::Suspended {
        store::sessions::end_all(tx, changed.id, None)?;
    }
    keep_an_owner(tx)?;
    record_change(tx, changed)?;
    let undo = super::change_back::offer(tx, &before, changed)?;
    forget_reach(tx, &before, changed)?;
    Ok(undo)
}

/// What somebody may take back is what they may do, not what a former role allowed: neither what they did
/// before, nor this change itself where they made it of themselves.
pub(super) fn forget_reach(tx: &Tx<'_>, before: &Member, after: &Member) -> Result<(), Error> {
    let reach = |of: &Member| (of.role, of.state, of.staff, of.locations.clone());
    if reach(before) != reach(after) {
        undo::forget(tx, &Actor::member(after.id))?;
    }
    Ok(())
}

/// Whoever becomes an owner before they joined needs a new link: an admin may hold the old one.
pub(super) fn forget_invitation(tx: &Tx<'_>, before: &Member, after: &Member) -> Result<(), Error> {
    if before.role != Role::Owner
        && after.role == Role::Owner
        && after.state == MemberState::Invited
    {
        store::members::remove_links(tx, LinkPurpose::Join, Some(after.id))?;
    }
    Ok(())
}

pub(super) fn record_change(tx: &Tx<'_>, changed: &Member) -> Result<(), Error> {
    let detail = format!("{} {}", changed.role.code(), changed.state.code());
    audit::record(tx, Act::MemberChanged, changed.id, &detail)
}

/// Lets somebody say what they are called, as they join.
///
/// # Errors
/// [`MemberError::Unknown`]; those of the store.
pub fn rename_member(tx: &Tx<'_>, id: MemberId, name: &PersonName) -> Result<(), MemberError> {
    let before = member(tx, id)?.ok_or(MemberError::Unknown)?;
    let name = name.clone();
    Ok(store::members::update(tx, &Member { name, ..before })?)
}

/// Lets a member go: sessions end, links die, the row goes; what they did stays under their id.
///
/// # Errors
/// As [`change_member`].
pub fn remove_member(tx: &Tx<'_>, by: Role, id: MemberId) -> Result<(), MemberError> {
    let before = member(tx, id)?.ok_or(MemberError::Unknown)?;
    if before.role == Role::Owner && by != Role::Owner {
        return Err(MemberError::OwnersOnly);
    }
    store::members::delete(tx, id)?;
    keep_an_owner(tx)?;
    super::tokens::revoke_tokens_of(tx, id)?;
    Ok(audit::record(tx, Act::MemberChanged, id, "removed")?)
}

pub(super) fn keep_an_owner(tx: &Tx<'_>) -> Result<(), MemberError> {
    if store::members::has_active_owner(tx)? {
        Ok(())
    } else {
        Err(MemberError::LastOwner)
    }
}
