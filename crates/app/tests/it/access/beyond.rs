//! What admins do to others: sign them out, and nothing that goes beyond what they may themselves.

use axum::http::StatusCode;
use kept_app::access::{self, Area, Level, Role};

use super::door::Door;
use super::reaching::{House, house};
use crate::support::desk::Staffer;
use crate::support::{TestApp, may};

#[tokio::test]
async fn admins_sign_members_out_everywhere_but_no_owner() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let staff = Staffer::of(&test, &clinic, Role::Staff).await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    let end = |id| format!("/members/{id}/sessions/end");
    for (by, whom) in [(&admin, owner.id), (&staff, admin.id)] {
        let page = by.post(&end(whom), &[]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(owner.get("/account").await.status, StatusCode::OK);
    let page = admin.post(&end(staff.id), &[]).await;
    assert!(page.location().contains("member-signed-out"));
    assert_eq!(staff.get("/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(admin.get("/account").await.status, StatusCode::OK);
    let mut door = Door::of(&test);
    door.sign_in("staff@riverside.example").await;
    assert!(door.is_in(&test).await);
}

#[tokio::test]
async fn an_admin_kept_from_something_hands_no_account_over_that_has_it() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (staff, _) = super::door::with_factor(&test, &clinic, Role::Staff).await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    test.write(clinic.id, |tx| {
        access::set_limit(tx, &may(), Role::Admin, (Area::Contact, Level::None))
    })
    .await;
    let lost = format!("/members/{}/factor-removal", staff.id);
    assert_eq!(admin.post(&lost, &[]).await.status, StatusCode::FORBIDDEN);
    // What only takes away, they may.
    let page = admin
        .post(&format!("/members/{}/sessions/end", staff.id), &[])
        .await;
    assert!(page.location().contains("member-signed-out"));
}

#[tokio::test]
async fn nobody_is_found_by_what_is_hidden() {
    let House { test, clinic, .. } = house().await;
    let desk = Staffer::of(&test, &clinic, Role::FrontDesk).await;
    let found = async |typed: &str| {
        let mut all = Vec::new();
        for (path, form) in [
            ("/people/search", vec![("q", typed)]),
            ("/calendar/new", vec![("show", "find"), ("sought", typed)]),
        ] {
            let page = desk.post(path, &form).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            all.push(page.body.contains("Noor Haddad"));
        }
        all
    };
    for typed in ["somebody@example.org", "somebody@ex", "noor"] {
        assert!(found(typed).await[0], "{typed}");
    }
    test.write(clinic.id, |tx| {
        access::set_limit(tx, &may(), Role::FrontDesk, (Area::Contact, Level::None))
    })
    .await;
    for typed in ["somebody@example.org", "somebody@ex", "somebody"] {
        assert!(!found(typed).await.contains(&true), "{typed}");
    }
    assert!(found("noor").await[0]);
}
