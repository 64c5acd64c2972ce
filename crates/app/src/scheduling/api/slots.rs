//! `slots` and `slots/why`.

#![expect(unused_qualifications, reason = "utoipa writes paths in full")]

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kept_base::input::{self, Query};
use kept_base::problem::Problem;
use kept_slots::Reason;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Wish, problems};
use crate::app::App;
use crate::ids::{LocationId, RoomId, StaffId};
use crate::offering::Catalog;
use crate::policy::rights::SeeOffering;
use crate::scheduling::{self, Offer, Refusal};
use crate::wire::problems::unknown_parameter;
use crate::wire::{CallerTo, Known};

/// Of which day the times are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SlotsQuery {
    /// Which service, as its id or slug.
    #[param(example = "checkup")]
    service: String,
    /// Which civil day, on the clock of `zone`.
    #[serde(deserialize_with = "input::date")]
    #[param(value_type = String, format = Date, example = "2026-12-01")]
    date: Date,
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

/// The free times of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct Slots {
    /// In order of time, each start once.
    pub data: Vec<Slot>,
}

/// A time that can be booked.
#[derive(Debug, Serialize, ToSchema)]
pub struct Slot {
    /// When it begins.
    #[schema(value_type = String, format = DateTime)]
    pub starts_at: Timestamp,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    pub ends_at: Timestamp,
    /// Who is free then: any of them can be asked for; for a service of all together, everybody.
    #[schema(value_type = Vec<String>)]
    pub staff: Vec<StaffId>,
    /// Where it can be.
    #[schema(value_type = Vec<String>)]
    pub locations: Vec<LocationId>,
}

/// List free times of a day
///
/// Every start that can be booked on this day, and only those.
#[utoipa::path(
    get, path = "/api/v1/orgs/{org}/slots", operation_id = "listSlots", tag = "Times",
    params(SlotsQuery),
    responses((status = 200, description = "The free times.", body = Slots, example = json!({
        "data": [{
            "starts_at": "2026-12-01T13:30:00Z", "ends_at": "2026-12-01T14:00:00Z",
            "staff": ["stf_01kapjzznvezkt6q3d6gt67kg3"],
            "locations": ["loc_01kapjzznjfwdrwr2z7bjqbksq"]
        }]
    })))
)]
pub async fn slots(
    State(app): State<Arc<App>>,
    CallerTo(caller, _): CallerTo<SeeOffering>,
    Query(query): Query<SlotsQuery>,
) -> Result<Json<Slots>, Problem> {
    let catalogs = Arc::clone(&app.catalogs);
    let offers = caller.read(&app, move |tx, known| {
        let catalog = catalogs.get(tx)?;
        let wish = Wish {
            service: &query.service,
            staff: query.staff,
            location: query.location,
        };
        let (_, wanted) = wish.resolve(&catalog, unknown_parameter)?;
        let zone = asked_zone(&catalogs, &catalog, query.zone.as_deref())?;
        scheduling::times(tx, &catalogs, &wanted, query.date, &zone, None)
            .map_err(|error| problems::problem(error, known))
    });
    let mut data: Vec<Slot> = Vec::new();
    for offer in offers.await? {
        join(&mut data, offer);
    }
    Ok(Json(Slots { data }))
}

/// Offers come one for each place; those of one start are one slot.
fn join(slots: &mut Vec<Slot>, offer: Offer) {
    match slots.last_mut() {
        Some(slot) if slot.starts_at == offer.starts_at => {
            for member in offer.staff {
                if !slot.staff.contains(&member) {
                    slot.staff.push(member);
                }
            }
            slot.locations.push(offer.location);
        }
        _ => slots.push(Slot {
            starts_at: offer.starts_at,
            ends_at: offer.ends_at,
            staff: offer.staff,
            locations: vec![offer.location],
        }),
    }
}

/// The rules of the zone that a query names, else of the organization's.
pub(super) fn asked_zone(
    catalogs: &crate::offering::Catalogs,
    catalog: &Catalog,
    name: Option<&str>,
) -> Result<TimeZone, Problem> {
    match name {
        None => Ok(catalog.zone.clone()),
        Some(name) => catalogs.zones().get(name).ok_or_else(|| {
            let detail = "Send an IANA name such as Europe/Berlin.";
            Problem::invalid_query().parameter("zone", "unknown_zone", detail)
        }),
    }
}

/// Which time is asked about.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WhyQuery {
    /// Which service, as its id or slug.
    #[param(example = "checkup")]
    service: String,
    /// When it would begin.
    #[serde(deserialize_with = "input::instant")]
    #[param(value_type = String, format = DateTime, example = "2026-12-01T13:30:00Z")]
    starts_at: Timestamp,
    /// With whom; anybody who serves it where it is left out.
    #[param(value_type = Option<String>)]
    staff: Option<StaffId>,
    /// Where; anywhere where it is left out.
    #[param(value_type = Option<String>)]
    location: Option<LocationId>,
}

/// Whether a time can be booked, and why not.
#[derive(Debug, Serialize, ToSchema)]
pub struct Why {
    /// Whether it can.
    pub bookable: bool,
    /// All that is in the way; empty when it can.
    pub reasons: Vec<WhyReason>,
}

/// One reason why a time cannot be booked.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WhyReason {
    /// The stable code: `in_the_past`, `inside_notice`, `beyond_horizon`, `off_grid`,
    /// `closed_day`, `outside_hours`, `time_off`, `staff_busy`, `no_room`, `daily_limit`,
    /// `no_staff`, `not_together`. More may follow.
    #[schema(value_type = String)]
    pub code: &'static str,
    /// The same in words.
    #[schema(value_type = String)]
    pub detail: &'static str,
    /// Whom it concerns. Given to tokens only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    pub staff: Option<StaffId>,
    /// Which room it concerns. Given to tokens only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    pub room: Option<RoomId>,
}

/// Explain a time
///
/// Why a time is not offered, as coded reasons. Without a token the reasons tell nothing about
/// single staff members: each stands once, and somebody away is `outside_hours`. A token is told
/// whom and which room each reason concerns.
#[utoipa::path(
    get, path = "/api/v1/orgs/{org}/slots/why", operation_id = "explainSlot", tag = "Times",
    params(WhyQuery),
    responses((status = 200, description = "The reasons.", body = Why, example = json!({
        "bookable": false,
        "reasons": [{"code": "staff_busy", "detail": "Somebody who could serve is taken."}]
    })))
)]
pub async fn why(
    State(app): State<Arc<App>>,
    CallerTo(caller, _): CallerTo<SeeOffering>,
    Query(query): Query<WhyQuery>,
) -> Result<Json<Why>, Problem> {
    let catalogs = Arc::clone(&app.catalogs);
    let reasons = caller.read(&app, move |tx, known| {
        let catalog = catalogs.get(tx)?;
        let wish = Wish {
            service: &query.service,
            staff: query.staff,
            location: query.location,
        };
        let (_, wanted) = wish.resolve(&catalog, unknown_parameter)?;
        let refusals = scheduling::why(tx, &catalogs, &wanted, query.starts_at)
            .map_err(|error| problems::problem(error, known))?;
        Ok(show(&refusals, known))
    });
    let reasons = reasons.await?;
    Ok(Json(Why {
        bookable: reasons.is_empty(),
        reasons,
    }))
}

fn show(refusals: &[Refusal], known: &Known) -> Vec<WhyReason> {
    let mut reasons = Vec::new();
    for refusal in refusals {
        let reason = problems::shown(refusal.reason, known);
        let named = known.is_organization();
        let shown = WhyReason {
            code: reason.code(),
            detail: words(reason),
            staff: refusal.staff.filter(|_| named),
            room: refusal.room.filter(|_| named),
        };
        if !reasons.contains(&shown) {
            reasons.push(shown);
        }
    }
    reasons
}

fn words(reason: Reason) -> &'static str {
    match reason {
        Reason::InThePast => "It is in the past.",
        Reason::InsideNotice => "It is too soon: the service needs more notice.",
        Reason::BeyondHorizon => "It is too far ahead to be booked yet.",
        Reason::OffGrid => "No appointment of this service starts at this minute.",
        Reason::ClosedDay => "The location is closed on that day.",
        Reason::OutsideHours => {
            "Somebody who could serve does not work then, or not for long enough."
        }
        Reason::TimeOff => "Somebody who could serve is away.",
        Reason::StaffBusy => "Somebody who could serve is taken.",
        Reason::NoRoom => "No room is free.",
        Reason::DailyLimit => "The day has as many appointments of this service as it may have.",
        Reason::NoStaff => "Nobody serves this.",
        Reason::NotTogether => "Those who are needed are not at one place then.",
    }
}
