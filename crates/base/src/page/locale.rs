//! The languages that pages and messages are written in, and which one a request gets.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Bytes of an `Accept-Language` header that are read. Browsers send under 100; a longer header
/// counts as absent.
pub const MAX_ACCEPT_LANGUAGE_BYTES: usize = 1_000;

/// A language that the whole product speaks. Adding one means a variant here, its texts, and the
/// snapshot tests that show its dates.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English, with days before months and a 24-hour clock (see [`super::when`]).
    #[default]
    En,
    /// German.
    De,
}

/// Which way a line runs: the `dir` attribute of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

impl Direction {
    /// The value of the `dir` attribute.
    #[must_use]
    pub fn attribute(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

impl Locale {
    /// Every locale, English first.
    pub const ALL: &'static [Self] = &[Self::En, Self::De];

    /// The BCP 47 tag, for the `lang` attribute, `?lang=` and storage.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// The language's name in itself, for a link that changes to it.
    #[must_use]
    pub fn endonym(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
        }
    }

    /// Which way its lines run.
    #[must_use]
    pub fn direction(self) -> Direction {
        match self {
            Self::En | Self::De => Direction::Ltr,
        }
    }

    /// Reads a BCP 47 tag by its language, in any case and with anything after it: `de-AT` is
    /// German. `None` for a language that is not spoken here.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next()?;
        Self::ALL
            .iter()
            .copied()
            .find(|locale| locale.tag().eq_ignore_ascii_case(language))
    }

    /// The locale for a request: what the address asks for (`?lang=`), else the best of what the
    /// browser accepts (RFC 9110, 12.5.4), else `default`. What cannot be read counts as absent.
    #[must_use]
    pub fn negotiate(lang: Option<&str>, accept_language: Option<&str>, default: Self) -> Self {
        lang.and_then(Self::from_tag)
            .or_else(|| accept_language.and_then(best_accepted))
            .unwrap_or(default)
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// The spoken locale with the highest weight; the first named of equals.
fn best_accepted(header: &str) -> Option<Locale> {
    if header.len() > MAX_ACCEPT_LANGUAGE_BYTES {
        return None;
    }
    let mut best: Option<(u16, Locale)> = None;
    for range in header.split(',') {
        let mut parts = range.split(';');
        let Some(locale) = parts.next().map(str::trim).and_then(Locale::from_tag) else {
            continue;
        };
        let weight = match parts.next() {
            None => Some(1_000),
            Some(parameter) => weight_per_mille(parameter.trim()),
        };
        match weight {
            // 0 means "not acceptable"; an unreadable weight tells nothing.
            None | Some(0) => {}
            Some(weight) if best.is_some_and(|(highest, _)| highest >= weight) => {}
            Some(weight) => best = Some((weight, locale)),
        }
    }
    best.map(|(_, locale)| locale)
}

/// Reads `q=0.8` as 800 (RFC 9110, 12.4.2: at most three decimals, from 0 to 1).
fn weight_per_mille(parameter: &str) -> Option<u16> {
    let value = parameter.strip_prefix(['q', 'Q'])?.trim_start();
    let value = value.strip_prefix('=')?.trim_start();
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let decimals: u16 = format!("{decimals:0<3}").parse().ok()?;
    match (whole, decimals) {
        ("0", _) => Some(decimals),
        ("1", 0) => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tags_are_read_by_language() {
        for (tag, locale) in [
            ("de", Some(Locale::De)),
            ("DE-at", Some(Locale::De)),
            ("de_CH", Some(Locale::De)),
            ("en-Latn-GB", Some(Locale::En)),
            ("deu", None),
            ("fr", None),
            ("", None),
            ("*", None),
        ] {
            assert_eq!(Locale::from_tag(tag), locale, "{tag}");
        }
        for &locale in Locale::ALL {
            assert_eq!(Locale::from_tag(locale.tag()), Some(locale));
        }
    }

    #[test]
    fn the_address_wins_then_the_highest_weight_then_the_default() {
        let long = format!("{}de", "x,".repeat(MAX_ACCEPT_LANGUAGE_BYTES / 2));
        for (lang, accept, expected) in [
            (Some("de"), Some("en"), "de"),
            (Some("xx"), Some("de"), "de"),
            (None, Some("fr, de-AT;q=0.8, en;q=0.7"), "de"),
            (None, Some("en;q=0.3,de;q=0.30"), "en"),
            (None, Some("en ; Q=0.2 , de ;q= 0.21"), "de"),
            (None, Some("de;q=0"), "en"),
            (None, Some("de;q=1.5, fr"), "en"),
            (None, Some("de;q=-1"), "en"),
            (None, Some("de;q=0.1234"), "en"),
            (None, Some("*"), "en"),
            (None, Some(";;;,,,q=1"), "en"),
            (None, Some(&long), "en"),
            (None, None, "en"),
        ] {
            let found = Locale::negotiate(lang, accept, Locale::En);
            assert_eq!(found.tag(), expected, "{lang:?} {accept:?}");
        }
        let german_house = Locale::negotiate(None, Some("fr"), Locale::De);
        assert_eq!(german_house, Locale::De);
    }

    proptest! {
        #[test]
        fn any_header_is_answered(lang in any::<String>(), accept in "[a-z*;=q.,0-9 -]{0,80}|.*") {
            let found = Locale::negotiate(Some(&lang), Some(&accept), Locale::De);
            prop_assert!(Locale::ALL.contains(&found));
        }
    }
}
