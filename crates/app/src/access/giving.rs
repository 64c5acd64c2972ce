//! Nobody gives a role that may do more than they may themselves.

use kept_base::store::Tx;

use super::{Grants, MemberError, Role, grants_of};
use crate::ids::MemberId;

/// What the member of that id may give to others, as this transaction sees it.
///
/// # Errors
/// [`MemberError::Unknown`] unless they are active; those of the store.
pub fn giver(tx: &Tx<'_>, id: MemberId) -> Result<Grants, MemberError> {
    grants_of(tx, id)?.ok_or(MemberError::Unknown)
}

/// Refuses what nobody gives: a role that may do more than whoever gives it.
///
/// # Errors
/// [`MemberError::OwnersOnly`], [`MemberError::Beyond`].
pub fn check_given(by: &Grants, role: Role) -> Result<(), MemberError> {
    match role {
        _ if by.may_give(role) => Ok(()),
        Role::Owner => Err(MemberError::OwnersOnly),
        _ => Err(MemberError::Beyond),
    }
}
