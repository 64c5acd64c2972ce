//! Members as users of a directory: brought in, changed, let go.

use kept_base::kit::{Actor, PersonName};
use kept_base::store::{Error, Tx};

use super::error::Refusal;
use super::everything::Everything;
use super::resource::user_name;
use super::rules::{self, Welcome};
use super::wanted::WantedUser;
use crate::access::{self, DirectoryEntry, Member, MemberState, NewMember};
use crate::ids::MemberId;
use crate::policy::May;
use crate::policy::rights::ProvisionMembers;
use crate::{calendar, organization, undo};

/// Brings somebody in, on behalf of `by`, with the role of whoever has no group.
///
/// # Errors
/// The name, address or id is taken, the address is missing, or there are too many; those of the store.
pub fn create(
    tx: &Tx<'_>,
    by: &May<ProvisionMembers>,
    wanted: &WantedUser,
) -> Result<MemberId, Refusal> {
    let (rules, all) = (rules::rules(tx)?, Everything::load(tx)?);
    keep_names_apart(&all, None, &wanted.user_name)?;
    let email = wanted.email.clone();
    let email =
        email.ok_or_else(|| Refusal::value("An address is needed, in emails or userName."))?;
    if access::member_by_email(tx, &email)?.is_some() {
        return Err(Refusal::taken("Another user has this address."));
    }
    let name = match &wanted.name {
        Some(name) => name.clone(),
        None => named_after(&wanted.user_name)?,
    };
    let locale = match wanted.locale {
        Some(locale) => locale.tag().to_owned(),
        None => organization::load(tx)?.locale,
    };
    let by_letter = rules.welcome == Welcome::Letter;
    let new = NewMember {
        name,
        email,
        role: rules.default_role,
        staff: None,
        locale,
    };
    let id = access::provision(tx, by, &new, by_letter)?;
    put_entry(tx, None, id, wanted)?;
    if wanted.active == Some(false)
        && let Some(member) = access::member(tx, id)?
    {
        let state = MemberState::Suspended;
        access::change_provisioned(tx, by, &Member { state, ..member }, by_letter)?;
    }
    Ok(id)
}

/// Without a name, what stands before the `@`.
fn named_after(user_name: &str) -> Result<PersonName, Refusal> {
    let name = user_name.split('@').next().unwrap_or_default();
    PersonName::parse(name).map_err(|_| Refusal::value("displayName or name is needed."))
}

/// Makes a member what is wanted, on behalf of `by`. Whoever is not let in any more loses sessions,
/// links, the tokens they made and their calendar's addresses in the same transaction.
///
/// # Errors
/// As [`create`]; a change of an owner that is not for `by`, or of the last owner.
pub fn replace(
    tx: &Tx<'_>,
    by: &May<ProvisionMembers>,
    (all, member): (&Everything, &Member),
    wanted: &WantedUser,
) -> Result<(), Refusal> {
    keep_names_apart(all, Some(member.id), &wanted.user_name)?;
    let state = match (wanted.active, member.state) {
        (Some(false), _) => MemberState::Suspended,
        (Some(true), MemberState::Suspended) => MemberState::Active,
        (_, state) => state,
    };
    let after = Member {
        name: wanted.name.clone().unwrap_or_else(|| member.name.clone()),
        email: wanted.email.clone().unwrap_or_else(|| member.email.clone()),
        locale: (wanted.locale).map_or_else(|| member.locale.clone(), |one| one.tag().to_owned()),
        state,
        ..member.clone()
    };
    let other = access::member_by_email(tx, &after.email)?;
    if other.is_some_and(|other| other.id != member.id) {
        return Err(Refusal::taken("Another user has this address."));
    }
    let is_new = after.name != member.name
        || after.email != member.email
        || after.locale != member.locale
        || after.state != member.state;
    if is_new {
        let by_letter = rules::rules(tx)?.welcome == Welcome::Letter;
        access::change_provisioned(tx, by, &after, by_letter)?;
    }
    if after.state == MemberState::Suspended && member.state != after.state {
        calendar::revoke_feeds_of(tx, member.id)?;
    }
    put_entry(tx, all.entry(member.id), member.id, wanted)
}

/// Lets a member go: what they did stays under their id.
///
/// # Errors
/// Unknown, an owner's, the last owner; those of the store.
pub fn delete(tx: &Tx<'_>, by: &May<ProvisionMembers>, id: MemberId) -> Result<(), Refusal> {
    calendar::revoke_feeds_of(tx, id)?;
    access::remove_member(tx, by, id)?;
    Ok(undo::forget(tx, &Actor::member(id))?)
}

/// Two users with one name would be one for the directory.
fn keep_names_apart(all: &Everything, own: Option<MemberId>, wanted: &str) -> Result<(), Refusal> {
    let wanted = wanted.to_lowercase();
    let is_taken = all.members.iter().any(|member| {
        Some(member.id) != own && user_name(member, all.entry(member.id)).to_lowercase() == wanted
    });
    if is_taken {
        return Err(Refusal::taken("Another user has this userName."));
    }
    Ok(())
}

fn put_entry(
    tx: &Tx<'_>,
    before: Option<&DirectoryEntry>,
    member: MemberId,
    wanted: &WantedUser,
) -> Result<(), Refusal> {
    let mut entry = DirectoryEntry {
        member,
        user_name: wanted.user_name.clone(),
        external_id: wanted.external_id.clone(),
        given_name: wanted.given_name.clone(),
        family_name: wanted.family_name.clone(),
        // What the directory says of letting in counts more than what its groups say.
        left_groups: wanted.active.is_none() && before.is_some_and(|before| before.left_groups),
        created_at: before.map_or(tx.now(), |before| before.created_at),
        changed_at: before.map_or(tx.now(), |before| before.changed_at),
    };
    if before != Some(&entry) {
        entry.changed_at = tx.now();
        access::put_directory_entry(tx, &entry)?;
    }
    Ok(())
}

/// Counts a member who was there before as the directory's from now on.
pub(super) fn adopt(tx: &Tx<'_>, member: &Member) -> Result<(), Error> {
    access::put_directory_entry(
        tx,
        &DirectoryEntry {
            member: member.id,
            user_name: member.email.expose().to_owned(),
            external_id: None,
            given_name: String::new(),
            family_name: String::new(),
            left_groups: false,
            created_at: tx.now(),
            changed_at: tx.now(),
        },
    )
}

/// Writes down whether a member is suspended because no group is left; whoever is has no calendar to
/// subscribe to either.
pub(super) fn note_left_groups(
    tx: &Tx<'_>,
    all: &Everything,
    member: MemberId,
    left_groups: bool,
) -> Result<(), Error> {
    if left_groups {
        calendar::revoke_feeds_of(tx, member)?;
    }
    let Some(entry) = all.entry(member) else {
        return Ok(());
    };
    let changed = DirectoryEntry {
        left_groups,
        changed_at: tx.now(),
        ..entry.clone()
    };
    access::put_directory_entry(tx, &changed)
}
