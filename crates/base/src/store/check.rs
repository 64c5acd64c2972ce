//! Is a database whole?

use std::sync::Arc;

use super::database::Database;
use super::{Error, Store, Tx};
use crate::kit::{Actor, OrganizationId};

/// Most faults that are listed for one file.
const MAX_FAULTS: usize = 20;

impl Store {
    /// Reads every page in use of an organization's file: does it carry the seal it was written
    /// with (a page that does not cannot be read), and do tables and indexes agree? Gives what is
    /// wrong, nothing when all is well. The cipher's own check is not asked: it looks at the bare
    /// file without its log, where a move of pages that was cut short leaves some unwritten.
    ///
    /// On a server every table is read to its end; whether its pages are whole, the server checks
    /// when it reads them (with `data_checksums`, which are on by its default from version 18).
    ///
    /// # Errors
    /// Those of opening the file.
    pub async fn faults(&self, id: OrganizationId) -> Result<Vec<String>, Error> {
        self.database(id).await?.faults().await
    }
}

impl Database {
    /// As [`Store::faults`]. The key store is read as well.
    pub async fn faults(self: &Arc<Self>) -> Result<Vec<String>, Error> {
        let ring = Arc::clone(&self.ring);
        let asked = self.read(Actor::OPERATOR, move |tx| {
            let mut faults = if tx.is_in_file() {
                in_file(tx)?
            } else {
                unreadable(tx)?
            };
            let of_keys = ring.faults()?.into_iter();
            faults.extend(of_keys.map(|fault| format!("key store: {fault}")));
            Ok(faults)
        });
        asked.await.answered()
    }
}

/// What the engine says of the file at hand.
pub(super) fn in_file(tx: &Tx<'_>) -> Result<Vec<String>, Error> {
    let check = format!("pragma integrity_check({MAX_FAULTS})");
    let lines = tx.query(&check, &[], |row| row.get::<String>(0))?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

/// The tables of a schema that cannot be read, and why.
pub(super) fn unreadable(tx: &Tx<'_>) -> Result<Vec<String>, Error> {
    let tables = "select table_name from information_schema.tables
                  where table_schema = current_schema() order by table_name";
    let tables: Vec<String> = tx.query(tables, &[], |row| row.get(0))?;
    let mut faults = Vec::new();
    for table in tables {
        let all = format!("select count(*) from \"{table}\"");
        if let Err(error) = tx.query_opt(&all, &[], |_| Ok(())) {
            faults.push(format!("{table}: {error}"));
            // After a refused statement nothing more is answered.
            break;
        }
    }
    Ok(faults)
}
