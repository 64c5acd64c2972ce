//! Answers to questions about days, kept while nothing they were made of changes: not the
//! organization's revision, not the clock's effect on notice and horizon.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use kept_base::kit::OrganizationId;
use kept_base::store::{Error, Store};

use super::Wanted;

/// Most answers kept, over all organizations.
const MAX_KEPT_ANSWERS: usize = 4_096;

/// What an answer was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeptKey {
    /// Of which organization.
    pub organization: OrganizationId,
    /// What was wanted.
    pub wanted: Wanted,
    /// First day.
    pub from: Date,
    /// Day after the last.
    pub to: Date,
    /// In which zone.
    pub zone: String,
}

struct Kept<A> {
    revision: u64,
    /// From when it was made until the passing of time may change it.
    valid: Range<Timestamp>,
    answer: A,
}

struct Place<A> {
    kept: Option<Kept<A>>,
    /// Held by the one who makes a new answer.
    making: Arc<tokio::sync::Mutex<()>>,
}

/// Kept answers of one form (numbers for pages, bytes for the API), each under a key that says
/// everything the answer depends on beside the organization's data and the clock.
pub struct KeptDays<A, K = KeptKey> {
    places: Mutex<HashMap<K, Place<A>>>,
}

impl<A, K> Default for KeptDays<A, K> {
    fn default() -> Self {
        Self {
            places: Mutex::default(),
        }
    }
}

impl<A: Clone, K: Hash + Eq> KeptDays<A, K> {
    /// The kept answer, when it holds at `now` and was made from all that was committed when the
    /// organization's revision was `revision`.
    #[must_use]
    pub fn get<Q>(&self, key: &Q, revision: u64, now: Timestamp) -> Option<A>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let places = self.lock();
        let kept = places.get(key)?.kept.as_ref()?;
        // A clock that was set back makes days that lie far ahead lie too far ahead.
        (kept.revision >= revision && kept.valid.contains(&now)).then(|| kept.answer.clone())
    }

    /// Keeps an answer. `revision` was read before the snapshot the answer was made from, and it
    /// holds while the clock stands in `valid`.
    pub fn put(&self, key: K, revision: u64, valid: Range<Timestamp>, answer: A) {
        let mut places = self.lock();
        if !places.contains_key(&key) {
            make_room(&mut places);
        }
        places.entry(key).or_insert_with(Place::new).kept = Some(Kept {
            revision,
            valid,
            answer,
        });
    }

    /// The kept answer, or a new one. When many ask at once, one makes it and the others wait:
    /// whoever asks gets an answer made from all that was committed when they asked.
    ///
    /// # Errors
    /// Those of the store and of `make`, which answers what to keep and until when it holds.
    pub async fn get_or_make<Q, E>(
        &self,
        key: &Q,
        store: &Store,
        organization: OrganizationId,
        make: impl Future<Output = Result<(A, Timestamp), E>>,
    ) -> Result<A, E>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ToOwned<Owned = K> + ?Sized,
        E: From<Error>,
    {
        let asked_at = store.revision(organization).await?;
        if let Some(answer) = self.get(key, asked_at, store.clock().now()) {
            return Ok(answer);
        }
        let making = self.making(key);
        let _turn = making.lock().await;
        if let Some(answer) = self.get(key, asked_at, store.clock().now()) {
            return Ok(answer);
        }
        let revision = store.revision(organization).await?;
        let from = store.clock().now();
        let (answer, until) = make.await?;
        self.put(key.to_owned(), revision, from..until, answer.clone());
        Ok(answer)
    }

    fn making<Q>(&self, key: &Q) -> Arc<tokio::sync::Mutex<()>>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ToOwned<Owned = K> + ?Sized,
    {
        let mut places = self.lock();
        if let Some(place) = places.get(key) {
            return Arc::clone(&place.making);
        }
        make_room(&mut places);
        let place = places.entry(key.to_owned()).or_insert_with(Place::new);
        Arc::clone(&place.making)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Place<A>>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When all places are taken, gives up some in no order: junk questions push out each other at
/// least as often as an answer that is in use, which is made again at its next asking.
fn make_room<A, K: Hash + Eq>(places: &mut HashMap<K, Place<A>>) {
    if places.len() < MAX_KEPT_ANSWERS {
        return;
    }
    let mut leaving = MAX_KEPT_ANSWERS / 8;
    places.retain(|_, _| {
        let stays = leaving == 0;
        leaving = leaving.saturating_sub(1);
        stays
    });
}

impl<A> Place<A> {
    fn new() -> Self {
        Self {
            kept: None,
            making: Arc::default(),
        }
    }
}
