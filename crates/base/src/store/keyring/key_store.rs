//! The key store: one encrypted file beside an organization's data that holds the wrapped keys of
//! its people, and a tombstone for each that was destroyed.
//!
//! Destroying a key must leave no copy of it anywhere in the file. So its row is never deleted, but
//! overwritten in place by zeros of the same length; and rows are only ever appended, since the
//! engine moves the rows of a page it splits, and what was moved may stay where it was. The one
//! split that an appended row can cause is that of the first page, which therefore is made to
//! happen among rows that were never keys. The log is emptied after each erasure.
//!
//! On a server it is a schema of its own, which the role of the organization cannot see. There the
//! table is written anew after each erasure; what the server's own log and its copies still hold
//! goes with them.

use std::sync::Arc;

use jiff::Timestamp;

use super::place::KeyPlace;
use super::{KeyId, MAX_KEYS_AT_ONCE, Tombstone, rewrap};
use crate::kit::{Actor, Entropy, OrganizationId};
use crate::params;
use crate::store::postgres::{self, Server, Tier};
use crate::store::session::Session;
use crate::store::{Error, Key, Migration, ToValue as _, Tx, Value, migrate, sqlite};

/// Rows that stand in a new key store before the first key: more than one page holds.
const FILLER_ROWS: usize = 64;
/// Bytes of a wrapped key as it is kept: the version of the wrapping key, nonce, key, seal.
pub(super) const WRAPPED_BYTES: usize = 4 + 24 + 32 + 16;
/// What stands in the place of a destroyed key.
pub(super) const DESTROYED: [u8; WRAPPED_BYTES] = [0; WRAPPED_BYTES];
/// How often emptying the log is tried while another process reads the file.
const EMPTYING_TRIES: u32 = 20;

pub(super) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "keys",
        common: "create table person_key (
            id text primary key,
            wrapped bytea not null
        );
        create table tombstone (
            sequence bigint primary key,
            subject text not null,
            key_id text not null,
            at bigint not null
        )",
        sqlite: "",
        postgres: "",
        rows: None,
    },
    Migration {
        version: 2,
        name: "wrapping",
        common: "create table wrapping (version integer not null)",
        sqlite: "",
        postgres: "",
        rows: None,
    },
];

/// An open key store.
pub(in crate::store) struct KeyStore {
    pub(super) home: Home,
    organization: OrganizationId,
}

pub(super) enum Home {
    File(Session),
    Schema(Arc<Server>, String),
}

/// A key as it is kept.
#[derive(Clone, Copy)]
pub(super) enum Kept {
    Wrapped([u8; WRAPPED_BYTES]),
    Destroyed,
}

impl KeyStore {
    pub fn open(
        place: &KeyPlace,
        key: &Key,
        organization: OrganizationId,
        entropy: &Entropy,
    ) -> Result<Self, Error> {
        let home = match place {
            KeyPlace::File(path) => {
                let session =
                    Session::Sqlite(Box::new(sqlite::open(path, key, sqlite::Use::Make)?));
                migrate::migrate(&session, MIGRATIONS, migrate::no_rows)?;
                Home::File(session)
            }
            KeyPlace::Server(server) => {
                let name = format!("{organization}_keys");
                let permit = server.permit_blocking(Tier::Keys)?;
                let lent = server.lend(&permit, &name)?;
                postgres::prepare_schema(lent.session(), &name, || {
                    migrate::migrate(lent.session(), MIGRATIONS, migrate::no_rows)
                })?;
                drop(lent);
                Home::Schema(Arc::clone(server), name)
            }
        };
        let store = Self { home, organization };
        if let Home::File(session) = &store.home {
            store.fill_first_page(entropy)?;
            // What an erasure that was cut short left in the log.
            empty_log(session)?;
        }
        Ok(store)
    }

    fn fill_first_page(&self, entropy: &Entropy) -> Result<(), Error> {
        self.transaction(entropy, |tx| {
            let begun = tx.query_opt("select 1 from person_key limit 1", &[], |_| Ok(()))?;
            if begun.is_none() {
                for _ in 0..FILLER_ROWS {
                    insert(tx, KeyId::random(entropy), &DESTROYED)?;
                }
            }
            Ok(())
        })
    }

    /// Keeps fresh keys that are wrapped under this version of the organization key, durably once
    /// this answers; gives those whose id was free. None when that version was replaced.
    pub fn add(
        &self,
        version: u32,
        keys: &[(KeyId, [u8; WRAPPED_BYTES])],
        entropy: &Entropy,
    ) -> Result<Option<Vec<KeyId>>, Error> {
        self.transaction(entropy, |tx| {
            rewrap::hold_version(tx)?;
            if rewrap::least_version(tx)? > version {
                return Ok(None);
            }
            let mut added = Vec::with_capacity(keys.len());
            for (id, wrapped) in keys {
                if insert(tx, *id, wrapped)? {
                    added.push(*id);
                }
            }
            Ok(Some(added))
        })
    }

    /// What is kept under these ids, at most [`MAX_KEYS_AT_ONCE`]; nothing for those not known.
    pub(in crate::store::keyring) fn find(
        &self,
        ids: &[KeyId],
        entropy: &Entropy,
    ) -> Result<Vec<(KeyId, Kept)>, Error> {
        // Few texts: filled up with the last one.
        let size = [1, MAX_KEYS_AT_ONCE].into_iter();
        let size = size.filter(|size| *size >= ids.len()).min();
        let size = size.unwrap_or(ids.len());
        let padding = ids.last().into_iter().cycle();
        let values: Vec<Value<'_>> = (ids.iter().chain(padding))
            .take(size)
            .map(|id| id.to_value())
            .collect();
        let places: Vec<String> = (1..=size).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select id, wrapped from person_key where id in ({})",
            places.join(", ")
        );
        self.transaction(entropy, |tx| {
            tx.query(&sql, &values, |row| {
                Ok((row.get(0)?, Kept::read(row.borrow(1)?)?))
            })
        })
    }

    /// Overwrites keys for good and writes their tombstones, all or nothing; afterwards no trace of
    /// them is in the file or its log. Doing it again changes nothing.
    pub fn destroy(
        &self,
        keys: &[KeyId],
        tombstones: &[Tombstone],
        entropy: &Entropy,
    ) -> Result<(), Error> {
        self.transaction(entropy, |tx| {
            let destroyed = DESTROYED.as_slice();
            for id in keys.iter().chain(tombstones.iter().map(|one| &one.key)) {
                tx.execute(
                    "update person_key set wrapped = $2 where id = $1",
                    params![id, destroyed],
                )?;
            }
            for one in tombstones {
                tx.execute(
                    "insert into tombstone (sequence, subject, key_id, at)
                     values ($1, $2, $3, $4) on conflict (sequence) do nothing",
                    params![one.sequence, one.subject, one.key, one.at],
                )?;
            }
            Ok(())
        })?;
        self.leave_no_trace()
    }

    /// Tombstones with a sequence above `sequence`, in order.
    pub fn tombstones_after(
        &self,
        sequence: i64,
        entropy: &Entropy,
    ) -> Result<Vec<Tombstone>, Error> {
        self.transaction(entropy, |tx| {
            tx.query(
                "select sequence, subject, key_id, at from tombstone where sequence > $1
                 order by sequence",
                params![sequence],
                |row| {
                    Ok(Tombstone {
                        sequence: row.get(0)?,
                        subject: row.get(1)?,
                        key: row.get(2)?,
                        at: row.get(3)?,
                    })
                },
            )
        })
    }

    /// The sequence of the last tombstone; 0 when there is none.
    pub fn last_tombstone(&self, entropy: &Entropy) -> Result<i64, Error> {
        let last = self.transaction(entropy, |tx| {
            let last = "select coalesce(max(sequence), 0) from tombstone";
            tx.query_opt(last, &[], |row| row.get(0))
        })?;
        Ok(last.unwrap_or(0))
    }

    /// Does `work` as one transaction.
    pub(super) fn transaction<T>(
        &self,
        entropy: &Entropy,
        work: impl FnOnce(&Tx<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match &self.home {
            Home::File(session) => self.transact(session, "begin immediate", entropy, work),
            Home::Schema(server, name) => {
                let permit = server.permit_blocking(Tier::Keys)?;
                let lent = server.lend(&permit, name)?;
                let begin = format!("begin; set local search_path to \"{name}\"");
                self.transact(lent.session(), &begin, entropy, work)
            }
        }
    }

    fn transact<T>(
        &self,
        session: &Session,
        begin: &str,
        entropy: &Entropy,
        work: impl FnOnce(&Tx<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        session.batch(begin)?;
        // Nothing here asks what time it is: instants come with what is kept.
        let now = Timestamp::UNIX_EPOCH;
        let tx = Tx::new(session, self.organization, Actor::SYSTEM, now, entropy);
        let done = work(&tx).and_then(|done| session.run("commit").map(|()| done));
        if done.is_err() {
            // When this fails too, the engine has already undone the transaction.
            let _ = session.run("rollback");
        }
        done
    }
}

/// Moves the log into the file and leaves it empty.
pub(super) fn empty_log(session: &Session) -> Result<(), Error> {
    for _ in 0..EMPTYING_TRIES {
        let busy = session.query_opt("pragma wal_checkpoint(truncate)", &[], |row| {
            row.get::<i64>(0)
        })?;
        if busy == Some(0) {
            return Ok(());
        }
    }
    Err(Error::Busy)
}

impl Kept {
    fn read(bytes: &[u8]) -> Result<Self, Error> {
        let bytes: [u8; WRAPPED_BYTES] =
            bytes.try_into().map_err(|_| Error::Decode("wrapped key"))?;
        Ok(if bytes == DESTROYED {
            Self::Destroyed
        } else {
            Self::Wrapped(bytes)
        })
    }
}

fn insert(tx: &Tx<'_>, id: KeyId, wrapped: &[u8; WRAPPED_BYTES]) -> Result<bool, Error> {
    let wrapped = wrapped.as_slice();
    let inserted = tx.execute(
        "insert into person_key (id, wrapped) values ($1, $2) on conflict (id) do nothing",
        params![id, wrapped],
    )?;
    Ok(inserted == 1)
}
