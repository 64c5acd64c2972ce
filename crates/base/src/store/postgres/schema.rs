//! One organization's schema on a server: made, opened for one transaction at a time, removed.
//!
//! The writers of an organization, in whatever process, take turns: each holds the row of
//! `kept.state` while it writes, so that a verb sees what the last one left, as it does in a file.

use std::sync::Arc;

use jiff::Timestamp;

use super::super::{Error, session};
use super::{Lent, Server, Session};
use crate::kit::OrganizationId;

/// Longest that a writer waits for the one before it, in seconds.
const TURN_SECONDS: u64 = 20;
/// Held while the tables of a server are made: its number stands for nothing.
const PREPARING: i64 = 0x6b65_7074;

/// The tables that a server has once, beside the organizations' own.
const SERVER: &str = "
    create schema if not exists kept;
    create extension if not exists btree_gist schema kept;
    create table if not exists kept.state (
        organization_id text primary key,
        revision bigint not null,
        wake_at bigint,
        leased smallint not null
    );
    alter table kept.state add column if not exists moved smallint not null default 0;
    create index if not exists state_by_wake on kept.state (wake_at) where wake_at is not null;";

/// Makes the tables that a server has once, and says which database this is.
pub fn prepare_server(session: &Session) -> Result<String, Error> {
    session.batch(&format!(
        "begin; select pg_advisory_xact_lock({PREPARING}); {SERVER}; commit"
    ))?;
    let found = session.simple("select oid from pg_database where datname = current_database()")?;
    let oid = found.into_iter().flatten().flatten().next();
    oid.ok_or(Error::Decode("database"))
}

/// The schema of the control database.
pub const CONTROL_SCHEMA: &str = "kept_control";

/// Whether there is a schema of that name.
pub fn has_schema(session: &session::Session, name: &str) -> Result<bool, Error> {
    let found = "select 1 from pg_namespace where nspname = $1";
    let found = session.query_opt(found, crate::params![name], |_| Ok(()))?;
    Ok(found.is_some())
}

/// Makes a schema unless it is there, and does in it what `work` says, as one transaction that no
/// other process does at the same time.
pub fn prepare_schema(
    session: &session::Session,
    name: &str,
    work: impl FnOnce() -> Result<(), Error>,
) -> Result<(), Error> {
    let begin = format!(
        "begin; select pg_advisory_xact_lock(hashtextextended('{name}', {PREPARING}));
         create schema if not exists \"{name}\"; set local search_path to \"{name}\""
    );
    let done = (session.batch(&begin))
        .and_then(|()| work())
        .and_then(|()| session.batch("commit"));
    if done.is_err() {
        // The connection may be gone, and the transaction with it.
        let _ = session.batch("rollback");
    }
    done
}

/// A place for one organization's tables.
pub struct Schema {
    server: Arc<Server>,
    organization: OrganizationId,
    name: String,
    role: String,
}

/// What a committed batch of transactions asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked {
    /// Cached answers no longer hold.
    pub revise: bool,
    /// When the worker is wanted.
    pub wake_at: Option<Timestamp>,
}

impl Schema {
    pub fn new(server: Arc<Server>, organization: OrganizationId) -> Self {
        // Ids are lower-case letters, digits and an underscore: fit for a name as they are.
        let name = organization.to_string();
        let role = format!("{name}_{}", server.database());
        Self {
            server,
            organization,
            name,
            role,
        }
    }

    pub fn server(&self) -> &Arc<Server> {
        &self.server
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Makes the schema and its role, unless they are there, and lets the role use the tables that
    /// `steps` makes, and nothing else; then the organization can be found here.
    pub fn prepare(
        &self,
        session: &session::Session,
        steps: impl FnOnce() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Self { name, role, .. } = self;
        prepare_schema(session, name, || {
            session.batch(&format!(
                "do $$ begin
                     if not exists (select from pg_roles where rolname = '{role}') then
                         create role \"{role}\" nologin;
                         grant \"{role}\" to current_user;
                     end if;
                 end $$;
                 grant usage on schema \"{name}\" to \"{role}\""
            ))?;
            steps()?;
            // Other than any that cached answers were given for, wherever the data was before.
            let first = "cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)";
            session.batch(&format!(
                "grant select, insert, update, delete
                     on all tables in schema \"{name}\" to \"{role}\";
                 insert into kept.state (organization_id, revision, wake_at, leased)
                 values ('{name}', {first}, null, 0) on conflict do nothing"
            ))
        })
    }

    /// Removes the schema with all that is in it.
    pub fn remove(&self, lent: &Lent<'_>) -> Result<(), Error> {
        let Self { name, role, .. } = self;
        lent.session().batch(&format!(
            "begin;
             delete from kept.state where organization_id = '{name}';
             drop schema if exists \"{name}\" cascade;
             drop schema if exists \"{name}_keys\" cascade;
             drop role if exists \"{role}\";
             commit"
        ))
    }

    /// Begins a transaction that only reads.
    pub fn begin_read(&self, session: &session::Session) -> Result<(), Error> {
        let Self { name, role, .. } = self;
        let session::Session::Postgres(session) = session else {
            return Err(Error::Closing);
        };
        let begun = self.begun(session.simple(&format!(
            "begin isolation level repeatable read read only;
             select moved from kept.state where organization_id = '{name}';
             set local role \"{role}\"; set local search_path to \"{name}\""
        )))?;
        Self::here(session, &begun)
    }

    /// What `kept.state` says of the organization: it is here, or was.
    /// Otherwise the transaction that was begun is ended.
    fn here(session: &Session, found: &[Vec<Option<String>>]) -> Result<(), Error> {
        let gone = match found.first().and_then(|row| row.first()) {
            Some(Some(moved)) if moved == "0" => return Ok(()),
            Some(_) => Error::Moved,
            None => Error::NoOrganization,
        };
        session.batch("rollback")?;
        Err(gone)
    }

    /// Says that the data lives elsewhere, or that it lives here now.
    pub fn set_moved(&self, session: &session::Session, moved: bool) -> Result<(), Error> {
        session.batch(&format!(
            "update kept.state set moved = {} where organization_id = '{}'",
            i32::from(moved),
            self.name
        ))
    }

    /// Says for good that the data lives elsewhere now, within the transaction at hand, which holds
    /// the organization's turn.
    pub fn leave(&self, session: &session::Session) -> Result<(), Error> {
        session.batch(&format!(
            "set local role none;
             update kept.state set moved = 1, wake_at = null where organization_id = '{}'",
            self.name
        ))
    }

    /// Begins a transaction that writes, as soon as no other one writes to this organization.
    pub fn begin_write(&self, session: &Session) -> Result<(), Error> {
        let Self { name, role, .. } = self;
        let begun = self.begun(session.simple(&format!(
            "begin isolation level read committed; set local lock_timeout = '{TURN_SECONDS}s';
             select moved from kept.state where organization_id = '{name}' for update;
             set local role \"{role}\"; set local search_path to \"{name}\""
        )));
        let begun = begun.map_err(|error| match error {
            // A copy that only reads: the one that writes is elsewhere now.
            Error::Engine(code) if code.starts_with("25006") => {
                session.give_up();
                Error::Unavailable("the server only reads".to_owned())
            }
            other => other,
        })?;
        Self::here(session, &begun)
    }

    /// Where there is no such role or schema, the organization is not here, or no longer.
    fn begun<T>(&self, begun: Result<T, Error>) -> Result<T, Error> {
        begun.map_err(|error| match error {
            Error::Engine(code) if code.starts_with("22023") || code.starts_with("42704") => {
                Error::NoOrganization
            }
            other => other,
        })
    }

    /// Commits, and tells the other processes what they wait for.
    ///
    /// # Errors
    /// [`Error::Unknown`] when the connection was lost and nobody knows what became of it.
    pub fn commit(&self, session: &Session, asked: Asked) -> Result<(), Error> {
        // A commit that waits for its copies must not be cut short: the server would call it done.
        let mut sql = String::from("set local statement_timeout = 0;");
        if asked.revise || asked.wake_at.is_some() {
            let name = &self.name;
            let by = i32::from(asked.revise);
            let wake = asked.wake_at.map_or_else(String::new, |at| {
                format!(
                    ", wake_at = least(wake_at, {}), leased = 0",
                    at.as_microsecond()
                )
            });
            sql += &format!(
                "set local role none;
                 update kept.state set revision = revision + {by}{wake}
                 where organization_id = '{name}';"
            );
        }
        sql += "commit;";
        if asked.revise || asked.wake_at.is_some() {
            // After the commit: inside, all commits of the server would wait for each other.
            sql += &format!("select pg_notify('kept', '{}')", self.name);
        }
        session.batch(&sql).map_err(|error| match error {
            Error::Unavailable(_) => Error::Unknown,
            other => other,
        })
    }

    /// Bytes of the tables of both schemas, with their indexes.
    pub fn bytes(&self, session: &session::Session) -> Result<u64, Error> {
        let found = session.query_opt(
            "select cast(coalesce(sum(pg_total_relation_size(c.oid)), 0) as bigint)
             from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'r' and n.nspname in ($1, $2)",
            crate::params![self.name, format!("{}_keys", self.name)],
            |row| row.get::<i64>(0),
        )?;
        Ok(found.unwrap_or(0).unsigned_abs())
    }

    /// The number that changes with every commit that cached answers depend on.
    pub fn revision(&self, session: &session::Session) -> Result<u64, Error> {
        let found = session.query_opt(
            "select revision, moved from kept.state where organization_id = $1",
            crate::params![self.organization],
            |row| Ok((row.get::<i64>(0)?, row.get::<bool>(1)?)),
        )?;
        match found {
            Some((revision, false)) => Ok(revision.unsigned_abs()),
            Some((_, true)) => Err(Error::Moved),
            None => Err(Error::NoOrganization),
        }
    }
}

/// Takes the organizations of a server that are due. Whoever takes one looks after it; if nobody
/// did, it is due once more when [`LEASE_SECONDS`] are over.
pub fn take_due(session: &session::Session, now: Timestamp) -> Result<Vec<OrganizationId>, Error> {
    let lease = now.as_microsecond() + LEASE_SECONDS * 1_000_000;
    session.query(
        "update kept.state
         set wake_at = case when leased = 1 then null else $2::bigint end, leased = 1
         where wake_at <= $1 returning organization_id",
        crate::params![now, lease],
        |row| row.get(0),
    )
}

/// How long an organization's work may take before another process looks after it, in seconds.
pub const LEASE_SECONDS: i64 = 60;
