//! Reading requests, strictly: each extractor has limits with names, refuses what it does not
//! know, and answers with a [`Problem`](crate::problem::Problem) that says which field and why but
//! never repeats what was sent. None of them can panic, whatever arrives.
//!
//! | extractor | reads | refuses with |
//! | --- | --- | --- |
//! | [`Json`] | a JSON body into a type | 400, 408, 413, 415, 422 |
//! | [`Query`] | the query of an API route into a type | 400 |
//! | [`Path`] | segments of the path into types | 404 |
//! | [`Form`] | a page's form, as [`Fields`] | 400, 408, 413, 415 |
//! | [`Upload`] | a page's form with a file | 400, 408, 413, 415 |
//! | [`PageQuery`] | a page's query, as [`Fields`] | never |

mod body;
mod decode;
mod fields;
mod json;
mod path;
mod query;
mod structure;
mod upload;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize as _;
use serde::de::Error as _;

pub use body::{BodyLimits, MAX_BODY_BYTES, MAX_BODY_READ_SECONDS, read_body};
pub use fields::{Fields, Form, MAX_FORM_FIELDS, PageQuery};
pub use json::Json;
pub use path::Path;
pub use query::{MAX_QUERY_PARAMETERS, Query};
pub use structure::MAX_JSON_DEPTH;
pub use upload::{MAX_UPLOAD_BYTES, Upload, is_upload};

/// Reads an instant with a message that helps: `#[serde(deserialize_with = "input::instant")]`.
///
/// # Errors
/// When the text is not an RFC 3339 instant.
pub fn instant<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
    text.parse()
        .map(crate::kit::time::whole_microseconds)
        .map_err(|_| D::Error::custom("expected an instant such as 2026-12-01T13:30:00Z"))
}

/// Reads a civil date, as [`instant`] does an instant.
///
/// # Errors
/// When the text is not a date of ISO 8601, years from 0000 to 9999.
pub fn date<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
    // Nothing but a date: jiff would also take the date of a date and time.
    let plain = text.len() == "2026-12-01".len();
    let date = text.parse().ok().filter(|_| plain);
    date.ok_or_else(|| D::Error::custom("expected a date such as 2026-12-01"))
}

#[cfg(test)]
mod tests;
