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

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::{get, post};
use kept_base::problem::Problem;

use super::SchedulingError;
use crate::app::App;
use crate::page::pack_pages;

/// Longest value of a parameter that links carry on, in bytes.
pub const MAX_CARRIED_BYTES: usize = 64;

/// The addresses of these pages.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/{org}", get(services::services))
        .route("/{org}/{service}", get(times::times))
        .route("/{org}/{service}/hold", post(times::hold))
        .route(
            "/{org}/{service}/details",
            get(details::details).post(booking::book),
        )
        .route("/{org}/appointment/{token}", get(appointment::appointment))
        .route(
            "/{org}/appointment/{token}/move",
            get(moving::picker).post(moving::reschedule),
        )
        .route(
            "/{org}/appointment/{token}/cancel",
            get(cancel::page).post(cancel::cancel),
        )
        .route(
            "/{org}/appointment/{token}/calendar.ics",
            get(calendar::download),
        )
        .layer(from_fn(pack_pages))
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
