//! Links are no way for one operator to become another, nor for one to be two.

use axum::http::StatusCode;
use kept_app::console;
use kept_base::kit::Actor;

use super::{Browser, account, operator};
use crate::support::TestApp;
use crate::support::desk::PASSWORD;

const VETTED: [(&str, &str); 3] = [
    ("kind", "own"),
    ("qualified", "2027-01-31"),
    ("signed", "2026-11-01"),
];

async fn path(test: &TestApp, name: &str, what: &str) -> String {
    let id = account(test, name).await.id;
    format!("/operator/operators/{id}/{what}")
}

/// What `by` gets who adds an operator: the path of the link.
async fn added(by: &Browser, name: &str) -> String {
    let page = by.post("/operator/operators", &[("name", name)]).await;
    let link = page.attribute("id=\"link\"", "value").expect("a link");
    link.trim_start_matches("http://kept.test").to_owned()
}

/// A browser that set the password by a link, signed in.
async fn redeemed(test: &TestApp, link: &str) -> Browser {
    let stranger = Browser::of(test, "");
    let answer = stranger.post(link, &[("password", PASSWORD)]).await;
    assert_eq!(answer.location(), "/operator");
    stranger.signed_in(&answer)
}

/// As [`redeemed`], by a link of the server.
pub(crate) async fn relinked(test: &TestApp, name: &str) -> Browser {
    let id = account(test, name).await.id;
    let token = console::link(&test.app.store, id, Actor::OPERATOR).await;
    redeemed(test, &console::link_url("", &token.expect("is made"))).await
}

/// An operator whom `by` added on the page, signed in.
pub(crate) async fn added_by(test: &TestApp, by: &Browser, name: &str) -> Browser {
    redeemed(test, &added(by, name).await).await
}

#[tokio::test]
async fn nobody_makes_a_link_for_an_account_that_has_a_password() {
    let test = TestApp::empty();
    let robin = operator(&test, "robin").await;
    let ash = operator(&test, "ash").await;
    for name in ["robin", "ash"] {
        let link = path(&test, name, "link").await;
        let page = ash.post(&link, &[]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(page.text().contains("kept operator link"));
        assert!(!page.body.contains("id=\"link\""), "no link is shown");
        assert!(!page.body.contains(&link), "nor offered");
    }
    assert_eq!(robin.get("/operator").await.status, StatusCode::OK);
    let acts = test.app.store.operator_acts(200).await.expect("is told");
    assert!(acts.iter().all(|act| act.act.code() != "link_made"));
    // The first password is set by a link of anybody, and the one before it is dead.
    let first = added(&robin, "sam").await;
    let link = path(&test, "sam", "link").await;
    let page = ash.get("/operator/operators").await;
    assert!(page.body.contains(&link), "it is offered");
    let page = ash.post(&link, &[]).await;
    assert_eq!(page.status, StatusCode::OK);
    let second = page.attribute("id=\"link\"", "value").expect("a link");
    let gone = robin.get(&first).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let sam = redeemed(&test, second.trim_start_matches("http://kept.test")).await;
    assert_eq!(sam.get("/operator").await.status, StatusCode::OK);
    let page = robin.post(&link, &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    // It was ash who could have used it.
    let vetting = path(&test, "sam", "vetting").await;
    let page = ash.post(&vetting, &VETTED).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let page = robin.post(&vetting, &VETTED).await;
    assert_eq!(page.location(), "/operator/operators?done=saved");
}

#[tokio::test]
async fn whoever_adds_accounts_is_vetted_by_none_of_them() {
    let test = TestApp::empty();
    let robin = operator(&test, "robin").await;
    let ash = operator(&test, "ash").await;
    let second = added_by(&test, &ash, "ash-two").await;
    let third = added_by(&test, &second, "ash-three").await;
    let refused = async |who: &Browser, whom: &str| {
        let vetting = path(&test, whom, "vetting").await;
        let page = who.get(&vetting).await;
        assert!(!page.body.contains("name=\"qualified\""), "{whom}");
        let page = who.post(&vetting, &VETTED).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{whom}");
        let vetting = account(&test, whom).await.vetting;
        assert_eq!(vetting.qualified_until, None, "{whom}");
    };
    for who in [&ash, &second, &third] {
        for whom in ["ash", "ash-two", "ash-three"] {
            refused(who, whom).await;
        }
    }
    let seen = ash.get(&path(&test, "ash-two", "vetting").await).await;
    assert!(seen.text().contains("come from the same operator"));
    // Who has no password yet is nobody yet.
    added(&robin, "sam").await;
    refused(&ash, "sam").await;

    let vetting = path(&test, "ash-two", "vetting").await;
    let said = robin.post(&vetting, &VETTED).await;
    assert_eq!(said.location(), "/operator/operators?done=saved");
    let known = account(&test, "ash-two").await.vetting;
    assert!(known.qualified_until.is_some());
    // By a link of the server it is somebody else's from then on: not vetted, and apart from ash.
    let other = relinked(&test, "ash-two").await;
    assert_eq!(second.get("/operator").await.status, StatusCode::SEE_OTHER);
    let known = account(&test, "ash-two").await.vetting;
    assert_eq!(known.qualified_until, None);
    assert_eq!(known.confidentiality_signed_at, None);
    refused(&ash, "ash-three").await;
    refused(&third, "ash").await;
    let said = ash.post(&vetting, &VETTED).await;
    assert_eq!(said.location(), "/operator/operators?done=saved");
    let vetting = path(&test, "ash", "vetting").await;
    let said = other.post(&vetting, &VETTED).await;
    assert_eq!(said.location(), "/operator/operators?done=saved");
}
