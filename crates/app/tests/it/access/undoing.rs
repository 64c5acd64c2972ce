//! Taking back gives nobody what they no longer may.

use axum::http::StatusCode;
use kept_app::access::{self, Role};

use crate::support::TestApp;
use crate::support::desk::{PASSWORD, Staffer};

#[tokio::test]
async fn nobody_takes_back_their_own_demotion() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    let renamed = [("name", "Sam Idris"), ("locale", "en")];
    let of_account = offered(&admin.post("/account", &renamed).await.location());
    let of_owner = offered(
        &owner
            .post(&format!("/members/{}", admin.id), &[("role", "staff")])
            .await
            .location(),
    );
    assert_eq!(admin.get("/members").await.status, StatusCode::FORBIDDEN);
    let refused = admin.post(&of_account, &[]).await;
    assert_eq!(refused.location(), "/o/riverside?done=undo-gone");
    assert_eq!(admin.get("/members").await.status, StatusCode::FORBIDDEN);

    // A later change is in the way of taking back an earlier one.
    owner
        .post(&format!("/members/{}", admin.id), &[("state", "suspended")])
        .await;
    let late = owner.post(&of_owner, &[]).await;
    assert_eq!(late.location(), "/o/riverside?done=undo-in-the-way");
}

/// The address that takes a change back.
fn offered(location: &str) -> String {
    let id = location.split("undo=").nth(1).expect("an offer");
    format!("/undo/{id}")
}

#[tokio::test]
async fn rules_of_signing_in_are_taken_back_as_they_were_left_and_with_a_proof() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let lasts = async |minutes: &str| {
        let form = [("idle_minutes", minutes), ("session_hours", "8")];
        let done = owner.post("/settings/sign-in", &form).await;
        offered(&done.location())
    };
    let now = async || {
        let rules = test.read(clinic.id, access::sign_in_rules).await;
        rules.idle_minutes
    };
    let first = lasts("30").await;
    let second = lasts("20").await;
    let early = owner.post(&first, &[]).await;
    assert!(early.location().contains("done=undo-in-the-way"));
    assert_eq!(now().await, 20);

    test.clock.advance_minutes(16);
    let asked = owner.post(&second, &[]).await;
    assert!(asked.location().contains("/account/proof?next="));
    assert_eq!(now().await, 20);
    owner
        .post("/account/proof", &[("password", PASSWORD)])
        .await;
    let done = owner.post(&second, &[]).await;
    assert!(done.location().contains("done=undone"));
    assert_eq!(now().await, 30);
}
