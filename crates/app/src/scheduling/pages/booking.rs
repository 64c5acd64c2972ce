//! `POST /{org}/{service}/details`: books, or shows again what was typed with what to do about it.

use std::sync::Arc;

use jiff::Timestamp;
use kept_base::input::{Fields, Form};
use kept_base::kit::Actor;
use kept_base::store::Tx;
use sha2::{Digest as _, Sha256};

use super::super::{self as scheduling, NewAppointment, SchedulingError};
use super::details::{self, Booking};
use super::fields::{self, Read};
use super::visit::Visit;
use super::{Answer, gone};
use crate::access::idempotency::{KeptAnswer, Repeatable};
use crate::app::App;
use crate::ids::HoldId;
use crate::page::see_other;
use crate::people::NewPerson;

/// What came of it.
enum Outcome {
    /// Booked, now or by the same form before: the token of the person's page.
    Booked(String),
    /// This hold was booked with other details before.
    BookedOtherwise,
}

pub(super) async fn book(visit: Visit, Form(form): Form) -> Answer {
    let chosen = form
        .filled("at")
        .and_then(|at| at.parse::<Timestamp>().ok());
    let Some(booking) = details::load(&visit, chosen).await? else {
        let times = visit.here(&[visit.segment("service")]).without(&["hold"]);
        return Ok(see_other(&times.url()));
    };
    if form.get("show").is_some() {
        return details::shown(&visit, &booking, &form, &[]);
    }
    let read = match fields::read(&form, booking.settled.service()) {
        Ok(read) => read,
        Err(errors) => return details::shown(&visit, &booking, &form, &errors),
    };
    match record(&visit, &booking, read, &form).await {
        Ok(Outcome::Booked(token)) => {
            let done = visit
                .here(&["appointment", &token])
                .without(&["staff", "location", "day", "month", "at", "hold"])
                .with("booked", 1);
            Ok(see_other(&done.url()))
        }
        Ok(Outcome::BookedOtherwise) => gone::booked_before(&visit, &booking),
        // Loading it again finds it gone, with the times that are near.
        Err(SchedulingError::SlotTaken { .. }) => {
            match details::load(&visit, Some(booking.at)).await? {
                Some(booking) => details::shown(&visit, &booking, &form, &[]),
                None => Ok(see_other(&visit.here(&[visit.segment("service")]).url())),
            }
        }
        Err(error) => Err(error.into()),
    }
}

async fn record(
    visit: &Visit,
    booking: &Booking,
    read: Read,
    form: &Fields,
) -> Result<Outcome, SchedulingError> {
    let locale = visit.locale(&booking.settled.catalog, None);
    let hold: Option<HoldId> = visit.query.filled("hold").and_then(|id| id.parse().ok());
    let new = NewAppointment {
        wanted: booking.wanted(),
        starts_at: booking.at,
        hold,
        person: NewPerson {
            name: read.name,
            email: Some(read.email),
            phone: read.phone,
            zone: booking.zone.name.clone(),
            locale: locale.tag().to_owned(),
        },
        answers: read.answers,
    };
    // A form that is sent twice must not book twice, nor tell the person that their own time is
    // gone. The hold is random and only theirs, so it can stand for the form.
    let once = match hold {
        Some(hold) => Some(hold.to_string()),
        None => form.filled("once").map(str::to_owned),
    };
    let repeatable = once.map(|once| repeatable(&once, form));
    let verb = move |tx: &Tx<'_>, app: &Arc<App>| book_once(tx, app, &new, repeatable.as_ref());
    visit.write(Actor::VISITOR, verb).await
}

fn repeatable(once: &str, form: &Fields) -> Repeatable {
    let mut body = Sha256::new();
    for (name, text) in form.iter() {
        for part in [name, text] {
            body.update(part.as_bytes());
            body.update([0]);
        }
    }
    let body_hash = body.finalize().into();
    Repeatable::new(once, "public", "POST details", body_hash)
}

fn book_once(
    tx: &Tx<'_>,
    app: &App,
    new: &NewAppointment,
    repeatable: Option<&Repeatable>,
) -> Result<Outcome, SchedulingError> {
    if let Some(repeatable) = repeatable {
        match repeatable.find(tx)? {
            Ok(Some(kept)) => {
                let token = String::from_utf8_lossy(&kept.body).into_owned();
                return Ok(Outcome::Booked(token));
            }
            Ok(None) => {}
            Err(_) => return Ok(Outcome::BookedOtherwise),
        }
    }
    let booked = scheduling::book(tx, &app.catalogs, new)?;
    let token = booked.manage.expose().to_owned();
    if let Some(repeatable) = repeatable {
        let answer = KeptAnswer {
            status: 303,
            body: token.clone().into_bytes(),
        };
        repeatable.keep(tx, &answer, Some(booked.appointment.person))?;
    }
    Ok(Outcome::Booked(token))
}
