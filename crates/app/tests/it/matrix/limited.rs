//! What an organization takes from its roles: each role, area and level against each route of the desk. What is
//! expected follows from the list of routes and the policy alone.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::StatusCode;
use kept_app::access::{self, Area, Level, Limits, MemberError, Right, Role};
use kept_app::http::desk_routes;
use kept_base::kit::Actor;

use super::routes::address;
use crate::support::desk::Staffer;
use crate::support::may;
use crate::support::{Clinic, TestApp};

async fn limit(test: &TestApp, clinic: &Clinic, role: Role, what: (Area, Level)) {
    let verb = move |tx: &kept_base::store::Tx<'_>| access::set_limit(tx, &may(), role, what);
    let done = test.app.store.write(clinic.id, Actor::OPERATOR, verb);
    done.await
        .map_err(|error: MemberError| error)
        .expect("is set");
}

/// Every role but owners, who keep everything.
fn narrowed() -> impl Iterator<Item = Role> {
    Role::ALL.into_iter().filter(|role| *role != Role::Owner)
}

/// Asks, and says whether it is as the policy has it.
async fn ask(
    member: &Staffer,
    (method, path, right): (&str, &str, Right),
    expected: bool,
    what: &str,
) {
    let page = member
        .send(&method.to_uppercase(), &address(path), Body::empty())
        .await;
    assert!(
        !page.status.is_server_error(),
        "{what} {method} {path} {}",
        page.status
    );
    assert_ne!(
        page.header("location")
            .unwrap_or_default()
            .split('?')
            .next(),
        Some("/o/riverside/sign-in")
    );
    let is_refused = page.status == StatusCode::FORBIDDEN;
    assert_eq!(
        !is_refused, expected,
        "{what} {method} {path} {right:?} {}",
        page.status
    );
}

#[tokio::test]
async fn each_level_of_each_area_holds_at_each_route() {
    let (test, clinic) = TestApp::with_clinic().await;
    let routes = desk_routes();
    let in_areas: Vec<_> = routes
        .list()
        .iter()
        .filter(|route| Area::of(route.right).is_some())
        .collect();
    assert!(in_areas.len() > 60, "{}", in_areas.len());
    let mut refused = 0;
    for role in narrowed() {
        let member = Staffer::of(&test, &clinic, role).await;
        for level in Level::ALL {
            let all = Area::ALL.map(|area| (role, area, level));
            for (_, area, level) in all {
                limit(&test, &clinic, role, (area, level)).await;
            }
            let limits = Limits::new(all.to_vec());
            for route in &in_areas {
                let expected =
                    access::extent(role, route.right).is_some() && limits.leave(role, route.right);
                let what = format!("{} {}", role.code(), level.code());
                ask(
                    &member,
                    (route.method, &route.path, route.right),
                    expected,
                    &what,
                )
                .await;
                refused += usize::from(!expected);
            }
        }
    }
    assert!(refused > 500, "{refused}");
}

#[tokio::test]
async fn one_area_that_is_closed_closes_no_other() {
    let (test, clinic) = TestApp::with_clinic().await;
    let routes = desk_routes();
    // One page for each right.
    let mut pages = BTreeMap::new();
    for route in routes.list().iter().filter(|route| route.method == "get") {
        pages
            .entry(route.right.code())
            .or_insert((route.path.as_str(), route.right));
    }
    for role in narrowed() {
        let member = Staffer::of(&test, &clinic, role).await;
        for area in Area::ALL {
            limit(&test, &clinic, role, (area, Level::None)).await;
            let limits = Limits::new(vec![(role, area, Level::None)]);
            for (path, right) in pages.values() {
                let expected = access::extent(role, *right).is_some() && limits.leave(role, *right);
                let what = format!("{} without {}", role.code(), area.code());
                ask(&member, ("get", path, *right), expected, &what).await;
            }
            limit(&test, &clinic, role, (area, Level::Full)).await;
        }
    }
}
