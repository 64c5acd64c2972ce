//! Problem documents (RFC 9457): the one form in which a refusal leaves Kept. Slices return closed
//! enums in their own words; the rim maps each to a [`Problem`], which renders as
//! `application/problem+json` here and as a page in the app's `http`.
//!
//! A problem holds no personal data: codes, names of fields and limits, never what was sent. The
//! `request_id` is added by the rim, the last to see a response, so that an unknown id and an id
//! of another organization give the same bytes otherwise.

mod common;
mod document;

use std::borrow::Cow;
use std::error::Error;
use std::fmt::Write as _;

use axum::http::StatusCode;
use serde_json::{Map, Value};

pub use common::COMMON;
pub use document::MEDIA_TYPE;

/// Most field errors listed in one document.
pub const MAX_FIELD_ERRORS: usize = 50;

/// Status, code and title of one sort of problem. Codes are part of the API: they never change
/// their meaning. A slice declares its own as constants; [`COMMON`] lists those of the rim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// The HTTP status.
    pub status: StatusCode,
    /// The stable code, `snake_case`.
    pub code: &'static str,
    /// One English sentence, the same for every occurrence.
    pub title: &'static str,
}

/// Where in the request a field error lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A JSON Pointer (RFC 6901) into the body: `/person/email`.
    Pointer(String),
    /// The name of a query parameter: `zone`.
    Parameter(String),
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Which field.
    pub place: Place,
    /// A stable code: `required`, `too_long`, `malformed`, ...
    pub code: &'static str,
    /// What to send instead, in English; never what was sent.
    pub detail: Option<Cow<'static, str>>,
}

/// A refusal, ready to be rendered.
#[derive(Debug, Clone)]
pub struct Problem {
    /// What sort of problem.
    pub kind: Kind,
    /// What to do about this occurrence, in English.
    pub detail: Option<Cow<'static, str>>,
    /// What is wrong with which fields.
    pub errors: Vec<FieldError>,
    /// Members of this sort of problem alone, such as `alternatives`. They cannot replace the
    /// document's own members.
    pub members: Option<Box<Map<String, Value>>>,
    /// When trying again makes sense, in seconds: the `Retry-After` header.
    pub retry_after_seconds: Option<u32>,
    /// For the log alone: the chain of errors behind this problem. Never rendered.
    pub cause: Option<Box<str>>,
}

impl Kind {
    /// A sort of problem with an HTTP `status`, a stable `code` and an English `title`.
    #[must_use]
    pub const fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        Self {
            status,
            code,
            title,
        }
    }
}

impl From<Kind> for Problem {
    fn from(kind: Kind) -> Self {
        Self {
            kind,
            detail: None,
            errors: Vec::new(),
            members: None,
            retry_after_seconds: None,
            cause: None,
        }
    }
}

impl Problem {
    /// A problem of a sort that has no constructor of its own.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        Kind::new(status, code, title).into()
    }

    /// Says what to do about this occurrence.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds an error of the body's field at `pointer` (RFC 6901, such as `/person/email`).
    #[must_use]
    pub fn field(
        self,
        pointer: impl Into<String>,
        code: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.error(FieldError {
            place: Place::Pointer(pointer.into()),
            code,
            detail: Some(detail.into()),
        })
    }

    /// Adds an error of the query parameter `name`.
    #[must_use]
    pub fn parameter(
        self,
        name: impl Into<String>,
        code: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.error(FieldError {
            place: Place::Parameter(name.into()),
            code,
            detail: Some(detail.into()),
        })
    }

    /// Adds a field error; those beyond [`MAX_FIELD_ERRORS`] are left out.
    #[must_use]
    pub fn error(mut self, error: FieldError) -> Self {
        if self.errors.len() < MAX_FIELD_ERRORS {
            self.errors.push(error);
        }
        self
    }

    /// Adds a member that this sort of problem has beyond the common ones.
    #[must_use]
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members
            .get_or_insert_default()
            .insert(name.to_owned(), value.into());
        self
    }

    /// Says when trying again makes sense.
    #[must_use]
    pub fn retry_after_seconds(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// Keeps the chain of errors behind this problem for the log, each once, outermost first.
    #[must_use]
    pub fn because(mut self, error: &(dyn Error + 'static)) -> Self {
        let mut chain = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            // Writing to a String cannot fail.
            let _ = write!(chain, ": {error}");
            source = error.source();
        }
        self.cause = Some(chain.into());
        self
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.kind.status
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code
    }
}

#[cfg(test)]
mod tests;
