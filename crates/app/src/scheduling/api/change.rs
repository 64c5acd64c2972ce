//! `appointments/{id}/rescheduling` and `/cancellation`: by the organization, or by the person who
//! presents their manage link's token. What the organization allows the person, and until when,
//! is decided by the verbs.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use kept_base::input::{self, Json, Path};
use kept_base::kit::Note;
use kept_base::problem::Problem;
use kept_base::store::Tx;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::{Appointment, problems};
use crate::app::App;
use crate::ids::AppointmentId;
use crate::policy::rights::{ChangeAppointments, ChangeOwnAppointment};
use crate::scheduling::{self, Authority};
use crate::wire::{CallerTo, Known, Made, Repeat};

/// Where to move an appointment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTime {
    /// When it is to begin.
    #[serde(deserialize_with = "input::instant")]
    #[schema(value_type = String, format = DateTime)]
    starts_at: Timestamp,
}

/// Why an appointment is canceled.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Cancellation {
    /// The reason, in the canceler's own words; nobody has to give one.
    #[schema(max_length = 2000)]
    reason: Option<String>,
}

/// The appointment that the path names, if this caller may know of it.
pub(super) fn named(id: &str, known: &Known) -> Result<AppointmentId, Problem> {
    let id: AppointmentId = id.parse().map_err(|_| Problem::not_found())?;
    match known.only_appointment() {
        Some(own) if own != id => Err(Problem::not_found()),
        _ => Ok(id),
    }
}

fn authority(known: &Known) -> Authority {
    match known.only_appointment() {
        Some(_) => Authority::Person,
        None => Authority::Organization,
    }
}

fn made(changed: scheduling::Appointment, known: &Known) -> Made<Appointment> {
    Made {
        status: StatusCode::OK,
        person: Some(changed.person),
        answer: Appointment::show(changed, known),
    }
}

/// Move an appointment
///
/// To another free time, at the same location and, where they are free, with the same staff. With
/// a token's scope `appointments:write`, or with the appointment's own manage token as the bearer
/// token; then the organization's limit on late changes holds.
#[utoipa::path(
    post, path = "/api/v1/orgs/{org}/appointments/{id}/rescheduling",
    operation_id = "rescheduleAppointment", tag = "Booking",
    params(("id" = String, Path, description = "The appointment's id.",
        example = "apt_01kapjzzr3fcprh0bpb0y7gbsn")),
    request_body(content = NewTime, example = json!({"starts_at": "2026-12-02T09:00:00Z"})),
    responses((status = 200, description = "The appointment, at its new time.", body = Appointment,
        example = json!({
            "id": "apt_01kapjzzr3fcprh0bpb0y7gbsn", "reference": "BK-7QX-2K4",
            "status": "confirmed", "service": "svc_01kapjzzp4f4taj8wvm5e1v9jv",
            "location": "loc_01kapjzznjfwdrwr2z7bjqbksq", "room": null,
            "staff": ["stf_01kapjzznvezkt6q3d6gt67kg3"], "starts_at": "2026-12-02T09:00:00Z",
            "ends_at": "2026-12-02T09:30:00Z", "revision": 1,
            "booked_at": "2026-11-23T08:00:00Z", "canceled_at": null
        })))
)]
pub async fn reschedule(
    State(app): State<Arc<App>>,
    CallerTo(caller, _): CallerTo<ChangeAppointments, ChangeOwnAppointment>,
    repeat: Repeat,
    Path((_, id)): Path<(String, String)>,
    body: Json<NewTime>,
) -> Result<Response, Problem> {
    let (asked, catalogs) = (body.value, Arc::clone(&app.catalogs));
    let verb = move |tx: &Tx<'_>, known: &Known| {
        let id = named(&id, known)?;
        let (at, authority) = (asked.starts_at, authority(known));
        let moved = scheduling::reschedule(tx, &catalogs, id, at, authority)
            .map_err(|error| problems::problem(error, known))?;
        Ok(made(moved, known))
    };
    repeat.once(&app, caller, body.digest, verb).await
}

/// Cancel an appointment
///
/// Its time is free at once. With a token's scope `appointments:write`, or with the appointment's
/// own manage token as the bearer token; then the organization's limit on late changes holds. The
/// body may be left out.
#[utoipa::path(
    post, path = "/api/v1/orgs/{org}/appointments/{id}/cancellation",
    operation_id = "cancelAppointment", tag = "Booking",
    params(("id" = String, Path, description = "The appointment's id.",
        example = "apt_01kapjzzr3fcprh0bpb0y7gbsn")),
    request_body(content = Option<Cancellation>, example = json!({"reason": "I am traveling."})),
    responses((status = 200, description = "The canceled appointment.", body = Appointment,
        example = json!({
            "id": "apt_01kapjzzr3fcprh0bpb0y7gbsn", "reference": "BK-7QX-2K4",
            "status": "canceled", "service": "svc_01kapjzzp4f4taj8wvm5e1v9jv",
            "location": "loc_01kapjzznjfwdrwr2z7bjqbksq", "room": null,
            "staff": ["stf_01kapjzznvezkt6q3d6gt67kg3"], "starts_at": "2026-12-01T13:30:00Z",
            "ends_at": "2026-12-01T14:00:00Z", "revision": 1,
            "booked_at": "2026-11-23T08:00:00Z", "canceled_at": "2026-11-24T10:00:00Z"
        })))
)]
pub async fn cancel(
    State(app): State<Arc<App>>,
    CallerTo(caller, _): CallerTo<ChangeAppointments, ChangeOwnAppointment>,
    repeat: Repeat,
    Path((_, id)): Path<(String, String)>,
    body: Option<Json<Cancellation>>,
) -> Result<Response, Problem> {
    let (asked, digest) = match body {
        Some(body) => (body.value, body.digest),
        None => (Cancellation::default(), Sha256::digest(b"").into()),
    };
    let reason = read_reason(asked.reason.as_deref())?;
    let catalogs = Arc::clone(&app.catalogs);
    let verb = move |tx: &Tx<'_>, known: &Known| {
        let id = named(&id, known)?;
        let (reason, authority) = (reason.as_ref(), authority(known));
        let canceled = scheduling::cancel(tx, &catalogs, id, reason, authority)
            .map_err(|error| problems::problem(error, known))?;
        Ok(made(canceled, known))
    };
    repeat.once(&app, caller, digest, verb).await
}

/// A reason of nothing but space is none.
fn read_reason(text: Option<&str>) -> Result<Option<Note>, Problem> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map(Note::parse).transpose().map_err(|error| {
        let error = super::book::personal("reason", error);
        Problem::invalid_fields().error(error)
    })
}
