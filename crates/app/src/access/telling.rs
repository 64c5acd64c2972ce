//! Mail to all owners.

use kept_base::store::{Error, Tx};

use super::{MemberState, Role, members};
use crate::messaging::{self, Notice};

/// Writes to every owner who can sign in.
///
/// # Errors
/// Those of the store.
pub fn tell_owners(tx: &Tx<'_>, notice: Notice) -> Result<(), Error> {
    for member in members(tx)? {
        if member.role == Role::Owner && member.state == MemberState::Active {
            messaging::notify(tx, notice, member.id)?;
        }
    }
    Ok(())
}
