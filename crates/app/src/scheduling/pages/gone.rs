//! Pages that say one thing: this was booked before, this link opens nothing.

use axum::http::StatusCode;
use kept_base::kit::Actor;

use super::details::Booking;
use super::visit::Visit;
use super::{Answer, GONE, services};
use crate::page::Frame;

#[derive(askama::Template)]
#[template(path = "scheduling/notice.html")]
struct NoticePage<'p> {
    f: Frame<'p>,
    heading: String,
    text: String,
    link: String,
    link_text: String,
    contact: String,
}

/// The form of this hold was sent before, with other details.
pub(super) fn booked_before(visit: &Visit, booking: &Booking) -> Answer {
    let catalog = &booking.settled.catalog;
    let locale = visit.locale(catalog, None);
    let words = visit.words(catalog, locale);
    let here = visit
        .here(&[visit.segment("service")])
        .without(&["at", "hold"]);
    let heading = words.say("booked-before");
    let page = NoticePage {
        f: visit.frame(catalog, locale, &heading, &here),
        text: words.say("booked-before.advice"),
        heading,
        link: here.url(),
        link_text: words.say("book-another"),
        contact: services::contact(catalog),
    };
    visit.respond(catalog, GONE, &page.f.nonce, &page)
}

/// A link to a person's page that opens nothing, whether it never did or does not any more.
pub(super) async fn no_such_link(visit: &Visit) -> Answer {
    let catalog = visit
        .read(Actor::VISITOR, |tx, app| Ok(app.catalogs.get(tx)?))
        .await?;
    let locale = visit.locale(&catalog, None);
    let words = visit.words(&catalog, locale);
    let here = visit.here(&[]);
    let heading = words.say("link-unknown");
    let mut frame = visit.frame(&catalog, locale, &heading, &here);
    frame.private = true;
    let page = NoticePage {
        f: frame,
        text: words.say("link-unknown.advice"),
        heading,
        link: here.without(&["zone", "booked"]).url(),
        link_text: words.say("see-services"),
        contact: services::contact(&catalog),
    };
    visit
        .app
        .look
        .respond(StatusCode::NOT_FOUND, &page.f.nonce, &page)
}
