//! The page of one person: how they are reached, what comes, what was, what the staff wrote down.

use askama::Template;
use axum::http::StatusCode;
use kept_base::input::Form;
use kept_base::kit::{Email, Note, Phone};
use kept_base::page::when;
use kept_base::problem::Problem;
use kept_base::store::Error;

use super::edit::{code, load};
use super::input::{Faults, Input, Shape};
use crate::access::Right;
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::{NoteId, PersonId};
use crate::people::{self, Kind, PersonField, Record, Remark};
use crate::policy::rights::{ChangePeople, SeePeople};
use crate::scheduling::{self, Appointment};

/// Most appointments that the page shows.
const SHOWN: u32 = 100;

/// An appointment of the person.
struct Line {
    when: String,
    service: String,
    staff: Vec<String>,
    status: String,
    reference: String,
}

/// A note of the staff.
struct NoteLine {
    text: String,
    when: String,
    remove: String,
}

#[derive(Template)]
#[template(path = "directory/person.html")]
struct PersonPage<'d> {
    d: DeskFrame<'d>,
    name: String,
    edit: Option<String>,
    emails: Vec<String>,
    phones: Vec<String>,
    zone: String,
    locale: String,
    since: String,
    own: Vec<(String, String)>,
    upcoming: Vec<Line>,
    past: Vec<Line>,
    cut: bool,
    notes: Vec<NoteLine>,
    note: Input,
    note_action: String,
}

/// `GET /people/{person}`.
pub(super) async fn show(desk: DeskTo<SeePeople>) -> Answer {
    let shown = page(&desk, "", &Faults::new()).await;
    let is_gone = matches!(&shown, Err(problem) if problem.kind == Problem::not_found().kind);
    if is_gone && desk.query.get("done") == Some("undone") {
        // Whoever was added is taken back, and their page with them.
        return Ok(desk.done("/people", "undone", None));
    }
    shown
}

/// `POST /people/{person}/notes`.
pub(super) async fn add_note(desk: DeskTo<ChangePeople>, Form(form): Form) -> Answer {
    let typed = form.get("note").unwrap_or_default();
    let note = match Note::parse(typed) {
        Ok(note) => note,
        Err(error) => {
            return page(&desk, typed, &vec![("note".to_owned(), code(error))]).await;
        }
    };
    let id = person_id(&desk)?;
    let undo = desk
        .write(move |tx, _, by| people::add_remark(tx, by, id, &note))
        .await??;
    Ok(desk.done(&format!("/people/{id}"), "note-added", Some(undo)))
}

/// `POST /people/{person}/notes/{note}/remove`.
pub(super) async fn remove_note(desk: DeskTo<ChangePeople>, Form(_): Form) -> Answer {
    let id = person_id(&desk)?;
    let note: NoteId = desk
        .segment("note")
        .parse()
        .map_err(|_| Problem::not_found())?;
    let undo = desk
        .write(move |tx, _, by| people::remove_remark(tx, by, id, note))
        .await??;
    Ok(desk.done(&format!("/people/{id}"), "note-removed", Some(undo)))
}

fn person_id(desk: &Desk) -> Result<PersonId, Problem> {
    desk.segment("person")
        .parse()
        .map_err(|_| Problem::not_found())
}

async fn page(desk: &Desk, typed: &str, faults: &Faults) -> Answer {
    let (record, fields) = load(desk).await?;
    let id = record.id;
    let sees = desk.grant(Right::SeeAppointments);
    let read = desk.read(move |tx, _| {
        let mut appointments = scheduling::appointments_of(tx, id, SHOWN)?;
        appointments.retain(|one| {
            (sees.as_ref()).is_some_and(|grant| grant.covers(one.location, &one.staff))
        });
        Ok::<_, Error>((appointments, people::remarks(tx, id)?, tx.now()))
    });
    let (appointments, remarks, now) = read.await??;
    let cut = appointments.len() == SHOWN as usize;
    let (mut upcoming, past): (Vec<_>, Vec<_>) =
        appointments.iter().partition(|one| one.ends_at > now);
    upcoming.reverse();
    let words = desk.words();
    let name = record.name.expose().to_owned();
    let d = desk.frame(&name, Section::People);
    let nonce = d.f.nonce.clone();
    let path = desk.url(&format!("/people/{id}"));
    let note = Input::line("note", words.say("people-note"), typed)
        .shape(Shape::Lines)
        .required(true);
    let created = when::date_long(
        desk.locale(),
        desk.catalog.zone.to_datetime(record.created_at).date(),
    );
    let page = PersonPage {
        d,
        name,
        edit: desk
            .may(Right::ChangePeople)
            .then(|| format!("{path}/edit")),
        emails: record
            .emails()
            .map(Email::expose)
            .map(str::to_owned)
            .collect(),
        phones: record
            .phones()
            .map(Phone::expose)
            .map(str::to_owned)
            .collect(),
        zone: record.zone.clone(),
        locale: language(&record),
        since: created,
        own: own(desk, &record, &fields),
        upcoming: upcoming.into_iter().map(|one| line(desk, one)).collect(),
        past: past.into_iter().map(|one| line(desk, one)).collect(),
        cut,
        notes: remarks
            .iter()
            .map(|one| note_line(desk, one, &path))
            .collect(),
        note: note
            .hint(words.say("people-note.hint"))
            .faults(faults, words),
        note_action: format!("{path}/notes"),
    };
    let status = if faults.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    desk.respond(status, &nonce, &page)
}

/// The language that a person is written to in, by its own name.
pub(super) fn language(record: &Record) -> String {
    let known = kept_base::page::Locale::from_tag(&record.locale);
    known.map_or_else(
        || record.locale.clone(),
        |locale| locale.endonym().to_owned(),
    )
}

/// The organization's own fields that are filled in, as people read them.
fn own(desk: &Desk, record: &Record, fields: &[PersonField]) -> Vec<(String, String)> {
    let filled = fields.iter().filter_map(|field| {
        let text = record.value(field.id)?.expose();
        Some((field.label.clone(), shown(desk, field, text)))
    });
    filled.collect()
}

/// What stands in a field, as people read it.
pub(super) fn shown(desk: &Desk, field: &PersonField, text: &str) -> String {
    match field.kind {
        Kind::Check => desk.words().say("people-yes"),
        Kind::Date => {
            let date = text.parse();
            date.map_or_else(
                |_| text.to_owned(),
                |date| when::date_long(desk.locale(), date),
            )
        }
        Kind::Text | Kind::Choice => text.to_owned(),
    }
}

fn line(desk: &Desk, appointment: &Appointment) -> Line {
    let catalog = &desk.catalog;
    let location = catalog.location(appointment.location);
    let zone = location.map_or(&catalog.zone, |location| &location.place.zone);
    let (starts, ends) = (appointment.starts_at, appointment.ends_at);
    let service = catalog.service(appointment.service);
    let staff = appointment
        .staff
        .iter()
        .filter_map(|id| catalog.staff_member(*id));
    let words = desk.words();
    let status = format!(
        "people-status-{}",
        appointment.status.code().replace('_', "-")
    );
    Line {
        when: when::date_time_range(desk.locale(), starts, ends, zone),
        service: service.map_or_else(String::new, |service| service.name.clone()),
        staff: staff.map(|member| member.name.clone()).collect(),
        status: if words.has(&status) {
            words.say(&status)
        } else {
            appointment.status.code().to_owned()
        },
        reference: appointment.reference.clone(),
    }
}

fn note_line(desk: &Desk, remark: &Remark, path: &str) -> NoteLine {
    NoteLine {
        text: remark.text.expose().to_owned(),
        when: when::date_time(desk.locale(), remark.created_at, &desk.catalog.zone),
        remove: format!("{path}/notes/{}/remove", remark.id),
    }
}
