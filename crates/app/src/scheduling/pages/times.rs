//! `GET /{org}/{service}`: day and time. `POST /{org}/{service}/hold`: keep the chosen one.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::Timestamp;
use kept_base::input::Form;
use kept_base::kit::Actor;
use kept_base::page::when;
use kept_base::problem::Problem;
use kept_base::store::Tx;

use super::super::{self as scheduling, SchedulingError};
use super::here::Here;
use super::picked::{self, Picked, Settled, Wish, service_by_slug};
use super::picker::{self, Picker};
use super::services::contact;
use super::show;
use super::visit::Visit;
use super::{Answer, GONE, TO_CORRECT};
use crate::app::App;
use crate::offering::Field;
use crate::page::{Frame, Words, see_other};

/// A free time offered in place of one that is gone.
pub(super) struct Alternative {
    /// The instant, as sent.
    pub at: String,
    pub text: String,
}

/// What was wrong with the choice.
pub(super) enum Trouble {
    /// Nothing was chosen.
    NothingChosen,
    /// It is gone; these are near.
    Gone(Vec<Timestamp>),
}

/// The words of it.
pub(super) struct TroubleShown {
    pub title: String,
    pub text: String,
    pub alternatives: Vec<Alternative>,
}

#[derive(askama::Template)]
#[template(path = "scheduling/times.html")]
struct TimesPage<'p> {
    f: Frame<'p>,
    service: String,
    services_url: String,
    length: String,
    p: Picker,
    action: String,
    trouble: Option<TroubleShown>,
    questions: Vec<Field>,
    contact: String,
}

pub(super) async fn times(visit: Visit) -> Answer {
    if visit.query.get("pick") == Some("zone") {
        let here = visit.here(&[visit.segment("service")]);
        return super::zones::page(&visit, &here, None).await;
    }
    let picked = load(&visit).await?;
    shown(&visit, &picked, StatusCode::OK, None)
}

async fn load(visit: &Visit) -> Result<Picked, Problem> {
    let wish = Wish::read(&visit.query, visit.zone.clone());
    let slug = visit.segment("service").to_owned();
    let revision = visit.app.store.revision(visit.organization).await?;
    let question = move |tx: &Tx<'_>, app: &Arc<App>| {
        let catalog = app.catalogs.get(tx)?;
        let service = service_by_slug(&catalog, &slug)?;
        let settled = Settled::new(catalog, service, &wish);
        picked::load(tx, app, settled, &wish, revision)
    };
    Ok(visit.read(Actor::VISITOR, question).await?)
}

fn shown(visit: &Visit, picked: &Picked, status: StatusCode, trouble: Option<Trouble>) -> Answer {
    let catalog = &picked.settled.catalog;
    let service = picked.settled.service();
    let locale = visit.locale(catalog, None);
    let words = visit.words(catalog, locale);
    let here = visit.here(&[&service.slug]);
    let mut frame = visit.frame(
        catalog,
        locale,
        &title(words, service, trouble.is_some()),
        &here,
    );
    frame.scripted = true;
    let page = TimesPage {
        f: frame,
        service: service.name.clone(),
        services_url: services_url(visit, &here),
        length: when::duration(locale, service.rules.length_minutes.into()),
        p: picker::view(picked, words, &here),
        action: here.without(&["at"]).below("hold").url(),
        trouble: trouble.map(|trouble| in_words(trouble, picked, words)),
        questions: service.fields.clone(),
        contact: contact(catalog),
    };
    visit.respond(catalog, status, &page.f.nonce, &page)
}

fn title(words: Words<'_>, service: &crate::offering::Service, trouble: bool) -> String {
    let title = format!("{}: {}", words.say("times-title"), service.name);
    if trouble {
        format!("{} {title}", words.say("title-error"))
    } else {
        title
    }
}

/// The list of services, in the same language and zone.
pub(super) fn services_url(visit: &Visit, here: &Here) -> String {
    here.at(&[&visit.slug])
        .without(&["staff", "location", "day", "month", "at", "hold", "booked"])
        .url()
}

/// What was wrong with a choice, for the top of the page.
pub(super) fn in_words(trouble: Trouble, picked: &Picked, words: Words<'_>) -> TroubleShown {
    let id = match &trouble {
        Trouble::NothingChosen => "trouble-nothing",
        Trouble::Gone(times) if times.is_empty() => "trouble-gone-alone",
        Trouble::Gone(_) => "trouble-gone",
    };
    let times = match trouble {
        Trouble::NothingChosen => Vec::new(),
        Trouble::Gone(times) => times,
    };
    TroubleShown {
        title: words.say(id),
        text: words.say(&format!("{id}.advice")),
        alternatives: times
            .into_iter()
            .map(|at| Alternative {
                at: at.to_string(),
                text: show::moment(words, at, &picked.zone, &picked.there),
            })
            .collect(),
    }
}

/// Keeps the chosen time while the visitor types, and leads to the details.
pub(super) async fn hold(visit: Visit, Form(form): Form) -> Answer {
    let chosen = form
        .filled("at")
        .and_then(|at| at.parse::<Timestamp>().ok());
    let Some(at) = chosen else {
        let picked = load(&visit).await?;
        return shown(&visit, &picked, TO_CORRECT, Some(Trouble::NothingChosen));
    };
    match place_hold(&visit, at).await {
        Ok(url) => Ok(see_other(&url)),
        Err(SchedulingError::SlotTaken { alternatives, .. }) => {
            let picked = load(&visit).await?;
            shown(&visit, &picked, GONE, Some(Trouble::Gone(alternatives)))
        }
        Err(error) => Err(error.into()),
    }
}

async fn place_hold(visit: &Visit, at: Timestamp) -> Result<String, SchedulingError> {
    let wish = Wish::read(&visit.query, None);
    let slug = visit.segment("service").to_owned();
    let verb = move |tx: &Tx<'_>, app: &Arc<App>| {
        let catalog = app.catalogs.get(tx)?;
        let service = service_by_slug(&catalog, &slug)?;
        let wanted = Settled::new(catalog, service, &wish).wanted();
        // Whoever takes another time gives back the one that was kept for them.
        scheduling::place_hold(tx, &app.catalogs, &wanted, at, wish.hold)
    };
    let hold = visit.write(Actor::VISITOR, verb).await?;
    let details = visit
        .here(&[visit.segment("service"), "details"])
        .without(&["day", "month"])
        .with("at", hold.starts_at)
        .with("hold", hold.id);
    Ok(details.url())
}
