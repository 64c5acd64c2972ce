//! A suspended organization, from every side.

use std::time::Duration;

use axum::http::StatusCode;
use http_body_util::BodyExt as _;
use kept_app::access::Role;
use kept_app::calendar;
use kept_base::kit::Actor;

use super::{Browser, operator};
use crate::support::desk::Staffer;
use crate::support::may;
use crate::support::{TestApp, clinic};

#[tokio::test]
async fn an_organization_is_suspended_with_a_reason_and_goes_on() {
    let (test, clinic) = TestApp::with_clinic().await;
    clinic::create(&test, "northgate").await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    owner.serve_as(&test, &clinic, clinic.vogt).await;
    let (author, vogt) = (Actor::member(owner.id), clinic.vogt);
    let made = (test.app.store).write(clinic.id, author, move |tx| {
        calendar::make_feed(tx, &may(), vogt)
    });
    let (_, feed) = made.await.expect("is made").expect("there is room");
    let mut told = owner.stream("/calendar/live").await;
    let first = told.frame().await.expect("a beginning");
    assert!(first.is_ok());
    let robin = operator(&test, "robin").await;
    let one = "/operator/organizations/riverside";
    let suspension = format!("{one}/suspension");
    for reason in ["", "  ", "two\nlines", &"x".repeat(301)] {
        let page = robin.post(&suspension, &[("reason", reason)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text().contains("1 to 300 characters"), "{reason}");
    }
    let done = robin.post(&suspension, &[("reason", "Asked for it")]).await;
    assert_eq!(
        done.location(),
        format!("{one}?done=organization-suspended")
    );
    let page = robin.get(&done.location()).await;
    assert!(page.text().contains("Asked for it"), "{}", page.text());
    assert!(page.body.contains("<p>Suspended.</p>"));
    let again = robin.post(&suspension, &[("reason", "Again")]).await;
    let nothing = format!("{one}?done=organization-as-it-was");
    assert_eq!(again.location(), nothing);

    let stranger = Browser::of(&test, &owner.cookie());
    let feed = format!("/riverside/feed/{}.ics", feed.expose());
    let pages = [
        "/riverside",
        "/riverside/checkup",
        "/riverside/checkup?embed=1",
        "/o/riverside",
        "/o/riverside/calendar",
        "/o/riverside/sign-in",
        &feed,
    ];
    for path in pages {
        let page = stranger.get(path).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(page.text().contains("These pages are paused"), "{path}");
        for detail in ["Asked for it", "suspended", "Riverside", "req_"] {
            assert!(!page.body.contains(detail), "{path} tells {detail}");
        }
    }
    let page = stranger.get("/api/v1/orgs/riverside/services").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        page.body.contains("\"code\":\"organization_suspended\""),
        "{}",
        page.body
    );
    let german = stranger.get("/riverside?lang=de").await;
    assert!(german.text().contains("Diese Seiten pausieren"));
    // Whoever follows changes is told nothing more.
    let end = tokio::time::timeout(Duration::from_secs(10), told.frame());
    assert!(end.await.expect("in time").is_none());
    assert_eq!(stranger.get("/northgate").await.status, StatusCode::OK);

    // The offer to take it back is the way to let it go on.
    let page = robin.get(&done.location()).await;
    let undo = page.attribute("resumption", "action").expect("a form");
    let done = robin.post(&undo, &[]).await;
    assert_eq!(done.location(), format!("{one}?done=organization-resumed"));
    for path in pages {
        assert_eq!(stranger.get(path).await.status, StatusCode::OK, "{path}");
    }
    let page = robin.get("/operator/operators").await;
    let words = page.text();
    for act in [
        "Organization suspended",
        "Asked for it",
        "Organization goes on",
    ] {
        assert!(words.contains(act), "{words}");
    }
}
