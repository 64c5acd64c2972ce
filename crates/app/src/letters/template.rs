//! An organization's own words for a letter: plain text with a few named placeholders. There is
//! no language in it to run (OWASP ASVS 1.3.7): what is not a known placeholder is refused when it
//! is saved.

use std::fmt;

use kept_base::page::Locale;
use kept_base::store::{Error, Tx};
use serde::{Deserialize, Serialize};

use super::store;
use crate::audit::{self, Act};
use crate::messaging::{Audience, Kind};

/// Longest subject of a template, in characters.
pub const MAX_LETTER_SUBJECT_CHARS: usize = 150;
/// Longest body of a template, in characters.
pub const MAX_LETTER_BODY_CHARS: usize = 5_000;

/// Who reads a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reader {
    /// The person who booked.
    Person,
    /// A staff member.
    Staff,
}

impl Reader {
    /// Every reader.
    pub const ALL: [Self; 2] = [Self::Person, Self::Staff];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Staff => "staff",
        }
    }

    /// Who reads a message to `audience`.
    #[must_use]
    pub fn of(audience: Audience) -> Self {
        match audience {
            Audience::Person => Self::Person,
            Audience::Staff(_) => Self::Staff,
        }
    }
}

/// What a template can name, written `{name}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Placeholder {
    /// Who booked.
    Name,
    /// What was booked.
    Service,
    /// Day, time and zone.
    When,
    /// Location, room and address.
    Where,
    /// What people say on the telephone.
    Reference,
    /// Opens the person's page.
    ManageUrl,
}

impl Placeholder {
    /// Every placeholder.
    pub const ALL: [Self; 6] = [
        Self::Name,
        Self::Service,
        Self::When,
        Self::Where,
        Self::Reference,
        Self::ManageUrl,
    ];

    /// What stands between the braces.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Service => "service",
            Self::When => "when",
            Self::Where => "where",
            Self::Reference => "reference",
            Self::ManageUrl => "manage_url",
        }
    }
}

impl fmt::Display for Placeholder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{}}}", self.code())
    }
}

/// The two parts of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// One line.
    Subject,
    /// Any number of lines; an empty line parts paragraphs.
    Body,
}

/// Why a template is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// Nothing but space.
    #[error("the {0:?} is empty")]
    Empty(Part),
    /// Too long.
    #[error("the {0:?} is longer than {1} characters")]
    TooLong(Part, usize),
    /// A line break in the subject, or another control character.
    #[error("the {0:?} has a control character")]
    Control(Part),
    /// A brace that opens or closes no known placeholder; counted in characters from 1.
    #[error("the {0:?} has an unknown placeholder at character {1}")]
    Unknown(Part, usize),
    /// A placeholder that has no meaning, or no place, there.
    #[error("{1} cannot stand in the {0:?} of this letter")]
    Misplaced(Part, Placeholder),
    /// A letter without it would not do its work.
    #[error("the body lacks {0}")]
    Missing(Placeholder),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// A template as it is stored and used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// A piece of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Text(&'t str),
    Slot(Placeholder),
}

/// Replaces our words of one letter by the organization's own.
///
/// # Errors
/// [`TemplateError`] says what to change; nothing is stored then.
pub fn set_template(
    tx: &Tx<'_>,
    kind: Kind,
    reader: Reader,
    locale: Locale,
    template: &Template,
) -> Result<(), TemplateError> {
    let template = check(kind, reader, template)?;
    tx.keep_revision();
    store::put_template(tx, (kind, reader, locale), &template)?;
    let which = [kind.code(), reader.code(), locale.tag()].join(" ");
    audit::record(tx, Act::LetterTemplateChanged, tx.organization(), &which)?;
    Ok(())
}

/// Goes back to our words. Answers `false` when there were no others.
///
/// # Errors
/// Those of the store.
pub fn remove_template(
    tx: &Tx<'_>,
    kind: Kind,
    reader: Reader,
    locale: Locale,
) -> Result<bool, Error> {
    tx.keep_revision();
    let removed = store::delete_template(tx, (kind, reader, locale))?;
    if removed {
        let which = [kind.code(), reader.code(), locale.tag(), "removed"].join(" ");
        audit::record(tx, Act::LetterTemplateChanged, tx.organization(), &which)?;
    }
    Ok(removed)
}

/// The organization's own words for a letter, where it has some.
///
/// # Errors
/// Those of the store.
pub fn template(
    tx: &Tx<'_>,
    kind: Kind,
    reader: Reader,
    locale: Locale,
) -> Result<Option<Template>, Error> {
    store::template(tx, (kind, reader, locale))
}

/// Checks a template and trims it.
///
/// # Errors
/// [`TemplateError`] says what to change.
pub fn check(kind: Kind, reader: Reader, template: &Template) -> Result<Template, TemplateError> {
    let subject = template.subject.trim().to_owned();
    let body = template.body.trim().replace("\r\n", "\n");
    check_text(Part::Subject, &subject, MAX_LETTER_SUBJECT_CHARS)?;
    check_text(Part::Body, &body, MAX_LETTER_BODY_CHARS)?;
    let linked = reader == Reader::Person && kind != Kind::Canceled;
    let in_subject = slots(Part::Subject, &subject)?;
    let in_body = slots(Part::Body, &body)?;
    // Subjects are read by many eyes: no name, and no secret.
    let private = [Placeholder::Name, Placeholder::ManageUrl];
    if let Some(slot) = in_subject.iter().find(|slot| private.contains(slot)) {
        return Err(TemplateError::Misplaced(Part::Subject, *slot));
    }
    if in_body.contains(&Placeholder::ManageUrl) && !linked {
        return Err(TemplateError::Misplaced(Part::Body, Placeholder::ManageUrl));
    }
    let mut needed = vec![Placeholder::When];
    needed.extend(linked.then_some(Placeholder::ManageUrl));
    match needed.into_iter().find(|slot| !in_body.contains(slot)) {
        Some(slot) => Err(TemplateError::Missing(slot)),
        None => Ok(Template { subject, body }),
    }
}

fn check_text(part: Part, text: &str, max_chars: usize) -> Result<(), TemplateError> {
    let is_break = |c| part == Part::Body && c == '\n';
    if text.is_empty() {
        Err(TemplateError::Empty(part))
    } else if text.chars().count() > max_chars {
        Err(TemplateError::TooLong(part, max_chars))
    } else if text.chars().any(|c| c.is_control() && !is_break(c)) {
        Err(TemplateError::Control(part))
    } else {
        Ok(())
    }
}

fn slots(part: Part, text: &str) -> Result<Vec<Placeholder>, TemplateError> {
    let pieces = pieces(text).map_err(|at| {
        let before = text.get(..at).unwrap_or_default();
        TemplateError::Unknown(part, before.chars().count() + 1)
    })?;
    let slot = |piece| match piece {
        Piece::Slot(slot) => Some(slot),
        Piece::Text(_) => None,
    };
    Ok(pieces.into_iter().filter_map(slot).collect())
}

/// Reads a text; the error is the byte at which a brace is no placeholder's.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece<'_>>, usize> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(offset) = text[from..].find(['{', '}']) {
        let at = from + offset;
        let slot = Placeholder::ALL.into_iter().find(|slot| {
            text[at..]
                .strip_prefix('{')
                .and_then(|rest| rest.strip_prefix(slot.code()))
                .is_some_and(|rest| rest.starts_with('}'))
        });
        let slot = slot.ok_or(at)?;
        if from < at {
            found.push(Piece::Text(&text[from..at]));
        }
        found.push(Piece::Slot(slot));
        from = at + slot.code().len() + 2;
    }
    if from < text.len() {
        found.push(Piece::Text(&text[from..]));
    }
    Ok(found)
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
