//! What a person is asked when booking: as inputs, and read back with what is wrong in words.

use kept_base::args;
use kept_base::input::Fields;
use kept_base::kit::personal::{MAX_EMAIL_BYTES, MAX_NAME_CHARS, MAX_NOTE_CHARS, PersonalError};
use kept_base::kit::{Email, PersonName, Phone};

use super::super::rules::{self, FieldError};
use crate::offering::{Field, FieldKind, Mode, Service};
use crate::page::Words;
use crate::people::Answer;

/// A choice field with at most so many choices shows them all at once.
const MAX_RADIOS: usize = 6;
/// Longest telephone number as typed, in characters.
const MAX_PHONE_CHARS: usize = 40;

/// One thing that is asked.
pub(super) struct Input {
    /// Its name in the form, and its id in the page.
    pub name: String,
    pub label: String,
    /// Why we ask.
    pub reason: String,
    /// How to write it, where that is not plain.
    pub how: String,
    pub shape: Shape,
    pub value: String,
    pub required: bool,
    pub error: Option<String>,
    /// What `aria-describedby` points to.
    pub described_by: String,
    /// Where the link of an error leads.
    pub target: String,
}

/// How it is asked.
pub(super) enum Shape {
    /// One line of text.
    Line {
        kind: &'static str,
        autocomplete: &'static str,
        inputmode: &'static str,
        max: usize,
    },
    /// Several lines.
    Lines { max: usize },
    /// One of many.
    Select(Vec<String>),
    /// One of few.
    Radios(Vec<String>),
    /// Yes or nothing.
    Check,
    /// Day, month and year: easier to type than any calendar for a date of birth.
    Date(Vec<DatePart>),
}

/// A part of a date.
pub(super) struct DatePart {
    pub name: String,
    pub label: String,
    pub value: String,
    pub max: usize,
}

/// What was typed, once nothing is wrong with it.
pub(super) struct Read {
    pub name: PersonName,
    pub email: Email,
    pub phone: Option<Phone>,
    pub answers: Vec<Answer>,
}

/// The name of a service's field in the form, which cannot be taken for one of ours.
fn answer_name(field: &Field) -> String {
    format!("answer-{}", field.key)
}

/// Reads a sent form.
///
/// # Errors
/// Every problem at once. What the form has beyond what is asked is not looked at.
pub(super) fn read(form: &Fields, service: &Service) -> Result<Read, Vec<FieldError>> {
    let fields = &service.fields;
    let mut errors = Vec::new();
    let mut keep = |name: &str, error: PersonalError| {
        errors.push(FieldError::personal(name, error));
    };
    let text = |name: &str| form.get(name).unwrap_or_default();
    let name = PersonName::parse(text("name"))
        .map_err(|error| keep("name", error))
        .ok();
    let email = Email::parse(text("email"))
        .map_err(|error| keep("email", error))
        .ok();
    let phone = match Phone::parse(text("phone")) {
        Ok(phone) => Some(phone),
        Err(PersonalError::Empty) if service.mode != Mode::Phone => None,
        Err(error) => {
            keep("phone", error);
            None
        }
    };
    let given: Vec<(String, String)> = fields
        .iter()
        .map(|field| (field.key.clone(), typed(form, field)))
        .collect();
    let answers = rules::check_answers(fields, &given).map_err(|mut wrong| {
        // A field could be called as one of ours is.
        for error in &mut wrong {
            error.field = format!("answer-{}", error.field);
        }
        errors.append(&mut wrong);
    });
    match (name, email, answers) {
        (Some(name), Some(email), Ok(answers)) if errors.is_empty() => Ok(Read {
            name,
            email,
            phone,
            answers,
        }),
        _ => Err(errors),
    }
}

/// The answer to one field as it was typed; a date's parts are put together.
fn typed(form: &Fields, field: &Field) -> String {
    let name = answer_name(field);
    if field.kind != FieldKind::Date {
        return form.get(&name).unwrap_or_default().to_owned();
    }
    let part = |part: &str| form.filled(&format!("{name}-{part}")).unwrap_or_default();
    let (day, month, year) = (part("day"), part("month"), part("year"));
    if day.is_empty() && month.is_empty() && year.is_empty() {
        String::new()
    } else {
        format!("{year}-{month:0>2}-{day:0>2}")
    }
}

/// The inputs of a page, in order, with what was typed and what is wrong.
pub(super) fn inputs(
    service: &Service,
    words: Words<'_>,
    typed: &Fields,
    errors: &[FieldError],
) -> Vec<Input> {
    let line = |kind, autocomplete, inputmode, max| Shape::Line {
        kind,
        autocomplete,
        inputmode,
        max,
    };
    let own = [
        ("name", line("text", "name", "text", MAX_NAME_CHARS), true),
        (
            "email",
            line("email", "email", "email", MAX_EMAIL_BYTES),
            true,
        ),
        (
            "phone",
            line("tel", "tel", "tel", MAX_PHONE_CHARS),
            service.mode == Mode::Phone,
        ),
    ];
    let own = own.into_iter().map(|(name, shape, required)| {
        let error = errors
            .iter()
            .find(|error| error.field == name)
            .map(|error| words.say(&format!("error-{name}-{}", error.code.replace('_', "-"))));
        let texts = [
            name.to_owned(),
            words.say(&format!("ask-{name}")),
            words.say(&format!("ask-{name}.why")),
        ];
        let value = typed.get(name).unwrap_or_default();
        input(words, texts, shape, value, required, error)
    });
    let asked = service.fields.iter().map(|field| {
        let name = answer_name(field);
        let error = errors.iter().find(|error| error.field == name);
        let error = error.map(|error| answer_error(field, error.code, words));
        let value = typed.get(&name).unwrap_or_default();
        let shape = shape(field, &name, words, typed);
        let texts = [name.clone(), field.label.clone(), field.reason.clone()];
        input(words, texts, shape, value, field.required, error)
    });
    own.chain(asked).collect()
}

fn input(
    words: Words<'_>,
    [name, label, reason]: [String; 3],
    shape: Shape,
    value: &str,
    required: bool,
    error: Option<String>,
) -> Input {
    let mut described_by = format!("{name}-why");
    if error.is_some() {
        described_by = format!("{name}-error {described_by}");
    }
    let target = match &shape {
        Shape::Radios(_) => format!("{name}-1"),
        Shape::Date(_) => format!("{name}-day"),
        _ => name.clone(),
    };
    let how = match &shape {
        Shape::Line { kind: "tel", .. } => words.say("ask-phone.how"),
        Shape::Date(_) => words.say("date-example"),
        _ => String::new(),
    };
    Input {
        name,
        label,
        reason,
        how,
        shape,
        value: value.to_owned(),
        required,
        error,
        described_by,
        target,
    }
}

fn shape(field: &Field, name: &str, words: Words<'_>, typed: &Fields) -> Shape {
    match field.kind {
        FieldKind::Text => Shape::Line {
            kind: "text",
            autocomplete: "off",
            inputmode: "text",
            max: MAX_NOTE_CHARS,
        },
        FieldKind::Phone => Shape::Line {
            kind: "tel",
            autocomplete: "tel",
            inputmode: "tel",
            max: MAX_PHONE_CHARS,
        },
        FieldKind::LongText => Shape::Lines {
            max: MAX_NOTE_CHARS,
        },
        FieldKind::Check => Shape::Check,
        FieldKind::Choice if field.choices.len() <= MAX_RADIOS => {
            Shape::Radios(field.choices.clone())
        }
        FieldKind::Choice => Shape::Select(field.choices.clone()),
        FieldKind::Date => {
            let part = |part: &str, max| {
                let name = format!("{name}-{part}");
                DatePart {
                    value: typed.get(&name).unwrap_or_default().to_owned(),
                    label: words.say(&format!("date-{part}")),
                    name,
                    max,
                }
            };
            Shape::Date(vec![part("day", 2), part("month", 2), part("year", 4)])
        }
    }
}

/// What is wrong with an answer to a service's field, and what to do.
fn answer_error(field: &Field, code: &str, words: Words<'_>) -> String {
    let id = match (code, field.kind) {
        ("required" | "not_a_choice", FieldKind::Choice) => "error-answer-choose",
        ("required", FieldKind::Check) => "error-answer-tick",
        ("required", FieldKind::Date) => "error-answer-date-required",
        ("required", _) => "error-answer-required",
        ("too_long", _) => "error-answer-too-long",
        (_, FieldKind::Date) => "error-answer-date",
        (_, FieldKind::Phone) => "error-phone-malformed",
        _ => "error-answer-malformed",
    };
    words.with(id, args!["label" => &field.label, "most" => MAX_NOTE_CHARS])
}
