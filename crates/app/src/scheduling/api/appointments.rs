//! `appointments`: what is booked, for whoever may see it.

#![expect(unused_qualifications, reason = "utoipa writes paths in full")]

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use kept_base::input::{Path, Query};
use kept_base::kit::Note;
use kept_base::problem::Problem;
use kept_base::store::{Error, Tx};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Appointment, AppointmentStatus, find_service, may_see_words};
use crate::app::App;
use crate::ids::{AppointmentId, PersonId, StaffId};
use crate::people::{self, NoteKind};
use crate::policy::rights::{SeeAppointments, SeeOwnAppointment};
use crate::scheduling::{self, Filter};
use crate::wire::{CallerTo, Cursor, List, PageSize};

// What a client may ask for in one page is what the slice gives.
const _: () = assert!(crate::wire::MAX_PAGE_ROWS <= crate::scheduling::MAX_PAGE_ROWS);

/// Which appointments. Every given part must hold; one that matches nothing gives an empty list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AppointmentsQuery {
    /// Beginning at or after.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Instant>,
    /// Beginning before.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Instant>,
    /// In this state.
    #[param(inline)]
    status: Option<AppointmentStatus>,
    /// Of this service, by its id or slug.
    service: Option<String>,
    /// Served by this staff member.
    #[param(value_type = Option<String>)]
    staff: Option<StaffId>,
    /// Of this person.
    #[param(value_type = Option<String>)]
    person: Option<PersonId>,
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200, default = 50)]
    limit: PageSize,
    /// What the page before gave as `next`.
    after: Option<String>,
}

/// An instant in a query.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(transparent)]
struct Instant(#[serde(deserialize_with = "kept_base::input::instant")] Timestamp);

/// List appointments
///
/// In order of time.
#[utoipa::path(
    get, path = "/api/v1/orgs/{org}/appointments", operation_id = "listAppointments",
    tag = "Appointments", params(AppointmentsQuery),
    responses((status = 200, description = "A page of appointments.", body = List<Appointment>,
        example = json!({
            "data": [{
                "id": "apt_01kapjzzr3fcprh0bpb0y7gbsn", "reference": "BK-7QX-2K4",
                "status": "confirmed", "service": "svc_01kapjzzp4f4taj8wvm5e1v9jv",
                "location": "loc_01kapjzznjfwdrwr2z7bjqbksq", "room": null,
                "staff": ["stf_01kapjzznvezkt6q3d6gt67kg3"],
                "starts_at": "2026-12-01T13:30:00Z", "ends_at": "2026-12-01T14:00:00Z",
                "revision": 0, "booked_at": "2026-11-23T08:00:00Z", "canceled_at": null,
                "person": "per_01kapjzzr4fbf9g2jys5kzk8bv",
                "chosen_because": "least_recently_booked"
            }],
            "has_more": false, "next": null
        })))
)]
pub async fn list(
    State(app): State<Arc<App>>,
    CallerTo(caller, _): CallerTo<SeeAppointments>,
    Query(query): Query<AppointmentsQuery>,
) -> Result<Json<List<Appointment>>, Problem> {
    let after = Cursor::from_parameter(query.after.as_deref())?;
    let catalogs = Arc::clone(&app.catalogs);
    let page = caller.read(&app, move |tx, known| {
        let catalog = catalogs.get(tx)?;
        let service = query.service.as_deref();
        let service = service.map(|text| find_service(&catalog, text).map(|found| found.id));
        if service == Some(None) {
            return Ok(List::whole(Vec::new()));
        }
        let filter = Filter {
            from: query.from.map(|instant| instant.0),
            to: query.to.map(|instant| instant.0),
            status: query.status.map(Into::into),
            service: service.flatten(),
            staff: query.staff,
            person: query.person,
            after,
        };
        let rows = scheduling::appointments(tx, &filter, query.limit.rows_to_read())?;
        let cursor = |last: &scheduling::Appointment| Cursor {
            at: last.starts_at,
            id: last.id.to_string(),
        };
        let show = |found| Appointment::show(found, known);
        Ok(query.limit.page(rows, cursor, show))
    });
    Ok(Json(page.await?))
}

/// An appointment with what the person wrote.
#[derive(Serialize, ToSchema)]
pub struct AppointmentInFull {
    /// The appointment.
    #[serde(flatten)]
    pub appointment: Appointment,
    /// The person's answers to the service's questions, by the fields' keys. Given to tokens with
    /// the scope `people:read`, and to the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub answers: Option<BTreeMap<String, String>>,
    /// Why it was canceled; `null` when nothing was said. Given like `answers`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancellation_reason: Option<Option<String>>,
}

/// Get an appointment
///
/// With a token's scope `appointments:read`, or with the appointment's own manage token as the
/// bearer token.
#[utoipa::path(
    get, path = "/api/v1/orgs/{org}/appointments/{id}", operation_id = "getAppointment",
    tag = "Appointments",
    params(("id" = String, Path, description = "The appointment's id.",
        example = "apt_01kapjzzr3fcprh0bpb0y7gbsn")),
    responses((status = 200, description = "The appointment.", body = AppointmentInFull,
        example = json!({
            "id": "apt_01kapjzzr3fcprh0bpb0y7gbsn", "reference": "BK-7QX-2K4",
            "status": "canceled", "service": "svc_01kapjzzp4f4taj8wvm5e1v9jv",
            "location": "loc_01kapjzznjfwdrwr2z7bjqbksq",
            "room": "rom_01kapjzznmeg5tvwx8yqcm5tpz",
            "staff": ["stf_01kapjzznvezkt6q3d6gt67kg3"],
            "starts_at": "2026-12-01T13:00:00Z", "ends_at": "2026-12-01T14:00:00Z",
            "revision": 1, "booked_at": "2026-11-23T08:00:00Z",
            "canceled_at": "2026-11-24T10:00:00Z",
            "person": "per_01kapjzzr4fbf9g2jys5kzk8bv", "chosen_because": "only_one",
            "answers": {"concern": "My left knee."}, "cancellation_reason": "I am traveling."
        })))
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CallerTo(caller, _): CallerTo<SeeAppointments, SeeOwnAppointment>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<AppointmentInFull>, Problem> {
    let found = caller.read(&app, move |tx, known| {
        let id = super::change::named(&id, known)?;
        let found = scheduling::appointment(tx, id)?.ok_or_else(Problem::not_found)?;
        let with_words = may_see_words(known);
        Ok(AppointmentInFull {
            appointment: Appointment::show(found, known),
            answers: with_words.then(|| answers(tx, id)).transpose()?,
            cancellation_reason: with_words.then(|| reason(tx, id)).transpose()?,
        })
    });
    Ok(Json(found.await?))
}

fn answers(tx: &Tx<'_>, id: AppointmentId) -> Result<BTreeMap<String, String>, Error> {
    let answers = people::answers(tx, id)?.into_iter();
    Ok(answers
        .map(|answer| (answer.field, answer.value.expose().to_owned()))
        .collect())
}

fn reason(tx: &Tx<'_>, id: AppointmentId) -> Result<Option<String>, Error> {
    let note = people::note(tx, id, NoteKind::CancellationReason)?;
    Ok(note.as_ref().map(Note::expose).map(str::to_owned))
}
