//! How passkeys travel between a page's script and Kept: options as JSON on the way there, fields of a
//! form on the way back. Bytes are base64url in both.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use data_encoding::BASE64URL_NOPAD;
use kept_base::input::Fields;
use kept_base::page::Caching;
use kept_base::problem::Problem;
use serde::Serialize;

use crate::access::{
    ALGORITHMS, CHALLENGE_MINUTES, MAX_AUTHENTICATOR_BYTES, MAX_CLIENT_DATA_BYTES,
    MAX_CREDENTIAL_ID_BYTES, MAX_SIGNATURE_BYTES, Made, Party, USER_HANDLE_BYTES, Used, Wanted,
};
use crate::app::App;

/// Whom passkeys are made for here; 404 where browsers know none.
pub(super) fn party(app: &App) -> Result<Party, Problem> {
    Party::of(&app.base_url).ok_or_else(Problem::not_found)
}

const TIMEOUT_MS: i64 = CHALLENGE_MINUTES * 60 * 1_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToUse {
    challenge: String,
    rp_id: String,
    timeout: i64,
    /// Only these, where it is known who it is.
    credentials: Vec<String>,
}

/// The options with which one of `credentials` is used, or any where there are none.
pub(super) fn to_use(
    app: &App,
    challenge: &[u8],
    credentials: &[Vec<u8>],
) -> Result<Response, Problem> {
    let options = ToUse {
        challenge: text(challenge),
        rp_id: party(app)?.id,
        timeout: TIMEOUT_MS,
        credentials: credentials.iter().map(|id| text(id)).collect(),
    };
    Ok(json(app, &options))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToMake<'o> {
    challenge: String,
    rp_id: String,
    rp_name: &'o str,
    user_id: String,
    user_name: String,
    user_shown: &'o str,
    algorithms: [i32; ALGORITHMS.len()],
    timeout: i64,
    credentials: Vec<String>,
}

/// The options with which a passkey is made for somebody of that address and name. Its own name in
/// the device says which organization it is for: all have one relying party.
pub(super) fn to_make(
    app: &App,
    wanted: &Wanted,
    organization: &str,
    (email, name): (&str, &str),
) -> Result<Response, Problem> {
    let options = ToMake {
        challenge: text(&wanted.challenge),
        rp_id: party(app)?.id,
        rp_name: organization,
        user_id: text(&wanted.user_handle),
        user_name: format!("{email} · {organization}"),
        user_shown: name,
        algorithms: ALGORITHMS,
        timeout: TIMEOUT_MS,
        credentials: wanted.present.iter().map(|id| text(id)).collect(),
    };
    Ok(json(app, &options))
}

fn json(app: &App, options: &impl Serialize) -> Response {
    let headers = app.look.headers.data(Caching::NoStore);
    (headers, Json(options)).into_response()
}

fn text(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

fn bytes(form: &Fields, name: &str, most: usize) -> Option<Vec<u8>> {
    let text = form.filled(name)?;
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
    (bytes.len() <= most).then_some(bytes)
}

/// A passkey that was made, from the fields of a form.
pub(super) fn made(form: &Fields) -> Option<Made> {
    Some(Made {
        client_data: bytes(form, "client_data", MAX_CLIENT_DATA_BYTES)?,
        attestation: bytes(form, "attestation", MAX_AUTHENTICATOR_BYTES)?,
    })
}

/// A passkey that was used, from the fields of a form. Where it was asked for by name it need not say
/// whose it is.
pub(super) fn used(form: &Fields) -> Option<Used> {
    Some(Used {
        credential_id: bytes(form, "credential", MAX_CREDENTIAL_ID_BYTES)?,
        client_data: bytes(form, "client_data", MAX_CLIENT_DATA_BYTES)?,
        authenticator_data: bytes(form, "authenticator_data", MAX_AUTHENTICATOR_BYTES)?,
        signature: bytes(form, "signature", MAX_SIGNATURE_BYTES)?,
        user_handle: bytes(form, "user_handle", USER_HANDLE_BYTES).unwrap_or_default(),
    })
}
