//! Organizations on their way to another place: where to, and the keys that their new files have.

use super::keys::{self, KeyKind, OrganizationKeys};
use super::{Control, Placed, read_placed};
use crate::kit::{Entropy, OrganizationId};
use crate::params;
use crate::store::session::Session;
use crate::store::{Error, Key, Placement};

/// The keys of files that an organization is moving to.
pub(in crate::store) struct NextKeys {
    pub database: Key,
    pub key_store: Key,
}

/// What it takes to open an organization.
pub(in crate::store) struct ToOpen {
    /// Where it is.
    pub placed: Placed,
    /// Where it is on its way to.
    pub moving_to: Option<Placement>,
    /// Whether it was made to its end: then its data must be there.
    pub is_complete: bool,
    /// The keys of what is there.
    pub keys: OrganizationKeys,
}

impl Control {
    /// What it takes to open an organization, as one moment has it: a move changes all of it at once.
    ///
    /// # Errors
    /// [`Error::NoOrganization`]; [`Error::Held`] when it is not to be opened.
    pub fn to_open(&self, id: OrganizationId, entropy: &Entropy) -> Result<ToOpen, Error> {
        self.with_root(|session, root| {
            let found = session.query_opt(
                "select id, slug, placement, moving_to, complete,
                     case when state = 'held' then coalesce(held_because, '') end
                 from organization where id = $1",
                params![id],
                |row| {
                    let held: Option<String> = row.get(5)?;
                    Ok((
                        read_placed(row)?,
                        row.get::<Option<String>>(3)?,
                        row.get(4)?,
                        held,
                    ))
                },
            )?;
            let (placed, moving_to, is_complete, held) = found.ok_or(Error::NoOrganization)?;
            match held {
                Some(why) => Err(Error::Held(why)),
                None => Ok(ToOpen {
                    placed,
                    moving_to: moving_to.map(Placement::from),
                    is_complete,
                    keys: keys::read(session, root, id, entropy)?,
                }),
            }
        })
    }

    /// Where an organization is, with the keys of what is there, held or not.
    pub fn placed_with_keys(
        &self,
        id: OrganizationId,
        entropy: &Entropy,
    ) -> Result<(Placed, OrganizationKeys), Error> {
        self.with_root(|session, root| {
            let placed = session.query_opt(
                "select id, slug, placement from organization where id = $1",
                params![id],
                read_placed,
            )?;
            let keys = keys::read(session, root, id, entropy)?;
            Ok((placed.ok_or(Error::NoOrganization)?, keys))
        })
    }

    /// Where an organization is on its way to.
    pub fn moving_to(&self, id: OrganizationId) -> Result<Option<Placement>, Error> {
        let found = self.with(|session| {
            session.query_opt(
                "select moving_to from organization where id = $1",
                params![id],
                |row| row.get::<Option<String>>(0),
            )
        })?;
        Ok(found.flatten().map(Placement::from))
    }

    /// Notes that an organization is on its way, with fresh keys for files at the new place. A move
    /// to the same place that was cut short goes on with the keys it had.
    pub fn begin_move(
        &self,
        id: OrganizationId,
        to: &Placement,
        entropy: &Entropy,
    ) -> Result<NextKeys, Error> {
        self.with_root(|session, root| {
            let known = session.query_opt(
                "select coalesce(moving_to, '') from organization where id = $1",
                params![id],
                |row| row.get::<String>(0),
            )?;
            let known = known.ok_or(Error::NoOrganization)?;
            if known != to.to_string() {
                forget_next(session, id)?;
                session.execute(
                    "update organization set moving_to = $2 where id = $1",
                    params![id, to.to_string()],
                )?;
            }
            let wrapping = keys::read(session, root, id, entropy)?.wrapping.current.1;
            Ok(NextKeys {
                database: next(session, id, KeyKind::Database, &wrapping, entropy)?,
                key_store: next(session, id, KeyKind::KeyStore, &wrapping, entropy)?,
            })
        })
    }

    /// The organization is no longer at `from` but where it was on its way to, and its files have their new keys: the old
    /// ones are gone. Does nothing when it was not on that way.
    pub fn finish_move(
        &self,
        id: OrganizationId,
        from: &Placement,
        to: &Placement,
    ) -> Result<Placed, Error> {
        self.with(|session| {
            let moved = session.execute(
                "update organization
                 set left_behind = placement, placement = moving_to, moving_to = null
                 where id = $1 and placement = $2 and moving_to = $3",
                params![id, from.to_string(), to.to_string()],
            )?;
            if moved == 1 {
                for kind in [KeyKind::Database, KeyKind::KeyStore] {
                    session.execute(
                        "delete from wrapped_key where organization_id = $1 and kind = $2",
                        params![id, kind.code()],
                    )?;
                    session.execute(
                        "update wrapped_key set kind = $2 where organization_id = $1 and kind = $3",
                        params![id, kind.code(), kind.next_code()],
                    )?;
                }
            }
            let placed = session.query_opt(
                "select id, slug, placement from organization where id = $1",
                params![id],
                read_placed,
            )?;
            placed.ok_or(Error::NoOrganization)
        })
    }

    /// Where data of it may still be that has moved on.
    pub fn left_behind(&self, id: OrganizationId) -> Result<Option<Placement>, Error> {
        let found = self.with(|session| {
            session.query_opt(
                "select left_behind from organization where id = $1",
                params![id],
                |row| row.get::<Option<String>>(0),
            )
        })?;
        Ok(found.flatten().map(Placement::from))
    }

    /// Nothing of it is left there.
    pub fn cleared_up(&self, id: OrganizationId, at: &Placement) -> Result<(), Error> {
        self.with(|session| {
            session.execute(
                "update organization set left_behind = null where id = $1 and left_behind = $2",
                params![id, at.to_string()],
            )?;
            Ok(())
        })
    }

    /// The organization stays where it is.
    pub fn cancel_move(&self, id: OrganizationId) -> Result<(), Error> {
        self.with(|session| {
            forget_next(session, id)?;
            session.execute(
                "update organization set moving_to = null where id = $1",
                params![id],
            )?;
            Ok(())
        })
    }
}

fn forget_next(session: &Session, id: OrganizationId) -> Result<(), Error> {
    for kind in [KeyKind::Database, KeyKind::KeyStore] {
        session.execute(
            "delete from wrapped_key where organization_id = $1 and kind = $2",
            params![id, kind.next_code()],
        )?;
    }
    Ok(())
}

/// The key that follows the one in use; made when there is none.
fn next(
    session: &Session,
    id: OrganizationId,
    kind: KeyKind,
    wrapping: &Key,
    entropy: &Entropy,
) -> Result<Key, Error> {
    let known = session.query_opt(
        "select version, wrapped from wrapped_key where organization_id = $1 and kind = $2",
        params![id, kind.next_code()],
        |row| Ok((row.get::<u32>(0)?, row.get::<Vec<u8>>(1)?)),
    )?;
    if let Some((version, wrapped)) = known {
        return wrapping.unwrap_key(&kind.name(id, version), &wrapped);
    }
    let last = session.query_opt(
        "select cast(max(version) as integer) from wrapped_key
         where organization_id = $1 and kind = $2",
        params![id, kind.code()],
        |row| row.get::<Option<u32>>(0),
    )?;
    let (version, key) = (last.flatten().unwrap_or(0) + 1, Key::random(entropy));
    let wrapped = wrapping.wrap(&kind.name(id, version), &key, entropy);
    session.execute(
        "insert into wrapped_key (organization_id, kind, version, wrapped) values ($1, $2, $3, $4)",
        params![id, kind.next_code(), version, wrapped],
    )?;
    Ok(key)
}
