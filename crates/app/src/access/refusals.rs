//! What was refused, for the audit log: wrong passwords, and members who ask for what they may not.

use kept_base::kit::time::plus_minutes;
use kept_base::store::{Error, Tx};

use super::Right;
use crate::audit::{self, Act};
use crate::ids::MemberId;

/// The same refusal of the same member is written down again after so many minutes.
pub const REFUSAL_MINUTES: i64 = 1;

/// Writes down that a member asked for what needs `right`, which they have not.
///
/// # Errors
/// Those of the store.
pub fn note_refusal(tx: &Tx<'_>, member: MemberId, right: Right) -> Result<(), Error> {
    tx.keep_revision();
    let since = plus_minutes(tx.now(), -REFUSAL_MINUTES);
    if audit::is_noted(tx, member, Act::RightRefused, right.code(), since)? {
        return Ok(());
    }
    audit::record(tx, Act::RightRefused, member, right.code())
}

/// Writes down that somebody came back from the provider and was not let in, and by which code.
///
/// # Errors
/// Those of the store.
pub fn note_refused_provider(tx: &Tx<'_>, detail: &str) -> Result<(), Error> {
    tx.keep_revision();
    audit::record(tx, Act::SignInRefused, tx.organization(), detail)
}

/// Writes down that a wrong password was given: for `member`, or for an address without an account.
/// What was typed is not written down.
///
/// # Errors
/// Those of the store.
pub fn note_failed_sign_in(tx: &Tx<'_>, member: Option<MemberId>) -> Result<(), Error> {
    tx.keep_revision();
    match member {
        Some(member) => audit::record(tx, Act::SignInFailed, member, ""),
        None => audit::record(tx, Act::SignInFailed, tx.organization(), "no account"),
    }
}
