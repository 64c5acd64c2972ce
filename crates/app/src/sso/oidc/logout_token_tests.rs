use serde_json::{Value, json};

use super::super::samples::{CLIENT, ISSUER, Signer, changed, header, now};
use super::*;

fn claims() -> Value {
    let now = now().as_second();
    json!({
        "iss": ISSUER, "aud": CLIENT, "sub": "u-1", "iat": now, "exp": now + 120, "jti": "j-1",
        "events": {EVENT: {}},
    })
}

fn read(head: &Value, body: &Value) -> Result<LogoutToken, Refusal> {
    let signer = Signer::new(7);
    let token = signer.sign(head, body);
    read_logout_token(&token, &signer.keys(), (ISSUER, CLIENT), now())
}

#[test]
fn a_good_order_names_somebody_or_a_session() {
    let order = read(&header(), &claims()).expect("an order");
    assert_eq!((order.id.as_str(), order.session), ("j-1", None));
    assert_eq!(order.subject.as_deref(), Some("u-1"));
    assert_eq!(order.until, plus_seconds(now(), 120 + 2 * SKEW_SECONDS));
    let by_session = changed(&claims(), &json!({"sub": null, "sid": "s-1"}));
    let order = read(
        &json!({"alg": "ES256", "kid": "ec", "typ": "logout+jwt"}),
        &by_session,
    );
    assert_eq!(order.expect("an order").session.as_deref(), Some("s-1"));
}

#[test]
fn each_deviation_is_refused_for_itself() {
    let at = now().as_second();
    let far = at + MAX_LOGOUT_MINUTES * 60 + SKEW_SECONDS + 1;
    for (change, refusal) in [
        (json!({"iss": "https://other.example"}), Refusal::Issuer),
        (json!({"aud": "other"}), Refusal::Audience),
        (json!({"exp": null}), Refusal::Expired),
        (json!({"exp": at - SKEW_SECONDS}), Refusal::Expired),
        (json!({"exp": far}), Refusal::Expired),
        (json!({"iat": null}), Refusal::Early),
        (json!({"iat": at + SKEW_SECONDS + 1}), Refusal::Early),
        (json!({"events": null}), Refusal::Event),
        (json!({"events": {}}), Refusal::Event),
        (json!({"events": {EVENT: true}}), Refusal::Event),
        (json!({"events": EVENT}), Refusal::Event),
        (json!({"nonce": "n-1"}), Refusal::Nonce),
        (json!({"jti": null}), Refusal::TokenId),
        (json!({"jti": ""}), Refusal::TokenId),
        (json!({"sub": null}), Refusal::Subject),
        (json!({"sub": ""}), Refusal::Subject),
        (json!({"sid": ""}), Refusal::Claim),
    ] {
        let found = read(&header(), &changed(&claims(), &change));
        assert_eq!(found.err(), Some(refusal), "{change}");
    }
    let typed = changed(&header(), &json!({"typ": "at+jwt"}));
    assert_eq!(read(&typed, &claims()).err(), Some(Refusal::Type));
    let none = changed(&header(), &json!({"alg": "none"}));
    assert_eq!(read(&none, &claims()).err(), Some(Refusal::Algorithm));
}
