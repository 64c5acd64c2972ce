//! Pure decisions: no clock, no database.

use jiff::Timestamp;
use jiff::civil::Date;
use kept_base::kit::personal::PersonalError;
use kept_base::kit::time::plus_minutes;
use kept_base::kit::{Note, Phone};
use kept_slots::{Choice, ChoiceReason, Reason, Rules, Slot, Staffing, Window};

use crate::offering::{Field, FieldKind};
use crate::people::Answer;

/// Why one input was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The input's name in the form and in the API.
    pub field: String,
    /// A stable code: `required`, `too_long`, `malformed`, `not_a_choice`, `unknown`.
    pub code: &'static str,
}

impl FieldError {
    /// An error of the input `field`.
    #[must_use]
    pub fn new(field: &str, code: &'static str) -> Self {
        Self {
            field: field.to_owned(),
            code,
        }
    }

    /// The error that a personal text's own check gives.
    #[must_use]
    pub fn personal(field: &str, error: PersonalError) -> Self {
        let code = match error {
            PersonalError::Empty => "required",
            PersonalError::TooLong => "too_long",
            PersonalError::Malformed => "malformed",
        };
        Self::new(field, code)
    }
}

/// Checks what was answered against what a service asks: every required field answered, every
/// answer of its kind, nothing answered that was not asked (promise P54).
///
/// # Errors
/// Every problem at once.
pub fn check_answers(
    fields: &[Field],
    given: &[(String, String)],
) -> Result<Vec<Answer>, Vec<FieldError>> {
    let mut answers = Vec::new();
    let mut errors: Vec<FieldError> = given
        .iter()
        .filter(|(key, _)| !fields.iter().any(|field| field.key == *key))
        .map(|(key, _)| FieldError::new(key, "unknown"))
        .collect();
    for field in fields {
        let value = given
            .iter()
            .find(|(key, _)| *key == field.key)
            .map_or("", |(_, v)| v.trim());
        if value.is_empty() {
            if field.required {
                errors.push(FieldError::new(&field.key, "required"));
            }
            continue;
        }
        match check_answer(field, value) {
            Ok(value) => answers.push(Answer {
                field: field.key.clone(),
                value,
            }),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() {
        Ok(answers)
    } else {
        Err(errors)
    }
}

fn check_answer(field: &Field, value: &str) -> Result<Note, FieldError> {
    let wrong = |code| FieldError::new(&field.key, code);
    let one_line = !value.contains(['\n', '\r', '\t']);
    let of_its_kind = match field.kind {
        FieldKind::LongText => true,
        FieldKind::Text => one_line,
        FieldKind::Date => value.parse::<Date>().is_ok(),
        FieldKind::Check => value == "yes",
        FieldKind::Phone => Phone::parse(value).is_ok(),
        FieldKind::Choice => {
            if !field.choices.iter().any(|choice| choice == value) {
                return Err(wrong("not_a_choice"));
            }
            true
        }
    };
    if !of_its_kind {
        return Err(wrong("malformed"));
    }
    Note::parse(value).map_err(|error| FieldError::personal(&field.key, error))
}

/// What an appointment takes of everybody's time: its own with the buffers around it.
#[must_use]
pub fn claimed_window(rules: &Rules, starts_at: Timestamp, ends_at: Timestamp) -> Window {
    Window {
        start: plus_minutes(starts_at, -i64::from(rules.buffer_before_minutes)),
        end: plus_minutes(ends_at, i64::from(rules.buffer_after_minutes)),
    }
}

/// Until when the person can change an appointment.
#[must_use]
pub fn change_closes_at(starts_at: Timestamp, until_minutes: u32) -> Timestamp {
    plus_minutes(starts_at, -i64::from(until_minutes))
}

/// Decides who serves. `slots` share one start, one per place. Whom `preferred` names comes first,
/// else the least recently booked of all who are free, at whichever place they are.
#[must_use]
pub fn choose<'s>(
    slots: &'s [Slot],
    staffing: Staffing,
    last_booked: &[Option<Timestamp>],
    preferred: impl Fn(u16) -> bool,
) -> Option<(&'s Slot, Choice, &'static str)> {
    let last = |choice: &Choice| {
        choice
            .staff
            .first()
            .and_then(|m| last_booked.get(usize::from(*m)).copied().flatten())
    };
    if staffing == Staffing::AnyOf {
        let all = || {
            slots
                .iter()
                .flat_map(|slot| slot.staff.iter().map(move |m| (slot, *m)))
        };
        if let Some((slot, member)) = all().find(|(_, member)| preferred(*member)) {
            let (staff, room) = (vec![member], slot.rooms.first().copied());
            let choice = Choice {
                staff,
                room,
                because: ChoiceReason::OnlyOne,
            };
            return Some((slot, choice, "same_staff"));
        }
        let several = all().any(|(_, member)| slots[0].staff.first() != Some(&member));
        return (slots.iter())
            .filter_map(|slot| Some((slot, kept_slots::choose(slot, staffing, last_booked)?)))
            .min_by_key(|(_, choice)| last(choice))
            .map(|(slot, choice)| {
                let because = match (several, last(&choice)) {
                    (false, _) => ChoiceReason::OnlyOne,
                    (true, None) => ChoiceReason::NeverBooked,
                    (true, Some(_)) => ChoiceReason::LeastRecentlyBooked,
                };
                (slot, choice, reason_code(because))
            });
    }
    let slot = slots.first()?;
    let choice = kept_slots::choose(slot, staffing, last_booked)?;
    let because = reason_code(choice.because);
    Some((slot, choice, because))
}

const BECAUSE: [&str; 6] = [
    "only_one",
    "never_booked",
    "least_recently_booked",
    "all_of_them",
    "same_staff",
    "by_staff",
];

fn reason_code(reason: ChoiceReason) -> &'static str {
    match reason {
        ChoiceReason::OnlyOne => "only_one",
        ChoiceReason::NeverBooked => "never_booked",
        ChoiceReason::LeastRecentlyBooked => "least_recently_booked",
        ChoiceReason::All => "all_of_them",
    }
}

/// A stored reason as its code.
#[must_use]
pub fn because_code(stored: &str) -> &'static str {
    BECAUSE
        .into_iter()
        .find(|code| *code == stored)
        .unwrap_or("only_one")
}

/// A reason as strangers may know it: that somebody is away is theirs to tell.
#[must_use]
pub fn public_reason(reason: Reason) -> Reason {
    match reason {
        Reason::TimeOff => Reason::OutsideHours,
        other => other,
    }
}

/// A reference people can say on the telephone: `BK-7QX-204`, without letters or digits that are
/// taken for each other.
#[must_use]
pub fn reference(random: [u8; 8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut rest = u64::from_le_bytes(random);
    let mut text = String::from("BK-");
    for place in 0..6 {
        if place == 3 {
            text.push('-');
        }
        text.push(char::from(LETTERS[(rest & 31) as usize]));
        rest >>= 5;
    }
    text
}

#[cfg(test)]
mod tests;
