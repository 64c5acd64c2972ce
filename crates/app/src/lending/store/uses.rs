use std::collections::BTreeSet;

use jiff::Timestamp;
use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::ids::{LoanId, LoanUseId};
use crate::lending::{NewUse, Outcome, Use};

pub(in crate::lending) fn insert_use(
    tx: &Tx<'_>,
    (id, loan): (LoanUseId, LoanId),
    new: &NewUse,
    outcome: Outcome,
) -> Result<(), Error> {
    tx.execute(
        "insert into loan_use (id, loan_id, at, method, route, subjects, people, outcome)
         values ($1, $2, $3, $4, $5, $6, '', $7)",
        params![
            id,
            loan,
            tx.now(),
            new.method,
            new.route,
            new.subjects.join(" "),
            outcome.code()
        ],
    )?;
    Ok(())
}

/// A page asks more than once: what each time showed is added. `false` when that would be more than `most`.
pub(in crate::lending) fn note_people(
    tx: &Tx<'_>,
    id: LoanUseId,
    ids: Vec<String>,
    most: usize,
) -> Result<bool, Error> {
    let before = tx.query_opt(
        "select people from loan_use where id = $1",
        params![id],
        |row| row.get::<String>(0),
    )?;
    let before = before.unwrap_or_default();
    let mut all: BTreeSet<String> = before.split_whitespace().map(str::to_owned).collect();
    all.extend(ids);
    if all.len() > most {
        return Ok(false);
    }
    let all: Vec<String> = all.into_iter().collect();
    tx.execute(
        "update loan_use set people = $2 where id = $1",
        params![id, all.join(" ")],
    )?;
    Ok(true)
}

pub(in crate::lending) fn uses(
    tx: &Tx<'_>,
    of: Option<LoanId>,
    limit: u32,
) -> Result<Vec<Use>, Error> {
    tx.query(
        "select id, loan_id, at, method, route, subjects, people, outcome, flagged_at, note
         from loan_use where cast($1 as text) is null or loan_id = $1
         order by at desc, id desc limit $2",
        params![of.map(|id| id.to_string()), limit],
        |row| {
            let (flagged_at, note): (Option<Timestamp>, Option<String>) =
                (row.get(8)?, row.get(9)?);
            Ok(Use {
                id: row.get(0)?,
                loan: row.get(1)?,
                at: row.get(2)?,
                method: row.get(3)?,
                route: row.get(4)?,
                subjects: row.get(5)?,
                people: row.get(6)?,
                outcome: Outcome::from_code(row.borrow(7)?).ok_or(Error::Decode("outcome"))?,
                flag: flagged_at.map(|at| (at, note.unwrap_or_default())),
            })
        },
    )
}

pub(in crate::lending) fn loan_of_use(tx: &Tx<'_>, id: LoanUseId) -> Result<Option<LoanId>, Error> {
    tx.query_opt(
        "select loan_id from loan_use where id = $1",
        params![id],
        |row| row.get(0),
    )
}

/// `false` when it was flagged before.
pub(in crate::lending) fn flag(tx: &Tx<'_>, id: LoanUseId, note: &str) -> Result<bool, Error> {
    let flagged = tx.execute(
        "update loan_use set flagged_at = $2, flagged_by = $3, note = $4
         where id = $1 and flagged_at is null",
        params![id, tx.now(), tx.actor().to_string(), note],
    )?;
    Ok(flagged == 1)
}
