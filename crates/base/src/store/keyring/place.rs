//! Where a key store is, and whether it is there.

use std::path::PathBuf;
use std::sync::Arc;

use crate::kit::OrganizationId;
use crate::store::postgres::{self, Server, Tier};
use crate::store::{Error, sqlite};

/// Where a key store is.
pub(in crate::store) enum KeyPlace {
    /// In a file of its own.
    File(PathBuf),
    /// In a schema of its own on a server.
    Server(Arc<Server>),
}

impl KeyPlace {
    /// # Errors
    /// [`Error::Key`] when there is no key store at this place.
    pub fn refuse_missing(&self, organization: OrganizationId) -> Result<(), Error> {
        let (name, is_there) = match self {
            Self::File(path) => (sqlite::name_of(path), path.exists()),
            Self::Server(server) => {
                let name = format!("{organization}_keys");
                let permit = server.permit_blocking(Tier::Keys)?;
                let lent = server.lend(&permit, "")?;
                let is_there = postgres::has_schema(lent.session(), &name)?;
                (name, is_there)
            }
        };
        if is_there {
            return Ok(());
        }
        Err(Error::Key(format!(
            "{name}, the key store of {organization}, is missing: put it back"
        )))
    }
}
