//! One input of a form, with what was typed and what is wrong with it.

use kept_base::args;
use kept_base::input::Fields;

use crate::page::Words;
use crate::people::{Kind, PersonField};

/// How something is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// One line, of that `type`.
    Line(&'static str),
    /// Several lines.
    Lines,
    /// One of these: value and text.
    Select(Vec<(String, String)>),
    /// Yes or nothing.
    Check,
}

/// One thing that is asked.
#[derive(Debug, Clone)]
pub(super) struct Input {
    /// Its name in the form and its id in the page.
    pub name: String,
    pub label: String,
    pub hint: String,
    pub shape: Shape,
    pub value: String,
    pub required: bool,
    pub error: Option<String>,
}

/// What is wrong with inputs: their names and codes.
pub(super) type Faults = Vec<(String, &'static str)>;

impl Input {
    /// A line of text.
    pub fn line(name: impl Into<String>, label: String, value: &str) -> Self {
        Self {
            name: name.into(),
            label,
            hint: String::new(),
            shape: Shape::Line("text"),
            value: value.to_owned(),
            required: false,
            error: None,
        }
    }

    pub fn shape(mut self, shape: Shape) -> Self {
        self.shape = shape;
        self
    }

    pub fn hint(mut self, hint: String) -> Self {
        self.hint = hint;
        self
    }

    pub fn required(mut self, required: bool) -> Self {
        self.required = required;
        self
    }

    /// Says what is wrong with it, when `faults` name it.
    pub fn faults(mut self, faults: &Faults, words: Words<'_>) -> Self {
        let found = faults.iter().find(|(name, _)| *name == self.name);
        self.error = found.map(|(_, code)| fault(words, &self.label, code));
        self
    }
}

/// What is wrong with something called `label`, in words.
pub(super) fn fault(words: Words<'_>, label: &str, code: &str) -> String {
    let id = format!("people-fault-{}", code.replace('_', "-"));
    let id = if words.has(&id) {
        id.as_str()
    } else {
        "people-fault-malformed"
    };
    words.with(id, args!["label" => label])
}

/// The name of an organization's own field in forms.
pub(super) fn own_name(field: &PersonField) -> String {
    format!("own-{}", field.key)
}

/// The input of an organization's own field.
pub(super) fn own(field: &PersonField, value: &str, words: Words<'_>) -> Input {
    let shape = match field.kind {
        Kind::Text => Shape::Line("text"),
        Kind::Date => Shape::Line("date"),
        Kind::Check => Shape::Check,
        Kind::Choice => {
            let none = (String::new(), words.say("choose-one"));
            let choices = field.choices.iter().map(|one| (one.clone(), one.clone()));
            Shape::Select(std::iter::once(none).chain(choices).collect())
        }
    };
    Input::line(own_name(field), field.label.clone(), value)
        .shape(shape)
        .hint(field.reason.clone())
        .required(field.required && field.kind != Kind::Check)
}

/// The text of a field of a form, or nothing.
pub(super) fn typed<'f>(form: &'f Fields, name: &str) -> &'f str {
    form.get(name).unwrap_or_default()
}
