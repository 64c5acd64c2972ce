//! Copies of a key store: for backups and moves. Rows are taken over as they are kept, wrapped or
//! destroyed; only ever appended or overwritten in place, as the key store wants it.

use super::key_store::{DESTROYED, Home, KeyStore, MIGRATIONS, empty_log};
use crate::kit::Entropy;
use crate::store::copy::{self, Copied, Shape, Table};
use crate::store::postgres::Tier;
use crate::store::session::Session;
use crate::store::{Error, Value};

impl KeyStore {
    /// The tables that a copy of it holds.
    pub fn tables() -> Result<Vec<Table>, Error> {
        let shape = Shape::of(MIGRATIONS, "")?;
        let tables = shape.tables.into_iter();
        // Under which key keys are wrapped from now on is no part of what they are.
        Ok(tables
            .filter(|table| !["schema_version", "wrapping"].contains(&table.name.as_str()))
            .collect())
    }

    /// Runs `work` on a snapshot of it, beside whoever else uses it.
    pub fn snapshot<T>(&self, work: impl FnOnce(&Session) -> Result<T, Error>) -> Result<T, Error> {
        match &self.home {
            Home::File(session) => {
                session.batch("begin")?;
                let done = work(session);
                session.batch("rollback").and(done)
            }
            Home::Schema(server, name) => {
                let permit = server.permit_blocking(Tier::Keys)?;
                let lent = server.lend(&permit, name)?;
                let session = lent.session();
                session.batch(&format!(
                    "begin isolation level repeatable read read only;
                     set local search_path to \"{name}\""
                ))?;
                let done = work(session);
                session.batch("rollback").and(done)
            }
        }
    }

    /// Hands all its rows to `take`, table by table, some at a time, as one snapshot has them.
    pub fn each_page(
        &self,
        mut take: impl FnMut(&str, &[Copied]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let tables = Self::tables()?;
        self.snapshot(|session| {
            for table in &tables {
                copy::pages(session, table, |rows| take(&table.name, rows))?;
            }
            Ok(())
        })
    }

    /// Leaves no trace of what was overwritten.
    pub fn leave_no_trace(&self) -> Result<(), Error> {
        match &self.home {
            Home::File(session) => empty_log(session),
            Home::Schema(server, name) => {
                let permit = server.permit_blocking(Tier::Keys)?;
                let lent = server.lend(&permit, name)?;
                lent.session()
                    .batch(&format!("vacuum full \"{name}\".person_key"))
            }
        }
    }

    /// Whether every key and tombstone of `other` is here as it is there.
    pub fn has_all_of(&self, other: &Self, entropy: &Entropy) -> Result<bool, Error> {
        let mut has_all = true;
        other.each_page(|table, rows| {
            let sql = match table {
                "person_key" => "select 1 from person_key where id = $1 and wrapped = $2",
                _ => {
                    "select 1 from tombstone
                     where sequence = $1 and subject = $2 and key_id = $3 and at = $4"
                }
            };
            self.transaction(entropy, |tx| {
                for row in rows {
                    has_all &= tx.query_opt(sql, row, |_| Ok(()))?.is_some();
                }
                Ok(())
            })
        })?;
        Ok(has_all)
    }

    /// Takes rows of a copy: keys as they are kept, or destroyed, and tombstones. Gives how many
    /// keys that can be used were among them.
    pub fn take(&self, table: &str, rows: &[Copied], entropy: &Entropy) -> Result<u64, Error> {
        let sql = match table {
            "person_key" => {
                "insert into person_key (id, wrapped) values ($1, $2)
                 on conflict (id) do update set wrapped = excluded.wrapped
                 where person_key.wrapped <> excluded.wrapped"
            }
            "tombstone" => {
                "insert into tombstone (sequence, subject, key_id, at) values ($1, $2, $3, $4)
                 on conflict (sequence) do nothing"
            }
            _ => return Err(Error::Archive("it has a table that no key store has")),
        };
        let destroyed = Value::Blob(DESTROYED.as_slice().into());
        self.transaction(entropy, |tx| {
            for row in rows {
                tx.execute(sql, row)?;
            }
            let used = rows.iter().filter(|row| row.get(1) != Some(&destroyed));
            Ok(if table == "person_key" {
                used.count() as u64
            } else {
                0
            })
        })
    }
}
