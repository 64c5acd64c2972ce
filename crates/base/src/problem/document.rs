//! How a problem is written: RFC 9457, section 3.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{FieldError, Place, Problem};

/// The media type of problem documents.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Members that a problem's own ones cannot replace.
const RESERVED: &[&str] = &[
    "type",
    "title",
    "status",
    "code",
    "detail",
    "errors",
    "request_id",
];

#[derive(Serialize)]
struct Document<'p> {
    r#type: String,
    title: &'p str,
    status: u16,
    code: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'p str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldDocument<'p>>,
    #[serde(flatten)]
    members: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'p str>,
}

#[derive(Serialize)]
struct FieldDocument<'p> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<&'p str>,
    code: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'p str>,
}

impl<'p> From<&'p FieldError> for FieldDocument<'p> {
    fn from(error: &'p FieldError) -> Self {
        let (pointer, parameter) = match &error.place {
            // RFC 9457, 3: a JSON Pointer in its URI fragment form.
            Place::Pointer(pointer) => (Some(format!("#{pointer}")), None),
            Place::Parameter(name) => (None, Some(name.as_str())),
        };
        Self {
            pointer,
            parameter,
            code: error.code,
            detail: error.detail.as_deref(),
        }
    }
}

impl Problem {
    /// The document's bytes. `request_id` is what to quote to whoever runs the installation.
    #[must_use]
    pub fn document(&self, request_id: Option<&str>) -> Vec<u8> {
        let mut members = self.members.as_deref().cloned().unwrap_or_default();
        for name in RESERVED {
            members.remove(*name);
        }
        let document = Document {
            r#type: format!("/api#{}", self.kind.code),
            title: self.kind.title,
            status: self.kind.status.as_u16(),
            code: self.kind.code,
            detail: self.detail.as_deref(),
            errors: self.errors.iter().map(FieldDocument::from).collect(),
            members,
            request_id,
        };
        serde_json::to_vec(&document).expect("text keys and plain values always serialize")
    }

    /// The header fields that a problem brings, whether it is shown as JSON or as a page.
    #[must_use]
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.kind.status == axum::http::StatusCode::UNAUTHORIZED {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"kept\""),
            );
        }
        headers
    }
}

/// Renders without a request id and leaves the problem among the response's extensions (as
/// `Arc<Problem>`), where the rim finds it: it adds the id, logs the cause and, at a page's
/// address, shows a page instead.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.document(None)));
        *response.status_mut() = self.kind.status;
        *response.headers_mut() = self.headers();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}
