//! Opening organizations when they are first asked for, and closing those that rest.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use super::control::ToOpen;
use super::damage::Damaged;
use super::database::{Database, Shared};
use super::keyring::{self, KeyPlace, Keyring};
use super::{Error, Placed, Placement, Store, lock, sqlite};
use crate::kit::OrganizationId;

/// Most organization files open at once; the least recently used idle one is closed first.
pub const MAX_OPEN_ORGANIZATIONS: usize = 256;
/// Most organizations that are opened at the same time.
pub const OPENED_AT_ONCE: usize = 8;

/// What is open, and when each was used last.
#[derive(Default)]
pub(super) struct Open {
    pub databases: HashMap<OrganizationId, (Arc<Database>, u64)>,
    uses: u64,
    /// Organizations that were closed because they are damaged.
    pub damaged: HashMap<OrganizationId, Damaged>,
}

impl Store {
    fn open_database(&self, id: OrganizationId) -> Option<Arc<Database>> {
        let mut open = lock(&self.open);
        open.uses += 1;
        let uses = open.uses;
        let (database, used) = open.databases.get_mut(&id)?;
        if database.ring.is_behind() || database.has_moved() {
            let_go(open.databases.remove(&id));
            return None;
        }
        if database.ring.is_damaged() {
            tracing::error!(organization.id = %id, "Its data is damaged; it is closed");
            let damaged = Damaged::new(database.files());
            let_go(open.databases.remove(&id));
            open.damaged.insert(id, damaged);
            return None;
        }
        *used = uses;
        Some(Arc::clone(database))
    }

    /// An organization's database, whether it is suspended or not.
    pub(super) async fn database(&self, id: OrganizationId) -> Result<Arc<Database>, Error> {
        if let Some(database) = self.open_database(id) {
            return Ok(database);
        }
        let turn = self.turn(id);
        let mut opening = turn.lock().await;
        if let Some(database) = self.open_database(id) {
            return Ok(database);
        }
        let database = if self.is_to_be_checked(id)? {
            // That takes long, and the others do not wait for it.
            drop(opening);
            let healed = self.open_healed(id).await;
            self.note_health(id, &healed);
            let database = healed?;
            opening = turn.lock().await;
            if let Some(database) = self.open_database(id) {
                return Ok(database);
            }
            database
        } else {
            let opened = self.open_now(id).await;
            self.note_health(id, &opened);
            Arc::new(opened?)
        };
        let mut open = lock(&self.open);
        if open.databases.len() >= MAX_OPEN_ORGANIZATIONS {
            close_least_recent(&mut open);
        }
        open.uses += 1;
        let uses = open.uses;
        open.databases.insert(id, (Arc::clone(&database), uses));
        sqlite::note_open(open.databases.len());
        drop(opening);
        Ok(database)
    }

    /// What is held while that one is opened, and a few others are not.
    fn turn(&self, id: OrganizationId) -> &tokio::sync::Mutex<()> {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        let number = usize::try_from(hasher.finish() % OPENED_AT_ONCE as u64).unwrap_or(0);
        &self.opening[number]
    }

    fn note_health<T>(&self, id: OrganizationId, opened: &Result<T, Error>) {
        if !matches!(opened, Err(Error::NoOrganization)) {
            lock(&self.health).insert(id, opened.is_ok());
        }
    }

    pub(super) async fn open_now(&self, id: OrganizationId) -> Result<Database, Error> {
        let asked = self.to_open(id).await?;
        let (from, to) = (asked.placed.placement.clone(), asked.moving_to.clone());
        let refused = match self.open_as(id, asked).await {
            Ok(opened) => return Ok(opened),
            Err(error) => error,
        };
        if let (Error::Moved, Some(to)) = (&refused, to) {
            // Whoever moved it could not say so any more.
            let from = from.clone();
            self.with_control(move |control| control.finish_move(id, &from, &to))
                .await?;
        }
        let now = self.to_open(id).await?;
        if now.placed.placement == from {
            return Err(refused);
        }
        // It moved while it was opened.
        self.open_as(id, now).await
    }

    async fn to_open(&self, id: OrganizationId) -> Result<ToOpen, Error> {
        let entropy = Arc::clone(&self.shared.entropy);
        self.with_control(move |control| control.to_open(id, &entropy))
            .await
    }

    async fn open_as(&self, id: OrganizationId, asked: ToOpen) -> Result<Database, Error> {
        let ToOpen {
            placed: Placed { placement, .. },
            is_complete: exists,
            keys,
            ..
        } = asked;
        self.reach(&placement).await?;
        let key = keys.database.clone();
        let (control, shared) = (Arc::clone(&self.control), self.shared.clone());
        let ring = move |place: KeyPlace, shared: &Shared| {
            let cache = Arc::clone(&shared.person_keys);
            Keyring::new(id, place, keys, cache, control, Arc::clone(&shared.entropy))
        };
        let ring = ring(self.key_place(&placement)?, &shared);
        let opened = match placement {
            Placement::File(name) => {
                let path = self.folder.join(name);
                tokio::task::spawn_blocking(move || {
                    Database::open_file(id, (path, exists), key, ring, shared)
                })
            }
            Placement::Server(name) => {
                let server = self.servers.get(&name)?;
                tokio::task::spawn_blocking(move || {
                    Database::open_schema(id, (server, exists), ring, shared)
                })
            }
        };
        opened.await.map_err(|_| Error::Closing)?
    }

    /// Where the key store of data at `placement` is.
    pub(super) fn key_place(&self, placement: &Placement) -> Result<KeyPlace, Error> {
        Ok(match placement {
            Placement::File(name) => {
                KeyPlace::File(self.folder.join(keyring::key_store_beside(name)))
            }
            Placement::Server(name) => KeyPlace::Server(self.servers.get(name)?),
        })
    }
}

/// Only idle ones are closed: one that is in use has a second holder.
fn close_least_recent(open: &mut Open) {
    let idle = open
        .databases
        .iter()
        .filter(|(_, (database, _))| Arc::strong_count(database) == 1)
        .min_by_key(|(_, (_, used))| *used)
        .map(|(id, _)| *id);
    if let Some(id) = idle {
        let_go(open.databases.remove(&id));
    }
}

/// Closing folds the log into the file: nobody waits for that, with or without a lock.
fn let_go(closed: Option<(Arc<Database>, u64)>) {
    tokio::task::spawn_blocking(move || drop(closed));
}
