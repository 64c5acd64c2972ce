//! What the layout shows around every page.

use kept_base::page::{Locale, Nonce, OwnWords};

use super::{Look, Words, assets};

/// Whose page it is: the name in the head, and where it leads.
#[derive(Debug, Clone)]
pub struct Brand {
    /// The organization's name.
    pub name: String,
    /// Its page of services.
    pub url: String,
}

/// A picture in place of the name.
#[derive(Debug, Clone)]
pub struct BrandPicture {
    /// Where it is.
    pub url: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

impl From<(String, u32, u32)> for BrandPicture {
    fn from((url, width, height): (String, u32, u32)) -> Self {
        Self { url, width, height }
    }
}

/// What an organization puts around its own pages. By default nothing.
#[derive(Debug, Clone, Default)]
pub struct Dress {
    /// The address of the stylesheet with its color.
    pub stylesheet: Option<String>,
    /// Shown in place of the name.
    pub picture: Option<BrandPicture>,
    /// Links at the foot: text and address.
    pub links: Vec<(String, String)>,
    /// The page stands in a page of somebody else's: no head, no foot. These are the origins that
    /// it tells what happens, parted by spaces.
    pub embedded: Option<String>,
    /// `light` or `dark`, where the reader's own wish does not count.
    pub theme: Option<&'static str>,
}

/// How the language is changed without losing what the page knows.
#[derive(Debug, Clone)]
pub enum LanguageChange {
    /// By a link to the same page.
    Link(String),
    /// By sending the form `form` to `url`, which shows the page again with what was typed.
    Form {
        /// The form's id.
        form: &'static str,
        /// Where it is sent.
        url: String,
    },
}

/// A language that the page can be shown in instead.
#[derive(Debug, Clone)]
pub struct LanguageSwitch {
    /// Which one.
    pub locale: Locale,
    /// How.
    pub change: LanguageChange,
}

/// The frame of one page.
#[derive(Debug)]
pub struct Frame<'l> {
    look: &'l Look,
    /// The words of the page's language.
    pub words: Words<'l>,
    /// For the scripts of this response.
    pub nonce: Nonce,
    /// What stands in the browser's tab: the step, then the organization.
    pub title: String,
    /// Whose page it is.
    pub brand: Option<Brand>,
    /// The other languages.
    pub languages: Vec<LanguageSwitch>,
    /// The page is one person's own: search engines keep out.
    pub private: bool,
    /// The page has something for `booking.js` to do.
    pub scripted: bool,
    /// What the organization puts around it.
    pub dress: Dress,
}

impl<'l> Frame<'l> {
    /// The frame of a page in `locale`; `title` is the step, before the brand's name.
    #[must_use]
    pub fn new(
        look: &'l Look,
        locale: Locale,
        nonce: Nonce,
        title: &str,
        brand: Option<Brand>,
    ) -> Self {
        let title = match &brand {
            Some(brand) => format!("{title} · {}", brand.name),
            None => title.to_owned(),
        };
        Self {
            look,
            words: look.words(locale),
            nonce,
            title,
            brand,
            languages: Vec::new(),
            private: false,
            scripted: false,
            dress: Dress::default(),
        }
    }

    /// With the organization's own nouns and what it puts around its pages.
    #[must_use]
    pub fn dressed(mut self, own: &'l OwnWords, dress: Dress) -> Self {
        self.words = self.words.own(own);
        self.dress = dress;
        self
    }

    /// Offers the page in every other language, by the change that `change` gives for it.
    #[must_use]
    pub fn languages(self, change: impl Fn(Locale) -> LanguageChange) -> Self {
        self.languages_of(Locale::ALL, change)
    }

    /// Offers the page in every other language of `offered`, by the change that `change` gives for
    /// it.
    #[must_use]
    pub fn languages_of(
        mut self,
        offered: &[Locale],
        change: impl Fn(Locale) -> LanguageChange,
    ) -> Self {
        let others = offered
            .iter()
            .filter(|locale| **locale != self.words.locale());
        self.languages = others
            .map(|&locale| LanguageSwitch {
                locale,
                change: change(locale),
            })
            .collect();
        self
    }

    /// The text `id`.
    #[must_use]
    pub fn say(&self, id: &str) -> String {
        self.words.say(id)
    }

    /// The value of `lang`.
    #[must_use]
    pub fn lang(&self) -> &'static str {
        self.words.locale().tag()
    }

    /// The value of `dir`.
    #[must_use]
    pub fn dir(&self) -> &'static str {
        self.words.locale().direction().attribute()
    }

    /// The address of an asset.
    #[must_use]
    pub fn asset(&self, name: &str) -> &str {
        self.look.assets.url(name).unwrap_or_default()
    }

    /// The stylesheet's address.
    #[must_use]
    pub fn stylesheet(&self) -> &str {
        self.asset(assets::STYLESHEET)
    }

    /// The text font's address.
    #[must_use]
    pub fn text_font(&self) -> &str {
        self.asset(assets::TEXT_FONT)
    }

    /// The icon's address.
    #[must_use]
    pub fn icon(&self) -> &str {
        self.asset(assets::ICON)
    }
}
