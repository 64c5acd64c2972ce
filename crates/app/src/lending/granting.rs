//! Lending access and taking it back.

use kept_base::kit::time::plus_minutes;
use kept_base::store::{Error, Operator, Tx};

use super::{Environment, LendError, Loan, Why, check_words, rules, sandbox, store};
use crate::access::{self, Terms};
use crate::audit::{self, Act};
use crate::ids::{AccessRequestId, LoanId};
use crate::messaging::Notice;
use crate::policy::May;
use crate::policy::rights::GrantAccess;

/// Most loans of one organization that live at once.
pub const MAX_LIVE_LOANS: usize = 20;

/// What is to be lent.
#[derive(Debug, Clone)]
pub struct NewLoan {
    /// The request that is answered by it.
    pub request: Option<AccessRequestId>,
    /// Where.
    pub environment: Environment,
    /// What.
    pub terms: Terms,
    /// For how long, in hours.
    pub hours: u16,
    /// Why.
    pub reason: String,
    /// About which ticket.
    pub ticket: String,
}

/// Lends access to `operator`, as their account is now. The owners are written to.
///
/// # Errors
/// [`LendError`] says why not; those of the store.
pub fn lend(
    tx: &Tx<'_>,
    by: &May<GrantAccess>,
    operator: &Operator,
    new: &NewLoan,
) -> Result<Loan, LendError> {
    rules::vetted(operator, tx.now()).map_err(LendError::Refused)?;
    check_words(&new.reason, &new.ticket, new.hours)?;
    if new.terms.parts().is_empty() {
        return Err(LendError::Nothing);
    }
    if !by.grants().may_lend(&new.terms) {
        return Err(LendError::Beyond);
    }
    if new.environment == Environment::Sandbox && sandbox::known(tx)?.is_none() {
        return Err(LendError::NoSandbox);
    }
    if store::live(tx)?.len() >= MAX_LIVE_LOANS {
        return Err(LendError::TooMany);
    }
    if let Some(request) = new.request {
        let asked = store::requests(tx)?;
        let theirs = |one: &&super::Request| one.id == request && one.operator == operator.id;
        if !asked.iter().any(|one| theirs(&one)) || !store::answer(tx, request, "granted")? {
            return Err(LendError::Unknown);
        }
    }
    let id = LoanId::new(tx.now(), tx.entropy());
    let expires_at = plus_minutes(tx.now(), i64::from(new.hours) * 60);
    store::insert_loan(tx, id, operator, new, expires_at)?;
    let detail = format!("{} {} {}", operator.id, new.environment.code(), new.terms);
    audit::record(tx, Act::AccessGranted, id, &detail)?;
    access::tell_owners(tx, Notice::AccessGranted)?;
    tx.wake_at(expires_at);
    store::loan(tx, id)?.ok_or(LendError::Unknown)
}

/// One loan.
///
/// # Errors
/// Those of the store.
pub fn loan(tx: &Tx<'_>, id: LoanId) -> Result<Option<Loan>, Error> {
    store::loan(tx, id)
}

/// Every loan, the newest first: at most as many as are listed.
///
/// # Errors
/// Those of the store.
pub fn loans(tx: &Tx<'_>) -> Result<Vec<Loan>, Error> {
    store::loans(tx)
}

/// Takes a loan back: from this instant it opens nothing, and its key goes.
///
/// # Errors
/// [`LendError::Unknown`] when there is none that lives; those of the store.
pub fn end(tx: &Tx<'_>, _: &May<GrantAccess>, id: LoanId) -> Result<(), LendError> {
    let ended = store::loan(tx, id)?.filter(|loan| loan.ended.is_none());
    let loan = ended.ok_or(LendError::Unknown)?;
    let why = if loan.is_live(tx.now()) {
        Why::Revoked
    } else {
        Why::Expired
    };
    end_one(tx, &loan, why)?;
    Ok(())
}

/// Ends loans whose time is over; tells how many. They opened nothing since then.
///
/// # Errors
/// Those of the store.
pub fn end_expired(tx: &Tx<'_>) -> Result<usize, Error> {
    let over = store::expired(tx)?;
    for loan in &over {
        end_one(tx, loan, Why::Expired)?;
    }
    if over.is_empty() {
        tx.keep_revision();
    }
    if let Some(next) = store::next_expiry(tx)? {
        tx.wake_at(next);
    }
    Ok(over.len())
}

/// Ends every loan of the sandbox, which is about to be another one or none.
pub(super) fn end_sandboxed(tx: &Tx<'_>) -> Result<(), Error> {
    let all = store::live(tx)?.into_iter();
    for loan in all.filter(|loan| loan.environment == Environment::Sandbox) {
        end_one(tx, &loan, Why::Revoked)?;
    }
    Ok(())
}

fn end_one(tx: &Tx<'_>, loan: &Loan, why: Why) -> Result<(), Error> {
    let at = match why {
        Why::Expired => loan.expires_at,
        Why::Revoked => tx.now(),
    };
    store::end(tx, loan.id, at, why)?;
    audit::record(tx, Act::AccessEnded, loan.id, why.code())?;
    access::tell_owners(tx, Notice::AccessEnded)
}
