//! Who may make whose invitation.

use axum::http::StatusCode;
use kept_app::access::Role;

use crate::support::TestApp;
use crate::support::desk::Staffer;

#[tokio::test]
async fn an_owners_invitation_is_for_owners_to_hand_over() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    for (email, role) in [
        ("new@riverside.example", "owner"),
        ("desk@riverside.example", "staff"),
    ] {
        let invited = [("name", "Sam Idris"), ("email", email), ("role", role)];
        let page = owner.post("/members", &invited).await;
        assert!(page.location().contains("done=invited"));
    }
    let new_owner = owner
        .member_id(&test, &clinic, "new@riverside.example")
        .await;
    let new_staff = owner
        .member_id(&test, &clinic, "desk@riverside.example")
        .await;
    let link = |id| format!("/members/{id}/link");

    let refused = admin.post(&link(new_owner), &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(!refused.body.contains("/join/"));
    let given = admin.post(&link(new_staff), &[]).await;
    assert_eq!(given.status, StatusCode::OK);
    assert!(given.body.contains("/join/"));
    // A link that an admin has dies when its holder would become an owner by it.
    let (_, rest) = given.body.split_once("/join/").expect("a link");
    let join = format!("/join/{}", rest.split('"').next().expect("its end"));
    assert_eq!(admin.get(&join).await.status, StatusCode::OK);
    let promoted = [("role", "owner")];
    owner
        .post(&format!("/members/{new_staff}"), &promoted)
        .await;
    assert_eq!(admin.get(&join).await.status, StatusCode::NOT_FOUND);

    let given = owner.post(&link(new_owner), &[]).await;
    assert!(given.body.contains("/join/"));
}
