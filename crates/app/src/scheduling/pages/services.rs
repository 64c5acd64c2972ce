//! `GET /{org}`: what can be booked.

use std::sync::Arc;

use axum::http::StatusCode;
use kept_base::kit::Actor;
use kept_base::page::{money, when};

use super::Answer;
use super::visit::Visit;
use super::{offered, show};
use crate::offering::Catalog;
use crate::page::{Frame, Words};

/// A service as listed.
struct Listed {
    name: String,
    url: String,
    description: String,
    length: String,
    price: Option<String>,
    places: String,
}

#[derive(askama::Template)]
#[template(path = "scheduling/services.html")]
struct ServicesPage<'p> {
    f: Frame<'p>,
    /// The organization's own words, as paragraphs.
    welcome: Vec<String>,
    services: Vec<Listed>,
    contact: String,
}

pub(super) async fn services(visit: Visit) -> Answer {
    let catalog = visit
        .read(Actor::VISITOR, |tx, app| Ok(app.catalogs.get(tx)?))
        .await?;
    let locale = visit.locale(&catalog, None);
    let words = visit.words(&catalog, locale);
    let here = visit.here(&[]);
    let page = ServicesPage {
        f: visit.frame(&catalog, locale, &words.say("services-title"), &here),
        welcome: paragraphs(&catalog.look.texts_in(locale).welcome),
        services: listed(&visit, &catalog, words),
        contact: contact(&catalog),
    };
    visit.respond(&catalog, StatusCode::OK, &page.f.nonce, &page)
}

/// A text of the organization's own, cut where it has an empty line.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let parts = text.split("\n\n").map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Where people can write to.
pub(super) fn contact(catalog: &Catalog) -> String {
    let sender = &catalog.organization.sender;
    let address = sender.reply_to.as_ref().unwrap_or(&sender.address);
    address.expose().to_owned()
}

fn listed(visit: &Visit, catalog: &Arc<Catalog>, words: Words<'_>) -> Vec<Listed> {
    let here = visit
        .here(&[])
        .without(&["staff", "location", "day", "month", "at", "hold", "booked"]);
    let listed = catalog.offered().map(|service| {
        let places: Vec<&str> = offered::locations(catalog, service, None)
            .into_iter()
            .map(|place| catalog.locations[place].name.as_str())
            .collect();
        Listed {
            name: service.name.clone(),
            url: here.below(&service.slug).url(),
            description: service.description.clone(),
            length: when::duration(words.locale(), service.rules.length_minutes.into()),
            price: service
                .price
                .map(|price| money::price(words.locale(), price.minor, price.currency.code())),
            places: show::distant(words, service.mode).unwrap_or_else(|| places.join(" · ")),
        }
    });
    listed.collect()
}
