//! Suspended organizations answer nothing, in whatever process. Which ones those are stands in the
//! control database; every process remembers the answer for at most [`STANDING_SECONDS`], and all
//! organizations together cost one question in that time.

use std::collections::HashSet;
use std::sync::Mutex;

use jiff::Timestamp;

use super::control::Control;
use super::control::operators::By;
use super::{Error, OperatorActKind, Store, lock};
use crate::kit::time::plus_seconds;
use crate::kit::{Actor, OrganizationId};

/// How long a process remembers which organizations are suspended, in seconds.
pub const STANDING_SECONDS: i64 = 2;
/// Ends what processes on a server tell each other when an organization was suspended or resumed.
pub(super) const STANDING_CHANGED: &str = " standing";

/// How an organization stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrganizationState {
    /// It answers.
    Active,
    /// Whoever runs the installation stopped it: it answers nothing, and nothing is sent for it.
    Suspended,
    /// Something of Kept's own holds it, until that is done.
    Held,
}

impl OrganizationState {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Held => "held",
        }
    }

    pub(super) fn from_code(code: &str) -> Self {
        match code {
            "active" => Self::Active,
            "suspended" => Self::Suspended,
            _ => Self::Held,
        }
    }
}

/// What this process remembers.
#[derive(Default)]
pub(super) struct Standing {
    known: Mutex<Known>,
    /// Held by whoever asks the control database.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Known {
    asked_at: Option<Timestamp>,
    /// What is remembered is out of date for certain.
    stale: bool,
    suspended: HashSet<OrganizationId>,
}

impl Known {
    /// A clock that was set back makes nothing fresh.
    fn is_fresh(&self, now: Timestamp) -> bool {
        let fresh = |at| at <= now && now < plus_seconds(at, STANDING_SECONDS);
        !self.stale && self.asked_at.is_some_and(fresh)
    }
}

impl Standing {
    /// Another process changed it.
    pub fn forget(&self) {
        lock(&self.known).stale = true;
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        lock(&self.known).is_fresh(now)
    }

    fn was_ever_known(&self) -> bool {
        let known = lock(&self.known);
        !known.stale && known.asked_at.is_some()
    }

    fn learn(&self, now: Timestamp, suspended: Vec<OrganizationId>) {
        *lock(&self.known) = Known {
            asked_at: Some(now),
            stale: false,
            suspended: suspended.into_iter().collect(),
        };
    }
}

impl Store {
    /// Lets nobody in where the organization is suspended.
    pub(super) async fn admit(&self, id: OrganizationId) -> Result<(), Error> {
        let standing = &self.shared.standing;
        if !standing.is_fresh(self.shared.clock.now()) {
            // One asks; meanwhile the others go by what was known.
            match standing.asking.try_lock() {
                Ok(_asking) => self.ask_standing().await?,
                Err(_) if standing.was_ever_known() => {}
                Err(_) => {
                    let _asking = standing.asking.lock().await;
                    if !standing.is_fresh(self.shared.clock.now()) {
                        self.ask_standing().await?;
                    }
                }
            }
        }
        if lock(&standing.known).suspended.contains(&id) {
            return Err(Error::Suspended);
        }
        Ok(())
    }

    /// Asks the control database. When it cannot be reached, nobody can have suspended anything.
    async fn ask_standing(&self) -> Result<(), Error> {
        let (standing, now) = (&self.shared.standing, self.shared.clock.now());
        match self.with_control(Control::suspended).await {
            Ok(suspended) => standing.learn(now, suspended),
            Err(error) if standing.was_ever_known() => {
                tracing::warn!(error = %error, "Which organizations are suspended cannot be read");
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Records an operator's act about an organization that is about to be done in its own data, and why.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn note_operator_act(
        &self,
        id: OrganizationId,
        author: Actor,
        act: OperatorActKind,
        reason: &str,
    ) -> Result<(), Error> {
        let reason = reason.to_owned();
        let note = move |control: &Control, by: By<'_>| control.note_act(id, (act, &reason), by);
        self.as_operator(author, note).await
    }

    /// Suspends an active organization: from now on it answers nothing here, and within
    /// [`STANDING_SECONDS`] in any other process. `false` when it is not active.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn suspend_organization(
        &self,
        id: OrganizationId,
        author: Actor,
        reason: &str,
    ) -> Result<bool, Error> {
        self.set_standing(id, author, Some(reason.to_owned())).await
    }

    /// Lets a suspended organization go on; the worker looks after it at once. `false` when it is
    /// not suspended.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn resume_organization(
        &self,
        id: OrganizationId,
        author: Actor,
    ) -> Result<bool, Error> {
        self.set_standing(id, author, None).await
    }

    async fn set_standing(
        &self,
        id: OrganizationId,
        author: Actor,
        reason: Option<String>,
    ) -> Result<bool, Error> {
        // Whoever asks meanwhile must not remember what was true before.
        let _asking = self.shared.standing.asking.lock().await;
        let resumed = reason.is_none();
        let set =
            move |control: &Control, by: By<'_>| control.set_standing(id, reason.as_deref(), by);
        let changed = self.as_operator(author, set).await?;
        self.ask_standing().await?;
        // Whoever follows the organization's changes finds out now.
        self.shared.waiting.tell(id);
        if changed && resumed {
            self.shared.wakes.ask(id, self.shared.clock.now());
        }
        Ok(changed)
    }
}
