//! The way out and back: only the browser that left comes back, once, soon, and with what it took along.

use axum::http::StatusCode;
use kept_app::sso::PROVIDER_SIGN_IN_MINUTES;
use serde_json::json;

use super::site::{BEGIN, REFUSED, Site};
use crate::access::door::Door;

/// So many failures of one address are let pass (`access::attempts`).
const FAILURES_PER_ADDRESS: u32 = 100;

/// What was sent back, with one part of it other.
fn with(sent: &[(String, String)], name: &str, value: Option<&str>) -> Vec<(String, String)> {
    let mut all: Vec<_> = sent.to_vec();
    all.retain(|(found, _)| found != name);
    all.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    all
}

#[tokio::test]
async fn what_comes_back_wrongly_lets_nobody_in() {
    let site = Site::new().await;
    let mut expected = Vec::new();
    let elsewhere = "http://127.0.0.1:1";
    for (name, value, code) in [
        ("state", Some("another"), "state"),
        ("state", None, "state"),
        ("code", None, "code"),
        ("code", Some("another"), "status"),
        ("iss", Some(elsewhere), "iss_parameter"),
        ("iss", None, "iss_parameter"),
        ("error", Some("access_denied"), "error"),
    ] {
        let mut door = site.browser();
        let sent = site.leave(&mut door).await;
        let page = site.back(&mut door, &with(&sent, name, value)).await;
        assert_eq!(page.location(), REFUSED, "{name} {value:?}");
        expected.push(format!("provider {code}"));
        assert_eq!(site.refusals().await, expected, "{name} {value:?}");
        // It was the one try: what was right would not do any more.
        let page = site.back(&mut door, &sent).await;
        assert_eq!(page.location(), "/o/riverside/sign-in?done=sign-in-over");
        assert!(!door.is_in(&site.test).await);
    }
    let asked = site.provider.script().tokens_asked;
    assert_eq!(
        asked, 1,
        "only a good state and issuer get a code exchanged"
    );
}

#[tokio::test]
async fn only_the_browser_that_left_comes_back_and_once_and_soon() {
    let site = Site::new().await;
    let over = "/o/riverside/sign-in?done=sign-in-over";
    let mut victim = site.browser();
    let mut attacker = site.browser();
    let (own, others) = (
        site.leave(&mut victim).await,
        site.leave(&mut attacker).await,
    );
    // Without a cookie, and with the way back of another one.
    let page = site.back(&mut site.browser(), &own).await;
    assert_eq!(page.location(), over);
    let page = site.back(&mut victim, &others).await;
    assert_eq!(page.location(), REFUSED);
    // A code of the attacker in the victim's own frame: PKCE at the provider stops it.
    let own = site.leave(&mut victim).await;
    let code = others.iter().find(|(name, _)| name == "code");
    let injected = with(&own, "code", code.map(|(_, code)| code.as_str()));
    assert_eq!(site.back(&mut victim, &injected).await.location(), REFUSED);
    assert_eq!(site.refusals().await, ["provider state", "provider status"]);
    // Late.
    let late = site.leave(&mut victim).await;
    site.test.clock.advance_minutes(PROVIDER_SIGN_IN_MINUTES);
    assert_eq!(site.back(&mut victim, &late).await.location(), over);
    // Twice.
    let sent = site.leave(&mut victim).await;
    assert_eq!(
        site.back(&mut victim, &sent).await.location(),
        "/o/riverside"
    );
    assert_eq!(site.back(&mut victim, &sent).await.location(), over);
}

#[tokio::test]
async fn two_sign_ins_of_one_browser_are_not_confused() {
    let site = Site::new().await;
    let mut door = site.browser();
    let first = site.leave(&mut door).await;
    let second = site.leave(&mut door).await;
    // The cookie is the second one's: what belongs to the first is another browser's.
    let page = site.back(&mut door, &first).await;
    assert_eq!(page.location(), REFUSED);
    let page = site.back(&mut door, &second).await;
    assert_eq!(page.location(), "/o/riverside/sign-in?done=sign-in-over");
    // An ID token that was made for the one is not good for the other.
    let sent = site.leave(&mut door).await;
    let other = site.leave(&mut site.browser()).await;
    let nonce = other.iter().find(|(name, _)| name == "state");
    let nonce = nonce.map(|(_, state)| state.clone());
    site.provider
        .say(|script| script.claims = json!({"nonce": nonce}));
    assert_eq!(site.back(&mut door, &sent).await.location(), REFUSED);
}

#[tokio::test]
async fn whoever_does_not_say_who_they_are_need_not() {
    let site = Site::new().await;
    let name = "authorization_response_iss_parameter_supported";
    site.provider
        .say(|script| script.document = json!({name: null}));
    // Read again the day after.
    site.test.clock.advance_minutes(24 * 60);
    let mut door = site.browser();
    let sent = site.leave(&mut door).await;
    let page = site.back(&mut door, &with(&sent, "iss", None)).await;
    assert_eq!(page.location(), "/o/riverside");
    // Once it says something, that counts.
    let mut door = site.browser();
    let sent = site.leave(&mut door).await;
    let wrong = with(&sent, "iss", Some("http://127.0.0.1:1"));
    assert_eq!(site.back(&mut door, &wrong).await.location(), REFUSED);
}

#[tokio::test]
async fn nothing_is_set_or_asked_before_the_button_is_pressed() {
    let site = Site::new().await;
    let asked = site.provider.script().documents_asked;
    let mut door = site.browser();
    let page = door.get("/o/riverside/sign-in").await;
    assert!(page.headers.get("set-cookie").is_none());
    assert!(page.text().contains("Sign in with Clinic ID"));
    let page = door.post(BEGIN, &[]).await;
    let cookie = page.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("__Host-kept-provider.riverside="));
    assert!(cookie.ends_with("; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let token = cookie.split(['=', ';']).nth(1).expect("a token");
    assert!(
        !page.body.contains(token),
        "the cookie's own text is not in an address"
    );
    let after = site.provider.script().documents_asked;
    assert_eq!(asked, after);
}

#[tokio::test]
async fn nobody_tries_without_end() {
    let site = Site::new().await;
    let mut door: Door = site.browser();
    let mut often = 0;
    for _ in 0..=FAILURES_PER_ADDRESS {
        let sent = site.leave(&mut door).await;
        let page = site.back(&mut door, &with(&sent, "state", Some("x"))).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        often += usize::from(page.location().ends_with("provider-often"));
    }
    assert!(often >= 1, "counted by the address that asks");
}
