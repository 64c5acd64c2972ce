//! Pure decisions about messages: may this one be sent now, and what follows from an attempt.

use std::borrow::Cow;

use jiff::Timestamp;
use kept_base::kit::time::plus_seconds;

use super::{Audience, Kind, Leased, State};

/// How often a message is tried before it is dead.
pub const MAX_ATTEMPTS: u32 = 12;
/// Wait after the first failure, in seconds.
pub const FIRST_RETRY_SECONDS: i64 = 30;
/// Each further wait is this many times the one before.
pub const RETRY_GROWTH: i64 = 3;
/// Longest wait between two tries, in seconds: with [`MAX_ATTEMPTS`] the last try comes some 33
/// hours after the first.
pub const LONGEST_RETRY_SECONDS: i64 = 6 * 3_600;
/// How far a wait is spread at random, in per cent to either side, so that what failed together
/// does not come back together.
pub const RETRY_JITTER_PERCENT: i64 = 20;

/// Why a message is not sent after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DropReason {
    /// What it is about no longer exists.
    Gone,
    /// A newer message tells the same recipient, or what it tells is no longer so.
    Superseded,
    /// The appointment is over.
    Past,
    /// The recipient has no e-mail address.
    NoAddress,
    /// This installation sends no mail.
    MailOff,
}

impl DropReason {
    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Superseded => "superseded",
            Self::Past => "past",
            Self::NoAddress => "no_address",
            Self::MailOff => "mail_off",
        }
    }
}

/// How an appointment stands when a message about it is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// It was cancelled.
    pub canceled: bool,
    /// When it ends.
    pub ends_at: Timestamp,
    /// The staff member who is told serves it; of no matter when the person is told.
    pub serves: bool,
}

/// What the gate needs to know beside the message itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The appointment; `None` when it no longer exists.
    pub standing: Option<Standing>,
    /// No later message to the same recipient is about the same appointment.
    pub newest: bool,
    /// The recipient has an address.
    pub address: bool,
    /// This installation sends mail.
    pub mail_on: bool,
}

/// The one gate: every message passes it when it is written and again right before it is handed to
/// the mail server.
///
/// # Errors
/// [`DropReason`] when the message must not be sent.
pub fn may_send(message: &Leased, facts: &Facts, now: Timestamp) -> Result<(), DropReason> {
    let standing = facts.standing.ok_or(DropReason::Gone)?;
    let still_so = match message.kind {
        Kind::Canceled => standing.canceled || !standing.serves,
        Kind::Booked | Kind::Moved => !standing.canceled,
    };
    let still_theirs = match (message.audience, message.kind) {
        (Audience::Staff(_), Kind::Booked | Kind::Moved) => standing.serves,
        _ => true,
    };
    if !facts.newest || !still_so || !still_theirs {
        Err(DropReason::Superseded)
    } else if now >= standing.ends_at {
        Err(DropReason::Past)
    } else if !facts.address {
        Err(DropReason::NoAddress)
    } else if !facts.mail_on {
        Err(DropReason::MailOff)
    } else {
        Ok(())
    }
}

/// The same gate for notices to members about their account: `still_so` says whether what it tells
/// still holds (they have yet to join, or are active).
///
/// # Errors
/// [`DropReason`] when the notice must not be sent.
pub fn may_send_notice(still_so: bool, mail_on: bool) -> Result<(), DropReason> {
    match (still_so, mail_on) {
        (false, _) => Err(DropReason::Superseded),
        (true, false) => Err(DropReason::MailOff),
        (true, true) => Ok(()),
    }
}

/// What happened, in a word that is safe to store and log: never what a server said, which may
/// repeat an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code(Cow<'static, str>);

impl Code {
    /// A word of our own.
    #[must_use]
    pub const fn word(word: &'static str) -> Self {
        Self(Cow::Borrowed(word))
    }

    /// A mail server's reply code: `smtp_451`.
    #[must_use]
    pub fn reply(code: u16) -> Self {
        Self(format!("smtp_{code}").into())
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The mail server took it.
    Sent,
    /// It was certainly not taken, and may be at another time.
    Retry(Code),
    /// It was certainly not taken, and never will be.
    Dead(Code),
    /// It was handed over without an answer.
    Unknown(Code),
    /// The gate closed.
    Dropped(DropReason),
}

impl Outcome {
    /// What to log: the outcome, and its code where there is one.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::Sent => "sent".to_owned(),
            Self::Retry(code) => format!("retry {}", code.as_str()),
            Self::Dead(code) => format!("dead {}", code.as_str()),
            Self::Unknown(code) => format!("unknown {}", code.as_str()),
            Self::Dropped(reason) => format!("dropped {}", reason.code()),
        }
    }
}

/// Where a message goes from `sending`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// Its new state: pending, or a final one.
    pub state: State,
    /// When it is due again, if it is.
    pub due_at: Option<Timestamp>,
    /// The outcome's code.
    pub code: Option<Code>,
}

/// What follows from the outcome of a try. `spread` is a random number that spreads retries.
#[must_use]
pub fn next(outcome: &Outcome, attempt: u32, now: Timestamp, spread: u32) -> Next {
    let (state, code) = match outcome {
        Outcome::Sent => (State::Sent, None),
        Outcome::Retry(code) if attempt < MAX_ATTEMPTS => (State::Pending, Some(code.clone())),
        Outcome::Retry(code) | Outcome::Dead(code) => (State::Dead, Some(code.clone())),
        Outcome::Unknown(code) => (State::Unknown, Some(code.clone())),
        Outcome::Dropped(reason) => (State::Dropped, Some(Code::word(reason.code()))),
    };
    let due_at =
        (state == State::Pending).then(|| plus_seconds(now, retry_seconds(attempt, spread)));
    Next {
        state,
        due_at,
        code,
    }
}

/// How long to wait after try `attempt` failed.
fn retry_seconds(attempt: u32, spread: u32) -> i64 {
    let growth = RETRY_GROWTH.saturating_pow(attempt.saturating_sub(1));
    let plain = FIRST_RETRY_SECONDS
        .saturating_mul(growth)
        .min(LONGEST_RETRY_SECONDS);
    let widest = plain * RETRY_JITTER_PERCENT / 100;
    plain - widest + i64::from(spread) % (2 * widest + 1)
}

/// What becomes of a message whose worker did not settle it in time: sent again only when it was
/// certainly not handed over.
#[must_use]
pub fn after_lost_lease(handed_over: bool, attempt: u32) -> Outcome {
    const LOST: Code = Code::word("worker_lost");
    if handed_over {
        Outcome::Unknown(LOST)
    } else if attempt < MAX_ATTEMPTS {
        Outcome::Retry(LOST)
    } else {
        Outcome::Dead(LOST)
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
