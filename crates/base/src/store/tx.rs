//! One transaction in one organization's database, with everything a verb may know: who acts,
//! what time it is, where randomness comes from.

use std::cell::{Cell, OnceCell};

use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection};

use super::keyring::{Keyring, PersonKeys};
use super::{Error, FromBorrowed, FromValue, Value, ValueRef};
use crate::kit::{Actor, Entropy, OrganizationId};

/// A transaction. Verbs take `&Tx`; nothing else reaches an organization's data.
pub struct Tx<'c> {
    connection: &'c Connection,
    organization: OrganizationId,
    actor: Actor,
    recognized: OnceCell<Actor>,
    now: Timestamp,
    entropy: &'c Entropy,
    wake_at: Cell<Option<Timestamp>>,
    quiet: Cell<bool>,
    keys: Option<PersonKeys<'c>>,
}

/// One row of a result.
pub struct Row<'r> {
    row: &'r rusqlite::Row<'r>,
}

impl<'c> Tx<'c> {
    pub(super) fn new(
        connection: &'c Connection,
        organization: OrganizationId,
        actor: Actor,
        now: Timestamp,
        entropy: &'c Entropy,
    ) -> Self {
        Self {
            connection,
            organization,
            actor,
            recognized: OnceCell::new(),
            now,
            entropy,
            wake_at: Cell::new(None),
            quiet: Cell::new(false),
            keys: None,
        }
    }

    /// The same with the keys of the organization's people.
    pub(super) fn with_keys(self, ring: &'c Keyring) -> Self {
        let keys = Some(PersonKeys::new(ring));
        Self { keys, ..self }
    }

    /// The keys under which people's data is sealed.
    ///
    /// # Errors
    /// [`Error::Key`] in a database that is not an organization's.
    pub fn person_keys(&self) -> Result<&PersonKeys<'c>, Error> {
        let none = || Error::Key("this database has no keys of people".to_owned());
        self.keys.as_ref().ok_or_else(none)
    }

    /// The organization whose data this transaction sees.
    #[must_use]
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        self.recognized.get().unwrap_or(&self.actor)
    }

    /// Says who acts, where only this transaction could find out: it looked up the token or link
    /// that was presented, before anything else. The first answer stays.
    pub fn recognize(&self, actor: Actor) {
        // A second call changes nothing, so that no act can be put into another's name.
        let _ = self.recognized.set(actor);
    }

    /// The instant of this transaction: the same for all of it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Randomness for ids and tokens.
    #[must_use]
    pub fn entropy(&self) -> &'c Entropy {
        self.entropy
    }

    /// Asks for the worker's attention to this organization at `at`, once this has committed.
    pub fn wake_at(&self, at: Timestamp) {
        let sooner = self.wake_at.get().is_none_or(|known| at < known);
        if sooner {
            self.wake_at.set(Some(at));
        }
    }

    /// Promises that this transaction changes nothing a cached answer is made of (delivery states,
    /// last-used stamps), so that the organization's revision stays as it is.
    pub fn keep_revision(&self) {
        self.quiet.set(true);
    }

    pub(super) fn requested_wake(&self) -> Option<Timestamp> {
        self.wake_at.get()
    }

    pub(super) fn changes_revision(&self) -> bool {
        !self.quiet.get()
    }

    /// Runs a statement and tells how many rows it changed.
    ///
    /// # Errors
    /// [`Error::Constraint`] when the schema refuses, [`Error::Engine`] otherwise.
    pub fn execute(&self, sql: &str, params: &[Value<'_>]) -> Result<usize, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        bind(&mut statement, params)?;
        Ok(statement.raw_execute()?)
    }

    /// Runs a query and reads each row with `read`.
    ///
    /// # Errors
    /// [`Error::Decode`] from `read`, [`Error::Engine`] otherwise.
    pub fn query<T>(
        &self,
        sql: &str,
        params: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        bind(&mut statement, params)?;
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(&Row { row })?);
        }
        Ok(found)
    }

    /// Runs a query that gives at most one row; later rows are not read.
    ///
    /// # Errors
    /// As [`Tx::query`].
    pub fn query_opt<T>(
        &self,
        sql: &str,
        params: &[Value<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        bind(&mut statement, params)?;
        let mut rows = statement.raw_query();
        match rows.next()? {
            Some(row) => read(&Row { row }).map(Some),
            None => Ok(None),
        }
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

    fn value(&self, index: usize) -> Result<ValueRef<'r>, Error> {
        Ok(match self.row.get_ref(index)? {
            rusqlite::types::ValueRef::Null => ValueRef::Null,
            rusqlite::types::ValueRef::Integer(int) => ValueRef::Int(int),
            rusqlite::types::ValueRef::Real(_) => return Err(Error::Decode("known type")),
            rusqlite::types::ValueRef::Text(text) => {
                ValueRef::Text(std::str::from_utf8(text).map_err(|_| Error::Decode("UTF-8 text"))?)
            }
            rusqlite::types::ValueRef::Blob(bytes) => ValueRef::Blob(bytes),
        })
    }
}

/// Binds `$n` to `params[n - 1]`. SQLite numbers parameters by first appearance, so the name is
/// read; a statement may use a parameter twice or leave one out.
fn bind(statement: &mut CachedStatement<'_>, params: &[Value<'_>]) -> Result<(), Error> {
    for index in 1..=statement.parameter_count() {
        let number = statement
            .parameter_name(index)
            .and_then(|name| name.strip_prefix('$'))
            .and_then(|digits| digits.parse::<usize>().ok())
            .ok_or_else(|| Error::Engine("parameters are written $1, $2, ..".to_owned()))?;
        let value = params
            .get(number.wrapping_sub(1))
            .ok_or_else(|| Error::Engine(format!("no value for ${number}")))?;
        match value {
            Value::Null => statement.raw_bind_parameter(index, rusqlite::types::Null)?,
            Value::Int(int) => statement.raw_bind_parameter(index, int)?,
            Value::Text(text) => statement.raw_bind_parameter(index, text.as_ref())?,
            Value::Blob(bytes) => statement.raw_bind_parameter(index, bytes.as_ref())?,
        }
    }
    Ok(())
}
