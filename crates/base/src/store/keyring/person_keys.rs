//! The keys of people within one transaction, which may be veiled.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::Ordering;

use super::person::Veil;
use super::{KeyId, Keyring, PersonKey};
use crate::store::Error;

/// The keys of people, as one transaction sees them: what it found once stays so for it, so that
/// nobody is half there while they are being erased.
pub struct PersonKeys<'c> {
    ring: &'c Keyring,
    seen: RefCell<HashMap<KeyId, Option<PersonKey>>>,
    veil: RefCell<Option<Veil>>,
    /// Whose keys were asked for, once it counts.
    asked: RefCell<Option<BTreeSet<KeyId>>>,
}

impl<'c> PersonKeys<'c> {
    pub(in crate::store) fn new(ring: &'c Keyring) -> Self {
        Self {
            ring,
            seen: RefCell::default(),
            veil: RefCell::default(),
            asked: RefCell::default(),
        }
    }

    /// From here on this transaction reads [`VEIL`] in place of whatever is sealed. It is not lifted.
    pub fn veil(&self) {
        self.veil.replace(Some(Veil::All));
    }

    /// The same for some columns alone, each as `table.column`.
    pub fn veil_columns(&self, columns: &[&'static str]) {
        let mut veil = self.veil.borrow_mut();
        *veil = match veil.take() {
            Some(Veil::All) => Some(Veil::All),
            Some(Veil::Of(before)) => {
                let all = before.iter().chain(columns).copied();
                Some(Veil::Of(all.collect()))
            }
            None => Some(Veil::Of(columns.into())),
        };
    }

    /// Whether a column, as `table.column`, is veiled: what is found by it would tell what is in it.
    #[must_use]
    pub fn hides(&self, column: &str) -> bool {
        (self.veil.borrow().as_ref()).is_some_and(|veil| veil.hides(column))
    }

    /// From here on it is noted whose keys are asked for.
    pub fn note_asked(&self) {
        self.asked.borrow_mut().get_or_insert_default();
    }

    /// Whose keys were asked for since [`PersonKeys::note_asked`].
    #[must_use]
    pub fn asked(&self) -> Vec<KeyId> {
        let asked = self.asked.borrow();
        asked.iter().flatten().copied().collect()
    }

    pub(in crate::store) fn say_damaged(&self) {
        self.ring.damaged.store(true, Ordering::SeqCst);
    }

    /// A key for somebody new. It stays unused when the transaction fails.
    ///
    /// # Errors
    /// Those of the key store.
    pub fn fresh(&self) -> Result<(KeyId, PersonKey), Error> {
        let (id, key) = self.ring.fresh()?;
        self.seen.borrow_mut().insert(id, Some(key.clone()));
        Ok((id, key))
    }

    /// The key of that id; `None` when it was destroyed.
    ///
    /// # Errors
    /// [`Error::Key`] when the key store does not know it; those of the key store.
    pub fn get(&self, id: KeyId) -> Result<Option<PersonKey>, Error> {
        if let Some(asked) = self.asked.borrow_mut().as_mut() {
            asked.insert(id);
        }
        if !self.seen.borrow().contains_key(&id) {
            self.load(&[id])?;
        }
        let key = self.seen.borrow().get(&id).cloned().flatten();
        let veil = self.veil.borrow().clone();
        Ok(key.map(|key| key.veiled(veil)))
    }

    /// Reads the keys of many at once, which [`PersonKeys::get`] then gives.
    ///
    /// # Errors
    /// As [`PersonKeys::get`].
    pub fn load(&self, ids: &[KeyId]) -> Result<(), Error> {
        let mut seen = self.seen.borrow_mut();
        let new: Vec<KeyId> = (ids.iter().copied())
            .filter(|id| !seen.contains_key(id))
            .collect();
        if !new.is_empty() {
            seen.extend(self.ring.find(&new)?);
        }
        Ok(())
    }

    /// The blind token of `text` in a domain (0 to 7): equal texts of one domain and organization
    /// have equal tokens, and nothing else can be told from them.
    #[must_use]
    pub fn blind_token(&self, domain: u8, text: &str) -> i64 {
        self.ring.index.token(domain, text)
    }
}
