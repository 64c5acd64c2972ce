//! A manager books, moves and sets hours with those who work at their locations.

use axum::http::StatusCode;
use kept_app::access::Role;
use kept_app::ids::StaffId;

use super::reaching::{House, house, placed, sheet};
use crate::support::at;

#[tokio::test]
async fn a_manager_who_books_for_anybody_books_at_their_locations() {
    let House {
        test,
        clinic,
        at_hill,
        ..
    } = house().await;
    let manager = placed(&test, &clinic, Role::Manager, vec![clinic.hill], None).await;
    let (service, shah) = (clinic.therapy.to_string(), clinic.shah.to_string());
    let room = clinic.room_2.to_string();
    let wish = |time, staff, room| {
        vec![
            ("service", service.as_str()),
            ("date", "2026-11-24"),
            ("time", time),
            ("staff", staff),
            ("room", room),
            ("sent", "yes"),
            ("name", "Sol Vega"),
            ("phone", "+49 30 7654321"),
        ]
    };
    let booked = manager.post("/calendar/new", &wish("13:00", "", "")).await;
    assert_eq!(booked.status, StatusCode::SEE_OTHER, "{}", booked.text());
    let day = (at("2026-11-24T12:10:00Z"), at("2026-11-24T12:30:00Z"));
    let found = test.read(clinic.id, move |tx| {
        kept_app::scheduling::taken_between(tx, day, None, None, 9)
    });
    let found = found.await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].location, clinic.hill);
    assert_eq!(found[0].staff, [clinic.liu]);
    // Who works elsewhere alone is not fetched by a room of theirs, nor by a move, whether free or not.
    for time in ["11:00", "14:00"] {
        let mut fetched = wish(time, &shah, &room);
        fetched.push(("override", "yes"));
        let refused = manager.post("/calendar/new", &fetched).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
        let to = [
            ("date", "2026-11-24"),
            ("time", time),
            ("minutes", "60"),
            ("staff", &shah),
            ("override", "yes"),
        ];
        let path = format!("{}/move", sheet(at_hill));
        let refused = manager.post(&path, &to).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
    }
}

#[tokio::test]
async fn a_manager_sets_the_hours_of_those_who_work_there_alone() {
    let House { test, clinic, .. } = house().await;
    let manager = placed(&test, &clinic, Role::Manager, vec![clinic.hill], None).await;
    let page = manager.get("/hours").await;
    assert!(page.text().contains("Liu Wei") && !page.text().contains("Priya Shah"));
    let hours = |staff: StaffId| format!("/staff/{staff}/hours");
    assert_eq!(manager.get(&hours(clinic.liu)).await.status, StatusCode::OK);
    let beyond = manager.get(&hours(clinic.vogt)).await;
    assert_eq!(beyond.status, StatusCode::NOT_FOUND);
    let harbor = clinic.harbor.to_string();
    let elsewhere = [
        ("date", "2026-11-26"),
        ("kind", "open"),
        ("day", "1"),
        ("from", "09:00"),
        ("to", "12:00"),
        ("place", harbor.as_str()),
    ];
    let path = format!("{}/day", hours(clinic.liu));
    let refused = manager.post(&path, &elsewhere).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text().contains("locations of yours alone"),
        "{}",
        refused.text()
    );
    let off = [("date", "2026-11-24"), ("kind", "off"), ("anyway", "yes")];
    let done = manager.post(&path, &off).await;
    assert_ne!(done.status, StatusCode::NOT_FOUND);
}
