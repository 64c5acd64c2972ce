//! `/o/{org}/look`: color, logo and languages, and the public page as it looks.

use axum::http::StatusCode;
use kept_base::args;
use kept_base::input::{Fields, Form, Upload};
use kept_base::page::Locale;
use kept_base::page::color::Rgb;

use super::super::{self as own, Change, LookError, MAX_LOGO_BYTES, Refused, Shades};
use super::{TO_CORRECT, Tab, change, frame, in_words, respond, sample, tabs};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo};
use crate::page::Markup;
use crate::policy::rights::ChangeSettings;

/// The color of `tokens.css` on light paper.
const OURS: Rgb = Rgb([0x0b, 0x5a, 0x54]);

#[derive(askama::Template)]
#[template(path = "look/look.html")]
struct LookPage<'p> {
    d: DeskFrame<'p>,
    tabs: Vec<Tab>,
    color: ColorShown,
    logo: Option<(String, u32, u32)>,
    logo_error: Option<String>,
    max_kib: usize,
    languages: Vec<LanguageShown>,
    language_error: Option<String>,
    public_url: String,
}

/// The color as typed or as it is, and how it looks.
struct ColorShown {
    typed: String,
    /// What a browser's own picker takes.
    picked: String,
    own: bool,
    sample: Markup,
    error: Option<String>,
    /// A color that can be read, in place of one that cannot.
    nearest: Option<String>,
}

struct LanguageShown {
    tag: &'static str,
    name: &'static str,
    offered: bool,
    /// The organization's own, which is always offered.
    house: bool,
}

/// What is wrong on the page, and what was typed.
#[derive(Default)]
struct Wrong {
    typed: Option<String>,
    refused: Option<Refused>,
    color: Option<String>,
    logo: Option<String>,
    languages: Option<String>,
}

pub(super) async fn show(desk: DeskTo<ChangeSettings>) -> Answer {
    page(&desk, StatusCode::OK, Wrong::default())
}

/// `POST /look/color`: takes the color, or shows it first (`show`).
pub(super) async fn color(desk: DeskTo<ChangeSettings>, Form(form): Form) -> Answer {
    let typed = typed_color(&form);
    let color = match typed.parse::<Rgb>() {
        _ if form.get("ours").is_some() => None,
        Ok(color) => Some(color),
        Err(_) => {
            let wrong = Wrong {
                color: Some(desk.words().say("look-wrong-color")),
                typed: Some(typed),
                ..Wrong::default()
            };
            return page(&desk, TO_CORRECT, wrong);
        }
    };
    let shown = |refused| Wrong {
        typed: Some(typed.clone()),
        refused,
        ..Wrong::default()
    };
    if form.get("show").is_some() {
        let refused = color.and_then(|color| Shades::checked(color).err());
        return page(&desk, StatusCode::OK, shown(refused));
    }
    match change(&desk, Change::Color(color)).await? {
        Ok(undo) => Ok(desk.done("/look", "look-color", undo)),
        Err(LookError::Color(refused)) => page(&desk, TO_CORRECT, shown(Some(refused))),
        Err(error) => page(&desk, TO_CORRECT, wrong(&desk, error)?),
    }
}

/// What was written, unless only the picker was used.
fn typed_color(form: &Fields) -> String {
    let text = |name| form.get(name).unwrap_or_default().trim().to_owned();
    let (typed, picked, was) = (text("color"), text("picked"), text("was"));
    if typed == was && picked != was && !picked.is_empty() {
        picked
    } else {
        typed
    }
}

/// `POST /look/logo`.
pub(super) async fn logo(desk: DeskTo<ChangeSettings>, upload: Upload) -> Answer {
    let bytes = upload.file;
    match desk
        .write(move |tx, _, by| own::set_logo(tx, by, &bytes))
        .await?
    {
        Ok(undo) => Ok(desk.done("/look", "look-logo", undo)),
        Err(error) => page(&desk, TO_CORRECT, wrong(&desk, error)?),
    }
}

/// `POST /look/logo/remove`.
pub(super) async fn remove_logo(desk: DeskTo<ChangeSettings>) -> Answer {
    match change(&desk, Change::Logo(None)).await? {
        Ok(undo) => Ok(desk.done("/look", "look-logo-removed", undo)),
        Err(error) => page(&desk, TO_CORRECT, wrong(&desk, error)?),
    }
}

/// `POST /look/languages`.
pub(super) async fn languages(desk: DeskTo<ChangeSettings>, Form(form): Form) -> Answer {
    let chosen = form
        .get_all("language")
        .filter_map(Locale::from_tag)
        .collect();
    match change(&desk, Change::Languages(chosen)).await? {
        Ok(undo) => Ok(desk.done("/look", "look-languages", undo)),
        Err(error) => page(&desk, TO_CORRECT, wrong(&desk, error)?),
    }
}

/// What is wrong, at its place; the store's own failures are no matter of the page.
fn wrong(desk: &Desk, error: LookError) -> Result<Wrong, kept_base::problem::Problem> {
    let text = in_words(desk.words(), &error);
    Ok(match (error, text) {
        (LookError::Store(error), _) => return Err(error.into()),
        (LookError::Picture(_), text) => Wrong {
            logo: text.map(|(_, text)| text),
            ..Wrong::default()
        },
        (_, text) => Wrong {
            languages: text.map(|(_, text)| text),
            ..Wrong::default()
        },
    })
}

fn page(desk: &Desk, status: StatusCode, wrong: Wrong) -> Answer {
    let look = &desk.catalog.look;
    let house = Locale::from_tag(&desk.catalog.organization.locale).unwrap_or_default();
    let languages = Locale::ALL.iter().map(|&locale| LanguageShown {
        tag: locale.tag(),
        name: locale.endonym(),
        offered: look.speaks(locale, house),
        house: locale == house,
    });
    let page = LookPage {
        d: frame(desk, "look-title"),
        tabs: tabs(desk, "/look"),
        logo: look.picture(&desk.slug),
        logo_error: wrong.logo.clone(),
        max_kib: MAX_LOGO_BYTES / 1_024,
        languages: languages.collect(),
        language_error: wrong.languages.clone(),
        public_url: format!("/{}?preview=1", desk.slug),
        color: color_shown(desk, wrong),
    };
    respond(desk, status, &page.d, &page)
}

fn color_shown(desk: &Desk, wrong: Wrong) -> ColorShown {
    let words = desk.words();
    let kept = desk.catalog.look.color;
    let typed = wrong
        .typed
        .unwrap_or_else(|| kept.unwrap_or(OURS).to_string());
    let shown = typed.parse::<Rgb>().ok().or(kept).unwrap_or(OURS);
    let nearest = wrong.refused.map(|refused| refused.nearest);
    let error = wrong.refused.map(|refused| {
        let contrast = format!("{:.1}", (refused.contrast * 10.0).floor() / 10.0);
        words.with("look-wrong-contrast", args!["contrast" => &contrast])
    });
    ColorShown {
        picked: shown.to_string(),
        typed,
        own: kept.is_some(),
        sample: sample::svg(words, &Shades::of(nearest.unwrap_or(shown))),
        error: wrong.color.or(error),
        nearest: nearest.map(|color| color.to_string()),
    }
}
