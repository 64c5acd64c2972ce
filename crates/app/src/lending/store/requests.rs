use kept_base::params;
use kept_base::store::{Error, Operator, Tx};

use crate::access::Terms;
use crate::ids::AccessRequestId;
use crate::lending::{Environment, Request, Wish};

pub(in crate::lending) fn insert_request(
    tx: &Tx<'_>,
    id: AccessRequestId,
    operator: &Operator,
    wish: &Wish,
) -> Result<(), Error> {
    tx.execute(
        "insert into access_request (id, operator_id, operator_name, environment, terms, hours,
             reason, ticket, state, asked_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9)",
        params![
            id,
            operator.id,
            operator.name,
            wish.environment.code(),
            wish.terms.to_string(),
            i64::from(wish.hours),
            wish.reason.trim(),
            wish.ticket.trim(),
            tx.now()
        ],
    )?;
    Ok(())
}

/// Those that wait for an answer, the oldest first.
pub(in crate::lending) fn requests(tx: &Tx<'_>) -> Result<Vec<Request>, Error> {
    tx.query(
        "select id, operator_id, operator_name, environment, terms, hours, reason, ticket, asked_at
         from access_request where state = 'open' order by asked_at, id",
        &[],
        |row| {
            let environment = Environment::from_code(row.borrow(3)?);
            let hours = u16::try_from(row.get::<i64>(5)?);
            Ok(Request {
                id: row.get(0)?,
                operator: row.get(1)?,
                operator_name: row.get(2)?,
                wish: Wish {
                    environment: environment.ok_or(Error::Decode("environment"))?,
                    terms: Terms::parse(row.borrow(4)?).ok_or(Error::Decode("terms"))?,
                    hours: hours.map_err(|_| Error::Decode("hours"))?,
                    reason: row.get(6)?,
                    ticket: row.get(7)?,
                },
                asked_at: row.get(8)?,
            })
        },
    )
}

/// Answers a request that waits; `false` when there is none.
pub(in crate::lending) fn answer(
    tx: &Tx<'_>,
    id: AccessRequestId,
    state: &str,
) -> Result<bool, Error> {
    let answered = tx.execute(
        "update access_request set state = $2, answered_at = $3 where id = $1 and state = 'open'",
        params![id, state, tx.now()],
    )?;
    Ok(answered == 1)
}
