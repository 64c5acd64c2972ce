//! `days`: the question that calendars ask most. Its answers are kept as the bytes that are sent.

#![expect(unused_qualifications, reason = "utoipa writes paths in full")]

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use kept_base::input::{self, Query};
use kept_base::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::slots::asked_zone;
use super::{Wish, problems};
use crate::app::App;
use crate::ids::{LocationId, StaffId};
use crate::policy::rights::SeeOffering;
use crate::scheduling::{self, MAX_DAYS_PER_QUESTION};
use crate::wire::problems::unknown_parameter;
use crate::wire::{self, Caller, CallerTo};

/// Longest path and query whose answer is kept, in bytes; longer ones are answered afresh.
pub const MAX_KEPT_QUESTION_BYTES: usize = 320;

/// Of which days the room is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DaysQuery {
    /// Which service, as its id or slug.
    #[param(example = "checkup")]
    service: String,
    /// The first civil day, on the clock of `zone`.
    #[serde(deserialize_with = "input::date")]
    #[param(value_type = String, format = Date, example = "2026-12-01")]
    from: Date,
    /// The day after the last: at most 62 days after `from`.
    #[serde(deserialize_with = "input::date")]
    #[param(value_type = String, format = Date, example = "2027-01-01")]
    to: Date,
    /// IANA name of a time zone; the organization's own where it is left out.
    #[param(example = "Europe/Berlin")]
    zone: Option<String>,
    /// With whom; anybody who serves it where it is left out.
    #[param(value_type = Option<String>)]
    staff: Option<StaffId>,
    /// Where; anywhere where it is left out.
    #[param(value_type = Option<String>)]
    location: Option<LocationId>,
}

/// Which days have room.
#[derive(Debug, Serialize, ToSchema)]
pub struct Days {
    /// Every day that was asked for, also those without room.
    pub data: Vec<Day>,
}

/// A civil day.
#[derive(Debug, Serialize, ToSchema)]
pub struct Day {
    /// The date, on the clock that was asked for.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// How many different starts can be booked.
    pub free: u32,
}

/// List days with room
///
/// How many starts can be booked on each day from `from` to before `to`.
#[utoipa::path(
    get, path = "/api/v1/orgs/{org}/days", operation_id = "listDays", tag = "Times",
    params(DaysQuery),
    responses((status = 200, description = "The days.", body = Days, example = json!({
        "data": [{"date": "2026-12-01", "free": 9}, {"date": "2026-12-02", "free": 0}]
    })))
)]
pub async fn days(
    State(app): State<Arc<App>>,
    CallerTo(caller, _): CallerTo<SeeOffering>,
    uri: Uri,
) -> Result<Response, Problem> {
    let question = uri.path_and_query().map_or("", |text| text.as_str());
    let (organization, is_visitor) = (caller.organization, caller.is_visitor());
    let answer = answer(&app, caller, uri.query().unwrap_or_default());
    // Who presents a token is looked at first, hence answered from the database.
    let bytes = if is_visitor && question.len() <= MAX_KEPT_QUESTION_BYTES {
        let kept = &app.days_sent;
        kept.get_or_make(question, &app.store, organization, answer)
            .await?
    } else {
        answer.await?.0
    };
    Ok(wire::json(StatusCode::OK, bytes))
}

async fn answer(app: &App, caller: Caller, query: &str) -> Result<(Bytes, Timestamp), Problem> {
    let Query(query) = Query::<DaysQuery>::from_text(query)?;
    check_range(query.from, query.to)?;
    let catalogs = Arc::clone(&app.catalogs);
    let read = caller.read(app, move |tx, known| {
        let catalog = catalogs.get(tx)?;
        let wish = Wish {
            service: &query.service,
            staff: query.staff,
            location: query.location,
        };
        let (_, wanted) = wish.resolve(&catalog, unknown_parameter)?;
        let zone = asked_zone(&catalogs, &catalog, query.zone.as_deref())?;
        let range = (query.from, query.to);
        let (days, valid_until) = scheduling::days(tx, &catalogs, &wanted, range, &zone)
            .map_err(|error| problems::problem(error, known))?;
        let shown = days.iter().map(|day| Day {
            date: day.date,
            free: day.free,
        });
        let data = shown.collect();
        Ok((Bytes::from(wire::bytes(&Days { data })), valid_until))
    });
    read.await
}

fn check_range(from: Date, to: Date) -> Result<(), Problem> {
    let days = from.until(to).map_or(i32::MAX, |span| span.get_days());
    let detail = if days < 1 {
        "Give the day after the last one."
    } else if days > i32::from(MAX_DAYS_PER_QUESTION) {
        "Ask for at most 62 days at once."
    } else {
        return Ok(());
    };
    Err(Problem::invalid_query().parameter("to", "out_of_range", detail))
}
