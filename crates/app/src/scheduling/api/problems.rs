//! The refusals of scheduling as problems.

use axum::http::StatusCode;
use jiff::Timestamp;
use kept_base::problem::{Kind, Problem};
use kept_slots::Reason;

use crate::scheduling::{HOLD_MINUTES, MAX_LIVE_HOLDS, SchedulingError, rules};
use crate::wire::Known;

/// The time is not free. `alternatives` lists the nearest that are (RFC 3339), `reasons` codes.
const SLOT_TAKEN: Kind = Kind::new(StatusCode::CONFLICT, "slot_taken", "This time is not free");
/// The appointment was canceled before.
const ALREADY_CANCELED: Kind = Kind::new(
    StatusCode::CONFLICT,
    "already_canceled",
    "The appointment is canceled already",
);
/// The person may not change it anymore; `closed_at` says since when.
const TOO_LATE: Kind = Kind::new(
    StatusCode::CONFLICT,
    "too_late",
    "It is too late to change the appointment",
);
/// The appointment is at that time already.
const UNCHANGED: Kind = Kind::new(
    StatusCode::CONFLICT,
    "unchanged",
    "The appointment is at this time already",
);
/// Too many times are held at once in the organization.
const TOO_MANY_HOLDS: Kind = Kind::new(
    StatusCode::TOO_MANY_REQUESTS,
    "too_many_holds",
    "Too many times are being held",
);

/// Every sort of problem that scheduling makes, for the API's documentation.
pub const KINDS: &[Kind] = &[
    SLOT_TAKEN,
    ALREADY_CANCELED,
    TOO_LATE,
    UNCHANGED,
    TOO_MANY_HOLDS,
];

/// Shows a refusal to whom it concerns.
pub(super) fn problem(error: SchedulingError, known: &Known) -> Problem {
    match error {
        SchedulingError::Unknown => Problem::not_found(),
        SchedulingError::SlotTaken {
            reasons,
            alternatives,
        } => slot_taken(&reasons, &alternatives, known),
        SchedulingError::AlreadyCanceled => ALREADY_CANCELED.into(),
        SchedulingError::TooLate { closed_at } => Problem::from(TOO_LATE)
            .detail("Please contact the organization.")
            .member("closed_at", closed_at.to_string()),
        SchedulingError::Unchanged => UNCHANGED.into(),
        SchedulingError::TooManyHolds => Problem::from(TOO_MANY_HOLDS)
            .detail(format!(
                "At most {MAX_LIVE_HOLDS} times are held at once; each is freed after \
                 {HOLD_MINUTES} minutes."
            ))
            .retry_after_seconds(60),
        SchedulingError::Store(error) => error.into(),
    }
}

fn slot_taken(reasons: &[Reason], alternatives: &[Timestamp], known: &Known) -> Problem {
    let alternatives: Vec<String> = alternatives.iter().map(ToString::to_string).collect();
    let detail = if alternatives.is_empty() {
        "There is no other free time near it."
    } else {
        "Take one of the alternatives, which were free a moment ago."
    };
    Problem::from(SLOT_TAKEN)
        .detail(detail)
        .member("reasons", codes(reasons, known))
        .member("alternatives", alternatives)
}

/// The codes of reasons, each once.
fn codes(reasons: &[Reason], known: &Known) -> Vec<&'static str> {
    let shown = reasons.iter().map(|reason| shown(*reason, known).code());
    let mut codes: Vec<&str> = shown.collect();
    codes.dedup();
    codes
}

/// A reason as this caller may know it.
pub(super) fn shown(reason: Reason, known: &Known) -> Reason {
    if known.is_organization() {
        reason
    } else {
        rules::public_reason(reason)
    }
}
