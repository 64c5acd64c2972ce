//! Entries of operators into organizations, and what they were told is lent to them.

use jiff::Timestamp;

use super::Control;
use super::operators::{By, COLUMN_COUNT, COLUMNS, read};
use crate::kit::time::plus_minutes;
use crate::kit::{OperatorId, OperatorSessionId, OrganizationId, TokenHash};
use crate::params;
use crate::store::operators::{
    Entry, Lent, LentState, MAX_LISTED_LENT, NewEntry, OPERATOR_IDLE_MINUTES, OperatorActKind,
    OperatorState, SEEN_MINUTES,
};
use crate::store::{Error, Migration};

pub(super) const MIGRATION: Migration = Migration {
    version: 6,
    name: "access on grant",
    common: "alter table operator_account add column kind text not null default 'own';
    alter table operator_account add column register_entry text;
    alter table operator_account add column qualified_until bigint;
    alter table operator_account add column confidentiality_signed_at bigint;
    create table operator_entry (
        token_hash bytea primary key,
        session_id text not null,
        operator_id text not null references operator_account (id),
        organization_id text not null,
        lender_id text not null,
        loan_id text not null,
        created_at bigint not null,
        expires_at bigint not null
    );
    create index operator_entry_by_loan on operator_entry (loan_id);
    create table operator_lent (
        id text primary key,
        organization_id text not null,
        opens_id text not null,
        operator_id text not null references operator_account (id),
        state text not null,
        at bigint not null,
        expires_at bigint not null
    );
    create index operator_lent_by_operator on operator_lent (operator_id, at);
    create table conduct_case (
        use_id text primary key,
        organization_id text not null,
        loan_id text not null,
        operator_id text not null references operator_account (id),
        note text not null,
        flagged_at bigint not null,
        outcome text,
        settled_by text,
        settled_at bigint
    );
    create index conduct_case_by_organization on conduct_case (organization_id)",
    sqlite: "",
    postgres: "",
    rows: None,
};

impl Control {
    pub fn start_entry(
        &self,
        (session_id, operator): (OperatorSessionId, OperatorId),
        hash: TokenHash,
        entry: &NewEntry,
        by: By<'_>,
    ) -> Result<bool, Error> {
        self.with(|session| {
            session.execute(
                "delete from operator_entry where expires_at <= $1",
                params![by.now],
            )?;
            let alive = session.query_opt(
                "select 1 from operator_session where id = $1 and operator_id = $2",
                params![session_id, operator],
                |_| Ok(()),
            )?;
            if alive.is_none() {
                return Ok(false);
            }
            session.execute(
                "insert into operator_entry (token_hash, session_id, operator_id, organization_id,
                     lender_id, loan_id, created_at, expires_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)",
                params![
                    hash,
                    session_id,
                    operator,
                    entry.organization,
                    entry.lender,
                    entry.loan,
                    by.now,
                    entry.ends_at
                ],
            )?;
            let subject = entry.organization.to_string();
            by.record(
                session,
                OperatorActKind::AccessEntered,
                &subject,
                &entry.loan,
            )?;
            Ok(true)
        })
    }

    /// The entry, as long as the session and the account behind it are alive.
    pub fn entry(
        &self,
        organization: OrganizationId,
        hash: TokenHash,
        now: Timestamp,
    ) -> Result<Option<Entry>, Error> {
        let sql = format!(
            "select {COLUMNS}, e.loan_id, e.lender_id, e.expires_at, s.id, s.seen_at
             from operator_entry e
             join operator_session s on s.id = e.session_id and s.operator_id = e.operator_id
             join operator_account a on a.id = e.operator_id
             where e.token_hash = $1 and e.organization_id = $2 and e.expires_at > $3
                 and s.expires_at > $3 and s.seen_at > $4 and a.state = $5"
        );
        let idle_since = plus_minutes(now, -OPERATOR_IDLE_MINUTES);
        let active = OperatorState::Active.code();
        self.with(|session| {
            let found = session.query_opt(
                &sql,
                params![hash, organization, now, idle_since, active],
                |row| {
                    let entry = Entry::found(
                        read(row)?,
                        row.get(COLUMN_COUNT)?,
                        row.get(COLUMN_COUNT + 1)?,
                        row.get(COLUMN_COUNT + 2)?,
                    );
                    let id: OperatorSessionId = row.get(COLUMN_COUNT + 3)?;
                    Ok((entry, id, row.get::<Timestamp>(COLUMN_COUNT + 4)?))
                },
            )?;
            let Some((entry, id, seen_at)) = found else {
                return Ok(None);
            };
            if seen_at < plus_minutes(now, -SEEN_MINUTES) {
                session.execute(
                    "update operator_session set seen_at = $2 where id = $1",
                    params![id, now],
                )?;
            }
            Ok(Some(entry))
        })
    }

    pub fn end_entries(&self, operator: OperatorId, loan: &str) -> Result<(), Error> {
        self.with(|session| {
            session.execute(
                "delete from operator_entry where operator_id = $1 and loan_id = $2",
                params![operator, loan],
            )?;
            Ok(())
        })
    }

    pub fn note_lent(&self, lent: &Lent, by: By<'_>) -> Result<(), Error> {
        self.with(|session| {
            if lent.state == LentState::Asked {
                let subject = lent.organization.to_string();
                by.record(session, OperatorActKind::AccessAsked, &subject, &lent.id)?;
            }
            session.execute(
                "insert into operator_lent (id, organization_id, opens_id, operator_id, state, at,
                     expires_at)
                 values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing",
                params![
                    lent.id,
                    lent.organization,
                    lent.opens,
                    lent.operator,
                    lent.state.code(),
                    lent.at,
                    lent.expires_at
                ],
            )?;
            Ok(())
        })
    }

    pub fn note_lent_state(&self, id: &str, state: LentState) -> Result<(), Error> {
        self.with(|session| {
            session.execute(
                "update operator_lent set state = $2 where id = $1",
                params![id, state.code()],
            )?;
            Ok(())
        })
    }

    pub fn lent_to(&self, operator: OperatorId) -> Result<Vec<Lent>, Error> {
        self.with(|session| {
            session.query(
                "select id, organization_id, opens_id, operator_id, state, at, expires_at
                 from operator_lent where operator_id = $1 order by at desc, id desc limit $2",
                params![operator, MAX_LISTED_LENT],
                |row| {
                    Ok(Lent {
                        id: row.get(0)?,
                        organization: row.get(1)?,
                        opens: row.get(2)?,
                        operator: row.get(3)?,
                        state: LentState::from_code(row.borrow(4)?)?,
                        at: row.get(5)?,
                        expires_at: row.get(6)?,
                    })
                },
            )
        })
    }
}
