//! What was begun before somebody was suspended, or set another password.

use axum::http::StatusCode;
use kept_app::access::{
    self, Admitted, Browser, Device, LinkPurpose, Member, MemberError, MemberState, Role,
};
use kept_base::store::Tx;

use super::door::Door;
use crate::support::desk::{PASSWORD, Staffer, password_hash};
use crate::support::visitor::Visitor;
use crate::support::{TestApp, may};

fn browser() -> Browser {
    Browser {
        device: Device::UNKNOWN,
        token: None,
        is_told: false,
        session: None,
        from: None,
    }
}

/// To check a password takes a while.
#[tokio::test]
async fn a_password_that_was_changed_while_it_was_checked_lets_nobody_in() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let checked = password_hash().await;
    let id = member.id;
    let admitted = async || {
        let (checked, browser) = (checked.clone(), browser());
        let verb = move |tx: &Tx<'_>| access::admit(tx, id, &checked, &browser);
        test.write(clinic.id, verb).await
    };
    assert!(matches!(admitted().await, Some(Admitted::In { .. })));
    let suspended = async |suspended: bool| {
        let verb = move |tx: &Tx<'_>| {
            let member = access::member(tx, id)?.ok_or(MemberError::Unknown)?;
            let state = match suspended {
                true => MemberState::Suspended,
                false => MemberState::Active,
            };
            access::change_member(tx, &may(), &Member { state, ..member })
        };
        test.write(clinic.id, verb).await
    };
    Staffer::of(&test, &clinic, Role::Owner).await;
    suspended(true).await;
    assert!(admitted().await.is_none(), "suspended");
    suspended(false).await;
    assert!(admitted().await.is_some());
    let change = [("present", PASSWORD), ("password", "violet harbour ladder")];
    let mut door = Door::of(&test);
    door.sign_in("staff@riverside.example").await;
    let page = door.post("/o/riverside/account/password", &change).await;
    assert!(page.location().contains("done=password-set"));
    assert!(admitted().await.is_none(), "another password");
}

/// What was begun before is not what lets somebody in again.
#[tokio::test]
async fn whoever_is_suspended_comes_in_by_no_link_and_later_by_no_old_session() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let id = member.id;
    let reset = async || {
        let issue = move |tx: &Tx<'_>| access::issue_link(tx, LinkPurpose::Reset, Some(id));
        let link = test.write(clinic.id, issue).await;
        format!("/o/riverside/reset/{}", link.expose())
    };
    let (early, path) = (reset().await, format!("/members/{id}"));
    owner.post(&path, &[("state", "suspended")]).await;
    let late = reset().await;
    let visitor = Visitor::of(&test);
    let form = [("password", "violet harbour ladder")];
    for link in [&early, &late] {
        let pages = [visitor.get(link).await, visitor.post(link, &form).await];
        for page in pages {
            assert_eq!(page.status, StatusCode::NOT_FOUND);
        }
    }
    owner.post(&path, &[("state", "active")]).await;
    assert!(member.get("/account").await.location().contains("/sign-in"));
    assert_eq!(visitor.get(&early).await.status, StatusCode::NOT_FOUND);
    assert_eq!(visitor.get(&late).await.status, StatusCode::NOT_FOUND);
}
