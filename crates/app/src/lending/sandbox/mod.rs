//! Sandboxes: an organization of its own that is made of another one's settings alone and filled with
//! invented people. Its staff are invented, it sends no mail, and it is known as what it is by its name
//! on every page and by a mark in its data.

mod chance;
mod copied;
mod filling;
mod people;

use std::sync::Arc;

use jiff::Timestamp;
use kept_base::kit::{Actor, OrganizationId};
use kept_base::store::copy::plain::Known;
use kept_base::store::{Error, Store, Tx};

pub use chance::Chance;
pub use people::{EXAMPLES, Region, invent};

use super::{granting, store};
use crate::audit::{self, Act};
use crate::offering::Catalogs;
use crate::organization;

/// Invented people in a sandbox.
pub const SANDBOX_PEOPLE: usize = 24;
/// Days from the one it is made on that have appointments in a sandbox.
pub const SANDBOX_DAYS: u16 = 14;
/// Most appointments in a new sandbox.
pub const MAX_SANDBOX_APPOINTMENTS: usize = 60;

/// The sandbox of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sandbox {
    /// It is an organization of its own.
    pub id: OrganizationId,
    /// Its name in addresses.
    pub slug: String,
    /// When it was made.
    pub made_at: Timestamp,
}

/// Why there is no sandbox.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// A sandbox has none of its own.
    #[error("a sandbox has no sandbox of its own")]
    OfSandbox,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// The sandbox of this organization.
///
/// # Errors
/// Those of the store.
pub fn known(tx: &Tx<'_>) -> Result<Option<Sandbox>, Error> {
    store::known(tx)
}

/// Makes the sandbox of `live`, anew where there is one, in the name of `author`; `tables` are those of
/// an organization, whoever refers to another after it. It is there when this answers.
///
/// # Errors
/// [`SandboxError`]; what was made of it is removed then.
pub async fn make(
    (app, catalogs): (&Store, &Arc<Catalogs>),
    live: OrganizationId,
    author: Actor,
    tables: Vec<Known>,
) -> Result<Sandbox, SandboxError> {
    let taken = app.read(live, Actor::SYSTEM, move |tx| {
        if organization::is_sandbox(tx)? {
            return Err(SandboxError::OfSandbox);
        }
        Ok((copied::take(tx, tables)?, known(tx)?))
    });
    let (settings, before) = taken.await?;
    let slug = copied::slug(&settings.slug, app.entropy());
    let (copy, own) = (settings.clone(), slug.clone());
    let first = move |tx: &Tx<'_>| {
        copied::put(tx, &copy, &own)?;
        organization::mark_sandbox(tx, live)
    };
    let (id, ()) = (app.create_organization(&slug, author.clone(), first))
        .await
        .map_err(SandboxError::Store)?;
    let filled = filling::fill(app, catalogs, id).await;
    let kept = match filled {
        Ok(()) => keep(app, live, author.clone(), (id, slug.clone())).await,
        Err(error) => Err(error),
    };
    let made_at = match kept {
        Ok(made_at) => made_at,
        Err(error) => {
            app.remove_organization(id, author).await?;
            return Err(error.into());
        }
    };
    if let Some(before) = before {
        app.remove_organization(before.id, author).await?;
    }
    Ok(Sandbox { id, slug, made_at })
}

async fn keep(
    app: &Store,
    live: OrganizationId,
    author: Actor,
    (id, slug): (OrganizationId, String),
) -> Result<Timestamp, Error> {
    let keep = move |tx: &Tx<'_>| {
        granting::end_sandboxed(tx)?;
        store::put(tx, id, &slug)?;
        audit::record(tx, Act::SandboxMade, id, "")?;
        Ok(tx.now())
    };
    app.write(live, author, keep).await
}

/// Removes the sandbox of `live` with all that is in it, in the name of `author`; `false` when there is
/// none.
///
/// # Errors
/// Those of the store.
pub async fn remove(app: &Store, live: OrganizationId, author: Actor) -> Result<bool, Error> {
    let forget = |tx: &Tx<'_>| {
        let Some(sandbox) = store::known(tx)? else {
            return Ok(None);
        };
        granting::end_sandboxed(tx)?;
        store::take_out(tx)?;
        audit::record(tx, Act::SandboxRemoved, sandbox.id, "")?;
        Ok::<_, Error>(Some(sandbox.id))
    };
    match app.write(live, author.clone(), forget).await? {
        Some(id) => {
            app.remove_organization(id, author).await?;
            Ok(true)
        }
        None => Ok(false),
    }
}
