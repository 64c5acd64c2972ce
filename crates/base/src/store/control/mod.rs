//! The control database: which organizations there are, where each one's data lies, its wrapped
//! keys, and what was done for the whole installation. No customer data. A file in the data folder, or a schema on the server.

mod conduct;
mod doors;
mod file_key;
pub(super) mod jobs;
mod keys;
mod lent;
mod log;
mod moving;
mod operator_factor;
mod operator_links;
mod operator_pending;
mod operator_sessions;
pub(super) mod operators;
mod pace;
mod restored;
mod root;
mod rotation;
mod schema;
mod servers;
pub(super) mod standing;
#[cfg(test)]
mod tests;
mod tombstones;
mod vetting;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::postgres::{self, Server, Tier};
use super::root::RootKey;
use super::session::{Row, Session};
use super::{Error, Key, OperatorActKind, Placement};
use crate::kit::{Entropy, OrganizationId};
use crate::params;
pub(super) use keys::{OrganizationKeys, WrappedKey, Wrapping};
pub use log::MAX_ERASURE_LOG_BYTES;
pub(super) use moving::ToOpen;
use operators::By;
use root::Root;
use schema::MIGRATIONS;
pub use servers::MAX_SERVER_NAME_CHARS;

/// An organization as the control database knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its id.
    pub id: OrganizationId,
    /// Its name in addresses.
    pub slug: String,
    /// Where its data is.
    pub placement: Placement,
}

/// The open control database. Its few statements run one transaction at a time in each process.
pub(super) struct Control {
    place: Place,
    root: Root,
    /// The folder in which erasures are logged.
    log: Option<PathBuf>,
}

enum Place {
    File {
        session: Mutex<Session>,
        path: PathBuf,
        key: Key,
    },
    Server(Arc<Server>),
}

impl Control {
    /// The one in a file; `log` is the folder in which erasures are logged.
    pub fn in_file(
        path: &Path,
        root: RootKey,
        log: Option<&Path>,
        entropy: &Entropy,
    ) -> Result<Self, Error> {
        let candidates = root.candidates()?;
        let (connection, key, current) = file_key::open(path, &candidates, entropy)?;
        let session = Session::Sqlite(Box::new(connection));
        super::migrate::migrate(&session, MIGRATIONS, super::migrate::no_rows)?;
        let place = Place::File {
            session: Mutex::new(session),
            path: path.to_owned(),
            key,
        };
        Self::knowing(place, (root, current), candidates, log, entropy)
    }

    /// The one on a server; `log` is the folder in which erasures are logged. Blocks.
    pub fn on_server(
        server: &Arc<Server>,
        root: RootKey,
        log: Option<&Path>,
        entropy: &Entropy,
    ) -> Result<Self, Error> {
        let candidates = root.candidates()?;
        let permit = server.permit_blocking(Tier::Control)?;
        let lent = server.lend(&permit, postgres::CONTROL_SCHEMA)?;
        let session = lent.session();
        postgres::prepare_schema(session, postgres::CONTROL_SCHEMA, || {
            super::migrate::migrate(session, MIGRATIONS, super::migrate::no_rows)
        })?;
        drop(lent);
        drop(permit);
        let place = Place::Server(Arc::clone(server));
        let first = candidates.first().ok_or(Error::Decode("root key"))?.clone();
        Self::knowing(place, (root, first), candidates, log, entropy)
    }

    fn knowing(
        place: Place,
        (source, current): (RootKey, Key),
        candidates: Vec<Key>,
        log: Option<&Path>,
        entropy: &Entropy,
    ) -> Result<Self, Error> {
        let root = Root::new(source, current);
        let log = log.map(Path::to_owned);
        let control = Self { place, root, log };
        control.know_root(candidates, entropy)?;
        Ok(control)
    }

    fn is_file(&self) -> bool {
        matches!(self.place, Place::File { .. })
    }

    /// Runs `work` as one transaction. Blocks.
    fn with<T>(&self, work: impl FnOnce(&Session) -> Result<T, Error>) -> Result<T, Error> {
        match &self.place {
            Place::File { session, .. } => {
                let session = session.lock().unwrap_or_else(PoisonError::into_inner);
                transact(&session, "begin immediate", work)
            }
            Place::Server(server) => {
                let schema = postgres::CONTROL_SCHEMA;
                let permit = server.permit_blocking(Tier::Control)?;
                let lent = server.lend(&permit, schema)?;
                let begin = format!("begin; set local search_path to {schema}");
                transact(lent.session(), &begin, work)
            }
        }
    }

    /// As [`Control::with`], as one moment has everything, in which nobody changes that table.
    fn with_locked<T>(
        &self,
        table: &str,
        work: impl FnOnce(&Session) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let Place::Server(server) = &self.place else {
            return self.with(work);
        };
        let schema = postgres::CONTROL_SCHEMA;
        let permit = server.permit_blocking(Tier::Control)?;
        let lent = server.lend(&permit, schema)?;
        // The moment begins when the table is locked.
        let begin = format!(
            "begin isolation level repeatable read; set local search_path to {schema};
             lock table {table} in share mode"
        );
        transact(lent.session(), &begin, work)
    }

    /// Records a new organization with fresh keys. It cannot be found before [`Control::complete`];
    /// what an interrupted attempt at the same slug left is taken over, its data given back for
    /// removal.
    pub fn add(
        &self,
        slug: &str,
        placement: Option<Placement>,
        now: Timestamp,
        entropy: &Entropy,
    ) -> Result<(Placed, Option<Placed>), Error> {
        let id = OrganizationId::new(now, entropy);
        let placed = Placed {
            id,
            slug: slug.to_owned(),
            placement: placement.unwrap_or_else(|| Placement::File(format!("{id}.db"))),
        };
        let left = self.with_root(|session, root| {
            let left = session.query_opt(
                "delete from organization where slug = $1 and complete = 0
                 returning id, slug, placement",
                params![slug],
                read_placed,
            )?;
            if let Some(left) = &left {
                session.execute(
                    "delete from wrapped_key where organization_id = $1",
                    params![left.id],
                )?;
            }
            session.execute(
                "insert into organization (id, slug, placement, complete, created_at)
                 values ($1, $2, $3, 0, $4)",
                params![id, placed.slug, placed.placement.to_string(), now],
            )?;
            keys::make(session, root, id, entropy)?;
            Ok(left)
        })?;
        Ok((placed, left))
    }

    /// Makes an organization findable, once its first transaction stands.
    pub fn complete(&self, id: OrganizationId, by: By<'_>) -> Result<(), Error> {
        self.complete_as(id, by, OperatorActKind::OrganizationCreated)
    }

    /// As [`Control::complete`], for one that was put back.
    pub fn complete_restored(&self, id: OrganizationId, by: By<'_>) -> Result<(), Error> {
        self.complete_as(id, by, OperatorActKind::OrganizationRestored)
    }

    fn complete_as(
        &self,
        id: OrganizationId,
        by: By<'_>,
        act: OperatorActKind,
    ) -> Result<(), Error> {
        self.with(|session| {
            let made = session.execute(
                "update organization set complete = 1 where id = $1",
                params![id],
            )?;
            if made == 0 {
                // Somebody else took the slug over in the meantime.
                return Err(Error::Constraint("organization.slug".to_owned()));
            }
            by.record(session, act, &id.to_string(), "")
        })
    }

    /// Takes back an organization whose first transaction failed.
    pub fn remove(&self, id: OrganizationId) -> Result<(), Error> {
        self.with(|session| {
            session.execute("delete from organization where id = $1", params![id])?;
            session.execute(
                "delete from wrapped_key where organization_id = $1",
                params![id],
            )?;
            Ok(())
        })
    }

    /// Removes an organization with its keys; whatever is left of its data cannot be read any more.
    pub fn remove_by(&self, id: OrganizationId, by: By<'_>) -> Result<(), Error> {
        self.with(|session| {
            for sql in [
                "delete from organization where id = $1",
                "delete from wrapped_key where organization_id = $1",
                "delete from operator_entry where organization_id = $1",
            ] {
                session.execute(sql, params![id])?;
            }
            let act = OperatorActKind::OrganizationRemoved;
            by.record(session, act, &id.to_string(), "")
        })
    }

    pub fn by_slug(&self, slug: &str) -> Result<Option<OrganizationId>, Error> {
        self.with(|session| {
            session.query_opt(
                "select id from organization where slug = $1 and complete = 1",
                params![slug],
                |row| row.get(0),
            )
        })
    }

    pub fn all(&self) -> Result<Vec<Placed>, Error> {
        self.with(|session| {
            session.query(
                "select id, slug, placement from organization where complete = 1 order by slug",
                &[],
                read_placed,
            )
        })
    }

    /// Where the organization's data is.
    pub fn placed(&self, id: OrganizationId) -> Result<Placed, Error> {
        let found = self.with(|session| {
            session.query_opt(
                "select id, slug, placement from organization where id = $1",
                params![id],
                read_placed,
            )
        })?;
        found.ok_or(Error::NoOrganization)
    }
}

fn read_placed(row: &Row<'_>) -> Result<Placed, Error> {
    Ok(Placed {
        id: row.get(0)?,
        slug: row.get(1)?,
        placement: row.get::<String>(2)?.into(),
    })
}

fn transact<T>(
    session: &Session,
    begin: &str,
    work: impl FnOnce(&Session) -> Result<T, Error>,
) -> Result<T, Error> {
    session.batch(begin)?;
    let done = work(session).and_then(|done| session.run("commit").map(|()| done));
    if done.is_err() {
        // What is not committed is undone either way.
        let _ = session.run("rollback");
    }
    done
}
