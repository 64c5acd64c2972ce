//! Every route of the desk, against everybody who should not pass.

use axum::http::StatusCode;
use kept_app::access::{self, Role};
use kept_app::http::desk_routes;
use kept_base::kit::Actor;

use crate::support::desk::Staffer;
use crate::support::visitor::{Page, Visitor};
use crate::support::{Clinic, TestApp, clinic};

/// The address of a route, with something that exists nowhere for each parameter.
fn address(path: &str, slug: &str) -> String {
    let segments = path.split('/').map(|segment| match segment {
        "{org}" => slug,
        segment if segment.starts_with('{') => "nothing",
        segment => segment,
    });
    segments.collect::<Vec<_>>().join("/")
}

/// Everybody who has no business at riverside, with what they could send to get in.
async fn outsiders(test: &TestApp, clinic: &Clinic) -> Vec<(&'static str, Staffer)> {
    let other = clinic::create(test, "northgate").await;
    let of_other = Staffer::of(test, &other, Role::Owner).await;
    let owner = Staffer::named(test, clinic, Role::Owner, "first@riverside.example").await;
    let suspended = Staffer::named(test, clinic, Role::Owner, "gone@riverside.example").await;
    let removed = Staffer::named(test, clinic, Role::Admin, "left@riverside.example").await;
    let signed_out = Staffer::named(test, clinic, Role::Owner, "out@riverside.example").await;
    let path = format!("/members/{}", suspended.id);
    let done = owner.post(&path, &[("state", "suspended")]).await;
    assert!(done.location().contains("done=saved"));
    let path = format!("/members/{}/removal", removed.id);
    assert!(
        owner
            .post(&path, &[])
            .await
            .location()
            .contains("done=saved")
    );
    signed_out.post("/sign-out", &[]).await;
    vec![
        ("with another organization's cookie", of_other.clone()),
        (
            "with another organization's session",
            of_other.at("riverside"),
        ),
        ("suspended", suspended),
        ("removed", removed),
        ("signed out", signed_out),
    ]
}

#[tokio::test]
async fn whoever_does_not_belong_is_sent_to_the_sign_in() {
    let (test, clinic) = TestApp::with_clinic().await;
    let outsiders = outsiders(&test, &clinic).await;
    let stranger = Visitor::of(&test);
    let routes = desk_routes();
    assert!(!routes.list().is_empty());
    for route in routes.list() {
        let method = route.method.to_uppercase();
        let url = address(&route.path, "riverside");
        let body = || axum::body::Body::from("");
        let page = stranger.send(&method, &url, body()).await;
        sent_away(&page, &format!("stranger: {method} {url}"));
        for (who, outsider) in &outsiders {
            let page = outsider.send(&method, &url, body()).await;
            sent_away(&page, &format!("{who}: {method} {url}"));
        }
    }
}

fn sent_away(page: &Page, what: &str) {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{what}");
    assert!(
        page.location().starts_with("/o/riverside/sign-in"),
        "{what}"
    );
}

#[tokio::test]
async fn an_address_with_a_stroke_at_its_end_leads_to_the_one_without() {
    let (test, _) = TestApp::with_clinic().await;
    let stranger = Visitor::of(&test);
    for (typed, address) in [
        ("/o/riverside/", "/o/riverside"),
        ("/o/nobody/?lang=de", "/o/nobody?lang=de"),
        ("/o/%C3%A9/", "/o/%C3%A9"),
        ("/operator/", "/operator"),
    ] {
        assert_eq!(stranger.get(typed).await.location(), address);
    }
}

#[tokio::test]
async fn a_role_passes_where_the_policy_says() {
    let (test, clinic) = TestApp::with_clinic().await;
    for role in Role::ALL {
        for (number, route) in desk_routes().list().iter().enumerate() {
            // A fresh one each time: one of the routes signs out.
            let email = format!("{}-{number}@riverside.example", role.code());
            let member = Staffer::named(&test, &clinic, role, &email).await;
            let url = address(&route.path, "riverside");
            let page = member
                .send(
                    &route.method.to_uppercase(),
                    &url,
                    axum::body::Body::from(""),
                )
                .await;
            let allowed = access::extent(role, route.right).is_some();
            assert_eq!(
                page.status == StatusCode::FORBIDDEN,
                !allowed,
                "{} {} {url}",
                role.code(),
                route.method
            );
            assert!(
                !page.status.is_server_error(),
                "{} {} {url}",
                role.code(),
                route.method
            );
            let id = member.id;
            let removed = test.app.store.write(clinic.id, Actor::OPERATOR, move |tx| {
                access::end_sessions(tx, id, None)
            });
            removed.await.expect("ended");
        }
    }
}
