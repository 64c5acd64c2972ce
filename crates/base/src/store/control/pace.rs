//! How much was taken of a minute by those who are known by their address alone, in all processes. A count is
//! known by a keyed hash: no address is written down.

use super::Control;
use crate::params;
use crate::store::{Error, Key, Migration};

pub(super) const MIGRATION: Migration = Migration {
    version: 9,
    name: "pace",
    common: "create table pace (
        key_hash bytea not null,
        minute bigint not null,
        taken integer not null,
        primary key (key_hash, minute)
    )",
    sqlite: "",
    postgres: "",
    rows: None,
};

/// What `name` is known by. With another root key all counts begin anew.
fn hash(root: &Key, name: &str) -> Vec<u8> {
    root.derive("kept pace 1").derive(name).bytes().to_vec()
}

impl Control {
    /// Takes so much more of that minute; tells how much is taken then. What is from earlier minutes goes.
    /// Nothing bounds how many are counted but how many can ask so much within a minute.
    pub fn add_to_pace(&self, name: &str, minute: i64, taken: u32) -> Result<u32, Error> {
        let hash = hash(&self.root.current(), name);
        let sum = self.with(|session| {
            let sum = session.query_opt(
                "insert into pace (key_hash, minute, taken) values ($1, $2, $3)
                 on conflict (key_hash, minute) do update set taken = pace.taken + excluded.taken
                 returning taken",
                params![hash.as_slice(), minute, taken],
                |row| row.get(0),
            )?;
            sum.ok_or(Error::Decode("pace"))
        })?;
        // By itself: what is taken stays taken, whoever else sweeps at the same time. The minute before is
        // left to processes whose clocks are behind.
        self.with(|session| {
            session.execute("delete from pace where minute < $1", params![minute - 1])
        })?;
        Ok(sum)
    }
}
