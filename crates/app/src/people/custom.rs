//! The organization's own fields of a person, such as an insurance number: what they ask, why, and
//! what may stand in them.

use data_encoding::BASE64;
use jiff::civil::Date;
use kept_base::kit::Note;
use kept_base::kit::personal::PersonalError;
use kept_base::store::{Error, Tx};
use serde::{Deserialize, Serialize};

use super::{PeopleError, store, tokens};
use crate::audit::{self, Act};
use crate::ids::{PersonFieldId, PersonId, UndoId};
use crate::policy::May;
use crate::policy::rights::ChangeSettings;
use crate::undo;

/// Most fields of its own that one organization has.
pub const MAX_PERSON_FIELDS: usize = 20;
/// Longest label of a field, in characters.
pub const MAX_FIELD_LABEL_CHARS: usize = 80;
/// Longest reason of a field, in characters.
pub const MAX_FIELD_REASON_CHARS: usize = 300;
/// Most choices of one field.
pub const MAX_FIELD_CHOICES: usize = 30;
/// Most values that go with a field when it is removed at once.
pub const MAX_VALUES_REMOVED: usize = 20_000;

pub(super) const FIELD: &str = "people.field";

/// What may stand in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Text.
    Text,
    /// One of the listed choices.
    Choice,
    /// Yes or nothing.
    Check,
    /// A civil date.
    Date,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Text, Self::Choice, Self::Check, Self::Date];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Choice => "choice",
            Self::Check => "check",
            Self::Date => "date",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A field that an organization keeps of each person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonField {
    /// Its id.
    pub id: PersonFieldId,
    /// Its name in lists that leave or enter.
    pub key: String,
    /// What may stand in it.
    pub kind: Kind,
    /// What it is called.
    pub label: String,
    /// Why it is kept.
    pub reason: String,
    /// What there is to choose from, for [`Kind::Choice`].
    pub choices: Vec<String>,
    /// Whether staff must fill it in.
    pub required: bool,
    /// Where it stands among the others.
    pub position: u32,
}

/// What a field shall be.
#[derive(Debug, Clone)]
pub struct NewPersonField {
    /// What may stand in it; of a field that exists it stays.
    pub kind: Kind,
    /// What it is called.
    pub label: String,
    /// Why it is kept.
    pub reason: String,
    /// What there is to choose from.
    pub choices: Vec<String>,
    /// Whether staff must fill it in.
    pub required: bool,
}

#[derive(Serialize, Deserialize)]
struct FieldChanged {
    field: PersonFieldId,
    before: Option<PersonField>,
    /// What stood in it, as it was sealed.
    values: Vec<(PersonId, String)>,
}

impl NewPersonField {
    /// What is wrong with it: pairs of an input's name and a code.
    #[must_use]
    pub fn faults(&self) -> Vec<(&'static str, &'static str)> {
        let mut faults = Vec::new();
        let mut check = |name, text: &str, most: usize| {
            if text.is_empty() {
                faults.push((name, "required"));
            } else if text.chars().count() > most {
                faults.push((name, "too_long"));
            }
        };
        check("label", &self.label, MAX_FIELD_LABEL_CHARS);
        check("reason", &self.reason, MAX_FIELD_REASON_CHARS);
        if self.kind == Kind::Choice {
            let long = |choice: &String| choice.chars().count() > MAX_FIELD_LABEL_CHARS;
            if self.choices.len() < 2 {
                faults.push(("choices", "required"));
            } else if self.choices.len() > MAX_FIELD_CHOICES || self.choices.iter().any(long) {
                faults.push(("choices", "too_long"));
            }
        }
        faults
    }
}

impl PersonField {
    /// Reads what was typed into it; `None` when nothing was.
    ///
    /// # Errors
    /// A code: `required`, `too_long`, `not_a_choice` or `malformed`.
    pub fn read(&self, typed: &str) -> Result<Option<Note>, &'static str> {
        let typed = typed.trim();
        if typed.is_empty() {
            return if self.required && self.kind != Kind::Check {
                Err("required")
            } else {
                Ok(None)
            };
        }
        let note = |text: &str| match Note::parse(text) {
            Ok(note) => Ok(Some(note)),
            Err(PersonalError::TooLong) => Err("too_long"),
            Err(_) => Err("malformed"),
        };
        match self.kind {
            Kind::Text => note(typed),
            Kind::Choice => {
                let same = |choice: &&String| choice.to_lowercase() == typed.to_lowercase();
                let choice = self.choices.iter().find(same).ok_or("not_a_choice")?;
                note(choice)
            }
            Kind::Check => match typed.to_lowercase().as_str() {
                "yes" | "y" | "true" | "1" | "x" | "ja" | "j" => note("yes"),
                "no" | "n" | "false" | "0" | "nein" => Ok(None),
                _ => Err("malformed"),
            },
            Kind::Date => note(&read_date(typed).ok_or("malformed")?.to_string()),
        }
    }
}

/// `2026-12-01` or `01.12.2026`, as lists have it.
fn read_date(typed: &str) -> Option<Date> {
    if typed.len() == 10
        && let Ok(date) = typed.parse()
    {
        return Some(date);
    }
    let mut parts = typed.split('.').map(|part| part.trim().parse::<i16>());
    let mut part = || parts.next()?.ok();
    let (day, month, year) = (part()?, part()?, part()?);
    let small = |number: i16| i8::try_from(number).ok();
    (year > 999).then(|| Date::new(year, small(month)?, small(day)?).ok())?
}

/// The organization's own fields, in order.
///
/// # Errors
/// Those of the store.
pub fn fields(tx: &Tx<'_>) -> Result<Vec<PersonField>, Error> {
    store::fields(tx)
}

/// Adds a field, which [`NewPersonField::faults`] found right.
///
/// # Errors
/// [`PeopleError::TooMany`] beyond [`MAX_PERSON_FIELDS`]; those of the store.
pub fn add_field(
    tx: &Tx<'_>,
    _: &May<ChangeSettings>,
    new: &NewPersonField,
) -> Result<(PersonFieldId, UndoId), PeopleError> {
    let known = store::fields(tx)?;
    if known.len() >= MAX_PERSON_FIELDS {
        return Err(PeopleError::TooMany);
    }
    let id = PersonFieldId::new(tx.now(), tx.entropy());
    let last = known.iter().map(|field| field.position).max();
    let field = PersonField {
        id,
        key: fresh_key(&new.label, &known),
        kind: new.kind,
        label: new.label.clone(),
        reason: new.reason.clone(),
        choices: new.choices.clone(),
        required: new.required,
        position: last.map_or(0, |last| last + 1),
    };
    store::put_field(tx, &field)?;
    let undo = offer(tx, id, None, Vec::new(), "added")?;
    Ok((id, undo))
}

/// Changes a field; its kind and key stay.
///
/// # Errors
/// [`PeopleError::Unknown`]; those of the store.
pub fn change_field(
    tx: &Tx<'_>,
    _: &May<ChangeSettings>,
    id: PersonFieldId,
    to: &NewPersonField,
) -> Result<UndoId, PeopleError> {
    let before = find(tx, id)?;
    let after = PersonField {
        label: to.label.clone(),
        reason: to.reason.clone(),
        choices: to.choices.clone(),
        required: to.required,
        ..before.clone()
    };
    store::put_field(tx, &after)?;
    offer(tx, id, Some(before), Vec::new(), "changed")
}

/// Removes a field with everything that stands in it.
///
/// # Errors
/// [`PeopleError::Unknown`]; [`PeopleError::TooMany`] when more than [`MAX_VALUES_REMOVED`] values
/// would go; those of the store.
pub fn remove_field(
    tx: &Tx<'_>,
    _: &May<ChangeSettings>,
    id: PersonFieldId,
) -> Result<UndoId, PeopleError> {
    let before = find(tx, id)?;
    let values = store::values_of(tx, id)?;
    if values.len() > MAX_VALUES_REMOVED {
        return Err(PeopleError::TooMany);
    }
    store::remove_field(tx, id)?;
    offer(tx, id, Some(before), values, "removed")
}

fn find(tx: &Tx<'_>, id: PersonFieldId) -> Result<PersonField, PeopleError> {
    let found = store::fields(tx)?.into_iter().find(|field| field.id == id);
    found.ok_or(PeopleError::Unknown)
}

fn offer(
    tx: &Tx<'_>,
    field: PersonFieldId,
    before: Option<PersonField>,
    values: Vec<(PersonId, Vec<u8>)>,
    what: &str,
) -> Result<UndoId, PeopleError> {
    audit::record(tx, Act::PersonFieldChanged, field, what)?;
    let values = values.into_iter();
    let payload = FieldChanged {
        field,
        before,
        values: values
            .map(|(person, sealed)| (person, BASE64.encode(&sealed)))
            .collect(),
    };
    Ok(undo::offer(tx, FIELD, &payload)?)
}

pub(super) fn undo_field(tx: &Tx<'_>, payload: &serde_json::Value) -> Result<(), PeopleError> {
    let changed: FieldChanged = super::read_payload(payload)?;
    audit::record(tx, Act::PersonFieldChanged, changed.field, "undone")?;
    match changed.before {
        None if !store::values_of(tx, changed.field)?.is_empty() => Err(PeopleError::ChangedSince),
        None => Ok(store::remove_field(tx, changed.field)?),
        Some(field) => {
            store::put_field(tx, &field)?;
            for (person, sealed) in &changed.values {
                let sealed = BASE64.decode(sealed.as_bytes());
                let sealed = sealed.map_err(|_| Error::Decode("sealed value"))?;
                store::put_value(tx, *person, field.id, &sealed)?;
            }
            Ok(())
        }
    }
}

/// A name for lists, made of the label: `insurance_number`, and `_2` behind it when it is taken.
fn fresh_key(label: &str, known: &[PersonField]) -> String {
    let words: String = tokens::words(label).join("_").chars().take(40).collect();
    let base = if words.is_empty() {
        "field"
    } else {
        words.as_str()
    };
    let taken = |key: &str| known.iter().any(|field| field.key == key);
    let mut key = base.to_owned();
    for number in 2..=MAX_PERSON_FIELDS + 1 {
        if !taken(&key) {
            break;
        }
        key = format!("{base}_{number}");
    }
    key
}
