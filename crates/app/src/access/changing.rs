//! Members changed and let go, by others and by themselves.

use kept_base::kit::{Actor, PersonName};
use kept_base::page::Locale;
use kept_base::store::{Error, Tx};

use super::giving::check_given;
use super::identities::unlink_new_owner;
use super::members::{MAX_MEMBER_LOCATIONS, add_member, member};
use super::{LinkPurpose, Member, MemberError, MemberState, NewMember, Role, end_sessions, store};
use crate::audit::{self, Act};
use crate::ids::{MemberId, StaffId, UndoId};
use crate::messaging::{self, Notice};
use crate::policy::rights::{ChangeSettings, ManageMembers, UseAccount};
use crate::policy::{May, OfMembers};
use crate::undo;

/// Invites somebody to be a member; they are written to.
///
/// # Errors
/// [`MemberError`]: the address is taken, there are too many, or a role that may do more than `by`.
pub fn invite(
    tx: &Tx<'_>,
    by: &May<ManageMembers>,
    new: &NewMember,
) -> Result<MemberId, MemberError> {
    check_given(by.grants(), new.role)?;
    let id = add_member(tx, new)?;
    messaging::notify(tx, Notice::Join, id)?;
    Ok(id)
}

/// Changes what a member is called, may do and serves as, on behalf of `by`.
///
/// # Errors
/// [`MemberError`]: unknown, taken, the last owner, an owner changed by somebody else, or a role that
/// may do more than `by`.
pub fn change_member(
    tx: &Tx<'_>,
    by: &May<ManageMembers>,
    changed: &Member,
) -> Result<UndoId, MemberError> {
    let before = member(tx, changed.id)?.ok_or(MemberError::Unknown)?;
    if before.role == Role::Owner && !by.is_owner() {
        return Err(MemberError::OwnersOnly);
    }
    let is_let_in =
        before.state == MemberState::Suspended && changed.state != MemberState::Suspended;
    if before.role != changed.role || is_let_in {
        check_given(by.grants(), changed.role)?;
    }
    put_change(tx, &before, changed)
}

/// What members change of themselves: what they are called and the language of their pages.
///
/// # Errors
/// [`MemberError::Unknown`]; those of the store.
pub fn change_account(
    tx: &Tx<'_>,
    _: &May<UseAccount>,
    id: MemberId,
    name: PersonName,
    locale: Option<Locale>,
) -> Result<UndoId, MemberError> {
    let before = member(tx, id)?.ok_or(MemberError::Unknown)?;
    let locale = locale.map_or_else(|| before.locale.clone(), |one| one.tag().to_owned());
    let changed = Member {
        name,
        locale,
        ..before.clone()
    };
    put_change(tx, &before, &changed)
}

/// Has whoever sets an organization up serve as `staff`.
///
/// # Errors
/// [`MemberError::Unknown`]; those of the store.
pub fn serve_as(
    tx: &Tx<'_>,
    _: &May<ChangeSettings>,
    id: MemberId,
    staff: StaffId,
) -> Result<UndoId, MemberError> {
    let before = member(tx, id)?.ok_or(MemberError::Unknown)?;
    let changed = Member {
        staff: Some(staff),
        ..before.clone()
    };
    put_change(tx, &before, &changed)
}

fn put_change(tx: &Tx<'_>, before: &Member, changed: &Member) -> Result<UndoId, MemberError> {
    if changed.locations.len() > MAX_MEMBER_LOCATIONS {
        return Err(MemberError::Locations);
    }
    store::members::update(tx, changed)?;
    forget_invitation(tx, before, changed)?;
    unlink_new_owner(tx, before, changed)?;
    forget_doors(tx, before, changed)?;
    keep_an_owner(tx)?;
    record_change(tx, changed)?;
    let undo = super::change_back::offer(tx, before, changed)?;
    forget_reach(tx, before, changed)?;
    Ok(undo)
}

/// Signs a member out everywhere, who may sign in again: where they left a browser open, or somebody else knows
/// its session.
///
/// # Errors
/// [`MemberError::Unknown`], [`MemberError::OwnersOnly`]; those of the store.
pub fn end_sessions_of(
    tx: &Tx<'_>,
    by: &May<ManageMembers>,
    id: MemberId,
) -> Result<(), MemberError> {
    let member = member(tx, id)?.ok_or(MemberError::Unknown)?;
    if member.role == Role::Owner && !by.is_owner() {
        return Err(MemberError::OwnersOnly);
    }
    Ok(end_sessions(tx, id, None)?)
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

/// Whoever is suspended is out, and so is what would have let them in; when they are let in again, it is by signing
/// in.
pub(super) fn forget_doors(tx: &Tx<'_>, before: &Member, after: &Member) -> Result<(), Error> {
    if before.state == MemberState::Suspended || after.state == MemberState::Suspended {
        store::sessions::end_all(tx, after.id, None)?;
        store::members::remove_all_links(tx, after.id)?;
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
pub fn remove_member<R: OfMembers>(
    tx: &Tx<'_>,
    by: &May<R>,
    id: MemberId,
) -> Result<(), MemberError> {
    let before = member(tx, id)?.ok_or(MemberError::Unknown)?;
    if before.role == Role::Owner && !by.is_owner() {
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
