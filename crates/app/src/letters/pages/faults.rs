//! What is wrong with an organization's own words for a letter, and where.

use kept_base::args;

use super::super::{Part, Template, TemplateError};
use crate::page::Words;

/// The field that is wrong, and what is wrong with it.
pub(super) fn in_words(
    words: Words<'_>,
    typed: &Template,
    error: &TemplateError,
) -> (&'static str, String) {
    let code = |part: Part| match part {
        Part::Subject => "subject",
        Part::Body => "body",
    };
    match error {
        TemplateError::Empty(part) => {
            let args = args!["part" => code(*part)];
            (code(*part), words.with("look-letter-empty", args))
        }
        TemplateError::TooLong(part, most) => {
            let args = args!["part" => code(*part), "most" => *most];
            (code(*part), words.with("look-letter-long", args))
        }
        TemplateError::Control(part) => {
            let args = args!["part" => code(*part)];
            (code(*part), words.with("look-letter-control", args))
        }
        TemplateError::Unknown(part, at) => {
            let (line, column) = place(typed, *part, *at);
            let args = args!["part" => code(*part), "line" => line, "column" => column];
            (code(*part), words.with("look-letter-unknown", args))
        }
        TemplateError::Misplaced(part, slot) => {
            let slot = slot.to_string();
            let args = args!["part" => code(*part), "slot" => &slot];
            (code(*part), words.with("look-letter-misplaced", args))
        }
        TemplateError::Missing(slot) => {
            let slot = slot.to_string();
            (
                "body",
                words.with("look-letter-lacks", args!["slot" => &slot]),
            )
        }
        TemplateError::Store(_) => ("body", words.say("problem-internal")),
    }
}

/// Line and character, from 1, of the character `at` of a part as it is checked.
fn place(typed: &Template, part: Part, at: usize) -> (usize, usize) {
    let text = match part {
        Part::Subject => typed.subject.trim().to_owned(),
        Part::Body => typed.body.trim().replace("\r\n", "\n"),
    };
    let before: String = text.chars().take(at.saturating_sub(1)).collect();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    (line, column)
}
