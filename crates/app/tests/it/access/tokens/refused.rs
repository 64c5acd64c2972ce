//! A token that is known and may not.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use kept_app::access::{self, NewToken, Role, Scope, TokenError, TokenKind};
use kept_app::audit;
use kept_app::http::{Limits, router};
use kept_base::kit::Token;
use tower::ServiceExt as _;

use crate::support::desk::Staffer;
use crate::support::{TestApp, may};

#[tokio::test]
async fn a_token_that_is_refused_is_in_the_audit_log() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    let id = admin.id;
    let made = test.write(clinic.id, move |tx| {
        let api = NewToken {
            name: "Reports".to_owned(),
            kind: TokenKind::Api,
            scopes: vec![Scope::AppointmentsRead],
            days: 30,
        };
        let scim = NewToken {
            kind: TokenKind::Scim,
            scopes: TokenKind::Scim.scopes().to_vec(),
            ..api.clone()
        };
        let (_, api) = access::make_token(tx, &may(), id, &api)?;
        let (_, scim) = access::make_token(tx, &may(), id, &scim)?;
        Ok::<_, TokenError>((api, scim))
    });
    let (api, scim) = made.await;
    let users = format!("/scim/v2/{}/Users", clinic.id);
    let ask = async |path: &str, token: &Token| {
        let request = Request::get(path)
            .header("host", "kept.test")
            .header("authorization", format!("Bearer {}", token.expose()))
            .body(Body::empty());
        let router = router(&test.app, Limits::default());
        let answer = router.oneshot(request.expect("a request")).await;
        answer.expect("answers").status()
    };
    let people = "/api/v1/orgs/riverside/people";
    let appointments = "/api/v1/orgs/riverside/appointments";
    assert_eq!(ask(appointments, &api).await, StatusCode::OK);
    assert_eq!(ask(&users, &scim).await, StatusCode::OK);
    // Once within a minute, however often.
    for _ in 0..3 {
        assert_eq!(ask(people, &api).await, StatusCode::FORBIDDEN);
    }
    let role = [("role", "staff")];
    owner.post(&format!("/members/{}", admin.id), &role).await;
    assert_eq!(ask(&users, &scim).await, StatusCode::FORBIDDEN);
    // A token that is none is nobody's.
    assert_eq!(ask(people, &scim).await, StatusCode::UNAUTHORIZED);
    let all = test.read(clinic.id, |tx| audit::after(tx, 0, 1_000)).await;
    let refused = all.iter().filter(|entry| entry.act == "right.refused");
    let refused: Vec<_> = refused
        .map(|entry| {
            assert_eq!(entry.actor, format!("token:{}", entry.subject));
            entry.detail.as_str()
        })
        .collect();
    assert_eq!(refused, ["people.see", "members.provision"]);
}
