//! All that a directory can ask about, read at once: members are few ([`MAX_MEMBERS`]), and a filter is
//! asked of what was read, never of the store.
//!
//! [`MAX_MEMBERS`]: crate::access::MAX_MEMBERS

use std::collections::HashMap;

use kept_base::store::{Error, Tx};

use super::groups::Group;
use super::store;
use crate::access::{self, DirectoryEntry, Member};
use crate::ids::{MemberId, ScimGroupId};

/// Members, what the directory calls them, groups, and who is in which.
#[derive(Debug)]
pub struct Everything {
    /// In the order they came.
    pub members: Vec<Member>,
    /// In the order of their names.
    pub groups: Vec<Group>,
    places: HashMap<MemberId, usize>,
    entries: HashMap<MemberId, DirectoryEntry>,
    memberships: Vec<(ScimGroupId, MemberId)>,
}

impl Everything {
    /// Reads it.
    ///
    /// # Errors
    /// Those of the store.
    pub fn load(tx: &Tx<'_>) -> Result<Self, Error> {
        let members = access::members(tx)?;
        let entries = access::directory_entries(tx)?.into_iter();
        Ok(Self {
            places: (members.iter().enumerate())
                .map(|(place, member)| (member.id, place))
                .collect(),
            members,
            groups: store::groups(tx)?,
            entries: entries.map(|entry| (entry.member, entry)).collect(),
            memberships: access::memberships(tx)?,
        })
    }

    /// The member of that id.
    #[must_use]
    pub fn member(&self, id: MemberId) -> Option<&Member> {
        self.places.get(&id).map(|place| &self.members[*place])
    }

    /// What the directory calls a member, where it said something.
    #[must_use]
    pub fn entry(&self, id: MemberId) -> Option<&DirectoryEntry> {
        self.entries.get(&id)
    }

    /// The group of that id.
    #[must_use]
    pub fn group(&self, id: ScimGroupId) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// The groups that a member is in.
    pub fn groups_of(&self, member: MemberId) -> impl Iterator<Item = &Group> {
        let of = self
            .memberships
            .iter()
            .filter(move |(_, one)| *one == member);
        of.filter_map(|(group, _)| self.group(*group))
    }

    /// The members of a group.
    pub fn members_of(&self, group: ScimGroupId) -> impl Iterator<Item = &Member> {
        let of = self
            .memberships
            .iter()
            .filter(move |(one, _)| *one == group);
        of.filter_map(|(_, member)| self.member(*member))
    }
}
