//! `/operator/organizations/new`: an organization, and the link that makes somebody its owner.

use axum::http::StatusCode;
use kept_base::input::{Fields, Form};
use kept_base::page::Locale;

use super::super::{self as console, CreateError, NewOrganization, Wish, Wrong};
use super::asked::Console;
use super::frame::{ConsoleFrame, Section};
use crate::desk::Answer;

#[derive(askama::Template)]
#[template(path = "console/new.html")]
struct NewPage<'p> {
    c: ConsoleFrame<'p>,
    inputs: Vec<Input>,
    zones: Vec<String>,
    languages: Vec<Language>,
}

struct Input {
    name: &'static str,
    label: String,
    hint: Option<String>,
    value: String,
    error: Option<String>,
    is_needed: bool,
}

struct Language {
    tag: &'static str,
    name: &'static str,
    chosen: bool,
}

#[derive(askama::Template)]
#[template(path = "console/made.html")]
struct MadePage<'p> {
    c: ConsoleFrame<'p>,
    slug: String,
    booking_url: String,
    own_url: String,
}

pub(super) async fn page(console: Console) -> Answer {
    shown(&console, &Fields::default(), &[])
}

/// What is wrong, as input and text.
fn text_of(wrong: &Wrong) -> (&'static str, &'static str) {
    match wrong {
        Wrong::Slug(_) => ("slug", "setup-slug-wrong"),
        Wrong::Name => ("name", "setup-name-wrong"),
        Wrong::Zone => ("zone", "setup-zone-wrong"),
        Wrong::Locale => ("locale", "console-locale-wrong"),
        Wrong::MailFrom => ("mail_from", "setup-email-wrong"),
    }
}

fn shown(console: &Console, typed: &Fields, errors: &[(&str, &str)]) -> Answer {
    let words = console.words();
    let input = |name: &'static str| {
        let error = errors.iter().find(|(of, _)| *of == name);
        let hint = format!("console-new-{name}.hint");
        Input {
            name,
            label: words.say(&format!("console-new-{name}")),
            hint: words.has(&hint).then(|| words.say(&hint)),
            value: typed.get(name).unwrap_or_default().to_owned(),
            error: error.map(|(_, text)| words.say(text)),
            is_needed: name != "mail_from",
        }
    };
    let chosen = typed.filled("locale").and_then(Locale::from_tag);
    let chosen = chosen.unwrap_or(console.locale);
    let areas = console.app.zones.areas();
    let page = NewPage {
        c: console.frame(&words.say("console-new"), Section::Organizations),
        inputs: ["name", "slug", "zone", "mail_from"].map(input).into(),
        zones: areas
            .iter()
            .flat_map(|area| area.zones.iter())
            .map(ToString::to_string)
            .collect(),
        languages: Locale::ALL
            .iter()
            .map(|&locale| Language {
                tag: locale.tag(),
                name: locale.endonym(),
                chosen: locale == chosen,
            })
            .collect(),
    };
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    console.respond(status, &page.c.f.nonce, &page)
}

pub(super) async fn make(console: Console, Form(form): Form) -> Answer {
    let app = &console.app;
    let field = |name| form.get(name).unwrap_or_default().trim();
    let wish = Wish {
        slug: field("slug"),
        name: field("name"),
        zone: field("zone"),
        locale: field("locale"),
        mail_from: form.filled("mail_from").map(str::trim),
    };
    let new = match NewOrganization::read(&wish, &app.zones, &app.base_url) {
        Ok(new) => new,
        Err(wrong) => {
            let errors: Vec<_> = wrong.iter().map(text_of).collect();
            return shown(&console, &form, &errors);
        }
    };
    let made = match console::create(&app.store, new, console.author(), None).await {
        Ok(made) => made,
        Err(CreateError::Taken) => {
            return shown(&console, &form, &[("slug", "setup-slug-taken")]);
        }
        Err(CreateError::Store(error)) => return Err(error.into()),
    };
    let words = console.words();
    let (base_url, slug) = (&app.base_url, wish.slug);
    let page = MadePage {
        c: console.frame(&words.say("console-made"), Section::Organizations),
        slug: slug.to_owned(),
        booking_url: format!("{base_url}/{slug}"),
        own_url: format!("{base_url}/o/{slug}/own/{}", made.own.expose()),
    };
    console.respond(StatusCode::OK, &page.c.f.nonce, &page)
}
