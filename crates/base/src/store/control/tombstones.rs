//! Erasures that were begun: written here before anything is destroyed.

use jiff::Timestamp;

use super::Control;
use crate::kit::OrganizationId;
use crate::params;
use crate::store::keyring::{KeyId, Tombstone};
use crate::store::{Error, Row};

pub(in crate::store) fn read(row: &Row<'_>) -> Result<Tombstone, Error> {
    Ok(Tombstone {
        sequence: row.get(0)?,
        subject: row.get(1)?,
        key: row.get(2)?,
        at: row.get(3)?,
    })
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
        self.with(|session| {
            // Whoever else numbers tombstones of this organization waits.
            session.execute(
                "update organization set slug = slug where id = $1",
                params![id],
            )?;
            let mut tombstones = Vec::with_capacity(keys.len());
            for key in keys {
                let added = session.query_opt(
                    "insert into tombstone (organization_id, sequence, subject, key_id, at)
                     select $1, coalesce(max(sequence), 0) + 1, $2, $3, cast($4 as bigint)
                     from tombstone where organization_id = $1
                     returning sequence, subject, key_id, at",
                    params![id, subject, key, now],
                    read,
                )?;
                tombstones.extend(added);
            }
            Ok(tombstones)
        })
    }

    /// Keeps tombstones that the key store knew of.
    pub fn keep_tombstones(
        &self,
        id: OrganizationId,
        tombstones: &[Tombstone],
    ) -> Result<(), Error> {
        self.with(|session| {
            for one in tombstones {
                session.execute(
                    "insert into tombstone (organization_id, sequence, subject, key_id, at)
                     values ($1, $2, $3, $4, $5)
                     on conflict (organization_id, sequence) do nothing",
                    params![id, one.sequence, one.subject, one.key, one.at],
                )?;
            }
            Ok(())
        })
    }

    /// The sequence of the last tombstone; 0 when there is none.
    pub fn last_tombstone(&self, id: OrganizationId) -> Result<i64, Error> {
        let last = self.with(|session| {
            session.query_opt(
                "select coalesce(max(sequence), 0) from tombstone where organization_id = $1",
                params![id],
                |row| row.get(0),
            )
        })?;
        Ok(last.unwrap_or(0))
    }

    /// When an organization's last erasure was.
    pub fn last_erasure(&self, id: OrganizationId) -> Result<Option<Timestamp>, Error> {
        let last = self.with(|session| {
            session.query_opt(
                "select max(at) from tombstone where organization_id = $1",
                params![id],
                |row| row.get(0),
            )
        })?;
        Ok(last.flatten())
    }

    /// Tombstones with a sequence above `sequence`, in order.
    pub fn tombstones_after(
        &self,
        id: OrganizationId,
        sequence: i64,
    ) -> Result<Vec<Tombstone>, Error> {
        self.with(|session| {
            session.query(
                "select sequence, subject, key_id, at from tombstone
                 where organization_id = $1 and sequence > $2 order by sequence",
                params![id, sequence],
                read,
            )
        })
    }
}
