//! An organization (tenant): its name, zone, language and how its mail is signed.

mod change;
mod records;
mod store;

use kept_base::kit::{Email, OrganizationId};
use kept_base::store::{Error, Tx};

pub use change::{Setting, change, last_changes, undo};
pub use records::RECORDS;

use crate::audit::{self, Act};

/// Longest slug, in bytes.
pub const MAX_SLUG_BYTES: usize = 40;
/// Longest name of an organization, in characters.
pub const MAX_ORGANIZATION_NAME_CHARS: usize = 120;
/// First path segments that are Kept's own and can name no organization.
pub const RESERVED_SLUGS: &[&str] = &[
    "api",
    "assets",
    "docs",
    "embed",
    "favicon.ico",
    "healthz",
    "look",
    "metrics",
    "o",
    "operator",
    "readyz",
    "robots.txt",
    "scim",
    "t",
    "trust",
    "setup",
    "sign-in",
    "static",
    "console",
];

/// The organization's own settings.
#[derive(Debug, Clone)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name in addresses.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// IANA zone of its civil days, for limits and for times shown before a visitor chooses.
    pub zone: String,
    /// Language tag used when a visitor's is not known.
    pub locale: String,
    /// How its mail is signed.
    pub sender: Sender,
}

/// Who mail comes from.
#[derive(Debug, Clone)]
pub struct Sender {
    /// Shown name.
    pub name: String,
    /// Address in `From` and as iTIP organizer.
    pub address: Email,
    /// Where answers go, when not to the sender.
    pub reply_to: Option<Email>,
}

/// Why an organization is not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlugError {
    /// Not 2 to [`MAX_SLUG_BYTES`] lower-case letters, digits and inner hyphens.
    #[error(
        "use 2 to 40 lower-case letters, digits and hyphens, beginning and ending with a letter or digit"
    )]
    Malformed,
    /// Kept uses this word in its own addresses.
    #[error("this word is used in Kept's own addresses")]
    Reserved,
}

/// Checks a slug before anything is made.
///
/// # Errors
/// [`SlugError`] says what to change.
pub fn check_slug(slug: &str) -> Result<(), SlugError> {
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let bytes = slug.as_bytes();
    let well_formed = (2..=MAX_SLUG_BYTES).contains(&bytes.len())
        && bytes.iter().all(|c| plain(*c) || *c == b'-')
        && bytes.first().is_some_and(|c| plain(*c))
        && bytes.last().is_some_and(|c| plain(*c));
    if RESERVED_SLUGS.contains(&slug) {
        Err(SlugError::Reserved)
    } else if well_formed {
        Ok(())
    } else {
        Err(SlugError::Malformed)
    }
}

/// Where mail of a new organization comes from: its slug at the host of `base_url`. `None` where
/// that is no address, as with a bare IPv6 host.
#[must_use]
pub fn default_sender(slug: &str, base_url: &str) -> Option<Email> {
    Email::parse(&format!("{slug}@{}", host_of(base_url))).ok()
}

/// The host in `https://host:port`.
fn host_of(base_url: &str) -> &str {
    let authority = base_url
        .split_once("://")
        .map_or(base_url, |(_, rest)| rest);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Writes the settings of a new organization: its first act.
///
/// # Errors
/// Those of the store.
pub fn create(tx: &Tx<'_>, organization: &Organization) -> Result<(), Error> {
    store::insert(tx, organization)?;
    audit::record(tx, Act::OrganizationCreated, organization.id, "")
}

/// The settings.
///
/// # Errors
/// [`Error::NoOrganization`] when they were never written; those of the store.
pub fn load(tx: &Tx<'_>) -> Result<Organization, Error> {
    store::load(tx)?.ok_or(Error::NoOrganization)
}

/// Marks a new organization as the sandbox of `live`. It sends no mail from then on.
///
/// # Errors
/// Those of the store.
pub fn mark_sandbox(tx: &Tx<'_>, live: OrganizationId) -> Result<(), Error> {
    store::mark_sandbox(tx, live)
}

/// Of which organization this is the sandbox.
///
/// # Errors
/// Those of the store.
pub fn sandbox_of(tx: &Tx<'_>) -> Result<Option<OrganizationId>, Error> {
    store::sandbox_of(tx)
}

/// Whether this is a sandbox.
///
/// # Errors
/// Those of the store.
pub fn is_sandbox(tx: &Tx<'_>) -> Result<bool, Error> {
    Ok(store::sandbox_of(tx)?.is_some())
}

/// A number that changes with what is offered and with these settings; what was read under one
/// number holds while the number stays.
///
/// # Errors
/// [`Error::NoOrganization`]; those of the store.
pub fn offering_revision(tx: &Tx<'_>) -> Result<i64, Error> {
    store::offering_revision(tx)?.ok_or(Error::NoOrganization)
}

/// Marks what is offered as changed, in the transaction that changes it.
///
/// # Errors
/// Those of the store.
pub fn touch_offering(tx: &Tx<'_>) -> Result<(), Error> {
    store::touch_offering(tx)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_comes_from_the_host_that_people_know() {
        for (base_url, host) in [
            ("https://book.example.org", "book.example.org"),
            ("http://127.0.0.1:8080", "127.0.0.1"),
            ("http://[::1]:8080", "[::1]"),
        ] {
            assert_eq!(host_of(base_url), host);
        }
    }

    #[test]
    fn slugs_are_plain_and_free() {
        assert_eq!(check_slug("riverside"), Ok(()));
        assert_eq!(check_slug("city-7"), Ok(()));
        assert_eq!(check_slug("api"), Err(SlugError::Reserved));
        for slug in [
            "",
            "a",
            "-ab",
            "ab-",
            "Ab",
            "a b",
            "a/b",
            "..",
            "ä1",
            &"a".repeat(41),
        ] {
            assert_eq!(check_slug(slug), Err(SlugError::Malformed), "{slug}");
        }
    }
}
