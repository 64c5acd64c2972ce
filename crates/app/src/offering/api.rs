//! `services`, `staff` and `locations` as JSON: what anybody may know of them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kept_base::problem::Problem;
use kept_slots::Staffing;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Catalog, Field, Mode};
use crate::app::App;
use crate::ids::{FieldId, LocationId, ServiceId, StaffId};
use crate::policy::rights::SeeOffering;
use crate::wire::{CallerTo, List};

/// What can be booked.
#[derive(Debug, Serialize, ToSchema)]
pub struct Service {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ServiceId,
    /// Its name in addresses; works wherever its id does.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// A sentence about it; may be empty.
    pub description: String,
    /// Length of the appointment, in minutes.
    pub duration_minutes: u16,
    /// The price shown; `null` when none is.
    pub price: Option<Price>,
    /// Whether any one of the staff serves, or all of them together.
    pub staffing: ServiceStaffing,
    /// Who serves.
    #[schema(value_type = Vec<String>)]
    pub staff: Vec<StaffId>,
    /// Whether it takes a room, too.
    pub needs_room: bool,
    /// How customer and staff meet.
    pub mode: ServiceMode,
    /// How long before its start it must be booked, in minutes.
    pub notice_minutes: u32,
    /// How far ahead it can be booked, in days after today.
    pub horizon_days: u16,
    /// Until how long before its start the person can move it, in minutes.
    pub move_until_minutes: u32,
    /// Until how long before its start the person can cancel it, in minutes.
    pub cancel_until_minutes: u32,
    /// What it asks beside name and e-mail address: `answers` when booking.
    pub fields: Vec<ServiceField>,
}

/// Who of the staff serves.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServiceStaffing {
    /// Any one of them.
    AnyOf,
    /// All of them together.
    AllOf,
}

/// How customer and staff meet.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServiceMode {
    /// At the location.
    Place,
    /// By telephone: the person's telephone number is needed to book.
    Phone,
    /// By video.
    Video,
    /// At the person's address.
    Customer,
}

impl From<Mode> for ServiceMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Place => Self::Place,
            Mode::Phone => Self::Phone,
            Mode::Video => Self::Video,
            Mode::Customer => Self::Customer,
        }
    }
}

/// A price.
#[derive(Debug, Serialize, ToSchema)]
pub struct Price {
    /// The amount in minor units (cents, yen, fils).
    pub amount_minor: i64,
    /// The currency, as its ISO 4217 code.
    pub currency: String,
}

/// A question that a service asks.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceField {
    /// Its id.
    #[schema(value_type = String)]
    pub id: FieldId,
    /// Its name in `answers`.
    pub key: String,
    /// What answers it takes: `text` (one line), `long_text`, `choice` (one of `choices`), `check`
    /// (`yes` or nothing), `phone` (with country code), `date` (`YYYY-MM-DD`).
    #[schema(value_type = String)]
    pub kind: &'static str,
    /// The question.
    pub label: String,
    /// Why it is asked.
    pub reason: String,
    /// The answers to choose from.
    pub choices: Vec<String>,
    /// Whether booking needs an answer.
    pub required: bool,
}

/// Somebody who serves.
#[derive(Debug, Serialize, ToSchema)]
pub struct Member {
    /// Their id.
    #[schema(value_type = String)]
    pub id: StaffId,
    /// What customers know them as.
    pub name: String,
    /// What they are, such as "Physiotherapist"; may be empty.
    pub title: String,
    /// Which services they serve.
    #[schema(value_type = Vec<String>)]
    pub services: Vec<ServiceId>,
}

/// A place with an address.
#[derive(Debug, Serialize, ToSchema)]
pub struct Place {
    /// Its id.
    #[schema(value_type = String)]
    pub id: LocationId,
    /// What it is called.
    pub name: String,
    /// Where it is, on one line.
    pub address: String,
    /// IANA name of its time zone.
    pub zone: String,
}

/// List services
///
/// What can be booked, in the order in which the organization shows it. The list is given whole.
#[utoipa::path(
    get, path = "/api/v1/orgs/{org}/services", operation_id = "listServices", tag = "Offering",
    responses((status = 200, description = "The services.", body = List<Service>, example = json!({
        "data": [{
            "id": "svc_01kapjzzp4f4taj8wvm5e1v9jv", "slug": "therapy", "name": "Therapy",
            "description": "An hour with one of us.", "duration_minutes": 60,
            "price": {"amount_minor": 8000, "currency": "EUR"}, "staffing": "any_of",
            "staff": ["stf_01kapjzznvezkt6q3d6gt67kg3"], "needs_room": true,
            "mode": "place",
            "notice_minutes": 120, "horizon_days": 60,
            "move_until_minutes": 1440, "cancel_until_minutes": 1440,
            "fields": [{
                "id": "fld_01kapjzzpcf5vrtt5nv8p1k2an", "key": "concern", "kind": "long_text",
                "label": "What hurts?", "reason": "So that we can prepare.", "choices": [],
                "required": true
            }]
        }],
        "has_more": false, "next": null
    })))
)]
pub async fn services(
    State(app): State<Arc<App>>,
    CallerTo(caller, _): CallerTo<SeeOffering>,
) -> Result<Json<List<Service>>, Problem> {
    let catalogs = Arc::clone(&app.catalogs);
    let list = caller.read(&app, move |tx, _| {
        let catalog = catalogs.get(tx)?;
        let shown = catalog.offered().map(|s| service(&catalog, s));
        Ok(List::whole(shown.collect()))
    });
    Ok(Json(list.await?))
}

fn service(catalog: &Catalog, service: &super::Service) -> Service {
    Service {
        id: service.id,
        slug: service.slug.clone(),
        name: service.name.clone(),
        description: service.description.clone(),
        duration_minutes: service.rules.length_minutes,
        price: service.price.as_ref().map(|price| Price {
            amount_minor: price.minor,
            currency: price.currency.code().to_owned(),
        }),
        staffing: match service.staffing {
            Staffing::AnyOf => ServiceStaffing::AnyOf,
            Staffing::AllOf => ServiceStaffing::AllOf,
        },
        staff: service.staff.iter().map(|i| catalog.staff[*i].id).collect(),
        needs_room: service.needs_room,
        mode: service.mode.into(),
        notice_minutes: service.rules.notice_minutes,
        horizon_days: service.rules.horizon_days,
        move_until_minutes: service.move_until_minutes,
        cancel_until_minutes: service.cancel_until_minutes,
        fields: service.fields.iter().map(field).collect(),
    }
}

fn field(field: &Field) -> ServiceField {
    ServiceField {
        id: field.id,
        key: field.key.clone(),
        kind: field.kind.code(),
        label: field.label.clone(),
        reason: field.reason.clone(),
        choices: field.choices.clone(),
        required: field.required,
    }
}

/// List staff
///
/// Who serves, in the order in which the organization shows them. The list is given whole.
/// Addresses of staff members are never given.
#[utoipa::path(
    get, path = "/api/v1/orgs/{org}/staff", operation_id = "listStaff", tag = "Offering",
    responses((status = 200, description = "The staff.", body = List<Member>, example = json!({
        "data": [{
            "id": "stf_01kapjzznvezkt6q3d6gt67kg3", "name": "Priya Shah",
            "title": "Physiotherapist", "services": ["svc_01kapjzzp4f4taj8wvm5e1v9jv"]
        }],
        "has_more": false, "next": null
    })))
)]
pub async fn staff(
    State(app): State<Arc<App>>,
    CallerTo(caller, _): CallerTo<SeeOffering>,
) -> Result<Json<List<Member>>, Problem> {
    let catalogs = Arc::clone(&app.catalogs);
    let list = caller.read(&app, move |tx, _| {
        let catalog = catalogs.get(tx)?;
        let served = |index: usize| {
            let serves = catalog.offered().filter(|s| s.staff.contains(&index));
            serves.map(|service| service.id).collect()
        };
        let members = catalog.staff.iter().enumerate();
        let members = members.filter(|(_, member)| !member.archived);
        let shown = members.map(|(index, member)| Member {
            id: member.id,
            name: member.name.clone(),
            title: member.title.clone(),
            services: served(index),
        });
        Ok(List::whole(shown.collect()))
    });
    Ok(Json(list.await?))
}

/// List locations
///
/// Where appointments take place, in the order in which the organization shows it. The list is
/// given whole.
#[utoipa::path(
    get, path = "/api/v1/orgs/{org}/locations", operation_id = "listLocations", tag = "Offering",
    responses((status = 200, description = "The locations.", body = List<Place>, example = json!({
        "data": [{
            "id": "loc_01kapjzznjfwdrwr2z7bjqbksq", "name": "Harbor",
            "address": "Hafenstr. 12, Berlin", "zone": "Europe/Berlin"
        }],
        "has_more": false, "next": null
    })))
)]
pub async fn locations(
    State(app): State<Arc<App>>,
    CallerTo(caller, _): CallerTo<SeeOffering>,
) -> Result<Json<List<Place>>, Problem> {
    let catalogs = Arc::clone(&app.catalogs);
    let list = caller.read(&app, move |tx, _| {
        let catalog = catalogs.get(tx)?;
        let live = catalog
            .locations
            .iter()
            .filter(|location| !location.archived);
        let shown = live.map(|location| Place {
            id: location.id,
            name: location.name.clone(),
            address: location.address.clone(),
            zone: location.zone.clone(),
        });
        Ok(List::whole(shown.collect()))
    });
    Ok(Json(list.await?))
}
