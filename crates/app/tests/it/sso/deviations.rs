//! Each way in which a provider, or somebody between, can deviate: each is refused for its own reason, with one
//! and the same answer, and lets nobody in.

use kept_base::kit::Clock as _;
use serde_json::{Value, json};

use super::hostile::{Manner, Script, Signed};
use super::site::{REFUSED, Site};

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
