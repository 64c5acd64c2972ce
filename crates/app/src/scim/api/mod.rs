//! `/scim/v2/{id of the organization}`: the addresses that a directory asks.

mod directory;
mod groups;
mod users;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderValue};
use axum::response::Response;
use serde_json::{Map, Value};

use super::discovery;
use super::error::{MEDIA_TYPE, Refusal};
use super::everything::Everything;
use super::groups::Group;
use super::query::Query;
use super::resource::{self, Parts};
use crate::access::Member;
use crate::page::{Door, OpenRoutes};
use directory::{Directory, Site};

/// What a handler answers.
type Answer = Result<Response, Refusal>;

macro_rules! path {
    ($path:literal) => {
        concat!("/scim/v2/{org}/", $path)
    };
}

/// The addresses.
#[must_use]
pub fn open() -> OpenRoutes {
    let token = Door::Token;
    OpenRoutes::new()
        .get(path!("ServiceProviderConfig"), token, config)
        .get(path!("ResourceTypes"), token, types)
        .get(path!("ResourceTypes/{id}"), token, one_type)
        .get(path!("Schemas"), token, schemas)
        .get(path!("Schemas/{id}"), token, one_schema)
        .post(path!(".search"), token, search)
        .get(path!("Users"), token, users::list)
        .post(path!("Users"), token, users::create)
        .post(path!("Users/.search"), token, users::search)
        .get(path!("Users/{id}"), token, users::one)
        .put(path!("Users/{id}"), token, users::put)
        .patch(path!("Users/{id}"), token, users::patch)
        .delete(path!("Users/{id}"), token, users::delete)
        .get(path!("Groups"), token, groups::list)
        .post(path!("Groups"), token, groups::create)
        .post(path!("Groups/.search"), token, groups::search)
        .get(path!("Groups/{id}"), token, groups::one)
        .put(path!("Groups/{id}"), token, groups::put)
        .patch(path!("Groups/{id}"), token, groups::patch)
        .delete(path!("Groups/{id}"), token, groups::delete)
}

fn answer(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(body.to_string().into());
    *response.status_mut() = status;
    let media_type = HeaderValue::from_static(MEDIA_TYPE);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, media_type);
    response
}

/// One resource, with its version and, where it was made, its address. `whole` is all of it, of which
/// `shown` is what was asked for.
fn one(status: StatusCode, whole: &Map<String, Value>, shown: Map<String, Value>) -> Response {
    let mut response = answer(status, &Value::Object(shown));
    let headers = response.headers_mut();
    if let Ok(version) = HeaderValue::from_str(resource::version(whole)) {
        headers.insert(header::ETAG, version);
    }
    let location = whole.get("meta").and_then(|meta| meta.get("location"));
    let location = location.and_then(Value::as_str).unwrap_or_default();
    if status == StatusCode::CREATED
        && let Ok(location) = HeaderValue::from_str(location)
    {
        headers.insert(header::LOCATION, location);
    }
    response
}

fn nothing(status: StatusCode) -> Response {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}

async fn config(directory: Directory) -> Answer {
    directory.admit().await?;
    Ok(answer(
        StatusCode::OK,
        &discovery::config(&directory.base()),
    ))
}

async fn types(directory: Directory) -> Answer {
    described(&directory, discovery::types).await
}

async fn schemas(directory: Directory) -> Answer {
    described(&directory, discovery::schemas).await
}

type Described = fn(&str) -> Vec<(&'static str, Value)>;

async fn described(directory: &Directory, all: Described) -> Answer {
    directory.admit().await?;
    if directory.query.get("filter").is_some() {
        // RFC 7644, 4.
        return Err(Refusal::forbidden("This list is not filtered."));
    }
    Ok(answer(
        StatusCode::OK,
        &discovery::list(all(&directory.base())),
    ))
}

async fn one_type(directory: Directory) -> Answer {
    one_described(&directory, discovery::types).await
}

async fn one_schema(directory: Directory) -> Answer {
    one_described(&directory, discovery::schemas).await
}

async fn one_described(directory: &Directory, all: Described) -> Answer {
    directory.admit().await?;
    let id = directory.segment("id");
    let mut all = all(&directory.base()).into_iter();
    let found = all.find(|(name, _)| *name == id);
    let (_, described) = found.ok_or_else(Refusal::unknown)?;
    Ok(answer(StatusCode::OK, &described))
}

/// `POST /.search`: users and groups together.
async fn search(directory: Directory, request: Request) -> Answer {
    let query = Query::from_body(&directory.body(request).await?)?;
    let found = directory.read(move |tx, site| {
        let all = Everything::load(tx)?;
        let rows = Row::users(&all).chain(Row::groups(&all)).collect();
        Ok(query.answer(rows, Row::build(&all, site)))
    });
    Ok(answer(StatusCode::OK, &found.await?))
}

/// A user or a group, of which nothing is built yet.
enum Row<'a> {
    User(&'a Member),
    Group(&'a Group),
}

impl<'a> Row<'a> {
    fn users(all: &'a Everything) -> impl Iterator<Item = Self> {
        all.members.iter().map(Self::User)
    }

    fn groups(all: &'a Everything) -> impl Iterator<Item = Self> {
        all.groups.iter().map(Self::Group)
    }

    /// How a list makes the resources that it needs.
    fn build(all: &'a Everything, site: &'a Site) -> impl Fn(&Self, Parts) -> Map<String, Value> {
        |row, parts| match row {
            Self::User(member) => resource::user(all, &site.base, member, parts),
            Self::Group(group) => resource::group(all, &site.base, group, parts),
        }
    }
}
