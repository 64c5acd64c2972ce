//! What was refused, for the audit log: wrong passwords, and members and tokens who ask for what they may not
//! or from where they may not.

use kept_base::kit::time::plus_minutes;
use kept_base::store::{Error, Tx};

use super::{Right, TokenRefusal};
use crate::audit::{self, Act};
use crate::ids::{MemberId, TokenId};

/// The same refusal of the same member is written down again after so many minutes.
pub const REFUSAL_MINUTES: i64 = 1;

/// Writes down that a member asked for what needs `right`, which they have not.
///
/// # Errors
/// Those of the store.
pub fn note_refusal(tx: &Tx<'_>, member: MemberId, right: Right) -> Result<(), Error> {
    note(tx, Act::RightRefused, &member.to_string(), right.code())
}

/// Writes down that a token that is known was refused, and why.
///
/// # Errors
/// Those of the store.
pub fn note_token_refusal(tx: &Tx<'_>, id: TokenId, why: TokenRefusal) -> Result<(), Error> {
    match why {
        TokenRefusal::Outside => note_outside(tx, &id.to_string()),
        TokenRefusal::Right(right) => note(tx, Act::RightRefused, &id.to_string(), right.code()),
    }
}

/// Writes down that a member's session, or a token, was shown from outside the networks; from where is
/// not written down.
///
/// # Errors
/// Those of the store.
pub fn note_outside(tx: &Tx<'_>, whose: &str) -> Result<(), Error> {
    note(tx, Act::NetworkRefused, whose, "")
}

fn note(tx: &Tx<'_>, act: Act, subject: &str, detail: &str) -> Result<(), Error> {
    tx.keep_revision();
    let since = plus_minutes(tx.now(), -REFUSAL_MINUTES);
    if audit::is_noted(tx, subject, act, detail, since)? {
        return Ok(());
    }
    audit::record(tx, act, subject, detail)
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
