//! Is a database whole?

use super::{Error, Store};
use crate::kit::{Actor, OrganizationId};

/// Most faults that are listed for one file.
const MAX_FAULTS: usize = 20;

impl Store {
    /// Reads the whole file of an organization: does every page carry the seal it was written
    /// with, and do tables and indexes agree? Gives what is wrong, nothing when all is well.
    ///
    /// # Errors
    /// Those of opening the file.
    pub async fn faults(&self, id: OrganizationId) -> Result<Vec<String>, Error> {
        self.read(id, Actor::OPERATOR, |tx| {
            let text = |row: &super::Row<'_>| row.get::<String>(0);
            let mut faults = tx.query("pragma cipher_integrity_check", &[], text)?;
            let agree = format!("pragma quick_check({MAX_FAULTS})");
            let lines = tx.query(&agree, &[], text)?;
            faults.extend(lines.into_iter().filter(|line| line != "ok"));
            faults.truncate(MAX_FAULTS);
            Ok(faults)
        })
        .await
    }
}
