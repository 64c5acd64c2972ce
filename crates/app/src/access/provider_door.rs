//! What the sign-in page says of the provider, and whether members come in by it alone. The provider itself
//! is another slice's.

use kept_base::store::{Error, Tx};

use super::store::provider_door as store;

/// Longest name of a provider, in characters.
pub const MAX_PROVIDER_NAME_CHARS: usize = 60;

/// The provider at the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderDoor {
    /// What it is called on the button.
    pub name: String,
    /// Whether members come in by it alone: neither by password nor by passkey. Owners may, so that a
    /// provider that fails locks nobody out.
    pub is_only_way: bool,
}

/// The provider that members can come in by now.
///
/// # Errors
/// Those of the store.
pub fn provider_door(tx: &Tx<'_>) -> Result<Option<ProviderDoor>, Error> {
    let found = store::load(tx)?;
    Ok(found.filter(|(_, is_open)| *is_open).map(|(door, _)| door))
}

/// What is set, and whether it is open.
///
/// # Errors
/// Those of the store.
pub fn provider_door_settings(tx: &Tx<'_>) -> Result<Option<(ProviderDoor, bool)>, Error> {
    store::load(tx)
}

/// Sets it. What began beside the provider ends for members once it is the only way.
///
/// # Errors
/// Those of the store.
pub fn put_provider_door(tx: &Tx<'_>, door: &ProviderDoor, is_open: bool) -> Result<(), Error> {
    tx.keep_revision();
    store::put(tx, door, is_open)
}

/// Takes it away: members come in as before.
///
/// # Errors
/// Those of the store.
pub fn close_provider_door(tx: &Tx<'_>) -> Result<(), Error> {
    tx.keep_revision();
    store::remove(tx)
}
