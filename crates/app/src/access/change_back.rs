//! Taking back what was changed of a member, of how members sign in, from where, or of a passkey's name.

use std::net::IpAddr;

use kept_base::kit::{Email, PersonName};
use kept_base::store::{Error, Tx};
use serde::{Deserialize, Serialize};

use super::changing::{
    forget_doors, forget_invitation, forget_reach, keep_an_owner, record_change,
};
use super::identities::unlink_new_owner;
use super::members::member;
use super::{
    Member, MemberError, MemberState, NetworkError, Role, networks_back, passkeys, rules, store,
};
use crate::ids::UndoId;
use crate::undo;

/// A change of a member.
#[derive(Serialize, Deserialize)]
struct Change {
    before: Values,
    after: Values,
}

/// What a member was before a change, or after it.
#[derive(Serialize, Deserialize, PartialEq, Eq)]
struct Values {
    id: String,
    name: String,
    email: String,
    role: String,
    state: String,
    staff: Option<String>,
    #[serde(default)]
    locations: Vec<String>,
    locale: String,
}

impl Values {
    fn of(member: &Member) -> Self {
        Self {
            id: member.id.to_string(),
            name: member.name.expose().to_owned(),
            email: member.email.expose().to_owned(),
            role: member.role.code().to_owned(),
            state: member.state.code().to_owned(),
            staff: member.staff.map(|id| id.to_string()),
            locations: member.locations.iter().map(ToString::to_string).collect(),
            locale: member.locale.clone(),
        }
    }

    fn member(self) -> Option<Member> {
        Some(Member {
            id: self.id.parse().ok()?,
            name: PersonName::from_store(self.name),
            email: Email::from_store(self.email),
            role: Role::from_code(&self.role)?,
            state: MemberState::from_code(&self.state)?,
            staff: self.staff.and_then(|id| id.parse().ok()),
            locations: (self.locations.iter())
                .filter_map(|id| id.parse().ok())
                .collect(),
            locale: self.locale,
        })
    }
}

/// Keeps how to take a change back.
pub(super) fn offer(tx: &Tx<'_>, before: &Member, after: &Member) -> Result<UndoId, Error> {
    let change = Change {
        before: Values::of(before),
        after: Values::of(after),
    };
    undo::offer(tx, "access.member", &change)
}

/// Takes back a change of a member, or of how members sign in, for somebody who asks from that address.
///
/// # Errors
/// [`MemberError`] when what came later is in the way.
pub fn take_back(
    tx: &Tx<'_>,
    what: &str,
    payload: &serde_json::Value,
    from: Option<IpAddr>,
) -> Result<(), MemberError> {
    if what == "network" {
        let taken = networks_back::take_back(tx, payload, from);
        return taken.map_err(|error| match error {
            NetworkError::Store(error) => MemberError::Store(error),
            _ => MemberError::Unknown,
        });
    }
    if what == "rules" {
        return rules::take_back(tx, payload);
    }
    if what == "passkey" {
        return Ok(passkeys::take_back(tx, payload)?);
    }
    let unread = || MemberError::Store(Error::Decode("earlier values"));
    let change = Change::deserialize(payload)
        .ok()
        .filter(|_| what == "member");
    let change = change.ok_or_else(unread)?;
    let before = change.before.member().ok_or_else(unread)?;
    let now = member(tx, before.id)?.ok_or(MemberError::Unknown)?;
    // Only what stands as this change left it: a later one, by an owner perhaps, is not undone.
    if Values::of(&now) != change.after {
        return Err(MemberError::Changed);
    }
    store::members::update(tx, &before)?;
    forget_invitation(tx, &now, &before)?;
    unlink_new_owner(tx, &now, &before)?;
    forget_reach(tx, &now, &before)?;
    forget_doors(tx, &now, &before)?;
    keep_an_owner(tx)?;
    Ok(record_change(tx, &before)?)
}
