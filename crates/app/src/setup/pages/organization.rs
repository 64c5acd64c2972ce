//! `/setup/{token}`: the first organization of an installation, and its owner.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use kept_base::input::{Fields, Form};
use kept_base::kit::{Actor, Email, PersonName, Secret, Token};
use kept_base::page::Locale;
use kept_base::problem::Problem;

use super::Input;
use crate::access::{self, Device, MemberError, NewMember, PasswordHash, Role, check_password};
use crate::app::App;
use crate::desk::{self, session_cookie};
use crate::organization::{self, MAX_ORGANIZATION_NAME_CHARS, Organization, Sender};
use crate::page::{Frame, LanguageChange, Words, see_other};
use crate::setup::slug_of;

type Answer = Result<Response, Problem>;

#[derive(askama::Template)]
#[template(path = "setup/organization.html")]
struct OrganizationPage<'p> {
    f: Frame<'p>,
    action: String,
    inputs: Vec<Input>,
    zones: Vec<String>,
    wrong: bool,
}

/// What was typed, and in which language it is answered.
struct Typed {
    locale: Locale,
    fields: Fields,
    errors: Vec<(&'static str, &'static str)>,
}

/// Everything that a new installation's first organization is made of.
struct Wanted {
    name: String,
    slug: String,
    zone: String,
    owner: PersonName,
    email: Email,
    password: Secret,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    query: kept_base::input::PageQuery,
    headers: HeaderMap,
) -> Answer {
    opened(&app, &token)?;
    let typed = Typed {
        locale: locale(&query.0, &headers),
        fields: Fields::default(),
        errors: Vec::new(),
    };
    shown(&app, &token, &typed)
}

pub(super) async fn make(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    query: kept_base::input::PageQuery,
    headers: HeaderMap,
    Form(fields): Form,
) -> Answer {
    let secret = opened(&app, &token)?;
    let mut typed = Typed {
        locale: locale(&query.0, &headers),
        fields,
        errors: Vec::new(),
    };
    let wanted = match read(&app, &typed.fields) {
        Ok(wanted) => wanted,
        Err(errors) => {
            typed.errors = errors;
            return shown(&app, &token, &typed);
        }
    };
    let salt = app.store.entropy().bytes();
    let hash = access::hash_password(wanted.password.clone(), salt).await;
    let hash = hash.map_err(|error| Problem::busy().because(&error))?;
    let taken = app.first_run.take(&secret).ok_or_else(Problem::not_found)?;
    let slug = wanted.slug.clone();
    let agent = headers.get(header::USER_AGENT);
    let agent = agent.and_then(|agent| agent.to_str().ok());
    let device = Device::of_agent(agent.unwrap_or_default());
    match create(&app, wanted, typed.locale, (hash, device)).await {
        Ok(session) => {
            let mut response = see_other(&format!("/o/{slug}/set-up"));
            let cookie = session_cookie(&slug, &session);
            response.headers_mut().insert(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(error) => {
            app.first_run.put_back(taken);
            if error.is_constraint("organization.slug") {
                typed.errors.push(("slug", "setup-slug-taken"));
                return shown(&app, &token, &typed);
            }
            Err(error.into())
        }
    }
}

fn opened(app: &App, token: &str) -> Result<Token, Problem> {
    let token = Token::presented(token).ok_or_else(Problem::not_found)?;
    if app.first_run.is(&token) {
        Ok(token)
    } else {
        Err(Problem::not_found())
    }
}

fn locale(query: &Fields, headers: &HeaderMap) -> Locale {
    let accepted = headers.get(header::ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    Locale::negotiate(query.get("lang"), accepted, Locale::default())
}

/// Reads the form; what is wrong, as input and text.
fn read(app: &App, form: &Fields) -> Result<Wanted, Vec<(&'static str, &'static str)>> {
    let mut errors = Vec::new();
    let name = form.filled("name").unwrap_or_default().trim().to_owned();
    let chars = name.chars().count();
    if !(1..=MAX_ORGANIZATION_NAME_CHARS).contains(&chars) || name.contains(char::is_control) {
        errors.push(("name", "setup-name-wrong"));
    }
    let slug = match form.filled("slug") {
        Some(slug) => slug.trim().to_owned(),
        None => slug_of(&name),
    };
    if organization::check_slug(&slug).is_err() {
        errors.push(("slug", "setup-slug-wrong"));
    }
    let zone = form
        .filled("zone")
        .and_then(|zone| app.zones.parse_zone(zone.trim()));
    if zone.is_none() {
        errors.push(("zone", "setup-zone-wrong"));
    }
    let owner = PersonName::parse(form.get("owner").unwrap_or_default());
    if owner.is_err() {
        errors.push(("owner", "name-needed"));
    }
    let email = Email::parse(form.get("email").unwrap_or_default());
    if email.is_err() {
        errors.push(("email", "setup-email-wrong"));
    }
    let password = Secret::new(form.get("password").unwrap_or_default().to_owned());
    let about = [form.get("owner"), form.get("email"), form.get("name")];
    let about: Vec<&str> = about.into_iter().flatten().collect();
    if let Err(error) = check_password(&password, &about) {
        errors.push(("password", error.text()));
    }
    match (zone, owner, email) {
        (Some((zone, _)), Ok(owner), Ok(email)) if errors.is_empty() => Ok(Wanted {
            name,
            slug,
            zone,
            owner,
            email,
            password,
        }),
        _ => Err(errors),
    }
}

async fn create(
    app: &App,
    wanted: Wanted,
    locale: Locale,
    (hash, device): (PasswordHash, Device),
) -> Result<Token, kept_base::store::Error> {
    let address = organization::default_sender(&wanted.slug, &app.base_url)
        .unwrap_or_else(|| wanted.email.clone());
    let slug = wanted.slug.clone();
    let made = app
        .store
        .create_organization(&slug, Actor::OPERATOR, move |tx| {
            let sender = Sender {
                name: wanted.name.clone(),
                address,
                reply_to: Some(wanted.email.clone()),
            };
            let settings = Organization {
                id: tx.organization(),
                slug: wanted.slug,
                name: wanted.name,
                zone: wanted.zone,
                locale: locale.tag().to_owned(),
                sender,
            };
            organization::create(tx, &settings)?;
            let owner = NewMember {
                name: wanted.owner,
                email: wanted.email,
                role: Role::Owner,
                staff: None,
                locale: locale.tag().to_owned(),
            };
            let id = access::add_member(tx, &owner).map_err(plain)?;
            access::set_password(tx, id, &hash).map_err(plain)?;
            access::start_session(tx, id, device)
        });
    Ok(made.await?.1)
}

/// In an organization that was made a moment ago nothing is taken.
fn plain(error: MemberError) -> kept_base::store::Error {
    match error {
        MemberError::Store(error) => error,
        _ => kept_base::store::Error::Decode("new organization"),
    }
}

fn shown(app: &App, token: &str, typed: &Typed) -> Answer {
    let words = app.look.words(typed.locale);
    let wrong = !typed.errors.is_empty();
    let mut frame = Frame::new(
        &app.look,
        typed.locale,
        desk::nonce(app),
        &words.say("setup-title"),
        None,
    )
    .languages(|other| LanguageChange::Link(format!("/setup/{token}?lang={other}")));
    frame.private = true;
    let page = OrganizationPage {
        f: frame,
        action: format!("/setup/{token}?lang={}", typed.locale),
        inputs: inputs(words, typed),
        zones: app
            .zones
            .areas()
            .iter()
            .flat_map(|area| area.zones.iter())
            .map(ToString::to_string)
            .collect(),
        wrong,
    };
    let status = if wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    app.look.respond(status, &page.f.nonce, &page)
}

fn inputs(words: Words<'_>, typed: &Typed) -> Vec<Input> {
    let names = ["name", "slug", "zone", "owner", "email", "password"];
    let input = |name: &'static str| {
        let error = typed.errors.iter().find(|(of, _)| *of == name);
        let hint = format!("setup-{name}.hint");
        Input {
            name,
            label: words.say(&format!("setup-{name}")),
            hint: words.has(&hint).then(|| words.say(&hint)),
            // A password is typed again rather than sent back.
            value: match name {
                "password" => String::new(),
                _ => typed.fields.get(name).unwrap_or_default().to_owned(),
            },
            error: error.map(|(_, text)| words.say(text)),
        }
    };
    names.into_iter().map(input).collect()
}
