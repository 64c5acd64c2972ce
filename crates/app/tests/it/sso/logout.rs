//! The provider's orders to end sessions.

use axum::http::StatusCode;
use kept_app::access::MAX_FAILURES_PER_ADDRESS;
use serde_json::{Value, json};

use super::hostile::{CLIENT, changed, sign};
use super::site::{ORDERS, Site};
use crate::access::door::Door;
use crate::support::visitor::{Page, Visitor};

async fn order(site: &Site, token: &str) -> Page {
    let page = Visitor::of(&site.test)
        .post(ORDERS, &[("logout_token", token)])
        .await;
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.body, "");
    page
}

/// Somebody who came in, in a session of the provider.
async fn inside(site: &Site, sub: &str, sid: &str) -> Door {
    let mut door = site.browser();
    let email = format!("{sub}@riverside.example");
    site.provider
        .say(|script| script.claims = json!({"sub": sub, "email": email, "sid": sid}));
    let page = site.come(&mut door).await;
    assert_eq!(page.location(), "/o/riverside", "{sub} {sid}");
    door
}

#[tokio::test]
async fn an_order_ends_the_sessions_of_whom_it_names_at_once() {
    let site = Site::new().await;
    let first = inside(&site, "u-1", "s-1").await;
    let second = inside(&site, "u-1", "s-2").await;
    let other = inside(&site, "u-2", "s-3").await;
    let mut alone = site.browser();
    alone.sign_in("owner@riverside.example").await;
    let by_session = json!({"sub": null, "sid": "s-2", "jti": "a"});
    let page = order(&site, &site.provider.order(&by_session)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(first.is_in(&site.test).await && !second.is_in(&site.test).await);
    // The session of another person is not theirs to end.
    let both = json!({"sub": "u-1", "sid": "s-3", "jti": "b"});
    assert_eq!(
        order(&site, &site.provider.order(&both)).await.status,
        StatusCode::OK
    );
    assert!(other.is_in(&site.test).await && first.is_in(&site.test).await);
    let by_subject = json!({"sub": "u-1", "jti": "c"});
    let page = order(&site, &site.provider.order(&by_subject)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!first.is_in(&site.test).await && other.is_in(&site.test).await);
    assert!(
        alone.is_in(&site.test).await,
        "they came in without the provider"
    );
    // Somebody who is not known here has no sessions.
    let nobody = json!({"sub": "u-9", "jti": "d"});
    assert_eq!(
        order(&site, &site.provider.order(&nobody)).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn an_order_ends_what_began_in_a_session_without_a_name() {
    let site = Site::new().await;
    let mut unnamed = site.browser();
    let page = site
        .come_as(&mut unnamed, "u-1", "u-1@riverside.example")
        .await;
    assert_eq!(page.location(), "/o/riverside");
    let named = inside(&site, "u-1", "s-2").await;
    let order_of_another = json!({"sub": "u-1", "sid": "s-1"});
    let page = order(&site, &site.provider.order(&order_of_another)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!unnamed.is_in(&site.test).await && named.is_in(&site.test).await);
}

#[tokio::test]
async fn a_good_order_does_not_wait_behind_bad_ones() {
    let site = Site::new().await;
    let door = inside(&site, "u-1", "s-1").await;
    let from = Some("192.0.2.9".parse().expect("an address"));
    let mut sender = site.browser();
    sender.from = from;
    let mut statuses = Vec::new();
    for n in 0..=MAX_FAILURES_PER_ADDRESS {
        let other = json!({"aud": "another", "jti": n.to_string()});
        let token = site.provider.order(&other);
        let page = sender.post(ORDERS, &[("logout_token", &token)]).await;
        statuses.push(page.status);
    }
    assert_eq!(statuses.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
    let token = site.provider.order(&json!({"sub": "u-1", "jti": "good"}));
    let page = sender.post(ORDERS, &[("logout_token", &token)]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!door.is_in(&site.test).await);
}

#[tokio::test]
async fn half_a_sign_in_ends_too() {
    let site = Site::new().await;
    let rules = [
        ("factor_role", "staff"),
        ("idle_minutes", "1440"),
        ("session_hours", "336"),
        ("password_days", ""),
    ];
    let saved = site.owner.post("/settings/sign-in", &rules).await;
    assert!(saved.location().contains("done=saved"));
    let mut door = site.browser();
    assert_eq!(
        site.come(&mut door).await.location(),
        "/o/riverside/sign-in/factor"
    );
    let page = order(&site, &site.provider.order(&json!({}))).await;
    assert_eq!(page.status, StatusCode::OK);
    let page = door.get("/o/riverside/sign-in/factor").await;
    assert_eq!(page.location(), "/o/riverside/sign-in?done=sign-in-over");
}

#[tokio::test]
async fn an_order_that_deviates_ends_nothing() {
    let site = Site::new().await;
    let door = inside(&site, "u-1", "s-1").await;
    let event = "http://schemas.openid.net/event/backchannel-logout";
    let mut bad: Vec<(Value, String)> = Vec::new();
    for change in [
        json!({"iss": "http://127.0.0.1:1"}),
        json!({"aud": "another"}),
        json!({"exp": 1}),
        json!({"exp": null}),
        json!({"iat": null}),
        json!({"events": null}),
        json!({"events": {"another": {}}}),
        json!({"events": {event: "x"}}),
        json!({"nonce": "n"}),
        json!({"jti": null}),
        json!({"sub": null}),
        json!({"sub": ""}),
        json!({"sub": null, "sid": 7}),
    ] {
        bad.push((change.clone(), site.provider.order(&change)));
    }
    let good = site.provider.order(&json!({}));
    let parts: Vec<&str> = good.split('.').collect();
    for (what, token) in [
        ("unsigned", format!("{}.{}.", parts[0], parts[1])),
        ("nothing", String::new()),
        ("a word", "token".to_owned()),
        ("another's", {
            let header = json!({"alg": "EdDSA", "kid": "key-1", "typ": "logout+jwt"});
            sign(7, &header, &claims_of(&good))
        }),
        ("an unknown key", {
            let header = json!({"alg": "EdDSA", "kid": "key-7", "typ": "logout+jwt"});
            sign(7, &header, &claims_of(&good))
        }),
        ("an ID token", {
            let header = json!({"alg": "EdDSA", "kid": "key-1", "typ": "JWT"});
            let change = json!({"events": null, "nonce": "n", "jti": null, "aud": CLIENT});
            sign(1, &header, &changed(&claims_of(&good), &change))
        }),
    ] {
        bad.push((json!(what), token));
    }
    for (what, token) in bad {
        let page = order(&site, &token).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{what}");
        assert!(door.is_in(&site.test).await, "{what}");
    }
    assert_eq!(order(&site, &good).await.status, StatusCode::OK);
    assert!(!door.is_in(&site.test).await);
    // And never again, though they come back.
    let door = inside(&site, "u-1", "s-1").await;
    assert_eq!(order(&site, &good).await.status, StatusCode::BAD_REQUEST);
    assert!(door.is_in(&site.test).await);
}

fn claims_of(token: &str) -> Value {
    let part = token.split('.').nth(1).expect("claims");
    let bytes = data_encoding::BASE64URL_NOPAD.decode(part.as_bytes());
    serde_json::from_slice(&bytes.expect("base64url")).expect("JSON")
}

#[tokio::test]
async fn without_a_provider_there_is_nobody_to_give_orders() {
    let (test, _) = crate::support::TestApp::with_clinic().await;
    let page = Visitor::of(&test)
        .post(ORDERS, &[("logout_token", "a.b.c")])
        .await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    let nowhere = Visitor::of(&test)
        .post("/o/nobody/provider-logout", &[("logout_token", "a.b.c")])
        .await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}
