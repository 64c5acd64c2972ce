//! An operator asks to be let in. All that reaches the organization's data is the wish itself.

use jiff::Timestamp;
use kept_base::kit::{Actor, OperatorId, OrganizationId};
use kept_base::store::{Error, Operator, Store, Tx};

use super::{Environment, LendError, check_words, rules, store};
use crate::access::{self, Terms};
use crate::audit::{self, Act};
use crate::ids::AccessRequestId;
use crate::messaging::Notice;
use crate::policy::May;
use crate::policy::rights::GrantAccess;

/// Most requests of one organization that wait for an answer.
pub const MAX_OPEN_REQUESTS: usize = 20;

/// What an operator asks for.
#[derive(Debug, Clone)]
pub struct Wish {
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

/// A request that waits for an answer.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its id.
    pub id: AccessRequestId,
    /// Whose.
    pub operator: OperatorId,
    /// What they are called.
    pub operator_name: String,
    /// What they ask for.
    pub wish: Wish,
    /// When they asked.
    pub asked_at: Timestamp,
}

/// Asks for access, and writes to the owners. One wish of an operator waits at a time.
///
/// # Errors
/// [`LendError`] says what is wrong with the wish; those of the store.
pub fn ask(tx: &Tx<'_>, operator: &Operator, wish: &Wish) -> Result<AccessRequestId, LendError> {
    rules::vetted(operator, tx.now()).map_err(LendError::Refused)?;
    check_words(&wish.reason, &wish.ticket, wish.hours)?;
    if wish.terms.parts().is_empty() {
        return Err(LendError::Nothing);
    }
    let open = store::requests(tx)?;
    let waits = open.iter().any(|one| one.operator == operator.id);
    if waits || open.len() >= MAX_OPEN_REQUESTS {
        return Err(LendError::TooMany);
    }
    let id = AccessRequestId::new(tx.now(), tx.entropy());
    store::insert_request(tx, id, operator, wish)?;
    audit::record(tx, Act::AccessAsked, id, &operator.id.to_string())?;
    access::tell_owners(tx, Notice::AccessAsked)?;
    Ok(id)
}

/// As [`ask`], as one transaction in the name of the operator: the one thing that an operator without
/// a loan does in an organization's data, and it answers nothing but the id.
///
/// # Errors
/// As [`ask`].
pub async fn ask_at(
    store: &Store,
    organization: OrganizationId,
    operator: Operator,
    wish: Wish,
) -> Result<AccessRequestId, LendError> {
    let author = Actor::operator(operator.id);
    let ask = move |tx: &Tx<'_>| ask(tx, &operator, &wish);
    store.write(organization, author, ask).await
}

/// The requests that wait for an answer, the oldest first.
///
/// # Errors
/// Those of the store.
pub fn requests(tx: &Tx<'_>) -> Result<Vec<Request>, Error> {
    store::requests(tx)
}

/// Says no to a request.
///
/// # Errors
/// [`LendError::Unknown`]; those of the store.
pub fn decline(tx: &Tx<'_>, _: &May<GrantAccess>, id: AccessRequestId) -> Result<(), LendError> {
    if !store::answer(tx, id, "declined")? {
        return Err(LendError::Unknown);
    }
    audit::record(tx, Act::AccessDeclined, id, "")?;
    Ok(())
}
