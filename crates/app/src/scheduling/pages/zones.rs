//! `?pick=zone` on a page with times: another time zone, by search or from the list.

use axum::http::StatusCode;
use jiff::Timestamp;
use kept_base::kit::Actor;
use kept_base::page::{Locale, when};

use super::Answer;
use super::here::Here;
use super::visit::Visit;
use crate::page::{Frame, LanguageChange};
use crate::people::Person;

/// A zone to be chosen.
struct ZoneLink {
    name: String,
    url: String,
    current: bool,
}

/// The zones of one part of the world.
struct AreaShown {
    name: String,
    zones: Vec<ZoneLink>,
}

#[derive(askama::Template)]
#[template(path = "scheduling/zones.html")]
struct ZonesPage<'p> {
    f: Frame<'p>,
    /// The page to go back to.
    back: String,
    path: String,
    carried: Vec<(&'static str, String)>,
    find: Option<String>,
    found: Vec<ZoneLink>,
    suggested: Vec<ZoneLink>,
    areas: Vec<AreaShown>,
}

/// The page for choosing the zone of the page at `here`; `own` is the person whose page that is.
pub(super) async fn page(visit: &Visit, here: &Here, own: Option<&Person>) -> Answer {
    let (catalog, now) = visit
        .read(Actor::VISITOR, |tx, app| {
            Ok((app.catalogs.get(tx)?, tx.now()))
        })
        .await?;
    let locale = visit.locale(&catalog, own.map(|person| person.locale.as_str()));
    let words = visit.words(&catalog, locale);
    let chosen = visit.zone.as_ref().map(|zone| zone.name.as_str());
    let link = |name: &str| zone_link(visit, here, locale, now, name, chosen);
    let find = visit.query.filled("find").map(str::to_owned);
    let zones = &visit.app.zones;
    let mut near: Vec<&str> = catalog.locations.iter().map(|l| l.zone.as_str()).collect();
    near.push(&catalog.organization.zone);
    near.extend(chosen);
    near.push("UTC");
    let mut suggested: Vec<&str> = Vec::new();
    for name in near {
        if !suggested.contains(&name) {
            suggested.push(name);
        }
    }
    let mut frame = visit.frame(&catalog, locale, &words.say("zones-title"), here);
    frame.private = own.is_some();
    // The switch stays on this page.
    frame = frame.languages_of(&visit.offered(&catalog), |other| {
        let here = here.with("lang", other).link().with("pick", "zone");
        LanguageChange::Link(here.to_string())
    });
    let page = ZonesPage {
        f: frame,
        back: here.url(),
        path: here.path(),
        carried: here.without(&["zone"]).parameters().to_vec(),
        found: find
            .as_deref()
            .map_or_else(Vec::new, |find| zones.search(find))
            .into_iter()
            .map(link)
            .collect(),
        find,
        suggested: suggested.into_iter().map(link).collect(),
        areas: zones
            .areas()
            .into_iter()
            .map(|area| AreaShown {
                name: words.say(&format!("area-{}", area.name.to_lowercase())),
                zones: area.zones.into_iter().map(link).collect(),
            })
            .collect(),
    };
    visit.respond(&catalog, StatusCode::OK, &page.f.nonce, &page)
}

fn zone_link(
    visit: &Visit,
    here: &Here,
    locale: Locale,
    now: Timestamp,
    name: &str,
    chosen: Option<&str>,
) -> ZoneLink {
    let line = visit.app.zones.get(name).map_or_else(
        || name.to_owned(),
        |rules| when::zone_line(locale, now, &rules),
    );
    ZoneLink {
        name: line.replace('_', " "),
        url: here.with("zone", name).url(),
        current: chosen == Some(name),
    }
}
