//! `holds`: keeping a time while somebody types.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use kept_base::input::{self, Json, Path};
use kept_base::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Wish, problems, unknown_field};
use crate::app::App;
use crate::ids::{HoldId, LocationId, StaffId};
use crate::policy::rights::Book;
use crate::scheduling;
use crate::wire::{CallerTo, Made, Repeat};

/// Which time to hold.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHold {
    /// Which service, as its id or slug.
    service: String,
    /// When it begins.
    #[serde(deserialize_with = "input::instant")]
    #[schema(value_type = String, format = DateTime)]
    starts_at: Timestamp,
    /// With whom; the least recently booked of all who are free where it is left out.
    #[schema(value_type = Option<String>)]
    staff: Option<StaffId>,
    /// Where; anywhere where it is left out.
    #[schema(value_type = Option<String>)]
    location: Option<LocationId>,
}

/// A held time.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hold {
    /// What to send as `hold` when booking. Whoever knows it can use it.
    #[schema(value_type = String)]
    pub id: HoldId,
    /// Until when the time is kept.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// Hold a time
///
/// Keeps a time for ten minutes, for somebody who is still typing. Nobody else can book it
/// meanwhile.
#[utoipa::path(
    post, path = "/api/v1/orgs/{org}/holds", operation_id = "createHold", tag = "Booking",
    request_body(content = NewHold, example = json!({
        "service": "checkup", "starts_at": "2026-12-01T13:30:00Z"
    })),
    responses((status = 201, description = "The time is held.", body = Hold, example = json!({
        "id": "hld_3w0c9y5tqfvx8h2m7d1k6e4r0a", "expires_at": "2026-11-23T08:10:00Z"
    })))
)]
pub async fn hold(
    State(app): State<Arc<App>>,
    CallerTo(caller, _): CallerTo<Book>,
    repeat: Repeat,
    body: Json<NewHold>,
) -> Result<Response, Problem> {
    let (asked, catalogs) = (body.value, Arc::clone(&app.catalogs));
    let once = repeat.once(&app, caller, body.digest, move |tx, known| {
        let catalog = catalogs.get(tx)?;
        let wish = Wish {
            service: &asked.service,
            staff: asked.staff,
            location: asked.location,
        };
        let (_, wanted) = wish.resolve(&catalog, unknown_field)?;
        let hold = scheduling::place_hold(tx, &catalogs, &wanted, asked.starts_at, None)
            .map_err(|error| problems::problem(error, known))?;
        Ok(Made {
            status: StatusCode::CREATED,
            answer: Hold {
                id: hold.id,
                expires_at: hold.expires_at,
            },
            person: None,
        })
    });
    once.await
}

/// Release a hold
///
/// Gives the time back before the hold runs out.
#[utoipa::path(
    delete, path = "/api/v1/orgs/{org}/holds/{id}", operation_id = "releaseHold", tag = "Booking",
    params(("id" = String, Path, description = "The hold's id.",
        example = "hld_3w0c9y5tqfvx8h2m7d1k6e4r0a")),
    responses((status = 204, description = "The time is free again."))
)]
pub async fn release(
    State(app): State<Arc<App>>,
    CallerTo(caller, _): CallerTo<Book>,
    Path((_, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let release = caller.write(&app, move |tx, _| {
        let id: HoldId = id.parse().map_err(|_| Problem::not_found())?;
        if scheduling::release_hold(tx, id)? {
            Ok(StatusCode::NO_CONTENT)
        } else {
            Err(Problem::not_found())
        }
    });
    release.await
}
