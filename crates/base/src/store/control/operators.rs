//! Operators: their accounts and links in the control database, and how what they do is recorded. A
//! name, never an address; a password and a link as hashes alone.

use jiff::Timestamp;

use super::Control;
use crate::kit::{Actor, Entropy, OperatorActId, OperatorId, OperatorSessionId, TokenHash};
use crate::params;
use crate::store::operators::{
    MAX_OPERATORS, MAX_REASON_CHARS, Operator, OperatorActKind, OperatorKind, OperatorState,
    Vetting,
};
use crate::store::session::Session;
use crate::store::{Error, Migration, Row};

pub(super) const MIGRATION: Migration = Migration {
    version: 5,
    name: "operators",
    common: "create table operator_account (
        id text primary key,
        name text not null unique,
        password text,
        state text not null,
        created_at bigint not null,
        last_used_at bigint
    );
    create table operator_session (
        id text primary key,
        token_hash bytea not null unique,
        operator_id text not null references operator_account (id),
        created_at bigint not null,
        seen_at bigint not null,
        expires_at bigint not null
    );
    create index operator_session_by_operator on operator_session (operator_id);
    create table operator_link (
        operator_id text primary key references operator_account (id),
        token_hash bytea not null unique,
        expires_at bigint not null
    );
    create table operator_act (
        id text primary key,
        at bigint not null,
        author text not null,
        act text not null,
        subject text not null,
        reason text not null
    );
    create index operator_act_by_time on operator_act (at)",
    sqlite: "",
    postgres: "",
    rows: None,
};

/// What stands around a change: who makes it, when, and fresh randomness for its record.
#[derive(Clone, Copy)]
pub(in crate::store) struct By<'a> {
    pub author: &'a Actor,
    pub now: Timestamp,
    pub entropy: &'a Entropy,
}

impl By<'_> {
    /// Records an act, in the transaction that does it.
    pub fn record(
        self,
        session: &Session,
        act: OperatorActKind,
        subject: &str,
        reason: &str,
    ) -> Result<(), Error> {
        let id = OperatorActId::new(self.now, self.entropy);
        let reason: String = reason.chars().take(MAX_REASON_CHARS).collect();
        session.execute(
            "insert into operator_act (id, at, author, act, subject, reason)
             values ($1, $2, $3, $4, $5, $6)",
            params![
                id,
                self.now,
                self.author.to_string(),
                act.code(),
                subject,
                reason
            ],
        )?;
        Ok(())
    }
}

/// The columns of an account `a`, as [`read`] takes them.
pub(super) const COLUMNS: &str =
    "a.id, a.name, a.state, case when a.password is null then 0 else 1 end,
                       a.created_at, a.last_used_at, a.kind, a.register_entry,
                       a.qualified_until, a.confidentiality_signed_at";
/// How many they are.
pub(super) const COLUMN_COUNT: usize = 10;

pub(super) fn read(row: &Row<'_>) -> Result<Operator, Error> {
    Ok(Operator {
        id: row.get(0)?,
        name: row.get(1)?,
        state: OperatorState::from_code(row.borrow(2)?)?,
        has_password: row.get::<i64>(3)? == 1,
        created_at: row.get(4)?,
        last_used_at: row.get(5)?,
        vetting: Vetting {
            kind: OperatorKind::from_stored(row.borrow(6)?)?,
            register_entry: row.get(7)?,
            qualified_until: row.get(8)?,
            confidentiality_signed_at: row.get(9)?,
        },
    })
}

pub(super) fn end_sessions(
    session: &Session,
    id: OperatorId,
    except: Option<OperatorSessionId>,
) -> Result<usize, Error> {
    session.execute(
        "delete from operator_session where operator_id = $1 and id <> $2",
        params![id, except.map(|id| id.to_string()).unwrap_or_default()],
    )
}

fn put_link(
    session: &Session,
    id: OperatorId,
    hash: TokenHash,
    expires_at: Timestamp,
) -> Result<(), Error> {
    session.execute(
        "insert into operator_link (operator_id, token_hash, expires_at) values ($1, $2, $3)
         on conflict (operator_id) do update set token_hash = $2, expires_at = $3",
        params![id, hash, expires_at],
    )?;
    Ok(())
}

impl Control {
    /// An account with a link that sets its password.
    pub fn add_operator(
        &self,
        name: &str,
        (hash, expires_at): (TokenHash, Timestamp),
        by: By<'_>,
    ) -> Result<OperatorId, Error> {
        let id = OperatorId::new(by.now, by.entropy);
        self.with(|session| {
            let count = |row: &Row<'_>| row.get::<i64>(0);
            let known = session.query_opt("select count(*) from operator_account", &[], count)?;
            if known.unwrap_or(0) >= MAX_OPERATORS {
                return Err(Error::Constraint("operator.most".to_owned()));
            }
            let added = session.execute(
                "insert into operator_account (id, name, state, created_at)
                 values ($1, $2, $3, $4) on conflict (name) do nothing",
                params![id, name, OperatorState::Active.code(), by.now],
            )?;
            if added == 0 {
                return Err(Error::Constraint("operator.name".to_owned()));
            }
            put_link(session, id, hash, expires_at)?;
            by.record(session, OperatorActKind::OperatorAdded, &id.to_string(), "")?;
            Ok(id)
        })
    }

    pub fn operators(&self) -> Result<Vec<Operator>, Error> {
        let sql = format!("select {COLUMNS} from operator_account a order by a.name");
        self.with(|session| session.query(&sql, &[], read))
    }

    /// The account of that name, with the hash of its password.
    pub fn operator_by_name(
        &self,
        name: &str,
    ) -> Result<Option<(Operator, Option<String>)>, Error> {
        let sql = format!("select {COLUMNS}, a.password from operator_account a where a.name = $1");
        self.with(|session| {
            session.query_opt(&sql, params![name], |row| {
                Ok((read(row)?, row.get(COLUMN_COUNT)?))
            })
        })
    }

    /// A new link for an active account; the one before is dead.
    pub fn link_operator(
        &self,
        id: OperatorId,
        (hash, expires_at): (TokenHash, Timestamp),
        by: By<'_>,
    ) -> Result<bool, Error> {
        self.with(|session| {
            let active = session.query_opt(
                "select 1 from operator_account where id = $1 and state = $2",
                params![id, OperatorState::Active.code()],
                |_| Ok(()),
            )?;
            if active.is_none() {
                return Ok(false);
            }
            put_link(session, id, hash, expires_at)?;
            by.record(session, OperatorActKind::LinkMade, &id.to_string(), "")?;
            Ok(true)
        })
    }

    /// Whose link it is, as long as it works.
    pub fn operator_of_link(
        &self,
        hash: TokenHash,
        now: Timestamp,
    ) -> Result<Option<Operator>, Error> {
        let sql = format!(
            "select {COLUMNS} from operator_link l join operator_account a on a.id = l.operator_id
             where l.token_hash = $1 and l.expires_at > $2 and a.state = $3"
        );
        let active = OperatorState::Active.code();
        self.with(|session| session.query_opt(&sql, params![hash, now, active], read))
    }

    /// Uses a link up: sets the password, and ends every session from before.
    pub fn redeem_operator_link(
        &self,
        hash: TokenHash,
        password: &str,
        (now, entropy): (Timestamp, &Entropy),
    ) -> Result<Option<OperatorId>, Error> {
        self.with(|session| {
            let used = session.query_opt(
                "delete from operator_link where token_hash = $1 and expires_at > $2
                 returning operator_id",
                params![hash, now],
                |row| row.get::<OperatorId>(0),
            )?;
            let Some(id) = used else { return Ok(None) };
            let set = session.execute(
                "update operator_account set password = $2 where id = $1 and state = $3",
                params![id, password, OperatorState::Active.code()],
            )?;
            if set == 0 {
                return Ok(None);
            }
            end_sessions(session, id, None)?;
            let author = Actor::operator(id);
            let by = By {
                author: &author,
                now,
                entropy,
            };
            by.record(
                session,
                OperatorActKind::PasswordSet,
                &id.to_string(),
                "link",
            )?;
            Ok(Some(id))
        })
    }

    /// Sets one's own password; every session but `except` ends.
    pub fn set_operator_password(
        &self,
        id: OperatorId,
        password: &str,
        except: OperatorSessionId,
        by: By<'_>,
    ) -> Result<(), Error> {
        self.with(|session| {
            session.execute(
                "update operator_account set password = $2 where id = $1",
                params![id, password],
            )?;
            session.execute(
                "delete from operator_link where operator_id = $1",
                params![id],
            )?;
            end_sessions(session, id, Some(except))?;
            by.record(session, OperatorActKind::PasswordSet, &id.to_string(), "")
        })
    }

    /// Lets an operator in again or no longer; then sessions end and links are dead. `false` when it
    /// is so already, or there is no such account.
    pub fn set_operator_state(
        &self,
        id: OperatorId,
        state: OperatorState,
        by: By<'_>,
    ) -> Result<bool, Error> {
        self.with(|session| {
            let changed = session.execute(
                "update operator_account set state = $2 where id = $1 and state <> $2",
                params![id, state.code()],
            )?;
            if changed == 0 {
                return Ok(false);
            }
            let act = match state {
                OperatorState::Active => OperatorActKind::OperatorResumed,
                OperatorState::Suspended => OperatorActKind::OperatorSuspended,
            };
            if state == OperatorState::Suspended {
                end_sessions(session, id, None)?;
                session.execute(
                    "delete from operator_link where operator_id = $1",
                    params![id],
                )?;
            }
            by.record(session, act, &id.to_string(), "")?;
            Ok(true)
        })
    }
}
