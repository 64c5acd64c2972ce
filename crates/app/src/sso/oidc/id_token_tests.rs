use serde_json::json;

use super::super::samples::{CLIENT, ISSUER, NONCE, Signer, changed, header, now};
use super::*;

fn claims() -> Value {
    let now = now().as_second();
    json!({
        "iss": ISSUER, "aud": CLIENT, "sub": "u-1", "nonce": NONCE, "iat": now, "exp": now + 300,
        "email": "ama@clinic.example", "email_verified": true, "name": "Ama Okafor",
    })
}

fn expected() -> Expected<'static> {
    Expected {
        issuer: ISSUER,
        client_id: CLIENT,
        nonce: NONCE,
        access_token: Some("access"),
        asked_at: None,
        now: now(),
    }
}

fn read(head: &Value, body: &Value) -> Result<IdToken, Refusal> {
    let signer = Signer::new(7);
    read_id_token(&signer.sign(head, body), &signer.keys(), &expected())
}

#[test]
fn a_good_token_says_who_it_is() {
    for alg in ["EdDSA", "ES256"] {
        let kid = if alg == "ES256" { "ec" } else { "ed" };
        let token = read(&json!({"alg": alg, "kid": kid}), &claims()).expect("a good token");
        assert_eq!(token.subject, "u-1");
        assert_eq!(token.verified_email.as_deref(), Some("ama@clinic.example"));
        assert_eq!(token.name.as_deref(), Some("Ama Okafor"));
        assert!(!token.two_factors && token.session.is_none());
    }
}

#[test]
fn each_claim_that_deviates_is_refused_for_itself() {
    let at = now().as_second();
    let long = "x".repeat(256);
    for (change, refusal) in [
        (json!({"iss": null}), Refusal::Issuer),
        (json!({"iss": "https://id.example/"}), Refusal::Issuer),
        (json!({"iss": [ISSUER]}), Refusal::Issuer),
        (json!({"aud": null}), Refusal::Audience),
        (json!({"aud": "other"}), Refusal::Audience),
        (json!({"aud": []}), Refusal::Audience),
        (json!({"aud": [CLIENT, 7]}), Refusal::Audience),
        (json!({"aud": [CLIENT, "other"]}), Refusal::AuthorizedParty),
        (
            json!({"aud": [CLIENT, "other"], "azp": "other"}),
            Refusal::AuthorizedParty,
        ),
        (json!({"azp": "other"}), Refusal::AuthorizedParty),
        (json!({"azp": 7}), Refusal::AuthorizedParty),
        (json!({"exp": null}), Refusal::Expired),
        (json!({"exp": at - SKEW_SECONDS}), Refusal::Expired),
        (json!({"exp": "later"}), Refusal::Claim),
        (json!({"iat": null}), Refusal::Early),
        (json!({"iat": at + SKEW_SECONDS + 1}), Refusal::Early),
        (json!({"nbf": at + SKEW_SECONDS + 1}), Refusal::Early),
        (json!({"nonce": null}), Refusal::Nonce),
        (json!({"nonce": "n-2"}), Refusal::Nonce),
        (json!({"at_hash": "AAAA"}), Refusal::AccessToken),
        (json!({"sub": null}), Refusal::Subject),
        (json!({"sub": ""}), Refusal::Subject),
        (json!({"sub": 7}), Refusal::Subject),
        (json!({"sub": long}), Refusal::Subject),
        (json!({"sub": "ü"}), Refusal::Subject),
        (json!({"sid": 7}), Refusal::Claim),
        (json!({"auth_time": "now"}), Refusal::Claim),
        (json!({"auth_time": at + SKEW_SECONDS + 1}), Refusal::Stale),
        (json!({"auth_time": at * 1_000}), Refusal::Stale),
    ] {
        let found = read(&header(), &changed(&claims(), &change));
        assert_eq!(found.err(), Some(refusal), "{change}");
    }
    for change in [
        json!({"exp": at - SKEW_SECONDS + 1}),
        json!({"iat": at + SKEW_SECONDS, "nbf": at + SKEW_SECONDS}),
        json!({"exp": (at + 1) as f64 + 0.5}),
        json!({"aud": [CLIENT]}),
        json!({"aud": [CLIENT, "other"], "azp": CLIENT}),
        json!({"sub": "x".repeat(255)}),
        json!({"sid": "s-1"}),
    ] {
        let found = read(&header(), &changed(&claims(), &change));
        assert!(found.is_ok(), "{change} {found:?}");
    }
}

#[test]
fn each_header_that_deviates_is_refused_for_itself() {
    for (change, refusal) in [
        (json!({"alg": "none"}), Refusal::Algorithm),
        (json!({"alg": "None"}), Refusal::Algorithm),
        (json!({"alg": "HS256"}), Refusal::Algorithm),
        (json!({"alg": "RS1"}), Refusal::Algorithm),
        (json!({"alg": null}), Refusal::Algorithm),
        (json!({"alg": ["EdDSA"]}), Refusal::Algorithm),
        // The key of the id is of another kind.
        (json!({"alg": "RS256"}), Refusal::Key),
        (json!({"kid": "ec"}), Refusal::Key),
        (json!({"kid": "other"}), Refusal::UnknownKey),
        (json!({"kid": 7}), Refusal::Header),
        (json!({"typ": "logout+jwt"}), Refusal::Type),
        (json!({"typ": "at+jwt"}), Refusal::Type),
        (json!({"typ": 7}), Refusal::Type),
        (json!({"jwk": {"kty": "OKP"}}), Refusal::Header),
        (
            json!({"jku": "https://elsewhere.example/"}),
            Refusal::Header,
        ),
        (
            json!({"x5u": "https://elsewhere.example/"}),
            Refusal::Header,
        ),
        (json!({"x5c": ["AAAA"]}), Refusal::Header),
        (json!({"crit": ["exp"]}), Refusal::Header),
        (json!({"b64": false}), Refusal::Header),
    ] {
        let found = read(&changed(&header(), &change), &claims());
        assert_eq!(found.err(), Some(refusal), "{change}");
    }
    // Without an id the one key of the kind is meant.
    assert!(read(&changed(&header(), &json!({"kid": null})), &claims()).is_ok());
    assert!(
        read(
            &changed(&header(), &json!({"typ": "application/JWT"})),
            &claims()
        )
        .is_ok()
    );
}

#[test]
fn a_signature_is_of_this_token_by_this_key() {
    let (signer, other) = (Signer::new(7), Signer::new(8));
    let good = signer.sign(&header(), &claims());
    let read = |token: &str| read_id_token(token, &signer.keys(), &expected()).err();
    assert_eq!(read(&good), None);
    let forged = other.sign(&header(), &claims());
    assert_eq!(read(&forged), Some(Refusal::Signature));
    let evil = signer.sign(&header(), &changed(&claims(), &json!({"sub": "u-2"})));
    let parts: Vec<&str> = good.split('.').collect();
    let body = evil.split('.').nth(1).expect("a body");
    for (token, refusal) in [
        (
            format!("{}.{body}.{}", parts[0], parts[2]),
            Refusal::Signature,
        ),
        (format!("{}.{}.", parts[0], parts[1]), Refusal::Signature),
        (format!("{}.{}", parts[0], parts[1]), Refusal::Malformed),
        (format!("{good}.x"), Refusal::Malformed),
        (format!("{good}="), Refusal::Malformed),
        (format!(" {good}"), Refusal::Malformed),
        (String::new(), Refusal::Malformed),
        (
            "a".repeat(jws::MAX_SIGNED_TOKEN_BYTES + 1),
            Refusal::Malformed,
        ),
    ] {
        assert_eq!(read(&token), Some(refusal), "{token}");
    }
}

#[test]
fn the_access_token_is_the_one_beside_it() {
    let hash = BASE64URL_NOPAD.encode(&Sha512::digest(b"access")[..32]);
    let with = changed(&claims(), &json!({"at_hash": hash}));
    assert!(read(&header(), &with).is_ok());
    let ec = json!({"alg": "ES256", "kid": "ec"});
    assert_eq!(read(&ec, &with).err(), Some(Refusal::AccessToken));
    let half = BASE64URL_NOPAD.encode(&Sha256::digest(b"access")[..16]);
    assert!(read(&ec, &changed(&claims(), &json!({"at_hash": half}))).is_ok());
    let signer = Signer::new(7);
    let alone = Expected {
        access_token: None,
        ..expected()
    };
    let found = read_id_token(&signer.sign(&header(), &with), &signer.keys(), &alone);
    assert_eq!(found.err(), Some(Refusal::AccessToken));
}

#[test]
fn an_address_counts_only_when_the_provider_vouches_for_it() {
    let email = |issuer: &str, change: Value| {
        let body = changed(&claims(), &change);
        let claims = Claims(body.as_object().expect("claims").clone());
        verified_email(&claims, issuer)
    };
    let entra = "https://login.microsoftonline.com/7a/v2.0";
    assert!(email(ISSUER, json!({})).is_some());
    for change in [
        json!({"email_verified": false}),
        json!({"email_verified": null}),
        json!({"email_verified": "true"}),
        json!({"email_verified": 1}),
        json!({"email_verified": null, "xms_edov": true}),
        json!({"email": null}),
    ] {
        assert_eq!(email(ISSUER, change.clone()), None, "{change}");
    }
    for (edov, is_taken) in [
        (json!(true), true),
        (json!(1), true),
        (json!("1"), true),
        (json!("true"), true),
        (json!(false), false),
        (json!("0"), false),
        (Value::Null, false),
    ] {
        let change = json!({"email_verified": null, "xms_edov": edov});
        assert_eq!(email(entra, change).is_some(), is_taken, "{edov}");
    }
    let denied = json!({"email_verified": false, "xms_edov": true});
    assert_eq!(email(entra, denied), None);
    let google = "https://accounts.google.com";
    assert_eq!(email(google, json!({})), None);
    assert_eq!(email(google, json!({"hd": ""})), None);
    assert!(email(google, json!({"hd": "clinic.example"})).is_some());
}

#[test]
fn what_is_said_beside_the_token_adds_and_changes_nothing() {
    let more = |token: Value, more: Value| {
        let token = read(&header(), &changed(&claims(), &token)).expect("a good token");
        token.and_more(more.to_string().as_bytes(), ISSUER)
    };
    let silent = json!({"email": null, "email_verified": null, "name": null});
    let said = json!({"sub": "u-1", "email": "bo@clinic.example", "email_verified": true,
        "name": "Bo", "groups": ["desk"], "iss": "x"});
    let token = more(silent.clone(), said.clone()).expect("more");
    assert_eq!(token.verified_email.as_deref(), Some("bo@clinic.example"));
    assert_eq!(token.name.as_deref(), Some("Bo"));
    assert!(token.claims.get("groups").is_some());
    assert_eq!(token.claims.text("iss"), Some(ISSUER));
    // An address here and the word for it there make no address that is vouched for.
    let unsaid = more(json!({"email_verified": null}), said).expect("more");
    assert_eq!(unsaid.verified_email, None);
    assert_eq!(unsaid.name.as_deref(), Some("Ama Okafor"));
    for other in [
        json!({"email": "bo@clinic.example", "email_verified": true}),
        json!({"sub": "u-2"}),
    ] {
        let found = more(silent.clone(), other);
        assert_eq!(found.err(), Some(Refusal::Subject));
    }
}

#[test]
fn two_factors_are_two_of_different_kinds() {
    for (change, is_so) in [
        (json!({}), false),
        (json!({"amr": ["pwd"]}), false),
        (json!({"amr": ["pwd", "pin"]}), false),
        (json!({"amr": ["hwk"]}), false),
        (json!({"amr": ["pwd", "otp"]}), true),
        (json!({"amr": ["hwk", "fpt"]}), true),
        (json!({"amr": ["mfa"]}), true),
        (json!({"amr": "mfa"}), false),
        (json!({"acr": "phr"}), true),
        (json!({"acr": "1"}), false),
    ] {
        let token = read(&header(), &changed(&claims(), &change)).expect("a good token");
        assert_eq!(token.two_factors, is_so, "{change}");
    }
}

#[test]
fn whoever_was_to_show_again_who_they_are_did() {
    let at = now().as_second();
    let signer = Signer::new(7);
    let again = Expected {
        asked_at: Some(now()),
        ..expected()
    };
    for (auth_time, refusal) in [
        (json!(at), None),
        (json!(at - SKEW_SECONDS), None),
        (json!(at - SKEW_SECONDS - 1), Some(Refusal::Stale)),
        (Value::Null, Some(Refusal::Stale)),
    ] {
        let body = changed(&claims(), &json!({"auth_time": auth_time}));
        let found = read_id_token(&signer.sign(&header(), &body), &signer.keys(), &again);
        assert_eq!(found.err(), refusal, "{auth_time}");
    }
}

proptest::proptest! {
    #[test]
    fn a_token_with_one_character_changed_is_none(at in 0..10_000_usize, to in 0..64_usize) {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let signer = Signer::new(7);
        let good = signer.sign(&header(), &claims());
        let mut text = good.clone().into_bytes();
        let at = at % text.len();
        text[at] = LETTERS[to];
        let text = String::from_utf8(text).expect("letters");
        let read = read_id_token(&text, &signer.keys(), &expected());
        proptest::prop_assert_eq!(read.is_ok(), text == good);
    }

    #[test]
    fn whatever_comes_is_judged_without_a_fault(
        text in ".{0,300}",
        bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300),
    ) {
        let keys = Signer::new(7).keys();
        let tokens = [text.clone(), format!("{text}.{text}.{text}")];
        for token in tokens {
            proptest::prop_assert!(read_id_token(&token, &keys, &expected()).is_err());
            let names = (ISSUER, CLIENT);
            let order = super::super::read_logout_token(&token, &keys, names, now());
            proptest::prop_assert!(order.is_err());
        }
        proptest::prop_assert!(Keys::read(&bytes).is_err());
        proptest::prop_assert!(super::super::Document::read(&bytes, ISSUER).is_err());
        proptest::prop_assert!(super::super::TokenAnswer::read(&bytes).is_err());
        let _ = super::super::RoleMap::parse(&text);
    }
}
