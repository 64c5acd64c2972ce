//! The statements of packages: what is written down of each. Their bytes are in `parts`.

mod parts;

use jiff::Timestamp;
use kept_base::kit::Secret;
use kept_base::params;
use kept_base::store::{Error, KeyId, Row, Tx, Value};

use super::making::Leased;
use super::rules::{self, Ending, Facts, LockKind, State};
use super::{Download, Keys, Package, Wanted};
use crate::ids::{DownloadId, MemberId, PackageId};

pub(super) use parts::{
    count_parts, insert_mark, insert_parts, part, remove_parts, remove_stray_parts,
};

const PACKAGE: &str = "select id, state, ending, asked_by, asked_at, reason, lock_kind, rows_read,
    rows_total, bytes, part_count, sha256, expires_at, key_id, lock_key_id, tries, lease_until,
    (select count(*) from package_part where package_id = package.id and number = 0)
    from package";

fn read(row: &Row<'_>, now: Timestamp) -> Result<Package, Error> {
    let state = State::from_code(row.borrow(1)?).ok_or(Error::Decode("package's state"))?;
    let ending = row
        .get::<Option<String>>(2)?
        .map(|code| Ending::from_code(&code).ok_or(Error::Decode("package's ending")));
    let lock = LockKind::from_code(row.borrow(6)?).ok_or(Error::Decode("package's lock"))?;
    let keys = Keys {
        parts: row.get(13)?,
        lock: row.get(14)?,
    };
    let expires_at = row.get(12)?;
    let facts = Facts {
        has_key: keys.parts.is_some(),
        has_mark: row.get::<u32>(17)? > 0,
        expires_at,
    };
    let (state, ending) = rules::standing((state, ending.transpose()?), facts, now);
    Ok(Package {
        id: row.get(0)?,
        state,
        ending,
        asked_by: row.get(3)?,
        asked_at: row.get(4)?,
        reason: row.get(5)?,
        lock,
        progress: (count(row, 7)?, count(row, 8)?),
        bytes: count(row, 9)?,
        parts: row.get(10)?,
        sha256: row.get(11)?,
        expires_at,
        keys,
        tries: row.get(15)?,
        lease_until: row.get(16)?,
    })
}

fn count(row: &Row<'_>, column: usize) -> Result<u64, Error> {
    Ok(row.get::<i64>(column)?.unsigned_abs())
}

/// A count as the engines keep it.
fn kept(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn select(tx: &Tx<'_>, rest: &str, params: &[Value<'_>]) -> Result<Vec<Package>, Error> {
    let now = tx.now();
    tx.query(&format!("{PACKAGE} {rest}"), params, |row| read(row, now))
}

pub(super) fn package(tx: &Tx<'_>, id: PackageId) -> Result<Option<Package>, Error> {
    Ok(select(tx, "where id = $1", params![id])?.pop())
}

pub(super) fn packages(tx: &Tx<'_>, limit: u32) -> Result<Vec<Package>, Error> {
    select(tx, "order by asked_at desc, id limit $1", params![limit])
}

pub(super) fn asked_since(tx: &Tx<'_>, since: Timestamp) -> Result<Vec<Package>, Error> {
    select(tx, "where asked_at > $1", params![since])
}

/// Those that are waiting or being made, as they are stored.
pub(super) fn at_work(tx: &Tx<'_>) -> Result<Vec<Package>, Error> {
    let rest = "where key_id is not null and state in ('waiting', 'making') order by asked_at, id";
    select(tx, rest, &[])
}

pub(super) fn with_key(tx: &Tx<'_>) -> Result<Vec<Package>, Error> {
    select(tx, "where key_id is not null order by id", &[])
}

pub(super) fn next_due(tx: &Tx<'_>) -> Result<Option<Timestamp>, Error> {
    let due = tx.query_opt(
        "select min(coalesce(lease_until, asked_at)) from package
         where key_id is not null and state in ('waiting', 'making')",
        &[],
        |row| row.get::<Option<Timestamp>>(0),
    )?;
    Ok(due.flatten())
}

fn lock_place(id: PackageId) -> String {
    format!("package.sealed_lock {id}")
}

/// Writes a package down, with two fresh keys: one for its parts, one for what locks it.
pub(super) fn insert(
    tx: &Tx<'_>,
    (id, member): (PackageId, MemberId),
    wanted: &Wanted,
    expires_at: Timestamp,
) -> Result<(), Error> {
    let keys = tx.person_keys()?;
    let (key_id, _) = keys.fresh()?;
    let (lock_key_id, lock_key) = keys.fresh()?;
    let sealed = lock_key.seal(&lock_place(id), wanted.secret.expose(), tx.entropy());
    tx.execute(
        "insert into package (id, state, asked_by, asked_at, reason, lock_kind, key_id,
             lock_key_id, sealed_lock, tries, rows_read, rows_total, bytes, part_count, expires_at)
         values ($1, 'waiting', $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, 0, $9)",
        params![
            id,
            member,
            tx.now(),
            wanted.reason,
            wanted.lock.code(),
            key_id,
            lock_key_id,
            sealed,
            expires_at,
        ],
    )?;
    Ok(())
}

/// What is to lock a package; `None` when it was destroyed.
pub(super) fn secret(tx: &Tx<'_>, package: &Package) -> Result<Option<Secret>, Error> {
    let Some(key_id) = package.keys.lock else {
        return Ok(None);
    };
    let sealed = tx.query_opt(
        "select sealed_lock from package where id = $1",
        params![package.id],
        |row| row.get::<Option<Vec<u8>>>(0),
    )?;
    match (sealed.flatten(), tx.person_keys()?.get(key_id)?) {
        (Some(sealed), Some(key)) => {
            let text = key.open(&lock_place(package.id), &sealed)?;
            Ok(Some(Secret::new(text.to_string())))
        }
        _ => Ok(None),
    }
}

pub(super) fn lease(tx: &Tx<'_>, leased: &Leased, until: Timestamp) -> Result<(), Error> {
    tx.execute(
        "update package set state = 'making', tries = $2, lease_until = $3, rows_read = 0,
             rows_total = 0, bytes = 0 where id = $1",
        params![leased.id, leased.attempt, until],
    )?;
    Ok(())
}

pub(super) fn is_ours(tx: &Tx<'_>, leased: &Leased) -> Result<bool, Error> {
    let found = tx.query_opt(
        "select id from package where id = $1 and tries = $2 and state = 'making'",
        params![leased.id, leased.attempt],
        |row| row.get::<PackageId>(0),
    )?;
    Ok(found.is_some())
}

pub(super) fn renew(
    tx: &Tx<'_>,
    leased: &Leased,
    until: Timestamp,
    (read, total): (u64, u64),
) -> Result<bool, Error> {
    let changed = tx.execute(
        "update package set lease_until = $3, rows_read = $4, rows_total = $5
         where id = $1 and tries = $2 and state = 'making'",
        params![leased.id, leased.attempt, until, kept(read), kept(total)],
    )?;
    Ok(changed == 1)
}

pub(super) fn wait(tx: &Tx<'_>, id: PackageId, until: Timestamp) -> Result<(), Error> {
    tx.execute(
        "update package set state = 'waiting', lease_until = $2, bytes = 0 where id = $1",
        params![id, until],
    )?;
    Ok(())
}

/// Makes it ready; what locked it goes.
pub(super) fn set_ready(
    tx: &Tx<'_>,
    id: PackageId,
    (parts, sha256): (u32, &str),
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "update package set state = 'ready', part_count = $2, sha256 = $3, ended_at = $4,
             expires_at = $5, lease_until = null where id = $1",
        params![id, parts, sha256, tx.now(), expires_at],
    )?;
    forget_lock(tx, id)
}

fn forget_lock(tx: &Tx<'_>, id: PackageId) -> Result<(), Error> {
    let key = tx.query_opt(
        "select lock_key_id from package where id = $1",
        params![id],
        |row| row.get::<Option<KeyId>>(0),
    )?;
    tx.execute(
        "update package set lock_key_id = null, sealed_lock = null where id = $1",
        params![id],
    )?;
    key.flatten().map_or(Ok(()), |key| tx.retire_key(key))
}

pub(super) fn end(tx: &Tx<'_>, id: PackageId, state: State, ending: Ending) -> Result<(), Error> {
    tx.execute(
        "update package set state = $2, ending = $3, ended_at = $4, lease_until = null
         where id = $1",
        params![id, state.code(), ending.code(), tx.now()],
    )?;
    Ok(())
}

/// Puts back one that was ready and then removed.
pub(super) fn restore(tx: &Tx<'_>, id: PackageId) -> Result<(), Error> {
    tx.execute(
        "update package set state = 'ready', ending = null
         where id = $1 and state = 'removed' and ending = 'asked' and key_id is not null
             and sha256 is not null",
        params![id],
    )?;
    Ok(())
}

/// Removes all that was sealed of a package, with its keys.
pub(super) fn discard(tx: &Tx<'_>, package: &Package) -> Result<(), Error> {
    remove_parts(tx, package.id)?;
    forget_lock(tx, package.id)?;
    tx.execute(
        "update package set key_id = null where id = $1",
        params![package.id],
    )?;
    package.keys.parts.map_or(Ok(()), |key| tx.retire_key(key))
}

pub(super) fn has_downloaded(
    tx: &Tx<'_>,
    package: PackageId,
    member: MemberId,
) -> Result<bool, Error> {
    let known = tx.query_opt(
        "select 1 from package_download where package_id = $1 and member_id = $2 limit 1",
        params![package, member],
        |_| Ok(()),
    )?;
    Ok(known.is_some())
}

pub(super) fn insert_download(
    tx: &Tx<'_>,
    id: DownloadId,
    package: PackageId,
    member: MemberId,
) -> Result<(), Error> {
    tx.execute(
        "insert into package_download (id, package_id, member_id, at) values ($1, $2, $3, $4)",
        params![id, package, member, tx.now()],
    )?;
    Ok(())
}

pub(super) fn downloads(tx: &Tx<'_>, limit: u32) -> Result<Vec<Download>, Error> {
    tx.query(
        "select package_download.member_id, package_download.at, package.asked_at
         from package_download join package on package.id = package_download.package_id
         order by package_download.at desc, package_download.id desc limit $1",
        params![limit],
        |row| {
            Ok(Download {
                member: row.get(0)?,
                at: row.get(1)?,
                asked_at: row.get(2)?,
            })
        },
    )
}
