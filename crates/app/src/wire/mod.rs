//! What the routes of the JSON API share: who calls and whether they may, requests sent twice,
//! lists and their pages, and how problems are named. It knows nothing of services or
//! appointments; each slice's `api` says the rest.

mod bearer;
mod caller;
mod caller_to;
mod pace;
mod page;
pub mod problems;
mod refused;
mod repeat;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

pub use bearer::bearer;
pub use caller::{Caller, Known, Needs};
pub use caller_to::{Asks, CallerTo};
pub use pace::keep_pace_of_address;
pub use page::{Cursor, DEFAULT_PAGE_ROWS, MAX_CURSOR_CHARS, MAX_PAGE_ROWS, PageSize};
pub use refused::{Refused, refused_token};
pub use repeat::{Made, REPLAY_HEADER, Repeat};

/// A list, or one page of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// What was asked for, in a fixed order.
    pub data: Vec<T>,
    /// Whether there is more after it.
    pub has_more: bool,
    /// What to send as `after` to get the next page; `null` on the last one.
    pub next: Option<String>,
}

impl<T> List<T> {
    /// A list that is given whole.
    #[must_use]
    pub fn whole(data: Vec<T>) -> Self {
        Self {
            data,
            has_more: false,
            next: None,
        }
    }
}

/// A response with a JSON body.
#[must_use]
pub fn json(status: StatusCode, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}

/// Writes an answer. Answers have text keys and plain values, which always serialize.
#[must_use]
pub fn bytes(answer: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(answer).expect("text keys and plain values always serialize")
}
