//! The pages on which members change what is offered: services, places, staff, hours, closed days.
//! Each shows what a change does to bookable times and booked appointments before it is kept.
//! It keeps nothing itself; the verbs stand in `offering`, the search in `scheduling`.

mod effect;
mod form;
mod holidays;
mod hours;
mod hours_shown;
mod lists;
mod order;
mod places;
mod questions;
mod rest;
mod service_fields;
mod services;
mod staff;
mod times;
mod whose;

use axum::http::StatusCode;
use kept_base::input::Fields;
use kept_base::page::when;
use kept_base::problem::Problem;

use crate::desk::{self, Answer, Desk, DeskFrame, Section};
use crate::offering::OfferingError;
use form::{Input, Shape};

/// The addresses of members.
pub fn desk() -> desk::Routes {
    desk::Routes::new()
        .get("/services", lists::services)
        .get("/services/new", services::new)
        .post("/services/new", services::add)
        .get("/services/{id}", services::edit)
        .post("/services/{id}", services::change)
        .post("/services/{id}/archive", order::archive_service)
        .post("/services/{id}/order", order::order_service)
        .get("/services/{id}/questions", questions::list)
        .post("/services/{id}/questions", questions::add)
        .get("/services/{id}/questions/{field}", questions::edit)
        .post("/services/{id}/questions/{field}", questions::change)
        .post("/services/{id}/questions/{field}/remove", questions::remove)
        .post("/services/{id}/questions/{field}/order", questions::order)
        .get("/places", lists::places)
        .get("/places/new", places::new_location)
        .post("/places/new", places::add_location)
        .get("/places/{id}", places::edit_location)
        .post("/places/{id}", places::change_location)
        .post("/places/{id}/archive", order::archive_location)
        .post("/places/{id}/order", order::order_location)
        .get("/rooms/new", places::new_room)
        .post("/rooms/new", places::add_room)
        .get("/rooms/{id}", places::edit_room)
        .post("/rooms/{id}", places::change_room)
        .post("/rooms/{id}/archive", order::archive_room)
        .get("/staff", lists::staff)
        .get("/staff/new", staff::new)
        .post("/staff/new", staff::add)
        .get("/staff/{id}", staff::edit)
        .post("/staff/{id}", staff::change)
        .post("/staff/{id}/archive", order::archive_staff)
        .post("/staff/{id}/order", order::order_staff)
        .get("/staff/{id}/hours", hours::page)
        .post("/staff/{id}/hours", hours::weekly)
        .post("/staff/{id}/hours/day", hours::day)
        .post("/staff/{id}/hours/away", hours::away)
        .post("/staff/{id}/hours/back", hours::back)
        .post("/skills", staff::add_skill)
        .post("/skills/{id}/remove", staff::remove_skill)
        .get("/closed-days", rest::page)
        .post("/closed-days", rest::add)
        .post("/closed-days/holidays", rest::add_holidays)
        .post("/closed-days/file", rest::import)
        .post("/closed-days/{id}/remove", rest::remove)
        .get("/stranded", lists::stranded)
        .get("/hours", hours::page)
        .post("/hours", hours::weekly)
        .post("/hours/day", hours::day)
        .post("/hours/away", hours::away)
        .post("/hours/back", hours::back)
}

/// The pages of the offering beside each other.
pub(crate) struct Tab {
    pub(crate) text: String,
    pub(crate) url: String,
    pub(crate) current: bool,
}

fn tabs(desk: &Desk, current: &str) -> Vec<Tab> {
    let words = desk.words();
    let all = ["services", "places", "staff", "closed-days", "stranded"];
    let tab = |name: &str| Tab {
        text: words.say(&format!("tab-{name}")),
        url: desk.url(&format!("/{name}")),
        current: name == current,
    };
    all.into_iter().map(tab).collect()
}

/// A page with one form.
#[derive(askama::Template)]
#[template(path = "arrange/form.html")]
struct FormPage<'p> {
    d: DeskFrame<'p>,
    tabs: Vec<Tab>,
    title: String,
    action: String,
    /// What is asked first.
    inputs: Vec<Input>,
    /// What has sane defaults.
    more: Vec<Input>,
    more_open: bool,
    wrong: bool,
    links: Vec<Link>,
    changed: Option<String>,
}

/// A way on.
struct Link {
    text: String,
    url: String,
}

impl Link {
    fn new(text: String, url: String) -> Self {
        Self { text, url }
    }
}

/// What one form page is made of.
struct Form<'a> {
    title: String,
    tab: &'a str,
    inputs: Vec<Input>,
    more: Vec<Input>,
    links: Vec<Link>,
    /// Whose last change is told.
    subject: Option<String>,
}

async fn show_form(desk: &Desk, form: Form<'_>, status: StatusCode) -> Answer {
    let is_wrong = |input: &Input| input.error.is_some();
    let changed = match form.subject {
        Some(subject) => last_change(desk, subject).await?,
        None => None,
    };
    let page = FormPage {
        d: desk.frame(&form.title, Section::Offering),
        tabs: tabs(desk, form.tab),
        title: form.title,
        action: desk.here().to_owned(),
        more_open: form.more.iter().any(is_wrong),
        wrong: form.inputs.iter().chain(&form.more).any(is_wrong),
        inputs: form.inputs,
        more: form.more,
        links: form.links,
        changed,
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

/// "Changed on 23 November 2026, 09:00 by Robin Vale."
async fn last_change(desk: &Desk, subject: String) -> Result<Option<String>, Problem> {
    let found = desk.read(move |tx, _| {
        let last = crate::audit::last_of(tx, &subject)?;
        let Some(last) = last else { return Ok(None) };
        let name = crate::access::author(tx, &last.actor)?;
        Ok::<_, kept_base::store::Error>(Some((last.at, name)))
    });
    let Some((at, name)) = found.await?? else {
        return Ok(None);
    };
    let words = desk.words();
    let at = when::date_time(words.locale(), at, &desk.catalog.zone);
    Ok(Some(match name {
        Some(name) => words.with(
            "changed-by",
            kept_base::args!["when" => &at, "who" => name.expose()],
        ),
        None => words.with("changed-at", kept_base::args!["when" => &at]),
    }))
}

/// The problem of an error that no form can show.
fn problem(error: OfferingError) -> Problem {
    match error {
        OfferingError::Unknown => Problem::not_found(),
        OfferingError::Store(error) => error.into(),
        OfferingError::Invalid(_) | OfferingError::Taken | OfferingError::ChangedSince => {
            Problem::conflict()
        }
    }
}

/// The status of a form that is shown again.
fn status(wrong: Option<&str>) -> StatusCode {
    match wrong {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    }
}

/// The id in the path.
fn id<I: std::str::FromStr>(desk: &Desk, name: &str) -> Result<I, Problem> {
    desk.segment(name).parse().map_err(|_| Problem::not_found())
}

/// Whether the form came back from the page of the effect, to be changed.
fn is_again(form: &Fields) -> bool {
    form.get("again").is_some()
}
