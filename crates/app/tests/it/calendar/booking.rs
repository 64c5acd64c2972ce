//! Booking for somebody at the desk or on the telephone, and what the record says of it.

use axum::http::StatusCode;
use kept_app::access::Role;
use kept_app::people::{self, Which};

use super::booked;
use crate::support::desk::Staffer;
use crate::support::{Clinic, TestApp};

async fn desk() -> (TestApp, Clinic, Staffer, String) {
    let (test, clinic) = TestApp::with_clinic().await;
    let staff = Staffer::of(&test, &clinic, Role::FrontDesk).await;
    let service = clinic.checkup.to_string();
    (test, clinic, staff, service)
}

fn wish(service: &str) -> Vec<(&str, &str)> {
    vec![
        ("service", service),
        ("date", "2026-11-24"),
        ("time", "10:00"),
        ("override", "yes"),
        ("sent", "yes"),
    ]
}

#[tokio::test]
async fn a_number_is_enough_and_nothing_to_reach_somebody_by_is_not() {
    let (test, clinic, staff, service) = desk().await;
    let mut form = wish(&service);
    form.push(("name", "Sol Vega"));
    let refused = staff.post("/calendar/new", &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("so that they can be reached"));
    assert!(refused.body.contains("value=\"Sol Vega\""));
    form.push(("phone", "+49 30 7654321"));
    // To be told, with no address to be told at, is no reason not to be booked.
    form.push(("tell", "yes"));
    for time in ["10:00", "11:00"] {
        form[2] = ("time", time);
        let done = staff.post("/calendar/new", &form).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    }
    let search = |tx: &kept_base::store::Tx<'_>| people::search(tx, &Which::typed("vega"), None, 9);
    let found = test.read(clinic.id, search).await.people;
    assert_eq!(found.len(), 1, "recognized by name and number");
    assert!(found[0].email.is_none() && found[0].phone.is_some());
}

#[tokio::test]
async fn somebody_on_record_is_found_and_chosen_without_scripts() {
    let (test, clinic, staff, service) = desk().await;
    booked(&test, &clinic, "2026-11-24T13:00:00Z").await;
    let mut form = wish(&service);
    form.extend([("show", "find"), ("sought", "okaf"), ("name", "half a na")]);
    let page = staff.post("/calendar/new", &form).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("ama@example.org"));
    assert!(
        page.body.contains("value=\"half a na\""),
        "what was typed stays"
    );
    let (_, rest) = page
        .body
        .split_once("name=\"person\" value=\"")
        .expect("a choice");
    let (ama, _) = rest.split_once('"').expect("its id");

    // Enter in the field does the same as the button beside it.
    let mut nobody = wish(&service);
    nobody.extend([("sought", "zzz"), ("name", ""), ("person", "")]);
    let page = staff.post("/calendar/new", &nobody).await;
    assert!(page.body.contains("Nobody was found"));

    let mut chosen = wish(&service);
    chosen.push(("person", ama));
    let done = staff.post("/calendar/new", &chosen).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);

    // Whoever is looked for anew is not who was chosen before.
    let mut anew = chosen.clone();
    anew.extend([("show", "find"), ("sought", "zzz")]);
    let page = staff.post("/calendar/new", &anew).await;
    assert!(page.body.contains("Nobody was found") && !page.body.contains("Ama Okafor"));

    // Somebody who is not, or no longer, on record: what was typed stays.
    let mut gone = wish(&service);
    gone.push(("person", "per_00000000000000000000000000"));
    let page = staff.post("/calendar/new", &gone).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("no longer on record") && page.body.contains("value=\"10:00\""));

    // Chosen by mistake, it can be somebody else.
    chosen.push(("show", "other"));
    let page = staff.post("/calendar/new", &chosen).await;
    assert!(
        page.body.contains("id=\"name\"") && !page.body.contains("type=\"hidden\" name=\"person\"")
    );
}

#[tokio::test]
async fn the_sheet_says_what_was_done_by_whom_and_against_what() {
    let (test, clinic, staff, _) = desk().await;
    let id = booked(&test, &clinic, "2026-11-24T09:00:00Z").await;
    let path = format!("/calendar/appointments/{id}");
    let night = [
        ("date", "2026-11-24"),
        ("time", "21:00"),
        ("override", "yes"),
    ];
    let moved = staff.post(&format!("{path}/move"), &night).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER);
    let page = staff.get(&path).await;
    let (_, history) = page.body.split_once("sheet-history").expect("a history");
    let lines: Vec<&str> = history.split("<li>").skip(1).take(2).collect();
    assert!(
        lines[0].contains("Moved, against a rule, nobody was told"),
        "{}",
        lines[0]
    );
    assert!(lines[0].contains("Robin Vale"), "{}", lines[0]);
    assert!(lines[1].contains("Booked"), "{}", lines[1]);

    let undo = moved.location();
    let undo = undo.split("undo=").nth(1).expect("can be undone");
    staff.post(&format!("/undo/{undo}"), &[]).await;
    let page = staff.get(&path).await;
    assert!(page.body.contains("Moved, taken back"), "{}", page.body);
}
