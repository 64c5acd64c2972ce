//! `/{org}/appointment/{token}/calendar.ics`: the appointment for the person's own calendar.
//!
//! A file, and no links that hand the appointment to a calendar company: those would put what
//! somebody has booked, and with whom, into the address of a third party. For the same reason the
//! file has no link to this page in it: calendars are shared, and the link can cancel.

use axum::body::Body;
use axum::http::header::{self, HeaderValue};
use axum::response::Response;
use kept_base::args;
use kept_base::page::Caching;
use kept_ical::{Event, Method, Party};

use super::appointment::{self, Opened};
use super::show::Whereabouts;
use super::visit::Visit;
use super::{Answer, gone};

/// Who wrote the file (RFC 5545, 3.7.3).
const PRODUCT: &str = "-//Kept//Kept//EN";

pub(super) async fn download(visit: Visit) -> Answer {
    let Some(opened) = appointment::open(&visit).await? else {
        return gone::no_such_link(&visit).await;
    };
    let text = kept_ical::write(Method::Publish, PRODUCT, &event(&visit, &opened));
    let mut response = Response::new(Body::from(text));
    *response.headers_mut() = visit.app.look.headers.data(Caching::NoStore);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/calendar; charset=utf-8"),
    );
    let name = format!(
        "attachment; filename=\"{}.ics\"",
        opened.appointment.reference
    );
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

fn event(visit: &Visit, opened: &Opened) -> Event {
    let words = visit.words(&opened.catalog, opened.locale(visit));
    let appointment = &opened.appointment;
    let at = Whereabouts::of(words, &opened.catalog, appointment);
    let organization = &opened.catalog.organization;
    let when = opened.when(visit, words);
    let mut lines = vec![format!("{} ({})", when.text, when.zone)];
    if let Some(there) = when.there {
        lines.push(format!("{} ({})", there.text, there.zone));
    }
    lines.push(opened.service().name.clone());
    lines.extend((!at.staff.is_empty()).then(|| at.staff.join(", ")));
    lines.push(words.with(
        "ics-reference",
        args!["reference" => &appointment.reference],
    ));
    lines.push(words.say("ics-change"));
    Event {
        uid: appointment.uid.clone(),
        sequence: appointment.revision,
        stamp: opened.now,
        starts_at: appointment.starts_at,
        ends_at: appointment.ends_at,
        // As in the mail, whose entry has the same UID: calendars are read over shoulders.
        summary: organization.name.clone(),
        description: lines.join("\n"),
        location: [at.place, at.room, at.link]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", "),
        url: None,
        organizer: Party {
            name: organization.sender.name.clone(),
            email: organization.sender.address.expose().to_owned(),
        },
        attendees: Vec::new(),
        canceled: appointment.canceled_at.is_some(),
        alarm: None,
    }
}
