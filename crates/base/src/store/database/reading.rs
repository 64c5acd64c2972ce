//! Questions: each on a snapshot, beside whoever writes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::super::session::Session;
use super::super::{Error, Tx, postgres, sqlite};
use super::{Asked, Database, Engine, File, lock};
use crate::kit::Actor;

impl Database {
    pub async fn read<T, E, F>(self: &Arc<Self>, actor: Actor, question: F) -> Asked<T, E, F>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let database = Arc::clone(self);
        let asked = match &self.engine {
            Engine::File(file) => match Arc::clone(&file.reading).acquire_owned().await {
                Ok(permit) => tokio::task::spawn_blocking(move || {
                    let _permit = permit;
                    database.read_file(actor, question)
                }),
                Err(_) => return Asked::Answered(Err(Error::Closing.into())),
            },
            Engine::Schema(schema) => match schema.server().permit().await {
                Ok(permit) => tokio::task::spawn_blocking(move || {
                    database.read_schema(&permit, actor, question)
                }),
                Err(error) => return Asked::Answered(Err(error.into())),
            },
        };
        asked
            .await
            .unwrap_or_else(|_| Asked::Answered(Err(Error::Closing.into())))
    }

    fn read_file<T, E, F>(&self, actor: Actor, question: F) -> Asked<T, E, F>
    where
        E: From<Error>,
        F: FnOnce(&Tx<'_>) -> Result<T, E>,
    {
        let Engine::File(file) = &self.engine else {
            return Asked::Answered(Err(Error::Closing.into()));
        };
        let begun = self.begin_read_of(file);
        let session = match begun {
            Ok(session) => session,
            Err(Error::Moved) => return Asked::Moved(question),
            Err(error) => return Asked::Answered(Err(error.into())),
        };
        let outcome = self.ask(&session, actor, question);
        if session.run("rollback").is_ok() && !self.ring.is_damaged() {
            lock(&file.readers).push(session);
        }
        Asked::Answered(outcome)
    }

    fn begin_read_of(&self, file: &File) -> Result<Session, Error> {
        let pooled = lock(&file.readers).pop();
        let session = match pooled {
            Some(session) => session,
            None => match sqlite::open(&file.path, &file.key, sqlite::Use::Read) {
                Ok(connection) => Session::Sqlite(Box::new(connection)),
                // Another process has moved the data, and removed what it left.
                Err(_) if !file.path.exists() => {
                    self.note_move::<()>(&Err(Error::Moved));
                    return Err(Error::Moved);
                }
                Err(error) => return Err(error),
            },
        };
        session
            .run("begin")
            .inspect_err(|error| self.ring.note(error))?;
        let here = stays(&session).inspect_err(|error| self.ring.note(error));
        self.note_move(&here);
        here.map(|()| session)
    }

    fn read_schema<T, E, F>(
        &self,
        permit: &postgres::Permit,
        actor: Actor,
        question: F,
    ) -> Asked<T, E, F>
    where
        E: From<Error>,
        F: FnOnce(&Tx<'_>) -> Result<T, E>,
    {
        let Engine::Schema(schema) = &self.engine else {
            return Asked::Answered(Err(Error::Closing.into()));
        };
        let lent = match begin_read_in(schema, permit) {
            Ok(lent) => lent,
            Err(error) => {
                let begun: Result<(), Error> = Err(error);
                self.note_move(&begun);
                return match begun {
                    Err(error) if !self.has_moved() => Asked::Answered(Err(error.into())),
                    _ => Asked::Moved(question),
                };
            }
        };
        let outcome = self.ask(lent.session(), actor, question);
        if lent.session().fault().is_none() && lent.session().run("rollback").is_err() {
            lent.discard();
        }
        Asked::Answered(outcome)
    }

    fn ask<T, E, F>(&self, session: &Session, actor: Actor, question: F) -> Result<T, E>
    where
        E: From<Error>,
        F: FnOnce(&Tx<'_>) -> Result<T, E>,
    {
        let shared = &self.shared;
        let now = shared.clock.now();
        let tx =
            Tx::new(session, self.organization, actor, now, &shared.entropy).with_keys(&self.ring);
        catch_unwind(AssertUnwindSafe(|| question(&tx)))
            .unwrap_or_else(|_| Err(Error::Panicked.into()))
    }
}

/// Refuses a transaction in a file whose data lives elsewhere now.
pub(super) fn stays(session: &Session) -> Result<(), Error> {
    match session {
        Session::Sqlite(connection) if sqlite::is_left(connection)? => Err(Error::Moved),
        _ => Ok(()),
    }
}

/// Begins to read, on a connection that works.
fn begin_read_in<'s>(
    schema: &'s postgres::Schema,
    permit: &'s postgres::Permit,
) -> Result<postgres::Lent<'s>, Error> {
    let server = schema.server();
    let lent = server.lend(permit, schema.name())?;
    let Err(error) = schema.begin_read(lent.session()) else {
        return Ok(lent);
    };
    let is_lost = lent.session().fault().is_some();
    lent.discard();
    if !is_lost {
        return Err(error);
    }
    // It broke while it rested, and so did the others. Nothing was asked yet.
    server.forget_idle();
    let lent = server.lend(permit, schema.name())?;
    match schema.begin_read(lent.session()) {
        Ok(()) => Ok(lent),
        Err(error) => {
            lent.discard();
            Err(error)
        }
    }
}
