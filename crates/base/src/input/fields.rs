//! Forms and queries of pages: names and texts, as typed. A page shows again what was typed next
//! to what is wrong with it, so nothing is turned into types here.

use std::convert::Infallible;
use std::fmt;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;

use super::{MAX_QUERY_PARAMETERS, body};
use crate::problem::Problem;

/// Most fields in a form.
pub const MAX_FORM_FIELDS: usize = 128;

/// Names and texts, in the order sent. `Debug` tells only how many.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

/// A form sent by a page (`application/x-www-form-urlencoded`). Bytes that are not UTF-8 become
/// U+FFFD.
#[derive(Debug, Clone)]
pub struct Form(pub Fields);

/// The query of a page; parameters beyond [`MAX_QUERY_PARAMETERS`] are left out.
#[derive(Debug, Clone)]
pub struct PageQuery(pub Fields);

impl Fields {
    /// Reads `name=text&..`, at most `most` pairs.
    #[must_use]
    pub fn parse(encoded: &[u8], most: usize) -> Self {
        Self(
            form_urlencoded::parse(encoded)
                .take(most)
                .map(|(name, text)| (name.into_owned(), text.into_owned()))
                .collect(),
        )
    }

    /// The first text of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.get_all(name).next()
    }

    /// The first text of that name without surrounding space, unless nothing is left.
    #[must_use]
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.get(name)
            .map(str::trim)
            .filter(|text| !text.is_empty())
    }

    /// Every text of that name, in the order sent (check boxes share a name).
    pub fn get_all<'f>(&'f self, name: &str) -> impl Iterator<Item = &'f str> {
        self.iter()
            .filter(move |(found, _)| *found == name)
            .map(|(_, text)| text)
    }

    /// All names and texts, in the order sent.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fields({} of them)", self.0.len())
    }
}

impl FromIterator<(String, String)> for Fields {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let body = body::read(request, "application/x-www-form-urlencoded").await?;
        let fields = Fields::parse(&body, MAX_FORM_FIELDS + 1);
        if fields.0.len() > MAX_FORM_FIELDS {
            return Err(Problem::bad_request()
                .detail(format!("At most {MAX_FORM_FIELDS} form fields are read.")));
        }
        Ok(Self(fields))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PageQuery {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(Fields::parse(query.as_bytes(), MAX_QUERY_PARAMETERS)))
    }
}
