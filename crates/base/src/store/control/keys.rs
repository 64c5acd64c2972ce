//! The wrapped keys of organizations: each under the key above it, with its organization, kind and
//! version as associated data.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::Control;
use crate::kit::{Entropy, OrganizationId};
use crate::params;
use crate::store::session::Session;
use crate::store::{Error, Key};

/// What a key of an organization is for. Each but the first is wrapped by the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum KeyKind {
    /// Wraps the others and the keys of people; the root key wraps it.
    Organization,
    /// Opens the organization's database.
    Database,
    /// Opens its key store.
    KeyStore,
    /// Makes the tokens of its blind index.
    Index,
}

impl KeyKind {
    /// Those that the organization key wraps.
    pub const BELOW: [Self; 3] = [Self::Database, Self::KeyStore, Self::Index];

    /// The stable code, as stored and as part of each wrapped key's name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Database => "database",
            Self::KeyStore => "key_store",
            Self::Index => "index",
        }
    }

    /// The code of the key that is to follow it.
    pub fn next_code(self) -> String {
        format!("next_{}", self.code())
    }

    pub fn name(self, id: OrganizationId, version: u32) -> String {
        format!("{id} {} {version}", self.code())
    }
}

/// The organization key, with its version.
#[derive(Debug, Clone)]
pub(in crate::store) struct Wrapping {
    /// What is wrapped from now on is wrapped under it.
    pub current: (u32, Key),
    /// Versions of it under which some keys of people may still be wrapped, the newest first.
    pub earlier: Vec<(u32, Key)>,
}

impl Wrapping {
    /// The key of that version.
    pub fn get(&self, version: u32) -> Option<&Key> {
        let known = std::iter::once(&self.current).chain(&self.earlier);
        known
            .into_iter()
            .find_map(|(known, key)| (*known == version).then_some(key))
    }

    /// Whether the version is known.
    pub fn has(&self, version: u32) -> bool {
        self.get(version).is_some()
    }
}

/// What an open organization needs of its keys.
pub(in crate::store) struct OrganizationKeys {
    /// The organization key: wraps the keys of people.
    pub wrapping: Wrapping,
    /// Opens the database.
    pub database: Key,
    /// Opens the key store.
    pub key_store: Key,
    /// Makes the tokens of the blind index.
    pub index: Key,
}

/// Makes the keys of a new organization.
pub(super) fn make(
    session: &Session,
    root: &Key,
    id: OrganizationId,
    entropy: &Entropy,
) -> Result<(), Error> {
    let organization = Key::random(entropy);
    let name = KeyKind::Organization.name(id, 1);
    let wrapped = root.wrap(&name, &organization, entropy);
    insert(session, id, (KeyKind::Organization, 1), &wrapped)?;
    for kind in KeyKind::BELOW {
        let wrapped = organization.wrap(&kind.name(id, 1), &Key::random(entropy), entropy);
        insert(session, id, (kind, 1), &wrapped)?;
    }
    Ok(())
}

pub(super) fn insert(
    session: &Session,
    id: OrganizationId,
    (kind, version): (KeyKind, u32),
    wrapped: &[u8],
) -> Result<(), Error> {
    session.execute(
        "insert into wrapped_key (organization_id, kind, version, wrapped)
         values ($1, $2, $3, $4) on conflict (organization_id, kind, version) do nothing",
        params![id, kind.code(), version, wrapped],
    )?;
    Ok(())
}

/// A key as it is kept, for a copy of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct WrappedKey {
    kind: String,
    version: u32,
    /// In hexadecimal.
    wrapped: String,
}

impl WrappedKey {
    /// The version, of a key that wraps those of people.
    pub fn wraps_as(&self) -> Option<u32> {
        (self.kind == KeyKind::Organization.code()).then_some(self.version)
    }
}

/// Keeps the keys of a copy, if the root key or the one before it opens them, and makes those that
/// belong to the place alone.
pub(super) fn take_back(
    session: &Session,
    (root, earlier): (&Key, Option<&Key>),
    id: OrganizationId,
    copied: &[WrappedKey],
    entropy: &Entropy,
) -> Result<(), Error> {
    let mut organization: Option<(u32, Key)> = None;
    for one in copied {
        let mut wrapped = (HEXLOWER.decode(one.wrapped.as_bytes()))
            .map_err(|_| Error::Archive("a key in it is none"))?;
        let kind = [KeyKind::Organization, KeyKind::Index]
            .into_iter()
            .find(|kind| kind.code() == one.kind)
            .ok_or(Error::Archive("a key in it is of no known kind"))?;
        if kind == KeyKind::Organization {
            let name = kind.name(id, one.version);
            let mut opened = (std::iter::once(root).chain(earlier))
                .filter_map(|root| root.unwrap_key(&name, &wrapped).ok());
            let key = opened
                .next()
                .ok_or_else(|| Error::Key("the copy was made under another root key".to_owned()))?;
            wrapped = root.wrap(&name, &key, entropy);
            if organization
                .as_ref()
                .is_none_or(|(version, _)| *version < one.version)
            {
                organization = Some((one.version, key));
            }
        }
        insert(session, id, (kind, one.version), &wrapped)?;
    }
    let (_, organization) = organization.ok_or(Error::Archive("it has no key"))?;
    for kind in [KeyKind::Database, KeyKind::KeyStore] {
        let wrapped = organization.wrap(&kind.name(id, 1), &Key::random(entropy), entropy);
        insert(session, id, (kind, 1), &wrapped)?;
    }
    Ok(())
}

/// The versions of a key, the newest first, still wrapped.
pub(super) fn versions(
    session: &Session,
    id: OrganizationId,
    kind: KeyKind,
) -> Result<Vec<(u32, Vec<u8>)>, Error> {
    session.query(
        "select version, wrapped from wrapped_key where organization_id = $1 and kind = $2
         order by version desc",
        params![id, kind.code()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

impl Control {
    /// The keys that a copy of the key store needs to be read: not those of its files.
    pub fn wrapped_keys(&self, id: OrganizationId) -> Result<Vec<WrappedKey>, Error> {
        let [organization, index] = [KeyKind::Organization, KeyKind::Index].map(KeyKind::code);
        self.with(|session| {
            session.query(
                "select kind, version, wrapped from wrapped_key
                 where organization_id = $1 and kind in ($2, $3) order by kind desc, version desc",
                params![id, organization, index],
                |row| {
                    Ok(WrappedKey {
                        kind: row.get(0)?,
                        version: row.get(1)?,
                        wrapped: HEXLOWER.encode(&row.get::<Vec<u8>>(2)?),
                    })
                },
            )
        })
    }

    /// The keys of an organization. Those that it lacks, since it was made by an older program, are
    /// made.
    pub fn keys(&self, id: OrganizationId, entropy: &Entropy) -> Result<OrganizationKeys, Error> {
        self.with_root(|session, root| read(session, root, id, entropy))
    }
}

/// The keys of an organization, within a transaction.
pub(super) fn read(
    session: &Session,
    root: &Key,
    id: OrganizationId,
    entropy: &Entropy,
) -> Result<OrganizationKeys, Error> {
    let mut wrapping = Vec::new();
    for (version, wrapped) in versions(session, id, KeyKind::Organization)? {
        let name = KeyKind::Organization.name(id, version);
        wrapping.push((version, root.unwrap_key(&name, &wrapped)?));
    }
    let mut wrapping = wrapping.into_iter();
    let current = wrapping.next().ok_or(Error::NoOrganization)?;
    let of = |kind| below(session, id, kind, &current.1, entropy);
    Ok(OrganizationKeys {
        database: of(KeyKind::Database)?,
        key_store: of(KeyKind::KeyStore)?,
        index: of(KeyKind::Index)?,
        wrapping: Wrapping {
            current,
            earlier: wrapping.collect(),
        },
    })
}

/// The newest key of a kind that the organization key wraps; made when there is none.
fn below(
    session: &Session,
    id: OrganizationId,
    kind: KeyKind,
    wrapping: &Key,
    entropy: &Entropy,
) -> Result<Key, Error> {
    let mut found = versions(session, id, kind)?;
    if found.is_empty() {
        if kind == KeyKind::Database {
            return Err(Error::Key(format!("{id} has no database key")));
        }
        let wrapped = wrapping.wrap(&kind.name(id, 1), &Key::random(entropy), entropy);
        insert(session, id, (kind, 1), &wrapped)?;
        // Another process may have been faster.
        found = versions(session, id, kind)?;
    }
    let newest = found.into_iter().next();
    let (version, wrapped) = newest.ok_or(Error::Decode("wrapped key"))?;
    wrapping.unwrap_key(&kind.name(id, version), &wrapped)
}
