//! Operators: their accounts and links in the control database, and how what they do is recorded. A
//! name, never an address; a password and a link as hashes alone.

use jiff::Timestamp;

use super::Control;
use super::operator_links::put_link;
use crate::kit::{
    Actor, ActorKind, Entropy, OperatorActId, OperatorId, OperatorSessionId, TokenHash,
};
use crate::params;
use crate::store::operators::{
    MAX_OPERATORS, MAX_REASON_CHARS, Operator, OperatorActKind, OperatorKind, OperatorState,
    Origin, Vetting,
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

    /// The account of whoever makes the change; `None` on the server.
    pub fn account(self, session: &Session) -> Result<Option<Operator>, Error> {
        let id = match (self.author.kind, &self.author.id) {
            (ActorKind::Operator, None) => return Ok(None),
            (ActorKind::Operator, Some(id)) => id.parse().ok(),
            _ => None,
        };
        let unknown = Error::Decode("operator who makes a change");
        let id: OperatorId = id.ok_or_else(|| unknown.clone())?;
        find(session, id)?.ok_or(unknown).map(Some)
    }

    /// Where an account comes from whose password is set by a link of whoever makes the change.
    pub fn origin(self, session: &Session) -> Result<Origin, Error> {
        let author = self.account(session)?;
        Ok(author.map_or(Origin::Server, |one| one.passed_on()))
    }
}

/// The columns of an account `a`, as [`read`] takes them.
pub(super) const COLUMNS: &str =
    "a.id, a.name, a.state, case when a.password is null then 0 else 1 end,
                       a.created_at, a.last_used_at, a.kind, a.register_entry,
                       a.qualified_until, a.confidentiality_signed_at,
                       a.origin, a.held_since,
                       (select count(*) from operator_factor f
                        where f.operator_id = a.id and f.confirmed_at is not null)";
/// How many they are.
pub(super) const COLUMN_COUNT: usize = 13;

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
        origin: Origin::from_stored(row.get(10)?)?,
        held_since: row.get(11)?,
        has_factor: row.get::<i64>(12)? > 0,
    })
}

pub(super) fn find(session: &Session, id: OperatorId) -> Result<Option<Operator>, Error> {
    let sql = format!("select {COLUMNS} from operator_account a where a.id = $1");
    session.query_opt(&sql, params![id], read)
}

pub(super) fn end_sessions(
    session: &Session,
    id: OperatorId,
    except: Option<OperatorSessionId>,
) -> Result<usize, Error> {
    // Whoever is about to sign in began before whatever ends sessions.
    session.execute(
        "delete from operator_pending where operator_id = $1",
        params![id],
    )?;
    session.execute(
        "delete from operator_session where operator_id = $1 and id <> $2",
        params![id, except.map(|id| id.to_string()).unwrap_or_default()],
    )
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
            let origin = by.origin(session)?;
            let added = session.execute(
                "insert into operator_account (id, name, state, created_at, origin)
                 values ($1, $2, $3, $4, $5) on conflict (name) do nothing",
                params![
                    id,
                    name,
                    OperatorState::Active.code(),
                    by.now,
                    origin.stored()
                ],
            )?;
            if added == 0 {
                return Err(Error::Constraint("operator.name".to_owned()));
            }
            put_link(session, id, (hash, expires_at), origin)?;
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
