//! Operators' signed-in browsers, known by the hash of a token; and what operators did.

use jiff::Timestamp;

use super::Control;
use super::operators::{By, COLUMN_COUNT, COLUMNS, end_sessions, read};
use crate::kit::{Actor, Entropy, OperatorId, OperatorSessionId, TokenHash};
use crate::params;
use crate::store::Error;
use crate::store::operators::{
    MAX_LISTED_ACTS, OperatorAct, OperatorActKind, OperatorSession, OperatorState,
};

impl Control {
    /// Starts a session of an active account; sessions and links that ran out are removed. By a `password`
    /// alone it begins only while that is still the hash of it, and no second factor is on: both may have
    /// changed while it was checked.
    pub fn start_operator_session(
        &self,
        id: OperatorId,
        password: Option<&str>,
        hash: TokenHash,
        expires_at: Timestamp,
        (now, entropy): (Timestamp, &Entropy),
    ) -> Result<bool, Error> {
        let session_id = OperatorSessionId::new(now, entropy);
        self.with(|session| {
            session.execute(
                "delete from operator_session where expires_at <= $1",
                params![now],
            )?;
            session.execute(
                "delete from operator_link where expires_at <= $1",
                params![now],
            )?;
            let active = session.execute(
                "update operator_account set last_used_at = $2
                 where id = $1 and state = $3 and (cast($4 as text) is null or password = $4
                     and not exists (select 1 from operator_factor f
                         where f.operator_id = $1 and f.confirmed_at is not null))",
                params![id, now, OperatorState::Active.code(), password],
            )?;
            if active == 0 {
                return Ok(false);
            }
            session.execute(
                "insert into operator_session (id, token_hash, operator_id, created_at, seen_at,
                                               expires_at)
                 values ($1, $2, $3, $4, $4, $5)",
                params![session_id, hash, id, now, expires_at],
            )?;
            let author = Actor::operator(id);
            let by = By {
                author: &author,
                now,
                entropy,
            };
            by.record(session, OperatorActKind::SignedIn, &id.to_string(), "")?;
            Ok(true)
        })
    }

    /// The living session of an active account. Its use is written down when the last one was before
    /// `noted_before`.
    pub fn operator_session(
        &self,
        hash: TokenHash,
        idle_since: Timestamp,
        noted_before: Timestamp,
        now: Timestamp,
    ) -> Result<Option<OperatorSession>, Error> {
        let sql = format!(
            "select {COLUMNS}, s.id, s.seen_at
             from operator_session s join operator_account a on a.id = s.operator_id
             where s.token_hash = $1 and s.expires_at > $2 and s.seen_at > $3 and a.state = $4"
        );
        let active = OperatorState::Active.code();
        self.with(|session| {
            let found = session.query_opt(&sql, params![hash, now, idle_since, active], |row| {
                let seen_at: Timestamp = row.get(COLUMN_COUNT + 1)?;
                Ok((read(row)?, row.get(COLUMN_COUNT)?, seen_at))
            })?;
            let Some((operator, id, seen_at)) = found else {
                return Ok(None);
            };
            if seen_at < noted_before {
                session.execute(
                    "update operator_session set seen_at = $2 where id = $1",
                    params![id, now],
                )?;
                session.execute(
                    "update operator_account set last_used_at = $2 where id = $1",
                    params![operator.id, now],
                )?;
            }
            Ok(Some(OperatorSession { id, operator }))
        })
    }

    /// Ends one session, or with `None` every session of an operator. Tells how many.
    pub fn end_operator_sessions(
        &self,
        operator: OperatorId,
        only: Option<OperatorSessionId>,
        by: By<'_>,
    ) -> Result<usize, Error> {
        self.with(|session| {
            let ended = match only {
                Some(id) => session.execute(
                    "delete from operator_session where id = $1 and operator_id = $2",
                    params![id, operator],
                )?,
                None => end_sessions(session, operator, None)?,
            };
            if ended > 0 {
                let act = OperatorActKind::SessionsEnded;
                by.record(session, act, &operator.to_string(), "")?;
            }
            Ok(ended)
        })
    }

    /// The newest acts first.
    pub fn operator_acts(&self, limit: u32) -> Result<Vec<OperatorAct>, Error> {
        self.with(|session| {
            session.query(
                "select at, author, act, subject, reason from operator_act
                 order by at desc, id desc limit $1",
                params![limit.min(MAX_LISTED_ACTS)],
                |row| {
                    Ok(OperatorAct {
                        at: row.get(0)?,
                        author: row.get(1)?,
                        act: OperatorActKind::from_code(row.borrow(2)?)?,
                        subject: row.get(3)?,
                        reason: row.get(4)?,
                    })
                },
            )
        })
    }
}
