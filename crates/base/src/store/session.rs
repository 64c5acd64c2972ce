//! A connection to a database, whichever engine it has: statements in, rows out. Only the store
//! holds one; verbs see it as a [`Tx`](super::Tx).

use super::{Error, FromBorrowed, FromValue, Value, ValueRef, postgres, sqlite};

/// An open connection.
pub(super) enum Session {
    /// To an encrypted file.
    Sqlite(Box<rusqlite::Connection>),
    /// To a PostgreSQL server.
    Postgres(Box<postgres::Session>),
}

/// One row of a result.
pub struct Row<'r>(Columns<'r>);

enum Columns<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r ::postgres::Row),
}

impl Session {
    /// Runs a statement and tells how many rows it changed.
    pub fn execute(&self, sql: &str, params: &[Value<'_>]) -> Result<usize, Error> {
        match self {
            Self::Sqlite(connection) => sqlite::execute(connection, sql, params),
            Self::Postgres(session) => session.execute(sql, params),
        }
    }

    /// Runs a query and hands each row to `read` until it answers `false`.
    pub fn each(
        &self,
        sql: &str,
        params: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        match self {
            Self::Sqlite(connection) => sqlite::each(connection, sql, params, |row| {
                read(&Row(Columns::Sqlite(row)))
            }),
            Self::Postgres(session) => session
                .query(sql, params)?
                .iter()
                .try_fold(true, |more, row| match more {
                    true => read(&Row(Columns::Postgres(row))),
                    false => Ok(false),
                })
                .map(|_| ()),
        }
    }

    /// Runs a query and reads each row with `read`.
    pub fn query<T>(
        &self,
        sql: &str,
        params: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut found = Vec::new();
        self.each(sql, params, |row| {
            found.push(read(row)?);
            Ok(true)
        })?;
        Ok(found)
    }

    /// Runs a query and reads its first row; others are not read.
    pub fn query_opt<T>(
        &self,
        sql: &str,
        params: &[Value<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let (mut found, mut read) = (None, Some(read));
        self.each(sql, params, |row| {
            found = read.take().map(|read| read(row)).transpose()?;
            Ok(false)
        })?;
        Ok(found)
    }

    /// Runs statements that have no parameters, several at once where they are parted by `;`.
    pub fn batch(&self, sql: &str) -> Result<(), Error> {
        match self {
            Self::Sqlite(connection) => Ok(connection.execute_batch(sql)?),
            Self::Postgres(session) => session.batch(sql),
        }
    }

    /// Runs one statement without parameters that is asked for again and again: `savepoint job`.
    pub fn run(&self, sql: &str) -> Result<(), Error> {
        match self {
            Self::Sqlite(connection) => {
                connection.prepare_cached(sql)?.raw_execute()?;
                Ok(())
            }
            Self::Postgres(session) => session.batch(sql),
        }
    }

    /// Why the transaction cannot go on, whatever the verb made of it; see [`postgres::Fault`].
    pub fn fault(&self) -> Option<postgres::Fault> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(session) => session.fault(),
        }
    }

    /// Whether no transaction is under way: the engine ends one by itself when there is no room for
    /// its pages. A server keeps it and refuses what follows.
    pub fn is_outside(&self) -> bool {
        match self {
            Self::Sqlite(connection) => connection.is_autocommit(),
            Self::Postgres(_) => false,
        }
    }

    /// Runs `verb` so that, when it fails, what it changed is undone and the transaction can go
    /// on. SQLite goes on after a refused statement by itself; PostgreSQL needs a point to go
    /// back to, and both get it.
    pub fn attempt<T, E: From<Error>>(&self, verb: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.run("savepoint attempt")?;
        let outcome = verb();
        if outcome.is_err() {
            if self.is_outside() {
                return outcome;
            }
            self.run("rollback to attempt")?;
        }
        self.run("release attempt")?;
        outcome
    }
}

impl<'r> Row<'r> {
    /// The column at `index` (0 is the first).
    ///
    /// # Errors
    /// [`Error::Decode`] when the column holds something else.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T, Error> {
        T::from_value(self.value(index)?)
    }

    /// The column at `index`, borrowed from the row.
    ///
    /// # Errors
    /// [`Error::Decode`] when the column holds something else.
    pub fn borrow<T: FromBorrowed<'r>>(&self, index: usize) -> Result<T, Error> {
        T::from_borrowed(self.value(index)?)
    }

    pub(super) fn value(&self, index: usize) -> Result<ValueRef<'r>, Error> {
        match self.0 {
            Columns::Sqlite(row) => sqlite::value(row, index),
            Columns::Postgres(row) => postgres::value(row, index),
        }
    }
}
