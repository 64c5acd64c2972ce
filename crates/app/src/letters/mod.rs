//! What the letters say: from a leased message to a finished letter, in the reader's language and
//! zone, in the organization's own words where it has some.
//!
//! Subjects and calendar titles for people name the organization and the time, never the service:
//! they are read over shoulders, on lock screens and in shared calendars.

mod change;
mod entry;
mod matter;
mod notice;
pub mod pages;
mod preview;
mod records;
mod render;
mod sample;
mod store;
mod template;

use std::sync::Arc;

use kept_base::kit::Token;
use kept_base::page::text::{self, CatalogError};
use kept_base::page::zone::Zones;
use kept_base::page::{Args, Locale};
use kept_base::store::{Error, Tx};

pub use change::{change_template, undo};
pub use matter::{Matter, Words};
pub use notice::{hand_over_notice, write_notice};
pub use preview::preview;
pub use records::RECORDS;
pub use render::render;
pub use sample::{Sample, starter};
pub use template::{
    MAX_LETTER_BODY_CHARS, MAX_LETTER_SUBJECT_CHARS, Part, Placeholder, Reader, Template,
    TemplateError, check, remove_template, set_template, template,
};

use crate::access::{self, Purpose};
use crate::messaging::letter::Letter;
use crate::messaging::rules::{self, DropReason, Outcome};
use crate::messaging::{self, Leased};
use crate::offering::Catalogs;
use crate::scheduling;

/// What writing letters needs beside the data.
pub struct Desk {
    /// The texts.
    pub texts: Texts,
    /// Time zones.
    pub zones: Arc<Zones>,
    /// What organizations offer.
    pub catalogs: Arc<Catalogs>,
    /// What links begin with, without a slash at the end.
    pub base_url: String,
    /// Whether this installation sends mail.
    pub mail_on: bool,
}

/// The texts of letters.
pub struct Texts(text::Catalog);

impl Texts {
    /// Reads the texts of all languages.
    ///
    /// # Errors
    /// Texts that do not parse; they are compiled in, so a test finds them.
    pub fn load() -> Result<Self, CatalogError> {
        let en = &[include_str!("../../texts/en/mail.ftl")];
        let de = &[include_str!("../../texts/de/mail.ftl")];
        text::Catalog::new(&[(Locale::En, en), (Locale::De, de)]).map(Self)
    }

    fn say(&self, locale: Locale, id: &str, args: &Args<'_>) -> String {
        self.0.text(locale, id, args)
    }

    /// The text with the organization's own nouns in it.
    fn say_of(&self, matter: &Matter, id: &str, args: &Args<'_>) -> String {
        self.0.text_in(matter.locale, id, args, &matter.nouns)
    }
}

/// What became of a message that was to be written.
pub enum Written {
    /// A letter, and the secret of the link in it, which opens nothing until [`hand_over`].
    Letter(Box<Letter>, Option<Token>),
    /// The gate closed.
    Dropped(DropReason),
}

/// Writes the letter of a message from one snapshot; changes nothing.
///
/// # Errors
/// Those of the store.
pub fn write(tx: &Tx<'_>, desk: &Desk, message: &Leased) -> Result<Written, Error> {
    let found = scheduling::appointment(tx, message.about.appointment)?;
    let facts = matter::facts(tx, desk, message, found.as_ref())?;
    if let Err(reason) = rules::may_send(message, &facts, tx.now()) {
        return Ok(Written::Dropped(reason));
    }
    let Some(found) = found else {
        return Ok(Written::Dropped(DropReason::Gone));
    };
    let link = matter::has_link(message).then(|| access::fresh_capability(tx.entropy()));
    let Some(matter) = matter::gather(tx, desk, message, &found, link.as_ref())? else {
        return Ok(Written::Dropped(DropReason::Gone));
    };
    let letter = render(&desk.texts, &matter);
    Ok(Written::Letter(Box::new(letter), link))
}

/// Asks the gate once more and records that the letter is about to leave; from here on its link
/// works. Answers `false` when the letter must not be sent.
///
/// # Errors
/// Those of the store.
pub fn hand_over(
    tx: &Tx<'_>,
    desk: &Desk,
    message: &Leased,
    link: Option<&Token>,
) -> Result<bool, Error> {
    let found = scheduling::appointment(tx, message.about.appointment)?;
    let facts = matter::facts(tx, desk, message, found.as_ref())?;
    if let Err(reason) = rules::may_send(message, &facts, tx.now()) {
        messaging::settle(tx, message, &Outcome::Dropped(reason))?;
        return Ok(false);
    }
    if !messaging::hand_over(tx, message)? {
        return Ok(false);
    }
    if let (Some(link), Some(found)) = (link, found) {
        let whose = (found.id, found.person);
        access::record_capability(tx, Purpose::Manage, link, whose, found.ends_at)?;
    }
    Ok(true)
}

#[cfg(test)]
mod tests;
