//! All that a directory can ask about, read at once: members are few ([`MAX_MEMBERS`]), and a filter is
//! asked of what was read, never of the store.
//!
//! [`MAX_MEMBERS`]: crate::access::MAX_MEMBERS

use std::collections::{BTreeSet, HashMap};

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
    entries: HashMap<MemberId, DirectoryEntry>,
    /// Where each member is in `members`, and each group in `groups`.
    member_places: HashMap<MemberId, usize>,
    group_places: HashMap<ScimGroupId, usize>,
    /// Who is in which, looked at from both sides, so that no question reads all of it.
    groups_of: HashMap<MemberId, BTreeSet<ScimGroupId>>,
    members_of: HashMap<ScimGroupId, BTreeSet<MemberId>>,
}

impl Everything {
    /// Reads it.
    ///
    /// # Errors
    /// Those of the store.
    pub fn load(tx: &Tx<'_>) -> Result<Self, Error> {
        let (members, groups) = (access::members(tx)?, store::groups(tx)?);
        let entries = access::directory_entries(tx)?.into_iter();
        let members_in_order = members.iter().enumerate();
        let groups_in_order = groups.iter().enumerate();
        let mut all = Self {
            member_places: members_in_order.map(|(at, one)| (one.id, at)).collect(),
            group_places: groups_in_order.map(|(at, one)| (one.id, at)).collect(),
            members,
            groups,
            entries: entries.map(|entry| (entry.member, entry)).collect(),
            groups_of: HashMap::new(),
            members_of: HashMap::new(),
        };
        for (group, member) in access::memberships(tx)? {
            all.join(group, member);
        }
        Ok(all)
    }

    /// The member of that id.
    #[must_use]
    pub fn member(&self, id: MemberId) -> Option<&Member> {
        let place = self.member_places.get(&id)?;
        self.members.get(*place)
    }

    /// What the directory calls a member, where it said something.
    #[must_use]
    pub fn entry(&self, id: MemberId) -> Option<&DirectoryEntry> {
        self.entries.get(&id)
    }

    /// The group of that id.
    #[must_use]
    pub fn group(&self, id: ScimGroupId) -> Option<&Group> {
        let place = self.group_places.get(&id)?;
        self.groups.get(*place)
    }

    /// The groups that a member is in, in the order of their ids.
    pub fn groups_of(&self, member: MemberId) -> impl Iterator<Item = &Group> {
        let of = self.groups_of.get(&member).into_iter().flatten();
        of.filter_map(|group| self.group(*group))
    }

    /// The members of a group, in the order of their ids.
    pub fn members_of(&self, group: ScimGroupId) -> impl Iterator<Item = &Member> {
        let of = self.members_of.get(&group).into_iter().flatten();
        of.filter_map(|member| self.member(*member))
    }

    /// How many times somebody is in a group.
    #[must_use]
    pub fn memberships(&self) -> usize {
        self.members_of.values().map(BTreeSet::len).sum()
    }

    /// Follows a group that was made or changed; a new one comes last.
    pub fn put_group(&mut self, group: Group) {
        match self.group_places.get(&group.id) {
            Some(place) => self.groups[*place] = group,
            None => {
                self.group_places.insert(group.id, self.groups.len());
                self.groups.push(group);
            }
        }
    }

    /// Follows a member into a group.
    pub fn join(&mut self, group: ScimGroupId, member: MemberId) {
        self.groups_of.entry(member).or_default().insert(group);
        self.members_of.entry(group).or_default().insert(member);
    }

    /// Follows a member out of a group.
    pub fn leave(&mut self, group: ScimGroupId, member: MemberId) {
        if let Some(groups) = self.groups_of.get_mut(&member) {
            groups.remove(&group);
        }
        if let Some(members) = self.members_of.get_mut(&group) {
            members.remove(&member);
        }
    }
}
