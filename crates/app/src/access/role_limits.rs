//! What the organization takes from its roles: read with every session, changed by admins.

use kept_base::kit::Actor;
use kept_base::store::{Error, Tx};

use super::{Area, Level, Limits, Role, store};
use crate::audit::{self, Act};
use crate::undo;

/// What is taken from the roles.
///
/// # Errors
/// Those of the store.
pub fn limits(tx: &Tx<'_>) -> Result<Limits, Error> {
    Ok(Limits::new(store::limits::all(tx)?))
}

/// Leaves `level` of `area` to `role`; tells whether that is new. Owners keep everything.
///
/// # Errors
/// Those of the store.
pub fn set_limit(tx: &Tx<'_>, role: Role, area: Area, level: Level) -> Result<bool, Error> {
    if role == Role::Owner || limits(tx)?.level(role, area) == level {
        return Ok(false);
    }
    store::limits::put(tx, role, area, level)?;
    // What somebody may take back is what they may do.
    for member in store::members::all(tx)? {
        if member.role == role {
            undo::forget(tx, &Actor::member(member.id))?;
        }
    }
    let detail = format!("{} {} {}", role.code(), area.code(), level.code());
    audit::record(tx, Act::RoleLimited, tx.organization(), &detail)?;
    Ok(true)
}
