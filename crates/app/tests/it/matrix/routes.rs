//! Every route against everybody: whoever has no business there, and every role. What is expected
//! follows from the lists of routes and the policy alone.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use kept_app::access::{self, MemberError, Right, Role};
use kept_app::console;
use kept_app::desk::Peer;
use kept_app::http::{self, Limits, api, desk_routes, open_routes, operator_routes};
use kept_app::ids::MemberId;
use kept_app::page::Door;
use kept_base::kit::Actor;
use kept_base::store::Error;
use tower::ServiceExt as _;

use super::world::World;
use crate::support::TestApp;
use crate::support::desk::{PASSWORD, Staffer};
use crate::support::may;
use crate::support::visitor::{Page, Visitor};

/// What lets somebody through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    Open(Door),
    Member(Right),
    Operator,
    Token(Right),
}

/// Everything that Kept answers at, as (method, path, what it needs).
fn every_route() -> Vec<(String, String, Needs)> {
    let open = open_routes();
    let open = open.list().iter();
    let mut all: Vec<_> = open
        .map(|route| (route.method, route.path.clone(), Needs::Open(route.door)))
        .collect();
    let desk = desk_routes();
    let desk = desk.list().iter();
    all.extend(desk.map(|route| (route.method, route.path.clone(), Needs::Member(route.right))));
    let operators = operator_routes();
    let operators = operators.list().iter();
    all.extend(operators.map(|route| (route.method, route.path.clone(), Needs::Operator)));
    let api = api::ROUTES.iter();
    all.extend(api.map(|route| {
        (
            route.method,
            route.path.to_owned(),
            Needs::Token(route.needs.right),
        )
    }));
    let mut all: Vec<_> = all
        .into_iter()
        .map(|(method, path, needs)| (method.to_uppercase(), path, needs))
        .collect();
    all.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
    all
}

#[test]
fn every_route_and_what_it_needs() {
    let lines = every_route().into_iter().map(|(method, path, needs)| {
        let needs = match needs {
            Needs::Open(door) => door.code().to_owned(),
            Needs::Member(right) => format!("member {}", right.code()),
            Needs::Operator => "operator".to_owned(),
            Needs::Token(right) => format!("token {}", right.code()),
        };
        format!("{method:<7}{path:<60}{needs}")
    });
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}

/// The address of a route at riverside, with something that exists nowhere for each parameter.
pub fn address(path: &str) -> String {
    let segments = path.split('/').map(|segment| match segment {
        "{org}" => "riverside",
        segment if segment.starts_with('{') => "nothing",
        segment => segment,
    });
    segments.collect::<Vec<_>>().join("/")
}

/// Somebody who has no business at riverside, and what they send to get in.
struct Outsider {
    who: &'static str,
    cookie: String,
    token: Option<String>,
}

async fn ask(test: &TestApp, (method, path): (&str, &str), outsider: &Outsider) -> Page {
    let kind = if path.starts_with("/api/") {
        "application/json"
    } else {
        "application/x-www-form-urlencoded"
    };
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "kept.test")
        .header(header::COOKIE, &outsider.cookie)
        .header(header::CONTENT_TYPE, kind);
    if let Some(token) = &outsider.token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    // From an address of their own each: tries to sign in are counted by it.
    let number = outsider
        .who
        .bytes()
        .fold(1, |sum: u8, byte| sum.wrapping_mul(31).wrapping_add(byte));
    let from = Peer(std::net::Ipv4Addr::new(192, 0, 2, number).into());
    let request = request
        .extension(from)
        .body(Body::empty())
        .expect("a request");
    let answer = http::router(&test.app, Limits::default())
        .oneshot(request)
        .await;
    let (parts, body) = answer.unwrap_or_else(|never| match never {}).into_parts();
    // A stream of changes has no end to wait for.
    let is_stream = (parts.headers.get(header::CONTENT_TYPE))
        .is_some_and(|kind| kind.as_bytes() == b"text/event-stream");
    let bytes = match is_stream {
        true => axum::body::Bytes::new(),
        false => body.collect().await.expect("a body").to_bytes(),
    };
    Page {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

/// A member of riverside of whom something was changed by its owner.
async fn once(world: &World, name: &str, path: &str, form: &[(&str, &str)]) -> Staffer {
    let email = format!("{name}@riverside.example");
    let member = Staffer::named(&world.test, &world.ours.clinic, Role::Admin, &email).await;
    let path = format!("/members/{}{path}", member.id);
    let done = world.ours.owner.post(&path, form).await;
    assert!(done.location().contains("done=saved"), "{}", done.text());
    member
}

/// A session of somebody who was invited and has not joined, as if they had got one.
async fn invited(world: &World) -> String {
    let token = world.test.write(world.ours.clinic.id, |tx| {
        let all = access::members(tx)?;
        let waiting = all
            .iter()
            .find(|member| member.state == access::MemberState::Invited);
        let id: MemberId = waiting.ok_or(MemberError::Unknown)?.id;
        Ok::<_, MemberError>(access::start_session(tx, id, access::Device::UNKNOWN)?)
    });
    format!("__Host-kept-riverside={}", token.await.expose())
}

/// The session of an operator.
async fn operator(test: &TestApp) -> String {
    let token = console::add(&test.app.store, "robin", Actor::OPERATOR).await;
    let link = console::link_url("", &token.expect("is added"));
    let joined = Visitor::of(test)
        .post(&link, &[("password", PASSWORD)])
        .await;
    let cookie = joined.header("set-cookie").expect("a cookie");
    let (_, rest) = cookie.split_once('=').expect("a value");
    rest.split(';').next().unwrap_or_default().to_owned()
}

async fn outsiders(world: &World) -> Vec<Outsider> {
    let (test, ours) = (&world.test, &world.ours);
    let suspended = once(world, "gone", "", &[("state", "suspended")]).await;
    let removed = once(world, "left", "/removal", &[]).await;
    let signed_out = Staffer::named(test, &ours.clinic, Role::Owner, "out@riverside.example").await;
    signed_out.post("/sign-out", &[]).await;
    let elsewhere = world.theirs.owner.cookie().to_owned();
    let in_disguise = world.theirs.owner.at("riverside").cookie().to_owned();
    let revoked = test.write(ours.clinic.id, |tx| {
        let (id, token) = access::create_token(tx, "old", &access::Scope::ALL)?;
        access::revoke_token(tx, &may(), id)?;
        Ok::<_, Error>(token)
    });
    let operator = operator(test).await;
    let by_cookie = |who, cookie: String| Outsider {
        who,
        cookie,
        token: None,
    };
    let by_token = |who, token: String| Outsider {
        who,
        cookie: String::new(),
        token: Some(token),
    };
    vec![
        by_cookie("anonymous", String::new()),
        by_cookie("other owner", elsewhere),
        by_cookie("other owner in disguise", in_disguise),
        by_cookie("suspended", suspended.cookie().to_owned()),
        by_cookie("invited", invited(world).await),
        by_cookie("removed", removed.cookie().to_owned()),
        by_cookie("signed out", signed_out.cookie().to_owned()),
        by_cookie("operator", format!("__Secure-kept-operator={operator}")),
        by_cookie(
            "operator in disguise",
            format!("__Host-kept-riverside={operator}"),
        ),
        by_token(
            "other organization's token",
            world.theirs.clinic.token.clone(),
        ),
        by_token("revoked token", revoked.await.expose().to_owned()),
    ]
}

/// What somebody is answered, in a word.
fn outcome(page: &Page) -> &'static str {
    match (page.status, page.header("location").unwrap_or_default()) {
        (StatusCode::SEE_OTHER, to) if to.starts_with("/o/riverside/sign-in") => "sign-in",
        (StatusCode::SEE_OTHER, to) if to.starts_with("/operator/sign-in") => "operator sign-in",
        (StatusCode::UNAUTHORIZED, _) => "401",
        (StatusCode::FORBIDDEN, _) => "403",
        (status, _) if status.is_server_error() => "a fault",
        _ => "passes",
    }
}

fn expected((path, needs): (&str, Needs), outsider: &Outsider) -> &'static str {
    let is_operator = outsider.who == "operator";
    match needs {
        Needs::Open(Door::Step) if path.starts_with("/operator/") => "operator sign-in",
        Needs::Member(_) | Needs::Open(Door::Step) => "sign-in",
        Needs::Operator if is_operator => "passes",
        Needs::Operator => "operator sign-in",
        Needs::Open(Door::Token) => "401",
        Needs::Token(_) if outsider.token.is_some() => "401",
        Needs::Token(Right::SeeOffering | Right::Book) | Needs::Open(_) => "passes",
        Needs::Token(_) => "401",
    }
}

#[tokio::test]
async fn nobody_passes_who_has_no_business_there() {
    let world = World::new().await;
    let outsiders = outsiders(&world).await;
    for (method, path, needs) in every_route() {
        let url = match needs {
            // A directory knows the organization by its id.
            Needs::Open(Door::Token) => path.replace("{org}", &world.ours.clinic.id.to_string()),
            _ => address(&path),
        };
        let asked = (method.as_str(), url.as_str());
        let stranger = ask(&world.test, asked, &outsiders[0]).await;
        for outsider in &outsiders {
            // Signing out ends what the others of this test go on with.
            if outsider.who == "operator" && path.ends_with("/sign-out") {
                continue;
            }
            let page = ask(&world.test, asked, outsider).await;
            let what = format!("{}: {method} {path}", outsider.who);
            assert_eq!(outcome(&page), expected((&path, needs), outsider), "{what}");
            // Where nothing is needed nobody is anybody: a cookie or a token changes nothing.
            if matches!(needs, Needs::Open(_)) && !path.starts_with("/operator/") {
                assert_eq!(page.status, stranger.status, "{what}");
                assert_eq!(page.body.len(), stranger.body.len(), "{what}");
            }
        }
    }
}

#[tokio::test]
async fn a_session_that_ran_out_opens_nothing() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    test.clock
        .advance_minutes(i64::from(access::SESSION_HOURS) * 60);
    let late = Outsider {
        who: "late",
        cookie: owner.cookie().to_owned(),
        token: None,
    };
    for (method, path, needs) in every_route() {
        if matches!(needs, Needs::Member(_)) {
            let page = ask(&test, (&method, &address(&path)), &late).await;
            assert_eq!(outcome(&page), "sign-in", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_role_passes_where_the_policy_says() {
    let (test, clinic) = TestApp::with_clinic().await;
    for role in Role::ALL {
        let member = Staffer::of(&test, &clinic, role).await;
        let id = member.id;
        for (method, path, needs) in every_route() {
            let Needs::Member(right) = needs else {
                continue;
            };
            // A fresh session each time: some routes end them.
            let start = move |tx: &kept_base::store::Tx<'_>| {
                access::start_session(tx, id, access::Device::UNKNOWN)
            };
            let token = test.write(clinic.id, start).await;
            let inside = Outsider {
                who: role.code(),
                cookie: format!("__Host-kept-riverside={}", token.expose()),
                token: None,
            };
            let page = ask(&test, (&method, &address(&path)), &inside).await;
            let is_allowed = access::extent(role, right).is_some();
            let what = format!("{} {method} {path} {}", role.code(), page.status);
            assert_eq!(page.status == StatusCode::FORBIDDEN, !is_allowed, "{what}");
            assert!(!page.status.is_server_error(), "{what}");
        }
    }
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
