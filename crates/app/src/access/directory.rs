//! What a directory elsewhere calls a member, and in which of its groups they are.

use jiff::Timestamp;
use kept_base::store::{Error, Tx};

use super::store;
use crate::ids::{MemberId, ScimGroupId};

/// Longest name, user name or id that a directory gives somebody or something, in characters.
pub const MAX_DIRECTORY_NAME_CHARS: usize = 200;

/// What a directory calls a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryEntry {
    /// Whom.
    pub member: MemberId,
    /// What they sign in with there; nobody else of the organization has it, in any case of letters.
    pub user_name: String,
    /// The directory's own id of them; nobody else has it.
    pub external_id: Option<String>,
    /// First name, as the directory has it.
    pub given_name: String,
    /// Last name, as the directory has it.
    pub family_name: String,
    /// Whether they are suspended because they are in no group any more.
    pub left_groups: bool,
    /// Since when they are known to it.
    pub created_at: Timestamp,
    /// When it changed something last.
    pub changed_at: Timestamp,
}

/// A name as it is compared.
#[must_use]
pub(super) fn fold(name: &str) -> String {
    name.to_lowercase()
}

/// What a directory calls members, of all of whom it said something.
///
/// # Errors
/// Those of the store.
pub fn directory_entries(tx: &Tx<'_>) -> Result<Vec<DirectoryEntry>, Error> {
    store::directory::all(tx)
}

/// Keeps what a directory calls a member.
///
/// # Errors
/// Those of the store, one of which says that another has the name or the id.
pub fn put_directory_entry(tx: &Tx<'_>, entry: &DirectoryEntry) -> Result<(), Error> {
    store::directory::put(tx, entry)
}

/// Who is in which group.
///
/// # Errors
/// Those of the store.
pub fn memberships(tx: &Tx<'_>) -> Result<Vec<(ScimGroupId, MemberId)>, Error> {
    store::directory::memberships(tx)
}

/// Puts a member into a group.
///
/// # Errors
/// Those of the store.
pub fn join_group(tx: &Tx<'_>, group: ScimGroupId, member: MemberId) -> Result<(), Error> {
    store::directory::join(tx, group, member)
}

/// Takes a member out of a group.
///
/// # Errors
/// Those of the store.
pub fn leave_group(tx: &Tx<'_>, group: ScimGroupId, member: MemberId) -> Result<(), Error> {
    store::directory::leave(tx, group, member)
}
