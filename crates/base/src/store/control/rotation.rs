//! A new organization key in the place of the one in use.

use super::keys::{self, KeyKind};
use super::{Control, OrganizationKeys, Placed};
use crate::kit::{Entropy, OrganizationId};
use crate::params;
use crate::store::session::Session;
use crate::store::{Error, Key};

impl Control {
    /// Makes the next version of the organization key and wraps under it all that the one before
    /// wraps but the keys of people. A change that was begun and not ended goes on: then nothing is
    /// made. Gives the keys as they are now.
    pub fn begin_rotation(
        &self,
        id: OrganizationId,
        entropy: &Entropy,
    ) -> Result<OrganizationKeys, Error> {
        self.with_root(|session, root| {
            let kind = KeyKind::Organization;
            let known = keys::versions(session, id, kind)?;
            let [(version, wrapped)] = known.as_slice() else {
                return Ok(());
            };
            let current = root.unwrap_key(&kind.name(id, *version), wrapped)?;
            let (next, key) = (version + 1, Key::random(entropy));
            let wrapped = root.wrap(&kind.name(id, next), &key, entropy);
            keys::insert(session, id, (kind, next), &wrapped)?;
            wrap_anew(session, id, &current, &key, entropy)
        })?;
        self.keys(id, entropy)
    }

    /// Forgets every version of the organization key but the newest one.
    ///
    /// # Errors
    /// [`Error::Moved`] when it is no longer where the keys of people were wrapped anew.
    pub fn end_rotation(&self, placed: &Placed, version: u32) -> Result<(), Error> {
        let id = placed.id;
        self.with(|session| {
            let there = session.execute(
                "update organization set placement = placement where id = $1 and placement = $2",
                params![id, placed.placement.to_string()],
            )?;
            if there == 0 {
                return Err(Error::Moved);
            }
            session.execute(
                "delete from wrapped_key
                 where organization_id = $1 and kind = $2 and version < $3",
                params![id, KeyKind::Organization.code(), version],
            )?;
            Ok(())
        })
    }
}

fn wrap_anew(
    session: &Session,
    id: OrganizationId,
    old: &Key,
    new: &Key,
    entropy: &Entropy,
) -> Result<(), Error> {
    for kind in KeyKind::BELOW {
        // That of a place to which it is moving has the name it is to have there.
        for code in [kind.code().to_owned(), kind.next_code()] {
            let wrapped = session.query(
                "select version, wrapped from wrapped_key where organization_id = $1 and kind = $2",
                params![id, code],
                |row| Ok((row.get::<u32>(0)?, row.get::<Vec<u8>>(1)?)),
            )?;
            for (version, wrapped) in wrapped {
                let name = kind.name(id, version);
                let again = new.wrap(&name, &old.unwrap_key(&name, &wrapped)?, entropy);
                session.execute(
                    "update wrapped_key set wrapped = $4
                     where organization_id = $1 and kind = $2 and version = $3",
                    params![id, code, version, again],
                )?;
            }
        }
    }
    Ok(())
}
