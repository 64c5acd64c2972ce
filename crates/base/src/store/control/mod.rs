//! The control database: which organizations there are, where each one's data lies and its
//! wrapped keys. No customer data.

mod keys;
#[cfg(test)]
mod tests;
mod tombstones;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Error, Key, Migration, sqlite};
use crate::kit::{Entropy, OrganizationId};
pub(super) use keys::OrganizationKeys;

const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "organizations",
        common: "create table organization (
            id text primary key,
            slug text not null unique,
            placement text not null,
            organization_key bytea not null,
            database_key bytea not null,
            complete smallint not null,
            created_at bigint not null
        )",
        sqlite: "",
        rows: None,
    },
    Migration {
        version: 2,
        name: "keyring",
        common: "create table wrapped_key (
            organization_id text not null,
            kind text not null,
            version integer not null,
            wrapped bytea not null,
            primary key (organization_id, kind, version)
        );
        insert into wrapped_key (organization_id, kind, version, wrapped)
            select id, 'organization', 1, organization_key from organization;
        insert into wrapped_key (organization_id, kind, version, wrapped)
            select id, 'database', 1, database_key from organization;
        alter table organization drop column organization_key;
        alter table organization drop column database_key;
        create table tombstone (
            organization_id text not null,
            sequence bigint not null,
            subject text not null,
            key_id text not null,
            at bigint not null,
            primary key (organization_id, sequence)
        )",
        sqlite: "",
        rows: None,
    },
];

/// An organization as the control database knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its id.
    pub id: OrganizationId,
    /// Its name in addresses.
    pub slug: String,
    /// File name inside the data folder.
    pub placement: String,
}

/// The open control database. Its few statements run under one lock.
pub(super) struct Control {
    connection: Mutex<Connection>,
    root: Key,
}

impl Control {
    pub fn open(path: &Path, root: Key) -> Result<Self, Error> {
        let key = root.derive("kept control database 1");
        let connection = sqlite::open(path, &key, sqlite::Use::Write)?;
        super::migrate::migrate(&connection, MIGRATIONS, super::migrate::no_rows)?;
        Ok(Self {
            connection: Mutex::new(connection),
            root,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Records a new organization with fresh keys. It cannot be found before [`Control::complete`];
    /// what an interrupted attempt at the same slug left is taken over, its file given back for
    /// removal.
    pub fn add(
        &self,
        slug: &str,
        now: Timestamp,
        entropy: &Entropy,
    ) -> Result<(Placed, Option<String>), Error> {
        let id = OrganizationId::new(now, entropy);
        let placed = Placed {
            id,
            slug: slug.to_owned(),
            placement: format!("{id}.db"),
        };
        let mut connection = self.lock();
        let change = connection.transaction()?;
        let left: Option<String> = change
            .query_row(
                "delete from organization where slug = ?1 and complete = 0 returning placement",
                [slug],
                |row| row.get(0),
            )
            .optional()?;
        change.execute(
            "delete from wrapped_key
             where organization_id not in (select id from organization)",
            [],
        )?;
        change.execute(
            "insert into organization (id, slug, placement, complete, created_at)
             values (?1, ?2, ?3, 0, ?4)",
            params![
                id.to_string(),
                placed.slug,
                placed.placement,
                now.as_microsecond(),
            ],
        )?;
        keys::make(&change, &self.root, id, entropy)?;
        change.commit()?;
        Ok((placed, left))
    }

    /// Makes an organization findable, once its first transaction stands.
    pub fn complete(&self, id: OrganizationId) -> Result<(), Error> {
        let made = self.lock().execute(
            "update organization set complete = 1 where id = ?1",
            [id.to_string()],
        )?;
        // Somebody else took the slug over in the meantime.
        let taken = || Error::Constraint("organization.slug".to_owned());
        if made == 1 { Ok(()) } else { Err(taken()) }
    }

    /// Takes back an organization whose first transaction failed.
    pub fn remove(&self, id: OrganizationId) -> Result<(), Error> {
        let mut connection = self.lock();
        let change = connection.transaction()?;
        let id = id.to_string();
        change.execute("delete from organization where id = ?1", [&id])?;
        change.execute("delete from wrapped_key where organization_id = ?1", [&id])?;
        change.commit()?;
        Ok(())
    }

    pub fn by_slug(&self, slug: &str) -> Result<Option<OrganizationId>, Error> {
        let id: Option<String> = self
            .lock()
            .query_row(
                "select id from organization where slug = ?1 and complete = 1",
                [slug],
                |row| row.get(0),
            )
            .optional()?;
        id.map(|id| id.parse().map_err(|_| Error::Decode("id")))
            .transpose()
    }

    pub fn all(&self) -> Result<Vec<Placed>, Error> {
        let connection = self.lock();
        let mut statement = connection.prepare(
            "select id, slug, placement from organization where complete = 1 order by slug",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?))
        })?;
        rows.map(|row| {
            let (id, slug, placement) = row?;
            Ok(Placed {
                id: id.parse().map_err(|_| Error::Decode("id"))?,
                slug,
                placement,
            })
        })
        .collect()
    }

    /// The name of the organization's file.
    pub fn placement(&self, id: OrganizationId) -> Result<String, Error> {
        let found: Option<String> = self
            .lock()
            .query_row(
                "select placement from organization where id = ?1",
                [id.to_string()],
                |row| row.get(0),
            )
            .optional()?;
        found.ok_or(Error::NoOrganization)
    }
}
