//! How an organization's pages and letters look and speak: color, logo, words, languages, texts of
//! its own, and which sites may show its pages. Every change can be taken back.

mod files;
pub mod pages;
mod picture;
mod records;
mod rules;
mod shades;
mod store;

use std::collections::BTreeMap;

use kept_base::page::color::Rgb;
use kept_base::page::own::OwnWords;
use kept_base::page::{Locale, Noun};
use kept_base::store::{Error, Tx};
use serde::{Deserialize, Serialize};

pub use picture::{
    MAX_LOGO_BYTES, MAX_LOGO_SIDE, MIN_LOGO_SIDE, Picture, PictureError, PictureKind,
};
pub use records::RECORDS;
pub use rules::{LookError, MAX_ORIGIN_BYTES, MAX_ORIGINS};
pub(crate) use rules::{are_origins, is_web_address};
pub use shades::{Refused, Shade, Shades};

use crate::audit::{self, Act};
use crate::ids::UndoId;
use crate::organization;
use crate::policy::May;
use crate::policy::rights::ChangeSettings;
use crate::undo;

/// Longest form of an own noun, in characters.
pub const MAX_NOUN_CHARS: usize = 40;
/// Longest own text on a page, in characters.
pub const MAX_OWN_TEXT_CHARS: usize = 1_000;
/// Most links at the foot of pages, in each language.
pub const MAX_FOOT_LINKS: usize = 4;
/// Longest name of a link at the foot of pages, in characters.
pub const MAX_LINK_LABEL_CHARS: usize = 60;
/// Longest address of a link at the foot of pages, in bytes.
pub const MAX_LINK_BYTES: usize = 500;
/// Hours for which a logo that is no longer shown stays, so that taking it back works.
pub const LOGO_HOURS: i64 = 48;

/// The nouns that an organization can call by its own names, by their name in our texts.
pub const NOUNS: [&str; 5] = ["appointment", "customer", "staff", "service", "location"];

/// The kind of our record in what can be taken back.
const UNDO_CHANGE: &str = "look.change";
const UNDO_WHAT: &str = "change";

/// All that an organization has of its own. By default nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OwnLook {
    /// The one color, from which light and dark shades are made.
    pub color: Option<Rgb>,
    /// Shown at the head of pages.
    pub logo: Option<Logo>,
    /// Languages that pages are offered in; empty for all.
    pub languages: Vec<Locale>,
    /// Nouns.
    pub words: OwnWords,
    /// Texts on pages.
    pub texts: BTreeMap<Locale, Texts>,
    /// Links at the foot of pages.
    pub links: BTreeMap<Locale, Vec<FootLink>>,
    /// Sites that may show pages in frames, such as `https://www.clinic.example`.
    pub origins: Vec<String>,
}

/// A picture that is kept under the hash of its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// Hex digits of the SHA-256.
    pub hash: String,
    /// What it is.
    pub kind: PictureKind,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// An organization's own texts in one language; empty where it has none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    /// Above the services.
    pub welcome: String,
    /// Once something is booked.
    pub done: String,
}

/// A link at the foot of pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FootLink {
    /// "Imprint".
    pub label: String,
    /// Begins with `https://`.
    pub url: String,
}

/// One change, whole: the values that hold from now on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The color; `None` for ours.
    Color(Option<Rgb>),
    /// The logo, which is kept already; `None` for no logo.
    Logo(Option<Logo>),
    /// The languages; empty for all.
    Languages(Vec<Locale>),
    /// The nouns of one language.
    Words(Locale, BTreeMap<String, Noun>),
    /// The texts and foot links of one language.
    Texts(Locale, Texts, Vec<FootLink>),
    /// The sites that may show pages in frames.
    Origins(Vec<String>),
}

impl Change {
    /// The part's stable code.
    #[must_use]
    pub fn part(&self) -> &'static str {
        match self {
            Self::Color(_) => "color",
            Self::Logo(_) => "logo",
            Self::Languages(_) => "languages",
            Self::Words(..) => "words",
            Self::Texts(..) => "texts",
            Self::Origins(_) => "origins",
        }
    }
}

impl OwnLook {
    /// The shades of the own color.
    #[must_use]
    pub fn shades(&self) -> Option<Shades> {
        self.color.map(Shades::of)
    }

    /// Whether pages are offered in this language, where `own` is the organization's.
    #[must_use]
    pub fn speaks(&self, locale: Locale, own: Locale) -> bool {
        self.languages.is_empty() || locale == own || self.languages.contains(&locale)
    }

    /// The texts of one language.
    #[must_use]
    pub fn texts_in(&self, locale: Locale) -> Texts {
        self.texts.get(&locale).cloned().unwrap_or_default()
    }

    /// The foot links of one language.
    #[must_use]
    pub fn links_in(&self, locale: Locale) -> &[FootLink] {
        self.links.get(&locale).map_or(&[], Vec::as_slice)
    }

    /// The part that `change` replaces, as it is now.
    fn same_part(&self, change: &Change) -> Change {
        match change {
            Change::Color(_) => Change::Color(self.color),
            Change::Logo(_) => Change::Logo(self.logo.clone()),
            Change::Languages(_) => Change::Languages(self.languages.clone()),
            Change::Words(locale, _) => {
                let words = self.words.of(*locale).cloned().unwrap_or_default();
                Change::Words(*locale, words)
            }
            Change::Texts(locale, ..) => {
                let links = self.links_in(*locale).to_vec();
                Change::Texts(*locale, self.texts_in(*locale), links)
            }
            Change::Origins(_) => Change::Origins(self.origins.clone()),
        }
    }
}

/// What the organization has of its own.
///
/// # Errors
/// Those of the store.
pub fn load(tx: &Tx<'_>) -> Result<OwnLook, Error> {
    store::load(tx)
}

/// Changes one part; answers how to take it back, or `None` when nothing is different.
///
/// # Errors
/// [`LookError`] says what is wrong with the values; nothing is stored then.
pub fn change(
    tx: &Tx<'_>,
    _: &May<ChangeSettings>,
    wanted: &Change,
) -> Result<Option<UndoId>, LookError> {
    let house = Locale::from_tag(&organization::load(tx)?.locale).unwrap_or_default();
    let wanted = rules::check(wanted, house)?;
    let before = store::load(tx)?.same_part(&wanted);
    if before == wanted {
        return Ok(None);
    }
    put(tx, &wanted)?;
    Ok(Some(undo::offer(tx, UNDO_CHANGE, &before)?))
}

/// Keeps a picture and shows it as the logo.
///
/// # Errors
/// [`LookError::Picture`] says why it is no picture that can be shown.
pub fn set_logo(
    tx: &Tx<'_>,
    by: &May<ChangeSettings>,
    bytes: &[u8],
) -> Result<Option<UndoId>, LookError> {
    let picture = Picture::read(bytes)?;
    let logo = store::keep_logo(tx, &picture)?;
    let undo = change(tx, by, &Change::Logo(Some(logo)))?;
    store::remove_old_logos(tx, LOGO_HOURS)?;
    Ok(undo)
}

/// The bytes of the logo that is shown now.
///
/// # Errors
/// Those of the store.
pub fn logo_bytes(tx: &Tx<'_>, hash: &str) -> Result<Option<Vec<u8>>, Error> {
    store::logo_bytes(tx, hash)
}

/// Takes back a change of this slice.
///
/// # Errors
/// [`Error::Decode`] when the record is none of ours; those of the store.
pub fn undo(tx: &Tx<'_>, what: &str, payload: &serde_json::Value) -> Result<(), LookError> {
    let before = serde_json::from_value(payload.clone()).ok();
    let before: Change = before
        .filter(|_| what == UNDO_WHAT)
        .ok_or(Error::Decode("change of the look"))?;
    put(tx, &before)?;
    Ok(())
}

fn put(tx: &Tx<'_>, change: &Change) -> Result<(), Error> {
    store::put(tx, change)?;
    organization::touch_offering(tx)?;
    audit::record(tx, Act::LookChanged, tx.organization(), change.part())
}
