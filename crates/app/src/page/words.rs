//! The texts of pages, as templates ask for them.

use std::fmt;

use askama::filters::Safe;
use kept_base::page::own::NO_OWN_WORDS;
use kept_base::page::{Args, Catalog, CatalogError, Locale, OwnWords, html};

/// A piece of HTML that is already escaped.
pub type Markup = Safe<String>;

macro_rules! sources {
    ($tag:literal) => {
        &[
            include_str!(concat!("../../texts/", $tag, "/common.ftl")),
            include_str!(concat!("../../texts/", $tag, "/booking.ftl")),
            include_str!(concat!("../../texts/", $tag, "/details.ftl")),
            include_str!(concat!("../../texts/", $tag, "/appointment.ftl")),
            include_str!(concat!("../../texts/", $tag, "/mailbox.ftl")),
            include_str!(concat!("../../texts/", $tag, "/problem.ftl")),
            include_str!(concat!("../../texts/", $tag, "/desk.ftl")),
            include_str!(concat!("../../texts/", $tag, "/account.ftl")),
            include_str!(concat!("../../texts/", $tag, "/passkeys.ftl")),
            include_str!(concat!("../../texts/", $tag, "/networks.ftl")),
            include_str!(concat!("../../texts/", $tag, "/tokens.ftl")),
            include_str!(concat!("../../texts/", $tag, "/scim.ftl")),
            include_str!(concat!("../../texts/", $tag, "/provider.ftl")),
            include_str!(concat!("../../texts/", $tag, "/setup.ftl")),
            include_str!(concat!("../../texts/", $tag, "/export.ftl")),
            include_str!(concat!("../../texts/", $tag, "/offering.ftl")),
            include_str!(concat!("../../texts/", $tag, "/calendar.ftl")),
            include_str!(concat!("../../texts/", $tag, "/people.ftl")),
            include_str!(concat!("../../texts/", $tag, "/insight.ftl")),
            include_str!(concat!("../../texts/", $tag, "/audit.ftl")),
            include_str!(concat!("../../texts/", $tag, "/look.ftl")),
            include_str!(concat!("../../texts/", $tag, "/console.ftl")),
            include_str!(concat!("../../texts/", $tag, "/lending.ftl")),
        ]
    };
}

/// Reads the texts of all languages.
///
/// # Errors
/// Texts that do not parse; they are compiled in, so a test finds them.
pub fn catalog() -> Result<Catalog, CatalogError> {
    Catalog::new(&[(Locale::En, sources!("en")), (Locale::De, sources!("de"))])
}

/// The texts of one language.
#[derive(Clone, Copy)]
pub struct Words<'l> {
    texts: &'l Catalog,
    locale: Locale,
    own: &'l OwnWords,
}

impl<'l> Words<'l> {
    pub(super) fn new(texts: &'l Catalog, locale: Locale) -> Self {
        Self {
            texts,
            locale,
            own: &NO_OWN_WORDS,
        }
    }

    /// The same with an organization's own nouns in them.
    #[must_use]
    pub fn own<'o>(self, own: &'o OwnWords) -> Words<'o>
    where
        'l: 'o,
    {
        Words { own, ..self }
    }

    /// The language.
    #[must_use]
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// The text `id`, plain: a template escapes it.
    #[must_use]
    pub fn say(&self, id: &str) -> String {
        self.texts.text_in(self.locale, id, &[], self.own)
    }

    /// The text `id` with something in it, plain.
    #[must_use]
    pub fn with(&self, id: &str, args: &Args<'_>) -> String {
        self.texts.text_in(self.locale, id, args, self.own)
    }

    /// Whether there is such a text.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.texts.has(self.locale, id)
    }

    /// The text `id` as HTML, which may have `<b>` in it: each argument is escaped and stands in a
    /// `<bdi>`, so that names and times of another direction do not turn the line around.
    #[must_use]
    pub fn markup(&self, id: &str, args: &[(&str, &str)]) -> Markup {
        let isolated: Vec<(&str, String)> = args
            .iter()
            .map(|(name, text)| (*name, format!("<bdi>{}</bdi>", html::escaped(text))))
            .collect();
        let args: Vec<_> = isolated
            .iter()
            .map(|(name, html)| (*name, html.into()))
            .collect();
        Safe(self.texts.text_in(self.locale, id, &args, self.own))
    }
}

impl fmt::Debug for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({})", self.locale)
    }
}
