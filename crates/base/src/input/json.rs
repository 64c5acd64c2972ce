//! JSON bodies.

use axum::body::HttpBody as _;
use axum::extract::{FromRequest, OptionalFromRequest, Request};
use axum::http::header;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::{body, decode, structure};
use crate::problem::Problem;

/// A JSON body. `T` derives `Deserialize` with `deny_unknown_fields`.
#[derive(Debug, Clone)]
pub struct Json<T> {
    /// What was read.
    pub value: T,
    /// SHA-256 of the body as sent: what an `Idempotency-Key` is bound to.
    pub digest: [u8; 32],
}

impl<T: DeserializeOwned> Json<T> {
    /// Reads `bytes`: UTF-8 JSON, at most [`MAX_JSON_DEPTH`](super::MAX_JSON_DEPTH) deep, no key
    /// twice in one object.
    ///
    /// # Errors
    /// 400 when it is not such JSON, 422 when it does not fit `T`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Problem> {
        structure::check(bytes)?;
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            // Serde would also take an array for a struct, field by field.
            return Err(decode::field_error("expected an object", String::new()));
        }
        let mut deserializer = serde_json::Deserializer::from_slice(bytes);
        let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            let place = decode::pointer(error.path());
            decode::field_error(&error.inner().to_string(), place)
        })?;
        Ok(Self {
            value,
            digest: Sha256::digest(bytes).into(),
        })
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        Self::from_bytes(&body::read(request, "application/json").await?)
    }
}

/// `Option<Json<T>>`: a request without a body and without a `Content-Type` has none.
impl<S: Send + Sync, T: DeserializeOwned> OptionalFromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        let is_empty = request.body().is_end_stream();
        if is_empty && !request.headers().contains_key(header::CONTENT_TYPE) {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state)
            .await
            .map(Some)
    }
}
