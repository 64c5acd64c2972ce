//! Groups of a directory: who is in them, and the role that an owner lets each give.

use std::collections::BTreeSet;

use jiff::Timestamp;
use kept_base::store::Tx;

use super::error::Refusal;
use super::everything::Everything;
use super::rules::{self, Rules, Welcome, WithoutGroup};
use super::wanted::WantedGroup;
use super::{store, users};
use crate::access::{self, Member, MemberState, Role};
use crate::audit::{self, Act};
use crate::ids::{MemberId, ScimGroupId};
use crate::policy::rights::{MapGroups, ProvisionMembers};
use crate::policy::{May, OfMembers};

/// Most groups of one organization.
pub const MAX_DIRECTORY_GROUPS: usize = 200;
/// Most memberships of one organization: how many times a user is in a group.
pub const MAX_GROUP_MEMBERSHIPS: usize = 20_000;

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: ScimGroupId,
    /// What it is called; no other has that name.
    pub name: String,
    /// The directory's id of it.
    pub external_id: Option<String>,
    /// The role that it gives; none until an owner says which, and never owner.
    pub role: Option<Role>,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub changed_at: Timestamp,
}

/// Adds a group, on behalf of `by`; `all` is what there is, and follows.
///
/// # Errors
/// The name or id is taken, or there are [`MAX_DIRECTORY_GROUPS`] or [`MAX_GROUP_MEMBERSHIPS`]; those of
/// members and the store.
pub fn create(
    tx: &Tx<'_>,
    by: &May<ProvisionMembers>,
    all: &mut Everything,
    wanted: &WantedGroup,
) -> Result<ScimGroupId, Refusal> {
    if all.groups.len() >= MAX_DIRECTORY_GROUPS {
        return Err(Refusal::conflict(
            "There are as many groups as there can be: 200.",
        ));
    }
    let group = Group {
        id: ScimGroupId::new(tx.now(), tx.entropy()),
        name: wanted.name.clone(),
        external_id: wanted.external_id.clone(),
        role: None,
        created_at: tx.now(),
        changed_at: tx.now(),
    };
    store::insert_group(tx, &group)?;
    audit::record(tx, Act::GroupChanged, group.id, "made")?;
    let id = group.id;
    all.put_group(group);
    fill(tx, by, all, (id, &wanted.members))?;
    Ok(id)
}

/// Makes a group what is wanted; `all` is what there is, and follows.
///
/// # Errors
/// As [`create`], and unknown.
pub fn replace(
    tx: &Tx<'_>,
    by: &May<ProvisionMembers>,
    all: &mut Everything,
    (id, wanted): (ScimGroupId, &WantedGroup),
) -> Result<(), Refusal> {
    let group = all.group(id).ok_or_else(Refusal::unknown)?.clone();
    let after = Group {
        name: wanted.name.clone(),
        external_id: wanted.external_id.clone(),
        ..group.clone()
    };
    let has_moved = fill(tx, by, all, (id, &wanted.members))?;
    if after != group || has_moved {
        let changed_at = tx.now();
        store::update_group(
            tx,
            &Group {
                changed_at,
                ..after
            },
        )?;
        audit::record(tx, Act::GroupChanged, group.id, "changed")?;
    }
    Ok(())
}

/// Removes a group: everybody leaves it.
///
/// # Errors
/// Those of members and the store.
pub fn delete(
    tx: &Tx<'_>,
    by: &May<ProvisionMembers>,
    all: &mut Everything,
    id: ScimGroupId,
) -> Result<(), Refusal> {
    fill(tx, by, all, (id, &BTreeSet::new()))?;
    store::delete_group(tx, id)?;
    Ok(audit::record(tx, Act::GroupChanged, id, "removed")?)
}

/// Says which role a group gives, which its members have at once.
///
/// # Errors
/// Unknown; those of members and the store.
pub fn set_role(
    tx: &Tx<'_>,
    by: &May<MapGroups>,
    id: ScimGroupId,
    role: Option<Role>,
) -> Result<(), Refusal> {
    let mut all = Everything::load(tx)?;
    let group = all.group(id).ok_or_else(Refusal::unknown)?;
    if group.role == role || role == Some(Role::Owner) {
        return Ok(());
    }
    let changed_at = tx.now();
    let after = Group {
        role,
        changed_at,
        ..group.clone()
    };
    store::update_group(tx, &after)?;
    all.put_group(after);
    let detail = format!("{id} {}", role.map_or("none", Role::code));
    audit::record(tx, Act::ProvisioningChanged, tx.organization(), &detail)?;
    let members: Vec<MemberId> = all.members_of(id).map(|member| member.id).collect();
    settle(tx, by, &all, &members)
}

/// Lets exactly `wanted` be in a group, and gives whoever came or went their role. Tells whether
/// anybody did.
fn fill(
    tx: &Tx<'_>,
    by: &May<ProvisionMembers>,
    all: &mut Everything,
    (group, wanted): (ScimGroupId, &BTreeSet<MemberId>),
) -> Result<bool, Refusal> {
    let present: BTreeSet<MemberId> = all.members_of(group).map(|member| member.id).collect();
    let came: Vec<MemberId> = wanted.difference(&present).copied().collect();
    let went: Vec<MemberId> = present.difference(wanted).copied().collect();
    // Whatever there is already may become fewer.
    let after = all.memberships() - went.len() + came.len();
    if came.len() > went.len() && after > MAX_GROUP_MEMBERSHIPS {
        return Err(Refusal::conflict(
            "There are as many memberships of users in groups as there can be: 20,000.",
        ));
    }
    for member in &came {
        access::join_group(tx, group, *member)?;
        if all.entry(*member).is_none()
            && let Some(member) = all.member(*member)
        {
            users::adopt(tx, member)?;
        }
        all.join(group, *member);
    }
    for member in &went {
        access::leave_group(tx, group, *member)?;
        all.leave(group, *member);
    }
    let moved = [came, went].concat();
    settle(tx, by, all, &moved)?;
    Ok(!moved.is_empty())
}

/// What a member is by their groups.
fn settled(rules: Rules, all: &Everything, member: &Member) -> Member {
    let is_in_one = all.groups_of(member.id).next().is_some();
    let given: Vec<Role> = all
        .groups_of(member.id)
        .filter_map(|group| group.role)
        .collect();
    // In the order of the roles, of which the first may do most.
    let mut ordered = Role::ALL.into_iter();
    let role = ordered.find(|role| given.contains(role));
    let left = all.entry(member.id).is_some_and(|entry| entry.left_groups);
    let state = match (rules.without_group, is_in_one) {
        (WithoutGroup::Suspend, false) => MemberState::Suspended,
        (_, true) if left && member.state == MemberState::Suspended => MemberState::Active,
        _ => member.state,
    };
    Member {
        role: role.unwrap_or(rules.default_role),
        state,
        ..member.clone()
    }
}

/// Gives these members what their groups say, by `all` as it is by now. Owners stay what they are.
fn settle<R: OfMembers>(
    tx: &Tx<'_>,
    by: &May<R>,
    all: &Everything,
    members: &[MemberId],
) -> Result<(), Refusal> {
    if members.is_empty() {
        return Ok(());
    }
    let rules = rules::rules(tx)?;
    let known = members.iter().filter_map(|id| all.member(*id));
    for member in known.filter(|member| member.role != Role::Owner) {
        let after = settled(rules, all, member);
        if (after.role, after.state) == (member.role, member.state) {
            continue;
        }
        access::change_provisioned(tx, by, &after, rules.welcome == Welcome::Letter)?;
        if after.state != member.state {
            users::note_left_groups(tx, all, member.id, after.state == MemberState::Suspended)?;
        }
    }
    Ok(())
}
