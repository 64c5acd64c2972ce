//! What the organization takes from its roles: read with every session, changed by admins.

use kept_base::kit::Actor;
use kept_base::store::{Error, Tx};

use super::{Area, Level, Limits, MemberError, Role, store};
use crate::audit::{self, Act};
use crate::policy::May;
use crate::policy::rights::ManageMembers;
use crate::undo;

/// What is taken from the roles.
///
/// # Errors
/// Those of the store.
pub fn limits(tx: &Tx<'_>) -> Result<Limits, Error> {
    Ok(Limits::new(store::limits::all(tx)?))
}

/// Leaves `level` of `area` to `role`, on behalf of `by`. Owners keep everything.
///
/// # Errors
/// [`MemberError::OwnersOnly`] for what nobody but an owner takes from a role or gives back to it
/// ([`Grants::may_limit`](super::Grants::may_limit)); those of the store.
pub fn set_limit(
    tx: &Tx<'_>,
    by: &May<ManageMembers>,
    role: Role,
    (area, level): (Area, Level),
) -> Result<(), MemberError> {
    if limits(tx)?.level(role, area) == level {
        return Ok(());
    }
    if !by.grants().may_limit(role, area, level) {
        return Err(MemberError::OwnersOnly);
    }
    store::limits::put(tx, role, area, level)?;
    // What somebody may take back is what they may do.
    for member in store::members::all(tx)? {
        if member.role == role {
            undo::forget(tx, &Actor::member(member.id))?;
        }
    }
    let detail = format!("{} {} {}", role.code(), area.code(), level.code());
    Ok(audit::record(
        tx,
        Act::RoleLimited,
        tx.organization(),
        &detail,
    )?)
}
