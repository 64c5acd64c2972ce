//! Conduct cases.

use jiff::Timestamp;

use super::Control;
use super::operators::{By, find};
use crate::kit::{OperatorId, OrganizationId};
use crate::params;
use crate::store::operators::{ConductCase, MAX_CONDUCT_CASES, NewCase, OperatorActKind};
use crate::store::{Error, Row};

fn read(row: &Row<'_>) -> Result<ConductCase, Error> {
    let (outcome, settled_at): (Option<String>, Option<Timestamp>) = (row.get(6)?, row.get(7)?);
    Ok(ConductCase {
        case: NewCase {
            use_id: row.get(0)?,
            organization: row.get(1)?,
            loan: row.get(2)?,
            operator: row.get(3)?,
            note: row.get(4)?,
        },
        flagged_at: row.get(5)?,
        outcome: outcome.zip(settled_at),
    })
}

impl Control {
    pub fn file_case(&self, case: &NewCase, now: Timestamp) -> Result<(), Error> {
        self.with(|session| {
            session.execute(
                "insert into conduct_case (use_id, organization_id, loan_id, operator_id, note,
                     flagged_at)
                 values ($1, $2, $3, $4, $5, $6) on conflict (use_id) do nothing",
                params![
                    case.use_id,
                    case.organization,
                    case.loan,
                    case.operator,
                    case.note,
                    now
                ],
            )?;
            Ok(())
        })
    }

    pub fn cases(&self, of: Option<OrganizationId>) -> Result<Vec<ConductCase>, Error> {
        self.with(|session| {
            session.query(
                "select use_id, organization_id, loan_id, operator_id, note, flagged_at, outcome,
                     settled_at
                 from conduct_case
                 where cast($1 as text) is null or organization_id = $1
                 order by case when outcome is null then 0 else 1 end, flagged_at desc, use_id
                 limit $2",
                params![of.map(|id| id.to_string()), MAX_CONDUCT_CASES],
                read,
            )
        })
    }

    pub fn settle_case(
        &self,
        use_id: &str,
        outcome: &str,
        author: OperatorId,
        by: By<'_>,
    ) -> Result<bool, Error> {
        self.with(|session| {
            let about = session.query_opt(
                "select operator_id from conduct_case where use_id = $1",
                params![use_id],
                |row| row.get::<OperatorId>(0),
            )?;
            let about = about.map(|id| find(session, id)).transpose()?.flatten();
            let both = about.zip(find(session, author)?);
            if !both.is_some_and(|(about, author)| author.is_apart_from(&about)) {
                return Ok(false);
            }
            let settled = session.execute(
                "update conduct_case set outcome = $2, settled_by = $3, settled_at = $4
                 where use_id = $1 and outcome is null",
                params![use_id, outcome, author, by.now],
            )?;
            if settled == 0 {
                return Ok(false);
            }
            by.record(session, OperatorActKind::ConductSettled, use_id, "")?;
            Ok(true)
        })
    }
}
