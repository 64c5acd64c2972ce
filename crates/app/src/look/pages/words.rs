//! `/o/{org}/look/words`: what the organization calls things, in each language.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use kept_base::input::{Fields, Form};
use kept_base::page::{Locale, Noun};

use super::super::{Change, LookError, MAX_NOUN_CHARS, NOUNS};
use super::{TO_CORRECT, Tab, change, frame, in_words, locale_of, tabs};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo};
use crate::policy::rights::ChangeSettings;

#[derive(askama::Template)]
#[template(path = "look/words.html")]
struct WordsPage<'p> {
    d: DeskFrame<'p>,
    tabs: Vec<Tab>,
    languages: Vec<LanguageShown>,
    most: usize,
}

struct LanguageShown {
    tag: &'static str,
    name: &'static str,
    action: String,
    nouns: Vec<NounShown>,
    errors: Vec<(String, String)>,
}

struct NounShown {
    name: &'static str,
    label: String,
    one: String,
    many: String,
    /// Ours, shown in an empty field.
    our_one: String,
    our_many: String,
}

/// What was typed for a language, and what is wrong with it.
struct Typed<'t> {
    locale: Locale,
    form: &'t Fields,
    error: Option<(String, String)>,
}

pub(super) async fn show(desk: DeskTo<ChangeSettings>) -> Answer {
    page(&desk, StatusCode::OK, None)
}

/// `POST /look/words/{locale}`.
pub(super) async fn save(desk: DeskTo<ChangeSettings>, Form(form): Form) -> Answer {
    let locale = locale_of(&desk)?;
    let text = |name: String| form.get(&name).unwrap_or_default().to_owned();
    let noun = |name: &str| Noun {
        one: text(format!("one-{name}")),
        many: text(format!("many-{name}")),
    };
    let nouns: BTreeMap<String, Noun> = NOUNS
        .into_iter()
        .map(|name| (name.to_owned(), noun(name)))
        .collect();
    match change(&desk, Change::Words(locale, nouns)).await? {
        Ok(undo) => Ok(desk.done("/look/words", "look-words", undo)),
        Err(LookError::Store(error)) => Err(error.into()),
        Err(error) => {
            let typed = Typed {
                locale,
                form: &form,
                error: in_words(desk.words(), &error),
            };
            page(&desk, TO_CORRECT, Some(&typed))
        }
    }
}

fn page(desk: &Desk, status: StatusCode, typed: Option<&Typed<'_>>) -> Answer {
    let languages = Locale::ALL.iter().map(|&locale| LanguageShown {
        tag: locale.tag(),
        name: locale.endonym(),
        action: desk.url(&format!("/look/words/{locale}")),
        nouns: NOUNS
            .into_iter()
            .map(|name| noun_shown(desk, locale, name, typed))
            .collect(),
        errors: typed
            .filter(|typed| typed.locale == locale)
            .and_then(|typed| typed.error.clone())
            .into_iter()
            .collect(),
    });
    let page = WordsPage {
        d: frame(desk, "look-words-title"),
        tabs: tabs(desk, "/look/words"),
        languages: languages.collect(),
        most: MAX_NOUN_CHARS,
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

fn noun_shown(
    desk: &Desk,
    locale: Locale,
    name: &'static str,
    typed: Option<&Typed<'_>>,
) -> NounShown {
    let kept = desk.catalog.look.words.of(locale);
    let kept = kept.and_then(|nouns| nouns.get(name));
    let ours = desk.app.look.words(locale);
    let form = typed
        .filter(|typed| typed.locale == locale)
        .map(|typed| typed.form);
    let shown = |field: &str, kept: Option<&String>| match form {
        Some(form) => form
            .get(&format!("{field}-{name}"))
            .unwrap_or_default()
            .to_owned(),
        None => kept.cloned().unwrap_or_default(),
    };
    NounShown {
        name,
        label: desk.words().say(&format!("noun-{name}")),
        one: shown("one", kept.map(|noun| &noun.one)),
        many: shown("many", kept.map(|noun| &noun.many)),
        our_one: ours.say(&format!("noun-{name}.one")),
        our_many: ours.say(&format!("noun-{name}.many")),
    }
}
