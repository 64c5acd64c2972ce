//! `/{org}/appointment/{token}/move`: another day and time for an appointment.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::Timestamp;
use kept_base::input::Form;
use kept_base::kit::Actor;
use kept_base::problem::Problem;
use kept_base::store::Tx;

use super::super::{self as scheduling, Authority, SchedulingError};
use super::appointment::{self, Opened, recognize};
use super::here::Here;
use super::picked::{self, Picked, Settled, Wish};
use super::picker::{self, Picker};
use super::show::{When, Whereabouts};
use super::times::{Trouble, TroubleShown, in_words};
use super::visit::Visit;
use super::{Answer, GONE, TO_CORRECT, gone, services};
use crate::access::Right;
use crate::app::App;
use crate::page::{Frame, see_other};

#[derive(askama::Template)]
#[template(path = "scheduling/move.html")]
struct MovePage<'p> {
    f: Frame<'p>,
    service: String,
    when: When,
    p: Picker,
    /// It cannot be moved here any more.
    closed: bool,
    action: String,
    back: String,
    trouble: Option<TroubleShown>,
    contact: String,
}

pub(super) async fn picker(visit: Visit) -> Answer {
    let Some(opened) = appointment::open(&visit).await? else {
        return gone::no_such_link(&visit).await;
    };
    let here = here(&visit);
    if visit.query.get("pick") == Some("zone") {
        return super::zones::page(&visit, &here, Some(&opened.person)).await;
    }
    let picked = load(&visit, &opened).await?;
    shown(&visit, &opened, &picked, StatusCode::OK, None)
}

fn here(visit: &Visit) -> Here {
    visit
        .here(&["appointment", visit.segment("token"), "move"])
        .without(&["booked", "staff", "location", "hold"])
}

fn back(visit: &Visit) -> String {
    visit
        .here(&["appointment", visit.segment("token")])
        .without(&["booked", "staff", "location", "hold", "day", "month", "at"])
        .url()
}

/// The times it can be moved to: at the same place, with anybody; the same staff member is
/// preferred.
async fn load(visit: &Visit, opened: &Opened) -> Result<Picked, Problem> {
    let wish = Wish {
        staff: None,
        location: Some(opened.appointment.location),
        moving: Some(opened.appointment.id),
        ..Wish::read(&visit.query, Some(opened.zone(visit)))
    };
    let (catalog, service) = (Arc::clone(&opened.catalog), opened.service);
    let current = opened.appointment.starts_at;
    let question = move |tx: &Tx<'_>, app: &Arc<App>| {
        let settled = Settled::new(catalog, service, &wish);
        let mut picked = picked::load(tx, app, settled, &wish, 0)?;
        // Where it is already is no move.
        picked.offers.retain(|offer| offer.starts_at != current);
        picked.elsewhere.clear();
        Ok(picked)
    };
    Ok(visit.read(Actor::VISITOR, question).await?)
}

fn shown(
    visit: &Visit,
    opened: &Opened,
    picked: &Picked,
    status: StatusCode,
    trouble: Option<Trouble>,
) -> Answer {
    let locale = opened.locale(visit);
    let words = visit.words(&opened.catalog, locale);
    let here = here(visit);
    let mut frame = visit.frame(&opened.catalog, locale, &words.say("move-title"), &here);
    frame.private = true;
    frame.scripted = true;
    let mut p = picker::view(picked, words, &here);
    // The place stays, and who serves follows from the time.
    let at = Whereabouts::of(words, &opened.catalog, &opened.appointment);
    p.chooser = words.markup(
        "move-with",
        &[
            ("who", &at.staff.join(", ")),
            ("place", &at.place.unwrap_or_default()),
        ],
    );
    p.people.clear();
    p.places.clear();
    let page = MovePage {
        f: frame,
        service: opened.service().name.clone(),
        when: opened.when(visit, words),
        p,
        closed: opened.movable_until().is_none(),
        action: here.without(&["at"]).url(),
        back: back(visit),
        trouble: trouble.map(|trouble| in_words(trouble, picked, words)),
        contact: services::contact(&opened.catalog),
    };
    visit.respond(&opened.catalog, status, &page.f.nonce, &page)
}

pub(super) async fn reschedule(visit: Visit, Form(form): Form) -> Answer {
    let Some(opened) = appointment::open(&visit).await? else {
        return gone::no_such_link(&visit).await;
    };
    let chosen = form
        .filled("at")
        .and_then(|at| at.parse::<Timestamp>().ok());
    let Some(at) = chosen else {
        let picked = load(&visit, &opened).await?;
        return shown(
            &visit,
            &opened,
            &picked,
            TO_CORRECT,
            Some(Trouble::NothingChosen),
        );
    };
    let Some(token) = appointment::token(&visit) else {
        return gone::no_such_link(&visit).await;
    };
    let verb = move |tx: &Tx<'_>, app: &Arc<App>| {
        let capability = recognize(tx, &token, Right::ChangeOwnAppointment)?;
        let id = capability.appointment;
        scheduling::reschedule(tx, &app.catalogs, id, at, Authority::Person)
    };
    match visit.write(Actor::person(opened.capability.id), verb).await {
        // Sent twice, the second finds it where it was to go.
        Ok(_) | Err(SchedulingError::Unchanged) => Ok(see_other(&back(&visit))),
        Err(SchedulingError::SlotTaken { alternatives, .. }) => {
            let picked = load(&visit, &opened).await?;
            shown(
                &visit,
                &opened,
                &picked,
                GONE,
                Some(Trouble::Gone(alternatives)),
            )
        }
        Err(SchedulingError::TooLate { .. } | SchedulingError::AlreadyCanceled) => {
            let picked = load(&visit, &opened).await?;
            shown(&visit, &opened, &picked, GONE, None)
        }
        Err(SchedulingError::Unknown) => gone::no_such_link(&visit).await,
        Err(error) => Err(error.into()),
    }
}
