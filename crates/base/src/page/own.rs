//! An organization's own nouns in our texts. A text that has another wording for a noun says so in
//! an attribute of the noun's name, so that each language decides how a sentence stands around a
//! word it does not know:
//!
//! ```ftl
//! heading = Your appointment
//!     .appointment = Your { $appointment }
//! advice-text = ..
//!     .advice = ..
//!     .advice-appointment = ..
//! ```
//!
//! An own wording is given each noun as `$appointment`, `$Appointment` where it opens a sentence,
//! `$appointments` and `$Appointments`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::locale::Locale;
use super::text::{Arg, Args, Catalog};

/// A noun in one and in many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noun {
    /// "session".
    pub one: String,
    /// "sessions".
    pub many: String,
}

/// An organization's own nouns, by language and by the noun of ours that each stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnWords(pub BTreeMap<Locale, BTreeMap<String, Noun>>);

/// None.
pub static NO_OWN_WORDS: OwnWords = OwnWords(BTreeMap::new());

impl OwnWords {
    /// The nouns of one language.
    #[must_use]
    pub fn of(&self, locale: Locale) -> Option<&BTreeMap<String, Noun>> {
        self.0.get(&locale).filter(|nouns| !nouns.is_empty())
    }
}

impl Catalog {
    /// The text `id` in the wording for the first of the organization's own nouns that it has one
    /// for; else as [`Catalog::text`].
    #[must_use]
    pub fn text_in(&self, locale: Locale, id: &str, args: &Args<'_>, own: &OwnWords) -> String {
        let Some(nouns) = own.of(locale) else {
            return self.text(locale, id, args);
        };
        let wording = |noun: &str| match id.contains('.') {
            true => format!("{id}-{noun}"),
            false => format!("{id}.{noun}"),
        };
        let wordings = nouns.keys().map(|noun| wording(noun));
        let Some(id) = wordings.into_iter().find(|id| self.has(locale, id)) else {
            return self.text(locale, id, args);
        };
        let forms: Vec<(String, String)> = nouns.iter().flat_map(forms).collect();
        let mut given = args.to_vec();
        given.extend(
            forms
                .iter()
                .map(|(name, text)| (name.as_str(), Arg::from(text))),
        );
        self.text(locale, &id, &given)
    }
}

/// The names of a noun's forms, and the forms.
fn forms((name, noun): (&String, &Noun)) -> [(String, String); 4] {
    let many = format!("{name}s");
    [
        (capital(name), capital(&noun.one)),
        (capital(&many), capital(&noun.many)),
        (name.clone(), noun.one.clone()),
        (many, noun.many.clone()),
    ]
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args;

    #[test]
    fn own_nouns_stand_where_a_text_makes_room_for_them() {
        let source = "heading = Your appointment
    .appointment = Your { $appointment }
all = { $count } appointments
    .appointment = { $count } { $appointments }
    .advice = Book an appointment.
    .advice-appointment = { $Appointment }: book. { $Appointments }!
with = With
    .staff = { $Staff }
plain = Hello";
        let catalog = Catalog::new(&[(Locale::En, &[source])]).expect("it reads");
        let noun = |one: &str, many: &str| Noun {
            one: one.to_owned(),
            many: many.to_owned(),
        };
        let nouns = [("appointment".to_owned(), noun("session", "sessions"))];
        let own = OwnWords([(Locale::En, nouns.into())].into());
        let say =
            |id: &str, own: &OwnWords| catalog.text_in(Locale::En, id, args!["count" => 3], own);
        assert_eq!(say("heading", &own), "Your session");
        assert_eq!(say("all", &own), "3 sessions");
        assert_eq!(say("all.advice", &own), "Session: book. Sessions!");
        assert_eq!(say("with", &own), "With");
        assert_eq!(say("plain", &own), "Hello");
        assert_eq!(say("heading", &NO_OWN_WORDS), "Your appointment");
        assert_eq!(say("all.advice", &NO_OWN_WORDS), "Book an appointment.");
    }
}
