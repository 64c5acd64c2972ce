//! Turns what serde says about a field into a field error. Serde's messages repeat the value that
//! was sent, which may be personal; only the part that says what was expected is kept.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_path_to_error::{Path, Segment};

use crate::problem::{FieldError, Place, Problem};

/// Longest key that is named back to the client, in bytes.
const MAX_NAMED_KEY_BYTES: usize = 40;

/// Adds `key` to a JSON Pointer. A key that does not look like a field's name could be anything,
/// also a person's name: then the pointer stays with its parent.
pub(super) fn push_key(pointer: &mut String, key: &str) {
    if is_plain(key) {
        pointer.push('/');
        pointer.push_str(key);
    }
}

/// Adds an array index to a JSON Pointer.
pub(super) fn push_index(pointer: &mut String, index: usize) {
    // Writing to a String cannot fail.
    let _ = write!(pointer, "/{index}");
}

fn is_plain(key: &str) -> bool {
    (1..=MAX_NAMED_KEY_BYTES).contains(&key.len())
        && key
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// The JSON Pointer of where deserializing failed.
pub(super) fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => push_index(&mut pointer, *index),
            Segment::Map { key } => push_key(&mut pointer, key),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

/// The 422 for a body whose field at `pointer` serde refused with `message`.
pub(super) fn field_error(message: &str, mut pointer: String) -> Problem {
    let said = Said::read(message);
    if let Some(key) = said.key
        && !pointer.ends_with(&format!("/{key}"))
    {
        push_key(&mut pointer, key);
    }
    Problem::invalid_fields().error(FieldError {
        place: Place::Pointer(pointer),
        code: said.code,
        detail: said.detail,
    })
}

/// The 400 for a query whose parameter `name` serde refused with `message`.
pub(super) fn parameter_error(message: &str, name: Option<&str>) -> Problem {
    let said = Said::read(message);
    let name = said.key.or(name).filter(|name| is_plain(name));
    Problem::invalid_query().error(FieldError {
        place: Place::Parameter(name.unwrap_or_default().to_owned()),
        code: said.code,
        detail: said.detail,
    })
}

struct Said<'m> {
    code: &'static str,
    /// The field that the message names, when the path does not.
    key: Option<&'m str>,
    detail: Option<Cow<'static, str>>,
}

impl<'m> Said<'m> {
    fn read(message: &'m str) -> Self {
        let message = without_position(message);
        let codes = [
            ("missing field ", "required"),
            ("unknown field ", "unknown_field"),
            ("duplicate field ", "duplicate_key"),
            ("unknown variant ", "unknown_value"),
            ("invalid type: ", "invalid_type"),
            ("invalid length ", "invalid_length"),
        ];
        let code = codes
            .iter()
            .find(|(start, _)| message.starts_with(start))
            .map_or("invalid_value", |(_, code)| code);
        let names_a_field = matches!(code, "required" | "unknown_field" | "duplicate_key");
        let key = names_a_field.then(|| message.split('`').nth(1)).flatten();
        let detail = match code {
            "required" => Some(Cow::Borrowed("This field is needed.")),
            "duplicate_key" => Some(Cow::Borrowed("Give it once.")),
            _ => {
                expected(message).map(|what| Cow::Owned(format!("Expected {}.", plain_type(what))))
            }
        };
        Self { code, key, detail }
    }
}

/// What the message says was expected: our own words, a type's, or those of `str::parse`.
fn expected(message: &str) -> Option<&str> {
    let spoken = message
        .strip_prefix("expected ")
        .or_else(|| message.rsplit_once(", expected ").map(|(_, what)| what));
    let implied = match message {
        "invalid digit found in string"
        | "cannot parse integer from empty string"
        | "number too large to fit in target type"
        | "number too small to fit in target type" => Some("a whole number within its limits"),
        "provided string was not `true` or `false`" => Some("`true` or `false`"),
        _ if message.ends_with(", there are no fields") => Some("no fields"),
        _ => None,
    };
    spoken.or(implied)
}

/// `serde_json` ends its messages with ` at line 1 column 2`.
fn without_position(message: &str) -> &str {
    match message.rsplit_once(" at line ") {
        Some((said, position)) if position.contains(" column ") => said,
        _ => message,
    }
}

/// Names of Rust's types mean nothing to a client.
fn plain_type(what: &str) -> &str {
    match what {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, not negative",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a sequence" => "an array",
        "a map" => "an object",
        _ if what.starts_with("struct ") => "an object",
        _ => what,
    }
}
