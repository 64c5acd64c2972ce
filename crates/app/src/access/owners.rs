//! Whose links are: they follow when two records of one person become one.

use kept_base::store::{Error, Tx};

use super::store;
use crate::ids::{CapabilityId, PersonId};

/// Makes all links of a person somebody else's, and tells which.
///
/// # Errors
/// Those of the store.
pub fn reassign(tx: &Tx<'_>, from: PersonId, to: PersonId) -> Result<Vec<CapabilityId>, Error> {
    store::owners::reassign(tx, from, to)
}

/// Makes these links somebody's.
///
/// # Errors
/// Those of the store.
pub fn assign(tx: &Tx<'_>, ids: &[CapabilityId], to: PersonId) -> Result<(), Error> {
    store::owners::assign(tx, ids, to)
}
