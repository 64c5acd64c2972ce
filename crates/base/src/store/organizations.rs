//! Which organizations there are: found, made, and taken back when making them fails.

use std::sync::Arc;

use super::control::Control;
use super::operators::By;
use super::{Error, Placed, Placement, Store, Tx, keyring, lock};
use crate::kit::{Actor, OrganizationId};

/// Most slugs remembered in memory.
const MAX_REMEMBERED_SLUGS: usize = 10_000;

impl Store {
    /// Every organization placed here, by slug.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn organizations(&self) -> Result<Vec<Placed>, Error> {
        self.with_control(Control::all).await
    }

    /// The organization whose addresses begin with `slug`.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn find_organization(&self, slug: &str) -> Result<Option<OrganizationId>, Error> {
        if let Some(id) = lock(&self.slugs).get(slug) {
            return Ok(Some(*id));
        }
        let asked = slug.to_owned();
        let found = (self.with_control(move |control| control.by_slug(&asked))).await?;
        if let Some(id) = found {
            let mut slugs = lock(&self.slugs);
            if slugs.len() >= MAX_REMEMBERED_SLUGS {
                slugs.clear();
            }
            slugs.insert(slug.to_owned(), id);
        }
        Ok(found)
    }

    /// Asks the control database, on a thread for work that blocks.
    pub(super) async fn with_control<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Control) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.with_control_shared(move |control| ask(control)).await
    }

    /// As [`Store::with_control`], for work that keeps a hold of it.
    pub(super) async fn with_control_shared<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Arc<Control>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let control = Arc::clone(&self.control);
        let asked = tokio::task::spawn_blocking(move || ask(&control));
        asked.await.unwrap_or(Err(Error::Closing))
    }

    /// Makes an organization with keys and a database of its own, and runs `first` as its first
    /// transaction; nothing stays when that fails.
    ///
    /// # Errors
    /// [`Error::Constraint`] `organization.slug` when the slug is taken; those of `first`.
    pub async fn create_organization<T, E, F>(
        &self,
        slug: &str,
        actor: Actor,
        first: F,
    ) -> Result<(OrganizationId, T), E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Clone + Send + 'static,
    {
        let (slug, now) = (slug.to_owned(), self.shared.clock.now());
        let entropy = Arc::clone(&self.shared.entropy);
        let author = actor.clone();
        let where_to = self.servers.default_placement();
        let (placed, left) = self
            .with_control(move |control| control.add(&slug, where_to, now, &entropy))
            .await?;
        if let Some(left) = left {
            self.remove_data(left).await;
        }
        let id = placed.id;
        let first = match self.write(id, actor, first).await {
            Ok(made) => (self.as_operator(author, move |control, by| control.complete(id, by)))
                .await
                .map(|()| made)
                .map_err(E::from),
            Err(error) => Err(error),
        };
        match first {
            Ok(made) => Ok((id, made)),
            Err(error) => {
                lock(&self.open).databases.remove(&id);
                lock(&self.health).remove(&id);
                self.with_control(move |control| control.remove(id)).await?;
                self.remove_data(placed).await;
                Err(error)
            }
        }
    }

    /// Removes an organization with all that is in it and its keys, in the name of `author`. Other
    /// processes let nobody in within [`STANDING_SECONDS`](super::STANDING_SECONDS).
    ///
    /// # Errors
    /// [`Error::NoOrganization`]; those of the control database and of the disk.
    pub async fn remove_organization(
        &self,
        id: OrganizationId,
        author: Actor,
    ) -> Result<(), Error> {
        let all = self.organizations().await?;
        let found = all.into_iter().find(|placed| placed.id == id);
        let placed = found.ok_or(Error::NoOrganization)?;
        self.suspend_organization(id, author.clone(), "removed")
            .await?;
        lock(&self.open).databases.remove(&id);
        lock(&self.health).remove(&id);
        lock(&self.slugs).retain(|_, known| *known != id);
        let remove = move |control: &Control, by: By<'_>| control.remove_by(id, by);
        self.as_operator(author, remove).await?;
        self.try_remove_data(placed).await
    }

    /// Removes an organization's file, its key store and their logs, or its schemas; what was never
    /// made is as good as removed.
    pub(super) async fn remove_data(&self, placed: Placed) {
        let id = placed.id;
        if let Err(error) = self.try_remove_data(placed).await {
            tracing::error!(organization.id = %id, error = %error, "Its data stays behind");
        }
    }

    /// As [`Store::remove_data`], for who tries again when it fails.
    pub(super) async fn try_remove_data(&self, placed: Placed) -> Result<(), Error> {
        match &placed.placement {
            Placement::File(name) => {
                // The keys first: without them the rest is unreadable.
                for name in [&keyring::key_store_beside(name), name] {
                    for ending in ["", "-wal", "-shm"] {
                        let path = self.folder.join(format!("{name}{ending}"));
                        match std::fs::remove_file(path) {
                            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                                return Err(Error::File(error.kind().to_string()));
                            }
                            _ => {}
                        }
                    }
                }
                Ok(())
            }
            Placement::Server(name) => {
                self.reach(&placed.placement).await?;
                self.servers.remove_schema(name, placed.id).await
            }
        }
    }
}
