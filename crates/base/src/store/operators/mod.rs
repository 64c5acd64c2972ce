//! Operators: who has an account of the installation, with links, sessions and a record of what each
//! of them does. Their accounts open nothing of any organization.

mod acts;
mod conduct;
mod entries;
mod factor;
mod origin;
mod vetting;

use std::sync::Arc;

pub use acts::{OperatorAct, OperatorActKind};
pub use conduct::{ConductCase, MAX_CONDUCT_CASES, MAX_OUTCOME_CHARS, NewCase};
pub use entries::{Entry, Lent, LentState, MAX_LISTED_LENT, NewEntry};
pub use factor::OperatorFactor;
use jiff::Timestamp;
pub use origin::Origin;
pub use vetting::{MAX_REGISTER_CHARS, OperatorKind, Vetting};

use super::control::Control;
pub(super) use super::control::operators::By;
use super::{Error, Store};
use crate::kit::time::{plus_minutes, plus_seconds};
use crate::kit::{Actor, OperatorId, OperatorSessionId, TokenHash};

/// Most operators of one installation.
pub const MAX_OPERATORS: i64 = 100;
/// Longest reason of an operator's act, in characters; what is longer is cut.
pub const MAX_REASON_CHARS: usize = 300;
/// Most acts of operators that are listed.
pub const MAX_LISTED_ACTS: u32 = 200;
/// How long an operator's session lives at most, in hours.
pub const OPERATOR_SESSION_HOURS: i64 = 12;
/// How long an operator's session lives without being used, in minutes.
pub const OPERATOR_IDLE_MINUTES: i64 = 60;
/// How long an operator's link works, in hours.
pub const OPERATOR_LINK_HOURS: i64 = 24;
/// A session's last use is written down at most this often, in minutes.
pub(super) const SEEN_MINUTES: i64 = 5;

/// Whether an operator is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperatorState {
    /// They are.
    Active,
    /// They are not.
    Suspended,
}

impl OperatorState {
    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    pub(super) fn from_code(code: &str) -> Result<Self, Error> {
        match code {
            "active" => Ok(Self::Active),
            "suspended" => Ok(Self::Suspended),
            _ => Err(Error::Decode("state of an operator")),
        }
    }
}

/// An operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// Their id.
    pub id: OperatorId,
    /// What they sign in as.
    pub name: String,
    /// Whether they are let in.
    pub state: OperatorState,
    /// Whether a password was set.
    pub has_password: bool,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When they were last seen, to within a few minutes.
    pub last_used_at: Option<Timestamp>,
    /// What organizations are told before they let them in.
    pub vetting: Vetting,
    /// From whose hands the account comes.
    pub origin: Origin,
    /// When its password was last set by a link: nothing of before was meant for whoever has it now.
    pub held_since: Option<Timestamp>,
    /// Whether a second factor is on.
    pub has_factor: bool,
}

/// An operator's session that is alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorSession {
    /// Its id.
    pub id: OperatorSessionId,
    /// Whose.
    pub operator: Operator,
}

impl Store {
    /// Asks the control database for a change in the name of `author`.
    pub(super) async fn as_operator<T: Send + 'static>(
        &self,
        author: Actor,
        change: impl FnOnce(&Control, By<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (now, entropy) = (self.shared.clock.now(), Arc::clone(&self.shared.entropy));
        self.with_control(move |control| {
            let by = By {
                author: &author,
                now,
                entropy: &entropy,
            };
            change(control, by)
        })
        .await
    }

    fn link_end(&self) -> Timestamp {
        plus_minutes(self.shared.clock.now(), OPERATOR_LINK_HOURS * 60)
    }

    /// Adds an operator, who sets a password by the link of that hash within
    /// [`OPERATOR_LINK_HOURS`].
    ///
    /// # Errors
    /// [`Error::Constraint`] `operator.name` when somebody has the name, `operator.most` when there
    /// are [`MAX_OPERATORS`]; those of the control database.
    pub async fn add_operator(
        &self,
        name: &str,
        link: TokenHash,
        author: Actor,
    ) -> Result<OperatorId, Error> {
        let (name, ends) = (name.to_owned(), self.link_end());
        let add =
            move |control: &Control, by: By<'_>| control.add_operator(&name, (link, ends), by);
        self.as_operator(author, add).await
    }

    /// Every operator, by name.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn operators(&self) -> Result<Vec<Operator>, Error> {
        self.with_control(Control::operators).await
    }

    /// The operator of that name, with the stored hash of the password.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn operator_by_name(
        &self,
        name: &str,
    ) -> Result<Option<(Operator, Option<String>)>, Error> {
        let name = name.to_owned();
        self.with_control(move |control| control.operator_by_name(&name))
            .await
    }

    /// Gives an active operator a new link; the one before is dead. `false` when there is no such
    /// operator.
    ///
    /// # Errors
    /// [`Error::Constraint`] `operator.password` when an operator asks and a password was set before:
    /// that is for whoever has the machine; those of the control database.
    pub async fn link_operator(
        &self,
        id: OperatorId,
        link: TokenHash,
        author: Actor,
    ) -> Result<bool, Error> {
        let ends = self.link_end();
        let make = move |control: &Control, by: By<'_>| control.link_operator(id, (link, ends), by);
        self.as_operator(author, make).await
    }

    /// Whose link it is; `None` when it is unknown, used or too old.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn operator_of_link(&self, link: TokenHash) -> Result<Option<Operator>, Error> {
        let now = self.shared.clock.now();
        self.with_control(move |control| control.operator_of_link(link, now))
            .await
    }

    /// Uses a link up, once: sets the password, of which `password` is the hash, ends every session and
    /// entry from before, and takes back what was said of the operator.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn redeem_operator_link(
        &self,
        link: TokenHash,
        password: String,
    ) -> Result<Option<OperatorId>, Error> {
        let (now, entropy) = (self.shared.clock.now(), Arc::clone(&self.shared.entropy));
        self.with_control(move |control| {
            control.redeem_operator_link(link, &password, (now, &entropy))
        })
        .await
    }

    /// Sets the password of whoever is signed in by `session`; their other sessions end.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn set_operator_password(
        &self,
        session: &OperatorSession,
        password: String,
    ) -> Result<(), Error> {
        let (id, except) = (session.operator.id, session.id);
        let set = move |control: &Control, by: By<'_>| {
            control.set_operator_password(id, &password, except, by)
        };
        self.as_operator(Actor::operator(id), set).await
    }

    /// Lets an operator in again, or no longer: then sessions end and links are dead at once.
    /// `false` when it is so already, or there is no such operator.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn set_operator_state(
        &self,
        id: OperatorId,
        state: OperatorState,
        author: Actor,
    ) -> Result<bool, Error> {
        let set = move |control: &Control, by: By<'_>| control.set_operator_state(id, state, by);
        self.as_operator(author, set).await
    }

    /// Starts a session of an active operator: by a password alone, of which that is the stored hash, or by a
    /// second factor after it. `false` when they are not let in, or either has changed meanwhile.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn start_operator_session(
        &self,
        id: OperatorId,
        password: Option<String>,
        token: TokenHash,
    ) -> Result<bool, Error> {
        let (now, entropy) = (self.shared.clock.now(), Arc::clone(&self.shared.entropy));
        let ends = plus_seconds(now, OPERATOR_SESSION_HOURS * 3_600);
        self.with_control(move |control| {
            control.start_operator_session(id, password.as_deref(), token, ends, (now, &entropy))
        })
        .await
    }

    /// Recognizes the token of a living session of an active operator, and writes its use down.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn operator_session(
        &self,
        token: TokenHash,
    ) -> Result<Option<OperatorSession>, Error> {
        let now = self.shared.clock.now();
        let idle_since = plus_minutes(now, -OPERATOR_IDLE_MINUTES);
        let noted_before = plus_minutes(now, -SEEN_MINUTES);
        self.with_control(move |control| {
            control.operator_session(token, idle_since, noted_before, now)
        })
        .await
    }

    /// Ends one session of an operator, or with `None` all of them. Tells how many.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn end_operator_sessions(
        &self,
        id: OperatorId,
        only: Option<OperatorSessionId>,
        author: Actor,
    ) -> Result<usize, Error> {
        let end = move |control: &Control, by: By<'_>| control.end_operator_sessions(id, only, by);
        self.as_operator(author, end).await
    }

    /// What operators did, the newest first, at most `limit` and [`MAX_LISTED_ACTS`].
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn operator_acts(&self, limit: u32) -> Result<Vec<OperatorAct>, Error> {
        self.with_control(move |control| control.operator_acts(limit))
            .await
    }
}
