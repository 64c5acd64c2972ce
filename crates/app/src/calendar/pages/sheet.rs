//! One appointment: who, what, how it stands; moving it, saying how it goes.

use axum::http::StatusCode;
use kept_base::input::{Fields, Form};
use kept_base::page::when;
use kept_base::problem::Problem;
use kept_base::store::{Error, Tx};

use super::super::asked::Asked;
use super::forms::{back, manner};
use super::grid::name;
use super::history::{self, Done};
use super::letter::{Preview, preview};
use super::moving::Wanted;
use super::refusal::{Refusal, Stopped, explain, refusal};
use super::view::{Choice, people, rooms};
use super::what::look;
use crate::access::Right;
use crate::app::App;
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::{AppointmentId, UndoId};
use crate::messaging::Kind;
use crate::people::{self as customers, Answer as Given, Person};
use crate::policy::rights::{ChangeAppointments, SeeCalendar};
use crate::scheduling::staff::{self, Resource, StaffError};
use crate::scheduling::{self, Appointment, Status};

/// A status that one click sets.
struct Next {
    code: &'static str,
    text: String,
    /// It is told of, so it asks whether to.
    told: bool,
}

#[derive(askama::Template)]
#[template(path = "calendar/sheet.html")]
struct SheetPage<'p> {
    d: DeskFrame<'p>,
    id: String,
    person: String,
    /// Their page, for whoever sees customers.
    person_url: Option<String>,
    status: String,
    look: &'static str,
    when: String,
    zone: String,
    facts: Vec<(String, String)>,
    answers: Vec<(String, String)>,
    history: Vec<String>,
    next: Vec<Next>,
    cancel: bool,
    movable: bool,
    back: String,
    date: String,
    time: String,
    minutes: String,
    people: Vec<Choice>,
    one_staff: bool,
    rooms: Vec<Choice>,
    refusal: Option<Refusal>,
    preview: Option<Preview>,
    acted: String,
    tell: bool,
}

/// What the page shows of the store.
struct Opened {
    appointment: Appointment,
    person: Option<Person>,
    answers: Vec<Given>,
    history: Vec<Done>,
}

fn open(tx: &Tx<'_>, id: AppointmentId) -> Result<Option<Opened>, Error> {
    let Some(appointment) = scheduling::appointment(tx, id)? else {
        return Ok(None);
    };
    Ok(Some(Opened {
        person: customers::find(tx, appointment.person)?,
        answers: customers::answers(tx, id)?,
        history: history::read(tx, id)?,
        appointment,
    }))
}

fn id(desk: &Desk) -> Result<AppointmentId, Problem> {
    desk.segment("id").parse().map_err(|_| Problem::not_found())
}

pub(super) async fn show(desk: DeskTo<SeeCalendar>) -> Answer {
    let query = desk.query.clone();
    page(&desk, &query, None, None, "").await
}

/// Shows the page; `form` is what was typed, when something was.
async fn page(
    desk: &Desk,
    form: &Fields,
    refused: Option<Refusal>,
    letter: Option<Preview>,
    acted: &str,
) -> Answer {
    let id = id(desk)?;
    let sees = desk.grant(Right::SeeCalendar);
    let opened = desk.read(move |tx, _| {
        let opened = open(tx, id)?;
        // What is out of sight answers as what never was.
        Ok::<_, Error>(opened.filter(|Opened { appointment, .. }| {
            (sees.as_ref())
                .is_some_and(|grant| grant.covers(appointment.location, &appointment.staff))
        }))
    });
    let opened = opened.await??.ok_or_else(Problem::not_found)?;
    let status = refused
        .as_ref()
        .map_or(StatusCode::OK, |refused| refused.status);
    let page = sheet(desk, &opened, form, (refused, letter, acted));
    desk.respond(status, &page.d.f.nonce, &page)
}

fn sheet<'p>(
    desk: &'p Desk,
    opened: &Opened,
    form: &Fields,
    (refusal, preview, acted): (Option<Refusal>, Option<Preview>, &str),
) -> SheetPage<'p> {
    let (words, zone) = (desk.words(), &desk.catalog.zone);
    let appointment = &opened.appointment;
    let civil = zone.to_datetime(appointment.starts_at);
    let typed = |name: &str, own: String| form.filled(name).map_or(own, str::to_owned);
    let now = desk.app.store.clock().now();
    let chosen = |mut choices: Vec<Choice>, own: &[String], name: &str| {
        for choice in &mut choices {
            choice.chosen = match form.filled(name) {
                Some(typed) => typed == choice.id,
                None => own.contains(&choice.id),
            };
        }
        // Dragged to another column: it was wanted there.
        let to = form.filled("to");
        if choices.iter().any(|choice| Some(choice.id.as_str()) == to) {
            for choice in &mut choices {
                choice.chosen = Some(choice.id.as_str()) == to;
            }
        }
        choices
    };
    let nobody = Asked::read(&Fields::default(), civil.date());
    let staff: Vec<String> = appointment.staff.iter().map(ToString::to_string).collect();
    let room: Vec<String> = appointment.room.iter().map(ToString::to_string).collect();
    let minutes = (appointment.ends_at.as_second() - appointment.starts_at.as_second()) / 60;
    let may = (desk.grant(Right::ChangeAppointments))
        .is_some_and(|grant| grant.covers(appointment.location, &appointment.staff));
    let followers = appointment.status.followers().iter().copied();
    let next = followers
        .filter(|status| may && *status != Status::Canceled)
        .filter(|status| !status.needs_start() || now >= appointment.starts_at);
    let title = opened
        .person
        .as_ref()
        .map_or("", |person| person.name.expose());
    SheetPage {
        id: appointment.id.to_string(),
        person: title.to_owned(),
        person_url: (desk.may(Right::SeePeople))
            .then(|| desk.url(&format!("/people/{}", appointment.person))),
        status: words.say(&format!("state-{}", appointment.status.code())),
        look: look(appointment.status),
        when: when::date_time_range(
            desk.locale(),
            appointment.starts_at,
            appointment.ends_at,
            zone,
        ),
        zone: when::zone_line(desk.locale(), appointment.starts_at, zone),
        facts: facts(desk, opened),
        answers: if desk.may(Right::SeePeople) {
            answers(desk, opened)
        } else {
            Vec::new()
        },
        history: history::lines(desk, &opened.history),
        next: next
            .map(|status| Next {
                code: status.code(),
                text: words.say(&format!("set-{}", status.code())),
                told: appointment.status == Status::Canceled,
            })
            .collect(),
        cancel: may && appointment.status.may_become(Status::Canceled),
        movable: may && appointment.status.takes_time(),
        back: back(form),
        date: typed("date", civil.date().to_string()),
        time: typed("time", civil.time().strftime("%H:%M").to_string()),
        minutes: typed("minutes", minutes.to_string()),
        people: chosen(people(desk, &nobody), &staff, "staff"),
        one_staff: staff.len() == 1,
        rooms: chosen(rooms(desk, &nobody), &room, "room"),
        tell: acted.is_empty() || form.get("tell") == Some("yes"),
        acted: acted.to_owned(),
        refusal,
        preview,
        d: desk.frame(
            &format!("{} {}", words.say("cal-appointment"), appointment.reference),
            Section::Calendar,
        ),
    }
}

fn facts(desk: &Desk, opened: &Opened) -> Vec<(String, String)> {
    let (words, catalog, appointment) = (desk.words(), &desk.catalog, &opened.appointment);
    let staff: Vec<String> = (appointment.staff.iter())
        .map(|id| name(catalog, Resource::Staff(*id)))
        .collect();
    let service = catalog
        .service(appointment.service)
        .map(|service| service.name.clone());
    let location = catalog
        .location(appointment.location)
        .map(|l| l.name.clone());
    // Where customers are closed to a role, their names stand in the calendar and nothing else of them.
    let person = (opened.person.as_ref()).filter(|_| desk.may(Right::SeePeople));
    let email = person
        .and_then(|person| person.email.as_ref())
        .map(|e| e.expose().to_owned());
    let phone = person
        .and_then(|person| person.phone.as_ref())
        .map(|p| p.expose().to_owned());
    let facts = [
        ("cal-service", service),
        ("cal-with", Some(staff.join(", "))),
        ("cal-location", location),
        (
            "cal-room",
            appointment.room.map(|id| name(catalog, Resource::Room(id))),
        ),
        ("email", email),
        ("cal-phone", phone),
        ("cal-reference", Some(appointment.reference.clone())),
    ];
    (facts.into_iter())
        .filter_map(|(id, text)| Some((words.say(id), text?)))
        .collect()
}

/// What was answered, under the questions as they read now.
fn answers(desk: &Desk, opened: &Opened) -> Vec<(String, String)> {
    let service = desk.catalog.service(opened.appointment.service);
    let fields = service
        .map(|service| service.fields.as_slice())
        .unwrap_or_default();
    (opened.answers.iter())
        .map(|answer| {
            let field = fields.iter().find(|field| field.key == answer.field);
            let label = field.map_or(answer.field.as_str(), |field| field.label.as_str());
            (label.to_owned(), answer.value.expose().to_owned())
        })
        .collect()
}

pub(super) async fn relocate(desk: DeskTo<ChangeAppointments>, Form(form): Form) -> Answer {
    let id = id(&desk)?;
    let Some(wanted) = Wanted::read(&desk, &form) else {
        let bad = refusal(&desk, StaffError::Bounds("time"), &Default::default(), &[])?;
        return page(&desk, &form, Some(bad), None, "move").await;
    };
    let (how, show) = (manner(&form), form.get("show") == Some("letter"));
    let sees = desk.grant(Right::SeeCalendar);
    let moved = desk.write(move |tx, app, by| {
        let to = wanted.to(tx, id)?;
        let before = scheduling::appointment(tx, id)?.map(|before| before.starts_at);
        let (moved, earlier) = staff::relocate(tx, by, &app.catalogs, id, &to, how)
            .map_err(|error| explain(tx, sees.as_ref(), error))?;
        if show {
            return Err(preview(tx, app, Kind::Moved, &moved, before));
        }
        Ok(super::offer(tx, &earlier)?)
    });
    answer(&desk, &form, moved.await?, "moved", "move").await
}

pub(super) async fn status(desk: DeskTo<ChangeAppointments>, Form(form): Form) -> Answer {
    let id = id(&desk)?;
    let to = form.get("to").and_then(Status::from_code);
    let to = to.ok_or_else(Problem::not_found)?;
    let (how, show) = (manner(&form), form.get("show") == Some("letter"));
    let sees = desk.grant(Right::SeeCalendar);
    let done = desk.write(move |tx, app: &App, by| {
        let (changed, earlier) = staff::set_status(tx, by, &app.catalogs, id, to, how)
            .map_err(|error| explain(tx, sees.as_ref(), error))?;
        if show {
            return Err(preview(tx, app, Kind::Canceled, &changed, None));
        }
        Ok(super::offer(tx, &earlier)?)
    });
    let code = format!("status-{}", to.code());
    answer(&desk, &form, done.await?, &code, "status").await
}

/// Back to where it was clicked, or the page again with what is in the way.
async fn answer(
    desk: &Desk,
    form: &Fields,
    done: Result<UndoId, Stopped>,
    code: &str,
    acted: &str,
) -> Answer {
    match done {
        Ok(undo) => Ok(desk.done(&back(form), code, Some(undo))),
        Err(Stopped::Letter(letter)) => page(desk, form, None, Some(letter), acted).await,
        // It was clicked twice: the second click has nothing to do.
        Err(Stopped::Refused(StaffError::Changed, ..)) if acted == "move" => {
            Ok(desk.done(&back(form), "nothing-changed", None))
        }
        Err(Stopped::Refused(error, names, whose)) => {
            let refused = refusal(desk, error, &names, &whose)?;
            page(desk, form, Some(refused), None, acted).await
        }
    }
}
