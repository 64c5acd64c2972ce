//! The pages on which an organization chooses its look and words, the page that makes the snippet
//! for other sites, and the files that public pages load.

mod embed;
mod files;
mod look;
mod sample;
mod texts;
mod words;

use axum::http::StatusCode;
use kept_base::args;
use kept_base::page::{Framing, Locale};
use kept_base::problem::Problem;

use super::{Change, LookError, PictureError};
use crate::desk::{self, Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::UndoId;
use crate::page::{Door, OpenRoutes, Words};
use crate::policy::rights::ChangeSettings;

/// 422: something in the form is to be corrected.
const TO_CORRECT: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The files that public pages and other sites load.
#[must_use]
pub fn open() -> OpenRoutes {
    OpenRoutes::new()
        .get("/look/{org}/{file}", Door::Everybody, files::file)
        .get("/embed/v1.js", Door::Everybody, files::embed_script)
}

/// The pages of members.
pub fn desk() -> desk::Routes {
    desk::Routes::new()
        .get("/look", look::show)
        .post("/look/color", look::color)
        .post("/look/logo", look::logo)
        .post("/look/logo/remove", look::remove_logo)
        .post("/look/languages", look::languages)
        .get("/look/words", words::show)
        .post("/look/words/{locale}", words::save)
        .get("/look/texts", texts::show)
        .post("/look/texts/{locale}", texts::save)
        .get("/embed", embed::show)
        .post("/embed", embed::save)
}

/// The tabs of these pages: address and text, in their order.
const TABS: [(&str, &str); 5] = [
    ("/look", "look-tab-look"),
    ("/look/words", "look-tab-words"),
    ("/look/texts", "look-tab-texts"),
    ("/look/letters", "look-tab-letters"),
    ("/embed", "look-tab-embed"),
];

/// A tab.
pub struct Tab {
    text: String,
    url: String,
    current: bool,
}

impl Tab {
    /// What it is called.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where it leads.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether this is where one is.
    #[must_use]
    pub fn current(&self) -> bool {
        self.current
    }
}

/// The tabs, of which `current` is the one whose page this is.
#[must_use]
pub fn tabs(desk: &Desk, current: &str) -> Vec<Tab> {
    let words = desk.words();
    let tab = |(path, text): (&str, &str)| Tab {
        text: words.say(text),
        url: desk.url(path),
        current: path == current,
    };
    TABS.into_iter().map(tab).collect()
}

/// The frame of a page of these.
pub(super) fn frame<'d>(desk: &'d Desk, title: &str) -> DeskFrame<'d> {
    let title = desk.words().say(title);
    desk.frame(&title, Section::Settings).script("look.js")
}

/// Renders a page that shows the public one in a frame.
fn respond(
    desk: &Desk,
    status: StatusCode,
    frame: &DeskFrame<'_>,
    page: &impl askama::Template,
) -> Answer {
    let framing = Framing {
        shows_own: true,
        ..Framing::default()
    };
    desk.app
        .look
        .respond_framed(status, &frame.f.nonce, page, &framing)
}

/// Runs a change; the inner error is for the page to show.
async fn change(
    desk: &DeskTo<ChangeSettings>,
    change: Change,
) -> Result<Result<Option<UndoId>, LookError>, Problem> {
    desk.write(move |tx, _, by| super::change(tx, by, &change))
        .await
}

/// What is wrong, in words. `field` of the answer is empty when it is no field's.
fn in_words(words: Words<'_>, error: &LookError) -> Option<(String, String)> {
    match error {
        LookError::Field(field, code) => {
            let id = format!("look-wrong-{code}");
            let args = args![
                "noun" => super::MAX_NOUN_CHARS,
                "text" => super::MAX_OWN_TEXT_CHARS,
                "origins" => super::MAX_ORIGINS,
                "links" => super::MAX_FOOT_LINKS,
            ];
            Some((field.clone(), words.with(&id, args)))
        }
        LookError::Picture(error) => {
            let code = match error {
                PictureError::Missing => "missing",
                PictureError::TooLarge => "large",
                PictureError::Svg => "svg",
                PictureError::Unknown => "unknown",
                PictureError::Broken => "broken",
                PictureError::Size => "size",
            };
            let args = args![
                "kib" => super::MAX_LOGO_BYTES / 1_024,
                "least" => super::MIN_LOGO_SIDE,
                "most" => super::MAX_LOGO_SIDE,
            ];
            let text = words.with(&format!("look-picture-{code}"), args);
            Some(("logo".to_owned(), text))
        }
        LookError::Color(_) | LookError::Store(_) => None,
    }
}

/// The language that the path names; 404 for one that is not spoken.
fn locale_of(desk: &Desk) -> Result<Locale, Problem> {
    let named = desk.segment("locale");
    let found = Locale::ALL
        .iter()
        .copied()
        .find(|locale| locale.tag() == named);
    found.ok_or_else(Problem::not_found)
}
