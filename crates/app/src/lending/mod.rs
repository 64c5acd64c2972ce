//! Access on grant: an organization lets one operator of the installation in, to some parts of its
//! desk, in one environment, for a reason, for a time. Without that an operator sees nothing of it.
//!
//! ```text
//! ask       an operator's wish, which owners see and answer
//! lend      what an owner grants; the terms stand sealed under a key of the loan's own
//! check     whether a loan holds, in the transaction that is about to use it
//! admit     the same, written down before anything is answered
//! end       at once, with the key
//! ```

mod asking;
mod granting;
pub mod pages;
mod records;
mod rules;
pub mod sandbox;
mod store;
mod using;

use jiff::Timestamp;
use kept_base::kit::OperatorId;
use kept_base::store::Error;

pub use asking::{MAX_OPEN_REQUESTS, Request, Wish, ask, ask_at, decline, requests};
pub use granting::{MAX_LIVE_LOANS, NewLoan, end, end_expired, lend, loan, loans};
pub use records::RECORDS;
pub use rules::{Refusal, decide, vetted};
pub use using::{
    Admitted, MAX_FLAG_CHARS, MAX_LISTED_USES, MAX_SHOWN_PEOPLE, MAX_USES_IN_FILE, NewUse, Outcome,
    Use, admit, check, csv, flag, note_people, uses,
};

use crate::access::Terms;
use crate::ids::LoanId;

/// Longest a loan lives, in hours.
pub const MAX_LOAN_HOURS: u16 = 72;
/// How long a loan lives unless somebody says otherwise, in hours.
pub const LOAN_HOURS: u16 = 4;
/// Longest reason of a loan, in characters.
pub const MAX_LOAN_REASON_CHARS: usize = 300;
/// Longest reference of a ticket, in characters.
pub const MAX_TICKET_CHARS: usize = 60;

/// Where a loan lets somebody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Environment {
    /// The organization as it is.
    Live,
    /// Its sandbox, whose people are invented.
    Sandbox,
}

impl Environment {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Live, Self::Sandbox];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Sandbox => "sandbox",
        }
    }

    /// Reads a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// Why a loan ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Its time was over.
    Expired,
    /// The organization took it back.
    Revoked,
}

impl Why {
    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Expired, Self::Revoked]
            .into_iter()
            .find(|why| why.code() == code)
    }
}

/// Access that was granted to one operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loan {
    /// Its id.
    pub id: LoanId,
    /// To whom.
    pub operator: OperatorId,
    /// What they were called then.
    pub operator_name: String,
    /// Where.
    pub environment: Environment,
    /// What, as it is listed; it lends nothing.
    pub terms: Terms,
    /// What, as it counts: none once the key of the loan is gone.
    pub sealed_terms: Option<Terms>,
    /// Why.
    pub reason: String,
    /// About which ticket.
    pub ticket: String,
    /// Who granted it, as the record names them.
    pub granted_by: String,
    /// When.
    pub granted_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// When it was used first.
    pub first_used_at: Option<Timestamp>,
    /// When and why it ended.
    pub ended: Option<(Timestamp, Why)>,
}

impl Loan {
    /// Whether it can be used at `now`, whoever the operator is by then.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended.is_none() && self.granted_at <= now && now < self.expires_at
    }
}

/// Why something about access is refused.
#[derive(Debug, thiserror::Error)]
pub enum LendError {
    /// There is no such request, loan or use.
    #[error("there is no such grant")]
    Unknown,
    /// The reason says nothing, or more than [`MAX_LOAN_REASON_CHARS`].
    #[error("a reason is missing or too long")]
    Reason,
    /// The ticket is missing or longer than [`MAX_TICKET_CHARS`].
    #[error("a ticket is missing or too long")]
    Ticket,
    /// Not 1 to [`MAX_LOAN_HOURS`] hours.
    #[error("a grant lives 1 to {MAX_LOAN_HOURS} hours")]
    Hours,
    /// Nothing is lent.
    #[error("nothing is granted")]
    Nothing,
    /// More is lent than whoever lends it may see and do.
    #[error("nobody grants more than they may themselves")]
    Beyond,
    /// There is no sandbox.
    #[error("there is no sandbox")]
    NoSandbox,
    /// There are as many as there may be, or a request of this operator waits already.
    #[error("there are too many already")]
    TooMany,
    /// The operator cannot be let in.
    #[error(transparent)]
    Refused(Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Whether a text says something, on one line of at most `most` characters.
pub(crate) fn is_line(text: &str, most: usize) -> bool {
    let chars = text.trim().chars().count();
    (1..=most).contains(&chars) && !text.contains(char::is_control)
}

fn check_words(reason: &str, ticket: &str, hours: u16) -> Result<(), LendError> {
    if !is_line(reason, MAX_LOAN_REASON_CHARS) {
        return Err(LendError::Reason);
    }
    if !is_line(ticket, MAX_TICKET_CHARS) {
        return Err(LendError::Ticket);
    }
    if !(1..=MAX_LOAN_HOURS).contains(&hours) {
        return Err(LendError::Hours);
    }
    Ok(())
}
