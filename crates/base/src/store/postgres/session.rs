//! One connection to a PostgreSQL server.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use postgres::error::SqlState;
use postgres::types::ToSql;
use postgres::{Client, SimpleQueryMessage, Statement};

use super::super::{Error, Value, dialect};
use super::Fault;

/// Prepared statements kept per connection.
const STATEMENT_CACHE: usize = 512;

/// An open connection with what it has prepared.
pub struct Session {
    client: RefCell<Client>,
    statements: RefCell<HashMap<String, Statement>>,
    fault: Cell<Option<Fault>>,
}

impl Session {
    pub fn new(client: Client) -> Self {
        Self {
            client: RefCell::new(client),
            statements: RefCell::default(),
            fault: Cell::new(None),
        }
    }

    /// Why what was begun cannot go on.
    pub fn fault(&self) -> Option<Fault> {
        self.fault.get()
    }

    /// Says that this server is of no use for what was begun.
    pub fn give_up(&self) {
        self.fault.set(Some(Fault::Lost));
    }

    /// Whether the connection is gone.
    pub fn is_closed(&self) -> bool {
        self.client.borrow_mut().is_closed()
    }

    pub fn execute(&self, sql: &str, params: &[Value<'_>]) -> Result<usize, Error> {
        let changed = self.with(sql, params, |client, statement, params| {
            client.execute(statement, params)
        })?;
        Ok(usize::try_from(changed).unwrap_or(usize::MAX))
    }

    pub fn query(&self, sql: &str, params: &[Value<'_>]) -> Result<Vec<postgres::Row>, Error> {
        self.with(sql, params, |client, statement, params| {
            client.query(statement, params)
        })
    }

    pub fn batch(&self, sql: &str) -> Result<(), Error> {
        let done = self.client.borrow_mut().batch_execute(sql);
        done.map_err(|error| self.judge(&error))
    }

    /// Runs statements in one round trip and gives the columns of their rows as text.
    pub fn simple(&self, sql: &str) -> Result<Vec<Vec<Option<String>>>, Error> {
        let answered = self.client.borrow_mut().simple_query(sql);
        let messages = answered.map_err(|error| self.judge(&error))?;
        let rows = messages.into_iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => {
                let columns = 0..row.len();
                Some(
                    columns
                        .map(|at| row.get(at).map(ToOwned::to_owned))
                        .collect(),
                )
            }
            _ => None,
        });
        Ok(rows.collect())
    }

    fn with<T>(
        &self,
        sql: &str,
        params: &[Value<'_>],
        run: impl FnOnce(&mut Client, &Statement, &[&(dyn ToSql + Sync)]) -> Result<T, postgres::Error>,
    ) -> Result<T, Error> {
        let statement = self.statement(sql)?;
        let wanted = statement.params().len();
        if params.len() < wanted {
            return Err(Error::Engine(format!("no value for ${}", params.len() + 1)));
        }
        let params: Vec<&(dyn ToSql + Sync)> = (params.iter().take(wanted))
            .map(|value| value as &(dyn ToSql + Sync))
            .collect();
        let done = run(&mut self.client.borrow_mut(), &statement, &params);
        done.map_err(|error| self.judge(&error))
    }

    fn statement(&self, sql: &str) -> Result<Statement, Error> {
        if let Some(known) = self.statements.borrow().get(sql) {
            return Ok(known.clone());
        }
        let prepared = self.client.borrow_mut().prepare(sql);
        let prepared = prepared.map_err(|error| self.judge(&error))?;
        let mut statements = self.statements.borrow_mut();
        if statements.len() >= STATEMENT_CACHE {
            statements.clear();
        }
        statements.insert(sql.to_owned(), prepared.clone());
        Ok(prepared)
    }

    /// Names what went wrong without a value in it, and remembers when the transaction is lost.
    fn judge(&self, error: &postgres::Error) -> Error {
        let (error, fault) = judge(error);
        if fault.is_some() {
            self.fault.set(fault);
        }
        error
    }
}

/// What an error of the engine is to the store: only codes and names of the schema are passed on,
/// since the engine's texts may quote values.
pub fn judge(error: &postgres::Error) -> (Error, Option<Fault>) {
    let Some(found) = error.as_db_error() else {
        let what = if error.is_closed() {
            "closed"
        } else {
            "broken"
        };
        return match error.code() {
            None if std::error::Error::source(error)
                .is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
                || error.is_closed() =>
            {
                (
                    Error::Unavailable(format!("the connection is {what}")),
                    Some(Fault::Lost),
                )
            }
            _ => (Error::Engine(error.to_string()), None),
        };
    };
    let code = found.code();
    let named = || found.constraint().unwrap_or("unnamed");
    let table = || found.table().unwrap_or("unnamed");
    match *code {
        SqlState::UNIQUE_VIOLATION => (
            Error::Constraint(dialect::unique_name(table(), named())),
            None,
        ),
        SqlState::EXCLUSION_VIOLATION | SqlState::CHECK_VIOLATION => {
            (Error::Constraint(named().to_owned()), None)
        }
        SqlState::FOREIGN_KEY_VIOLATION => (Error::Constraint("FOREIGN KEY".to_owned()), None),
        SqlState::NOT_NULL_VIOLATION => {
            let column = found.column().unwrap_or("unnamed");
            (Error::Constraint(format!("{}.{column}", table())), None)
        }
        // Raised by our own triggers, whose texts are names.
        SqlState::RAISE_EXCEPTION => (Error::Constraint(found.message().to_owned()), None),
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => {
            (Error::Busy, Some(Fault::Again))
        }
        SqlState::LOCK_NOT_AVAILABLE | SqlState::TOO_MANY_CONNECTIONS => {
            (Error::Busy, Some(Fault::Again))
        }
        SqlState::DISK_FULL => (Error::Full, None),
        SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED => (
            Error::Damaged(format!("{}: {}", code.code(), table())),
            None,
        ),
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::DATABASE_DROPPED
        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => (
            Error::Unavailable(format!("the server answered {}", code.code())),
            Some(Fault::Lost),
        ),
        SqlState::INVALID_CATALOG_NAME => (
            Error::Unavailable("it has no database of this name".to_owned()),
            None,
        ),
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => (
            Error::Unavailable("it does not let this user in with this password".to_owned()),
            None,
        ),
        // Of this class the texts name what the statement says, never what is in it.
        _ if code.code().starts_with("42") => {
            let what = format!("{}: {}", code.code(), found.message());
            (Error::Engine(what), None)
        }
        _ => (Error::Engine(format!("{}: {}", code.code(), table())), None),
    }
}
