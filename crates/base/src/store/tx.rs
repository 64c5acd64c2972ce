//! One transaction in one organization's database, with everything a verb may know: who acts,
//! what time it is, where randomness comes from.

use std::cell::{Cell, OnceCell, RefCell};

use jiff::Timestamp;

use super::keyring::{Keyring, PersonKeys};
use super::session::{Row, Session};
use super::{Error, Value};
use crate::kit::{Actor, Entropy, OrganizationId};

/// A transaction. Verbs take `&Tx`; nothing else reaches an organization's data.
pub struct Tx<'c> {
    session: &'c Session,
    organization: OrganizationId,
    actor: Actor,
    recognized: OnceCell<Actor>,
    now: Timestamp,
    entropy: &'c Entropy,
    wake_at: Cell<Option<Timestamp>>,
    quiet: Cell<bool>,
    failure: RefCell<Option<Error>>,
    keys: Option<PersonKeys<'c>>,
}

impl<'c> Tx<'c> {
    pub(super) fn new(
        session: &'c Session,
        organization: OrganizationId,
        actor: Actor,
        now: Timestamp,
        entropy: &'c Entropy,
    ) -> Self {
        Self {
            session,
            organization,
            actor,
            recognized: OnceCell::new(),
            now,
            entropy,
            wake_at: Cell::new(None),
            quiet: Cell::new(false),
            failure: RefCell::default(),
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

    pub(super) fn session(&self) -> &'c Session {
        self.session
    }

    /// Whether the data is a file.
    pub(super) fn is_in_file(&self) -> bool {
        matches!(self.session, Session::Sqlite(_))
    }

    /// The first failure of the engine itself, whatever the verb made of it.
    pub(super) fn failure(&self) -> Option<Error> {
        self.failure.borrow().clone()
    }

    /// Runs `work`, unless a failure before it has ended the transaction: each statement would be a
    /// transaction of its own then.
    fn within<T>(&self, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        if let Some(failure) = self.failure()
            && self.session.is_outside()
        {
            return Err(failure);
        }
        let done = work();
        if let Err(error) = &done {
            self.note(error);
        }
        done
    }

    fn note(&self, error: &Error) {
        if matches!(error, Error::Constraint(_) | Error::Decode(_)) {
            return;
        }
        self.failure.borrow_mut().get_or_insert(error.clone());
        if let (Error::Damaged(_), true, Some(keys)) = (error, self.is_in_file(), &self.keys) {
            keys.say_damaged();
        }
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
    /// [`Error::Constraint`] when the schema refuses, [`Error::Engine`] otherwise. A verb that
    /// goes on after one does so within [`Tx::attempt`].
    pub fn execute(&self, sql: &str, params: &[Value<'_>]) -> Result<usize, Error> {
        self.within(|| self.session.execute(sql, params))
    }

    /// Runs a query and reads each row with `read`.
    ///
    /// # Errors
    /// [`Error::Decode`] from `read`, [`Error::Engine`] otherwise.
    pub fn query<T>(
        &self,
        sql: &str,
        params: &[Value<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        self.within(|| self.session.query(sql, params, read))
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
        self.within(|| self.session.query_opt(sql, params, read))
    }

    /// Runs a part of a verb whose failure the verb answers by something else: what the part
    /// changed is undone, and the transaction goes on.
    ///
    /// # Errors
    /// Those of `part`.
    pub fn attempt<T, E: From<Error>>(&self, part: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.session.attempt(part)
    }
}
