//! `/o/{org}/calendar/new`: booking for somebody, at the desk or on the telephone.

use axum::http::StatusCode;
use kept_base::input::{Fields, Form};
use kept_base::kit::{Email, PersonName, Phone};
use kept_base::page::when;
use kept_base::problem::Problem;

use super::super::asked::Asked;
use super::forms::{back, instant, manner};
use super::letter::{Preview, preview};
use super::refusal::{Refusal, Stopped, explain, refusal};
use super::view::{Choice, bookable, people, rooms};
use crate::app::App;
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::directory;
use crate::ids::PersonId;
use crate::messaging::Kind;
use crate::people::{self as customers, MAX_SOUGHT_CHARS, NewPerson, Person, Which};
use crate::policy::{Right, rights::ChangeAppointments};
use crate::scheduling::staff::{self, NewBooking, Resource, StaffError, Whose, Wish};

/// Most people that are shown to choose from.
const MAX_CHOICES: u32 = 8;

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
    /// What was looked for, and who was found; `None` when nobody was looked for.
    sought: String,
    found: Option<Vec<Known>>,
    may_find: bool,
    most_sought: usize,
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

impl From<Person> for Known {
    fn from(person: Person) -> Self {
        let email = person.email.map(|email| email.expose().to_owned());
        let phone = person.phone.map(|phone| phone.expose().to_owned());
        let reach: Vec<String> = email.into_iter().chain(phone).collect();
        Self {
            id: person.id.to_string(),
            name: person.name.expose().to_owned(),
            reach: reach.join(" · "),
        }
    }
}

pub(super) async fn form(desk: DeskTo<ChangeAppointments>) -> Answer {
    let query = desk.query.clone();
    page(&desk, &query, Said::default()).await
}

/// What the page says besides the form.
#[derive(Default)]
struct Said {
    errors: Vec<String>,
    refusal: Option<Refusal>,
    preview: Option<Preview>,
    found: Option<Vec<Person>>,
}

async fn page(desk: &Desk, form: &Fields, said: Said) -> Answer {
    // Whoever is looked for anew is somebody else than was chosen.
    let anew = matches!(form.get("show"), Some("find" | "other"));
    let known = (form.filled("person")).filter(|_| !anew && desk.may(Right::SeePeople));
    let known = match known.and_then(|id| id.parse::<PersonId>().ok()) {
        Some(id) => desk.read(move |tx, _| customers::find(tx, id)).await??,
        None => None,
    };
    let status = match &said.refusal {
        Some(refused) => refused.status,
        None if said.errors.is_empty() => StatusCode::OK,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = new_page(desk, form, known, said);
    desk.respond(status, &page.d.f.nonce, &page)
}

fn new_page<'p>(desk: &'p Desk, form: &Fields, known: Option<Person>, said: Said) -> NewPage<'p> {
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
        people: chosen(bookable(desk, people(desk, &nobody)), "staff"),
        rooms: chosen(rooms(desk, &nobody), "room"),
        date: or("date", today.to_string()),
        time: typed("time"),
        minutes: typed("minutes"),
        zone: when::zone_line(desk.locale(), now, zone),
        known: known.map(Known::from),
        sought: typed("sought"),
        found: said
            .found
            .map(|people| people.into_iter().map(Known::from).collect()),
        may_find: desk.may(Right::SeePeople),
        most_sought: MAX_SOUGHT_CHARS,
        name: typed("name"),
        email: typed("email"),
        phone: typed("phone"),
        awaiting: form.get("awaiting") == Some("yes"),
        tell: form.get("sent").is_none() || form.get("tell") == Some("yes"),
        back: back(form),
        errors: said.errors,
        refusal: said.refusal,
        preview: said.preview,
        d: desk
            .frame(&desk.words().say("cal-new"), Section::Calendar)
            .script("find.js"),
    }
}

pub(super) async fn book(desk: DeskTo<ChangeAppointments>, Form(form): Form) -> Answer {
    match form.get("show") {
        Some("find") => return find(&desk, &form).await,
        Some("other") => return page(&desk, &form, Said::default()).await,
        None if is_search(&form) => return find(&desk, &form).await,
        _ => {}
    }
    let new = match read(&desk, &form) {
        Ok(new) => new,
        Err(errors) => {
            let said = Said {
                errors,
                ..Said::default()
            };
            return page(&desk, &form, said).await;
        }
    };
    let (how, show) = (manner(&form), form.get("show") == Some("letter"));
    let sees = desk.grant(Right::SeeCalendar);
    let booked = desk.write(move |tx, app: &App, by| {
        let (booked, earlier) = staff::book(tx, by, &app.catalogs, &new, how)
            .map_err(|error| explain(tx, sees.as_ref(), error))?;
        if show {
            return Err(preview(tx, app, Kind::Booked, &booked, None));
        }
        Ok(super::offer(tx, &earlier)?)
    });
    match booked.await? {
        Ok(undo) => Ok(desk.done(&back(&form), "booked", Some(undo))),
        Err(Stopped::Letter(letter)) => {
            let said = Said {
                preview: Some(letter),
                ..Said::default()
            };
            page(&desk, &form, said).await
        }
        // Merged or removed meanwhile, or never there: what was typed stays.
        Err(Stopped::Refused(StaffError::Unknown, ..)) => {
            let said = Said {
                errors: vec![desk.words().say("new-gone")],
                ..Said::default()
            };
            page(&desk, &form, said).await
        }
        Err(Stopped::Refused(error, names, whose)) => {
            let refused = refusal(&desk, error, &names, &whose)?;
            let said = Said {
                refusal: Some(refused),
                ..Said::default()
            };
            page(&desk, &form, said).await
        }
    }
}

/// Whether Enter was pressed after writing whom to look for, and nothing else about them.
fn is_search(form: &Fields) -> bool {
    let is_empty = |name| form.filled(name).is_none();
    !is_empty("sought")
        && ["person", "name", "email", "phone"]
            .into_iter()
            .all(is_empty)
}

/// Shows the form again, with those whom what was typed finds to choose from.
async fn find(desk: &Desk, form: &Fields) -> Answer {
    if !desk.may(Right::SeePeople) {
        return Err(Problem::forbidden());
    }
    let which = Which::typed(form.filled("sought").unwrap_or_default());
    let mut found = None;
    if !which.is_everybody() {
        let sees = desk.grant(Right::SeeAppointments);
        let read = desk
            .read(move |tx, _| directory::search(tx, (&which, sees.as_ref()), None, MAX_CHOICES));
        found = Some(read.await??.people);
    }
    let said = Said {
        found,
        ..Said::default()
    };
    page(desk, form, said).await
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
    // Whoever does not see customers books for somebody who says who they are.
    let known = (form.filled("person")).filter(|_| desk.may(Right::SeePeople));
    let whose = match known.and_then(|id| id.parse().ok()) {
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
    let email = match form.filled("email") {
        Some(typed) => Email::parse(typed).map(Some).ok(),
        None => Some(None),
    };
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
    if (&email, &phone) == (&Some(None), &Some(None)) {
        wrong("new-reach-wrong");
    }
    let organization = &desk.catalog.organization;
    let (email, phone) = (email?, phone?);
    let is_reached = email.is_some() || phone.is_some();
    is_reached.then_some(NewPerson {
        name: name?,
        email,
        phone,
        zone: organization.zone.clone(),
        locale: organization.locale.clone(),
    })
}
