//! Is a database whole?

use super::{Error, Store};
use crate::kit::{Actor, OrganizationId};

/// Most faults that are listed for one file.
const MAX_FAULTS: usize = 20;

impl Store {
    /// Reads every page in use of an organization's file: does it carry the seal it was written
    /// with (a page that does not cannot be read), and do tables and indexes agree? Gives what is
    /// wrong, nothing when all is well. The cipher's own check is not asked: it looks at the bare
    /// file without its log, where a move of pages that was cut short leaves some unwritten.
    ///
    /// # Errors
    /// Those of opening the file.
    pub async fn faults(&self, id: OrganizationId) -> Result<Vec<String>, Error> {
        self.read(id, Actor::OPERATOR, |tx| {
            let text = |row: &super::Row<'_>| row.get::<String>(0);
            let check = format!("pragma integrity_check({MAX_FAULTS})");
            let lines = tx.query(&check, &[], text)?;
            Ok(lines.into_iter().filter(|line| line != "ok").collect())
        })
        .await
    }
}
