//! Wrapping keys of people, and wrapping them anew when the organization key changes: in place, some
//! at a time, while others read and make keys.
//!
//! First the key store notes the new version, and from then on takes no key that is wrapped under an
//! older one, from whatever process: so none is left behind that nobody could unwrap.

use super::key_store::{DESTROYED, KeyStore, WRAPPED_BYTES};
use super::{KeyId, MAX_KEYS_AT_ONCE};
use crate::kit::{Entropy, OrganizationId};
use crate::params;
use crate::store::control::Wrapping;
use crate::store::copy::Copied;
use crate::store::{Error, Key, Progress, Tx, Value};

/// Bytes of a version before the sealed key.
const VERSION_BYTES: usize = 4;

fn name(organization: OrganizationId, id: KeyId, version: u32) -> String {
    format!("{organization} person {id} {version}")
}

/// Wraps the key of a person, as it is kept.
pub(super) fn wrap(
    (version, wrapping): (u32, &Key),
    organization: OrganizationId,
    id: KeyId,
    key: &Key,
    entropy: &Entropy,
) -> Result<[u8; WRAPPED_BYTES], Error> {
    let sealed = wrapping.wrap(&name(organization, id, version), key, entropy);
    let bytes = [version.to_be_bytes().as_slice(), &sealed].concat();
    bytes.try_into().map_err(|_| Error::Decode("wrapped key"))
}

/// The version of the organization key under which a key is wrapped.
pub(super) fn version_of(wrapped: &[u8; WRAPPED_BYTES]) -> u32 {
    let version = wrapped.first_chunk::<VERSION_BYTES>();
    version.map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

/// Takes back what [`wrap`] wrapped.
pub(super) fn unwrap(
    wrapping: &Wrapping,
    organization: OrganizationId,
    id: KeyId,
    wrapped: &[u8; WRAPPED_BYTES],
) -> Result<Key, Error> {
    let version = version_of(wrapped);
    let name = name(organization, id, version);
    let key = (wrapping.get(version))
        .ok_or_else(|| Error::Key(format!("{name} is wrapped by a key that is gone")))?;
    key.unwrap_key(&name, &wrapped[VERSION_BYTES..])
}

/// Keeps the version as it is until the transaction at hand has ended.
pub(super) fn hold_version(tx: &Tx<'_>) -> Result<(), Error> {
    if tx.is_in_file() {
        // There one transaction comes after the other.
        return Ok(());
    }
    tx.session().batch("lock table wrapping in share mode")
}

/// The oldest version under which a key may be added.
pub(super) fn least_version(tx: &Tx<'_>) -> Result<u32, Error> {
    let least = tx.query_opt("select version from wrapping", &[], |row| row.get(0))?;
    Ok(least.unwrap_or(0))
}

impl KeyStore {
    /// From now on no key is taken that is wrapped under an older version.
    pub fn raise_version(&self, version: u32, entropy: &Entropy) -> Result<(), Error> {
        self.transaction(entropy, |tx| {
            if least_version(tx)? < version {
                tx.execute("delete from wrapping", &[])?;
                tx.execute(
                    "insert into wrapping (version) values ($1)",
                    params![version],
                )?;
            }
            Ok(())
        })
    }

    /// Wraps under the current version every key that is wrapped under an earlier one, and leaves no
    /// trace of how it was wrapped before. Gives how many there were.
    pub fn rewrap(
        &self,
        organization: OrganizationId,
        wrapping: &Wrapping,
        progress: &Progress,
        entropy: &Entropy,
    ) -> Result<u64, Error> {
        self.raise_version(wrapping.current.0, entropy)?;
        let (mut after, mut seen, mut changed) = (String::new(), 0, 0);
        loop {
            let page = self.transaction(entropy, |tx| {
                rewrap_page(tx, &after, organization, wrapping, entropy)
            })?;
            seen += page.seen;
            changed += page.changed;
            progress.tell(seen, 0)?;
            match page.last {
                Some(last) => after = last,
                None => break,
            }
        }
        self.leave_no_trace()?;
        Ok(changed)
    }

    /// Whether each key among these rows of a copy is destroyed, or wrapped under one of `versions`.
    pub fn are_wrapped_by(versions: &[u32], table: &str, rows: &[Copied]) -> bool {
        let is_wrapped = |row: &Copied| match row.get(1) {
            Some(Value::Blob(bytes)) => {
                *bytes == DESTROYED.as_slice()
                    || (versions.iter()).any(|version| bytes.starts_with(&version.to_be_bytes()))
            }
            _ => false,
        };
        table != "person_key" || rows.iter().all(is_wrapped)
    }

    /// Whether no key is wrapped under an earlier version.
    pub fn is_rewrapped(&self, version: u32) -> Result<bool, Error> {
        let mut is_rewrapped = true;
        self.each_page(|table, rows| {
            if table == "person_key" {
                is_rewrapped &= Self::are_wrapped_by(&[version], table, rows);
            }
            Ok(())
        })?;
        Ok(is_rewrapped)
    }
}

struct Page {
    seen: u64,
    changed: u64,
    /// The id of the last one; none when there was none.
    last: Option<String>,
}

/// The bytes of a row stay as many as they were, and so where they were: what they were before is
/// overwritten.
fn rewrap_page(
    tx: &Tx<'_>,
    after: &str,
    organization: OrganizationId,
    wrapping: &Wrapping,
    entropy: &Entropy,
) -> Result<Page, Error> {
    let most = u32::try_from(MAX_KEYS_AT_ONCE).unwrap_or(u32::MAX);
    let rows: Vec<(KeyId, Vec<u8>)> = tx.query(
        "select id, wrapped from person_key where id > $1 order by id limit $2",
        params![after, most],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let (version, key) = &wrapping.current;
    let mut changed = 0;
    for (id, wrapped) in &rows {
        let wrapped: &[u8; WRAPPED_BYTES] =
            (wrapped.as_slice().try_into()).map_err(|_| Error::Decode("wrapped key"))?;
        if *wrapped == DESTROYED || version_of(wrapped) == *version {
            continue;
        }
        let person = unwrap(wrapping, organization, *id, wrapped)?;
        let again = wrap((*version, key), organization, *id, &person, entropy)?;
        // Whoever was erased since it was read stays so.
        changed += tx.execute(
            "update person_key set wrapped = $2 where id = $1 and wrapped = $3",
            params![id, again.as_slice(), wrapped.as_slice()],
        )? as u64;
    }
    Ok(Page {
        seen: rows.len() as u64,
        changed,
        last: rows.last().map(|(id, _)| id.to_string()),
    })
}
