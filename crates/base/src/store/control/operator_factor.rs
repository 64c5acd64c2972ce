//! Operators' second factors: what an app and Kept share, sealed under the root key; recovery codes as hashes.

use jiff::Timestamp;

use super::Control;
use super::operators::{By, end_sessions};
use crate::kit::{Entropy, OperatorId, OperatorSessionId, TokenHash};
use crate::params;
use crate::store::operators::{OperatorActKind, OperatorFactor};
use crate::store::session::Session;
use crate::store::{Error, Key, Migration};

pub(super) const MIGRATION: Migration = Migration {
    version: 10,
    name: "second factors of operators",
    common: "create table operator_factor (
        operator_id text primary key references operator_account (id),
        sealed_secret bytea not null,
        proposed_at bigint not null,
        confirmed_at bigint,
        last_step bigint not null,
        failures integer not null,
        failing_since bigint not null
    );
    create table operator_recovery_code (
        operator_id text not null references operator_account (id),
        code_hash bytea not null,
        primary key (operator_id, code_hash)
    );
    create table operator_pending (
        token_hash bytea primary key,
        operator_id text not null references operator_account (id),
        failures integer not null,
        expires_at bigint not null
    )",
    sqlite: "",
    postgres: "",
    rows: None,
};

/// A factor that was begun is shown in the session that began it, and nowhere else.
pub(super) const IN_A_SESSION: Migration = Migration {
    version: 11,
    name: "sessions that begin a second factor",
    common: "alter table operator_factor add column session_id text",
    sqlite: "",
    postgres: "",
    rows: None,
};

fn seal_name(id: OperatorId) -> String {
    format!("kept operator factor {id}")
}

fn stored(step: u64) -> i64 {
    i64::try_from(step).unwrap_or(i64::MAX)
}

/// Whether the account's factor is on.
fn is_on(session: &Session, id: OperatorId) -> Result<bool, Error> {
    let found = session.query_opt(
        "select 1 from operator_factor where operator_id = $1 and confirmed_at is not null",
        params![id],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

fn put_codes(session: &Session, id: OperatorId, codes: &[TokenHash]) -> Result<(), Error> {
    session.execute(
        "delete from operator_recovery_code where operator_id = $1",
        params![id],
    )?;
    for code in codes {
        session.execute(
            "insert into operator_recovery_code (operator_id, code_hash) values ($1, $2)",
            params![id, *code],
        )?;
    }
    Ok(())
}

/// Seals under `new` what is sealed under `old`.
pub(super) fn seal_anew(
    session: &Session,
    old: &Key,
    new: &Key,
    entropy: &Entropy,
) -> Result<(), Error> {
    let all = session.query(
        "select operator_id, sealed_secret from operator_factor",
        &[],
        |row| Ok((row.get::<OperatorId>(0)?, row.get::<Vec<u8>>(1)?)),
    )?;
    for (id, sealed) in all {
        let opened = old.open(&seal_name(id), &sealed)?;
        let again = new.seal(&seal_name(id), &opened, entropy);
        session.execute(
            "update operator_factor set sealed_secret = $2 where operator_id = $1",
            params![id, again],
        )?;
    }
    Ok(())
}

impl Control {
    pub fn operator_factor(&self, id: OperatorId) -> Result<Option<OperatorFactor>, Error> {
        self.with_root(|session, root| {
            let found = session.query_opt(
                "select sealed_secret, proposed_at, confirmed_at, last_step, session_id
                 from operator_factor where operator_id = $1",
                params![id],
                |row| {
                    let sealed: Vec<u8> = row.get(0)?;
                    Ok(OperatorFactor {
                        secret: root.open(&seal_name(id), &sealed)?,
                        proposed_at: row.get(1)?,
                        is_on: row.get::<Option<Timestamp>>(2)?.is_some(),
                        last_step: row.get::<i64>(3)?.unsigned_abs(),
                        session: row.get(4)?,
                    })
                },
            )?;
            Ok(found)
        })
    }

    /// Begins a factor in the place of one that was begun; `false` when one is on.
    pub fn propose_operator_factor(
        &self,
        (id, within): (OperatorId, OperatorSessionId),
        secret: &[u8],
        (now, entropy): (Timestamp, &Entropy),
    ) -> Result<bool, Error> {
        self.with_root(|session, root| {
            let sealed = root.seal(&seal_name(id), secret, entropy);
            let begun = session.execute(
                "insert into operator_factor (operator_id, sealed_secret, proposed_at, session_id,
                                              last_step, failures, failing_since)
                 values ($1, $2, $3, $4, 0, 0, 0)
                 on conflict (operator_id) do update set
                     sealed_secret = excluded.sealed_secret, proposed_at = excluded.proposed_at,
                     session_id = excluded.session_id
                 where operator_factor.confirmed_at is null",
                params![id, sealed, now, within],
            )?;
            Ok(begun > 0)
        })
    }

    /// Turns a factor on that was begun then; every session but `except` ends. `false` when it is on, or
    /// another was begun.
    pub fn confirm_operator_factor(
        &self,
        (id, except): (OperatorId, OperatorSessionId),
        (proposed_at, step): (Timestamp, u64),
        codes: &[TokenHash],
        by: By<'_>,
    ) -> Result<bool, Error> {
        self.with(|session| {
            let on = session.execute(
                "update operator_factor set confirmed_at = $3, last_step = $4
                 where operator_id = $1 and proposed_at = $2 and confirmed_at is null",
                params![id, proposed_at, by.now, stored(step)],
            )?;
            if on == 0 {
                return Ok(false);
            }
            put_codes(session, id, codes)?;
            end_sessions(session, id, Some(except))?;
            by.record(session, OperatorActKind::FactorAdded, &id.to_string(), "")?;
            Ok(true)
        })
    }

    /// Uses a step up; `false` when it, or one after it, was used before.
    pub fn use_operator_step(&self, id: OperatorId, step: u64) -> Result<bool, Error> {
        self.with(|session| {
            let used = session.execute(
                "update operator_factor set last_step = $2, failures = 0
                 where operator_id = $1 and confirmed_at is not null and last_step < $2",
                params![id, stored(step)],
            )?;
            Ok(used > 0)
        })
    }

    /// Counts a code before it is judged, so that of many at once no more than `most` are: those from before
    /// `since`, or from a time that is yet to come, count no more. `None` when there were as many already;
    /// otherwise how many there are with this one, until a right one ends the count.
    pub fn count_operator_try(
        &self,
        id: OperatorId,
        (since, now): (Timestamp, Timestamp),
        most: u32,
    ) -> Result<Option<u32>, Error> {
        self.with(|session| {
            session.query_opt(
                "update operator_factor set
                     failures = case when failing_since > $2 and failing_since <= $3
                                     then failures + 1 else 1 end,
                     failing_since = case when failures > 0 and failing_since > $2
                                               and failing_since <= $3
                                          then failing_since else $3 end
                 where operator_id = $1 and confirmed_at is not null
                     and (failures < $4 or failing_since <= $2 or failing_since > $3)
                 returning failures",
                params![id, since, now, most],
                |row| row.get(0),
            )
        })
    }

    /// Notes that an operator's codes are not taken for a while.
    pub fn note_operator_lock(&self, id: OperatorId, by: By<'_>) -> Result<(), Error> {
        self.with(|session| by.record(session, OperatorActKind::FactorLocked, &id.to_string(), ""))
    }

    /// Uses a recovery code up; `false` when there is none like it.
    pub fn use_operator_code(
        &self,
        id: OperatorId,
        code: TokenHash,
        by: By<'_>,
    ) -> Result<bool, Error> {
        self.with(|session| {
            let used = session.execute(
                "delete from operator_recovery_code where operator_id = $1 and code_hash = $2",
                params![id, code],
            )?;
            if used > 0 {
                let act = OperatorActKind::RecoveryCodeUsed;
                by.record(session, act, &id.to_string(), "")?;
            }
            Ok(used > 0)
        })
    }

    pub fn operator_codes_left(&self, id: OperatorId) -> Result<u32, Error> {
        let count = self.with(|session| {
            session.query_opt(
                "select count(*) from operator_recovery_code where operator_id = $1",
                params![id],
                |row| row.get(0),
            )
        })?;
        Ok(count.unwrap_or(0))
    }

    /// New recovery codes in the place of those before; `false` when no factor is on.
    pub fn put_operator_codes(
        &self,
        id: OperatorId,
        codes: &[TokenHash],
        by: By<'_>,
    ) -> Result<bool, Error> {
        self.with(|session| {
            if !is_on(session, id)? {
                return Ok(false);
            }
            put_codes(session, id, codes)?;
            let act = OperatorActKind::RecoveryCodesMade;
            by.record(session, act, &id.to_string(), "")?;
            Ok(true)
        })
    }

    /// Turns a factor off; every session but `except` ends. `false` when none was on.
    pub fn remove_operator_factor(
        &self,
        id: OperatorId,
        except: Option<OperatorSessionId>,
        by: By<'_>,
    ) -> Result<bool, Error> {
        self.with(|session| {
            if !is_on(session, id)? {
                return Ok(false);
            }
            for table in ["operator_factor", "operator_recovery_code"] {
                let sql = format!("delete from {table} where operator_id = $1");
                session.execute(&sql, params![id])?;
            }
            end_sessions(session, id, except)?;
            by.record(session, OperatorActKind::FactorRemoved, &id.to_string(), "")?;
            Ok(true)
        })
    }
}
