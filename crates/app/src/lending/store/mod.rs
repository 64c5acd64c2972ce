mod requests;
mod sandbox;
mod uses;

use jiff::Timestamp;
use kept_base::params;
use kept_base::store::{Error, KeyId, Operator, Row, Tx};

pub(super) use requests::{answer, insert_request, requests};
pub(super) use sandbox::{known, put, take_out};
pub(super) use uses::{flag, insert_use, loan_of_use, note_people, uses};

use super::{Environment, Loan, NewLoan, Why};
use crate::access::Terms;
use crate::ids::LoanId;

/// Most loans that are listed.
const MAX_LISTED_LOANS: u32 = 200;

const COLUMNS: &str = "id, operator_id, operator_name, environment, terms, reason, ticket,
     granted_by, granted_at, expires_at, first_used_at, ended_at, ended_why, key_id, sealed_terms";

fn place(id: LoanId) -> String {
    format!("loan.sealed_terms {id}")
}

/// Writes a loan down, with a fresh key of its own.
pub(super) fn insert_loan(
    tx: &Tx<'_>,
    id: LoanId,
    operator: &Operator,
    new: &NewLoan,
    expires_at: Timestamp,
) -> Result<(), Error> {
    let (key_id, key) = tx.person_keys()?.fresh()?;
    let terms = new.terms.to_string();
    let sealed = key.seal(&place(id), &terms, tx.entropy());
    tx.execute(
        "insert into loan (id, request_id, operator_id, operator_name, environment, terms, key_id,
             sealed_terms, reason, ticket, granted_by, granted_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        params![
            id,
            new.request.map(|id| id.to_string()),
            operator.id,
            operator.name,
            new.environment.code(),
            terms,
            key_id,
            sealed,
            new.reason.trim(),
            new.ticket.trim(),
            tx.actor().to_string(),
            tx.now(),
            expires_at
        ],
    )?;
    Ok(())
}

/// A row, and what its sealed terms need to be opened.
struct Stored {
    loan: Loan,
    key_id: Option<KeyId>,
    sealed: Vec<u8>,
}

fn read(row: &Row<'_>) -> Result<Stored, Error> {
    let (ended_at, ended_why): (Option<Timestamp>, Option<String>) = (row.get(11)?, row.get(12)?);
    let why = ended_why.as_deref().and_then(Why::from_code);
    let environment = Environment::from_code(row.borrow(3)?);
    Ok(Stored {
        loan: Loan {
            id: row.get(0)?,
            operator: row.get(1)?,
            operator_name: row.get(2)?,
            environment: environment.ok_or(Error::Decode("environment"))?,
            terms: Terms::parse(row.borrow(4)?).ok_or(Error::Decode("terms"))?,
            sealed_terms: None,
            reason: row.get(5)?,
            ticket: row.get(6)?,
            granted_by: row.get(7)?,
            granted_at: row.get(8)?,
            expires_at: row.get(9)?,
            first_used_at: row.get(10)?,
            ended: ended_at.map(|at| (at, why.unwrap_or(Why::Revoked))),
        },
        key_id: row.get(13)?,
        sealed: row.get(14)?,
    })
}

/// One loan, with the terms that count as long as its key is there.
pub(super) fn loan(tx: &Tx<'_>, id: LoanId) -> Result<Option<Loan>, Error> {
    let sql = format!("select {COLUMNS} from loan where id = $1");
    let Some(stored) = tx.query_opt(&sql, params![id], read)? else {
        return Ok(None);
    };
    let mut loan = stored.loan;
    let key = stored.key_id.filter(|_| loan.ended.is_none());
    let key = key.map(|id| tx.person_keys()?.get(id)).transpose()?;
    if let Some(key) = key.flatten() {
        loan.sealed_terms = Terms::parse(&key.open(&place(id), &stored.sealed)?);
    }
    Ok(Some(loan))
}

/// Every loan, without the terms that count.
pub(super) fn loans(tx: &Tx<'_>) -> Result<Vec<Loan>, Error> {
    let sql = format!("select {COLUMNS} from loan order by granted_at desc, id desc limit $1");
    tx.query(&sql, params![MAX_LISTED_LOANS], |row| Ok(read(row)?.loan))
}

/// Loans that have not ended and whose time is not over.
pub(super) fn live(tx: &Tx<'_>) -> Result<Vec<Loan>, Error> {
    let sql = format!("select {COLUMNS} from loan where ended_at is null and expires_at > $1");
    tx.query(&sql, params![tx.now()], |row| Ok(read(row)?.loan))
}

/// Loans whose time is over and that were not ended.
pub(super) fn expired(tx: &Tx<'_>) -> Result<Vec<Loan>, Error> {
    let sql = format!("select {COLUMNS} from loan where ended_at is null and expires_at <= $1");
    tx.query(&sql, params![tx.now()], |row| Ok(read(row)?.loan))
}

/// When the next loan's time is over.
pub(super) fn next_expiry(tx: &Tx<'_>) -> Result<Option<Timestamp>, Error> {
    let sql = "select min(expires_at) from loan where ended_at is null";
    let next = tx.query_opt(sql, &[], |row| row.get::<Option<Timestamp>>(0))?;
    Ok(next.flatten())
}

/// Ends a loan. Its key is destroyed once this has committed.
pub(super) fn end(tx: &Tx<'_>, id: LoanId, at: Timestamp, why: Why) -> Result<(), Error> {
    let key = tx.query_opt(
        "select key_id from loan where id = $1",
        params![id],
        |row| row.get::<Option<KeyId>>(0),
    )?;
    if let Some(key) = key.flatten() {
        tx.retire_key(key)?;
    }
    tx.execute(
        "update loan set ended_at = $2, ended_why = $3, key_id = null where id = $1",
        params![id, at, why.code()],
    )?;
    Ok(())
}

/// Notes the first use; `false` when there was one.
pub(super) fn use_first(tx: &Tx<'_>, id: LoanId) -> Result<bool, Error> {
    let first = tx.execute(
        "update loan set first_used_at = $2 where id = $1 and first_used_at is null",
        params![id, tx.now()],
    )?;
    Ok(first == 1)
}
