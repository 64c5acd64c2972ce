//! The OpenAPI 3.1 document: generated from the types and handlers, completed by the table of
//! routes with what holds for all of them.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use kept_base::problem::{Kind, MEDIA_TYPE};
use serde_json::{Value, json};
use utoipa::OpenApi as _;

use super::problems::{self, ProblemDocument};
use super::{ROUTES, Route};
use crate::access::{Right, Scope};
use crate::{offering, people, scheduling, wire};

const ABOUT: &str = "\
Book, move and cancel appointments of an organization. What its public pages show is open to \
everybody; the rest needs a token. Times are instants in UTC (RFC 3339); dates are civil days on \
the clock of the `zone` that is asked for. Lists are `{data, has_more, next}`: send `next` as \
`after` to get the next page. What is not documented is refused: unknown fields and parameters \
are errors.";

const TOKEN: &str = "\
An API token (`kept_..`) of the organization. A token does what its scopes say and no more, also \
where no token is needed. One that is not valid is refused everywhere.";

const MANAGE: &str = "\
The person's manage token: the last segment of the `manage_url` that booking answers. It opens \
the one appointment, within the organization's limits on late changes.";

const KEY: &str = "\
Makes the request safe to repeat: one with the same key, caller, path and body gets the first \
answer again, with the header `Idempotent-Replay: true`, and acts once. 1 to 255 printable ASCII \
characters, in quotes (RFC 9651 string) or bare. Kept for 24 hours; refusals are not kept.";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Kept", version = "1", description = ABOUT, license(name = "Apache-2.0", identifier = "Apache-2.0")),
    tags(
        (name = "Offering", description = "What can be booked, with whom and where."),
        (name = "Times", description = "When it can be booked, and why not."),
        (name = "Booking", description = "Holding, booking, moving, canceling."),
        (name = "Appointments", description = "What is booked."),
        (name = "People", description = "For whom."),
    ),
    paths(
        offering::api::services, offering::api::staff, offering::api::locations,
        scheduling::api::days, scheduling::api::slots, scheduling::api::why,
        scheduling::api::hold, scheduling::api::release, scheduling::api::create,
        scheduling::api::list, scheduling::api::get, scheduling::api::reschedule,
        scheduling::api::cancel,
        people::api::list, people::api::search, people::api::get,
    ),
    components(schemas(ProblemDocument))
)]
struct Described;

/// The whole document.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let described = serde_json::to_value(Described::openapi());
    let mut document = described.expect("utoipa's document is plain values with text keys");
    document["servers"] = json!([{"url": "/"}]);
    document["components"]["securitySchemes"] = json!({
        "token": {"type": "http", "scheme": "bearer", "description": TOKEN},
        "manage": {"type": "http", "scheme": "bearer", "description": MANAGE}
    });
    document["components"]["parameters"] = json!({
        "org": {
            "name": "org", "in": "path", "required": true, "schema": {"type": "string"},
            "description": "The organization's name in addresses.", "example": "riverside"
        },
        "idempotencyKey": {
            "name": "Idempotency-Key", "in": "header", "required": false,
            "schema": {"type": "string", "maxLength": 255}, "description": KEY,
            "example": "\"8e03978e-40d5-43dd-bc93-6894a57f9324\""
        }
    });
    for kind in problems::kinds() {
        document["components"]["examples"][kind.code] =
            json!({"summary": kind.title, "value": problems::example(kind)});
    }
    for route in ROUTES {
        complete(&mut document["paths"][route.path][route.method], route);
    }
    document
});

/// Seconds for which the document may be kept by whoever fetched it.
const MAX_AGE_SECONDS: u32 = 300;

static BYTES: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(wire::bytes(&*DOCUMENT)));

/// `GET /api/v1/openapi.json`: the document.
pub(super) async fn document() -> Response {
    let mut response = wire::json(StatusCode::OK, BYTES.clone());
    let caching = format!("public, max-age={MAX_AGE_SECONDS}");
    if let Ok(value) = HeaderValue::from_str(&caching) {
        response.headers_mut().insert(header::CACHE_CONTROL, value);
    }
    response
}

/// Adds to an operation what follows from its row in the table.
fn complete(operation: &mut Value, route: &Route) {
    operation["security"] = security(route);
    let mut parameters = vec![json!({"$ref": "#/components/parameters/org"})];
    if is_repeatable(route) {
        parameters.push(json!({"$ref": "#/components/parameters/idempotencyKey"}));
        let header = json!({
            "description": "`true` where the answer is the one that was given first.",
            "schema": {"type": "string"}
        });
        for response in operation["responses"].as_object_mut().into_iter().flatten() {
            response.1["headers"] = json!({"Idempotent-Replay": header});
        }
    }
    let has_query = operation["parameters"]
        .as_array()
        .is_some_and(|own| own.iter().any(|parameter| parameter["in"] == "query"));
    if let Some(own) = operation["parameters"].as_array() {
        parameters.extend(own.iter().cloned());
    }
    operation["parameters"] = Value::Array(parameters);
    let has_body = operation.get("requestBody").is_some();
    if let Some(body) = operation.get_mut("requestBody") {
        // That it may be left out does not mean that it may be `null`.
        let schema = &mut body["content"]["application/json"]["schema"];
        let given = schema["oneOf"].as_array().and_then(|ways| {
            let mut ways = ways.iter().filter(|way| way["type"] != "null");
            ways.next().cloned()
        });
        if let Some(given) = given {
            *schema = given;
        }
    }
    let codes = codes(route, has_query, has_body);
    let kinds = codes.iter().filter_map(|code| problems::kind(code));
    for kind in kinds {
        add_problem(&mut operation["responses"], kind);
    }
}

fn is_repeatable(route: &Route) -> bool {
    // A search changes nothing, whatever its method.
    route.method == "post" && !route.path.ends_with("/search")
}

fn security(route: &Route) -> Value {
    let scope = route.needs.right.scope().map(Scope::code);
    let scopes: Vec<&str> = scope.into_iter().collect();
    let mut ways = vec![json!({"token": scopes})];
    let is_public = matches!(route.needs.right, Right::SeeOffering | Right::Book);
    if is_public {
        ways.insert(0, json!({}));
    }
    if is_public || route.needs.own.is_some() {
        ways.push(json!({"manage": []}));
    }
    Value::Array(ways)
}

/// Which problems a route answers with, beside those that any request can meet.
fn codes(route: &Route, has_query: bool, has_body: bool) -> Vec<&'static str> {
    let mut codes = vec![
        "unauthorized",
        "missing_scope",
        "forbidden",
        "not_found",
        "too_many_requests",
        "uri_too_long",
        "busy",
        "storage_damaged",
        "unavailable",
        "organization_suspended",
        "timeout",
    ];
    if has_query {
        codes.push("invalid_query");
    }
    if has_body {
        codes.extend([
            "storage_full",
            "malformed_json",
            "body_timeout",
            "too_large",
            "unsupported_media_type",
            "invalid_fields",
        ]);
    }
    if is_repeatable(route) {
        codes.extend(["invalid_idempotency_key", "idempotency_key_reused"]);
    }
    let name = route.path.rsplit('/').next().unwrap_or_default();
    codes.extend_from_slice(match (route.method, name) {
        ("post", "holds") => &["slot_taken", "too_many_holds"],
        ("post", "appointments") => &["slot_taken"],
        ("post", "rescheduling") => &["slot_taken", "already_canceled", "too_late", "unchanged"],
        ("post", "cancellation") => &["already_canceled", "too_late"],
        _ => &[],
    });
    codes.sort_unstable();
    codes
}

/// Adds a sort of problem to the response of its status, as an example under its code.
fn add_problem(responses: &mut Value, kind: Kind) {
    let response = &mut responses[kind.status.as_str()];
    if response.is_null() {
        *response = json!({
            "description": "",
            "content": {MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {}
            }}
        });
    }
    let said = response["description"].as_str().unwrap_or_default();
    let said = match said {
        "" => format!("`{}`: {}.", kind.code, kind.title),
        said => format!("{said} `{}`: {}.", kind.code, kind.title),
    };
    response["description"] = Value::String(said);
    let example = format!("#/components/examples/{}", kind.code);
    response["content"][MEDIA_TYPE]["examples"][kind.code] = json!({"$ref": example});
}
