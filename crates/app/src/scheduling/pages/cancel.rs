//! `/{org}/appointment/{token}/cancel`: cancelling, which is final.

use std::sync::Arc;

use axum::http::StatusCode;
use kept_base::args;
use kept_base::input::Form;
use kept_base::kit::personal::{MAX_NOTE_CHARS, PersonalError};
use kept_base::kit::{Actor, Note};
use kept_base::store::Tx;

use super::super::{self as scheduling, Authority, SchedulingError};
use super::appointment::{Opened, open, recognize, token};
use super::here::Here;
use super::show::{When, Whereabouts};
use super::visit::Visit;
use super::{Answer, GONE, TO_CORRECT, gone, services};
use crate::access::Right;
use crate::app::App;
use crate::page::{Frame, see_other};

#[derive(askama::Template)]
#[template(path = "scheduling/cancel.html")]
struct CancelPage<'p> {
    f: Frame<'p>,
    service: String,
    when: When,
    where_: Whereabouts,
    reason: String,
    error: Option<String>,
    max_reason: usize,
    /// It cannot be cancelled here any more.
    closed: Option<String>,
    /// Where it can be moved instead.
    move_url: Option<String>,
    action: String,
    back: String,
    contact: String,
}

/// `GET`.
pub(super) async fn page(visit: Visit) -> Answer {
    match open(&visit).await? {
        Some(opened) => shown(&visit, &opened, StatusCode::OK, String::new(), None),
        None => gone::no_such_link(&visit).await,
    }
}

fn back(visit: &Visit) -> Here {
    visit
        .here(&["appointment", visit.segment("token")])
        .without(&["booked", "day", "month", "at"])
}

fn shown(
    visit: &Visit,
    opened: &Opened,
    status: StatusCode,
    reason: String,
    error: Option<String>,
) -> Answer {
    let locale = opened.locale(visit);
    let words = visit.words(&opened.catalog, locale);
    let here = back(visit).below("cancel");
    let closed = opened.cancelable_until().is_none().then(|| {
        words.say(if opened.stands() {
            "cancel-closed"
        } else {
            "cancel-done-before"
        })
    });
    let mut frame = visit.frame(&opened.catalog, locale, &words.say("cancel-title"), &here);
    frame.private = true;
    let page = CancelPage {
        f: frame,
        service: opened.service().name.clone(),
        when: opened.when(visit, words),
        where_: Whereabouts::of(words, &opened.catalog, &opened.appointment),
        reason,
        error,
        max_reason: MAX_NOTE_CHARS,
        closed,
        move_url: opened
            .movable_until()
            .map(|_| back(visit).below("move").url()),
        action: here.url(),
        back: back(visit).url(),
        contact: services::contact(&opened.catalog),
    };
    visit.respond(&opened.catalog, status, &page.f.nonce, &page)
}

/// `POST`.
pub(super) async fn cancel(visit: Visit, Form(form): Form) -> Answer {
    let Some(opened) = open(&visit).await? else {
        return gone::no_such_link(&visit).await;
    };
    let words = visit.words(&opened.catalog, opened.locale(&visit));
    let typed = form.get("reason").unwrap_or_default();
    let reason = match Note::parse(typed) {
        Ok(reason) => Some(reason),
        Err(PersonalError::Empty) => None,
        Err(error) => {
            let id = match error {
                PersonalError::TooLong => "error-reason-too-long",
                _ => "error-reason-malformed",
            };
            let text = words.with(id, args!["most" => MAX_NOTE_CHARS]);
            return shown(&visit, &opened, TO_CORRECT, typed.to_owned(), Some(text));
        }
    };
    let Some(token) = token(&visit) else {
        return gone::no_such_link(&visit).await;
    };
    let verb = move |tx: &Tx<'_>, app: &Arc<App>| {
        let capability = recognize(tx, &token, Right::ChangeOwnAppointment)?;
        let id = capability.appointment;
        scheduling::cancel(tx, &app.catalogs, id, reason.as_ref(), Authority::Person)
    };
    let done = visit.write(Actor::person(opened.capability.id), verb).await;
    match done {
        // Cancelled twice is cancelled.
        Ok(_) | Err(SchedulingError::AlreadyCanceled) => Ok(see_other(&back(&visit).url())),
        Err(SchedulingError::TooLate { .. }) => {
            shown(&visit, &opened, GONE, typed.to_owned(), None)
        }
        Err(SchedulingError::Unknown) => gone::no_such_link(&visit).await,
        Err(error) => Err(error.into()),
    }
}
