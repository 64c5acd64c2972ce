//! Making the sandbox, making it anew, removing it.

use std::sync::Arc;

use kept_base::kit::Actor;
use kept_base::problem::Problem;
use kept_base::store::copy::plain;

use super::super::sandbox::{self, SandboxError};
use crate::desk::{Answer, DeskTo};
use crate::migrations;
use crate::policy::rights::GrantAccess;

/// `POST /access/sandbox`.
pub(super) async fn make(desk: DeskTo<GrantAccess>) -> Answer {
    let author = Actor::member(desk.member.id);
    let (app, id) = (Arc::clone(&desk.app), desk.organization);
    let tables = plain::tables(migrations::ORGANIZATION)?;
    // On its own: whoever closes the page does not leave half a sandbox behind.
    let made = tokio::spawn(async move {
        sandbox::make((&app.store, &app.catalogs), id, author, tables).await
    });
    match made.await.map_err(|_| Problem::internal())? {
        Ok(_) => Ok(desk.done("/access", "sandbox-made", None)),
        Err(error @ SandboxError::OfSandbox) => Err(Problem::conflict().because(&error)),
        Err(SandboxError::Store(error)) => Err(error.into()),
    }
}

/// `POST /access/sandbox/removal`.
pub(super) async fn remove(desk: DeskTo<GrantAccess>) -> Answer {
    let author = Actor::member(desk.member.id);
    sandbox::remove(&desk.app.store, desk.organization, author).await?;
    Ok(desk.done("/access", "sandbox-removed", None))
}
