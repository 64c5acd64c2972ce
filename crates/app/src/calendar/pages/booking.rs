//! `/o/{org}/calendar/new`: booking for somebody, at the desk or on the telephone.

use axum::http::StatusCode;
use kept_base::input::{Fields, Form};
use kept_base::kit::{Email, PersonName, Phone};
use kept_base::page::when;

use super::super::asked::Asked;
use super::forms::{back, instant, manner};
use super::letter::{Preview, preview};
use super::refusal::{Refusal, Stopped, explain, refusal};
use super::view::{Choice, people, rooms};
use crate::app::App;
use crate::desk::{Answer, Desk, DeskFrame, Section};
use crate::ids::PersonId;
use crate::messaging::Kind;
use crate::people::{self as customers, NewPerson, Person};
use crate::scheduling::staff::{self, NewBooking, Resource, Whose, Wish};

#[derive(askama::Template)]
#[template(path = "calendar/new.html")]
struct NewPage<'p> {
    d: DeskFrame<'p>,
    services: Vec<Choice>,
    people: Vec<Choice>,
    rooms: Vec<Choice>,
    date: String,
    time: String,
    minutes: String,
    zone: String,
    known: Option<Known>,
    name: String,
    email: String,
    phone: String,
    awaiting: bool,
    tell: bool,
    back: String,
    errors: Vec<String>,
    refusal: Option<Refusal>,
    preview: Option<Preview>,
}

/// Somebody on record, for whom it is.
struct Known {
    id: String,
    name: String,
    reach: String,
}

pub(super) async fn form(desk: Desk) -> Answer {
    let query = desk.query.clone();
    page(&desk, &query, Vec::new(), None, None).await
}

async fn page(
    desk: &Desk,
    form: &Fields,
    errors: Vec<String>,
    refused: Option<Refusal>,
    letter: Option<Preview>,
) -> Answer {
    let known = match form
        .filled("person")
        .and_then(|id| id.parse::<PersonId>().ok())
    {
        Some(id) => desk.read(move |tx, _| customers::find(tx, id)).await??,
        None => None,
    };
    let status = match &refused {
        Some(refused) => refused.status,
        None if errors.is_empty() => StatusCode::OK,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = new_page(desk, form, known, (errors, refused, letter));
    desk.respond(status, &page.d.f.nonce, &page)
}

fn new_page<'p>(
    desk: &'p Desk,
    form: &Fields,
    known: Option<Person>,
    (errors, refusal, preview): (Vec<String>, Option<Refusal>, Option<Preview>),
) -> NewPage<'p> {
    let zone = &desk.catalog.zone;
    let now = desk.app.store.clock().now();
    let today = zone.to_datetime(now).date();
    let typed = |name: &str| form.filled(name).unwrap_or_default().to_owned();
    let or = |name: &str, other: String| form.filled(name).map_or(other, str::to_owned);
    // Who was clicked on, when a gap was.
    let who = form
        .filled("who")
        .and_then(Resource::parse)
        .map(|who| who.to_string());
    let chosen = |mut choices: Vec<Choice>, name: &str| {
        for choice in &mut choices {
            let picked = form.filled(name).map(str::to_owned).or_else(|| who.clone());
            choice.chosen = picked.as_deref() == Some(choice.id.as_str());
        }
        choices
    };
    let nobody = Asked::read(&Fields::default(), today);
    let service = typed("service");
    let services = (desk.catalog.services.iter())
        .enumerate()
        .map(|(index, found)| Choice {
            id: found.id.to_string(),
            name: format!(
                "{} ({})",
                found.name,
                when::duration(desk.locale(), found.rules.length_minutes.into())
            ),
            chosen: found.id.to_string() == service || (service.is_empty() && index == 0),
        });
    NewPage {
        services: services.collect(),
        people: chosen(people(desk, &nobody), "staff"),
        rooms: chosen(rooms(desk, &nobody), "room"),
        date: or("date", today.to_string()),
        time: typed("time"),
        minutes: typed("minutes"),
        zone: when::zone_line(desk.locale(), now, zone),
        known: known.map(|person| Known {
            id: person.id.to_string(),
            name: person.name.expose().to_owned(),
            reach: [
                person.email.map(|email| email.expose().to_owned()),
                person.phone.map(|phone| phone.expose().to_owned()),
            ]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · "),
        }),
        name: typed("name"),
        email: typed("email"),
        phone: typed("phone"),
        awaiting: form.get("awaiting") == Some("yes"),
        tell: form.get("sent").is_none() || form.get("tell") == Some("yes"),
        back: back(form),
        errors,
        refusal,
        preview,
        d: desk.frame(&desk.words().say("cal-new"), Section::Calendar),
    }
}

pub(super) async fn book(desk: Desk, Form(form): Form) -> Answer {
    let new = match read(&desk, &form) {
        Ok(new) => new,
        Err(errors) => return page(&desk, &form, errors, None, None).await,
    };
    let (how, show) = (manner(&form), form.get("show") == Some("letter"));
    let booked = desk.write(move |tx, app: &App| {
        let (booked, earlier) =
            staff::book(tx, &app.catalogs, &new, how).map_err(|error| explain(tx, error))?;
        if show {
            return Err(preview(tx, app, Kind::Booked, &booked, None));
        }
        Ok(super::offer(tx, &earlier)?)
    });
    match booked.await? {
        Ok(undo) => Ok(desk.done(&back(&form), "booked", Some(undo))),
        Err(Stopped::Letter(letter)) => page(&desk, &form, Vec::new(), None, Some(letter)).await,
        Err(Stopped::Refused(error, names, whose)) => {
            let refused = refusal(&desk, error, &names, &whose)?;
            page(&desk, &form, Vec::new(), Some(refused), None).await
        }
    }
}

/// What was typed, as what it means; every problem at once.
fn read(desk: &Desk, form: &Fields) -> Result<NewBooking, Vec<String>> {
    let words = desk.words();
    let mut errors = Vec::new();
    let mut wrong = |id: &str| errors.push(words.say(id));
    let text = |name: &str| form.filled(name).unwrap_or_default();
    let service = text("service").parse().ok();
    let service = service.and_then(|id| desk.catalog.service(id));
    let starts_at = instant(text("date"), text("time"), &desk.catalog.zone);
    if service.is_none() {
        wrong("new-service-wrong");
    }
    if starts_at.is_none() {
        wrong("bounds-time");
    }
    let minutes = match (form.filled("minutes"), service) {
        (Some(typed), _) => typed.parse::<u16>().ok(),
        (None, service) => service.map(|service| service.rules.length_minutes),
    };
    if minutes.is_none() && service.is_some() {
        wrong("bounds-minutes");
    }
    let whose = match form.filled("person").and_then(|id| id.parse().ok()) {
        Some(id) => Some(Whose::Known(id)),
        None => person(desk, form, &mut wrong).map(Whose::New),
    };
    match (service, starts_at, minutes, whose) {
        (Some(service), Some(starts_at), Some(minutes), Some(whose)) => Ok(NewBooking {
            wish: Wish {
                service: service.id,
                staff: text("staff").parse().into_iter().collect(),
                location: None,
                room: text("room").parse().ok(),
                starts_at,
                minutes,
            },
            whose,
            awaiting: form.get("awaiting") == Some("yes"),
        }),
        _ => Err(errors),
    }
}

fn person(desk: &Desk, form: &Fields, wrong: &mut impl FnMut(&str)) -> Option<NewPerson> {
    let text = |name: &str| form.filled(name).unwrap_or_default();
    let name = PersonName::parse(text("name")).ok();
    let email = Email::parse(text("email")).ok();
    let phone = match form.filled("phone") {
        Some(typed) => Phone::parse(typed).map(Some).ok(),
        None => Some(None),
    };
    if name.is_none() {
        wrong("new-name-wrong");
    }
    if email.is_none() {
        wrong("new-email-wrong");
    }
    if phone.is_none() {
        wrong("new-phone-wrong");
    }
    let organization = &desk.catalog.organization;
    Some(NewPerson {
        name: name?,
        email: email?,
        phone: phone?,
        zone: organization.zone.clone(),
        locale: organization.locale.clone(),
    })
}
