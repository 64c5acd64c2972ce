//! Organizations that were put back from a backup: here, but not to be opened before the erasures
//! that came after the copy were done again.

use data_encoding::BASE64;
use sha2::{Digest as _, Sha256};

use super::{Control, Placed, keys};
use crate::kit::{Entropy, OrganizationId};
use crate::params;
use crate::store::backup::DataArchive;
use crate::store::control::WrappedKey;
use crate::store::{Error, Placement};

/// The name under which digests are sealed.
const ATTESTED: &str = "kept attested 1";

impl Control {
    /// Records an organization under the id, slug and keys that it had, not findable before
    /// [`Control::complete`]; its database and key store get fresh keys.
    pub fn add_restored(
        &self,
        about: &DataArchive,
        wrapped: &[WrappedKey],
        placement: Option<Placement>,
        entropy: &Entropy,
    ) -> Result<Placed, Error> {
        let id = about.organization;
        let placed = Placed {
            id,
            slug: about.slug.clone(),
            placement: placement.unwrap_or_else(|| Placement::File(format!("{id}.db"))),
        };
        let why = format!(
            "restored from a copy of {}; erasures since then are to be done again first",
            about.taken_at
        );
        let earlier = self.root.earlier();
        self.with_root(|session, root| {
            session.execute(
                "insert into organization
                     (id, slug, placement, complete, created_at, state, held_because)
                 values ($1, $2, $3, 0, $4, 'held', $5)",
                params![
                    id,
                    placed.slug,
                    placed.placement.to_string(),
                    about.taken_at,
                    why
                ],
            )?;
            keys::take_back(session, (root, earlier), id, wrapped, entropy)
        })?;
        Ok(placed)
    }

    /// What a restore left that was cut short, or whose organization is held; none when the id is free.
    pub fn half_restored(&self, id: OrganizationId) -> Result<Option<Placed>, Error> {
        let found = self.with(|session| {
            session.query_opt(
                "select complete, state from organization where id = $1",
                params![id],
                |row| Ok((row.get::<bool>(0)?, row.get::<String>(1)? == "held")),
            )
        })?;
        match found {
            None => Ok(None),
            Some((true, false)) => Err(Error::Archive("the organization is here already")),
            Some(_) => self.placed(id).map(Some),
        }
    }

    /// Where the organization's data is, if it may be opened.
    pub fn openable(&self, id: OrganizationId) -> Result<Placed, Error> {
        let held = self.with(|session| {
            session.query_opt(
                "select coalesce(held_because, '') from organization where id = $1 and state = 'held'",
                params![id],
                |row| row.get::<String>(0),
            )
        })?;
        match held {
            Some(why) => Err(Error::Held(why)),
            None => self.placed(id),
        }
    }

    /// A seal over `bytes`.
    pub fn attest(&self, bytes: &[u8], entropy: &Entropy) -> Result<String, Error> {
        let digest = Sha256::digest(bytes);
        Ok(BASE64.encode(&self.root()?.seal(ATTESTED, &digest, entropy)))
    }

    /// Whether [`Control::attest`] made the seal for these bytes.
    pub fn has_attested(&self, bytes: &[u8], seal: &str) -> Result<bool, Error> {
        let Ok(sealed) = BASE64.decode(seal.trim().as_bytes()) else {
            return Ok(false);
        };
        let digest = Sha256::digest(bytes);
        let mut opened =
            (self.roots()?.into_iter()).filter_map(|root| root.open(ATTESTED, &sealed).ok());
        Ok(opened.any(|sealed| sealed.as_slice() == digest.as_slice()))
    }

    /// Lets an organization be opened.
    pub fn release(&self, id: OrganizationId) -> Result<(), Error> {
        self.with(|session| {
            session.execute(
                "update organization set state = 'active', held_because = null
                 where id = $1 and state = 'held'",
                params![id],
            )?;
            Ok(())
        })
    }
}
