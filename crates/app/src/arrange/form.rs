//! Forms as data: what is asked, why, and what was wrong; one template shows them all.

use kept_base::input::Fields;

use crate::page::Words;

/// One thing that is asked.
pub(super) struct Input {
    pub name: &'static str,
    pub label: String,
    /// What it does, and what holds when it is left out.
    pub hint: Option<String>,
    pub error: Option<String>,
    pub value: String,
    pub shape: Shape,
    pub required: bool,
}

/// How it is asked.
pub(super) enum Shape {
    /// One line of text.
    Line,
    /// A whole number with its unit.
    Number(String),
    /// Several lines.
    Lines,
    /// One of many.
    Select(Vec<Choice>),
    /// Any of many.
    Checks(Vec<Choice>),
    /// An address of mail.
    Email,
}

/// Something to choose.
pub(super) struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

impl Choice {
    pub fn new(value: impl ToString, label: impl Into<String>, chosen: bool) -> Self {
        Self {
            value: value.to_string(),
            label: label.into(),
            chosen,
        }
    }
}

/// Builds inputs: labels are `<prefix>-<name>`, hints `<prefix>-<name>-hint`, errors
/// `<prefix>-<name>-wrong`.
pub(super) struct Asking<'a> {
    pub words: Words<'a>,
    pub prefix: &'static str,
    /// The name of the value that was refused.
    pub wrong: Option<&'a str>,
}

impl Asking<'_> {
    pub fn input(&self, name: &'static str, value: impl ToString, shape: Shape) -> Input {
        let id = format!("{}-{name}", self.prefix);
        let said = |suffix: &str| {
            let id = format!("{id}-{suffix}");
            self.words.has(&id).then(|| self.words.say(&id))
        };
        let is_wrong = self.wrong == Some(name);
        let wrong = || said("wrong").unwrap_or_else(|| self.words.say("arrange-wrong"));
        Input {
            name,
            label: self.words.say(&id),
            hint: said("hint"),
            error: is_wrong.then(wrong),
            value: value.to_string(),
            shape,
            required: false,
        }
    }

    /// One that has to be filled.
    pub fn needed(&self, name: &'static str, value: impl ToString, shape: Shape) -> Input {
        Input {
            required: true,
            ..self.input(name, value, shape)
        }
    }

    pub fn minutes(&self, name: &'static str, value: impl ToString) -> Input {
        self.input(name, value, Shape::Number(self.words.say("unit-minutes")))
    }
}

/// The trimmed text of a field.
pub(super) fn text(form: &Fields, name: &str) -> String {
    form.get(name).unwrap_or_default().trim().to_owned()
}

/// A number; `fallback` where nothing was typed.
pub(super) fn number<N: std::str::FromStr>(
    form: &Fields,
    name: &'static str,
    fallback: N,
) -> Result<N, &'static str> {
    match form
        .filled(name)
        .map(str::trim)
        .filter(|typed| !typed.is_empty())
    {
        None => Ok(fallback),
        Some(typed) => typed.parse().map_err(|_| name),
    }
}

/// A number that may be missing.
pub(super) fn some_number<N: std::str::FromStr>(
    form: &Fields,
    name: &'static str,
) -> Result<Option<N>, &'static str> {
    match form
        .filled(name)
        .map(str::trim)
        .filter(|typed| !typed.is_empty())
    {
        None => Ok(None),
        Some(typed) => typed.parse().map(Some).map_err(|_| name),
    }
}

/// Every id of a repeated field that can be read.
pub(super) fn ids<I: std::str::FromStr>(form: &Fields, name: &str) -> Vec<I> {
    form.get_all(name)
        .filter_map(|id| id.parse().ok())
        .collect()
}
