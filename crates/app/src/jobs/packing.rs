//! Making packages beside everything else: one may take minutes, and mail does not wait for it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use kept_base::kit::{Actor, OrganizationId};
use kept_base::store::Error;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::{Worker, lock};
use crate::packages::{self, jobs::GoesOn};

/// Packages that a process makes at once: each is made in its memory.
const MAX_PACKAGES_AT_ONCE: usize = 1;

/// The packages in this process's hands.
pub(super) struct Packing {
    places: Semaphore,
    of: Mutex<HashSet<OrganizationId>>,
    running: Mutex<JoinSet<()>>,
}

impl Default for Packing {
    fn default() -> Self {
        Self {
            places: Semaphore::new(MAX_PACKAGES_AT_ONCE),
            of: Mutex::default(),
            running: Mutex::default(),
        }
    }
}

impl Packing {
    /// Waits for all that were begun; tells how many.
    pub async fn ended(&self) -> usize {
        let mut running = std::mem::take(&mut *lock(&self.running));
        let mut ended = 0;
        while running.join_next().await.is_some() {
            ended += 1;
        }
        ended
    }
}

impl Worker {
    /// Begins to make the package of an organization that is due.
    pub(super) async fn pack(self: &Arc<Self>, organization: OrganizationId) -> Result<(), Error> {
        let due = self
            .store
            .read(organization, Actor::SYSTEM, packages::next_due);
        let Some(at) = due.await? else {
            return Ok(());
        };
        if at > self.now() {
            self.store.wakes().ask(organization, at);
        } else if lock(&self.packing.of).insert(organization) {
            let worker = Arc::clone(self);
            let mut running = lock(&self.packing.running);
            while running.try_join_next().is_some() {}
            running.spawn(async move { worker.make_package(organization).await });
        }
        Ok(())
    }

    async fn make_package(self: Arc<Self>, organization: OrganizationId) {
        let _place = self.packing.places.acquire().await;
        let worker = Arc::clone(&self);
        let goes_on: GoesOn = Arc::new(move || !worker.is_stopping());
        if goes_on() {
            let store = Arc::clone(&self.store);
            // In a task of its own: a panic must not leave the organization here for ever.
            let making =
                tokio::spawn(
                    async move { packages::jobs::make(&store, organization, goes_on).await },
                );
            if let Err(error) = making.await.unwrap_or(Err(Error::Panicked)) {
                tracing::error!(
                    organization.id = %organization,
                    error = %error,
                    "The package of {organization} stays as it is until its lease ends"
                );
            }
        }
        lock(&self.packing.of).remove(&organization);
    }
}
