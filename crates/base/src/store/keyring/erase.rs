//! Erasing somebody: first their keys, then their rows, each once and for all.
//!
//! An erasure is written into the control database before anything is destroyed, then the keys go
//! together with a tombstone in the key store, then the rows together with the number of that
//! tombstone, the watermark of the data. Whatever a crash or a restored copy leaves behind is
//! brought up to date when the organization is opened, before it answers anything.

use std::sync::Arc;

use jiff::Timestamp;

use super::{KeyId, Keyring, key_store::KeyStore};
use crate::kit::{Actor, OrganizationId};
use crate::params;
use crate::store::{EraseRows, Error, Store, Tx};

/// The store's own table in an organization's database: the last erasure that its rows have seen.
/// Keys that are to be destroyed. And whether there is a key store beside the data: one that is gone
/// must not be taken for one that was never made.
pub(in crate::store) const TABLES: &str =
    "create table if not exists erasure_watermark (sequence bigint not null);
     create table if not exists retired_key (key_id text primary key);
     create table if not exists key_store_made (made smallint primary key)";

/// A key that was destroyed, and whose it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// Counts the erasures of an organization from 1.
    pub sequence: i64,
    /// Whose key it was: the id of somebody of whom nothing else is left.
    pub subject: String,
    /// Which key.
    pub key: KeyId,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// Destroys the keys of `subject` for good, then removes their rows as
    /// [`Options::erase`](crate::store::Options::erase) says, in the name of `actor`. What is cut
    /// short is done to its end when the organization is opened again. Doing it twice is harmless.
    ///
    /// # Errors
    /// [`Error::NoOrganization`] and those of the databases.
    pub async fn erase(
        &self,
        id: OrganizationId,
        actor: Actor,
        subject: &str,
        keys: Vec<KeyId>,
    ) -> Result<(), Error> {
        let file = self.database(id).await?;
        let (ring, subject) = (Arc::clone(&file.ring), subject.to_owned());
        let (now, erase) = (self.clock().now(), self.shared.options.erase);
        // One after the other: the watermark counts them in their order.
        let _alone = ring.erasing.lock().await;
        let mut begun = Begun(Some(&ring));
        let destroying = Arc::clone(&ring);
        let destroyed =
            tokio::task::spawn_blocking(move || destroying.destroy_of(&subject, &keys, now));
        destroyed.await.unwrap_or(Err(Error::Panicked))?;
        let see = |ring: &Arc<Keyring>| {
            let ring = Arc::clone(ring);
            move |tx: &Tx<'_>| {
                let unseen = ring.unseen(watermark(tx)?)?;
                apply(tx, erase, &unseen)
            }
        };
        let mut seen = file.write(actor.clone(), see(&ring)).await;
        if seen.is_err() && file.has_moved() {
            // Where it is now, nobody may have seen this one.
            let there = self.database(id).await?;
            seen = there.write(actor, see(&there.ring)).await;
        }
        seen?;
        begun.0 = None;
        Ok(())
    }
}

/// An erasure that was begun. Unless it comes to its end, the data is opened again, which does it.
struct Begun<'r>(Option<&'r Keyring>);

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        if let Some(ring) = self.0 {
            ring.set_behind();
        }
    }
}

impl Keyring {
    /// Writes down that these keys are to be destroyed, and destroys them.
    fn destroy_of(&self, subject: &str, keys: &[KeyId], now: Timestamp) -> Result<(), Error> {
        let tombstones = self
            .control
            .add_tombstones(self.organization, subject, keys, now)?;
        (self.control).log_erasures(self.organization, &tombstones, &self.entropy);
        self.destroy(&[], &tombstones)
    }

    /// Destroys keys, in the key store and in memory.
    pub(super) fn destroy(&self, keys: &[KeyId], tombstones: &[Tombstone]) -> Result<(), Error> {
        self.with_key_store(|store| {
            store.destroy(keys, tombstones, &self.entropy)?;
            for id in keys.iter().chain(tombstones.iter().map(|one| &one.key)) {
                self.cache.remove(*id);
            }
            Ok(())
        })
    }

    /// Brings the key store and the control database to the same erasures; tells whether the
    /// control database, and so perhaps the data, had not seen all of them.
    pub(super) fn compare(&self, store: &KeyStore) -> Result<bool, Error> {
        let here = store.last_tombstone(&self.entropy)?;
        let there = self.control.last_tombstone(self.organization)?;
        if here < there {
            let missing = self.control.tombstones_after(self.organization, here)?;
            store.destroy(&[], &missing, &self.entropy)?;
        }
        if there < here {
            let more = store.tombstones_after(there, &self.entropy)?;
            self.control.keep_tombstones(self.organization, &more)?;
        }
        Ok(there < here)
    }

    /// Gives what `data`, which has seen the erasures up to `watermark`, has not seen.
    ///
    /// # Errors
    /// [`Error::Erasures`] when the data has seen more than is known of.
    pub fn unseen(&self, watermark: i64) -> Result<Vec<Tombstone>, Error> {
        let known = || self.control.last_tombstone(self.organization);
        if known()? < watermark {
            // The control database may be the older copy.
            match self.with_key_store(|_| Ok(())) {
                Ok(()) | Err(Error::Erasures(_)) => {}
                Err(error) => return Err(error),
            }
            self.behind
                .store(false, std::sync::atomic::Ordering::SeqCst);
        }
        let last = known()?;
        if last < watermark {
            return Err(Error::Erasures(format!(
                "the data has seen erasure {watermark}, but key store and control database know \
                 of {last} only: restore newer copies of them"
            )));
        }
        let unseen = self
            .control
            .tombstones_after(self.organization, watermark)?;
        if !unseen.is_empty() {
            self.destroy(&[], &unseen)?;
        }
        Ok(unseen)
    }
}

/// The erasures that the data has not seen: one was cut short, or the data was restored from
/// before it.
pub(in crate::store) fn unseen(ring: &Keyring, tx: &Tx<'_>) -> Result<Vec<Tombstone>, Error> {
    ring.unseen(watermark(tx)?)
}

/// The last erasure that the rows have seen.
fn watermark(tx: &Tx<'_>) -> Result<i64, Error> {
    let seen = tx.query_opt(
        "select coalesce(max(sequence), 0) from erasure_watermark",
        &[],
        |row| row.get(0),
    )?;
    Ok(seen.unwrap_or(0))
}

/// Removes the rows of everybody in `tombstones` and notes that this was seen.
pub(in crate::store) fn apply(
    tx: &Tx<'_>,
    erase: EraseRows,
    tombstones: &[Tombstone],
) -> Result<(), Error> {
    let mut subjects: Vec<&str> = Vec::new();
    for one in tombstones {
        if !subjects.contains(&one.subject.as_str()) {
            subjects.push(&one.subject);
        }
    }
    for subject in subjects {
        erase(tx, subject)?;
    }
    let seen = watermark(tx)?;
    if let Some(last) = tombstones.last().filter(|last| last.sequence > seen) {
        tx.execute("delete from erasure_watermark", &[])?;
        tx.execute(
            "insert into erasure_watermark (sequence) values ($1)",
            params![last.sequence],
        )?;
    }
    Ok(())
}
