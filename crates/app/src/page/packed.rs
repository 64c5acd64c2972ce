//! Sends pages packed to browsers that read gzip.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt as _;
use kept_base::page::gzip;
use kept_base::problem::Problem;

/// A layer around routes that answer with pages; other answers pass as they are.
///
/// # Errors
/// 500 when the body of a page cannot be read, which one in memory always can.
pub async fn pack_pages(request: Request, next: Next) -> Result<Response, Problem> {
    let accepted = request.headers().get(header::ACCEPT_ENCODING);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    let accepted = gzip::is_accepted(accepted);
    let response = next.run(request).await;
    if !is_page(response.headers()) {
        return Ok(response);
    }
    let (mut parts, body) = response.into_parts();
    let vary = HeaderValue::from_static("accept-encoding");
    parts.headers.insert(header::VARY, vary);
    if !accepted {
        return Ok(Response::from_parts(parts, body));
    }
    let page = body
        .collect()
        .await
        .map_err(|error| Problem::internal().because(&error))?
        .to_bytes();
    let body = match gzip::pack(&page, false) {
        Some(packed) => {
            let gzip = HeaderValue::from_static("gzip");
            parts.headers.insert(header::CONTENT_ENCODING, gzip);
            Body::from(packed)
        }
        None => Body::from(page),
    };
    Ok(Response::from_parts(parts, body))
}

fn is_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}
