//! What the columns of a list mean, and what is wrong with a row: pure.

use kept_base::kit::personal::PersonalError;
use kept_base::kit::{Email, Note, PersonName, Phone};

use crate::ids::PersonFieldId;
use crate::people::tokens::words;
use crate::people::{Changes, PersonField};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Nothing that is wanted.
    Nothing,
    /// The whole name.
    Name,
    /// The given name.
    Given,
    /// The family name.
    Family,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A time zone.
    Zone,
    /// A language.
    Locale,
    /// A note.
    Note,
    /// What stands in one of the organization's own fields.
    Field(PersonFieldId),
}

impl Meaning {
    /// Every meaning but the organization's own fields.
    pub const COMMON: [Self; 9] = [
        Self::Nothing,
        Self::Name,
        Self::Given,
        Self::Family,
        Self::Email,
        Self::Phone,
        Self::Zone,
        Self::Locale,
        Self::Note,
    ];

    /// The code, as stored and in forms; a field's is its id.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Nothing => "nothing".to_owned(),
            Self::Name => "name".to_owned(),
            Self::Given => "given".to_owned(),
            Self::Family => "family".to_owned(),
            Self::Email => "email".to_owned(),
            Self::Phone => "phone".to_owned(),
            Self::Zone => "zone".to_owned(),
            Self::Locale => "locale".to_owned(),
            Self::Note => "note".to_owned(),
            Self::Field(id) => id.to_string(),
        }
    }

    /// Reads a code; a field that is gone means nothing.
    #[must_use]
    pub fn from_code(code: &str, fields: &[PersonField]) -> Self {
        let own = fields.iter().map(|field| Self::Field(field.id));
        let mut known = Self::COMMON.into_iter().chain(own);
        known
            .find(|meaning| meaning.code() == code)
            .unwrap_or(Self::Nothing)
    }

    /// Whether several columns may mean it.
    fn may_repeat(self) -> bool {
        matches!(self, Self::Nothing | Self::Email | Self::Phone | Self::Note)
    }
}

/// Headings that say what a column holds, without case and accents; German ones too.
const HEADINGS: &[(&str, Meaning)] = &[
    ("name", Meaning::Name),
    ("full name", Meaning::Name),
    ("fullname", Meaning::Name),
    ("customer", Meaning::Name),
    ("customer name", Meaning::Name),
    ("kunde", Meaning::Name),
    ("first name", Meaning::Given),
    ("firstname", Meaning::Given),
    ("given name", Meaning::Given),
    ("vorname", Meaning::Given),
    ("last name", Meaning::Family),
    ("lastname", Meaning::Family),
    ("surname", Meaning::Family),
    ("family name", Meaning::Family),
    ("nachname", Meaning::Family),
    ("familienname", Meaning::Family),
    ("email", Meaning::Email),
    ("e mail", Meaning::Email),
    ("mail", Meaning::Email),
    ("email address", Meaning::Email),
    ("e mail address", Meaning::Email),
    ("e mail adresse", Meaning::Email),
    ("phone", Meaning::Phone),
    ("telephone", Meaning::Phone),
    ("mobile", Meaning::Phone),
    ("cell", Meaning::Phone),
    ("phone number", Meaning::Phone),
    ("telefon", Meaning::Phone),
    ("telefonnummer", Meaning::Phone),
    ("handy", Meaning::Phone),
    ("mobil", Meaning::Phone),
    ("zone", Meaning::Zone),
    ("time zone", Meaning::Zone),
    ("timezone", Meaning::Zone),
    ("zeitzone", Meaning::Zone),
    ("language", Meaning::Locale),
    ("locale", Meaning::Locale),
    ("sprache", Meaning::Locale),
    ("note", Meaning::Note),
    ("notes", Meaning::Note),
    ("comment", Meaning::Note),
    ("notiz", Meaning::Note),
    ("notizen", Meaning::Note),
    ("bemerkung", Meaning::Note),
];

/// What each column probably holds.
#[must_use]
pub fn guess(columns: &[String], fields: &[PersonField]) -> Vec<Meaning> {
    let mut guessed: Vec<Meaning> = Vec::new();
    for column in columns {
        let heading = words(&column.replace('_', " ")).join(" ");
        let own = fields.iter().find(|field| {
            words(&field.label).join(" ") == heading || field.key.replace('_', " ") == heading
        });
        let common = HEADINGS.iter().find(|(known, _)| *known == heading);
        let meaning = own.map_or_else(
            || common.map_or(Meaning::Nothing, |(_, meaning)| *meaning),
            |field| Meaning::Field(field.id),
        );
        let again = guessed.contains(&meaning) && !meaning.may_repeat();
        guessed.push(if again { Meaning::Nothing } else { meaning });
    }
    guessed
}

/// What is wrong with a choice of meanings, as a code.
#[must_use]
pub fn mapping_fault(meanings: &[Meaning]) -> Option<&'static str> {
    let has = |meaning| meanings.contains(&meaning);
    let twice = meanings
        .iter()
        .enumerate()
        .any(|(index, meaning)| !meaning.may_repeat() && meanings[..index].contains(meaning));
    if twice {
        Some("twice")
    } else if has(Meaning::Name) || has(Meaning::Given) || has(Meaning::Family) {
        None
    } else {
        Some("no_name")
    }
}

/// Somebody on a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// What shall be recorded.
    pub changes: Changes,
    /// A note about them.
    pub note: Option<Note>,
}

/// What rows are read with.
pub struct Reading<'a> {
    /// What each column means.
    pub meanings: &'a [Meaning],
    /// The organization's own fields.
    pub fields: &'a [PersonField],
    /// Zone and language where a row names none.
    pub defaults: (&'a str, &'a str),
    /// Zones by their name, in the right case.
    pub zone: &'a dyn Fn(&str) -> Option<String>,
    /// Languages by their tag or name.
    pub locale: &'a dyn Fn(&str) -> Option<String>,
}

impl Reading<'_> {
    /// Reads a row.
    ///
    /// # Errors
    /// Every fault: the column's index and a code.
    pub fn row(&self, cells: &[String]) -> Result<Listed, Vec<(usize, &'static str)>> {
        let mut faults = Vec::new();
        let mut changes = Changes {
            name: PersonName::from_store(String::new()),
            emails: Vec::new(),
            phones: Vec::new(),
            zone: self.defaults.0.to_owned(),
            locale: self.defaults.1.to_owned(),
            values: Vec::new(),
        };
        let (mut name, mut notes) = ([""; 3], Vec::new());
        let mut name_at = 0;
        for (at, (meaning, cell)) in self.meanings.iter().zip(cells).enumerate() {
            let cell = cell.trim();
            let read = match meaning {
                Meaning::Name | Meaning::Given | Meaning::Family => {
                    let place = [Meaning::Given, Meaning::Name, Meaning::Family];
                    let place = place.iter().position(|one| one == meaning);
                    name[place.unwrap_or(1)] = cell;
                    name_at = at;
                    Ok(())
                }
                Meaning::Field(id) => self.field(*id, cell, &mut changes),
                _ if cell.is_empty() => Ok(()),
                Meaning::Nothing => Ok(()),
                Meaning::Email => Email::parse(cell)
                    .map(|email| changes.emails.push(email))
                    .map_err(code),
                Meaning::Phone => Phone::parse(cell)
                    .map(|phone| changes.phones.push(phone))
                    .map_err(phone_code),
                Meaning::Zone => known((self.zone)(cell), &mut changes.zone),
                Meaning::Locale => known((self.locale)(cell), &mut changes.locale),
                Meaning::Note => {
                    notes.push(cell);
                    Ok(())
                }
            };
            faults.extend(read.err().map(|code| (at, code)));
        }
        let name: Vec<&str> = name.into_iter().filter(|part| !part.is_empty()).collect();
        match PersonName::parse(&name.join(" ")) {
            Ok(name) => changes.name = name,
            Err(error) => faults.push((name_at, code(error))),
        }
        let note = (!notes.is_empty()).then(|| Note::parse(&notes.join("\n")));
        match note.transpose() {
            Ok(note) if faults.is_empty() => Ok(Listed { changes, note }),
            Ok(_) => Err(faults),
            Err(error) => {
                let at = self.meanings.iter().position(|one| *one == Meaning::Note);
                faults.push((at.unwrap_or(0), code(error)));
                Err(faults)
            }
        }
    }

    fn field(
        &self,
        id: PersonFieldId,
        cell: &str,
        changes: &mut Changes,
    ) -> Result<(), &'static str> {
        let Some(field) = self.fields.iter().find(|field| field.id == id) else {
            return Ok(());
        };
        // A list need not have what staff must fill in.
        if !cell.is_empty() {
            changes.values.push((id, field.read(cell)?));
        }
        Ok(())
    }
}

fn known(found: Option<String>, into: &mut String) -> Result<(), &'static str> {
    *into = found.ok_or("unknown")?;
    Ok(())
}

fn code(error: PersonalError) -> &'static str {
    match error {
        PersonalError::Empty => "required",
        PersonalError::TooLong => "too_long",
        PersonalError::Malformed => "malformed",
    }
}

fn phone_code(error: PersonalError) -> &'static str {
    match error {
        PersonalError::Malformed => "no_phone",
        error => code(error),
    }
}
