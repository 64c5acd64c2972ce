//! What the provider answers at each of its addresses.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use ring::digest::{SHA256, digest};
use ring::signature::KeyPair as _;
use serde_json::{Value, json};

use super::{CLIENT, Manner, Provider, SECRET, changed, key, name_of};

fn as_json(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

async fn in_manner(manner: Manner, usual: impl FnOnce() -> Value) -> Response {
    match manner {
        Manner::Usual => as_json(usual().to_string()),
        Manner::Redirect => {
            let elsewhere = [(header::LOCATION, "http://127.0.0.1:1/")];
            (StatusCode::FOUND, elsewhere).into_response()
        }
        Manner::TooLong => as_json(format!("{{\"a\":\"{}\"}}", "x".repeat(300 * 1024))),
        Manner::Held(gate) => {
            gate.acquire().await.expect("stays open").forget();
            as_json(usual().to_string())
        }
        Manner::Never => std::future::pending().await,
        Manner::Html => axum::response::Html(usual().to_string()).into_response(),
        Manner::Fails => (StatusCode::INTERNAL_SERVER_ERROR, "{}").into_response(),
        Manner::Says(text) => as_json(text),
    }
}

pub async fn document(State(provider): State<Provider>) -> Response {
    let issuer = &provider.issuer;
    let usual = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "id_token_signing_alg_values_supported": ["EdDSA", "none"],
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true,
    });
    let (manner, document) = {
        let mut script = provider.script();
        script.documents_asked += 1;
        (
            script.document_manner.clone(),
            changed(&usual, &script.document),
        )
    };
    in_manner(manner, || document).await
}

pub async fn keys(State(provider): State<Provider>) -> Response {
    let mut script = provider.script();
    script.keys_asked += 1;
    let all = if script.shown.is_empty() {
        vec![script.key]
    } else {
        script.shown.clone()
    };
    let all = all.iter().map(|number| {
        let x = BASE64URL_NOPAD.encode(key(*number).public_key().as_ref());
        json!({"kty": "OKP", "crv": "Ed25519", "kid": name_of(*number), "x": x, "use": "sig"})
    });
    as_json(json!({"keys": all.collect::<Vec<_>>()}).to_string())
}

/// For whoever has the access token.
pub async fn more(State(provider): State<Provider>, headers: HeaderMap) -> Response {
    let is_bearer = headers
        .get(header::AUTHORIZATION)
        .is_some_and(|is| is == "Bearer access");
    if is_bearer {
        as_json(provider.script().more.to_string())
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    }
}

/// Codes work once, for whoever has the secret and proves that it was they who asked.
pub async fn token(State(provider): State<Provider>, headers: HeaderMap, body: Bytes) -> Response {
    let form: BTreeMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
    let sent = |name: &str| form.get(name).cloned().unwrap_or_default();
    let encoded =
        |text: &str| -> String { form_urlencoded::byte_serialize(text.as_bytes()).collect() };
    let both = format!("{}:{}", encoded(CLIENT), encoded(SECRET));
    let basic = format!("Basic {}", BASE64.encode(both.as_bytes()));
    let is_basic = headers
        .get(header::AUTHORIZATION)
        .is_some_and(|is| is == basic.as_str());
    let is_posted = sent("client_id") == CLIENT && sent("client_secret") == SECRET;
    let found = {
        let mut script = provider.script();
        script.tokens_asked += 1;
        script.codes.remove(&sent("code"))
    };
    let challenge =
        BASE64URL_NOPAD.encode(digest(&SHA256, sent("code_verifier").as_bytes()).as_ref());
    let good = found.filter(|(_, asked, back)| {
        *asked == challenge && *back == sent("redirect_uri") && (is_basic != is_posted)
    });
    let Some((nonce, ..)) = good.filter(|_| sent("grant_type") == "authorization_code") else {
        let refused = json!({"error": "invalid_grant"}).to_string();
        return (StatusCode::BAD_REQUEST, as_json(refused)).into_response();
    };
    let id_token = provider.id_token(&nonce);
    let manner = provider.script().tokens.clone();
    in_manner(
        manner,
        || json!({"access_token": "access", "token_type": "Bearer", "id_token": id_token}),
    )
    .await
}
