//! `/Users`: members.

use axum::extract::Request;
use axum::http::StatusCode;
use kept_base::store::Tx;
use serde_json::{Map, Value};

use super::directory::{Condition, Directory, Site};
use super::{Answer, Row, answer, nothing, one as answer_one};
use crate::access::Member;
use crate::ids::MemberId;
use crate::scim::error::Refusal;
use crate::scim::everything::Everything;
use crate::scim::patch;
use crate::scim::query::{Query, Shown};
use crate::scim::resource::{self, Parts};
use crate::scim::users;
use crate::scim::wanted::{USER_SHAPE, WantedUser, read_user};

fn id(directory: &Directory) -> Result<MemberId, Refusal> {
    directory
        .segment("id")
        .parse()
        .map_err(|_| Refusal::unknown())
}

fn find(all: &Everything, id: MemberId) -> Result<&Member, Refusal> {
    all.member(id).ok_or_else(Refusal::unknown)
}

/// The user as it stands now.
fn shown(tx: &Tx<'_>, site: &Site, id: MemberId) -> Result<Map<String, Value>, Refusal> {
    let all = Everything::load(tx)?;
    Ok(resource::user(
        &all,
        &site.base,
        find(&all, id)?,
        Parts::Whole,
    ))
}

pub(super) async fn list(directory: Directory) -> Answer {
    directory.admit().await?;
    let query = Query::from_fields(&directory.query)?;
    find_all(&directory, query).await
}

pub(super) async fn search(directory: Directory, request: Request) -> Answer {
    let query = Query::from_body(&directory.body(request).await?)?;
    find_all(&directory, query).await
}

async fn find_all(directory: &Directory, query: Query) -> Answer {
    let found = directory.read(move |tx, site| {
        let all = Everything::load(tx)?;
        Ok(query.answer(Row::users(&all).collect(), Row::build(&all, site)))
    });
    Ok(answer(StatusCode::OK, &found.await?))
}

pub(super) async fn one(directory: Directory) -> Answer {
    directory.admit().await?;
    let (id, wanted) = (id(&directory)?, Shown::from_fields(&directory.query)?);
    let user = directory.read(move |tx, site| shown(tx, site, id)).await?;
    if directory.has(&user) {
        return Ok(nothing(StatusCode::NOT_MODIFIED));
    }
    Ok(answer_one(StatusCode::OK, &user, wanted.of(user.clone())))
}

pub(super) async fn create(directory: Directory, request: Request) -> Answer {
    let body = directory.body(request).await?;
    let (wanted, fields) = (read_user(&body)?, Shown::from_fields(&directory.query)?);
    let made = directory.write(move |tx, site| {
        let id = users::create(tx, &site.by, &wanted)?;
        shown(tx, site, id)
    });
    let user = made.await?;
    Ok(answer_one(
        StatusCode::CREATED,
        &user,
        fields.of(user.clone()),
    ))
}

pub(super) async fn put(directory: Directory, request: Request) -> Answer {
    let body = directory.body(request).await?;
    let wanted = read_user(&body)?;
    change(directory, move |_| Ok(wanted)).await
}

pub(super) async fn patch(directory: Directory, request: Request) -> Answer {
    let body = directory.body(request).await?;
    let change_parts = move |user: Map<String, Value>| {
        let user = patch::apply(USER_SHAPE, resource::before_patch(user), &body)?;
        read_user(&user)
    };
    change(directory, change_parts).await
}

async fn change(
    directory: Directory,
    wanted: impl FnOnce(Map<String, Value>) -> Result<WantedUser, Refusal> + Clone + Send + 'static,
) -> Answer {
    let (id, fields) = (id(&directory)?, Shown::from_fields(&directory.query)?);
    let condition = directory.condition();
    let changed = directory.write(move |tx, site| {
        let all = Everything::load(tx)?;
        let member = find(&all, id)?;
        let before = resource::user(&all, &site.base, member, Parts::Whole);
        condition.check(&before)?;
        users::replace(tx, &site.by, (&all, member), &wanted(before)?)?;
        shown(tx, site, id)
    });
    let user = changed.await?;
    Ok(answer_one(StatusCode::OK, &user, fields.of(user.clone())))
}

pub(super) async fn delete(directory: Directory) -> Answer {
    directory.admit().await?;
    let (id, condition): (_, Condition) = (id(&directory)?, directory.condition());
    let deleted = directory.write(move |tx, site| {
        condition.check(&shown(tx, site, id)?)?;
        users::delete(tx, &site.by, id)
    });
    deleted.await?;
    Ok(nothing(StatusCode::NO_CONTENT))
}
