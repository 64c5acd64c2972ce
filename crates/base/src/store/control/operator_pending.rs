//! Sign-ins of operators that wait for a code.

use jiff::Timestamp;

use super::Control;
use super::operators::{COLUMN_COUNT, COLUMNS, read};
use crate::kit::{OperatorId, TokenHash};
use crate::params;
use crate::store::operators::OperatorState;
use crate::store::{Error, Operator};

impl Control {
    /// Keeps a sign-in that waits for a code, while `password` is still the hash of the password; those that
    /// ran out go. `false` when it has changed meanwhile.
    pub fn put_operator_pending(
        &self,
        (id, password): (OperatorId, &str),
        (hash, expires_at): (TokenHash, Timestamp),
        now: Timestamp,
    ) -> Result<bool, Error> {
        self.with(|session| {
            session.execute(
                "delete from operator_pending where expires_at <= $1",
                params![now],
            )?;
            let waits = session.execute(
                "insert into operator_pending (token_hash, operator_id, failures, expires_at)
                 select $1, id, 0, $3 from operator_account where id = $2 and password = $4",
                params![hash, id, expires_at, password],
            )?;
            Ok(waits > 0)
        })
    }

    /// Whose sign-in waits, as long as they are let in, and how many wrong codes there were.
    pub fn operator_pending(
        &self,
        hash: TokenHash,
        now: Timestamp,
    ) -> Result<Option<(Operator, u32)>, Error> {
        let sql = format!(
            "select {COLUMNS}, p.failures
             from operator_pending p join operator_account a on a.id = p.operator_id
             where p.token_hash = $1 and p.expires_at > $2 and a.state = $3"
        );
        let active = OperatorState::Active.code();
        self.with(|session| {
            session.query_opt(&sql, params![hash, now, active], |row| {
                Ok((read(row)?, row.get(COLUMN_COUNT)?))
            })
        })
    }

    /// Counts a wrong code of a sign-in that waits; with as many as `most` it is over.
    pub fn fail_operator_pending(&self, hash: TokenHash, most: u32) -> Result<u32, Error> {
        self.with(|session| {
            let failures = session.query_opt(
                "update operator_pending set failures = failures + 1 where token_hash = $1
                 returning failures",
                params![hash],
                |row| row.get::<u32>(0),
            )?;
            let failures = failures.unwrap_or(most);
            if failures >= most {
                session.execute(
                    "delete from operator_pending where token_hash = $1",
                    params![hash],
                )?;
            }
            Ok(failures)
        })
    }

    /// A sign-in waits no more; `false` when it did not.
    pub fn end_operator_pending(&self, hash: TokenHash) -> Result<bool, Error> {
        self.with(|session| {
            let ended = session.execute(
                "delete from operator_pending where token_hash = $1",
                params![hash],
            )?;
            Ok(ended > 0)
        })
    }
}
