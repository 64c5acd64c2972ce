//! Every route of the desk, against every state of a grant.

use axum::body::Body;
use axum::http::StatusCode;
use kept_app::access::{Level, Part, Terms, Way};
use kept_app::desk::{DeskRoute, lent_rights};
use kept_app::http::desk_routes;
use kept_base::kit::time::plus_minutes;
use kept_base::store::{NewEntry, OperatorState, Vetting};

use super::{House, PERSON, account, enter, refused, vet};
use crate::console::{operator, set_state};
use crate::support::desk::Staffer;
use crate::support::visitor::Page;
use crate::support::{TestApp, clinic};

/// The address of a route, with something that exists nowhere for each parameter.
fn address(route: &DeskRoute, slug: &str) -> String {
    let segments = route.path.split('/').map(|segment| match segment {
        "{org}" => slug,
        segment if segment.starts_with('{') => "nothing",
        segment => segment,
    });
    segments.collect::<Vec<_>>().join("/")
}

async fn ask(inside: &Staffer, route: &DeskRoute) -> Page {
    let url = address(route, "riverside");
    let method = route.method.to_uppercase();
    inside.send(&method, &url, Body::from("")).await
}

/// Whether terms cover a route.
fn covers(terms: &Terms, route: &DeskRoute) -> bool {
    let changes = Part::of(route.right).is_some_and(|(_, changes)| changes);
    let way = if changes && route.method == "post" {
        Way::Change
    } else {
        Way::See
    };
    let rights = lent_rights(&route.path, route.right);
    rights.is_some_and(|rights| rights.iter().all(|right| terms.allow(*right, way)))
}

/// The reviewed list: which part at which level opens each route, and which routes no grant opens.
#[test]
fn what_opens_each_route() {
    let mut lines = Vec::new();
    for route in desk_routes().list() {
        let everything = Terms::new(&Part::ALL.map(|part| (part, Level::Full)));
        let least = |part: Part| {
            let others = |level| {
                let of = |one: Part| (one, if one == part { level } else { Level::Full });
                Terms::new(&Part::ALL.map(of))
            };
            let enough = [Level::None, Level::View, Level::Full].into_iter();
            let mut enough = enough.filter(|level| covers(&others(*level), route));
            let level = enough.next().filter(|level| *level != Level::None)?;
            Some(format!("{}:{}", part.code(), level.code()))
        };
        let needed: Vec<String> = Part::ALL.into_iter().filter_map(least).collect();
        let opened = if covers(&everything, route) {
            needed.join(" ")
        } else {
            "never".to_owned()
        };
        lines.push(format!("{:<5}{:<55}{opened}", route.method, route.path));
    }
    lines.sort();
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn each_scope_passes_where_it_says_and_nowhere_else() {
    let house = House::new().await;
    for part in Part::ALL {
        for level in [Level::View, Level::Full] {
            let terms = Terms::new(&[(part, level)]);
            let (loan, inside) = house.inside(&terms.to_string()).await;
            for route in desk_routes().list() {
                let page = ask(&inside, route).await;
                let what = format!("{terms}: {} {}", route.method, route.path);
                assert_eq!(
                    page.status != StatusCode::FORBIDDEN,
                    covers(&terms, route),
                    "{what}"
                );
                assert!(!page.status.is_server_error(), "{what} {}", page.status);
                assert!(
                    part == Part::People || !page.body.contains(PERSON),
                    "{what}"
                );
            }
            house
                .owner
                .post(&format!("/access/grants/{loan}/end"), &[])
                .await;
        }
    }
}

/// With everything that can be lent, each state in which a grant opens nothing.
#[tokio::test]
async fn a_grant_that_does_not_hold_opens_no_route() {
    let house = House::new().await;
    let everything = Terms::new(&Part::ALL.map(|part| (part, Level::Full))).to_string();
    let test = &house.test;
    for state in [
        "ended",
        "suspended",
        "unqualified",
        "unsigned",
        "unregistered",
        "signed out",
        "expired",
    ] {
        let name = state.replace(' ', "-");
        let one = operator(test, &name).await;
        vet(test, &name).await;
        let loan = house.lend_to(&name, "live", &everything).await;
        let inside = enter(test, &one, &loan).await;
        assert_eq!(
            inside.get("/calendar").await.status,
            StatusCode::OK,
            "{state}"
        );
        let known = account(test, &name).await.vetting;
        let changed = match state {
            "unqualified" => Some(Vetting {
                qualified_until: None,
                ..known
            }),
            "unsigned" => Some(Vetting {
                confidentiality_signed_at: None,
                ..known
            }),
            "unregistered" => Some(Vetting {
                kind: kept_base::store::OperatorKind::Partner,
                ..known
            }),
            _ => None,
        };
        match (state, changed) {
            (_, Some(vetting)) => super::say(test, &name, vetting).await,
            ("ended", _) => {
                house
                    .owner
                    .post(&format!("/access/grants/{loan}/end"), &[])
                    .await;
            }
            ("suspended", _) => set_state(test, &name, OperatorState::Suspended).await,
            ("signed out", _) => {
                one.post("/operator/sign-out", &[]).await;
            }
            _ => test.clock.advance_minutes(241),
        }
        for route in desk_routes().list() {
            let page = ask(&inside, route).await;
            refused(&page, &format!("{state}: {} {}", route.method, route.path));
        }
    }
}

#[tokio::test]
async fn a_grant_for_one_organization_opens_no_other() {
    let house = House::new().await;
    let other = clinic::create(&house.test, "northgate").await;
    Staffer::of(&house.test, &other, kept_app::access::Role::Owner).await;
    let (_, inside) = house
        .inside("calendar:full people:full settings:full")
        .await;
    let cookie = inside.cookie();
    let token = cookie.split_once('=').expect("a cookie").1;
    let elsewhere = |token: &str| {
        let cookie = format!("__Host-on-grant-northgate={token}");
        Staffer::with_cookie(&house.test, "northgate", &cookie)
    };
    let unknown: String = token.chars().rev().collect();
    let (known, unknown) = (elsewhere(token), elsewhere(&unknown));
    for route in desk_routes().list() {
        let (method, url) = (route.method.to_uppercase(), address(route, "northgate"));
        let one = known.send(&method, &url, Body::from("")).await;
        let other = unknown.send(&method, &url, Body::from("")).await;
        refused(&one, &url);
        assert_eq!(without_chance(&one), without_chance(&other), "{url}");
    }
}

/// What is random or passing in an answer, taken out.
fn without_chance(page: &Page) -> (StatusCode, Vec<String>, String) {
    let nonce = page.body.split("nonce=\"").nth(1);
    let nonce = nonce
        .and_then(|rest| rest.split('"').next())
        .unwrap_or("\u{0}");
    let clean = |text: &str| text.replace(nonce, "NONCE");
    let headers = page.headers.iter();
    let headers = headers.filter(|(name, _)| name.as_str() != "x-request-id");
    let csp = |text: String| {
        let words = text
            .split_whitespace()
            .filter(|word| !word.starts_with("'nonce-"));
        words.collect::<Vec<_>>().join(" ")
    };
    let mut lines: Vec<String> = headers
        .map(|(name, value)| csp(format!("{name}: {}", clean(value.to_str().expect("text")))))
        .collect();
    lines.sort();
    (page.status, lines, clean(&page.body))
}

/// An entry into the live organization by a grant of the sandbox, should one ever be made.
#[tokio::test]
async fn a_grant_of_the_sandbox_opens_nothing_live() {
    let house = House::new().await;
    let made = house.owner.post("/access/sandbox", &[]).await;
    assert!(made.location().ends_with("done=sandbox-made"));
    let loan = house
        .lend("sandbox", "calendar:full people:full settings:full")
        .await;
    let inside = house.enter(&house.robin, &loan).await;
    assert_eq!(inside.get("/").await.status, StatusCode::OK);
    // The same cookie, shown to the live one.
    let cookie = inside.cookie();
    let token = cookie.split_once('=').expect("a cookie").1;
    let cookie = format!("__Host-on-grant-riverside={token}");
    let at_live = Staffer::with_cookie(&house.test, "riverside", &cookie);
    // And an entry that says live.
    let forged = forged(&house.test, &house, &loan).await;
    for route in desk_routes().list() {
        for (who, browser) in [("shown", &at_live), ("forged", &forged)] {
            let page = ask(browser, route).await;
            refused(&page, &format!("{who}: {} {}", route.method, route.path));
        }
    }
}

/// What an entry would be that names the live organization and a loan of the sandbox.
async fn forged(test: &TestApp, house: &House, loan: &str) -> Staffer {
    let store = &test.app.store;
    let token = kept_base::kit::Token::session(store.entropy());
    let robin = account(test, "robin").await.id;
    let session = session_of(house).await;
    let entry = NewEntry {
        organization: house.clinic.id,
        lender: house.clinic.id,
        loan: loan.to_owned(),
        ends_at: plus_minutes(super::now(test), 60),
    };
    let started = store.start_entry(session, robin, token.hash("operator entry"), entry);
    assert!(started.await.expect("is started"));
    let cookie = format!("__Host-on-grant-riverside={}", token.expose());
    Staffer::with_cookie(test, "riverside", &cookie)
}

/// A further session of robin's.
async fn session_of(house: &House) -> kept_base::kit::OperatorSessionId {
    let store = &house.test.app.store;
    let token = kept_base::kit::Token::session(store.entropy());
    let robin = account(&house.test, "robin").await.id;
    let hash = token.hash("operator session");
    assert!(
        store
            .start_operator_session(robin, None, hash)
            .await
            .expect("is started")
    );
    let session = store.operator_session(hash).await.expect("is asked");
    session.expect("is alive").id
}
