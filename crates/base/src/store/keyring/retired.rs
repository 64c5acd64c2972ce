//! Keys that are no longer needed because what they sealed was removed: those of uploaded lists,
//! and of people whose record was taken back. The transaction that removes it notes the key; retention
//! destroys it once that is durable.

use std::sync::Arc;

use super::KeyId;
use crate::kit::{Actor, OrganizationId};
use crate::params;
use crate::store::{Error, Store, Tx};

/// Most keys that are destroyed at once.
pub const MAX_RETIRED_AT_ONCE: u32 = 1_000;

impl Tx<'_> {
    /// Notes that nothing is sealed under the key any more, once this has committed.
    ///
    /// # Errors
    /// Those of the store.
    pub fn retire_key(&self, id: KeyId) -> Result<(), Error> {
        self.execute(
            "insert into retired_key (key_id) values ($1) on conflict (key_id) do nothing",
            params![id],
        )?;
        Ok(())
    }
}

impl Store {
    /// Destroys the keys that were retired; tells how many. More may be left when it is
    /// [`MAX_RETIRED_AT_ONCE`].
    ///
    /// # Errors
    /// Those of the databases.
    pub async fn destroy_retired_keys(&self, id: OrganizationId) -> Result<usize, Error> {
        let retired: Vec<KeyId> = self
            .read(id, Actor::SYSTEM, |tx| {
                tx.query(
                    "select key_id from retired_key order by key_id limit $1",
                    params![MAX_RETIRED_AT_ONCE],
                    |row| row.get(0),
                )
            })
            .await?;
        if retired.is_empty() {
            return Ok(0);
        }
        let file = self.database(id).await?;
        let (ring, keys) = (Arc::clone(&file.ring), retired.clone());
        let destroying = tokio::task::spawn_blocking(move || ring.destroy(&keys, &[]));
        destroying.await.unwrap_or(Err(Error::Panicked))?;
        file.write(Actor::SYSTEM, move |tx| {
            tx.keep_revision();
            for key in &retired {
                tx.execute("delete from retired_key where key_id = $1", params![key])?;
            }
            Ok(retired.len())
        })
        .await
    }
}
