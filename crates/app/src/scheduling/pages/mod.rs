//! The public pages: what is offered, day and time, details, done, and the person's own page.
//! They work without scripts and without cookies; what was chosen stands in addresses, what was
//! typed only ever in the bodies of forms.

mod appointment;
mod booking;
mod calendar;
mod cancel;
mod days;
mod details;
mod fields;
mod gone;
mod here;
mod moving;
mod offered;
mod picked;
mod picker;
mod services;
mod show;
mod times;
mod visit;
mod zones;

use axum::http::StatusCode;
use axum::response::Response;
use kept_base::problem::Problem;

use super::SchedulingError;
use crate::page::{Door, OpenRoutes};

/// Longest value of a parameter that links carry on, in bytes.
pub const MAX_CARRIED_BYTES: usize = 64;

/// The addresses of these pages.
#[must_use]
pub fn open() -> OpenRoutes {
    let (all, link) = (Door::Everybody, Door::Link);
    let own = |below: &str| format!("/{{org}}/appointment/{{token}}{below}");
    OpenRoutes::new()
        .get("/{org}", all, services::services)
        .get("/{org}/{service}", all, times::times)
        .post("/{org}/{service}/hold", all, times::hold)
        .get("/{org}/{service}/details", all, details::details)
        .post("/{org}/{service}/details", all, booking::book)
        .get(&own(""), link, appointment::appointment)
        .get(&own("/move"), link, moving::picker)
        .post(&own("/move"), link, moving::reschedule)
        .get(&own("/cancel"), link, cancel::page)
        .post(&own("/cancel"), link, cancel::cancel)
        .get(&own("/calendar.ics"), link, calendar::download)
}

type Answer = Result<Response, Problem>;

/// What no page of its own tells about.
impl From<SchedulingError> for Problem {
    fn from(error: SchedulingError) -> Self {
        match error {
            SchedulingError::Unknown => Self::not_found(),
            SchedulingError::TooManyHolds => Self::busy().because(&error),
            SchedulingError::Store(error) => error.into(),
            SchedulingError::SlotTaken { .. }
            | SchedulingError::AlreadyCanceled
            | SchedulingError::TooLate { .. }
            | SchedulingError::Unchanged => Self::conflict().because(&error),
        }
    }
}

/// 409: somebody else was faster.
const GONE: StatusCode = StatusCode::CONFLICT;
/// 422: something in the form is to be corrected.
const TO_CORRECT: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
