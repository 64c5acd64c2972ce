//! Each way in which a provider, or somebody between, can deviate: each is refused for its own reason, with one
//! and the same answer, and lets nobody in.

use axum::http::StatusCode;
use kept_app::access::MAX_FAILURES_PER_ADDRESS;
use kept_app::sso::PROVIDER_SIGN_IN_MINUTES;
use kept_base::kit::Clock as _;
use serde_json::{Value, json};

use super::hostile::{Manner, Script, Signed};
use super::site::{BEGIN, REFUSED, Site};
use crate::access::door::Door;

type Change = Box<dyn FnOnce(&mut Script)>;

fn claims(change: Value) -> Change {
    Box::new(move |script| script.claims = change)
}

fn header(change: Value) -> Change {
    Box::new(move |script| script.header = change)
}

fn signed(how: Signed) -> Change {
    Box::new(move |script| script.signed = how)
}

fn tokens(how: Manner) -> Change {
    Box::new(move |script| script.tokens = how)
}

fn says(text: &str) -> Change {
    tokens(Manner::Says(text.to_owned()))
}

/// What deviates, and the code it is refused with.
fn deviations(now: i64) -> Vec<(&'static str, Change, &'static str)> {
    vec![
        (
            "issuer",
            claims(json!({"iss": "http://127.0.0.1:1"})),
            "iss",
        ),
        ("no issuer", claims(json!({"iss": null})), "iss"),
        ("audience", claims(json!({"aud": "another"})), "aud"),
        (
            "two audiences and nobody it was made for",
            claims(json!({"aud": ["kept-of-riverside", "another"]})),
            "azp",
        ),
        ("made for another", claims(json!({"azp": "another"})), "azp"),
        ("over", claims(json!({"exp": now - 60})), "exp"),
        ("without an end", claims(json!({"exp": null})), "exp"),
        ("not yet", claims(json!({"nbf": now + 120})), "iat"),
        ("from tomorrow", claims(json!({"iat": now + 86_400})), "iat"),
        ("another's nonce", claims(json!({"nonce": "n"})), "nonce"),
        ("no nonce", claims(json!({"nonce": null})), "nonce"),
        ("no subject", claims(json!({"sub": ""})), "sub"),
        ("a long one", claims(json!({"sub": "x".repeat(256)})), "sub"),
        (
            "another access token",
            claims(json!({"at_hash": "AAAA"})),
            "at_hash",
        ),
        ("no algorithm", signed(Signed::None), "alg"),
        ("a shared secret", signed(Signed::ByPublicKey), "alg"),
        (
            "another's signature",
            signed(Signed::ByAnother),
            "signature",
        ),
        (
            "changed afterwards",
            signed(Signed::ThenChanged),
            "signature",
        ),
        ("an unknown key", header(json!({"kid": "key-9"})), "kid"),
        (
            "its own key",
            header(json!({"jwk": {"kty": "OKP"}})),
            "header",
        ),
        (
            "a key elsewhere",
            header(json!({"jku": "http://127.0.0.1:1/"})),
            "header",
        ),
        (
            "an order to sign out",
            header(json!({"typ": "logout+jwt"})),
            "typ",
        ),
        (
            "not vouched for",
            claims(json!({"email_verified": false})),
            "email_verified",
        ),
        (
            "nothing said of it",
            claims(json!({"email_verified": null})),
            "email_verified",
        ),
        (
            "said as a text",
            claims(json!({"email_verified": "true"})),
            "email_verified",
        ),
        (
            "no address",
            claims(json!({"email": null})),
            "email_verified",
        ),
        (
            "another domain",
            claims(json!({"email": "toni@elsewhere.example"})),
            "domain",
        ),
        (
            "a domain below",
            claims(json!({"email": "toni@x.riverside.example"})),
            "domain",
        ),
        (
            "two addresses",
            claims(json!({"email": "a@riverside.example,b@elsewhere.example"})),
            "email_verified",
        ),
        ("leads elsewhere", tokens(Manner::Redirect), "redirect"),
        ("too long", tokens(Manner::TooLong), "too_long"),
        ("too late", tokens(Manner::Never), "too_late"),
        ("a page", tokens(Manner::Html), "kind"),
        ("an error", tokens(Manner::Fails), "status"),
        ("no JSON", says("<html>"), "json"),
        (
            "said twice",
            says("{\"id_token\":\"a\",\"id_token\":\"b\"}"),
            "json",
        ),
        (
            "no ID token",
            says("{\"token_type\":\"Bearer\"}"),
            "token_answer",
        ),
        (
            "another type",
            says("{\"token_type\":\"DPoP\",\"id_token\":\"a.b.c\"}"),
            "token_answer",
        ),
        (
            "no token",
            says("{\"token_type\":\"Bearer\",\"id_token\":\"abc\"}"),
            "malformed",
        ),
    ]
}

#[tokio::test]
async fn what_the_provider_says_wrongly_lets_nobody_in() {
    let site = Site::new().await;
    let before = site.test.rows(site.clinic.id).await;
    let mut expected = Vec::new();
    let all = deviations(site.test.clock.now().as_second());
    assert!(all.len() >= 30);
    for (what, change, code) in all {
        let (door, page) = site.come_while(change).await;
        assert_eq!(page.location(), REFUSED, "{what}");
        assert!(!door.is_in(&site.test).await, "{what}");
        expected.push(format!("provider {code}"));
        assert_eq!(site.refusals().await, expected, "{what}");
    }
    let after = site.test.rows(site.clinic.id).await;
    for table in [
        "member",
        "identity",
        "session",
        "pending_sign_in",
        "provider_sign_in",
    ] {
        assert_eq!(after[table], before[table], "{table}");
    }
    // And with nothing wrong somebody comes in.
    let mut door = site.browser();
    assert_eq!(site.come(&mut door).await.location(), "/o/riverside");
    assert!(door.is_in(&site.test).await);
}

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
async fn a_provider_that_became_another_is_not_believed() {
    let site = Site::new().await;
    for (change, code) in [
        (json!({"issuer": "http://127.0.0.1:1"}), "document_issuer"),
        (json!({"token_endpoint": null}), "document"),
        (json!({"jwks_uri": "ftp://127.0.0.1/"}), "document_address"),
        (
            json!({"code_challenge_methods_supported": ["plain"]}),
            "document",
        ),
    ] {
        site.provider.say(|script| script.document = change);
        site.test.clock.advance_minutes(24 * 60);
        let mut door = site.browser();
        assert_eq!(site.come(&mut door).await.location(), REFUSED);
        let last = site.refusals().await.pop();
        assert_eq!(last, Some(format!("provider {code}")));
    }
    // An address that nobody allowed is not asked, whatever the document says.
    for (address, code) in [
        ("http://127.0.0.2:1/token", "plain"),
        ("https://127.0.0.2/token", "denied"),
        ("https://169.254.169.254/latest", "denied"),
        ("https://[::1]/token", "denied"),
    ] {
        site.provider
            .say(|script| script.document = json!({"token_endpoint": address}));
        site.test.clock.advance_minutes(24 * 60);
        let mut door = site.browser();
        assert_eq!(site.come(&mut door).await.location(), REFUSED);
        let last = site.refusals().await.pop();
        assert_eq!(last, Some(format!("provider {code}")), "{address}");
    }
    // While it cannot be asked, what it said before holds.
    site.provider.say(|script| {
        script.document = json!({});
    });
    site.test.clock.advance_minutes(24 * 60);
    assert_eq!(
        site.come(&mut site.browser()).await.location(),
        "/o/riverside"
    );
    site.provider
        .say(|script| script.document_manner = Manner::Fails);
    site.test.clock.advance_minutes(24 * 60);
    assert_eq!(
        site.come(&mut site.browser()).await.location(),
        "/o/riverside"
    );
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
    for _ in 0..=MAX_FAILURES_PER_ADDRESS {
        let sent = site.leave(&mut door).await;
        let page = site.back(&mut door, &with(&sent, "state", Some("x"))).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        often += usize::from(page.location().ends_with("provider-often"));
    }
    assert!(often >= 1, "counted by the address that asks");
}
