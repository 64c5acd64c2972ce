//! Users and groups as a directory wants them, read from JSON.

use std::collections::BTreeSet;

use kept_base::kit::{Email, PersonName};
use kept_base::page::Locale;
use serde_json::{Map, Value};

use super::error::Refusal;
use super::patch::{Shape, is_true};
use super::path::get;
use super::resource::joined;
use crate::access::MAX_DIRECTORY_NAME_CHARS;
use crate::ids::MemberId;

/// Most addresses of one user that are looked at.
pub const MAX_USER_EMAILS: usize = 20;

/// What of users is kept.
pub const USER_SHAPE: Shape = Shape {
    kept: &[
        "userName",
        "externalId",
        "name",
        "displayName",
        "emails",
        "active",
        "preferredLanguage",
    ],
    lists: &["emails"],
    passed_over: &[
        "nickName",
        "profileUrl",
        "title",
        "userType",
        "locale",
        "timezone",
        "password",
        "phoneNumbers",
        "ims",
        "photos",
        "addresses",
        "entitlements",
        "roles",
        "x509Certificates",
    ],
};

/// What of groups is kept.
pub const GROUP_SHAPE: Shape = Shape {
    kept: &["displayName", "externalId", "members"],
    lists: &["members"],
    passed_over: &[],
};

/// A user as a directory wants them; what is absent stays.
#[derive(Debug, Clone)]
pub struct WantedUser {
    /// What they sign in with there.
    pub user_name: String,
    /// The directory's id of them.
    pub external_id: Option<String>,
    /// What they are called.
    pub name: Option<PersonName>,
    /// First name.
    pub given_name: String,
    /// Last name.
    pub family_name: String,
    /// Where they are written to.
    pub email: Option<Email>,
    /// Whether they are let in.
    pub active: Option<bool>,
    /// The language of their pages.
    pub locale: Option<Locale>,
}

/// A group as a directory wants it.
#[derive(Debug, Clone)]
pub struct WantedGroup {
    /// What it is called.
    pub name: String,
    /// The directory's id of it.
    pub external_id: Option<String>,
    /// Who is in it.
    pub members: BTreeSet<MemberId>,
}

/// Reads a user.
///
/// # Errors
/// `invalidValue` says which attribute.
pub fn read_user(user: &Map<String, Value>) -> Result<WantedUser, Refusal> {
    let user_name = text(
        user,
        "userName",
        "userName is a text of 1 to 200 characters.",
    )?;
    let user_name = user_name.ok_or_else(|| Refusal::value("userName is needed."))?;
    let external_id = text(
        user,
        "externalId",
        "externalId is a text of up to 200 characters.",
    )?;
    let none = Map::new();
    let parts = match get(user, "name") {
        None | Some(Value::Null) => &none,
        Some(Value::Object(parts)) => parts,
        Some(_) => return Err(Refusal::value("name is an object.")),
    };
    let part = |name| {
        let found = text(
            parts,
            name,
            "The parts of name are texts of up to 200 characters.",
        );
        found.map(Option::unwrap_or_default)
    };
    let (given_name, family_name) = (part("givenName")?, part("familyName")?);
    let shown = text(
        user,
        "displayName",
        "displayName is a text of up to 120 characters.",
    )?;
    let formatted = Some(part("formatted")?).filter(|text| !text.is_empty());
    let both = Some(joined(&given_name, &family_name)).filter(|text| !text.is_empty());
    let name = shown
        .or(formatted)
        .or(both)
        .map(|name| PersonName::parse(&name));
    let name = name.transpose();
    Ok(WantedUser {
        name: name.map_err(|_| Refusal::value("A name has up to 120 characters."))?,
        email: email(user, &user_name)?,
        active: match get(user, "active") {
            None | Some(Value::Null) => None,
            Some(value) => Some(yes_or_no(value)?),
        },
        locale: text(
            user,
            "preferredLanguage",
            "preferredLanguage is a language tag.",
        )?
        .and_then(|tag| Locale::from_tag(tag.split(['-', '_']).next().unwrap_or_default())),
        user_name,
        external_id,
        given_name,
        family_name,
    })
}

fn yes_or_no(value: &Value) -> Result<bool, Refusal> {
    let is_no = |text: &str| text.eq_ignore_ascii_case("false");
    match value {
        Value::Bool(_) => Ok(is_true(value)),
        Value::String(text) if is_true(value) || is_no(text) => Ok(is_true(value)),
        _ => Err(Refusal::value("active is true or false.")),
    }
}

/// The address among several: the primary one, that for work, the first; or the user name.
fn email(user: &Map<String, Value>, user_name: &str) -> Result<Option<Email>, Refusal> {
    let wrong = || Refusal::value("emails are objects with a value such as robin@example.org.");
    let all = match get(user, "emails") {
        None | Some(Value::Null) => &[],
        Some(Value::Array(all)) if all.len() <= MAX_USER_EMAILS => all.as_slice(),
        Some(_) => return Err(wrong()),
    };
    let all: Option<Vec<_>> = all.iter().map(Value::as_object).collect();
    let all = all.ok_or_else(wrong)?;
    let is_work = |one: &Map<String, Value>| {
        let kind = get(one, "type").and_then(Value::as_str);
        kind.is_some_and(|kind| kind.eq_ignore_ascii_case("work"))
    };
    let primary = all
        .iter()
        .find(|one| get(one, "primary").is_some_and(is_true));
    let chosen = primary
        .or_else(|| all.iter().find(|one| is_work(one)))
        .or(all.first());
    let Some(chosen) = chosen else {
        return Ok(Email::parse(user_name).ok());
    };
    let address = get(chosen, "value").and_then(Value::as_str);
    let address = address.and_then(|text| Email::parse(text).ok());
    Ok(Some(address.ok_or_else(wrong)?))
}

/// Reads a group; `is_member` tells who there is.
///
/// # Errors
/// `invalidValue` says which attribute.
pub fn read_group(
    group: &Map<String, Value>,
    is_member: impl Fn(MemberId) -> bool,
) -> Result<WantedGroup, Refusal> {
    let name = text(
        group,
        "displayName",
        "displayName is a text of 1 to 200 characters.",
    )?;
    let external_id = text(
        group,
        "externalId",
        "externalId is a text of up to 200 characters.",
    )?;
    let wrong = || Refusal::value("members are objects with the id of a user as value.");
    let members = match get(group, "members") {
        None | Some(Value::Null) => &[],
        Some(Value::Array(all)) => all.as_slice(),
        Some(_) => return Err(wrong()),
    };
    let member = |one: &Value| {
        let id = get(one.as_object()?, "value")?.as_str()?;
        id.parse().ok().filter(|id| is_member(*id))
    };
    let members: Option<BTreeSet<MemberId>> = members.iter().map(member).collect();
    Ok(WantedGroup {
        name: name.ok_or_else(|| Refusal::value("displayName is needed."))?,
        external_id,
        members: members.ok_or_else(wrong)?,
    })
}

/// A text of up to [`MAX_DIRECTORY_NAME_CHARS`]; empty is none.
fn text(
    object: &Map<String, Value>,
    name: &str,
    otherwise: &'static str,
) -> Result<Option<String>, Refusal> {
    match get(object, name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => {
            let text = text.trim();
            let fits = text.chars().count() <= MAX_DIRECTORY_NAME_CHARS;
            if !fits || text.contains(char::is_control) {
                return Err(Refusal::value(otherwise));
            }
            Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
        }
        Some(_) => Err(Refusal::value(otherwise)),
    }
}
