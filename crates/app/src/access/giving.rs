//! Nobody gives a role that may do more than they may themselves.

use super::{Grants, MemberError, Role};

/// Refuses what nobody gives: a role that may do more than whoever gives it.
///
/// # Errors
/// [`MemberError::OwnersOnly`], [`MemberError::Beyond`].
pub(super) fn check_given(by: &Grants, role: Role) -> Result<(), MemberError> {
    match role {
        _ if by.may_give(role) => Ok(()),
        Role::Owner => Err(MemberError::OwnersOnly),
        _ => Err(MemberError::Beyond),
    }
}
