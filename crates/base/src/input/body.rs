//! Bodies, up to a number of bytes and within a time.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::problem::Problem;

/// Largest body that is read, in bytes, unless the rim says otherwise.
pub const MAX_BODY_BYTES: usize = 64 * 1024;
/// Longest time a body may take to arrive, in seconds, unless the rim says otherwise.
pub const MAX_BODY_READ_SECONDS: u64 = 20;

/// The limits of a request's body. The rim puts them among the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyLimits {
    /// Largest body, in bytes.
    pub bytes: usize,
    /// Longest time for it to arrive.
    pub read_timeout: Duration,
}

impl Default for BodyLimits {
    fn default() -> Self {
        Self {
            bytes: MAX_BODY_BYTES,
            read_timeout: Duration::from_secs(MAX_BODY_READ_SECONDS),
        }
    }
}

/// Reads the whole body of a request that declares itself to be of type `expected`.
pub(super) async fn read(request: Request, expected: &'static str) -> Result<Bytes, Problem> {
    read_body(request, &[expected]).await
}

/// Reads the whole body of a request that declares itself to be of one of these types, the first of
/// which is the best.
///
/// # Errors
/// 400, 408, 413 and 415.
pub async fn read_body(request: Request, expected: &[&'static str]) -> Result<Bytes, Problem> {
    let fits = |media_type: &&str| has_media_type(request.headers(), media_type);
    if !expected.iter().any(fits) {
        let best = expected.first().copied().unwrap_or_default();
        return Err(Problem::unsupported_media_type(best));
    }
    let limits = request.extensions().get().copied().unwrap_or_default();
    let BodyLimits {
        bytes,
        read_timeout,
    } = limits;
    let body = Limited::new(request.into_body(), bytes);
    match tokio::time::timeout(read_timeout, body.collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Problem::too_large(bytes)),
        Ok(Err(_)) => Err(Problem::bad_request().detail("The body broke off.")),
        Err(_) => Err(Problem::body_timeout(read_timeout.as_secs())),
    }
}

/// Whether there is one `Content-Type`, of type `expected`, with no character set but UTF-8.
fn has_media_type(headers: &HeaderMap, expected: &str) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return false;
    };
    let Ok(text) = value.to_str() else {
        return false;
    };
    let mut parts = text.split(';').map(str::trim);
    let is_expected = parts
        .next()
        .is_some_and(|essence| essence.eq_ignore_ascii_case(expected));
    is_expected
        && parts.all(|parameter| {
            parameter.split_once('=').is_none_or(|(name, value)| {
                !name.trim().eq_ignore_ascii_case("charset")
                    || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
            })
        })
}
