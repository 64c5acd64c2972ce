//! The provider that an organization sets.

use kept_base::store::{Error, Tx};
use serde::Deserialize as _;

use super::oidc::Document;
use super::store::{self, Stored};
use super::wanted::{Rules, Typed, Wanted};
use crate::access::{self, ProviderDoor, Role};
use crate::audit::{self, Act};
use crate::ids::UndoId;
use crate::policy::May;
use crate::policy::rights::SetProvider;
use crate::undo;

/// What is set, for whoever looks at it.
pub(super) struct Shown {
    pub door: ProviderDoor,
    /// Whether members see the button.
    pub is_open: bool,
    pub rules: Rules,
    pub has_secret: bool,
    /// Whether the provider can send orders to end sessions; unknown before it was reached.
    pub orders_sign_out: Option<bool>,
}

impl Shown {
    pub fn typed(&self) -> Typed {
        Typed::of(&self.door, &self.rules)
    }
}

/// What is set; `None` before anything is.
pub(super) fn shown(tx: &Tx<'_>) -> Result<Option<Shown>, Error> {
    let Some(stored) = store::load(tx)? else {
        return Ok(None);
    };
    let issuer = &stored.rules.issuer;
    let document = stored.document.as_ref();
    let document = document.and_then(|text| Document::read(text.as_bytes(), issuer).ok());
    let (door, is_open) = door(tx)?;
    Ok(Some(Shown {
        door,
        is_open,
        has_secret: stored.has_secret,
        orders_sign_out: document.map(|document| document.orders_sign_out),
        rules: stored.rules,
    }))
}

/// Without a name where the organization came here as a package.
fn door(tx: &Tx<'_>) -> Result<(ProviderDoor, bool), Error> {
    let nameless = ProviderDoor {
        name: String::new(),
        is_only_way: false,
    };
    Ok(access::provider_door_settings(tx)?.unwrap_or((nameless, false)))
}

/// Sets the provider. Another issuer has to be tried before members see it, and who came in by the one before is
/// out; with it as the only way, so is whoever came in beside it, but owners.
pub(super) fn change(tx: &Tx<'_>, _: &May<SetProvider>, wanted: &Wanted) -> Result<(), Error> {
    set(tx, wanted)
}

fn set(tx: &Tx<'_>, wanted: &Wanted) -> Result<(), Error> {
    tx.keep_revision();
    let before = store::load(tx)?;
    let is_other = before
        .as_ref()
        .is_none_or(|before| before.rules.issuer != wanted.rules.issuer);
    store::put(tx, &wanted.rules)?;
    if let Some(secret) = &wanted.secret {
        store::put_secret(tx, secret)?;
    }
    if is_other {
        if wanted.secret.is_none() {
            // What one provider knows is nothing to tell another.
            store::forget_secret(tx)?;
        }
        store::forget_documents(tx)?;
        access::end_provider_sessions(tx, None, None)?;
    }
    // What went out went out by other rules.
    store::remove_sign_ins(tx)?;
    let (_, was_open) = door(tx)?;
    access::put_provider_door(tx, &wanted.door, was_open && !is_other)?;
    let word = |is_so, word: &'static str| if is_so { word } else { "-" };
    let detail = format!(
        "{} {} {} {} {}",
        word(is_other, "issuer"),
        word(wanted.secret.is_some(), "secret"),
        word(wanted.rules.joins, "joins"),
        word(wanted.door.is_only_way, "only_way"),
        wanted.rules.default_role.map_or("-", Role::code),
    );
    audit::record(tx, Act::ProviderChanged, tx.organization(), &detail)
}

/// Keeps what the provider said when it was tried, and opens the door; `false` when another one is set by now.
pub(super) fn open(
    tx: &Tx<'_>,
    _: &May<SetProvider>,
    issuer: &str,
    (document, keys): (&str, &str),
) -> Result<bool, Error> {
    tx.keep_revision();
    let stored: Option<Stored> = store::load(tx)?;
    let is_it = stored.is_some_and(|one| one.rules.issuer == issuer && one.has_secret);
    let Some((door, _)) = access::provider_door_settings(tx)?.filter(|_| is_it) else {
        return Ok(false);
    };
    store::put_document(tx, document)?;
    store::put_keys(tx, keys)?;
    access::put_provider_door(tx, &door, true)?;
    audit::record(tx, Act::ProviderChanged, tx.organization(), "open")?;
    Ok(true)
}

/// Takes the provider away: whoever came in by it is out, and everybody comes in as before. Links of members
/// stay, for the day it is set again; its secret is gone for good. `None` where there is nothing to set again.
pub(super) fn remove(tx: &Tx<'_>, _: &May<SetProvider>) -> Result<Option<UndoId>, Error> {
    tx.keep_revision();
    let Some(before) = store::load(tx)? else {
        return Ok(None);
    };
    let before = Typed::of(&door(tx)?.0, &before.rules);
    store::remove(tx)?;
    store::remove_sign_ins(tx)?;
    access::close_provider_door(tx)?;
    access::end_provider_sessions(tx, None, None)?;
    audit::record(tx, Act::ProviderChanged, tx.organization(), "removed")?;
    // One that came with a package has no name yet, and could not be set again as it was.
    match before.read(true) {
        Ok(_) => undo::offer(tx, "sso.provider", &before).map(Some),
        Err(_) => Ok(None),
    }
}

/// Sets a provider again that was taken away, for [`undo::take`]. Its secret has to be written anew, and it has
/// to be tried, before members see it. `false` when another one is set by now.
///
/// # Errors
/// Those of the store.
pub fn take_back(tx: &Tx<'_>, payload: &serde_json::Value) -> Result<bool, Error> {
    let unread = || Error::Decode("earlier values");
    let typed = Typed::deserialize(payload).map_err(|_| unread())?;
    if store::load(tx)?.is_some() {
        return Ok(false);
    }
    set(tx, &typed.read(true).map_err(|_| unread())?)?;
    Ok(true)
}
