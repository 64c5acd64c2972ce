//! What is offered: changed, archived, put in order, undone; and what the slot search makes of it.

mod archived;
mod model;
mod more_pages;
mod outlook;
mod pages;
mod screens;
mod skills;

use std::sync::Arc;

use jiff::civil::date;
use kept_app::offering::{self, Catalog, Earlier, NewService, OfferingError, ServiceSetup};
use kept_app::scheduling::{self, Wanted};
use kept_base::kit::Actor;
use kept_base::store::Tx;

use crate::support::{Clinic, TestApp};

/// The free times of a November day in Berlin, as clocks show them there.
async fn times(test: &TestApp, clinic: &Clinic, wanted: Wanted, day: i8) -> String {
    let catalogs = Arc::clone(&test.app.catalogs);
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").expect("known");
    let there = zone.clone();
    let offers = test
        .read(clinic.id, move |tx| {
            scheduling::times(tx, &catalogs, &wanted, date(2026, 11, day), &there, None)
        })
        .await;
    let clock = |offer: &scheduling::Offer| {
        let start = offer.starts_at.to_zoned(zone.clone());
        start.strftime("%H:%M").to_string()
    };
    offers.iter().map(clock).collect::<Vec<_>>().join(" ")
}

/// Runs a verb on the catalog as it stands.
async fn change<T, F>(test: &TestApp, clinic: &Clinic, verb: F) -> Result<T, OfferingError>
where
    T: Send + 'static,
    F: FnOnce(&Tx<'_>, &Catalog) -> Result<T, OfferingError> + Clone + Send + 'static,
{
    let catalogs = Arc::clone(&test.app.catalogs);
    let verb = move |tx: &Tx<'_>| {
        let catalog = catalogs.get(tx)?;
        verb(tx, &catalog)
    };
    test.app.store.write(clinic.id, Actor::OPERATOR, verb).await
}

async fn undo(test: &TestApp, clinic: &Clinic, earlier: Earlier) -> Result<(), OfferingError> {
    // As it is kept meanwhile.
    let text = serde_json::to_string(&earlier).expect("can be kept");
    let earlier: Earlier = serde_json::from_str(&text).expect("comes back");
    change(test, clinic, move |tx, _| offering::put_back(tx, &earlier)).await
}

/// A service as it is set up now, to be changed.
fn as_it_is(catalog: &Catalog, id: kept_app::ids::ServiceId) -> ServiceSetup {
    let service = catalog.service(id).expect("known");
    let staff = |at: &usize| catalog.staff[*at].id;
    let room = |at: &usize| catalog.rooms[*at].id;
    ServiceSetup {
        basic: NewService {
            slug: service.slug.clone(),
            name: service.name.clone(),
            description: service.description.clone(),
            rules: service.rules,
            staffing: service.staffing,
            staff: service.listed_staff.iter().map(staff).collect(),
            rooms: service.listed_rooms.iter().map(room).collect(),
            price: service.price,
            move_until_minutes: service.move_until_minutes,
            cancel_until_minutes: service.cancel_until_minutes,
        },
        mode: service.mode,
        video_link: service.video_link.clone(),
        room_capacity: service.room_capacity,
        skills: service
            .skills
            .iter()
            .map(|at| catalog.skills[*at].id)
            .collect(),
    }
}
