//! `people` as JSON, for tokens that may see them.

#![expect(unused_qualifications, reason = "utoipa writes paths in full")]

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use kept_base::input::{Json as JsonBody, Path, Query};
use kept_base::kit::{Email, Phone};
use kept_base::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::ids::PersonId;
use crate::policy::rights::SeePeople;
use crate::wire::{Caller, CallerTo, Cursor, List, PageSize};

/// A customer.
#[derive(Serialize, ToSchema)]
pub struct Person {
    /// Their id.
    #[schema(value_type = String)]
    pub id: PersonId,
    /// What they are called.
    pub name: String,
    /// Where they are told of their appointments.
    pub email: Option<String>,
    /// Where they can be called, in E.164 form.
    pub phone: Option<String>,
    /// IANA name of the time zone in which times are written to them.
    pub zone: String,
    /// Language in which they are written to.
    pub locale: String,
    /// When they were first recorded.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl From<super::Person> for Person {
    fn from(person: super::Person) -> Self {
        Self {
            id: person.id,
            name: person.name.expose().to_owned(),
            email: person.email.as_ref().map(Email::expose).map(str::to_owned),
            phone: person.phone.as_ref().map(Phone::expose).map(str::to_owned),
            zone: person.zone,
            locale: person.locale,
            created_at: person.created_at,
        }
    }
}

/// Which page of people.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PeopleQuery {
    /// Most rows of the page.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200, default = 50)]
    limit: PageSize,
    /// What the page before gave as `next`.
    after: Option<String>,
}

/// Whom to look for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeopleSearch {
    /// The e-mail address, whole.
    #[schema(max_length = 254)]
    email: String,
    /// Most rows of the page.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 200, default = 50)]
    limit: Option<PageSize>,
    /// What the page before gave as `next`.
    after: Option<String>,
}

/// List people
///
/// Everybody recorded, first recorded first. To look for an address use
/// `POST people/search`, since addresses of requests end up in logs.
#[utoipa::path(
    get, path = "/api/v1/orgs/{org}/people", operation_id = "listPeople", tag = "People",
    params(PeopleQuery),
    responses((status = 200, description = "A page of people.", body = List<Person>,
        example = json!({
            "data": [{
                "id": "per_01kapjzzr4fbf9g2jys5kzk8bv", "name": "Ama Okafor",
                "email": "ama@example.org", "phone": "+4930123456", "zone": "Europe/Berlin",
                "locale": "en", "created_at": "2026-11-23T08:00:00Z"
            }],
            "has_more": true, "next": "MC5wZXJfMDFrYXBqenpyNGZiZjlnMmp5czVrems4YnY"
        })))
)]
pub async fn list(
    State(app): State<Arc<App>>,
    CallerTo(caller, _): CallerTo<SeePeople>,
    Query(query): Query<PeopleQuery>,
) -> Result<Json<List<Person>>, Problem> {
    let after = Cursor::from_parameter(query.after.as_deref())?;
    page(&app, caller, query.limit, after, None).await
}

/// Search people
///
/// Those to whom an e-mail address belongs. A POST, so that the address stands in no URL; it
/// changes nothing, hence it needs no `Idempotency-Key`, and ignores one.
#[utoipa::path(
    post, path = "/api/v1/orgs/{org}/people/search", operation_id = "searchPeople", tag = "People",
    request_body(content = PeopleSearch, example = json!({"email": "ama@example.org"})),
    responses((status = 200, description = "A page of those found.", body = List<Person>,
        example = json!({
            "data": [{
                "id": "per_01kapjzzr4fbf9g2jys5kzk8bv", "name": "Ama Okafor",
                "email": "ama@example.org", "phone": null, "zone": "Europe/Berlin",
                "locale": "en", "created_at": "2026-11-23T08:00:00Z"
            }],
            "has_more": false, "next": null
        })))
)]
pub async fn search(
    State(app): State<Arc<App>>,
    CallerTo(caller, _): CallerTo<SeePeople>,
    body: JsonBody<PeopleSearch>,
) -> Result<Json<List<Person>>, Problem> {
    let asked = body.value;
    let email = Email::parse(&asked.email).map_err(|_| {
        Problem::invalid_fields().field("/email", "malformed", "Send an address: name@example.org.")
    })?;
    let after = Cursor::from_field(asked.after.as_deref())?;
    let limit = asked.limit.unwrap_or_default();
    page(&app, caller, limit, after, Some(email)).await
}

async fn page(
    app: &App,
    caller: Caller,
    limit: PageSize,
    after: Option<(Timestamp, PersonId)>,
    email: Option<Email>,
) -> Result<Json<List<Person>>, Problem> {
    let after = after.map(|(_, id)| id);
    let list = caller.read(app, move |tx, _| {
        let rows = super::list(tx, after, email.as_ref(), limit.rows_to_read())?;
        let cursor = |last: &super::Person| Cursor {
            at: Timestamp::UNIX_EPOCH,
            id: last.id.to_string(),
        };
        Ok(limit.page(rows, cursor, Person::from))
    });
    Ok(Json(list.await?))
}

/// Get a person
#[utoipa::path(
    get, path = "/api/v1/orgs/{org}/people/{id}", operation_id = "getPerson", tag = "People",
    params(("id" = String, Path, description = "The person's id.",
        example = "per_01kapjzzr4fbf9g2jys5kzk8bv")),
    responses((status = 200, description = "The person.", body = Person, example = json!({
        "id": "per_01kapjzzr4fbf9g2jys5kzk8bv", "name": "Ama Okafor", "email": "ama@example.org",
        "phone": "+4930123456", "zone": "Europe/Berlin", "locale": "en",
        "created_at": "2026-11-23T08:00:00Z"
    })))
)]
pub async fn get(
    State(app): State<Arc<App>>,
    CallerTo(caller, _): CallerTo<SeePeople>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<Person>, Problem> {
    let person = caller.read(&app, move |tx, _| {
        let id: PersonId = id.parse().map_err(|_| Problem::not_found())?;
        super::find(tx, id)?.ok_or_else(Problem::not_found)
    });
    Ok(Json(person.await?.into()))
}
