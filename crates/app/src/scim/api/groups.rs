//! `/Groups`: groups, to which owners give roles.

use axum::extract::Request;
use axum::http::StatusCode;
use kept_base::store::Tx;
use serde_json::{Map, Value};

use super::directory::{Directory, Site};
use super::{Answer, Row, answer, nothing, one as answer_one};
use crate::ids::ScimGroupId;
use crate::scim::error::Refusal;
use crate::scim::everything::Everything;
use crate::scim::groups::{self, Group};
use crate::scim::patch;
use crate::scim::query::{Query, Shown};
use crate::scim::resource::{self, Parts};
use crate::scim::wanted::{GROUP_SHAPE, read_group};

fn id(directory: &Directory) -> Result<ScimGroupId, Refusal> {
    directory
        .segment("id")
        .parse()
        .map_err(|_| Refusal::unknown())
}

fn find(all: &Everything, id: ScimGroupId) -> Result<&Group, Refusal> {
    all.group(id).ok_or_else(Refusal::unknown)
}

/// The group as it stands now.
fn shown(tx: &Tx<'_>, site: &Site, id: ScimGroupId) -> Result<Map<String, Value>, Refusal> {
    let all = Everything::load(tx)?;
    Ok(resource::group(
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
        Ok(query.answer(Row::groups(&all).collect(), Row::build(&all, site)))
    });
    Ok(answer(StatusCode::OK, &found.await?))
}

pub(super) async fn one(directory: Directory) -> Answer {
    directory.admit().await?;
    let (id, wanted) = (id(&directory)?, Shown::from_fields(&directory.query)?);
    let group = directory.read(move |tx, site| shown(tx, site, id)).await?;
    if directory.has(&group) {
        return Ok(nothing(StatusCode::NOT_MODIFIED));
    }
    Ok(answer_one(StatusCode::OK, &group, wanted.of(group.clone())))
}

pub(super) async fn create(directory: Directory, request: Request) -> Answer {
    let (body, fields) = (
        directory.body(request).await?,
        Shown::from_fields(&directory.query)?,
    );
    let made = directory.write(move |tx, site| {
        let mut all = Everything::load(tx)?;
        let wanted = read_group(&body, |id| all.member(id).is_some())?;
        let id = groups::create(tx, &site.by, &mut all, &wanted)?;
        shown(tx, site, id)
    });
    let group = made.await?;
    Ok(answer_one(
        StatusCode::CREATED,
        &group,
        fields.of(group.clone()),
    ))
}

pub(super) async fn put(directory: Directory, request: Request) -> Answer {
    let body = directory.body(request).await?;
    change(directory, move |_| Ok(body)).await
}

pub(super) async fn patch(directory: Directory, request: Request) -> Answer {
    let body = directory.body(request).await?;
    change(directory, move |group| {
        patch::apply(GROUP_SHAPE, group, &body)
    })
    .await
}

async fn change(
    directory: Directory,
    wanted: impl FnOnce(Map<String, Value>) -> Result<Map<String, Value>, Refusal>
    + Clone
    + Send
    + 'static,
) -> Answer {
    let (id, fields) = (id(&directory)?, Shown::from_fields(&directory.query)?);
    let condition = directory.condition();
    let changed = directory.write(move |tx, site| {
        let mut all = Everything::load(tx)?;
        let before = resource::group(&all, &site.base, find(&all, id)?, Parts::Whole);
        condition.check(&before)?;
        let wanted = read_group(&wanted(before)?, |id| all.member(id).is_some())?;
        groups::replace(tx, &site.by, &mut all, (id, &wanted))?;
        shown(tx, site, id)
    });
    let group = changed.await?;
    Ok(answer_one(StatusCode::OK, &group, fields.of(group.clone())))
}

pub(super) async fn delete(directory: Directory) -> Answer {
    directory.admit().await?;
    let (id, condition) = (id(&directory)?, directory.condition());
    let deleted = directory.write(move |tx, site| {
        let mut all = Everything::load(tx)?;
        let before = resource::group(&all, &site.base, find(&all, id)?, Parts::Whole);
        condition.check(&before)?;
        groups::delete(tx, &site.by, &mut all, id)
    });
    deleted.await?;
    Ok(nothing(StatusCode::NO_CONTENT))
}
