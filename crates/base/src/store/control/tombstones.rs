//! Erasures that were begun: written here before anything is destroyed.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::Control;
use crate::kit::OrganizationId;
use crate::store::Error;
use crate::store::keyring::{KeyId, Tombstone};

fn read(row: &Row<'_>) -> Result<(i64, String, String, i64), rusqlite::Error> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

impl Control {
    /// Numbers and keeps a tombstone for each key of `subject`, durably; at least one is needed.
    pub fn add_tombstones(
        &self,
        id: OrganizationId,
        subject: &str,
        keys: &[KeyId],
        now: Timestamp,
    ) -> Result<Vec<Tombstone>, Error> {
        let mut connection = self.lock();
        let change =
            connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let mut tombstones = Vec::with_capacity(keys.len());
        for key in keys {
            let sequence: i64 = change.query_row(
                "insert into tombstone (organization_id, sequence, subject, key_id, at)
                 select ?1, coalesce(max(sequence), 0) + 1, ?2, ?3, ?4
                 from tombstone where organization_id = ?1
                 returning sequence",
                params![
                    id.to_string(),
                    subject,
                    key.to_string(),
                    now.as_microsecond()
                ],
                |row| row.get(0),
            )?;
            tombstones.push(Tombstone {
                sequence,
                subject: subject.to_owned(),
                key: *key,
                at: now,
            });
        }
        change.commit()?;
        Ok(tombstones)
    }

    /// Keeps tombstones that the key store knew of.
    pub fn keep_tombstones(
        &self,
        id: OrganizationId,
        tombstones: &[Tombstone],
    ) -> Result<(), Error> {
        let mut connection = self.lock();
        let change = connection.transaction()?;
        for one in tombstones {
            change.execute(
                "insert into tombstone (organization_id, sequence, subject, key_id, at)
                 values (?1, ?2, ?3, ?4, ?5)
                 on conflict (organization_id, sequence) do nothing",
                params![
                    id.to_string(),
                    one.sequence,
                    one.subject,
                    one.key.to_string(),
                    one.at.as_microsecond()
                ],
            )?;
        }
        Ok(change.commit()?)
    }

    /// The sequence of the last tombstone; 0 when there is none.
    pub fn last_tombstone(&self, id: OrganizationId) -> Result<i64, Error> {
        let connection = self.lock();
        let mut last = connection.prepare_cached(
            "select coalesce(max(sequence), 0) from tombstone where organization_id = ?1",
        )?;
        Ok(last.query_row([id.to_string()], |row| row.get(0))?)
    }

    /// Tombstones with a sequence above `sequence`, in order.
    pub fn tombstones_after(
        &self,
        id: OrganizationId,
        sequence: i64,
    ) -> Result<Vec<Tombstone>, Error> {
        let connection = self.lock();
        let mut statement = connection.prepare(
            "select sequence, subject, key_id, at from tombstone
             where organization_id = ?1 and sequence > ?2 order by sequence",
        )?;
        let rows = statement.query_map(params![id.to_string(), sequence], read)?;
        rows.map(|row| {
            let (sequence, subject, key, at) = row?;
            Ok(Tombstone {
                sequence,
                subject,
                key: key.parse()?,
                at: Timestamp::from_microsecond(at).map_err(|_| Error::Decode("instant"))?,
            })
        })
        .collect()
    }
}
