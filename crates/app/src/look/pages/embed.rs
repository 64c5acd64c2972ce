//! `/o/{org}/embed`: the snippet for other sites, and which sites may show the pages.

use axum::http::StatusCode;
use kept_base::input::{Fields, Form};
use kept_base::page::Locale;
use kept_base::page::html::escaped;

use super::super::{Change, LookError};
use super::{TO_CORRECT, Tab, change, frame, in_words, respond, tabs};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo};
use crate::policy::rights::ChangeSettings;

/// How the pages stand in another one.
const MODES: [&str; 3] = ["inline", "dialog", "link"];
const THEMES: [&str; 3] = ["auto", "light", "dark"];

#[derive(askama::Template)]
#[template(path = "look/embed.html")]
struct EmbedPage<'p> {
    d: DeskFrame<'p>,
    tabs: Vec<Tab>,
    here: String,
    services: Vec<Choice>,
    modes: Vec<Choice>,
    languages: Vec<Choice>,
    themes: Vec<Choice>,
    snippet: String,
    policy: String,
    origins: String,
    /// Whether any site may show the pages.
    allowed: bool,
    error: Option<String>,
    preview_url: String,
}

struct Choice {
    value: String,
    text: String,
    chosen: bool,
}

pub(super) async fn show(desk: DeskTo<ChangeSettings>) -> Answer {
    page(&desk, StatusCode::OK, None)
}

/// `POST /embed`: which sites may show the pages, one a line.
pub(super) async fn save(desk: DeskTo<ChangeSettings>, Form(form): Form) -> Answer {
    let typed = form.get("origins").unwrap_or_default().to_owned();
    let sites = typed.split_whitespace().map(str::to_owned).collect();
    match change(&desk, Change::Origins(sites)).await? {
        Ok(undo) => Ok(desk.done("/embed", "look-origins", undo)),
        Err(LookError::Store(error)) => Err(error.into()),
        Err(error) => {
            let error = in_words(desk.words(), &error).map(|(_, text)| text);
            page(&desk, TO_CORRECT, Some((typed, error)))
        }
    }
}

/// What was chosen for the snippet.
struct Chosen<'c> {
    service: Option<&'c str>,
    mode: &'static str,
    language: Option<Locale>,
    theme: &'static str,
}

impl<'c> Chosen<'c> {
    fn read(query: &'c Fields) -> Self {
        let one_of = |name: &str, all: [&'static str; 3]| {
            let sent = query.get(name);
            all.into_iter()
                .find(|one| sent == Some(one))
                .unwrap_or(all[0])
        };
        Self {
            service: query.filled("service"),
            mode: one_of("mode", MODES),
            language: query.get("language").and_then(Locale::from_tag),
            theme: one_of("theme", THEMES),
        }
    }
}

fn page(desk: &Desk, status: StatusCode, sent: Option<(String, Option<String>)>) -> Answer {
    let words = desk.words();
    let look = &desk.catalog.look;
    let mut chosen = Chosen::read(&desk.query);
    let known = |slug: &&str| desk.catalog.service_by_slug(slug).is_some();
    chosen.service = chosen.service.filter(known);
    let choices = |all: [&str; 3], id: &str, now: &str| {
        let choice = |value: &str| Choice {
            value: value.to_owned(),
            text: words.say(&format!("{id}-{value}")),
            chosen: value == now,
        };
        all.into_iter().map(choice).collect()
    };
    let (origins, error) = match sent {
        Some((typed, error)) => (typed, error),
        None => (look.origins.join("\n"), None),
    };
    let page = EmbedPage {
        d: frame(desk, "embed-title"),
        tabs: tabs(desk, "/embed"),
        here: desk.url("/embed"),
        services: services(desk, &chosen),
        modes: choices(MODES, "embed-mode", chosen.mode),
        languages: languages(desk, &chosen),
        themes: choices(THEMES, "embed-theme", chosen.theme),
        snippet: snippet(desk, &chosen),
        policy: format!("script-src {0}; frame-src {0}", desk.app.base_url),
        allowed: !look.origins.is_empty(),
        origins,
        error,
        preview_url: preview_url(desk, &chosen),
    };
    respond(desk, status, &page.d, &page)
}

fn services(desk: &Desk, chosen: &Chosen<'_>) -> Vec<Choice> {
    let every = Choice {
        value: String::new(),
        text: desk.words().say("embed-all-services"),
        chosen: chosen.service.is_none(),
    };
    let each = desk.catalog.services.iter().map(|service| Choice {
        value: service.slug.clone(),
        text: service.name.clone(),
        chosen: chosen.service == Some(service.slug.as_str()),
    });
    std::iter::once(every).chain(each).collect()
}

fn languages(desk: &Desk, chosen: &Chosen<'_>) -> Vec<Choice> {
    let house = Locale::from_tag(&desk.catalog.organization.locale).unwrap_or_default();
    let readers = Choice {
        value: String::new(),
        text: desk.words().say("embed-readers-language"),
        chosen: chosen.language.is_none(),
    };
    let offered = Locale::ALL
        .iter()
        .filter(|locale| desk.catalog.look.speaks(**locale, house));
    let each = offered.map(|locale| Choice {
        value: locale.tag().to_owned(),
        text: locale.endonym().to_owned(),
        chosen: chosen.language == Some(*locale),
    });
    std::iter::once(readers).chain(each).collect()
}

/// What is booked, as the script takes it and as it stands in addresses.
fn target(desk: &Desk, chosen: &Chosen<'_>) -> String {
    match chosen.service {
        Some(service) => format!("{}/{service}", desk.slug),
        None => desk.slug.clone(),
    }
}

fn snippet(desk: &Desk, chosen: &Chosen<'_>) -> String {
    let base = escaped(&desk.app.base_url);
    let target = escaped(&target(desk, chosen));
    let house = Locale::from_tag(&desk.catalog.organization.locale).unwrap_or_default();
    let words = desk.app.look.words(chosen.language.unwrap_or(house));
    let text = escaped(&words.own(&desk.catalog.look.words).say("services-title"));
    let language = chosen
        .language
        .map_or_else(String::new, |l| format!("?lang={l}"));
    if chosen.mode == "link" {
        return format!("<a href=\"{base}/{target}{language}\">{text}</a>");
    }
    let mut data = format!("data-book=\"{target}\"");
    if let Some(language) = chosen.language {
        data.push_str(&format!(" data-lang=\"{language}\""));
    }
    if chosen.theme != THEMES[0] {
        data.push_str(&format!(" data-theme=\"{}\"", chosen.theme));
    }
    let script = format!("<script async src=\"{base}/embed/v1.js\"></script>");
    match chosen.mode {
        "dialog" => format!("{script}\n<a {data} href=\"{base}/{target}{language}\">{text}</a>"),
        _ => {
            let link = format!("<a href=\"{base}/{target}{language}\">{text}</a>");
            format!("{script}\n<div {data}>{link}</div>")
        }
    }
}

fn preview_url(desk: &Desk, chosen: &Chosen<'_>) -> String {
    let mut url = format!("/{}?embed=1", target(desk, chosen));
    if let Some(language) = chosen.language {
        url.push_str(&format!("&lang={language}"));
    }
    if chosen.theme != THEMES[0] {
        url.push_str(&format!("&theme={}", chosen.theme));
    }
    url
}
