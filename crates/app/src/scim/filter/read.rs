//! Reading a filter: by descent, no deeper than [`MAX_FILTER_DEPTH`].

use serde_json::Value;

use super::{Filter, MAX_FILTER_CHARS, MAX_FILTER_DEPTH, MAX_FILTER_TERMS, Operator};
use crate::scim::error::Refusal;
use crate::scim::path::AttributePath;

impl Operator {
    const ALL: [(&'static str, Self); 9] = [
        ("eq", Self::Eq),
        ("ne", Self::Ne),
        ("co", Self::Co),
        ("sw", Self::Sw),
        ("ew", Self::Ew),
        ("gt", Self::Gt),
        ("ge", Self::Ge),
        ("lt", Self::Lt),
        ("le", Self::Le),
    ];

    fn read(word: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|(name, _)| name.eq_ignore_ascii_case(word))
            .map(|(_, operator)| operator)
    }

    /// Whether there is an order or a part in what is compared.
    fn wants_more_than_equality(self) -> bool {
        !matches!(self, Self::Eq | Self::Ne)
    }
}

/// Reads a filter.
///
/// # Errors
/// `invalidFilter` with what is wrong: too long, too deep, too many comparisons, or not of the grammar.
pub fn read(text: &str) -> Result<Filter, Refusal> {
    if text.chars().count() > MAX_FILTER_CHARS {
        return Err(wrong("The filter is too long: at most 1,000 characters."));
    }
    let mut reader = Reader {
        rest: text,
        terms: 0,
    };
    let filter = reader.any_of(0)?;
    reader.space();
    if reader.rest.is_empty() {
        Ok(filter)
    } else {
        Err(wrong("Something stands behind the end of the filter."))
    }
}

fn wrong(detail: &'static str) -> Refusal {
    Refusal::filter(detail)
}

struct Reader<'t> {
    rest: &'t str,
    terms: usize,
}

impl<'t> Reader<'t> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }

    /// `a or b or ..`
    fn any_of(&mut self, depth: usize) -> Result<Filter, Refusal> {
        let mut all = vec![self.all_of(depth)?];
        while self.takes_word("or") {
            all.push(self.all_of(depth)?);
        }
        Ok(only(all, Filter::Or))
    }

    /// `a and b and ..`, which binds closer than `or`.
    fn all_of(&mut self, depth: usize) -> Result<Filter, Refusal> {
        let mut all = vec![self.one(depth)?];
        while self.takes_word("and") {
            all.push(self.one(depth)?);
        }
        Ok(only(all, Filter::And))
    }

    fn one(&mut self, depth: usize) -> Result<Filter, Refusal> {
        self.space();
        if self.rest.starts_with('(') {
            return self.inner('(', ')', depth);
        }
        if self.takes_word("not") {
            self.space();
            let inner = self.inner('(', ')', depth)?;
            return Ok(Filter::Not(Box::new(inner)));
        }
        let path = AttributePath::read(self.word())
            .ok_or_else(|| wrong("Write an attribute, such as userName."))?;
        if self.rest.starts_with('[') {
            let inner = self.inner('[', ']', depth)?;
            return Ok(Filter::Within(path, Box::new(inner)));
        }
        self.comparison(path)
    }

    fn inner(&mut self, open: char, close: char, depth: usize) -> Result<Filter, Refusal> {
        if depth == MAX_FILTER_DEPTH {
            return Err(wrong("The filter is nested too deep: at most 8 levels."));
        }
        let missing = || wrong("A bracket is missing.");
        self.rest = self.rest.strip_prefix(open).ok_or_else(missing)?;
        let filter = self.any_of(depth + 1)?;
        self.space();
        self.rest = self.rest.strip_prefix(close).ok_or_else(missing)?;
        Ok(filter)
    }

    fn comparison(&mut self, path: AttributePath) -> Result<Filter, Refusal> {
        self.terms += 1;
        if self.terms > MAX_FILTER_TERMS {
            return Err(wrong("The filter compares too much: at most 32 times."));
        }
        self.space();
        let word = self.word();
        if word.eq_ignore_ascii_case("pr") {
            return Ok(Filter::Present(path));
        }
        let operator = Operator::read(word)
            .ok_or_else(|| wrong("Compare with eq, ne, co, sw, ew, gt, ge, lt, le or pr."))?;
        if !self.rest.starts_with(' ') {
            return Err(wrong("A value is missing."));
        }
        self.space();
        let value = self.value()?;
        let has_order = value.is_string() || value.is_number();
        if operator.wants_more_than_equality() && !has_order {
            return Err(wrong("This can only be compared with eq and ne."));
        }
        Ok(Filter::Compare(path, operator, value))
    }

    /// A text, number, `true`, `false` or `null`, as JSON writes them.
    fn value(&mut self) -> Result<Value, Refusal> {
        let end = if self.rest.starts_with('"') {
            end_of_text(self.rest).ok_or_else(|| wrong("A quotation mark is missing."))?
        } else {
            let ends = |c: char| matches!(c, ' ' | ')' | ']');
            self.rest.find(ends).unwrap_or(self.rest.len())
        };
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        let value: Value = serde_json::from_str(text)
            .or_else(|_| serde_json::from_str(&text.to_ascii_lowercase()))
            .map_err(|_| wrong("Write a value as JSON does: a text stands in quotation marks."))?;
        if value.is_array() || value.is_object() {
            return Err(wrong("Compare with a single value."));
        }
        Ok(value)
    }

    /// What follows up to a space or a bracket.
    fn word(&mut self) -> &'t str {
        let ends = |c: char| matches!(c, ' ' | '(' | ')' | '[' | ']' | '"');
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn takes_word(&mut self, wanted: &str) -> bool {
        let before = self.rest;
        self.space();
        let found = self.word().eq_ignore_ascii_case(wanted)
            && (self.rest.starts_with(' ') || self.rest.starts_with('('));
        if !found {
            self.rest = before;
        }
        found
    }
}

fn only(mut all: Vec<Filter>, many: fn(Vec<Filter>) -> Filter) -> Filter {
    match (all.pop(), all.is_empty()) {
        (Some(one), true) => one,
        (Some(last), false) => {
            all.push(last);
            many(all)
        }
        (None, _) => many(all),
    }
}

/// Where a JSON text that begins here ends, in bytes.
fn end_of_text(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}
