//! Operators' second factors, as they are kept. What a code is worth is decided above.

use std::sync::Arc;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{By, Operator, OperatorSession};
use crate::kit::time::plus_minutes;
use crate::kit::{Actor, OperatorId, OperatorSessionId, TokenHash};
use crate::store::control::Control;
use crate::store::{Error, Store};

/// An operator's second factor.
#[derive(Clone)]
pub struct OperatorFactor {
    /// What their app and Kept share.
    pub secret: Zeroizing<Vec<u8>>,
    /// When it was begun.
    pub proposed_at: Timestamp,
    /// In which session.
    pub session: Option<OperatorSessionId>,
    /// Whether it was confirmed by a code.
    pub is_on: bool,
    /// The last step of which a code was used.
    pub last_step: u64,
}

impl Store {
    /// An operator's second factor, begun or on.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn operator_factor(&self, id: OperatorId) -> Result<Option<OperatorFactor>, Error> {
        self.with_control(move |control| control.operator_factor(id))
            .await
    }

    /// Begins a second factor, in that session, in the place of one that was begun; `false` when one is on.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn propose_operator_factor(
        &self,
        id: OperatorId,
        within: OperatorSessionId,
        secret: Zeroizing<Vec<u8>>,
    ) -> Result<bool, Error> {
        let (now, entropy) = (self.shared.clock.now(), Arc::clone(&self.shared.entropy));
        self.with_control(move |control| {
            control.propose_operator_factor((id, within), &secret, (now, &entropy))
        })
        .await
    }

    /// Turns the factor on that was begun at that instant, whose code of that step was given in that session,
    /// with recovery codes of these hashes. Every other session of the operator ends. `false` when it is on, or
    /// another was begun.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn confirm_operator_factor(
        &self,
        session: &OperatorSession,
        begun: (Timestamp, u64),
        codes: Vec<TokenHash>,
    ) -> Result<bool, Error> {
        let (id, except) = (session.operator.id, session.id);
        let confirm = move |control: &Control, by: By<'_>| {
            control.confirm_operator_factor((id, except), begun, &codes, by)
        };
        self.as_operator(Actor::operator(id), confirm).await
    }

    /// Uses a step of the factor up; `false` when it, or one after it, was used before.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn use_operator_step(&self, id: OperatorId, step: u64) -> Result<bool, Error> {
        self.with_control(move |control| control.use_operator_step(id, step))
            .await
    }

    /// Counts a code that is about to be judged, beside those of the last so many minutes: how many there are
    /// until a right one, or `None` when there were `most` already.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn count_operator_try(
        &self,
        id: OperatorId,
        minutes: i64,
        most: u32,
    ) -> Result<Option<u32>, Error> {
        let now = self.shared.clock.now();
        let since = plus_minutes(now, -minutes);
        self.with_control(move |control| control.count_operator_try(id, (since, now), most))
            .await
    }

    /// Notes, on behalf of nobody, that an operator's codes are not taken for a while.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn note_operator_lock(&self, id: OperatorId) -> Result<(), Error> {
        let note = move |control: &Control, by: By<'_>| control.note_operator_lock(id, by);
        self.as_operator(Actor::SYSTEM, note).await
    }

    /// Uses the recovery code of that hash up; `false` when there is none.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn use_operator_code(&self, id: OperatorId, code: TokenHash) -> Result<bool, Error> {
        let take = move |control: &Control, by: By<'_>| control.use_operator_code(id, code, by);
        self.as_operator(Actor::operator(id), take).await
    }

    /// How many recovery codes an operator has left.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn operator_codes_left(&self, id: OperatorId) -> Result<u32, Error> {
        self.with_control(move |control| control.operator_codes_left(id))
            .await
    }

    /// Puts recovery codes of these hashes in the place of those before; `false` when no factor is on.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn put_operator_codes(
        &self,
        id: OperatorId,
        codes: Vec<TokenHash>,
    ) -> Result<bool, Error> {
        let put = move |control: &Control, by: By<'_>| control.put_operator_codes(id, &codes, by);
        self.as_operator(Actor::operator(id), put).await
    }

    /// Turns a factor off, on behalf of `author`; every session of the operator but `except` ends. `false`
    /// when none was on.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn remove_operator_factor(
        &self,
        id: OperatorId,
        except: Option<OperatorSessionId>,
        author: Actor,
    ) -> Result<bool, Error> {
        let remove =
            move |control: &Control, by: By<'_>| control.remove_operator_factor(id, except, by);
        self.as_operator(author, remove).await
    }

    /// Keeps a sign-in that waits for a code, for so many minutes, of whoever gave the password with that
    /// hash. `false` when it has changed meanwhile.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn put_operator_pending(
        &self,
        (id, password): (OperatorId, String),
        token: TokenHash,
        minutes: i64,
    ) -> Result<bool, Error> {
        let now = self.shared.clock.now();
        let ends = plus_minutes(now, minutes);
        self.with_control(move |control| {
            control.put_operator_pending((id, &password), (token, ends), now)
        })
        .await
    }

    /// Whose sign-in waits for a code, with how many wrong ones were given.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn operator_pending(
        &self,
        token: TokenHash,
    ) -> Result<Option<(Operator, u32)>, Error> {
        let now = self.shared.clock.now();
        self.with_control(move |control| control.operator_pending(token, now))
            .await
    }

    /// Counts a wrong code of a sign-in that waits; with as many as `most` it is over. Tells how many.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn fail_operator_pending(&self, token: TokenHash, most: u32) -> Result<u32, Error> {
        self.with_control(move |control| control.fail_operator_pending(token, most))
            .await
    }

    /// A sign-in waits no more; `false` when it did not.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn end_operator_pending(&self, token: TokenHash) -> Result<bool, Error> {
        self.with_control(move |control| control.end_operator_pending(token))
            .await
    }
}
