//! Members and groups as SCIM writes them.

use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::everything::Everything;
use super::groups::Group;
use super::path::{GROUP, USER};
use crate::access::{DirectoryEntry, Member, MemberState};

/// How much of a resource is built: each also has what those before it have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Parts {
    /// What it is by itself.
    Plain,
    /// The groups of a user, the members of a group.
    Linked,
    /// Its version, which is a digest of all the rest.
    Whole,
}

/// The user name of a member: the directory's, or their address where it said none.
#[must_use]
pub fn user_name<'m>(member: &'m Member, entry: Option<&'m DirectoryEntry>) -> &'m str {
    entry.map_or(member.email.expose(), |entry| &entry.user_name)
}

/// First and last name as one.
pub(super) fn joined(given: &str, family: &str) -> String {
    format!("{given} {family}").trim().to_owned()
}

/// A member as a user.
#[must_use]
pub fn user(all: &Everything, base: &str, member: &Member, parts: Parts) -> Map<String, Value> {
    let entry = all.entry(member.id);
    let mut name = Map::new();
    name.insert("formatted".to_owned(), member.name.expose().into());
    if let Some(entry) = entry {
        for (part, text) in [
            ("givenName", &entry.given_name),
            ("familyName", &entry.family_name),
        ] {
            if !text.is_empty() {
                name.insert(part.to_owned(), text.as_str().into());
            }
        }
    }
    let linked = (parts >= Parts::Linked).then(|| all.groups_of(member.id));
    let groups: Vec<Value> = (linked.into_iter().flatten())
        .map(|group| {
            json!({
                "value": group.id.to_string(),
                "$ref": format!("{base}/Groups/{}", group.id),
                "display": group.name,
                "type": "direct",
            })
        })
        .collect();
    let mut user = object(json!({
        "schemas": [USER],
        "id": member.id.to_string(),
        "userName": user_name(member, entry),
        "name": name,
        "displayName": member.name.expose(),
        "emails": [{"value": member.email.expose(), "type": "work", "primary": true}],
        "active": member.state != MemberState::Suspended,
        "preferredLanguage": member.locale,
    }));
    if !groups.is_empty() {
        user.insert("groups".to_owned(), groups.into());
    }
    let external_id = entry.and_then(|entry| entry.external_id.as_deref());
    let times = entry.map(|entry| (entry.created_at, entry.changed_at));
    let location = format!("{base}/Users/{}", member.id);
    finish(user, external_id, ("User", location), (times, parts))
}

/// A group.
#[must_use]
pub fn group(all: &Everything, base: &str, group: &Group, parts: Parts) -> Map<String, Value> {
    let linked = (parts >= Parts::Linked).then(|| all.members_of(group.id));
    let members: Vec<Value> = (linked.into_iter().flatten())
        .map(|member| {
            json!({
                "value": member.id.to_string(),
                "$ref": format!("{base}/Users/{}", member.id),
                "display": member.name.expose(),
                "type": "User",
            })
        })
        .collect();
    let resource = object(json!({
        "schemas": [GROUP],
        "id": group.id.to_string(),
        "displayName": group.name,
        "members": members,
    }));
    let times = Some((group.created_at, group.changed_at));
    let location = format!("{base}/Groups/{}", group.id);
    finish(
        resource,
        group.external_id.as_deref(),
        ("Group", location),
        (times, parts),
    )
}

/// Adds the directory's id, and what is known of the resource itself. Its version is a digest of all
/// that it shows.
fn finish(
    mut resource: Map<String, Value>,
    external_id: Option<&str>,
    (kind, location): (&str, String),
    (times, parts): (Option<(jiff::Timestamp, jiff::Timestamp)>, Parts),
) -> Map<String, Value> {
    if let Some(external_id) = external_id {
        resource.insert("externalId".to_owned(), external_id.into());
    }
    let mut meta = object(json!({
        "resourceType": kind,
        "location": location,
    }));
    if parts == Parts::Whole {
        let digest = Sha256::digest(Value::Object(resource.clone()).to_string().as_bytes());
        let version = format!("W/\"{}\"", HEXLOWER.encode(&digest[..12]));
        meta.insert("version".to_owned(), version.into());
    }
    if let Some((created, changed)) = times {
        meta.insert("created".to_owned(), created.to_string().into());
        meta.insert("lastModified".to_owned(), changed.to_string().into());
    }
    resource.insert("meta".to_owned(), meta.into());
    resource
}

/// The version that a resource says it has.
#[must_use]
pub fn version(resource: &Map<String, Value>) -> &str {
    let version = resource.get("meta").and_then(|meta| meta.get("version"));
    version.and_then(Value::as_str).unwrap_or_default()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

/// What a change in parts begins with: a name that only repeats its parts follows when they change, and
/// whether they are let in stays unless it is said.
#[must_use]
pub fn before_patch(mut user: Map<String, Value>) -> Map<String, Value> {
    let part = |name: &str| {
        let found = user.get("name").and_then(|all| all.get(name));
        found.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let repeats = joined(&part("givenName"), &part("familyName")) == part("formatted");
    if repeats {
        user.remove("displayName");
    }
    user.remove("active");
    if let Some(name) = user.get_mut("name").and_then(Value::as_object_mut) {
        name.remove("formatted");
    }
    user
}
