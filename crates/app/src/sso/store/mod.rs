//! The SQL of single sign-on.

mod sign_ins;

use jiff::Timestamp;
use kept_base::kit::Secret;
use kept_base::params;
use kept_base::store::{Error, KeyId, Row, Tx};

use super::oidc::RoleMap;
use super::wanted::Rules;
use crate::access::Role;

pub use sign_ins::remove_expired;
pub(super) use sign_ins::{
    insert_sign_in, keep_newest_sign_ins, remember_logout, remove_sign_ins, take_sign_in,
};

/// The provider as stored, without its secret.
pub(super) struct Stored {
    pub rules: Rules,
    pub has_secret: bool,
    pub document: Option<String>,
    pub document_at: Option<Timestamp>,
    pub keys: Option<String>,
    pub keys_at: Option<Timestamp>,
}

fn read(row: &Row<'_>) -> Result<Stored, Error> {
    let domains: &str = row.borrow(2)?;
    let role: &str = row.borrow(4)?;
    let map: &str = row.borrow(6)?;
    Ok(Stored {
        rules: Rules {
            issuer: row.get(0)?,
            client_id: row.get(1)?,
            domains: domains.split(' ').map(str::to_owned).collect(),
            joins: row.get(3)?,
            default_role: Role::from_code(role),
            role_claim: row.get(5)?,
            role_map: RoleMap::parse(map).map_err(|_| Error::Decode("role map"))?,
        },
        has_secret: row.get::<Option<KeyId>>(7)?.is_some(),
        document: row.get(8)?,
        document_at: row.get(9)?,
        keys: row.get(10)?,
        keys_at: row.get(11)?,
    })
}

pub(super) fn load(tx: &Tx<'_>) -> Result<Option<Stored>, Error> {
    tx.query_opt(
        "select issuer, client_id, domains, joins, default_role, role_claim, role_map, key_id,
             document, document_at, keys, keys_at
         from provider",
        &[],
        read,
    )
}

/// Writes the rules down; what else is known stays.
pub(super) fn put(tx: &Tx<'_>, rules: &Rules) -> Result<(), Error> {
    tx.execute(
        "insert into provider (organization_id, issuer, client_id, domains, joins, default_role,
             role_claim, role_map, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (organization_id) do update set issuer = excluded.issuer,
             client_id = excluded.client_id, domains = excluded.domains, joins = excluded.joins,
             default_role = excluded.default_role, role_claim = excluded.role_claim,
             role_map = excluded.role_map, changed_at = excluded.changed_at",
        params![
            tx.organization(),
            rules.issuer,
            rules.client_id,
            rules.domains.join(" "),
            rules.joins,
            rules.default_role.map_or("", Role::code),
            rules.role_claim,
            rules.role_map.text(),
            tx.now()
        ],
    )?;
    Ok(())
}

fn place(tx: &Tx<'_>) -> String {
    format!("provider.sealed_secret {}", tx.organization())
}

/// Seals a secret under a fresh key; the one before goes with its key.
pub(super) fn put_secret(tx: &Tx<'_>, secret: &Secret) -> Result<(), Error> {
    retire_secret(tx)?;
    let (key_id, key) = tx.person_keys()?.fresh()?;
    let sealed = key.seal_bytes(&place(tx), secret.expose().as_bytes(), tx.entropy());
    tx.execute(
        "update provider set key_id = $1, sealed_secret = $2",
        params![key_id, sealed],
    )?;
    Ok(())
}

/// `None` where there is none, or its key was destroyed.
pub(super) fn secret(tx: &Tx<'_>) -> Result<Option<Secret>, Error> {
    let found = tx.query_opt("select key_id, sealed_secret from provider", &[], |row| {
        Ok((row.get::<Option<KeyId>>(0)?, row.get::<Option<Vec<u8>>>(1)?))
    })?;
    let Some((Some(key_id), Some(sealed))) = found else {
        return Ok(None);
    };
    let Some(key) = tx.person_keys()?.get(key_id)? else {
        return Ok(None);
    };
    let bytes = key.open_bytes(&place(tx), &sealed)?;
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| Error::Decode("secret"))?;
    Ok(Some(Secret::new(text)))
}

/// There is no secret any more.
pub(super) fn forget_secret(tx: &Tx<'_>) -> Result<(), Error> {
    retire_secret(tx)?;
    tx.execute(
        "update provider set key_id = null, sealed_secret = null",
        &[],
    )?;
    Ok(())
}

fn retire_secret(tx: &Tx<'_>) -> Result<(), Error> {
    let key = tx.query_opt("select key_id from provider", &[], |row| {
        row.get::<Option<KeyId>>(0)
    })?;
    match key.flatten() {
        Some(key) => tx.retire_key(key),
        None => Ok(()),
    }
}

pub(super) fn put_document(tx: &Tx<'_>, document: &str) -> Result<(), Error> {
    tx.execute(
        "update provider set document = $1, document_at = $2",
        params![document, tx.now()],
    )?;
    Ok(())
}

pub(super) fn put_keys(tx: &Tx<'_>, keys: &str) -> Result<(), Error> {
    tx.execute(
        "update provider set keys = $1, keys_at = $2, keys_asked_at = $2",
        params![keys, tx.now()],
    )?;
    Ok(())
}

/// Whether the keys may be asked for now, none having been since `since`; if so it counts. One that lies
/// ahead was written before the clock was set back.
pub(super) fn may_ask_for_keys(tx: &Tx<'_>, since: Timestamp) -> Result<bool, Error> {
    let taken = tx.execute(
        "update provider set keys_asked_at = $1
         where keys_asked_at is null or keys_asked_at <= $2 or keys_asked_at > $1",
        params![tx.now(), since],
    )?;
    Ok(taken == 1)
}

/// What was read of another issuer counts no more.
pub(super) fn forget_documents(tx: &Tx<'_>) -> Result<(), Error> {
    tx.execute(
        "update provider set document = null, document_at = null, keys = null, keys_at = null,
             keys_asked_at = null",
        &[],
    )?;
    Ok(())
}

pub(super) fn remove(tx: &Tx<'_>) -> Result<bool, Error> {
    retire_secret(tx)?;
    Ok(tx.execute("delete from provider", &[])? == 1)
}
