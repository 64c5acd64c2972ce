//! `POST appointments`: booking.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use kept_base::input::{self, Json};
use kept_base::kit::personal::{MAX_EMAIL_BYTES, MAX_NAME_CHARS, MAX_NOTE_CHARS, PersonalError};
use kept_base::kit::{Email, PersonName, Phone};
use kept_base::page::Locale;
use kept_base::page::zone::Zones;
use kept_base::problem::{FieldError, Place, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Appointment, Wish, problems, unknown_field};
use crate::app::App;
use crate::ids::{HoldId, LocationId, StaffId};
use crate::offering::{Catalog, Mode, Service};
use crate::people::{Answer, NewPerson};
use crate::policy::rights::Book;
use crate::scheduling::{self, NewAppointment as New, rules};
use crate::wire::{CallerTo, Made, Repeat};

/// What to book, and for whom.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAppointment {
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
    /// The hold under which the time is kept. When it ran out, the time must still be free.
    #[schema(value_type = Option<String>)]
    hold: Option<HoldId>,
    /// For whom.
    person: PersonGiven,
    /// Answers to the service's questions, by the fields' keys.
    #[serde(default)]
    answers: BTreeMap<String, String>,
}

/// For whom an appointment is.
#[derive(Deserialize, ToSchema, Clone)]
#[serde(deny_unknown_fields)]
pub struct PersonGiven {
    /// What they are called.
    #[schema(max_length = 120)]
    name: String,
    /// Where they are told of the appointment.
    #[schema(max_length = 254)]
    email: String,
    /// Where they can be called, with country code.
    phone: Option<String>,
    /// IANA name of the time zone in which times are written to them; the organization's own where
    /// it is left out.
    zone: Option<String>,
    /// Language in which they are written to, as a BCP 47 tag; the organization's own where it is
    /// left out or Kept does not speak it.
    locale: Option<String>,
}

/// A fresh appointment.
#[derive(Serialize, ToSchema)]
pub struct Booked {
    /// The appointment.
    #[serde(flatten)]
    pub appointment: Appointment,
    /// The person's own page: details, moving, canceling. Its last segment is their manage token.
    /// Given once, here; whoever knows it can change the appointment.
    pub manage_url: String,
}

/// Book an appointment
///
/// The time must be one that `slots` lists, or held under `hold`. The person and the staff are told
/// by mail.
#[utoipa::path(
    post, path = "/api/v1/orgs/{org}/appointments", operation_id = "createAppointment",
    tag = "Booking",
    request_body(content = NewAppointment, example = json!({
        "service": "therapy", "starts_at": "2026-12-01T13:00:00Z",
        "person": {"name": "Ama Okafor", "email": "ama@example.org", "phone": "+49 30 123456",
            "zone": "Europe/Berlin", "locale": "en"},
        "answers": {"concern": "My left knee.", "insurance": "Public"}
    })),
    responses((status = 201, description = "It is booked.", body = Booked, example = json!({
        "id": "apt_01kapjzzr3fcprh0bpb0y7gbsn", "reference": "BK-7QX-2K4",
        "status": "confirmed", "service": "svc_01kapjzzp4f4taj8wvm5e1v9jv",
        "location": "loc_01kapjzznjfwdrwr2z7bjqbksq",
        "room": "rom_01kapjzznmeg5tvwx8yqcm5tpz",
        "staff": ["stf_01kapjzznvezkt6q3d6gt67kg3"], "starts_at": "2026-12-01T13:00:00Z",
        "ends_at": "2026-12-01T14:00:00Z", "revision": 0,
        "booked_at": "2026-11-23T08:00:00Z", "canceled_at": null,
        "manage_url": "https://book.example.org/riverside/appointment/kY7Wc1zJm0Q3bT9xVh5sRf2uLd8aNe4g"
    })))
)]
pub async fn create(
    State(app): State<Arc<App>>,
    CallerTo(caller, _): CallerTo<Book>,
    repeat: Repeat,
    body: Json<NewAppointment>,
) -> Result<Response, Problem> {
    let asked = body.value;
    let (catalogs, base_url) = (Arc::clone(&app.catalogs), app.base_url.clone());
    let once = repeat.once(&app, caller, body.digest, move |tx, known| {
        let catalog = catalogs.get(tx)?;
        let wish = Wish {
            service: &asked.service,
            staff: asked.staff,
            location: asked.location,
        };
        let (service, wanted) = wish.resolve(&catalog, unknown_field)?;
        let (person, answers) = read(asked.person, asked.answers, &catalog, service, &catalogs)?;
        let new = New {
            wanted,
            starts_at: asked.starts_at,
            hold: asked.hold,
            person,
            answers,
        };
        let booked = scheduling::book(tx, &catalogs, &new)
            .map_err(|error| problems::problem(error, known))?;
        let (slug, token) = (&catalog.organization.slug, booked.manage.expose());
        Ok(Made {
            status: StatusCode::CREATED,
            person: Some(booked.appointment.person),
            answer: Booked {
                appointment: Appointment::show(booked.appointment, known),
                manage_url: format!("{base_url}/{slug}/appointment/{token}"),
            },
        })
    });
    once.await
}

/// Reads the person and the answers, with every problem at once.
fn read(
    person: PersonGiven,
    answers: BTreeMap<String, String>,
    catalog: &Catalog,
    service: &Service,
    catalogs: &crate::offering::Catalogs,
) -> Result<(NewPerson, Vec<Answer>), Problem> {
    let mut errors = Vec::new();
    let person = read_person(person, catalog, catalogs.zones(), &mut errors);
    let is_called = service.mode == Mode::Phone;
    if is_called && person.as_ref().is_some_and(|person| person.phone.is_none()) {
        errors.push(personal("person/phone", PersonalError::Empty));
    }
    let given: Vec<(String, String)> = answers.into_iter().collect();
    let answers = rules::check_answers(&service.fields, &given)
        .map_err(|wrong| errors.extend(wrong.iter().map(|e| answer_error(e, service))));
    match (person, answers) {
        (Some(person), Ok(answers)) => Ok((person, answers)),
        _ => Err(errors
            .into_iter()
            .fold(Problem::invalid_fields(), Problem::error)),
    }
}

fn read_person(
    given: PersonGiven,
    catalog: &Catalog,
    zones: &Zones,
    errors: &mut Vec<FieldError>,
) -> Option<NewPerson> {
    let mut wrong = |field, error| errors.push(personal(field, error));
    let name = PersonName::parse(&given.name).map_err(|e| wrong("person/name", e));
    let email = Email::parse(&given.email).map_err(|e| wrong("person/email", e));
    let phone = given.phone.filter(|text| !text.trim().is_empty());
    let phone = phone.as_deref().map(Phone::parse).transpose();
    let phone = phone.map_err(|e| wrong("person/phone", e));
    let zone = match &given.zone {
        None => Some(catalog.organization.zone.clone()),
        Some(text) => zones.parse_zone(text).map(|(name, _)| name),
    };
    if zone.is_none() {
        let detail = "Send an IANA name such as Europe/Berlin.";
        errors.push(field_error("/person/zone", "unknown_zone", detail));
    }
    let spoken = given.locale.as_deref().and_then(Locale::from_tag);
    let own = || catalog.organization.locale.clone();
    Some(NewPerson {
        name: name.ok()?,
        email: Some(email.ok()?),
        phone: phone.ok()?,
        zone: zone?,
        locale: spoken.map_or_else(own, |locale| locale.tag().to_owned()),
    })
}

fn field_error(pointer: &str, code: &'static str, detail: impl Into<String>) -> FieldError {
    FieldError {
        place: Place::Pointer(pointer.to_owned()),
        code,
        detail: Some(detail.into().into()),
    }
}

/// What is wrong with a personal text, by the name of its field.
pub(super) fn personal(field: &str, error: PersonalError) -> FieldError {
    let code = rules::FieldError::personal(field, error).code;
    let detail = match (error, field) {
        (PersonalError::Empty, _) => "This field is needed.".to_owned(),
        (PersonalError::TooLong, "person/name") => format!("At most {MAX_NAME_CHARS} characters."),
        (PersonalError::TooLong, "person/email") => format!("At most {MAX_EMAIL_BYTES} bytes."),
        (PersonalError::TooLong, "person/phone") => "At most 15 digits.".to_owned(),
        (PersonalError::TooLong, _) => format!("At most {MAX_NOTE_CHARS} characters."),
        (PersonalError::Malformed, "person/email") => {
            "Send an address: name@example.org.".to_owned()
        }
        (PersonalError::Malformed, "person/phone") => {
            "Send a number with its country code: +49 30 123456.".to_owned()
        }
        (PersonalError::Malformed, _) => "Send text without control characters.".to_owned(),
    };
    field_error(&format!("/{field}"), code, detail)
}

/// What is wrong with an answer. A key that the service does not ask for could be anything, so it
/// is not repeated.
fn answer_error(error: &rules::FieldError, service: &Service) -> FieldError {
    let field = service.fields.iter().find(|field| field.key == error.field);
    let Some(field) = field else {
        let detail = "The service asks only for the fields that `services` lists.";
        return field_error("/answers", "unknown_field", detail);
    };
    let detail = match error.code {
        "required" => "The service needs an answer.".to_owned(),
        "too_long" => format!("At most {MAX_NOTE_CHARS} characters."),
        "not_a_choice" => "Send one of the choices that `services` lists.".to_owned(),
        _ => format!("Send what the kind `{}` takes.", field.kind.code()),
    };
    field_error(&format!("/answers/{}", field.key), error.code, detail)
}
