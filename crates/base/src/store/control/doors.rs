//! Wrong tries at the doors of all organizations and of the console, counted for all processes. A count
//! is known by a keyed hash: no address and no account is written down.

use jiff::Timestamp;

use super::Control;
use crate::params;
use crate::store::session::Session;
use crate::store::{Error, Key, Migration};

/// Most counts that are kept; beyond it those that are longest ago go first.
const MAX_DOOR_COUNTS: u32 = 50_000;

pub(super) const MIGRATION: Migration = Migration {
    version: 7,
    name: "doors",
    common: "create table door_count (
        key_hash bytea primary key,
        failures integer not null,
        at bigint not null
    );
    create index door_count_by_time on door_count (at)",
    sqlite: "",
    postgres: "",
    rows: None,
};

/// What `name` is known by. With another root key all counts begin anew.
fn hash(root: &Key, name: &str) -> Vec<u8> {
    root.derive("kept doors 1").derive(name).bytes().to_vec()
}

/// Failures since `since`; one that lies ahead was counted before the clock was set back.
fn failures(
    session: &Session,
    hash: &[u8],
    (since, now): (Timestamp, Timestamp),
) -> Result<u32, Error> {
    let found = session.query_opt(
        "select failures from door_count where key_hash = $1 and at > $2 and at <= $3",
        params![hash, since, now],
        |row| row.get(0),
    )?;
    Ok(found.unwrap_or(0))
}

impl Control {
    /// How many failures of each name there were within the stretch.
    pub fn door_failures(
        &self,
        names: &[String],
        stretch: (Timestamp, Timestamp),
    ) -> Result<Vec<u32>, Error> {
        let root = self.root.current();
        self.with(|session| {
            let each = names.iter().map(|name| hash(&root, name));
            each.map(|hash| failures(session, &hash, stretch)).collect()
        })
    }

    /// Counts one more failure of each name; what is from before the stretch counts no more.
    pub fn add_door_failure(
        &self,
        names: &[String],
        (since, now): (Timestamp, Timestamp),
    ) -> Result<(), Error> {
        let root = self.root.current();
        let mut hashes: Vec<Vec<u8>> = names.iter().map(|name| hash(&root, name)).collect();
        // In one order, so that nobody waits for somebody who waits for them.
        hashes.sort();
        self.with(|session| {
            for hash in &hashes {
                session.execute(
                    "insert into door_count (key_hash, failures, at) values ($1, 1, $2)
                     on conflict (key_hash) do update set
                         failures = case when door_count.at > excluded.at or door_count.at <= $3
                                         then 1 else door_count.failures + 1 end,
                         at = excluded.at",
                    params![hash.as_slice(), now, since],
                )?;
            }
            Ok(())
        })?;
        // By itself: what is counted stays counted, whoever else sweeps at the same time.
        self.with(|session| {
            session.execute("delete from door_count where at <= $1", params![since])?;
            session.execute(
                "delete from door_count
                 where at <= (select at from door_count order by at desc limit 1 offset $1)",
                params![MAX_DOOR_COUNTS],
            )?;
            Ok(())
        })
    }

    /// Forgets the failures of a name.
    pub fn forget_door_failures(&self, name: &str) -> Result<(), Error> {
        let hash = hash(&self.root.current(), name);
        self.with(|session| {
            session.execute(
                "delete from door_count where key_hash = $1",
                params![hash.as_slice()],
            )?;
            Ok(())
        })
    }
}
