//! A transaction that waits for its turn.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::keyring::Keyring;
use super::session::Session;
use super::{Error, Tx};
use crate::kit::{Actor, Clock, Entropy, OrganizationId};

/// How a transaction went.
#[derive(Debug, Clone)]
pub(super) struct Ran {
    /// Its changes are to stand.
    pub keep: bool,
    pub changes_revision: bool,
    pub wake_at: Option<Timestamp>,
    /// What failed in the engine, if anything did.
    pub failure: Option<Error>,
}

/// A transaction, whatever it answers.
pub(super) trait Job: Send {
    /// Runs it, once more if it ran before and the engine undid that; `again` says that this may
    /// be needed.
    fn run(&mut self, session: &Session, again: bool) -> Ran;

    /// Tells whoever waits how it ended, now that the commit is durable or failed.
    fn tell(self: Box<Self>, committed: Result<(), Error>);
}

/// What a transaction is given.
pub(super) struct Given {
    pub organization: OrganizationId,
    pub actor: Actor,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<Entropy>,
    pub ring: Arc<Keyring>,
}

pub(super) struct Verb<T, E, F> {
    given: Given,
    verb: Option<F>,
    outcome: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Verb<T, E, F> {
    pub fn new(given: Given, verb: F) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (answer, answered) = oneshot::channel();
        let job = Self {
            given,
            verb: Some(verb),
            outcome: None,
            answer,
        };
        (job, answered)
    }
}

impl<T, E, F> Job for Verb<T, E, F>
where
    T: Send,
    E: From<Error> + Send,
    F: FnOnce(&Tx<'_>) -> Result<T, E> + Clone + Send,
{
    fn run(&mut self, session: &Session, again: bool) -> Ran {
        let verb = if again {
            self.verb.clone()
        } else {
            self.verb.take()
        };
        let given = &self.given;
        let tx = Tx::new(
            session,
            given.organization,
            given.actor.clone(),
            given.clock.now(),
            &given.entropy,
        )
        .with_keys(&given.ring);
        let outcome = match verb {
            Some(verb) => catch_unwind(AssertUnwindSafe(|| verb(&tx)))
                .unwrap_or_else(|_| Err(Error::Panicked.into())),
            None => Err(Error::Closing.into()),
        };
        let ran = Ran {
            keep: outcome.is_ok(),
            changes_revision: tx.changes_revision(),
            wake_at: tx.requested_wake(),
            failure: tx.failure(),
        };
        self.outcome = Some(outcome);
        ran
    }

    fn tell(self: Box<Self>, committed: Result<(), Error>) {
        let outcome = match (self.outcome, committed) {
            (Some(Ok(_)) | None, Err(error)) => Err(error.into()),
            (Some(outcome), _) => outcome,
            (None, Ok(())) => Err(Error::Closing.into()),
        };
        // The caller may have gone away; the act stands all the same.
        let _ = self.answer.send(outcome);
    }
}
