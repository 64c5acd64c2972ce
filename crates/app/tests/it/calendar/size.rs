//! A full week: thirty people, six hundred appointments.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::civil::{Weekday, date};
use jiff::tz::TimeZone;
use kept_app::access::Role;
use kept_app::offering::{self, OfferingError};
use kept_app::scheduling::staff::{self, Manner, NewBooking, StaffError, Whose, Wish};
use kept_base::kit::Actor;
use kept_base::page::gzip;

use crate::support::clinic::{person, rules, service};
use crate::support::desk::{Staffer, anything};
use crate::support::may;
use crate::support::{Clinic, TestApp};

/// Most bytes of the page, packed.
const MAX_PACKED: usize = 60_000;

/// Six hundred customers in the week of 23 November 2026.
pub async fn fill(test: &TestApp, clinic: &Clinic) {
    let harbor = clinic.harbor;
    let made = test.app.store.write(clinic.id, Actor::OPERATOR, move |tx| {
        let mut members = Vec::new();
        for index in 0..30 {
            let member = offering::add_staff(tx, &may(), &format!("Clinician {index}"), "", None)?;
            for day in Weekday::Monday.cycle_forward().take(5) {
                offering::add_hours(tx, &may(), member, harbor, day, (8 * 60, 18 * 60))?;
            }
            members.push(member);
        }
        let visit = service("visit", "Visit", rules(45), &members);
        Ok::<_, OfferingError>((offering::add_service(tx, &may(), &visit)?, members))
    });
    let (visit, members) = made.await.expect("is made");
    let catalogs = Arc::clone(&test.app.catalogs);
    let zone = TimeZone::get("Europe/Berlin").expect("known");
    let filled = test.app.store.write(clinic.id, Actor::OPERATOR, move |tx| {
        for index in 0..600_usize {
            let (member, turn) = (index % 30, index / 30);
            let day = i8::try_from(23 + turn % 5).expect("a day");
            let hour = i8::try_from(8 + 2 * (turn / 5)).expect("an hour");
            let starts_at = zone.to_timestamp(date(2026, 11, day).at(hour, 0, 0, 0));
            let new = NewBooking {
                wish: Wish {
                    service: visit,
                    staff: vec![members[member]],
                    location: None,
                    room: None,
                    starts_at: starts_at.expect("an instant"),
                    minutes: 45,
                },
                whose: Whose::New(person(
                    &format!("Customer Number {index}"),
                    &format!("customer-{index}@example.org"),
                )),
                awaiting: index % 9 == 0,
            };
            let manner = Manner {
                override_rules: true,
                tell: false,
            };
            staff::book(tx, &anything(), &catalogs, &new, manner)?;
        }
        Ok::<_, StaffError>(())
    });
    filled.await.expect("all fit");
}

#[tokio::test]
async fn a_full_week_is_a_small_page() {
    let (test, clinic) = TestApp::with_clinic().await;
    fill(&test, &clinic).await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    for view in ["week", "people", "agenda", "month"] {
        let page = admin
            .get(&format!("/calendar?date=2026-11-23&view={view}"))
            .await;
        assert_eq!(page.status, StatusCode::OK);
        let packed = gzip::pack(page.body.as_bytes(), false).expect("is worth it");
        assert!(packed.len() <= MAX_PACKED, "{view}: {} bytes", packed.len());
    }
}
