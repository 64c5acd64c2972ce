//! What an operator is told of organizations: where they are, how large, whether they open. Nothing
//! of what is in them.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::control::Control;
use super::control::standing::Known;
use super::{Error, OrganizationState, Placed, Placement, Store, keyring, lock, postgres};
use crate::kit::OrganizationId;

/// Most organizations in one survey.
pub const MAX_SURVEYED: u32 = 200;

/// Whether an organization opened when this process last opened it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// It did.
    Opened,
    /// It did not: `kept doctor` says why.
    Failed,
    /// This process has not opened it yet.
    Unknown,
}

impl Health {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// An organization as an operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surveyed {
    /// Its id, its slug, and where its data is.
    pub placed: Placed,
    /// How it stands.
    pub state: OrganizationState,
    /// Why it is not active, in the words of whoever suspended it.
    pub because: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Bytes of its data and its key store; `None` when they cannot be measured.
    pub bytes: Option<u64>,
    /// Whether it opened.
    pub health: Health,
}

/// How many organizations there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub all: u64,
    /// Those that this process opened.
    pub opened: u64,
    /// Those that did not open.
    pub failed: u64,
    /// Those that are suspended.
    pub suspended: u64,
}

impl Store {
    /// Organizations by slug, at most `limit` and [`MAX_SURVEYED`], after the slug `after` (empty
    /// for the first ones): those with `sought` in their slug.
    ///
    /// # Errors
    /// Those of the control database. What cannot be measured is left out.
    pub async fn survey(
        &self,
        sought: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Surveyed>, Error> {
        let (sought, after, limit) = (sought.to_owned(), after.to_owned(), limit.min(MAX_SURVEYED));
        let known = self.with_control(move |control| control.known(&sought, &after, limit));
        let mut found = Vec::new();
        for one in known.await? {
            found.push(self.measured(one).await);
        }
        Ok(found)
    }

    /// The organization of that slug.
    ///
    /// # Errors
    /// As [`Store::survey`].
    pub async fn surveyed(&self, slug: &str) -> Result<Option<Surveyed>, Error> {
        let slug = slug.to_owned();
        let known = self.with_control(move |control| control.known_by_slug(&slug));
        match known.await? {
            Some(one) => Ok(Some(self.measured(one).await)),
            None => Ok(None),
        }
    }

    async fn measured(&self, one: Known) -> Surveyed {
        Surveyed {
            bytes: self.bytes(&one.placed).await,
            health: self.health(one.placed.id),
            placed: one.placed,
            state: one.state,
            because: one.because,
            created_at: one.created_at,
        }
    }

    /// How many organizations there are, and how they fare.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn counts(&self) -> Result<Counts, Error> {
        let asked = self.with_control(|control: &Control| {
            Ok((control.count()?, control.suspended()?.len() as u64))
        });
        let (all, suspended) = asked.await?;
        let health = lock(&self.health);
        let opened = health.values().filter(|opened| **opened).count() as u64;
        Ok(Counts {
            all,
            opened,
            failed: health.len() as u64 - opened,
            suspended,
        })
    }

    /// Opens an organization unless it is open, whether it is suspended or not, and tells whether
    /// that went well.
    pub async fn probe(&self, id: OrganizationId) -> Health {
        // Why it did not is for the log and for `faults`.
        let _ = self.database(id).await;
        self.health(id)
    }

    fn health(&self, id: OrganizationId) -> Health {
        match lock(&self.health).get(&id) {
            Some(true) => Health::Opened,
            Some(false) => Health::Failed,
            None => Health::Unknown,
        }
    }

    async fn bytes(&self, placed: &Placed) -> Option<u64> {
        match &placed.placement {
            Placement::File(name) => {
                let names = [name.clone(), keyring::key_store_beside(name)];
                let folder = self.folder.clone();
                let measured = tokio::task::spawn_blocking(move || bytes_of(&folder, &names));
                measured.await.ok()?
            }
            Placement::Server(name) => {
                self.reach(&placed.placement).await.ok()?;
                let server = self.servers.get(name).ok()?;
                let permit = server.permit().await.ok()?;
                let id = placed.id;
                let measured = tokio::task::spawn_blocking(move || {
                    let schema = postgres::Schema::new(Arc::clone(&server), id);
                    schema.bytes(server.lend(&permit, "").ok()?.session()).ok()
                });
                measured.await.ok()?
            }
        }
    }
}

/// Bytes of files and their logs. The first must be there; a key store is made when it is needed.
fn bytes_of(folder: &Path, names: &[String]) -> Option<u64> {
    let length = |name: &str| std::fs::metadata(folder.join(name)).map(|found| found.len());
    let mut bytes = length(names.first()?).ok()?;
    for name in names {
        bytes += length(&format!("{name}-wal")).unwrap_or(0);
    }
    for name in names.iter().skip(1) {
        bytes += length(name).unwrap_or(0);
    }
    Some(bytes)
}
