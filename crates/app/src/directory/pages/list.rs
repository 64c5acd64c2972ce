//! The list of people, and finding some of them.

use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use kept_base::args;
use kept_base::input::{Fields, Form};
use kept_base::kit::{Email, Phone};

use crate::access::Right;
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::directory;
use crate::people::{Found, MAX_SOUGHT_CHARS, Person, Which};
use crate::policy::rights::SeePeople;

/// People on one page of the list.
const ROWS: u32 = 50;

/// A row of the list.
struct Row {
    url: String,
    name: String,
    email: String,
    phone: String,
}

/// The list, and what is done with those on it.
#[derive(Template)]
#[template(path = "directory/list.html")]
struct ListPage<'d> {
    d: DeskFrame<'d>,
    typed: String,
    most: usize,
    rows: Vec<Row>,
    count: String,
    next: Option<String>,
    next_url: String,
    may_change: bool,
    may_export: bool,
    may_set: bool,
}

/// The list alone, for the page that is typed into.
#[derive(Template)]
#[template(path = "directory/found.html")]
struct FoundPart<'d> {
    d: DeskFrame<'d>,
    typed: String,
    rows: Vec<Row>,
    count: String,
    next: Option<String>,
    next_url: String,
    may_change: bool,
    may_export: bool,
}

/// `GET /people`: everybody, last recorded first.
pub(super) async fn list(desk: DeskTo<SeePeople>) -> Answer {
    let after = desk.query.filled("after").map(str::to_owned);
    answer(&desk, Which::default(), after, false).await
}

/// `POST /people/search`: those whom a text finds. A POST, so that the text stands in no address.
pub(super) async fn search(
    desk: DeskTo<SeePeople>,
    headers: HeaderMap,
    Form(form): Form,
) -> Answer {
    let which = which(&form);
    let after = form.filled("after").map(str::to_owned);
    answer(&desk, which, after, headers.contains_key("x-kept-part")).await
}

/// Whom a form is about.
pub(super) fn which(form: &Fields) -> Which {
    Which::typed(form.get("q").unwrap_or_default())
}

async fn answer(desk: &Desk, which: Which, after: Option<String>, part: bool) -> Answer {
    let (sought, sees) = (which.clone(), desk.grant(Right::SeeAppointments));
    let found = desk.read(move |tx, _| {
        let which = (&sought, sees.as_ref());
        directory::search(tx, which, after.as_deref(), ROWS)
    });
    let found = found.await??;
    let words = desk.words();
    let shown = found.people.len();
    let id = match (which.is_everybody(), &found.next) {
        (_, Some(_)) => "people-count-more",
        (true, None) => "people-count",
        (false, None) => "people-count-found",
    };
    let count = words.with(id, args!["count" => shown]);
    let Found { people, next } = found;
    let rows: Vec<Row> = people.iter().map(|person| row(desk, person)).collect();
    let d = desk.frame(&words.say("people-title"), Section::People);
    let next_url = match &next {
        Some(next) if which.is_everybody() => desk.url(&format!("/people?after={next}")),
        _ => String::new(),
    };
    let nonce = d.f.nonce.clone();
    let (may_change, may_export) = (desk.may(Right::ChangePeople), desk.may(Right::ExportPeople));
    let typed = which.typed;
    if part {
        let page = FoundPart {
            d,
            typed,
            rows,
            count,
            next,
            next_url,
            may_change,
            may_export,
        };
        return desk.respond(StatusCode::OK, &nonce, &page);
    }
    let page = ListPage {
        d: d.script("people.js"),
        typed,
        most: MAX_SOUGHT_CHARS,
        rows,
        count,
        next,
        next_url,
        may_change,
        may_export,
        may_set: desk.may(Right::ChangeSettings),
    };
    desk.respond(StatusCode::OK, &nonce, &page)
}

fn row(desk: &Desk, person: &Person) -> Row {
    let email = person.email.as_ref().map(Email::expose);
    let phone = person.phone.as_ref().map(Phone::expose);
    Row {
        url: desk.url(&format!("/people/{}", person.id)),
        name: person.name.expose().to_owned(),
        email: email.unwrap_or_default().to_owned(),
        phone: phone.unwrap_or_default().to_owned(),
    }
}
