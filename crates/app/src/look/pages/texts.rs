//! `/o/{org}/look/texts`: the organization's own texts on its pages, and links at their foot.

use axum::http::StatusCode;
use kept_base::input::{Fields, Form};
use kept_base::page::Locale;

use super::super::{
    Change, FootLink, LookError, MAX_FOOT_LINKS, MAX_LINK_BYTES, MAX_LINK_LABEL_CHARS,
    MAX_OWN_TEXT_CHARS, Texts,
};
use super::{TO_CORRECT, Tab, change, frame, in_words, locale_of, respond, tabs};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo};
use crate::policy::rights::ChangeSettings;

#[derive(askama::Template)]
#[template(path = "look/texts.html")]
struct TextsPage<'p> {
    d: DeskFrame<'p>,
    tabs: Vec<Tab>,
    languages: Vec<LanguageShown>,
    most_text: usize,
    most_label: usize,
    most_url: usize,
}

struct LanguageShown {
    tag: &'static str,
    name: &'static str,
    action: String,
    welcome: String,
    done: String,
    links: Vec<(usize, FootLink)>,
    error: Option<(String, String)>,
    public_url: String,
}

pub(super) async fn show(desk: DeskTo<ChangeSettings>) -> Answer {
    page(&desk, StatusCode::OK, None)
}

/// `POST /look/texts/{locale}`.
pub(super) async fn save(desk: DeskTo<ChangeSettings>, Form(form): Form) -> Answer {
    let locale = locale_of(&desk)?;
    let (texts, links) = typed(&form);
    match change(&desk, Change::Texts(locale, texts, links)).await? {
        Ok(undo) => Ok(desk.done("/look/texts", "look-texts", undo)),
        Err(LookError::Store(error)) => Err(error.into()),
        Err(error) => {
            let error = in_words(desk.words(), &error);
            page(&desk, TO_CORRECT, Some((locale, &form, error)))
        }
    }
}

fn typed(form: &Fields) -> (Texts, Vec<FootLink>) {
    let text = |name: &str| form.get(name).unwrap_or_default().to_owned();
    let texts = Texts {
        welcome: text("welcome"),
        done: text("done"),
    };
    let link = |number: usize| FootLink {
        label: text(&format!("label-{number}")),
        url: text(&format!("url-{number}")),
    };
    (texts, (1..=MAX_FOOT_LINKS).map(link).collect())
}

type Sent<'s> = (Locale, &'s Fields, Option<(String, String)>);

fn page(desk: &Desk, status: StatusCode, sent: Option<Sent<'_>>) -> Answer {
    let look = &desk.catalog.look;
    let language = |&locale: &Locale| {
        let own = sent.as_ref().filter(|(of, ..)| *of == locale);
        let (texts, mut links) = match own {
            Some((_, form, _)) => typed(form),
            None => (look.texts_in(locale), look.links_in(locale).to_vec()),
        };
        let empty = FootLink {
            label: String::new(),
            url: String::new(),
        };
        links.resize(MAX_FOOT_LINKS, empty);
        LanguageShown {
            tag: locale.tag(),
            name: locale.endonym(),
            action: desk.url(&format!("/look/texts/{locale}")),
            welcome: texts.welcome,
            done: texts.done,
            links: (1..).zip(links).collect(),
            error: own.and_then(|(.., error)| error.clone()),
            public_url: format!("/{}?preview=1&lang={locale}", desk.slug),
        }
    };
    let page = TextsPage {
        d: frame(desk, "look-texts-title"),
        tabs: tabs(desk, "/look/texts"),
        languages: Locale::ALL.iter().map(language).collect(),
        most_text: MAX_OWN_TEXT_CHARS,
        most_label: MAX_LINK_LABEL_CHARS,
        most_url: MAX_LINK_BYTES,
    };
    respond(desk, status, &page.d, &page)
}
