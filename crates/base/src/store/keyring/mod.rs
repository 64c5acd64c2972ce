//! The keyring of one organization: a random key for each of its people, and the key of its blind
//! index. What is sealed under a person's key is gone, from the data and from every copy of the
//! data, once that key is destroyed.
//!
//! ```text
//! root key (outside the data)
//!   organization key             control database, wrapped by the root key
//!     database key, key-store key, index key    control database
//!     a key for each person      key store: a file of its own beside the data
//! ```

mod blind;
mod cache;
mod erase;
mod health;
mod key_copy;
mod key_store;
mod person;
mod person_keys;
mod place;
mod retired;
mod rewrap;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::control::{Control, OrganizationKeys, Wrapping};
use super::{Error, Key};
use crate::kit::{Entropy, OrganizationId};
use blind::BlindIndex;
use key_store::{Kept, WRAPPED_BYTES};

pub use blind::{BLIND_TOKEN_BITS, domain_range};
pub(super) use cache::Cache;
pub use cache::MAX_CACHED_PERSON_KEYS;
pub use erase::Tombstone;
pub(super) use erase::{TABLES, apply, unseen};
pub(super) use key_store::KeyStore;
pub use person::{KEY_ID_BYTES, KeyId, PersonKey, VEIL};
pub use person_keys::PersonKeys;
pub(super) use place::KeyPlace;
pub use retired::MAX_RETIRED_AT_ONCE;

/// Keys that are made ahead the first time an organization needs one since it was opened.
pub const FEWEST_KEYS_AHEAD: usize = 8;
/// Most keys that are made ahead; each time twice as many as the time before, up to this.
pub const MOST_KEYS_AHEAD: usize = 512;
/// Most keys that one question asks the key store for.
pub const MAX_KEYS_AT_ONCE: usize = 64;

/// What the key store beside a database file is called: `org_...keys.db` beside `org_...db`.
#[must_use]
pub fn key_store_beside(database: &str) -> String {
    let stem = database.strip_suffix(".db").unwrap_or(database);
    format!("{stem}.keys.db")
}

/// The keys of one organization, as long as it is open.
pub(super) struct Keyring {
    organization: OrganizationId,
    /// What keys of people are wrapped under. Read again when another process changed it.
    wrapping: RwLock<Wrapping>,
    key_store_key: Key,
    index: BlindIndex,
    place: KeyPlace,
    /// Opened at the first use: most requests need no more than what is in memory.
    key_store: Mutex<Option<KeyStore>>,
    ahead: Mutex<Ahead>,
    cache: Arc<Cache>,
    control: Arc<Control>,
    entropy: Arc<Entropy>,
    /// Held by whoever erases somebody.
    erasing: tokio::sync::Mutex<()>,
    /// Set when erasures were found that the open data has not seen: it must be opened again.
    behind: AtomicBool,
    /// Set when something was read that is not what was written: nothing more is answered from it.
    damaged: AtomicBool,
}

/// Keys that stand in the key store and were given to nobody. What is left of them when the
/// organization is closed stays there unused: none is ever given twice.
#[derive(Default)]
struct Ahead {
    keys: Vec<(KeyId, PersonKey)>,
    made: usize,
}

impl Keyring {
    pub fn new(
        organization: OrganizationId,
        place: KeyPlace,
        keys: OrganizationKeys,
        cache: Arc<Cache>,
        control: Arc<Control>,
        entropy: Arc<Entropy>,
    ) -> Self {
        Self {
            organization,
            index: BlindIndex::new(&keys.index),
            wrapping: RwLock::new(keys.wrapping),
            key_store_key: keys.key_store,
            place,
            key_store: Mutex::default(),
            ahead: Mutex::default(),
            cache,
            control,
            entropy,
            erasing: tokio::sync::Mutex::default(),
            behind: AtomicBool::new(false),
            damaged: AtomicBool::new(false),
        }
    }

    /// Whether the data must be opened again before it answers anything.
    pub fn is_behind(&self) -> bool {
        self.behind.load(Ordering::SeqCst)
    }

    pub(super) fn set_behind(&self) {
        self.behind.store(true, Ordering::SeqCst);
    }

    /// A key that nobody has; it is durable before it is given.
    fn fresh(&self) -> Result<(KeyId, PersonKey), Error> {
        let mut ahead = lock(&self.ahead);
        while ahead.keys.is_empty() {
            let number = (ahead.made * 2).clamp(FEWEST_KEYS_AHEAD, MOST_KEYS_AHEAD);
            ahead.made = number;
            ahead.keys = self.make(number)?;
        }
        let (id, key) = ahead.keys.pop().ok_or(Error::Closing)?;
        self.cache.put(id, key.clone());
        Ok((id, key))
    }

    fn make(&self, number: usize) -> Result<Vec<(KeyId, PersonKey)>, Error> {
        let mut made: HashMap<KeyId, Key> = (KeyId::many(number, &self.entropy).into_iter())
            .map(|id| (id, Key::random(&self.entropy)))
            .collect();
        let added = match self.add(&made)? {
            Some(added) => added,
            None => {
                self.read_wrapping_again()?;
                self.add(&made)?.ok_or(Error::Busy)?
            }
        };
        let added = added.into_iter();
        let added = added.filter_map(|id| made.remove_entry(&id));
        Ok(added.map(|(id, key)| (id, PersonKey::new(key))).collect())
    }

    fn add(&self, made: &HashMap<KeyId, Key>) -> Result<Option<Vec<KeyId>>, Error> {
        let (version, wrapping) = self.wrapping().current;
        let wrapped = made.iter().map(|(id, key)| {
            let wrapped = rewrap::wrap(
                (version, &wrapping),
                self.organization,
                *id,
                key,
                &self.entropy,
            );
            wrapped.map(|wrapped| (*id, wrapped))
        });
        let wrapped: Vec<_> = wrapped.collect::<Result<_, _>>()?;
        self.with_key_store(|store| store.add(version, &wrapped, &self.entropy))
    }

    /// The keys under these ids; none for those that were destroyed.
    fn find(&self, ids: &[KeyId]) -> Result<Vec<(KeyId, Option<PersonKey>)>, Error> {
        let mut found = Vec::with_capacity(ids.len());
        let mut missing = Vec::new();
        for id in ids {
            match self.cache.get(*id) {
                Some(key) => found.push((*id, Some(key))),
                None => missing.push(*id),
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        missing.sort_unstable();
        missing.dedup();
        // A key is destroyed under the same lock: it cannot come back into memory afterwards.
        self.with_key_store(|store| {
            for part in missing.chunks(MAX_KEYS_AT_ONCE) {
                let kept: HashMap<KeyId, Kept> =
                    store.find(part, &self.entropy)?.into_iter().collect();
                for id in part {
                    let key = match kept.get(id) {
                        Some(Kept::Wrapped(wrapped)) => {
                            let key = PersonKey::new(self.unwrap(*id, wrapped)?);
                            self.cache.put(*id, key.clone());
                            Some(key)
                        }
                        Some(Kept::Destroyed) => None,
                        None => return Err(Error::Key(format!("the key store has no key {id}"))),
                    };
                    found.push((*id, key));
                }
            }
            Ok(())
        })?;
        Ok(found)
    }

    fn unwrap(&self, id: KeyId, bytes: &[u8; WRAPPED_BYTES]) -> Result<Key, Error> {
        if !self.wrapping().has(rewrap::version_of(bytes)) {
            self.read_wrapping_again()?;
        }
        rewrap::unwrap(&self.wrapping(), self.organization, id, bytes)
    }

    fn wrapping(&self) -> Wrapping {
        let wrapping = self.wrapping.read();
        wrapping.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Another process has put a new organization key in the place of the one that is known here.
    fn read_wrapping_again(&self) -> Result<(), Error> {
        let keys = self.control.keys(self.organization, &self.entropy)?;
        *self
            .wrapping
            .write()
            .unwrap_or_else(PoisonError::into_inner) = keys.wrapping;
        Ok(())
    }

    /// Works with the open key store. The first time, it is compared with the erasures that the
    /// control database knows: whichever was restored from an older copy is brought up to date.
    fn with_key_store<T>(
        &self,
        work: impl FnOnce(&KeyStore) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let done = self.with_open_key_store(work);
        done.inspect_err(|error| self.note(error))
    }

    fn with_open_key_store<T>(
        &self,
        work: impl FnOnce(&KeyStore) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut slot = lock(&self.key_store);
        if let Some(store) = slot.as_ref() {
            return work(store);
        }
        let key = &self.key_store_key;
        let store = KeyStore::open(&self.place, key, self.organization, &self.entropy)?;
        if self.compare(&store)? {
            self.set_behind();
            return Err(Error::Erasures(
                "the key store knows of more than the data: it is opened again".to_owned(),
            ));
        }
        let store = slot.insert(store);
        work(store)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
