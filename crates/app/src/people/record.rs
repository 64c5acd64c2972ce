//! A person as a whole, and the same as kept for taking a change back.

use jiff::Timestamp;
use kept_base::kit::{Email, Note, PersonName, Phone};
use serde::{Deserialize, Serialize};

use crate::ids::{ContactPointId, PersonFieldId, PersonId};

/// Everything on record of a person, except notes and answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Their id.
    pub id: PersonId,
    /// What they are called.
    pub name: PersonName,
    /// IANA zone in which times are written to them.
    pub zone: String,
    /// Language tag in which they are written to.
    pub locale: String,
    /// When they were first recorded.
    pub created_at: Timestamp,
    /// How they are reached; the first address is where they are told of their appointments.
    pub contacts: Vec<Contact>,
    /// What stands in the organization's own fields.
    pub values: Vec<Value>,
}

/// One way to reach a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its id.
    pub id: ContactPointId,
    /// The address or number.
    pub reach: Reach,
}

/// An address or a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// An e-mail address.
    Email(Email),
    /// A telephone number.
    Phone(Phone),
}

/// What stands in one of the organization's own fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Which field.
    pub field: PersonFieldId,
    /// What stands there.
    pub text: Note,
}

impl Record {
    /// The e-mail addresses, the main one first.
    pub fn emails(&self) -> impl Iterator<Item = &Email> {
        self.contacts
            .iter()
            .filter_map(|contact| match &contact.reach {
                Reach::Email(email) => Some(email),
                Reach::Phone(_) => None,
            })
    }

    /// The telephone numbers, the main one first.
    pub fn phones(&self) -> impl Iterator<Item = &Phone> {
        self.contacts
            .iter()
            .filter_map(|contact| match &contact.reach {
                Reach::Phone(phone) => Some(phone),
                Reach::Email(_) => None,
            })
    }

    /// What stands in a field.
    #[must_use]
    pub fn value(&self, field: PersonFieldId) -> Option<&Note> {
        let found = self.values.iter().find(|value| value.field == field);
        found.map(|value| &value.text)
    }

    /// Puts `text` into a field, or clears it.
    pub fn set(&mut self, field: PersonFieldId, text: Option<Note>) {
        self.values.retain(|value| value.field != field);
        self.values.extend(text.map(|text| Value { field, text }));
        self.values.sort_by_key(|value| value.field);
    }
}

/// A record in the words of JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    id: PersonId,
    name: String,
    zone: String,
    locale: String,
    created_at: i64,
    emails: Vec<(ContactPointId, String)>,
    phones: Vec<(ContactPointId, String)>,
    values: Vec<(PersonFieldId, String)>,
}

impl From<&Record> for Kept {
    fn from(record: &Record) -> Self {
        let mut kept = Self {
            id: record.id,
            name: record.name.expose().to_owned(),
            zone: record.zone.clone(),
            locale: record.locale.clone(),
            created_at: record.created_at.as_microsecond(),
            emails: Vec::new(),
            phones: Vec::new(),
            values: Vec::new(),
        };
        for contact in &record.contacts {
            match &contact.reach {
                Reach::Email(email) => kept.emails.push((contact.id, email.expose().to_owned())),
                Reach::Phone(phone) => kept.phones.push((contact.id, phone.expose().to_owned())),
            }
        }
        let values = record.values.iter();
        kept.values = values
            .map(|value| (value.field, value.text.expose().to_owned()))
            .collect();
        kept
    }
}

impl From<Kept> for Record {
    fn from(kept: Kept) -> Self {
        let emails = kept.emails.into_iter();
        let emails = emails.map(|(id, text)| (id, Reach::Email(Email::from_store(text))));
        let phones = kept.phones.into_iter();
        let phones = phones.map(|(id, text)| (id, Reach::Phone(Phone::from_store(text))));
        let values = kept.values.into_iter().map(|(field, text)| Value {
            field,
            text: Note::from_store(text),
        });
        Self {
            id: kept.id,
            name: PersonName::from_store(kept.name),
            zone: kept.zone,
            locale: kept.locale,
            created_at: kept_base::kit::time::from_microseconds(kept.created_at),
            contacts: emails
                .chain(phones)
                .map(|(id, reach)| Contact { id, reach })
                .collect(),
            values: values.collect(),
        }
    }
}
