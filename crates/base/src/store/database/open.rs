//! Opening a database: its schema and its rows are brought up to date before it answers anything.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::Semaphore;

use super::super::keyring::{self, Keyring};
use super::super::postgres::{self, Tier};
use super::super::session::Session;
use super::super::{Error, Key, Tx, migrate, sqlite};
use super::{Database, Engine, File, MAX_READERS, Shared};
use crate::kit::{Actor, OrganizationId};

impl Database {
    /// Opens a file, making it unless it `exists` already, and brings it up to date: its schema, and
    /// the erasures it has not seen. Blocks.
    pub fn open_file(
        organization: OrganizationId,
        (path, exists): (PathBuf, bool),
        key: Key,
        ring: Keyring,
        shared: Shared,
    ) -> Result<Self, Error> {
        if exists && !path.exists() {
            let name = sqlite::name_of(&path);
            return Err(Error::File(format!("{name} is missing: put it back")));
        }
        let current = if exists {
            current_file(organization, (&path, &key), &ring, &shared)?
        } else {
            None
        };
        let (writer, readers) = match current {
            // Most organizations are asked more than they are told: the writer can wait.
            Some(reader) => (None, vec![reader]),
            None => {
                let opened = (path.as_path(), exists);
                let writer = prepare_file(organization, opened, &key, &ring, &shared)?;
                (Some(writer), Vec::new())
            }
        };
        let revision = AtomicU64::new(shared.revisions.fetch_add(1, Ordering::SeqCst));
        let file = File {
            path,
            key,
            writer: Mutex::new(writer),
            readers: Mutex::new(readers),
            reading: Arc::new(Semaphore::new(MAX_READERS)),
            revision,
        };
        Ok(Self::new(
            organization,
            Engine::File(Box::new(file)),
            ring,
            shared,
        ))
    }

    /// As [`Database::open_file`], with a schema on a server. Blocks.
    pub fn open_schema(
        organization: OrganizationId,
        (server, exists): (Arc<postgres::Server>, bool),
        ring: Keyring,
        shared: Shared,
    ) -> Result<Self, Error> {
        let schema = postgres::Schema::new(Arc::clone(&server), organization);
        let permit = server.permit_blocking(Tier::Data)?;
        let lent = server.lend(&permit, schema.name())?;
        let session = lent.session();
        let now = shared.clock.now();
        let tx =
            || Tx::new(session, organization, Actor::SYSTEM, now, &shared.entropy).with_keys(&ring);
        if exists && !postgres::has_schema(session, schema.name())? {
            let name = schema.name();
            return Err(Error::File(format!(
                "schema {name} is missing: put it back"
            )));
        }
        let current = exists && {
            let current =
                schema.begin_read(session).is_ok() && is_current(session, &tx(), &ring, &shared);
            session.run("rollback")?;
            current
        };
        let unseen = if current {
            Vec::new()
        } else {
            let migrations = shared.options.organization_migrations;
            schema.prepare(session, || {
                migrate::migrate(session, migrations, |rows| rows(&tx()))?;
                session.batch(keyring::TABLES)?;
                ring.meet_key_store(&tx())
            })?;
            schema.begin_read(session)?;
            let unseen = keyring::unseen(&ring, &tx());
            session.run("rollback")?;
            unseen?
        };
        if let (Session::Postgres(server), false) = (session, unseen.is_empty()) {
            schema.begin_write(server)?;
            let applied = keyring::apply(&tx(), shared.options.erase, &unseen);
            let revise = postgres::Asked {
                revise: true,
                ..postgres::Asked::default()
            };
            match applied {
                Ok(()) => schema.commit(server, revise)?,
                Err(error) => {
                    session.run("rollback")?;
                    return Err(error);
                }
            }
        }
        drop(lent);
        Ok(Self::new(
            organization,
            Engine::Schema(schema),
            ring,
            shared,
        ))
    }
}

/// A connection that reads a file to which nothing is to be done before it answers; none when there
/// is something to be done, or to be said by who tries to do it.
fn current_file(
    organization: OrganizationId,
    (path, key): (&Path, &Key),
    ring: &Keyring,
    shared: &Shared,
) -> Result<Option<Session>, Error> {
    let reader = Session::Sqlite(Box::new(sqlite::open(path, key, sqlite::Use::Read)?));
    let now = shared.clock.now();
    let tx = Tx::new(&reader, organization, Actor::SYSTEM, now, &shared.entropy).with_keys(ring);
    reader.run("begin")?;
    let current = super::reading::stays(&reader).is_ok() && is_current(&reader, &tx, ring, shared);
    reader.run("rollback")?;
    Ok(current.then_some(reader))
}

/// Whether data has every table of this program and has seen every erasure.
fn is_current(session: &Session, tx: &Tx<'_>, ring: &Keyring, shared: &Shared) -> bool {
    let newest = shared.options.organization_migrations.last();
    migrate::version(session).ok() == newest.map(|step| step.version)
        && ring.has_met_key_store(tx).unwrap_or(false)
        && keyring::unseen(ring, tx).is_ok_and(|unseen| unseen.is_empty())
}

/// Brings a file up to date and gives the connection that writes to it.
fn prepare_file(
    organization: OrganizationId,
    (path, exists): (&Path, bool),
    key: &Key,
    ring: &Keyring,
    shared: &Shared,
) -> Result<Session, Error> {
    let purpose = if exists {
        sqlite::Use::Write
    } else {
        sqlite::Use::Make
    };
    let writer = Session::Sqlite(Box::new(sqlite::open(path, key, purpose)?));
    super::reading::stays(&writer)?;
    let now = shared.clock.now();
    let tx = || Tx::new(&writer, organization, Actor::SYSTEM, now, &shared.entropy).with_keys(ring);
    let migrations = shared.options.organization_migrations;
    migrate::migrate(&writer, migrations, |rows| rows(&tx()))?;
    writer.batch(&format!("begin; {}; commit", keyring::TABLES))?;
    ring.meet_key_store(&tx())?;
    let unseen = keyring::unseen(ring, &tx())?;
    if !unseen.is_empty() {
        writer.batch("begin immediate")?;
        let applied = keyring::apply(&tx(), shared.options.erase, &unseen);
        // When this fails, the engine has already undone the transaction.
        let ended = writer.batch(if applied.is_ok() {
            "commit"
        } else {
            "rollback"
        });
        applied.and(ended)?;
    }
    Ok(writer)
}
