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

use crate::access::Right;
use crate::desk::{self, Answer, Desk, DeskFrame, Section};
use crate::offering::OfferingError;
use form::{Input, Shape};

/// The addresses of members.
pub fn desk() -> desk::Routes {
    let (right, time) = (Right::ChangeOffering, Right::ChangeHours);
    desk::Routes::new()
        .get("/services", right, lists::services)
        .get("/services/new", right, services::new)
        .post("/services/new", right, services::add)
        .get("/services/{id}", right, services::edit)
        .post("/services/{id}", right, services::change)
        .post("/services/{id}/archive", right, order::archive_service)
        .post("/services/{id}/order", right, order::order_service)
        .get("/services/{id}/questions", right, questions::list)
        .post("/services/{id}/questions", right, questions::add)
        .get("/services/{id}/questions/{field}", right, questions::edit)
        .post("/services/{id}/questions/{field}", right, questions::change)
        .post(
            "/services/{id}/questions/{field}/remove",
            right,
            questions::remove,
        )
        .post(
            "/services/{id}/questions/{field}/order",
            right,
            questions::order,
        )
        .get("/places", right, lists::places)
        .get("/places/new", right, places::new_location)
        .post("/places/new", right, places::add_location)
        .get("/places/{id}", right, places::edit_location)
        .post("/places/{id}", right, places::change_location)
        .post("/places/{id}/archive", right, order::archive_location)
        .post("/places/{id}/order", right, order::order_location)
        .get("/rooms/new", right, places::new_room)
        .post("/rooms/new", right, places::add_room)
        .get("/rooms/{id}", right, places::edit_room)
        .post("/rooms/{id}", right, places::change_room)
        .post("/rooms/{id}/archive", right, order::archive_room)
        .get("/staff", right, lists::staff)
        .get("/staff/new", right, staff::new)
        .post("/staff/new", right, staff::add)
        .get("/staff/{id}", right, staff::edit)
        .post("/staff/{id}", right, staff::change)
        .post("/staff/{id}/archive", right, order::archive_staff)
        .post("/staff/{id}/order", right, order::order_staff)
        .get("/staff/{id}/hours", time, hours::page)
        .post("/staff/{id}/hours", time, hours::weekly)
        .post("/staff/{id}/hours/day", time, hours::day)
        .post("/staff/{id}/hours/away", time, hours::away)
        .post("/staff/{id}/hours/back", time, hours::back)
        .post("/skills", right, staff::add_skill)
        .post("/skills/{id}/remove", right, staff::remove_skill)
        .get("/closed-days", right, rest::page)
        .post("/closed-days", right, rest::add)
        .post("/closed-days/holidays", right, rest::add_holidays)
        .post("/closed-days/file", right, rest::import)
        .post("/closed-days/{id}/remove", right, rest::remove)
        .get("/stranded", right, lists::stranded)
        .get("/hours", time, hours::page)
        .post("/hours", time, hours::weekly)
        .post("/hours/day", time, hours::day)
        .post("/hours/away", time, hours::away)
        .post("/hours/back", time, hours::back)
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
