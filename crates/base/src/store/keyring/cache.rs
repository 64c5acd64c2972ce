//! Unwrapped keys that were used lately, of all organizations together.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{KeyId, PersonKey};

/// Most unwrapped keys of people in memory, of all organizations together.
pub const MAX_CACHED_PERSON_KEYS: usize = 65_536;

/// Two halves: what is used moves to the fresh one, and when that is full, the other is let go.
#[derive(Default)]
pub(in crate::store) struct Cache(Mutex<Halves>);

#[derive(Default)]
struct Halves {
    fresh: HashMap<KeyId, PersonKey>,
    stale: HashMap<KeyId, PersonKey>,
}

impl Halves {
    fn put(&mut self, id: KeyId, key: PersonKey) {
        if self.fresh.len() >= MAX_CACHED_PERSON_KEYS / 2 {
            self.stale = std::mem::take(&mut self.fresh);
        }
        self.fresh.insert(id, key);
    }
}

impl Cache {
    pub fn get(&self, id: KeyId) -> Option<PersonKey> {
        let mut halves = self.lock();
        if let Some(key) = halves.fresh.get(&id) {
            return Some(key.clone());
        }
        let key = halves.stale.remove(&id)?;
        halves.put(id, key.clone());
        Some(key)
    }

    pub fn put(&self, id: KeyId, key: PersonKey) {
        self.lock().put(id, key);
    }

    pub fn remove(&self, id: KeyId) {
        let mut halves = self.lock();
        halves.fresh.remove(&id);
        halves.stale.remove(&id);
    }

    fn lock(&self) -> MutexGuard<'_, Halves> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::Entropy;
    use crate::store::Key;

    #[test]
    fn keys_in_use_stay_and_the_number_is_bounded() {
        let entropy = Entropy::seeded(3);
        let cache = Cache::default();
        let key = PersonKey::new(Key::random(&entropy));
        let used = KeyId::random(&entropy);
        cache.put(used, key.clone());
        for _ in 0..2 * MAX_CACHED_PERSON_KEYS {
            cache.put(KeyId::random(&entropy), key.clone());
            assert!(cache.get(used).is_some());
        }
        let halves = cache.lock();
        assert!(halves.fresh.len() + halves.stale.len() <= MAX_CACHED_PERSON_KEYS);
        drop(halves);
        cache.remove(used);
        assert!(cache.get(used).is_none());
    }
}
