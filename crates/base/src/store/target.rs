//! A database as it is filled from elsewhere: by its owner, before anybody else uses it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::place::Servers;
use super::postgres::{self, Tier};
use super::session::Session;
use super::{Error, Key, Migration, Placed, Placement, copy, keyring, migrate, sqlite};

/// Where an organization's data is to be.
pub(super) enum Target {
    File(Box<Session>),
    Schema(postgres::Schema),
}

impl Target {
    /// Opens the file, making it if need be, or knows the server. Blocks.
    pub fn new(folder: &Path, servers: &Servers, placed: &Placed, key: Key) -> Result<Self, Error> {
        Ok(match &placed.placement {
            Placement::File(name) => {
                let path: PathBuf = folder.join(name);
                let connection = sqlite::open(&path, &key, sqlite::Use::Make)?;
                Self::File(Box::new(Session::Sqlite(Box::new(connection))))
            }
            Placement::Server(name) => {
                Self::Schema(postgres::Schema::new(servers.get(name)?, placed.id))
            }
        })
    }

    /// Makes the tables, up to the last of `steps`.
    pub fn prepare(&self, steps: &[Migration]) -> Result<(), Error> {
        let make = |session: &Session| {
            // What a step does to rows was done where the rows come from.
            migrate::migrate(session, steps, |_| Ok(()))?;
            session.batch(keyring::TABLES)
        };
        match self {
            Self::File(session) => make(session),
            Self::Schema(schema) => {
                let server = Arc::clone(schema.server());
                let permit = server.permit_blocking(Tier::Data)?;
                let lent = server.lend(&permit, schema.name())?;
                schema.prepare(lent.session(), || make(lent.session()))?;
                // Nobody who knows it from before is to use it while it is filled.
                schema.set_moved(lent.session(), true)
            }
        }
    }

    /// Lets the place be used, now that everything is there.
    pub fn arrive(&self) -> Result<(), Error> {
        match self {
            Self::File(_) => Ok(()),
            Self::Schema(schema) => self.with(|session| schema.set_moved(session, false)),
        }
    }

    /// Runs `work` as one transaction in which references may be broken until its end.
    pub fn write<T>(&self, work: impl FnOnce(&Session) -> Result<T, Error>) -> Result<T, Error> {
        self.with(|session| {
            self.begin(session)?;
            let done = work(session).and_then(|done| self.commit(session).map(|()| done));
            if done.is_err() {
                // When this fails too, the engine has already undone the transaction.
                let _ = session.run("rollback");
            }
            done
        })
    }

    /// Begins a transaction as [`Target::write`] does.
    pub fn begin(&self, session: &Session) -> Result<(), Error> {
        match self {
            Self::File(_) => session.batch("begin immediate")?,
            Self::Schema(schema) => session.batch(&format!(
                "begin; set local search_path to \"{}\";
                 set local idle_in_transaction_session_timeout = 0",
                schema.name()
            ))?,
        }
        copy::let_references_wait(session, true)
    }

    /// Commits; references hold from here on.
    pub fn commit(&self, session: &Session) -> Result<(), Error> {
        if let Self::Schema(_) = self {
            session.batch("set constraints all immediate")?;
            copy::let_references_wait(session, false)?;
        }
        session.run("commit")
    }

    /// Runs `work` on a snapshot.
    pub fn read<T>(&self, work: impl FnOnce(&Session) -> Result<T, Error>) -> Result<T, Error> {
        self.with(|session| {
            match self {
                Self::File(_) => session.batch("begin")?,
                Self::Schema(schema) => {
                    session.batch(&format!(
                        "begin isolation level repeatable read read only;
                         set local search_path to \"{}\";
                         set local idle_in_transaction_session_timeout = 0",
                        schema.name()
                    ))?;
                }
            }
            let done = work(session);
            // What was read stands, whatever becomes of the connection.
            let _ = session.run("rollback");
            done
        })
    }

    /// Holds everybody else's writes back while `work` goes on, and leaves the place for good when it
    /// succeeds.
    pub fn hold<T>(&self, work: impl FnOnce(&Session) -> Result<T, Error>) -> Result<T, Error> {
        self.with(|session| {
            match (self, session) {
                (Self::File(_), Session::Sqlite(connection)) => {
                    session.batch("begin immediate")?;
                    if sqlite::is_left(connection)? {
                        session.run("rollback")?;
                        return Err(Error::Moved);
                    }
                }
                (Self::File(_), Session::Postgres(_)) => return Err(Error::Closing),
                (Self::Schema(schema), Session::Postgres(server)) => {
                    schema.begin_write(server)?;
                    // It rests while the other place is read.
                    session.batch("set local idle_in_transaction_session_timeout = 0")?;
                }
                (Self::Schema(_), Session::Sqlite(_)) => return Err(Error::Closing),
            }
            let done = work(session).and_then(|done| {
                match (self, session) {
                    (Self::Schema(schema), _) => schema.leave(session)?,
                    (_, Session::Sqlite(connection)) => sqlite::leave(connection)?,
                    (_, Session::Postgres(_)) => return Err(Error::Closing),
                }
                session.run("commit").map(|()| done)
            });
            if done.is_err() {
                // When this fails too, the engine has already undone the transaction.
                let _ = session.run("rollback");
            }
            done
        })
    }

    /// Runs `work` with the connection.
    pub fn with<T>(&self, work: impl FnOnce(&Session) -> Result<T, Error>) -> Result<T, Error> {
        match self {
            Self::File(session) => work(session),
            Self::Schema(schema) => {
                let server = schema.server();
                let permit = server.permit_blocking(Tier::Data)?;
                let lent = server.lend(&permit, schema.name())?;
                work(lent.session())
            }
        }
    }
}
