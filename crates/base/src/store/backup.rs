//! Copies of an organization for safe keeping, and putting them back.
//!
//! A backup has two parts that are kept apart. The **data** holds every row as it stands: what is
//! recorded of people is sealed in it. The **keys** hold the organization's wrapped keys and its key
//! store. Whoever has both and the root key reads everything, except people whose keys were destroyed
//! before the keys were copied: so the age of the oldest copy of keys is how long an erasure takes
//! until it holds everywhere.

use std::io::{Read, Write};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::control::WrappedKey;
use super::control::operators::By;
use super::copy::{self, Contents, Reader, Shape, Writer};
use super::jobs::Told;
use super::keyring::KeyStore;
use super::target::Target;
use super::{Error, Placed, Store, Tx, migrate};
use crate::kit::{Actor, OrganizationId};

/// How often a copy of keys is begun while they are being changed.
const KEY_COPY_TRIES: u32 = 5;

/// What an archive of data is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataArchive {
    /// Whose data.
    pub organization: OrganizationId,
    /// Its name in addresses.
    pub slug: String,
    /// The instant whose state it is.
    pub taken_at: Timestamp,
    /// The last schema step it has taken.
    pub steps: u32,
}

/// What an archive of keys is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyArchive {
    /// Whose keys.
    pub organization: OrganizationId,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// The organization's own keys, wrapped.
    pub(super) keys: Vec<WrappedKey>,
}

/// An organization that was put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Where it is now.
    pub placed: Placed,
    /// What the archive of its data said of itself.
    pub data: DataArchive,
    /// What its data holds, compared with the archive row by row.
    pub contents: Contents,
    /// How many keys of people were put back.
    pub keys: u64,
}

impl Store {
    /// Writes the data of an organization to `out`, as one snapshot has it; gives `out` back with
    /// what was written. `told` hears the rows so far. Blocks.
    ///
    /// # Errors
    /// [`Error::Copying`] when `out` fails; those of the databases.
    pub fn archive_data<W: Write + Send + 'static>(
        &self,
        id: OrganizationId,
        out: W,
        told: Told,
    ) -> Result<(W, DataArchive, Contents), Error> {
        let steps = self.shared.options.organization_migrations;
        let shape = Shape::of_organization(steps)?;
        let slug = self.control.placed(id)?.slug;
        let question = move |tx: &Tx<'_>| {
            let about = DataArchive {
                organization: id,
                slug,
                taken_at: tx.now(),
                steps: migrate::version(tx.session())?,
            };
            let mut writer = Writer::new(out, &about)?;
            for table in &shape.tables {
                writer.table(tx.session(), table, |rows| {
                    told(rows, 0);
                    Ok(())
                })?;
            }
            let (out, contents) = writer.end()?;
            Ok((out, about, contents))
        };
        wait_for(self.read_regardless(id, Actor::SYSTEM, question))
    }

    /// Writes the wrapped keys of an organization and of its people to `out`, which it gives back.
    /// Blocks.
    ///
    /// # Errors
    /// As [`Store::archive_data`].
    pub fn archive_keys<W: Write>(
        &self,
        id: OrganizationId,
        out: W,
    ) -> Result<(W, KeyArchive, Contents), Error> {
        let store = self.key_store(&self.control.placed(id)?)?;
        let mut out = Some(out);
        for _ in 0..KEY_COPY_TRIES {
            let keys = self.control.wrapped_keys(id)?;
            let copied = store.snapshot(|session| {
                // In a file the snapshot is that of the first look.
                session.query_opt("select 1 from person_key limit 1", &[], |_| Ok(()))?;
                if self.control.wrapped_keys(id)? != keys {
                    // They were being changed: these may not unwrap what is in it.
                    return Ok(None);
                }
                let out = out.take().ok_or(Error::Busy)?;
                let about = KeyArchive {
                    organization: id,
                    taken_at: self.clock().now(),
                    keys,
                };
                let mut writer = Writer::new(out, &about)?;
                for table in KeyStore::tables()? {
                    writer.table(session, &table, |_| Ok(()))?;
                }
                let (out, contents) = writer.end()?;
                Ok(Some((out, about, contents)))
            })?;
            if let Some(copied) = copied {
                return Ok(copied);
            }
        }
        Err(Error::Busy)
    }

    /// Puts an organization back that is not here, or is held, under its id and slug. It cannot be opened
    /// before [`Store::release`]: erasures that came after the copy are to be done again first.
    /// When it fails, nothing of it stays. Blocks.
    ///
    /// # Errors
    /// [`Error::Archive`] when the archives are damaged or not of the same organization, or it is
    /// here already; [`Error::Key`] when the root key is another; [`Error::Constraint`]
    /// `organization.slug` when the slug is taken.
    pub fn restore<D: Read, K: Read>(
        &self,
        data: D,
        keys: K,
        told: &Told,
    ) -> Result<Restored, Error> {
        let (data, about): (_, DataArchive) = Reader::new(data)?;
        let (keys, of_keys): (_, KeyArchive) = Reader::new(keys)?;
        if about.organization != of_keys.organization {
            return Err(Error::Archive(
                "data and keys are of different organizations",
            ));
        }
        if let Some(left) = self.control.half_restored(about.organization)? {
            self.control.remove(left.id)?;
            wait_for(self.remove_data(left));
        }
        let placed = self.control.add_restored(
            &about,
            &of_keys.keys,
            self.servers.default_placement(),
            &self.shared.entropy,
        )?;
        let put = (self.put_data(&placed, data, &about, told))
            .and_then(|contents| Ok((contents, self.put_keys(&placed, keys, &of_keys)?)))
            .and_then(|put| self.complete_restored(placed.id).map(|()| put));
        match put {
            Ok((contents, keys)) => Ok(Restored {
                placed,
                data: about,
                contents,
                keys,
            }),
            Err(error) => {
                self.control.remove(placed.id)?;
                wait_for(self.remove_data(placed));
                Err(error)
            }
        }
    }

    fn complete_restored(&self, id: OrganizationId) -> Result<(), Error> {
        let by = By {
            author: &Actor::OPERATOR,
            now: self.clock().now(),
            entropy: &self.shared.entropy,
        };
        self.control.complete_restored(id, by)
    }

    fn put_data<R: Read>(
        &self,
        placed: &Placed,
        data: Reader<R>,
        about: &DataArchive,
        told: &Told,
    ) -> Result<Contents, Error> {
        let steps = self.shared.options.organization_migrations;
        let steps = (steps.iter().position(|step| step.version == about.steps))
            .map(|at| &steps[..=at])
            .ok_or_else(|| Error::Migration("the copy is from a newer program".to_owned()))?;
        let shape = Shape::of_organization(steps)?;
        let key = self.control.keys(placed.id, &self.shared.entropy)?.database;
        let target = Target::new(&self.folder, &self.servers, placed, key)?;
        target.prepare(steps)?;
        let contents = target.write(|session| {
            for table in shape.tables.iter().rev() {
                session.batch(&format!("delete from \"{}\"", table.name))?;
            }
            copy::load(data, session, &shape, |rows| {
                told(rows, 0);
                Ok(())
            })
        })?;
        target.read(|session| {
            for (table, said) in shape.tables.iter().zip(&contents.tables) {
                if table.name != said.name || !said.is(copy::digest(session, table)?) {
                    return Err(Error::Archive("what was put back is not what was copied"));
                }
            }
            Ok(())
        })?;
        target.arrive()?;
        if contents.tables.len() != shape.tables.len() {
            return Err(Error::Archive("a table is missing"));
        }
        Ok(contents)
    }

    fn put_keys<R: Read>(
        &self,
        placed: &Placed,
        keys: Reader<R>,
        about: &KeyArchive,
    ) -> Result<u64, Error> {
        let store = self.open_key_store(placed)?;
        let versions: Vec<u32> = about.keys.iter().filter_map(WrappedKey::wraps_as).collect();
        let mut taken = 0;
        keys.walk(|table, rows| {
            if !KeyStore::are_wrapped_by(&versions, &table.name, &rows) {
                return Err(Error::Archive("a key in it is wrapped by none that it has"));
            }
            taken += store.take(&table.name, &rows, &self.shared.entropy)?;
            Ok(())
        })?;
        Ok(taken)
    }

    /// An organization's key store by itself: whoever needs it here has no use for the keys in it.
    ///
    /// # Errors
    /// [`Error::Key`] when it is missing: it is never made afresh, or the old one could never be put back.
    pub(super) fn key_store(&self, placed: &Placed) -> Result<KeyStore, Error> {
        self.key_place(&placed.placement)?
            .refuse_missing(placed.id)?;
        self.open_key_store(placed)
    }

    fn open_key_store(&self, placed: &Placed) -> Result<KeyStore, Error> {
        let entropy = &self.shared.entropy;
        let (placed, keys) = self.control.placed_with_keys(placed.id, entropy)?;
        let place = self.key_place(&placed.placement)?;
        KeyStore::open(&place, &keys.key_store, placed.id, &self.shared.entropy)
    }
}

/// Waits for something on a thread for work that blocks.
pub(super) fn wait_for<T>(asked: impl Future<Output = T>) -> T {
    tokio::runtime::Handle::current().block_on(asked)
}
