//! Mail to all owners.

use kept_base::store::{Error, Tx};

use super::{MemberState, Role, members};
use crate::ids::MemberId;
use crate::messaging::{self, Notice};

/// Writes to every owner who can sign in.
///
/// # Errors
/// Those of the store.
pub fn tell_owners(tx: &Tx<'_>, notice: Notice) -> Result<(), Error> {
    tell(tx, notice, None)
}

/// The same, but for one of them.
pub(super) fn tell_other_owners(
    tx: &Tx<'_>,
    notice: Notice,
    except: MemberId,
) -> Result<(), Error> {
    tell(tx, notice, Some(except))
}

fn tell(tx: &Tx<'_>, notice: Notice, except: Option<MemberId>) -> Result<(), Error> {
    for member in members(tx)? {
        let is_meant = member.role == Role::Owner && except != Some(member.id);
        if is_meant && member.state == MemberState::Active {
            messaging::notify(tx, notice, member.id)?;
        }
    }
    Ok(())
}
