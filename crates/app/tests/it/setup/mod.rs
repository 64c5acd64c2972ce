//! From an empty installation to the first booking, by forms alone.

mod limited;

use axum::http::{StatusCode, header};
use std::sync::Arc;

use kept_app::access::Role;
use kept_app::jobs::Worker;
use kept_app::messaging::transport::{Capture, Transport};

use crate::support::desk::{PASSWORD, Staffer};
use crate::support::visitor::Visitor;
use crate::support::{Clinic, TestApp};

const ORGANIZATION: &[(&str, &str)] = &[
    ("name", "Harbor Advising"),
    ("slug", ""),
    ("zone", "europe/berlin"),
    ("owner", "Robin Vale"),
    ("email", "robin@harbor.example"),
    ("password", PASSWORD),
];

const FIRST: &[(&str, &str)] = &[
    ("kit", "advising"),
    ("service", "Advising session"),
    ("length", "30"),
    ("place", "Advising office"),
    ("address", "Quay 4"),
    ("staff", "Robin"),
    ("day", "1"),
    ("day", "2"),
    ("from", "09:00"),
    ("to", "17:00"),
];

#[tokio::test]
async fn five_answers_and_a_customer_can_book() {
    let test = TestApp::empty();
    let visitor = Visitor::of(&test);
    let secret = test.app.first_run.open(test.app.store.entropy());
    let link = format!("/setup/{}", secret.expose());
    assert_eq!(
        visitor.get("/setup/nothing").await.status,
        StatusCode::NOT_FOUND
    );
    let page = visitor.get(&link).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("Set up Kept"));

    let made = visitor.post(&link, ORGANIZATION).await;
    assert_eq!(made.location(), "/o/harbor-advising/set-up");
    let cookie = made.headers[header::SET_COOKIE].to_str().expect("text");
    let owner = Staffer::with_cookie(&test, "harbor-advising", cookie);
    assert_eq!(
        visitor.get(&link).await.status,
        StatusCode::NOT_FOUND,
        "the link works once"
    );

    let page = owner.get("/set-up?kit=advising").await;
    assert!(
        page.body.contains("value=\"Advising session\""),
        "{}",
        page.body
    );
    let done = owner.post("/set-up", FIRST).await;
    assert_eq!(done.location(), "/o/harbor-advising/checklist?done=set-up");
    let checklist = owner.get("/checklist").await;
    assert!(
        checklist.text().contains("5 of 7 done"),
        "{}",
        checklist.text()
    );
    assert!(checklist.body.contains("<svg"), "a code to try it");
    let again = owner.post("/set-up", FIRST).await;
    assert_eq!(again.location(), "/o/harbor-advising/checklist");

    let times = visitor.get("/harbor-advising/advising-session").await;
    assert_eq!(times.status, StatusCode::OK);
    assert!(
        times.text().contains("Tue 24 Nov") || times.text().contains("24"),
        "{}",
        times.text()
    );
}

#[tokio::test]
async fn what_is_wrong_is_said_and_nothing_is_lost() {
    let test = TestApp::empty();
    let visitor = Visitor::of(&test);
    let secret = test.app.first_run.open(test.app.store.entropy());
    let link = format!("/setup/{}", secret.expose());
    let wrong = [
        ("name", ""),
        ("slug", "API"),
        ("zone", "Berlin"),
        ("owner", "robin@harbor.example"),
        ("email", "robin"),
        ("password", "password12"),
    ];
    let page = visitor.post(&link, &wrong).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for text in [
        "1 to 120 characters",
        "2 to 40 small letters",
        "no time zone",
        "Write a name",
        "office@example.org",
        "Many people use this password",
    ] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
    assert!(page.body.contains("value=\"Berlin\""));
    assert!(!page.body.contains("password12"));
    assert_eq!(
        visitor.get(&link).await.status,
        StatusCode::OK,
        "the link still works"
    );
}

#[tokio::test]
async fn an_invited_member_joins_by_a_link_that_works_once() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let invitation = [
        ("name", "Noah Berg"),
        ("email", "noah@riverside.example"),
        ("role", "admin"),
    ];
    let invited = owner.post("/members", &invitation).await.location();
    assert_eq!(invited, "/o/riverside/members?done=invited");
    let id = owner
        .member_id(&test, &clinic, "noah@riverside.example")
        .await;
    let page = owner.post(&format!("/members/{id}/link"), &[]).await;
    let link = page
        .body
        .split("http://kept.test")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let link = link.expect("a link").to_owned();
    let again = owner.post("/members", &invitation).await;
    assert_eq!(again.status, StatusCode::CONFLICT);

    let visitor = Visitor::of(&test);
    let page = visitor.get(&link).await;
    assert!(page.text().contains("noah@riverside.example"));
    let weak = [("name", "Noah Berg"), ("password", "riverside clinic")];
    assert_eq!(
        visitor.post(&link, &weak).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let strong = [("name", "Noah Berg"), ("password", PASSWORD)];
    let joined = visitor.post(&link, &strong).await;
    assert_eq!(joined.location(), "/o/riverside");
    let cookie = joined.headers[header::SET_COOKIE].to_str().expect("text");
    let noah = Staffer::with_cookie(&test, "riverside", cookie);
    assert_eq!(noah.get("/members").await.status, StatusCode::OK);
    assert_eq!(visitor.get(&link).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        visitor.post(&link, &strong).await.status,
        StatusCode::NOT_FOUND
    );

    // An admin makes no owner.
    let own = format!(
        "/members/{}",
        noah.member_id(&test, &clinic, "noah@riverside.example")
            .await
    );
    let raised = noah.post(&own, &[("role", "owner")]).await;
    assert_eq!(raised.status, StatusCode::CONFLICT);
}

/// The letters that are waiting, delivered and captured.
async fn letters(test: &TestApp, clinic: &Clinic) -> Vec<(String, String)> {
    let transport = Arc::new(Transport::Capture(Capture::default()));
    let worker = Arc::new(Worker::new(&test.app, Arc::clone(&transport)));
    worker.ask_for_all().await;
    worker.run_due().await;
    let Transport::Capture(capture) = &*transport else {
        return Vec::new();
    };
    let captured = capture.letters(clinic.id);
    captured
        .iter()
        .map(|letter| (letter.subject.clone(), letter.text.clone()))
        .collect()
}

#[tokio::test]
async fn an_invitation_and_a_trial_come_by_mail() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let invitation = [
        ("name", "Noah Berg"),
        ("email", "noah@riverside.example"),
        ("role", "staff"),
    ];
    owner.post("/members", &invitation).await;
    let trial = owner.post("/mail-trial", &[]).await.location();
    assert!(owner.get(&trial).await.text().contains("on its way"));
    // Asked for on the checklist, the answer stands there.
    let inline = owner.post("/mail-trial", &[("back", "checklist")]).await;
    let inline = inline.location();
    assert!(
        inline.starts_with("/o/riverside/checklist?message="),
        "{inline}"
    );
    assert!(owner.get(&inline).await.text().contains("on its way"));
    let letters = letters(&test, &clinic).await;
    let subjects: Vec<&str> = letters
        .iter()
        .map(|(subject, _)| subject.as_str())
        .collect();
    assert!(
        subjects.contains(&"Join Riverside Clinic on Kept"),
        "{subjects:?}"
    );
    assert!(
        subjects.contains(&"Mail from Riverside Clinic arrives"),
        "{subjects:?}"
    );
    assert!(owner.get(&inline).await.text().contains("took the mail"));
    let join = letters
        .iter()
        .find(|(subject, _)| subject.starts_with("Join"))
        .expect("it");
    let link = join
        .1
        .split("http://kept.test")
        .nth(1)
        .and_then(|rest| rest.lines().next());
    let page = Visitor::of(&test).get(link.expect("a link")).await;
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_and_ends_every_session() {
    let (test, clinic) = TestApp::with_clinic().await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    let visitor = Visitor::of(&test);
    let unknown = [("email", "nobody@riverside.example")];
    let known = [("email", "ADMIN@riverside.example")];
    let answers = [
        visitor.post("/o/riverside/forgot", &unknown).await.text(),
        visitor.post("/o/riverside/forgot", &known).await.text(),
    ];
    assert_eq!(answers[0], answers[1]);
    let letters = letters(&test, &clinic).await;
    assert_eq!(letters.len(), 1);
    let link = letters[0]
        .1
        .split("http://kept.test")
        .nth(1)
        .and_then(|rest| rest.lines().next());
    let link = link.expect("a link").to_owned();
    assert_eq!(visitor.get(&link).await.status, StatusCode::OK);
    let done = visitor
        .post(&link, &[("password", "quiet copper meadow")])
        .await;
    assert_eq!(done.location(), "/o/riverside");
    assert_eq!(admin.get("/account").await.status, StatusCode::SEE_OTHER);
    test.clock.advance_minutes(3 * 60);
    assert_eq!(visitor.get(&link).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn settings_are_changed_taken_back_and_say_who_changed_them() {
    let (test, clinic) = TestApp::with_clinic().await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    let mut form = vec![
        ("name", "Riverside Practice"),
        ("zone", "europe/vienna"),
        ("locale", "de"),
        ("sender_name", "Riverside"),
        ("sender_address", "desk@riverside.example"),
        ("reply_to", ""),
    ];
    let done = admin.post("/settings", &form).await.location();
    assert!(
        done.starts_with("/o/riverside/settings?done=saved&undo=und_"),
        "{done}"
    );
    let page = admin.get(&done).await;
    assert!(page.body.contains("value=\"Europe/Vienna\""));
    assert!(
        page.text()
            .contains("Last changed by Robin Vale on Mon 23 Nov 2026"),
        "{}",
        page.text()
    );
    assert!(page.body.contains(">Undo</button>"));

    let undo = done.split("undo=").nth(1).expect("an offer").to_owned();
    let back = [("back", "/o/riverside/settings?q=zone")];
    let other = Staffer::named(&test, &clinic, Role::Owner, "other@riverside.example").await;
    let refused = other.post(&format!("/undo/{undo}"), &back).await.location();
    assert_eq!(refused, "/o/riverside/settings?q=zone&done=undo-gone");
    let undone = admin.post(&format!("/undo/{undo}"), &back).await.location();
    assert_eq!(undone, "/o/riverside/settings?q=zone&done=undone");
    let page = admin.get("/settings").await;
    assert!(page.body.contains("value=\"Europe/Berlin\""));

    form[1] = ("zone", "Mars");
    let page = admin.post("/settings", &form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("value=\"Mars\""));
    let staff = Staffer::of(&test, &clinic, Role::Staff).await;
    assert_eq!(staff.get("/settings").await.status, StatusCode::FORBIDDEN);
    assert!(
        admin
            .get("/settings?q=members")
            .await
            .text()
            .contains("Who has an account")
    );
    assert!(
        admin
            .get("/settings?q=zebra")
            .await
            .text()
            .contains("No setting")
    );
}
