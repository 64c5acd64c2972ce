//! What members do with their own factor and sessions, and what they hear of it.

use std::sync::Arc;

use axum::http::StatusCode;
use kept_app::access::Role;
use kept_app::audit;
use kept_app::jobs::Worker;
use kept_app::messaging::transport::{Capture, Transport};

use super::door::{Door, code_of, codes_of, secret_on, turn_on, with_factor};
use crate::support::desk::{PASSWORD, Staffer};
use crate::support::{Clinic, TestApp};

/// Subjects of the letters that the worker sends now.
pub async fn letters(test: &TestApp, clinic: &Clinic) -> Vec<String> {
    let transport = Arc::new(Transport::Capture(Capture::default()));
    let worker = Arc::new(Worker::new(&test.app, Arc::clone(&transport)));
    worker.ask_for_all().await;
    worker.run_due().await;
    let Transport::Capture(capture) = &*transport else {
        return Vec::new();
    };
    let letters = capture.letters(clinic.id);
    letters
        .into_iter()
        .map(|letter| letter.subject.clone())
        .collect()
}

async fn acts(test: &TestApp, clinic: &Clinic) -> Vec<String> {
    let acts = test.read(clinic.id, |tx| audit::after(tx, 0, 1_000)).await;
    let own = acts.into_iter().filter(|entry| {
        ["factor", "recovery", "session", "password"]
            .iter()
            .any(|start| entry.act.starts_with(start))
    });
    own.map(|entry| entry.act).collect()
}

#[tokio::test]
async fn a_member_turns_a_factor_on_and_off_and_is_written_to() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let mut elsewhere = Door::of(&test);
    elsewhere.sign_in("staff@riverside.example").await;
    assert!(elsewhere.is_in(&test).await);
    letters(&test, &clinic).await;

    let page = member.get("/account/factor").await;
    assert!(!page.body.contains("typed-off"), "a look makes no secret");
    member.post("/account/factor/begin", &[]).await;
    let page = member.get("/account/factor").await;
    assert!(page.body.contains("<svg") && !page.body.contains("otpauth:"));
    let secret = secret_on(&page);
    let wrong = member.post("/account/factor", &[("code", "12345")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(elsewhere.is_in(&test).await, "not before the first code");
    let code = code_of(&test, &secret);
    let page = member.post("/account/factor", &[("code", &code)]).await;
    assert_eq!(codes_of(&page).len(), 10);
    assert!(!elsewhere.is_in(&test).await, "others are out");
    assert_eq!(member.get("/account").await.status, StatusCode::OK);
    assert!(
        !member
            .get("/account/factor")
            .await
            .body
            .contains("typed-off")
    );
    let told = letters(&test, &clinic).await;
    assert!(
        told.iter().any(|s| s.contains("now takes two steps")),
        "{told:?}"
    );

    let off = member.post("/account/factor/removal", &[]).await;
    assert_eq!(off.location(), "/o/riverside/account?done=factor-off");
    let told = letters(&test, &clinic).await;
    assert!(
        told.iter().any(|s| s.contains("takes one step again")),
        "{told:?}"
    );
    let mut door = Door::of(&test);
    door.sign_in("staff@riverside.example").await;
    assert!(door.is_in(&test).await);
    let acts = acts(&test, &clinic).await;
    for act in ["factor.added", "recovery_codes.made", "factor.removed"] {
        assert_eq!(
            acts.iter().filter(|found| *found == act).count(),
            1,
            "{act}"
        );
    }
}

#[tokio::test]
async fn a_factor_that_was_begun_and_left_is_gone_after_an_hour() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    member.post("/account/factor/begin", &[]).await;
    let secret = secret_on(&member.get("/account/factor").await);
    test.clock.advance_minutes(60);
    let proof = [("password", PASSWORD)];
    member.post("/account/proof", &proof).await;
    let code = code_of(&test, &secret);
    let page = member.post("/account/factor", &[("code", &code)]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(!page.body.contains("typed-off"));
    turn_on(&test, &member).await;
}

#[tokio::test]
async fn a_new_password_by_mail_does_not_go_past_the_factor() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (member, secret) = with_factor(&test, &clinic, Role::Owner).await;
    let id = member.id;
    let token = test
        .write(clinic.id, move |tx| {
            kept_app::access::issue_link(tx, kept_app::access::LinkPurpose::Reset, Some(id))
        })
        .await;
    let mut door = Door::of(&test);
    let reset = format!("/o/riverside/reset/{}", token.expose());
    let new = [("password", "violet harbour ladder")];
    let page = door.post(&reset, &new).await;
    assert_eq!(page.location(), "/o/riverside/sign-in/code");
    assert!(!door.is_in(&test).await);
    assert_eq!(member.get("/account").await.status, StatusCode::SEE_OTHER);
    test.clock.advance_minutes(1);
    let code = code_of(&test, &secret);
    door.post("/o/riverside/sign-in/code", &[("code", &code)])
        .await;
    assert!(door.is_in(&test).await);
}

#[tokio::test]
async fn a_sign_in_that_waits_dies_with_the_password_it_began_with() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (member, secret) = with_factor(&test, &clinic, Role::Admin).await;
    let mut thief = Door::of(&test);
    thief.sign_in("admin@riverside.example").await;
    let change = [("present", PASSWORD), ("password", "violet harbour ladder")];
    let changed = member.post("/account/password", &change).await;
    assert!(changed.location().contains("done=password-set"));
    test.clock.advance_minutes(1);
    let code = code_of(&test, &secret);
    let page = thief
        .post("/o/riverside/sign-in/code", &[("code", &code)])
        .await;
    assert!(page.location().contains("done=sign-in-over"));
    assert!(!thief.is_in(&test).await);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_member_alone() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Admin).await;
    let other = Staffer::of(&test, &clinic, Role::Staff).await;
    let mut phone = Door::of(&test);
    phone.sign_in("admin@riverside.example").await;
    let page = member.get("/account").await;
    assert!(
        page.text().contains("Firefox on Android"),
        "{}",
        page.text()
    );
    assert!(!page.body.contains("Gecko"));
    let end = page
        .attribute("/account/sessions/ses_", "action")
        .expect("a form");
    let refused = other.post(&end, &[]).await;
    let unknown = other
        .post("/account/sessions/ses_00000000000000000000000000/end", &[])
        .await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(phone.is_in(&test).await);
    assert!(
        member
            .post(&end, &[])
            .await
            .location()
            .contains("done=session-ended")
    );
    assert!(!phone.is_in(&test).await);

    phone.sign_in("admin@riverside.example").await;
    assert!(
        member
            .post("/account/sessions/end", &[])
            .await
            .location()
            .contains("others-ended")
    );
    assert!(!phone.is_in(&test).await);
    assert_eq!(member.get("/account").await.status, StatusCode::OK);
    assert_eq!(other.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_member_hears_of_a_browser_that_was_not_known() {
    let (test, clinic) = TestApp::with_clinic().await;
    Staffer::of(&test, &clinic, Role::Admin).await;
    Staffer::of(&test, &clinic, Role::Staff).await;
    letters(&test, &clinic).await;
    let new = |told: &[String]| told.iter().filter(|s| s.contains("new browser")).count();
    let mut door = Door::of(&test);
    let wrong = [("email", "admin@riverside.example"), ("password", "x")];
    door.post(super::door::DOOR, &wrong).await;
    assert_eq!(new(&letters(&test, &clinic).await), 0, "nobody was let in");
    for (who, count) in [
        ("admin@riverside.example", 1),
        ("admin@riverside.example", 0),
        // The same browser, shared.
        ("staff@riverside.example", 1),
        ("admin@riverside.example", 0),
        ("staff@riverside.example", 0),
    ] {
        door.sign_in(who).await;
        assert!(door.is_in(&test).await);
        assert_eq!(new(&letters(&test, &clinic).await), count, "{who}");
        door.sign_out();
    }
    test.clock.advance_minutes(181 * 24 * 60);
    door.sign_in("admin@riverside.example").await;
    assert_eq!(
        new(&letters(&test, &clinic).await),
        1,
        "known for half a year"
    );
}
