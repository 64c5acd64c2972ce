//! `/o/{org}/settings`: the organization's own settings, what each does and who changed it last,
//! and where everything else is set; with a search over all of it.

use axum::http::StatusCode;
use kept_base::args;
use kept_base::input::{Fields, Form};
use kept_base::kit::Email;
use kept_base::page::{Locale, when};
use kept_base::problem::Problem;

use crate::access;
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::organization::{self, MAX_ORGANIZATION_NAME_CHARS, Organization, Sender, Setting};
use crate::page::Words;
use crate::policy::rights::ChangeSettings;

/// A setting as the page shows it.
struct Shown {
    name: &'static str,
    label: String,
    /// What it does, and its default.
    about: String,
    value: String,
    /// The values to choose from; empty where anything can be written.
    choices: Vec<Choice>,
    /// Who changed it last, and when.
    last: Option<String>,
    error: Option<String>,
    is_email: bool,
}

struct Choice {
    value: &'static str,
    text: &'static str,
    chosen: bool,
}

/// A page where something else is set.
struct Elsewhere {
    url: String,
    label: String,
    about: String,
}

#[derive(askama::Template)]
#[template(path = "setup/settings.html")]
struct SettingsPage<'p> {
    d: DeskFrame<'p>,
    query: String,
    settings: Vec<Shown>,
    elsewhere: Vec<Elsewhere>,
    wrong: bool,
}

type Errors = Vec<(Setting, &'static str)>;

/// Who changed what last: the setting, a name and an instant.
struct Last {
    setting: Setting,
    name: Option<String>,
    at: jiff::Timestamp,
}

/// Where else things are set: the texts `settings-<code>`, and the page.
const ELSEWHERE: [(&str, &str); 14] = [
    ("checklist", "/checklist"),
    ("services", "/services"),
    ("members", "/members"),
    ("sign-in", "/settings/sign-in"),
    ("networks", "/settings/networks"),
    ("provider", "/settings/provider"),
    ("tokens", "/tokens"),
    ("directory", "/settings/directory"),
    ("mail", "/mail-trial"),
    ("look", "/look"),
    ("letters", "/look/letters"),
    ("embed", "/embed"),
    ("export", "/export"),
    ("access", "/access"),
];

pub(super) async fn page(desk: DeskTo<ChangeSettings>) -> Answer {
    let settings = desk.catalog.organization.clone();
    let typed = written(&settings);
    shown(&desk, &typed, &Errors::new()).await
}

/// `POST /o/{org}/settings`.
pub(super) async fn change(desk: DeskTo<ChangeSettings>, Form(form): Form) -> Answer {
    let settings = match read(&desk, &form) {
        Ok(settings) => settings,
        Err(errors) => return shown(&desk, &form, &errors).await,
    };
    let changed = desk.write(move |tx, _, by| organization::change(tx, by, &settings));
    match changed.await?.map_err(Problem::from)? {
        Some(undo) => Ok(desk.done("/settings", "saved", Some(undo))),
        None => Ok(desk.done("/settings", "unchanged", None)),
    }
}

/// The settings as the form writes them.
fn written(settings: &Organization) -> Fields {
    let text = |setting: Setting| setting.read(settings);
    let pairs = Setting::ALL.iter().map(|s| (s.code().to_owned(), text(*s)));
    pairs.collect()
}

fn read(desk: &Desk, form: &Fields) -> Result<Organization, Errors> {
    let mut errors = Errors::new();
    let text = |setting: Setting| {
        form.get(setting.code())
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let mut line = |setting: Setting| {
        let text = text(setting);
        let fits = (1..=MAX_ORGANIZATION_NAME_CHARS).contains(&text.chars().count());
        if !fits || text.contains(char::is_control) {
            errors.push((setting, "setup-name-wrong"));
        }
        text
    };
    let name = line(Setting::Name);
    let sender_name = line(Setting::SenderName);
    let zone = desk.app.zones.parse_zone(&text(Setting::Zone));
    if zone.is_none() {
        errors.push((Setting::Zone, "setup-zone-wrong"));
    }
    let locale = Locale::from_tag(&text(Setting::Locale));
    if locale.is_none() {
        errors.push((Setting::Locale, "settings-locale-wrong"));
    }
    let address = Email::parse(&text(Setting::SenderAddress));
    if address.is_err() {
        errors.push((Setting::SenderAddress, "setup-email-wrong"));
    }
    let reply_to = match text(Setting::ReplyTo).as_str() {
        "" => Ok(None),
        written => Email::parse(written).map(Some),
    };
    if reply_to.is_err() {
        errors.push((Setting::ReplyTo, "setup-email-wrong"));
    }
    match (zone, locale, address, reply_to) {
        (Some((zone, _)), Some(locale), Ok(address), Ok(reply_to)) if errors.is_empty() => {
            Ok(Organization {
                name,
                zone,
                locale: locale.tag().to_owned(),
                sender: Sender {
                    name: sender_name,
                    address,
                    reply_to,
                },
                ..desk.catalog.organization.clone()
            })
        }
        _ => Err(errors),
    }
}

async fn shown(desk: &Desk, typed: &Fields, errors: &Errors) -> Answer {
    let words = desk.words();
    let query = desk
        .query
        .filled("q")
        .unwrap_or_default()
        .trim()
        .to_lowercase();
    let last = last_changes(desk).await?;
    let found = |label: &str, about: &str| {
        query.is_empty()
            || label.to_lowercase().contains(&query)
            || about.to_lowercase().contains(&query)
    };
    let settings = Setting::ALL.iter().map(|setting| {
        let last = last.iter().find(|last| last.setting == *setting);
        let error = errors.iter().find(|(of, _)| of == setting);
        one(
            desk,
            *setting,
            typed,
            last,
            error.map(|(_, text)| words.say(text)),
        )
    });
    // A form that is searched shows only some of its inputs, so it could not be saved.
    let settings: Vec<Shown> = settings.collect();
    let any = settings.iter().any(|s| found(&s.label, &s.about));
    let page = SettingsPage {
        d: desk.frame(&words.say("settings"), Section::Settings),
        settings: if any || !errors.is_empty() {
            settings
        } else {
            Vec::new()
        },
        elsewhere: elsewhere(desk, words, found),
        wrong: !errors.is_empty(),
        query: desk.query.get("q").unwrap_or_default().to_owned(),
    };
    let status = if page.wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

fn elsewhere(desk: &Desk, words: Words<'_>, found: impl Fn(&str, &str) -> bool) -> Vec<Elsewhere> {
    let all = ELSEWHERE.iter().map(|(code, path)| Elsewhere {
        url: desk.url(path),
        label: words.say(&format!("settings-{code}")),
        about: words.say(&format!("settings-{code}.about")),
    });
    all.filter(|page| found(&page.label, &page.about)).collect()
}

fn one(
    desk: &Desk,
    setting: Setting,
    typed: &Fields,
    last: Option<&Last>,
    error: Option<String>,
) -> Shown {
    let words = desk.words();
    let id = format!("settings-{}", setting.code().replace('_', "-"));
    let value = typed.get(setting.code()).unwrap_or_default().to_owned();
    let choice = |locale: &Locale| Choice {
        value: locale.tag(),
        text: locale.endonym(),
        chosen: locale.tag() == value,
    };
    Shown {
        name: setting.code(),
        label: words.say(&id),
        about: words.say(&format!("{id}.about")),
        choices: match setting {
            Setting::Locale => Locale::ALL.iter().map(choice).collect(),
            _ => Vec::new(),
        },
        value,
        last: last.map(|last| {
            let name = last
                .name
                .clone()
                .unwrap_or_else(|| words.say("settings-somebody"));
            let zone = &desk.catalog.zone;
            let day = when::day(desk.locale(), zone.to_datetime(last.at).date());
            words.with("settings-last", args!["name" => &name, "day" => &day])
        }),
        error,
        is_email: matches!(setting, Setting::SenderAddress | Setting::ReplyTo),
    }
}

async fn last_changes(desk: &Desk) -> Result<Vec<Last>, Problem> {
    let read = desk.read(|tx, _| {
        let mut found = Vec::new();
        for (setting, entry) in organization::last_changes(tx)? {
            let id = entry
                .actor
                .strip_prefix("member:")
                .and_then(|id| id.parse().ok());
            let member = match id {
                Some(id) => access::member(tx, id)?,
                None => None,
            };
            found.push(Last {
                setting,
                name: member.map(|member| member.name.expose().to_owned()),
                at: entry.at,
            });
        }
        Ok::<_, kept_base::store::Error>(found)
    });
    Ok(read.await??)
}
