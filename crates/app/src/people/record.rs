//! A person as a whole, and the same as kept for taking a change back.

use data_encoding::BASE64;
use jiff::Timestamp;
use kept_base::kit::{Email, Note, PersonName, Phone};
use kept_base::store::{Error, KeyId, Tx};
use serde::{Deserialize, Serialize};

use super::store;
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

/// A record as it is kept for taking a change back: sealed under the person's own key, so that it
/// is gone with them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    pub id: PersonId,
    key: String,
    sealed: String,
}

fn place(id: PersonId) -> String {
    format!("earlier.record {id}")
}

impl Kept {
    /// Seals the record of somebody who is recorded.
    ///
    /// # Errors
    /// Those of the store.
    pub fn seal(tx: &Tx<'_>, record: &Record) -> Result<Self, Error> {
        let none = || Error::Constraint("person.id".to_owned());
        let id = store::key_id(tx, record.id)?.ok_or_else(none)?;
        let key = tx.person_keys()?.get(id)?.ok_or_else(none)?;
        let text = serde_json::to_string(&Plain::from(record));
        let text = text.map_err(|_| Error::Decode("record"))?;
        let sealed = key.seal(&place(record.id), &text, tx.entropy());
        Ok(Self {
            id: record.id,
            key: id.to_string(),
            sealed: BASE64.encode(&sealed),
        })
    }

    /// The key it is sealed under.
    ///
    /// # Errors
    /// [`Error::Decode`].
    pub fn key(&self) -> Result<KeyId, Error> {
        self.key.parse()
    }

    /// The record; `None` of somebody who was erased.
    ///
    /// # Errors
    /// [`Error::Sealed`] and [`Error::Decode`] for what was changed; those of the store.
    pub fn open(&self, tx: &Tx<'_>) -> Result<Option<Record>, Error> {
        let Some(key) = tx.person_keys()?.get(self.key()?)? else {
            return Ok(None);
        };
        let sealed = BASE64.decode(self.sealed.as_bytes());
        let sealed = sealed.map_err(|_| Error::Decode("sealed record"))?;
        let text = key.open(&place(self.id), &sealed)?;
        let plain: Plain = serde_json::from_str(&text).map_err(|_| Error::Decode("record"))?;
        Ok(Some(plain.into()))
    }
}

/// A record in the words of JSON.
#[derive(Serialize, Deserialize)]
pub(super) struct Plain {
    id: PersonId,
    name: String,
    zone: String,
    locale: String,
    created_at: i64,
    emails: Vec<(ContactPointId, String)>,
    phones: Vec<(ContactPointId, String)>,
    values: Vec<(PersonFieldId, String)>,
}

impl From<&Record> for Plain {
    fn from(record: &Record) -> Self {
        let mut plain = Self {
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
                Reach::Email(email) => plain.emails.push((contact.id, email.expose().to_owned())),
                Reach::Phone(phone) => plain.phones.push((contact.id, phone.expose().to_owned())),
            }
        }
        let values = record.values.iter();
        plain.values = values
            .map(|value| (value.field, value.text.expose().to_owned()))
            .collect();
        plain
    }
}

impl From<Plain> for Record {
    fn from(plain: Plain) -> Self {
        let emails = plain.emails.into_iter();
        let emails = emails.map(|(id, text)| (id, Reach::Email(Email::from_store(text))));
        let phones = plain.phones.into_iter();
        let phones = phones.map(|(id, text)| (id, Reach::Phone(Phone::from_store(text))));
        let values = plain.values.into_iter().map(|(field, text)| Value {
            field,
            text: Note::from_store(text),
        });
        Self {
            id: plain.id,
            name: PersonName::from_store(plain.name),
            zone: plain.zone,
            locale: plain.locale,
            created_at: kept_base::kit::time::from_microseconds(plain.created_at),
            contacts: emails
                .chain(phones)
                .map(|(id, reach)| Contact { id, reach })
                .collect(),
            values: values.collect(),
        }
    }
}
