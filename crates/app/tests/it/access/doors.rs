//! Every route of the desk, against everybody who should not pass.

use axum::http::StatusCode;
use kept_app::access::{self, Role};
use kept_app::http::desk_routes;
use kept_base::kit::Actor;

use crate::support::desk::Staffer;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, clinic};

/// The address of a route, with something that exists nowhere for each parameter.
fn address(path: &str, slug: &str) -> String {
    let segments = path.split('/').map(|segment| match segment {
        "{org}" => slug,
        segment if segment.starts_with('{') => "nothing",
        segment => segment,
    });
    segments.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn strangers_and_members_of_others_are_sent_to_the_sign_in() {
    let (test, _) = TestApp::with_clinic().await;
    let other = clinic::create(&test, "northgate").await;
    let stranger = Visitor::of(&test);
    let member_of_other = Staffer::of(&test, &other, Role::Owner).await;
    let routes = desk_routes();
    assert!(!routes.list().is_empty());
    for route in routes.list() {
        let method = route.method.to_uppercase();
        let url = address(&route.path, "riverside");
        let body = || axum::body::Body::from("");
        for page in [
            stranger.send(&method, &url, body()).await,
            member_of_other.send(&method, &url, body()).await,
        ] {
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{method} {url}");
            assert!(
                page.location().starts_with("/o/riverside/sign-in"),
                "{method} {url}"
            );
        }
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
            let allowed = access::role_has(role, route.right);
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
