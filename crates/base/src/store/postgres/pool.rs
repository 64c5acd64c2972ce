//! The connections to one server, shared by all its organizations.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::super::{Error, session};
use super::{Dsn, Session, schema};

/// Connections of one process to a server, unless it is told otherwise.
pub const CONNECTIONS_DEFAULT: usize = 16;
/// Most connections that one process may be told to open to a server.
pub const MAX_CONNECTIONS: usize = 500;
/// Connections for keys, and as many for the control database, beyond those for data.
const INNER_CONNECTIONS: usize = 4;

/// Schemas that a connection is used for, one after the other, before it is closed: the server keeps
/// in the memory of each connection what it learned of every table it met there, and never lets go.
const MAX_SCHEMAS_PER_CONNECTION: u32 = 64;

/// What a connection is for. Whoever holds one of a tier waits for one of a later tier only, so that
/// nobody waits for somebody who waits for him.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// The data of organizations.
    Data,
    /// Their key stores.
    Keys,
    /// The control database.
    Control,
}

/// A server with organizations on it.
pub struct Server {
    name: String,
    dsn: Dsn,
    /// Where roles are named after: they belong to the whole server, schemas to one database.
    database: String,
    idle: Mutex<Vec<Pooled>>,
    data: Arc<Semaphore>,
    keys: Arc<Semaphore>,
    control: Arc<Semaphore>,
}

struct Pooled {
    session: session::Session,
    /// Whose statements it has prepared last.
    schema: String,
    /// How many it was used for.
    schemas: u32,
}

/// A connection that is lent; dropping it gives it back, unless it has a fault.
pub struct Lent<'s> {
    server: &'s Server,
    session: Option<session::Session>,
    schema: String,
    schemas: u32,
}

/// The right to borrow a connection, one at a time. Who needs a thread for work that blocks waits for
/// this first: threads that waited for connections would keep those waiting who have one.
pub struct Permit {
    _held: OwnedSemaphorePermit,
}

impl From<OwnedSemaphorePermit> for Permit {
    fn from(held: OwnedSemaphorePermit) -> Self {
        Self { _held: held }
    }
}

impl Server {
    /// Connects once and brings the server's own tables up to date. Blocks.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it cannot be reached, [`Error::Migration`].
    pub fn open(name: &str, dsn: Dsn, connections: usize) -> Result<Arc<Self>, Error> {
        let session = Session::new(dsn.connect()?);
        let database = schema::prepare_server(&session)?;
        let session = session::Session::Postgres(Box::new(session));
        let idle = Pooled {
            session,
            schema: String::new(),
            schemas: 0,
        };
        Ok(Arc::new(Self {
            name: name.to_owned(),
            dsn,
            database,
            idle: Mutex::new(vec![idle]),
            data: Arc::new(Semaphore::new(connections.clamp(1, MAX_CONNECTIONS))),
            keys: Arc::new(Semaphore::new(INNER_CONNECTIONS)),
            control: Arc::new(Semaphore::new(INNER_CONNECTIONS)),
        }))
    }

    /// What operators call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn database(&self) -> &str {
        &self.database
    }

    pub(super) fn dsn(&self) -> &Dsn {
        &self.dsn
    }

    /// Waits until a connection for data may be borrowed.
    pub async fn permit(&self) -> Result<Permit, Error> {
        let permit = Arc::clone(&self.data).acquire_owned().await;
        permit.map(Permit::from).map_err(|_| Error::Closing)
    }

    /// Waits until a connection may be borrowed, on a thread for work that blocks.
    pub fn permit_blocking(&self, tier: Tier) -> Result<Permit, Error> {
        let permits = match tier {
            Tier::Data => &self.data,
            Tier::Keys => &self.keys,
            Tier::Control => &self.control,
        };
        let permits = Arc::clone(permits);
        match tokio::runtime::Handle::try_current() {
            Ok(handle) => (handle.block_on(permits.acquire_owned()))
                .map(Permit::from)
                .map_err(|_| Error::Closing),
            // Nobody else is there yet.
            Err(_) => (permits.try_acquire_owned())
                .map(Permit::from)
                .map_err(|_| Error::Busy),
        }
    }

    /// Lends a connection, rather one that has this schema's statements prepared. Blocks while it
    /// connects.
    pub fn lend<'s>(&'s self, _held: &'s Permit, schema: &str) -> Result<Lent<'s>, Error> {
        let (session, schemas) = match self.take(schema) {
            Some(pooled) => {
                let is_another = u32::from(pooled.schema != schema);
                (pooled.session, pooled.schemas + is_another)
            }
            None => {
                let session = Session::new(self.dsn.connect()?);
                (session::Session::Postgres(Box::new(session)), 1)
            }
        };
        Ok(Lent {
            server: self,
            session: Some(session),
            schema: schema.to_owned(),
            schemas,
        })
    }

    fn take(&self, schema: &str) -> Option<Pooled> {
        let mut idle = lock(&self.idle);
        while !idle.is_empty() {
            let at = idle.iter().rposition(|pooled| pooled.schema == schema);
            // The one that rested longest is the least likely to be wanted by others.
            let pooled = idle.remove(at.unwrap_or(0));
            let closed = match &pooled.session {
                session::Session::Postgres(session) => session.is_closed(),
                session::Session::Sqlite(_) => true,
            };
            if !closed {
                return Some(pooled);
            }
        }
        None
    }

    /// Lets all idle connections go: the server went away, and so did they.
    pub fn forget_idle(&self) {
        lock(&self.idle).clear();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let idle = std::mem::take(&mut *lock(&self.idle));
        if !idle.is_empty() {
            // A connection waits for its end, which is not allowed where futures are polled.
            let _ = std::thread::spawn(move || drop(idle)).join();
        }
    }
}

impl Lent<'_> {
    /// The connection.
    pub fn session(&self) -> &session::Session {
        self.session.as_ref().expect("it is taken only by dropping")
    }

    /// Does not give it back: nobody knows what state it is in.
    pub fn discard(mut self) {
        self.session = None;
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let session = self.session.take();
        if self.schemas > MAX_SCHEMAS_PER_CONNECTION {
            return;
        }
        if let Some(session) = session.filter(|session| session.fault().is_none()) {
            let (schema, schemas) = (std::mem::take(&mut self.schema), self.schemas);
            let pooled = Pooled {
                session,
                schema,
                schemas,
            };
            lock(&self.server.idle).push(pooled);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
