//! Taking back gives nobody what they no longer may.

use axum::http::StatusCode;
use kept_app::access::Role;

use crate::support::TestApp;
use crate::support::desk::Staffer;

#[tokio::test]
async fn nobody_takes_back_their_own_demotion() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    let renamed = [("name", "Sam Idris"), ("locale", "en")];
    let offered = |done: String| done.split("undo=").nth(1).expect("an offer").to_owned();
    let of_account = offered(admin.post("/account", &renamed).await.location());
    let of_owner = offered(
        owner
            .post(&format!("/members/{}", admin.id), &[("role", "staff")])
            .await
            .location(),
    );
    assert_eq!(admin.get("/members").await.status, StatusCode::FORBIDDEN);
    let refused = admin.post(&format!("/undo/{of_account}"), &[]).await;
    assert_eq!(refused.location(), "/o/riverside?done=undo-gone");
    assert_eq!(admin.get("/members").await.status, StatusCode::FORBIDDEN);

    // A later change is in the way of taking back an earlier one.
    owner
        .post(&format!("/members/{}", admin.id), &[("state", "suspended")])
        .await;
    let late = owner.post(&format!("/undo/{of_owner}"), &[]).await;
    assert_eq!(late.location(), "/o/riverside?done=undo-in-the-way");
}
