//! An operator inside: whether the loan holds, and what is written down of every page and act.

use jiff::Timestamp;
use kept_base::store::{Entry, Error, KeyId, Tx};

use super::{Environment, LendError, Loan, Refusal, is_line, rules, store};
use crate::access::{self, Right, Terms, Way};
use crate::audit::{self, Act};
use crate::ids::{LoanId, LoanUseId, PersonId};
use crate::messaging::Notice;
use crate::people;
use crate::policy::May;
use crate::policy::rights::GrantAccess;

/// Most uses that are listed on one page.
pub const MAX_LISTED_USES: u32 = 100;
/// Most uses in one file.
pub const MAX_USES_IN_FILE: u32 = 50_000;
/// Longest note of a flag, in characters.
pub const MAX_FLAG_CHARS: usize = 500;
/// Most people whom one page or act may show; one that would show more is not answered, because nobody is shown
/// who is not written down.
pub const MAX_SHOWN_PEOPLE: usize = 5_000;

/// What came of a use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was let through.
    Allowed,
    /// The loan holds and does not cover it.
    Refused,
}

impl Outcome {
    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Refused => "refused",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        [Self::Allowed, Self::Refused]
            .into_iter()
            .find(|one| one.code() == code)
    }
}

/// A page or act that is about to be answered.
#[derive(Debug, Clone)]
pub struct NewUse {
    /// `get` or `post`.
    pub method: &'static str,
    /// The route, with its parameters in braces.
    pub route: String,
    /// The ids in its address.
    pub subjects: Vec<String>,
}

/// One page or act, as it was written down.
#[derive(Debug, Clone)]
pub struct Use {
    /// Its id.
    pub id: LoanUseId,
    /// By which loan.
    pub loan: LoanId,
    /// When.
    pub at: Timestamp,
    /// `get` or `post`.
    pub method: String,
    /// The route, with its parameters in braces.
    pub route: String,
    /// The ids in its address, parted by spaces.
    pub subjects: String,
    /// The ids of the people who were shown as who they are, parted by spaces.
    pub people: String,
    /// What came of it.
    pub outcome: Outcome,
    /// When it was flagged, and what was said of it.
    pub flag: Option<(Timestamp, String)>,
}

/// An operator who was let in.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// By which loan.
    pub loan: Loan,
    /// What counts of its terms.
    pub terms: Terms,
    /// Where what they do is written down; none for what shows nothing.
    pub used: Option<LoanUseId>,
}

/// The loan and the terms that count; or why not, with the loan where there is one.
type Decided = Result<(Loan, Terms), (Option<Loan>, Refusal)>;

fn decided(
    tx: &Tx<'_>,
    entry: &Entry,
    environment: Environment,
    rights: (&[Right], Way),
) -> Result<Decided, Error> {
    let found = entry.loan().parse::<LoanId>().ok();
    let found = found.map(|id| store::loan(tx, id)).transpose()?.flatten();
    let Some(loan) = found else {
        return Ok(Err((None, Refusal::Ended)));
    };
    let done = rules::decide(&loan, entry.operator(), environment, rights, tx.now());
    Ok(match (done, loan.sealed_terms.clone()) {
        (Ok(()), Some(terms)) => Ok((loan, terms)),
        (Ok(()), None) => Err((Some(loan), Refusal::KeyGone)),
        (Err(refusal), _) => Err((Some(loan), refusal)),
    })
}

/// The terms by which the operator of `entry` may use `rights` in this way, in this transaction of the
/// organization that lent it.
///
/// # Errors
/// Those of the store; inside, why not.
pub fn check(
    tx: &Tx<'_>,
    entry: &Entry,
    environment: Environment,
    rights: (&[Right], Way),
) -> Result<Result<Terms, Refusal>, Error> {
    let decided = decided(tx, entry, environment, rights)?;
    Ok(decided
        .map(|(_, terms)| terms)
        .map_err(|(_, refusal)| refusal))
}

/// As [`check`], and writes the use down; the first one is told to the owners. What a loan that holds
/// does not cover is written down as well.
///
/// # Errors
/// Those of the store; inside, why not.
pub fn admit(
    tx: &Tx<'_>,
    entry: &Entry,
    environment: Environment,
    rights: (&[Right], Way),
    new: Option<&NewUse>,
) -> Result<Result<Admitted, Refusal>, Error> {
    let (loan, terms) = match decided(tx, entry, environment, rights)? {
        Ok(found) => found,
        Err((Some(loan), Refusal::Uncovered)) => {
            if let Some(new) = new {
                write_down(tx, &loan, new, Outcome::Refused)?;
            }
            return Ok(Err(Refusal::Uncovered));
        }
        Err((_, refusal)) => return Ok(Err(refusal)),
    };
    let used = new.map(|new| write_down(tx, &loan, new, Outcome::Allowed));
    let used = used.transpose()?;
    if used.is_some() && store::use_first(tx, loan.id)? {
        access::tell_owners(tx, Notice::AccessUsed)?;
    }
    Ok(Ok(Admitted { loan, terms, used }))
}

fn write_down(
    tx: &Tx<'_>,
    loan: &Loan,
    new: &NewUse,
    outcome: Outcome,
) -> Result<LoanUseId, Error> {
    let id = LoanUseId::new(tx.now(), tx.entropy());
    store::insert_use(tx, (id, loan.id), new, outcome)?;
    Ok(id)
}

/// Writes down who was shown by a use: whoever these keys belong to. `false` when that would be more than
/// [`MAX_SHOWN_PEOPLE`]; then they must not be shown.
///
/// # Errors
/// Those of the store.
pub fn note_people(tx: &Tx<'_>, used: LoanUseId, keys: &[KeyId]) -> Result<bool, Error> {
    let people = people::whose_keys(tx, keys)?;
    if people.is_empty() {
        return Ok(true);
    }
    let ids: Vec<String> = people.iter().map(PersonId::to_string).collect();
    store::note_people(tx, used, ids, MAX_SHOWN_PEOPLE)
}

/// Uses, the newest first, of one loan or of all; at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn uses(tx: &Tx<'_>, of: Option<LoanId>, limit: u32) -> Result<Vec<Use>, Error> {
    store::uses(tx, of, limit)
}

/// Flags a use, with what the organization says of it; gives the loan it was by. A second time changes
/// nothing.
///
/// # Errors
/// [`LendError::Unknown`], [`LendError::Reason`]; those of the store.
pub fn flag(
    tx: &Tx<'_>,
    _: &May<GrantAccess>,
    id: LoanUseId,
    note: &str,
) -> Result<Loan, LendError> {
    if !is_line(note, MAX_FLAG_CHARS) {
        return Err(LendError::Reason);
    }
    let loan = store::loan_of_use(tx, id)?.ok_or(LendError::Unknown)?;
    let loan = store::loan(tx, loan)?.ok_or(LendError::Unknown)?;
    if store::flag(tx, id, note.trim())? {
        audit::record(tx, Act::AccessFlagged, id, &loan.id.to_string())?;
    }
    Ok(loan)
}

/// Uses as a file for spreadsheet programs, with the loan each was by. Nothing in it is a formula.
///
/// # Errors
/// [`Error::Decode`] when the file cannot be written; those of the store.
pub fn csv(tx: &Tx<'_>, of: Option<LoanId>) -> Result<Vec<u8>, Error> {
    let loans = store::loans(tx)?;
    let mut file = csv::Writer::from_writer(Vec::new());
    let unwritten = |_| Error::Decode("file of uses");
    let head = [
        "at",
        "grant",
        "operator",
        "environment",
        "ticket",
        "method",
        "route",
        "ids",
        "people",
        "outcome",
        "flagged",
        "note",
    ];
    file.write_record(head).map_err(unwritten)?;
    for one in store::uses(tx, of, MAX_USES_IN_FILE)? {
        let loan = loans.iter().find(|loan| loan.id == one.loan);
        let (flagged, note) = match &one.flag {
            Some((at, note)) => (at.to_string(), note.clone()),
            None => Default::default(),
        };
        let cells = [
            one.at.to_string(),
            one.loan.to_string(),
            loan.map(|loan| loan.operator.to_string())
                .unwrap_or_default(),
            loan.map_or("", |loan| loan.environment.code()).to_owned(),
            loan.map(|loan| loan.ticket.clone()).unwrap_or_default(),
            one.method,
            one.route,
            one.subjects,
            one.people,
            one.outcome.code().to_owned(),
            flagged,
            note,
        ];
        file.write_record(cells.map(|cell| people::harmless(&cell)))
            .map_err(unwritten)?;
    }
    file.into_inner().map_err(|_| Error::Decode("file of uses"))
}
