//! A new organization, as an operator asks for it by page or by command.

use kept_base::kit::{Actor, Email, OrganizationId, Token};
use kept_base::page::locale::Locale;
use kept_base::page::zone::Zones;
use kept_base::store::{Error, Store, Tx};

use crate::access::{self, LinkPurpose, Scope};
use crate::organization::{
    self, MAX_ORGANIZATION_NAME_CHARS, Organization, Sender, SlugError, check_slug,
};

/// What was asked for, as it was written.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// Its name in addresses.
    pub slug: &'a str,
    /// What it is called.
    pub name: &'a str,
    /// The zone of its days.
    pub zone: &'a str,
    /// The language of its pages and mails.
    pub locale: &'a str,
    /// Where its mail comes from; without one, its slug at the host of the base URL.
    pub mail_from: Option<&'a str>,
}

/// What is wrong with a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// The slug.
    Slug(SlugError),
    /// The name: 1 to [`MAX_ORGANIZATION_NAME_CHARS`] characters on one line.
    Name,
    /// The zone is none.
    Zone,
    /// The language is none of ours.
    Locale,
    /// The address for mail is none.
    MailFrom,
}

/// A whole organization but for its id.
#[derive(Debug, Clone)]
pub struct NewOrganization {
    slug: String,
    name: String,
    zone: String,
    locale: Locale,
    address: Email,
}

/// What is shown once.
#[derive(Debug)]
pub struct Created {
    /// Which organization.
    pub id: OrganizationId,
    /// The link that makes whoever opens it the owner.
    pub own: Token,
    /// A token for the whole API, where one was asked for.
    pub api: Option<Token>,
}

/// Why an organization is not made.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// Another one has the slug.
    #[error("an organization has this slug already; choose another")]
    Taken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

impl NewOrganization {
    /// Reads a wish.
    ///
    /// # Errors
    /// All that is wrong, in the order of the fields.
    pub fn read(wish: &Wish<'_>, zones: &Zones, base_url: &str) -> Result<Self, Vec<Wrong>> {
        let mut wrong = Vec::new();
        if let Err(error) = check_slug(wish.slug) {
            wrong.push(Wrong::Slug(error));
        }
        let name = wish.name.trim();
        let chars = name.chars().count();
        if !(1..=MAX_ORGANIZATION_NAME_CHARS).contains(&chars) || name.contains(char::is_control) {
            wrong.push(Wrong::Name);
        }
        let zone = zones.parse_zone(wish.zone).map(|(zone, _)| zone);
        if zone.is_none() {
            wrong.push(Wrong::Zone);
        }
        let locale = Locale::from_tag(wish.locale);
        if locale.is_none() {
            wrong.push(Wrong::Locale);
        }
        let address = match wish.mail_from {
            Some(address) => Email::parse(address).ok(),
            None => organization::default_sender(wish.slug, base_url),
        };
        if address.is_none() {
            wrong.push(Wrong::MailFrom);
        }
        match (zone, locale, address) {
            (Some(zone), Some(locale), Some(address)) if wrong.is_empty() => Ok(Self {
                slug: wish.slug.to_owned(),
                name: name.to_owned(),
                zone,
                locale,
                address,
            }),
            _ => Err(wrong),
        }
    }

    fn write(self, tx: &Tx<'_>, with_token: Option<&str>) -> Result<(Token, Option<Token>), Error> {
        let organization = Organization {
            id: tx.organization(),
            slug: self.slug,
            name: self.name.clone(),
            zone: self.zone,
            locale: self.locale.tag().to_owned(),
            sender: Sender {
                name: self.name,
                address: self.address,
                reply_to: None,
            },
        };
        organization::create(tx, &organization)?;
        let token = match with_token {
            Some(name) => Some(access::create_token(tx, name, &Scope::API)?.1),
            None => None,
        };
        Ok((access::issue_link(tx, LinkPurpose::SetUp, None)?, token))
    }
}

/// Makes an organization in the name of `author`; `with_token` also makes an API token of that name,
/// which may do everything.
///
/// # Errors
/// [`CreateError`] says why not; nothing stays then.
pub async fn create(
    store: &Store,
    new: NewOrganization,
    author: Actor,
    with_token: Option<&'static str>,
) -> Result<Created, CreateError> {
    let slug = new.slug.clone();
    let first = move |tx: &Tx<'_>| new.write(tx, with_token);
    match store.create_organization(&slug, author, first).await {
        Ok((id, (own, api))) => Ok(Created { id, own, api }),
        Err(error) if error.is_constraint("organization.slug") => Err(CreateError::Taken),
        Err(error) => Err(error.into()),
    }
}
