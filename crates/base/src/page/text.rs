//! The texts of pages and messages, by Project Fluent: one id, one text a locale, with plural
//! rules of the language. The app hands in the `.ftl` sources; templates ask by id.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentMessage, FluentResource, FluentValue};

use super::locale::{Direction, Locale};

/// What a text is given to stand in its place, by name: `args!["count" => 9, "name" => name]`.
pub type Args<'a> = [(&'a str, Arg<'a>)];

/// One thing given to a text.
#[derive(Debug, Clone, Copy)]
pub enum Arg<'a> {
    /// Shown as it stands, or picks a variant.
    Text(&'a str),
    /// A whole number; picks the plural form. Written without grouping.
    Number(i64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

macro_rules! arg_from_integer {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Arg<'_> {
            fn from(number: $integer) -> Self {
                Self::Number(i64::from(number))
            }
        }
    )*};
}
arg_from_integer!(u8, u16, u32, i8, i16, i32, i64);

impl From<usize> for Arg<'_> {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// Builds [`Args`](crate::page::Args): `args!["count" => 9, "name" => &name]`.
#[macro_export]
macro_rules! args {
    ($($name:literal => $value:expr),* $(,)?) => {
        &[$(($name, $crate::page::Arg::from($value))),*][..]
    };
}
pub use crate::args;

/// Why a set of texts cannot be used. All found in one go.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the texts have {} problem(s): {}", .0.len(), .0.join("; "))]
pub struct CatalogError(pub Vec<String>);

/// A text that one locale has and another lacks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// The text, `id` or `id.attribute`.
    pub id: String,
    /// The locale that lacks it.
    pub locale: Locale,
}

/// All texts in all locales. Built once, shared by all threads.
pub struct Catalog {
    bundles: BTreeMap<Locale, Bundle>,
}

struct Bundle {
    fluent: FluentBundle<FluentResource>,
    /// `id` and `id.attribute` of each text.
    ids: BTreeSet<String>,
}

impl Catalog {
    /// Reads the sources of each locale.
    ///
    /// # Errors
    /// Sources that do not parse and ids given twice, by locale.
    pub fn new(sources: &[(Locale, &[&'static str])]) -> Result<Self, CatalogError> {
        let mut problems = Vec::new();
        let mut bundles = BTreeMap::new();
        for &(locale, sources) in sources {
            let bundle = Bundle::new(locale, sources, &mut problems);
            if bundles.insert(locale, bundle).is_some() {
                problems.push(format!("{locale}: given twice"));
            }
        }
        if problems.is_empty() {
            Ok(Self { bundles })
        } else {
            Err(CatalogError(problems))
        }
    }

    /// The text `id` (or `id.attribute`) in `locale`, as plain text: a template must still escape
    /// it. A text that the locale lacks comes in English; one that English lacks too comes as its
    /// id, so that a page never fails for a word. Both are logged, and [`Catalog::missing`] lets a
    /// test find them first.
    ///
    /// A text argument that could turn the direction of the line is isolated (U+2068, U+2069);
    /// others are left bare, so that mails and calendar entries carry no invisible characters.
    #[must_use]
    pub fn text(&self, locale: Locale, id: &str, args: &Args<'_>) -> String {
        for spoken in [locale, Locale::En] {
            if let Some(text) = self
                .bundles
                .get(&spoken)
                .and_then(|b| b.text(spoken, id, args))
            {
                return text;
            }
            tracing::error!(
                text.id = id,
                locale = spoken.tag(),
                "Text {id} is missing in {spoken}"
            );
        }
        id.to_owned()
    }

    /// Whether `locale` itself has the text.
    #[must_use]
    pub fn has(&self, locale: Locale, id: &str) -> bool {
        self.bundles
            .get(&locale)
            .is_some_and(|bundle| bundle.ids.contains(id))
    }

    /// The texts that some locale of [`Locale::ALL`] has and another lacks. Empty in a catalog
    /// that is complete.
    #[must_use]
    pub fn missing(&self) -> Vec<Missing> {
        let all: BTreeSet<&String> = self
            .bundles
            .values()
            .flat_map(|bundle| &bundle.ids)
            .collect();
        let gap = |id: &String, locale| Missing {
            id: id.clone(),
            locale,
        };
        all.into_iter()
            .flat_map(|id| Locale::ALL.iter().map(move |&locale| (id, locale)))
            .filter(|(id, locale)| !self.has(*locale, id))
            .map(|(id, locale)| gap(id, locale))
            .collect()
    }
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self
            .bundles
            .iter()
            .map(|(locale, bundle)| (locale, bundle.ids.len()));
        f.debug_map().entries(counts).finish()
    }
}

impl Bundle {
    fn new(locale: Locale, sources: &[&'static str], problems: &mut Vec<String>) -> Self {
        let language = locale
            .tag()
            .parse()
            .expect("every locale's tag is a language identifier");
        let mut fluent = FluentBundle::new_concurrent(vec![language]);
        // `isolated` does it, where it is needed.
        fluent.set_use_isolating(false);
        let mut ids = BTreeSet::new();
        for &source in sources {
            let resource =
                FluentResource::try_new(source.to_owned()).unwrap_or_else(|(rest, errors)| {
                    problems.extend(errors.iter().map(|error| {
                        let before = source.get(..error.pos.start).unwrap_or_default();
                        let line = before.matches('\n').count() + 1;
                        format!("{locale}, near line {line}: {error}")
                    }));
                    rest
                });
            if let Err(errors) = fluent.add_resource(resource) {
                problems.extend(errors.iter().map(|error| format!("{locale}: {error}")));
            }
            ids.extend(messages(source).map(str::to_owned));
        }
        let attributes: Vec<String> = ids.iter().flat_map(|id| attributes(&fluent, id)).collect();
        // A message of attributes alone is no text itself.
        ids.retain(|id| {
            fluent
                .get_message(id)
                .is_some_and(|message| message.value().is_some())
        });
        ids.extend(attributes);
        Self { fluent, ids }
    }

    fn text(&self, locale: Locale, id: &str, args: &Args<'_>) -> Option<String> {
        let (name, attribute) = id.split_once('.').map_or((id, None), |(a, b)| (a, Some(b)));
        let message = self.fluent.get_message(name)?;
        let pattern = match attribute {
            None => message.value()?,
            Some(attribute) => message.get_attribute(attribute)?.value(),
        };
        let mut given = FluentArgs::with_capacity(args.len());
        for (name, arg) in args {
            match *arg {
                Arg::Text(text) => given.set(*name, isolated(locale.direction(), text)),
                Arg::Number(number) => given.set(*name, FluentValue::from(number)),
            }
        }
        let mut errors = Vec::new();
        let text = self
            .fluent
            .format_pattern(pattern, Some(&given), &mut errors)
            .into_owned();
        if !errors.is_empty() {
            // The errors name ids and arguments, never their values.
            tracing::error!(
                text.id = id,
                locale = locale.tag(),
                ?errors,
                "Text {id} did not resolve"
            );
        }
        Some(text)
    }
}

/// The messages of a source: in Fluent's grammar a line that starts with an identifier and `=`
/// opens one, and nothing else can start so.
fn messages(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter_map(|line| {
        let (id, _) = line.split_once('=')?;
        let id = id.trim_end_matches(' ');
        let rest = id.strip_prefix(|c: char| c.is_ascii_alphabetic())?;
        rest.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            .then_some(id)
    })
}

fn attributes(fluent: &FluentBundle<FluentResource>, id: &str) -> Vec<String> {
    let message = fluent.get_message(id);
    let attributes = message.iter().flat_map(FluentMessage::attributes);
    attributes
        .map(|attribute| format!("{id}.{}", attribute.id()))
        .collect()
}

/// The text between a pair of isolates if it could disturb a line of this direction. Direction
/// controls inside it are dropped: one without its end would reach over the rest of the line.
fn isolated(line: Direction, text: &str) -> String {
    let is_control = |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let disturbs = match line {
        Direction::Ltr => text.chars().any(is_right_to_left),
        Direction::Rtl => text
            .chars()
            .any(|c| c.is_alphanumeric() && !is_right_to_left(c)),
    };
    let text = text.chars().filter(|&c| !is_control(c));
    if disturbs {
        ['\u{2068}']
            .into_iter()
            .chain(text)
            .chain(['\u{2069}'])
            .collect()
    } else {
        text.collect()
    }
}

/// Whether a character runs right to left, by the blocks that Unicode keeps for such scripts.
fn is_right_to_left(c: char) -> bool {
    matches!(
        c,
        '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}'
    )
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
