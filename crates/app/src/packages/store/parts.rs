//! The bytes of packages, in parts. Number 0 is a mark without bytes.

use jiff::Timestamp;
use kept_base::kit::time::plus_minutes;
use kept_base::params;
use kept_base::store::{Error, KeyId, Tx};

use super::{count, kept, package};
use crate::ids::PackageId;
use crate::packages::PACKAGE_HOURS;

fn place(id: PackageId, number: u32) -> String {
    format!("package_part.bytes {id} {number}")
}

/// When the parts of a package go at the latest, whatever becomes of it.
fn latest(tx: &Tx<'_>, id: PackageId) -> Result<Timestamp, Error> {
    let package = package(tx, id)?.ok_or(Error::Decode("package"))?;
    Ok(plus_minutes(package.expires_at, PACKAGE_HOURS * 60))
}

pub(in crate::packages) fn insert_mark(tx: &Tx<'_>, id: PackageId) -> Result<(), Error> {
    insert(tx, (id, 0), Vec::new(), latest(tx, id)?)
}

fn insert(
    tx: &Tx<'_>,
    (id, number): (PackageId, u32),
    bytes: Vec<u8>,
    until: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "insert into package_part (package_id, number, bytes, expires_at) values ($1, $2, $3, $4)",
        params![id, number, bytes, until],
    )?;
    Ok(())
}

/// Keeps parts, each sealed for its place.
pub(in crate::packages) fn insert_parts(
    tx: &Tx<'_>,
    id: PackageId,
    first: u32,
    parts: &[Vec<u8>],
) -> Result<(), Error> {
    let key_id = key_id(tx, id)?.ok_or(Error::Decode("key of a package"))?;
    let key = tx.person_keys()?.get(key_id)?;
    let key = key.ok_or(Error::Decode("key of a package"))?;
    let until = latest(tx, id)?;
    let mut bytes = 0;
    for (number, part) in (first..).zip(parts) {
        let sealed = key.seal_bytes(&place(id, number), part, tx.entropy());
        insert(tx, (id, number), sealed, until)?;
        bytes += part.len() as u64;
    }
    tx.execute(
        "update package set bytes = bytes + $2 where id = $1",
        params![id, kept(bytes)],
    )?;
    Ok(())
}

fn key_id(tx: &Tx<'_>, id: PackageId) -> Result<Option<KeyId>, Error> {
    let found = tx.query_opt(
        "select key_id from package where id = $1",
        params![id],
        |row| row.get::<Option<KeyId>>(0),
    )?;
    Ok(found.flatten())
}

/// A part of a package that is ready.
pub(in crate::packages) fn part(
    tx: &Tx<'_>,
    id: PackageId,
    number: u32,
) -> Result<Option<Vec<u8>>, Error> {
    let found = tx.query_opt(
        "select package_part.bytes, package.key_id from package_part
         join package on package.id = package_part.package_id
         where package_id = $1 and number = $2 and state = 'ready'",
        params![id, number],
        |row| Ok((row.get::<Vec<u8>>(0)?, row.get::<Option<KeyId>>(1)?)),
    )?;
    let Some((sealed, Some(key_id))) = found else {
        return Ok(None);
    };
    let Some(key) = tx.person_keys()?.get(key_id)? else {
        return Ok(None);
    };
    let opened = key.open_bytes(&place(id, number), &sealed)?;
    Ok(Some(opened.to_vec()))
}

/// How many parts there are, the mark included.
pub(in crate::packages) fn count_parts(tx: &Tx<'_>, id: PackageId) -> Result<u64, Error> {
    let counted = tx.query_opt(
        "select count(*) from package_part where package_id = $1",
        params![id],
        |row| count(row, 0),
    )?;
    Ok(counted.unwrap_or(0))
}

pub(in crate::packages) fn remove_parts(tx: &Tx<'_>, id: PackageId) -> Result<(), Error> {
    tx.execute(
        "delete from package_part where package_id = $1",
        params![id],
    )?;
    Ok(())
}

/// Removes parts that stand longer than any package; tells how many.
pub(in crate::packages) fn remove_stray_parts(tx: &Tx<'_>) -> Result<usize, Error> {
    tx.execute(
        "delete from package_part where expires_at <= $1",
        params![tx.now()],
    )
}
