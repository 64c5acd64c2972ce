//! Skills are added and removed below the list of the staff.

use axum::http::StatusCode;
use kept_app::access::Role;

use crate::support::TestApp;
use crate::support::desk::Staffer;

#[tokio::test]
async fn a_skill_is_added_and_removed_by_its_button() {
    let (test, clinic) = TestApp::with_clinic().await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    let added = admin.post("/skills", &[("name", "Signs in BSL")]).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER);
    let page = admin.get("/staff").await;
    assert!(page.text().contains("Signs in BSL"));
    let (_, rest) = page.body.split_once("/skills/skl_").expect("a button");
    let (skill, _) = rest.split_once("/remove\"").expect("that removes it");
    let gone = admin
        .post(&format!("/skills/skl_{skill}/remove"), &[])
        .await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    let page = admin.get("/staff").await.text();
    assert!(
        !page.contains("Signs in BSL"),
        "{}\n{page}",
        gone.location()
    );
}
