//! Members whom a directory brings in, changes and lets go. It never makes an owner, and of an owner it
//! changes nothing but whether they are let in.

use kept_base::kit::Actor;
use kept_base::store::Tx;

use super::addresses::tell_before;
use super::changing::{keep_an_owner, record_change};
use super::giving::check_given;
use super::members::{add_member, member};
use super::tokens::revoke_tokens_of;
use super::{Grants, Member, MemberError, MemberState, NewMember, Role, store};
use crate::audit::{self, Act};
use crate::ids::MemberId;
use crate::messaging::{self, Notice};
use crate::policy::rights::ProvisionMembers;
use crate::policy::{May, OfMembers};
use crate::undo;

/// Adds a member. With a letter they are invited and set a password; without one they are active at
/// once and come in by what the organization has beside passwords.
///
/// # Errors
/// [`MemberError`]: the address is taken, there are too many, it would be an owner, or somebody who may do more
/// than `by`.
pub fn provision(
    tx: &Tx<'_>,
    by: &May<ProvisionMembers>,
    new: &NewMember,
    by_letter: bool,
) -> Result<MemberId, MemberError> {
    if new.role == Role::Owner {
        return Err(MemberError::OwnersOnly);
    }
    check_given(by.grants(), new.role)?;
    let id = add_member(tx, new)?;
    if by_letter {
        messaging::notify(tx, Notice::Join, id)?;
    } else {
        store::members::set_state(tx, id, MemberState::Active)?;
        audit::record(tx, Act::MemberJoined, id, "directory")?;
    }
    Ok(id)
}

/// Changes a member as a directory says, on behalf of `by`. Whoever is let in again without ever having
/// had a password is invited when `by_letter`. Whoever is not let in any more loses sessions,
/// half-done sign-ins, links and the tokens they made, in the same transaction.
///
/// # Errors
/// [`MemberError`]: unknown, taken, the last owner, a change that only owners make, or one that gives somebody
/// more than `by` may do.
pub fn change_provisioned<R: OfMembers>(
    tx: &Tx<'_>,
    by: &May<R>,
    changed: &Member,
    by_letter: bool,
) -> Result<(), MemberError> {
    let before = member(tx, changed.id)?.ok_or(MemberError::Unknown)?;
    may_change(by.is_owner(), &before, changed)?;
    check_handed_over(by.grants(), &before, changed)?;
    super::members::keep_address_free(tx, changed.id, &changed.email)?;
    let mut after = changed.clone();
    let is_let_in = before.state == MemberState::Suspended && after.state == MemberState::Active;
    if is_let_in && by_letter && !store::members::has_password(tx, after.id)? {
        after.state = MemberState::Invited;
    }
    store::members::update(tx, &after)?;
    let has_moved = before.email != after.email;
    if has_moved {
        // Links went to where they are no longer written to.
        store::members::remove_all_links(tx, after.id)?;
        if before.state == MemberState::Active {
            tell_before(tx, &before)?;
        }
    }
    if after.state == MemberState::Invited && (has_moved || is_let_in) {
        messaging::notify(tx, Notice::Join, after.id)?;
    }
    if after.state == MemberState::Suspended && before.state != after.state {
        store::sessions::end_all(tx, after.id, None)?;
        store::members::remove_all_links(tx, after.id)?;
        revoke_tokens_of(tx, after.id)?;
    }
    keep_an_owner(tx)?;
    if (before.role, before.state) != (after.role, after.state) {
        undo::forget(tx, &Actor::member(after.id))?;
    }
    Ok(record_change(tx, &after)?)
}

/// A role is given by whoever may do as much, and so is an account: who is written to elsewhere, or is let in
/// again, can be somebody whom the directory chose.
fn check_handed_over(by: &Grants, before: &Member, after: &Member) -> Result<(), MemberError> {
    let is_let_in = before.state == MemberState::Suspended && after.state != MemberState::Suspended;
    if before.role != after.role || before.email != after.email || is_let_in {
        check_given(by, after.role)?;
    }
    Ok(())
}

fn may_change(by_owner: bool, before: &Member, changed: &Member) -> Result<(), MemberError> {
    if before.role != Role::Owner {
        return if changed.role == Role::Owner {
            Err(MemberError::OwnersOnly)
        } else {
            Ok(())
        };
    }
    let same =
        before.role == changed.role && before.name == changed.name && before.email == changed.email;
    if same && (before.state == changed.state || by_owner) {
        Ok(())
    } else {
        Err(MemberError::OwnersOnly)
    }
}
