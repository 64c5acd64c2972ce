//! Whether an operator may, by a loan: a decision from plain values, looked at with every request and
//! again in every transaction of it.

use jiff::Timestamp;
use kept_base::store::{Operator, OperatorKind, OperatorState};

use super::{Environment, Loan};
use crate::access::{Right, Way};

/// Why not. What an operator is told does not depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The loan is somebody else's: of another account, or of whoever had this one before.
    #[error("the grant is another operator's")]
    Another,
    /// The operator is suspended.
    #[error("the operator is suspended")]
    Suspended,
    /// The operator's qualification was never said or has run out.
    #[error("the operator is not qualified")]
    Unqualified,
    /// The operator has not signed a confidentiality agreement.
    #[error("the operator has not signed a confidentiality agreement")]
    Unsigned,
    /// The operator is a partner's and stands in no register.
    #[error("the partner has no register entry")]
    Unregistered,
    /// There is no such loan, or it was ended.
    #[error("the grant has ended")]
    Ended,
    /// Its time is over.
    #[error("the grant has expired")]
    Expired,
    /// Its key is gone, so that its terms cannot be read.
    #[error("the grant's key is gone")]
    KeyGone,
    /// It is for the other environment.
    #[error("the grant is for another environment")]
    Environment,
    /// It does not cover this.
    #[error("the grant does not cover this")]
    Uncovered,
    /// The operator is outside of the networks that hold for all roles.
    #[error("the operator is outside")]
    Outside,
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Another => "another",
            Self::Suspended => "suspended",
            Self::Unqualified => "unqualified",
            Self::Unsigned => "unsigned",
            Self::Unregistered => "unregistered",
            Self::Ended => "ended",
            Self::Expired => "expired",
            Self::KeyGone => "key-gone",
            Self::Environment => "environment",
            Self::Uncovered => "uncovered",
            Self::Outside => "outside",
        }
    }
}

/// Whether an operator can be let in at all at `now`.
///
/// # Errors
/// [`Refusal`] says what is missing.
pub fn vetted(operator: &Operator, now: Timestamp) -> Result<(), Refusal> {
    let vetting = &operator.vetting;
    if operator.state != OperatorState::Active {
        return Err(Refusal::Suspended);
    }
    if vetting.qualified_until.is_none_or(|until| until <= now) {
        return Err(Refusal::Unqualified);
    }
    if vetting.confidentiality_signed_at.is_none_or(|at| now < at) {
        return Err(Refusal::Unsigned);
    }
    let entry = vetting.register_entry.as_deref().unwrap_or_default();
    if vetting.kind == OperatorKind::Partner && entry.trim().is_empty() {
        return Err(Refusal::Unregistered);
    }
    Ok(())
}

/// Decides whether `operator` may use all of `rights` in this way, in this environment, at `now`, by
/// `loan`.
///
/// # Errors
/// The first [`Refusal`] that stands against it.
pub fn decide(
    loan: &Loan,
    operator: &Operator,
    environment: Environment,
    (rights, way): (&[Right], Way),
    now: Timestamp,
) -> Result<(), Refusal> {
    if loan.operator != operator.id {
        return Err(Refusal::Another);
    }
    // Whoever set the password by a link since need not be whom the organization let in.
    if operator
        .held_since
        .is_some_and(|since| loan.granted_at < since)
    {
        return Err(Refusal::Another);
    }
    vetted(operator, now)?;
    if loan.ended.is_some() {
        return Err(Refusal::Ended);
    }
    // A clock that was set back to before the loan shows nothing either.
    if now < loan.granted_at || loan.expires_at <= now {
        return Err(Refusal::Expired);
    }
    let terms = loan.sealed_terms.as_ref().ok_or(Refusal::KeyGone)?;
    if loan.environment != environment {
        return Err(Refusal::Environment);
    }
    let covered = !rights.is_empty() && rights.iter().all(|right| terms.allow(*right, way));
    if covered {
        Ok(())
    } else {
        Err(Refusal::Uncovered)
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
