//! From where members may act: inside and outside, for each way in.

pub mod changing;
pub mod past;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use kept_app::access::{
    self, NewNetwork, NewToken, Role, Scope, Standpoint, TokenKind, read_network,
};
use kept_app::audit::{self, Entry};
use kept_app::desk::Peer;
use kept_app::http::{self, Limits};
use kept_base::kit::Actor;
use tower::ServiceExt as _;

use super::door::{DOOR, Door, code_of, with_factor};
use crate::support::desk::Staffer;
use crate::support::may;
use crate::support::{Clinic, TestApp};

const INSIDE: &str = "192.0.2.7";
const OUTSIDE: &str = "198.51.100.7";
/// What holds [`INSIDE`].
const SITE: &str = "192.0.2.0/24";

/// Names a network as the installation would, without a guard.
async fn name(test: &TestApp, clinic: &Clinic, role: Option<Role>, range: &str) {
    let new = NewNetwork {
        role,
        range: read_network(range).expect("a network"),
        note: String::new(),
    };
    // Nobody stands anywhere: what is unknown is outside already, once something holds for all.
    let by = Standpoint {
        role: Some(Role::Owner),
        from: Some(INSIDE.parse().expect("an address")),
    };
    let added = test.app.store.write(clinic.id, Actor::OPERATOR, move |tx| {
        access::add_network(tx, &may(), &new, by)
    });
    added.await.expect("is named");
}

/// What a bearer of a token is answered, by status and body.
async fn bear(test: &TestApp, path: &str, token: &str, from: Option<&str>) -> (u16, String) {
    let mut request = Request::builder();
    if let Some(from) = from {
        request = request.extension(Peer(from.parse().expect("an address")));
    }
    let request = request
        .uri(path)
        .header(header::HOST, "kept.test")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::empty())
        .expect("a request");
    let answer = http::router(&test.app, Limits::default()).oneshot(request);
    let (parts, body) = answer.await.expect("routers do not fail").into_parts();
    let bytes = body.collect().await.expect("a body").to_bytes();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    // Each answer has a request id of its own.
    let text = match text.split_once("req_") {
        Some((before, rest)) => format!("{before}{}", &rest[26..]),
        None => text,
    };
    (parts.status.as_u16(), text)
}

async fn acts(test: &TestApp, clinic: &Clinic) -> Vec<Entry> {
    let all = test.read(clinic.id, |tx| audit::after(tx, 0, 1_000)).await;
    let own = all.into_iter().filter(|one| one.act.starts_with("network"));
    own.collect()
}

fn codes(acts: &[Entry]) -> Vec<&str> {
    acts.iter().map(|one| one.act.as_str()).collect()
}

#[tokio::test]
async fn a_role_acts_from_its_networks_and_others_from_anywhere() {
    for held in [
        None,
        Some(Role::Owner),
        Some(Role::FrontDesk),
        Some(Role::Auditor),
    ] {
        let (test, clinic) = TestApp::with_clinic().await;
        let mut members = Vec::new();
        for role in Role::ALL {
            members.push((role, Staffer::of(&test, &clinic, role).await));
        }
        name(&test, &clinic, held, SITE).await;
        for (role, member) in &members {
            let is_held = held.is_none_or(|held| held == *role);
            let from = |address: &str| member.moved_to(address);
            for (address, is_inside) in [
                (INSIDE, true),
                ("::ffff:192.0.2.9", true),
                (OUTSIDE, false),
                ("2001:db8::7", false),
                ("::ffff:198.51.100.7", false),
            ] {
                let page = from(address).get("/account").await;
                let expected = match is_inside || !is_held {
                    true => StatusCode::OK,
                    false => StatusCode::FORBIDDEN,
                };
                assert_eq!(page.status, expected, "{role:?} {held:?} {address}");
            }
            // An address that nobody knows is outside.
            let expected = if is_held { 403 } else { 200 };
            assert_eq!(member.get("/account").await.status.as_u16(), expected);

            let mut door = Door::of(&test);
            door.from = OUTSIDE.parse().ok();
            let page = door
                .sign_in(&format!("{}@riverside.example", role.code()))
                .await;
            let is_refused = page.location() == format!("{DOOR}/outside");
            assert_eq!(is_refused, is_held, "{role:?} {held:?}");
            assert_eq!(door.is_in(&test).await, !is_held);
            let page = door.get(&format!("{DOOR}/outside")).await;
            let expected = if is_held { 403 } else { 303 };
            assert_eq!(page.status.as_u16(), expected);
            assert!(!page.body.contains("192.0.2"), "which networks is not said");
            door.from = INSIDE.parse().ok();
            door.sign_in(&format!("{}@riverside.example", role.code()))
                .await;
            assert!(door.is_in(&test).await, "{role:?} {held:?}");
        }
    }
}

#[tokio::test]
async fn a_session_that_moves_is_refused_everywhere_and_goes_on_inside() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    owner.prove(&test, &clinic).await;
    name(&test, &clinic, None, SITE).await;
    for member in [&owner, &admin] {
        let (inside, outside) = (member.moved_to(INSIDE), member.moved_to(OUTSIDE));
        assert_eq!(inside.get("/calendar").await.status, StatusCode::OK);
        for path in [
            "/calendar",
            "/account",
            "/settings/networks",
            "/calendar/live",
        ] {
            let page = outside.get(path).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
            assert!(!page.body.contains("192.0.2") && !page.body.contains("Priya Shah"));
        }
        for (path, form) in [
            ("/account/stay", vec![]),
            ("/settings/networks", vec![("network", "198.51.100.0/24")]),
            ("/sign-out", vec![]),
        ] {
            let page = outside.post(path, &form).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(inside.get("/calendar").await.status, StatusCode::OK);
    }
    let text = owner.moved_to(OUTSIDE).get("/calendar").await.text();
    insta::assert_snapshot!(text);
    let text = admin.moved_to(OUTSIDE).get("/calendar").await.text();
    assert!(!text.contains("by a link"), "{text}");
    // Once a minute and member, without an address.
    let acts = acts(&test, &clinic).await;
    assert_eq!(
        codes(&acts),
        ["network.added", "network.refused", "network.refused"]
    );
    assert_eq!(acts[1].actor, format!("member:{}", owner.id));
    assert_eq!(acts[2].subject, admin.id.to_string());
    assert!(acts.iter().all(|act| !act.detail.contains('.')));
}

#[tokio::test]
async fn a_code_a_passkey_and_a_link_let_nobody_in_from_outside() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (member, secret) = with_factor(&test, &clinic, Role::Admin).await;
    let id = member.id;
    name(&test, &clinic, Some(Role::Admin), SITE).await;
    let mut door = Door::of(&test);
    door.from = OUTSIDE.parse().ok();
    // Nobody is told where they stand before they have shown who they are.
    let page = door.sign_in("admin@riverside.example").await;
    assert_eq!(page.location(), format!("{DOOR}/code"));
    test.clock.advance_minutes(1);
    let code = code_of(&test, &secret);
    let page = door.post(&format!("{DOOR}/code"), &[("code", &code)]).await;
    assert_eq!(page.location(), format!("{DOOR}/outside"));
    assert!(!door.is_in(&test).await);

    for purpose in [access::LinkPurpose::Join, access::LinkPurpose::Reset] {
        let link = move |tx: &kept_base::store::Tx<'_>| access::issue_link(tx, purpose, Some(id));
        let link = test.write(clinic.id, link).await;
        let path = format!("/o/riverside/{}/{}", purpose.code(), link.expose());
        let form = [
            ("name", "Robin Vale"),
            ("password", "violet harbour ladder"),
        ];
        assert_eq!(door.get(&path).await.status, StatusCode::FORBIDDEN);
        let page = door.post(&path, &form).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.text().contains("Not from here"), "{}", page.text());
    }
    // Nothing was changed by it: the link and the password are as they were.
    let mut inside = Door::of(&test);
    inside.from = INSIDE.parse().ok();
    let page = inside.sign_in("admin@riverside.example").await;
    assert_eq!(page.location(), format!("{DOOR}/code"));
    let refused = test.read(clinic.id, |tx| audit::after(tx, 0, 1_000)).await;
    let refused = refused.iter().find(|one| one.act == "sign_in.refused");
    assert_eq!(refused.map(|one| one.detail.as_str()), Some("network"));
}

#[tokio::test]
async fn a_step_that_began_inside_does_not_go_on_outside() {
    let (test, clinic) = TestApp::with_clinic().await;
    Staffer::of(&test, &clinic, Role::Staff).await;
    name(&test, &clinic, Some(Role::Staff), SITE).await;
    test.write(clinic.id, |tx| access::expire_passwords(tx, &may()))
        .await;
    let mut door = Door::of(&test);
    door.from = INSIDE.parse().ok();
    let page = door.sign_in("staff@riverside.example").await;
    assert_eq!(page.location(), format!("{DOOR}/password"));
    door.from = OUTSIDE.parse().ok();
    let new = [("password", "violet harbour ladder")];
    let page = door.post(&format!("{DOOR}/password"), &new).await;
    assert!(page.location().contains("done=sign-in-over"));
    let page = door.sign_in("staff@riverside.example").await;
    assert_eq!(page.location(), format!("{DOOR}/outside"), "no step before");
}

#[tokio::test]
async fn a_token_is_sent_from_where_its_maker_may_act() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let by = owner.id;
    let made = test.write(clinic.id, move |tx| {
        let new = |kind, scopes: &[Scope]| NewToken {
            name: "Reports".to_owned(),
            kind,
            scopes: scopes.to_vec(),
            days: 90,
        };
        let api = access::make_token(
            tx,
            &may(),
            by,
            &new(TokenKind::Api, &[Scope::AppointmentsRead]),
        )?;
        let scim = new(TokenKind::Scim, TokenKind::Scim.scopes());
        Ok::<_, access::TokenError>((api, access::make_token(tx, &may(), by, &scim)?))
    });
    let ((api_id, api), (scim_id, scim)) = made.await;
    let installation = clinic.token.clone();
    let users = format!("/scim/v2/{}/Users", clinic.id);
    let appointments = "/api/v1/orgs/riverside/appointments";
    let never = format!("kept_api_{}", "A".repeat(38));
    // What no token is answered, there and here.
    let (nobody, no_user) = (
        bear(&test, appointments, &never, Some(OUTSIDE)).await,
        bear(&test, &users, &never, Some(OUTSIDE)).await,
    );
    assert_eq!((nobody.0, no_user.0), (401, 401));
    for (held, installation_is_held) in [(Some(Role::Owner), false), (None, true)] {
        name(&test, &clinic, held, SITE).await;
        for (path, token, refused) in [
            (appointments, api.expose(), &nobody),
            (users.as_str(), scim.expose(), &no_user),
        ] {
            for from in [INSIDE, "::ffff:192.0.2.8"] {
                assert_eq!(bear(&test, path, token, Some(from)).await.0, 200, "{path}");
            }
            for from in [Some(OUTSIDE), Some("2001:db8::7"), None] {
                assert_eq!(&bear(&test, path, token, from).await, refused, "{path}");
            }
        }
        let answer = bear(&test, appointments, &installation, Some(OUTSIDE)).await;
        let expected = if installation_is_held { 401 } else { 200 };
        assert_eq!(answer.0, expected);
        test.clock.advance_minutes(2);
    }
    // Customers and visitors come from anywhere.
    let services = http::router(&test.app, Limits::default()).oneshot(
        Request::get("/api/v1/orgs/riverside/services")
            .header(header::HOST, "kept.test")
            .body(Body::empty())
            .expect("a request"),
    );
    assert_eq!(services.await.expect("answers").status(), StatusCode::OK);
    let acts = acts(&test, &clinic).await;
    let refused: Vec<&Entry> = acts
        .iter()
        .filter(|one| one.act == "network.refused")
        .collect();
    for id in [api_id, scim_id] {
        let own = refused.iter().filter(|one| one.subject == id.to_string());
        assert_eq!(own.count(), 2, "once a minute");
    }
    assert!(
        refused
            .iter()
            .all(|one| one.actor == format!("token:{}", one.subject))
    );
}
