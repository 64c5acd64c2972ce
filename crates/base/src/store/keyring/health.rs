//! Whether a key store is there, and whole.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use super::{KeyPlace, KeyStore, Keyring};
use crate::kit::Entropy;
use crate::store::{Error, Tx, check};

impl Keyring {
    /// Whether the data or the key store is damaged.
    pub fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::SeqCst)
    }

    /// Remembers an error after which the files must be looked at. What a server reads wrongly is
    /// the server's to find again.
    pub fn note(&self, error: &Error) {
        if matches!(error, Error::Damaged(_)) && matches!(self.place, KeyPlace::File(_)) {
            self.damaged.store(true, Ordering::SeqCst);
        }
    }

    /// Makes the key store of data that has none yet, which `tx` then notes.
    ///
    /// # Errors
    /// [`Error::Key`] when it is gone: with a fresh one, new keys would keep the old ones from ever
    /// being put back.
    pub fn meet_key_store(&self, tx: &Tx<'_>) -> Result<(), Error> {
        let made = tx.query_opt("select made from key_store_made", &[], |_| Ok(()))?;
        if made.is_none() {
            self.with_key_store(|_| Ok(()))?;
            tx.execute("insert into key_store_made (made) values (1)", &[])?;
            return Ok(());
        }
        self.place.refuse_missing(self.organization)
    }

    /// Whether the key store of the data is known, and where it should be.
    ///
    /// # Errors
    /// Those of the store.
    pub fn has_met_key_store(&self, tx: &Tx<'_>) -> Result<bool, Error> {
        let made = tx.query_opt("select made from key_store_made", &[], |_| Ok(()))?;
        Ok(made.is_some() && self.place.refuse_missing(self.organization).is_ok())
    }

    /// What is wrong with the key store.
    pub fn faults(&self) -> Result<Vec<String>, Error> {
        self.with_key_store(|store| store.faults(&self.entropy))
    }

    /// Lets the key store have no more than `most` pages, or as many as it has; gives that number.
    #[cfg(test)]
    pub fn limit_pages(&self, most: i64) -> Result<i64, Error> {
        self.with_key_store(|store| store.limit_pages(most, &self.entropy))
    }

    /// The files of the key store.
    pub fn files(&self) -> Vec<PathBuf> {
        match &self.place {
            KeyPlace::File(path) => vec![path.clone()],
            KeyPlace::Server(_) => Vec::new(),
        }
    }
}

impl KeyStore {
    /// What is wrong with its tables; see [`Store::faults`](crate::store::Store::faults).
    pub fn faults(&self, entropy: &Entropy) -> Result<Vec<String>, Error> {
        self.transaction(entropy, |tx| {
            if tx.is_in_file() {
                check::in_file(tx)
            } else {
                check::unreadable(tx)
            }
        })
    }

    /// Lets the file have no more than `most` pages, or as many as it has; gives that number.
    #[cfg(test)]
    pub fn limit_pages(&self, most: i64, entropy: &Entropy) -> Result<i64, Error> {
        self.transaction(entropy, |tx| {
            let limit = format!("pragma max_page_count = {most}");
            let has = tx.query_opt(&limit, &[], |row| row.get(0))?;
            has.ok_or(Error::Decode("number of pages"))
        })
    }
}
