//! Pages of lists: how many rows, and where the page before ended.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use kept_base::problem::Problem;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// Rows of a page where the request does not say.
pub const DEFAULT_PAGE_ROWS: u32 = 50;
/// Most rows of a page.
pub const MAX_PAGE_ROWS: u32 = 200;
/// Longest text of a cursor, in characters.
pub const MAX_CURSOR_CHARS: usize = 128;

const WRONG_CURSOR: &str = "Send what the page before gave as `next`.";

/// How many rows a page may have: the parameter `limit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSize(u32);

impl Default for PageSize {
    fn default() -> Self {
        Self(DEFAULT_PAGE_ROWS)
    }
}

impl<'de> Deserialize<'de> for PageSize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wrong = || D::Error::custom("expected a whole number from 1 to 200");
        let rows = u32::deserialize(deserializer).map_err(|_| wrong())?;
        if (1..=MAX_PAGE_ROWS).contains(&rows) {
            Ok(Self(rows))
        } else {
            Err(wrong())
        }
    }
}

impl PageSize {
    /// How many rows to read: one more than is shown, to know whether there are more.
    #[must_use]
    pub fn rows_to_read(self) -> u32 {
        self.0 + 1
    }

    /// Cuts what was read to the page and says where the next one begins.
    #[must_use]
    pub fn page<R, T>(
        self,
        mut rows: Vec<R>,
        cursor: impl FnOnce(&R) -> Cursor,
        show: impl FnMut(R) -> T,
    ) -> super::List<T> {
        let most = usize::try_from(self.0).unwrap_or(usize::MAX);
        let has_more = rows.len() > most;
        rows.truncate(most);
        let next = rows.last().filter(|_| has_more).map(cursor);
        super::List {
            next: next.map(|cursor| cursor.text()),
            has_more,
            data: rows.into_iter().map(show).collect(),
        }
    }
}

/// Where a page ended: an instant, where the list is in order of time, and an id. Clients see an
/// opaque text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The last row's instant; the epoch where the order is by id alone.
    pub at: Timestamp,
    /// The last row's id.
    pub id: String,
}

impl Cursor {
    /// As clients see it.
    #[must_use]
    pub fn text(&self) -> String {
        BASE64URL_NOPAD.encode(format!("{}.{}", self.at.as_microsecond(), self.id).as_bytes())
    }

    /// Reads what a client sends as `after`, with an id of the list's kind; `None` for what this
    /// list never gave.
    #[must_use]
    pub fn parse<I: std::str::FromStr>(text: &str) -> Option<(Timestamp, I)> {
        if text.len() > MAX_CURSOR_CHARS {
            return None;
        }
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let plain = String::from_utf8(bytes).ok()?;
        let (micros, id) = plain.split_once('.')?;
        let at = Timestamp::from_microsecond(micros.parse().ok()?).ok()?;
        Some((at, id.parse().ok()?))
    }

    /// Reads the query parameter `after`.
    ///
    /// # Errors
    /// 400 for what this list never gave.
    pub fn from_parameter<I: std::str::FromStr>(
        text: Option<&str>,
    ) -> Result<Option<(Timestamp, I)>, Problem> {
        let wrong = || Problem::invalid_query().parameter("after", "invalid_value", WRONG_CURSOR);
        text.map(|text| Self::parse(text).ok_or_else(wrong))
            .transpose()
    }

    /// Reads the field `/after` of a body.
    ///
    /// # Errors
    /// 422 for what this list never gave.
    pub fn from_field<I: std::str::FromStr>(
        text: Option<&str>,
    ) -> Result<Option<(Timestamp, I)>, Problem> {
        let wrong = || Problem::invalid_fields().field("/after", "invalid_value", WRONG_CURSOR);
        text.map(|text| Self::parse(text).ok_or_else(wrong))
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PersonId;
    use kept_base::kit::Entropy;

    #[test]
    fn cursors_are_read_back_and_nothing_else_is() {
        let at = Timestamp::from_microsecond(1_800_000_000_123_456).expect("an instant");
        let id = PersonId::new(at, &Entropy::seeded(1));
        let cursor = Cursor {
            at,
            id: id.to_string(),
        };
        assert_eq!(Cursor::parse(&cursor.text()), Some((at, id)));
        let long = "A".repeat(MAX_CURSOR_CHARS + 1);
        let other = BASE64URL_NOPAD.encode(b"1.apt_00000000000000000000000000");
        let far = BASE64URL_NOPAD.encode(format!("{}.{id}", i64::MAX).as_bytes());
        for text in ["", "?", "AAAA", &long, &other, &far] {
            assert!(Cursor::parse::<PersonId>(text).is_none(), "{text}");
        }
    }
}
