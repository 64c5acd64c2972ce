//! The calendar's pages, as a signed-in member meets them.

use axum::http::StatusCode;
use kept_app::access::Role;

use super::{booked, place_of};
use crate::support::desk::Staffer;
use crate::support::{Clinic, TestApp};

/// The undo form of the page's toast.
fn undo_of(text: &str) -> String {
    let (_, rest) = text.split_once("/undo/und_").expect("an undo");
    let (id, _) = rest.split_once('"').expect("an end");
    format!("/undo/und_{id}")
}

async fn desk() -> (TestApp, Clinic, Staffer) {
    let (test, clinic) = TestApp::with_clinic().await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    (test, clinic, admin)
}

#[tokio::test]
async fn each_view_shows_what_is_booked() {
    let (test, clinic, admin) = desk().await;
    let id = booked(&test, &clinic, "2026-11-24T09:00:00Z").await;
    let week = admin.get("/calendar?date=2026-11-24").await;
    assert_eq!(week.status, StatusCode::OK);
    for part in [
        "Ama Okafor",
        "10:00–10:30",
        "Check-up",
        &id.to_string(),
        "h1 m0 k0 j6",
    ] {
        assert!(week.body.contains(part), "{part}\n{}", week.body);
    }
    // Nobody works on Saturday, and nothing is booked then.
    assert!(!week.body.contains("2026-11-28"));
    for view in ["people", "rooms", "agenda", "month"] {
        let page = admin
            .get(&format!("/calendar?date=2026-11-24&view={view}"))
            .await;
        assert_eq!(page.status, StatusCode::OK, "{view}");
    }
    let agenda = admin.get("/calendar?date=2026-11-24&view=agenda").await;
    assert!(agenda.body.contains("Dr. Vogt"), "{}", agenda.body);
    let month = admin.get("/calendar?date=2026-11-24&view=month").await;
    assert!(month.body.contains("1 appointment") && !month.body.contains("Ama"));
    let liu = admin
        .get(&format!("/calendar?date=2026-11-24&who={}", clinic.liu))
        .await;
    assert!(!liu.body.contains("Ama Okafor"));
}

#[tokio::test]
async fn an_appointment_is_moved_and_moved_back() {
    let (test, clinic, admin) = desk().await;
    let id = booked(&test, &clinic, "2026-11-24T09:00:00Z").await;
    let path = format!("/calendar/appointments/{id}/move");
    let back = ("back", "/calendar?view=week&date=2026-11-24");
    let to = [("date", "2026-11-25"), ("time", "11:15"), back];
    let moved = admin.post(&path, &to).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.body);
    let page = admin.get(&moved.location()).await;
    assert!(page.body.contains("Moved."), "{}", page.body);
    assert_eq!(place_of(&test, &clinic, id).await, "2026-11-25T10:15:00Z");
    let undone = admin.post(&undo_of(&page.body), &[]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER);
    assert_eq!(place_of(&test, &clinic, id).await, "2026-11-24T09:00:00Z");
}

#[tokio::test]
async fn what_is_in_the_way_is_named_and_rules_can_be_overridden() {
    let (test, clinic, admin) = desk().await;
    let first = booked(&test, &clinic, "2026-11-24T09:00:00Z").await;
    let second = booked(&test, &clinic, "2026-11-24T13:00:00Z").await;
    let path = format!("/calendar/appointments/{second}/move");
    let onto = [
        ("date", "2026-11-24"),
        ("time", "10:10"),
        ("override", "yes"),
    ];
    let taken = admin.post(&path, &onto).await;
    assert_eq!(taken.status, StatusCode::CONFLICT);
    assert!(
        taken
            .body
            .contains(&format!("/calendar/appointments/{first}"))
    );
    assert!(
        taken.body.contains("value=\"10:10\""),
        "what was typed stays"
    );
    let night = [("date", "2026-11-24"), ("time", "21:00")];
    let against = admin.post(&path, &night).await;
    assert_eq!(against.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        against.body.contains("Dr. Vogt does not work then."),
        "{}",
        against.body
    );
    let anyway = [
        ("date", "2026-11-24"),
        ("time", "21:00"),
        ("override", "yes"),
    ];
    assert_eq!(
        admin.post(&path, &anyway).await.status,
        StatusCode::SEE_OTHER
    );
    let nonsense = admin
        .post(&path, &[("date", "2026-13-01"), ("time", "x")])
        .await;
    assert_eq!(nonsense.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_letter_is_shown_before_anything_is_done() {
    let (test, clinic, admin) = desk().await;
    let id = booked(&test, &clinic, "2026-11-24T09:00:00Z").await;
    let path = format!("/calendar/appointments/{id}/move");
    let to = [
        ("date", "2026-11-25"),
        ("time", "11:15"),
        ("show", "letter"),
        ("tell", "yes"),
    ];
    let shown = admin.post(&path, &to).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(
        shown.body.contains("25 Nov") && shown.body.contains("<pre>"),
        "{}",
        shown.body
    );
    assert_eq!(place_of(&test, &clinic, id).await, "2026-11-24T09:00:00Z");
}

#[tokio::test]
async fn somebody_is_booked_in_at_the_desk() {
    let (test, clinic, admin) = desk().await;
    let path = format!(
        "/calendar/new?date=2026-11-24&time=10:00&who={}",
        clinic.vogt
    );
    let form = admin.get(&path);
    let form = form.await;
    assert!(
        form.body
            .contains(&format!("<option value=\"{}\" selected>", clinic.vogt)),
        "{}",
        form.body
    );
    let service = clinic.checkup.to_string();
    let vogt = clinic.vogt.to_string();
    let mut fields = vec![
        ("service", service.as_str()),
        ("date", "2026-11-24"),
        ("time", "10:00"),
        ("staff", vogt.as_str()),
        ("name", "Noor Haddad"),
        ("email", "noor"),
        ("sent", "yes"),
    ];
    let wrong = admin.post("/calendar/new", &fields).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Noor Haddad") && wrong.body.contains("value=\"noor\""));
    fields[5].1 = "noor@example.org";
    let done = admin.post("/calendar/new", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let page = admin.get("/calendar?date=2026-11-24").await;
    assert!(page.body.contains("Noor Haddad"));
    let sent = test.read(clinic.id, |tx| {
        tx.query_opt(
            "select count(*) from message where audience = 'person'",
            &[],
            |row| row.get::<i64>(0),
        )
    });
    assert_eq!(sent.await, Some(0), "nobody said that they are to be told");
}

#[tokio::test]
async fn one_click_says_how_it_goes() {
    let (test, clinic, admin) = desk().await;
    let id = booked(&test, &clinic, "2026-11-23T14:00:00Z").await;
    let today = admin.get("/").await;
    assert!(
        today.body.contains("Ama Okafor") && today.body.contains(">Arrived<"),
        "{}",
        today.body
    );
    let path = format!("/calendar/appointments/{id}/status");
    let done = admin.post(&path, &[("to", "arrived"), ("back", "/")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let today = admin.get(&done.location()).await;
    assert!(today.body.contains("Marked as arrived.") && today.body.contains(">Waiting "));
    let early = admin.post(&path, &[("to", "no_show")]).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    assert_eq!(
        admin.post(&path, &[("to", "eaten")]).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn time_is_reserved_shown_and_given_free() {
    let (_test, clinic, admin) = desk().await;
    let vogt = clinic.vogt.to_string();
    let fields = [
        ("label", "Team meeting"),
        ("date", "2026-11-24"),
        ("time", "10:00"),
        ("until", "11:00"),
        ("who", vogt.as_str()),
    ];
    let done = admin.post("/calendar/reserve", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let week = admin.get("/calendar?date=2026-11-24").await;
    assert!(week.body.contains("Team meeting"));
    let (_, rest) = week.body.split_once("/calendar/reserved/").expect("a link");
    let id = rest.split('?').next().expect("an id");
    let path = format!("/calendar/reserved/{id}");
    assert!(admin.get(&path).await.body.contains("Dr. Vogt"));
    let twice = admin.post("/calendar/reserve", &fields).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert!(
        twice.body.contains("Dr. Vogt is reserved"),
        "{}",
        twice.body
    );
    assert_eq!(admin.post(&path, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(admin.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_choice_is_saved_and_removed_and_back_again() {
    let (_test, clinic, admin) = desk().await;
    let who = clinic.vogt.to_string();
    let fields = [
        ("name", "Doctors"),
        ("who", who.as_str()),
        ("view", "people"),
    ];
    admin.post("/calendar/sets", &fields).await;
    let page = admin.get("/calendar").await;
    assert!(page.body.contains(">Doctors<"), "{}", page.body);
    let (_, rest) = page.body.split_once("/calendar/sets/").expect("a form");
    let id = rest.split('"').next().expect("an id");
    let removed = admin.post(&format!("/calendar/sets/{id}"), &[]).await;
    let page = admin.get(&removed.location()).await;
    assert!(!page.body.contains(">Doctors<"));
    admin.post(&undo_of(&page.body), &[]).await;
    assert!(admin.get("/calendar").await.body.contains(">Doctors<"));
    let unnamed = admin.post("/calendar/sets", &[("who", who.as_str())]).await;
    assert!(unnamed.location().contains("set-not-saved"));
}

#[tokio::test]
async fn another_organizations_appointment_is_not_there() {
    let (test, clinic, _) = desk().await;
    let id = booked(&test, &clinic, "2026-11-24T09:00:00Z").await;
    let other = crate::support::clinic::create(&test, "hillside").await;
    let stranger = Staffer::named(&test, &other, Role::Owner, "o@hillside.example").await;
    let page = stranger.get(&format!("/calendar/appointments/{id}")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let path = format!("/calendar/appointments/{id}/status");
    let moved = stranger.post(&path, &[("to", "canceled")]);
    assert_eq!(moved.await.status, StatusCode::NOT_FOUND);
}
