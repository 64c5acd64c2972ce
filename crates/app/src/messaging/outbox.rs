//! The worker's verbs. None of them changes what a cached answer is made of.

use jiff::Timestamp;
use kept_base::kit::time::{plus_minutes, plus_seconds};
use kept_base::store::{Error, Tx};

use super::rules::{self, Code, Outcome};
use super::{Leased, State, store};
use crate::audit::{self, Act};
use crate::ids::MessageId;

/// How long a worker may keep a message before another may look after it, in seconds: longer than
/// the steps before the letter itself may take. A worker that is slower loses the message and
/// does not send it.
pub const LEASE_SECONDS: i64 = 10 * 60;
/// The same from the moment the message is handed over: longer than any answer is waited for.
pub const ANSWER_SECONDS: i64 = 30 * 60;
/// How long a settled message is kept after it was last due, in days.
pub const MESSAGE_DAYS: i64 = 400;
/// Most messages removed or recovered in one transaction.
const MAX_ROWS_AT_ONCE: u32 = 500;

/// Takes up to `limit` messages that are due, longest due first, and asks to be called again when
/// the next one is. Messages whose worker was lost are put right first.
///
/// # Errors
/// Those of the store.
pub fn lease(tx: &Tx<'_>, limit: u32) -> Result<Vec<Leased>, Error> {
    tx.keep_revision();
    for (lost, handed_over) in store::lost(tx, MAX_ROWS_AT_ONCE)? {
        let outcome = rules::after_lost_lease(handed_over, lost.attempt);
        settle(tx, &lost, &outcome)?;
    }
    store::pull_forward(tx)?;
    let leased = store::lease(tx, plus_seconds(tx.now(), LEASE_SECONDS), limit)?;
    if let Some(next) = store::next_due(tx)? {
        tx.wake_at(next.max(tx.now()));
    }
    Ok(leased)
}

/// Whether no later message to the same recipient is about the same appointment.
///
/// # Errors
/// Those of the store.
pub fn is_newest(tx: &Tx<'_>, message: &Leased) -> Result<bool, Error> {
    store::is_newest(tx, message)
}

/// Records that the message is about to be handed to the mail server: from here on, silence means
/// that nobody knows. Answers `false` when the message is no longer this worker's; it must not be
/// sent then.
///
/// # Errors
/// Those of the store.
pub fn hand_over(tx: &Tx<'_>, message: &Leased) -> Result<bool, Error> {
    tx.keep_revision();
    store::hand_over(tx, message, plus_seconds(tx.now(), ANSWER_SECONDS))
}

/// Records how a try ended; a retry waits longer each time. Answers `false` when the message is no
/// longer this worker's, and changes nothing then.
///
/// # Errors
/// Those of the store.
pub fn settle(tx: &Tx<'_>, message: &Leased, outcome: &Outcome) -> Result<bool, Error> {
    tx.keep_revision();
    let spread = u32::from_le_bytes(tx.entropy().bytes());
    let next = rules::next(outcome, message.attempt, tx.now(), spread);
    let code = next.code.as_ref().map(Code::as_str);
    if let Some(due_at) = next.due_at {
        let put_back = store::put_back(tx, message, due_at, code)?;
        if put_back {
            tx.wake_at(due_at);
        }
        return Ok(put_back);
    }
    let settled = store::settle(tx, message, next.state, code)?;
    if settled {
        let state = next.state.code();
        let detail = code.map_or_else(|| state.to_owned(), |code| format!("{state} {code}"));
        audit::record(tx, Act::MessageSettled, message.id, &detail)?;
    }
    Ok(settled)
}

/// Gives messages back untried, due at once: the worker stops. The try does not count.
///
/// # Errors
/// Those of the store.
pub fn release(tx: &Tx<'_>, messages: &[Leased]) -> Result<(), Error> {
    tx.keep_revision();
    for message in messages {
        store::release(tx, message)?;
    }
    tx.wake_at(tx.now());
    Ok(())
}

/// The state of a message and its outcome's code.
///
/// # Errors
/// Those of the store.
pub fn state(tx: &Tx<'_>, id: MessageId) -> Result<Option<(State, Option<String>)>, Error> {
    store::state(tx, id)
}

/// Whether a mail server ever took a message of this organization.
///
/// # Errors
/// Those of the store.
pub fn any_sent(tx: &Tx<'_>) -> Result<bool, Error> {
    store::any_sent(tx)
}

/// Removes settled messages that were last due more than [`MESSAGE_DAYS`] ago; tells how many rows went.
///
/// # Errors
/// Those of the store.
pub fn remove_settled(tx: &Tx<'_>) -> Result<usize, Error> {
    tx.keep_revision();
    let before: Timestamp = plus_minutes(tx.now(), -MESSAGE_DAYS * 24 * 60);
    let removed = store::remove_settled(tx, before, MAX_ROWS_AT_ONCE)?;
    if removed > 0 {
        let detail = format!("messaging {removed}");
        audit::record(tx, Act::RetentionApplied, tx.organization(), &detail)?;
    }
    Ok(removed)
}
