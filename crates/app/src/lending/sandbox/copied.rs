//! What a sandbox is made of: settings, and nothing of a person. Staff are replaced by invented ones,
//! addresses of mail by one that leads nowhere, addresses of video rooms by one that opens none.

use kept_base::kit::Entropy;
use kept_base::store::copy::plain::Known;
use kept_base::store::{Error, Tx, Value};

use super::chance::Chance;
use super::people;
use crate::organization::{self, MAX_ORGANIZATION_NAME_CHARS, MAX_SLUG_BYTES};

/// The tables that are copied. Nothing else is: no people, appointments, members, messages, secrets,
/// records, times when somebody is away, or pages that may show it.
const COPIED: &[&str] = &[
    "organization",
    "look",
    "look_logo",
    "look_word",
    "look_text",
    "look_link",
    "location",
    "room",
    "staff",
    "service",
    "service_staff",
    "service_room",
    "field",
    "weekly_hours",
    "room_hours",
    "skill",
    "staff_skill",
    "service_skill",
    "hours_override",
    "closed_day",
    "person_field",
    "letter_template",
];
/// Where mail of a sandbox seems to come from: RFC 2606 keeps that it leads nowhere.
const NOWHERE: &str = "sandbox@example.invalid";
/// The address of every video room.
const NO_ROOM: &str = "https://video.example.invalid/";
/// What is added to the name.
const MARK: &str = " · Sandbox";
/// Bytes of what makes a slug one that nobody had, as two hex digits each.
const SLUG_BYTES: usize = 3;

type Copied = Vec<Value<'static>>;

/// Settings as they were read.
#[derive(Clone)]
pub(super) struct Settings {
    pub slug: String,
    tables: Vec<(Known, Vec<Copied>)>,
}

/// Reads what is copied of all tables.
pub(super) fn take(tx: &Tx<'_>, known: Vec<Known>) -> Result<Settings, Error> {
    let own = organization::load(tx)?;
    let mut tables = Vec::new();
    for known in known {
        if !COPIED.contains(&known.name()) {
            continue;
        }
        let mut rows = Vec::new();
        known.read(tx, |page| {
            rows.extend_from_slice(page);
            Ok(())
        })?;
        tables.push((known, rows));
    }
    Ok(Settings {
        slug: own.slug,
        tables,
    })
}

/// A slug for the sandbox: it was never there before, so that nothing remembers another one under it.
pub(super) fn slug(of: &str, entropy: &Entropy) -> String {
    let bytes: [u8; SLUG_BYTES] = entropy.bytes();
    let end = format!("-sandbox-{}", data_encoding::HEXLOWER.encode(&bytes));
    let most = MAX_SLUG_BYTES - end.len();
    let start = of.get(..most).unwrap_or(of).trim_end_matches('-');
    format!("{start}{end}")
}

/// Writes settings into a new organization.
pub(super) fn put(tx: &Tx<'_>, settings: &Settings, slug: &str) -> Result<(), Error> {
    for (known, rows) in &settings.tables {
        let mut changed = rows.clone();
        for (number, row) in changed.iter_mut().enumerate() {
            for (column, value) in known.columns.iter().zip(row.iter_mut()) {
                let place = (known.name(), column.name.as_str());
                if let Some(own) = replaced(tx, place, value, slug, number) {
                    *value = own;
                }
            }
        }
        known.insert(tx, &changed)?;
    }
    Ok(())
}

/// What stands in the sandbox in place of a value; none where it stays.
fn replaced(
    tx: &Tx<'_>,
    place: (&str, &str),
    value: &Value<'_>,
    slug: &str,
    number: usize,
) -> Option<Value<'static>> {
    let text = |text: String| Some(Value::Text(text.into()));
    match place {
        ("organization", "id") | (_, "organization_id") => text(tx.organization().to_string()),
        ("organization", "slug") => text(slug.to_owned()),
        ("organization", "name" | "sender_name") => match value {
            Value::Text(name) => text(marked(name)),
            _ => None,
        },
        ("organization", "sender_address") => text(NOWHERE.to_owned()),
        ("organization", "reply_to") | ("staff", "email") => Some(Value::Null),
        ("look", "origins") => text(String::new()),
        ("staff", "name") => text(people::name_of(&Chance::new(number as u64), number)),
        ("service", "video_link") if *value != Value::Null => text(NO_ROOM.to_owned()),
        _ => None,
    }
}

fn marked(name: &str) -> String {
    let most = MAX_ORGANIZATION_NAME_CHARS - MARK.chars().count();
    let start: String = name.chars().take(most).collect();
    start + MARK
}
