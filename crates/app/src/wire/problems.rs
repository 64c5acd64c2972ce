//! The sorts of problem that come of calling the API at all.

use axum::http::StatusCode;
use kept_base::problem::{Kind, Problem};

/// A token lacks the scope that a route needs; the member `scope` names it.
pub const MISSING_SCOPE: Kind = Kind::new(
    StatusCode::FORBIDDEN,
    "missing_scope",
    "The token lacks the scope for this",
);
/// A token, or an address, asked more often within a minute than it may.
pub const TOO_MANY_REQUESTS: Kind = Kind::new(
    StatusCode::TOO_MANY_REQUESTS,
    "too_many_requests",
    "Asked too often",
);
/// The `Idempotency-Key` header is not a key.
pub const INVALID_IDEMPOTENCY_KEY: Kind = Kind::new(
    StatusCode::BAD_REQUEST,
    "invalid_idempotency_key",
    "The Idempotency-Key is not one",
);
/// The key belongs to a request with another body.
pub const IDEMPOTENCY_KEY_REUSED: Kind = Kind::new(
    StatusCode::UNPROCESSABLE_ENTITY,
    "idempotency_key_reused",
    "This Idempotency-Key was used for a different request",
);

/// Every sort of problem that this module makes, for the API's documentation.
pub const KINDS: &[Kind] = &[
    MISSING_SCOPE,
    TOO_MANY_REQUESTS,
    INVALID_IDEMPOTENCY_KEY,
    IDEMPOTENCY_KEY_REUSED,
];

/// The body's field at `pointer` names nothing here: the same for a thing of another organization
/// and for one that never was.
#[must_use]
pub fn unknown_field(pointer: &str) -> Problem {
    Problem::not_found().field(pointer, "unknown", "What this names does not exist here.")
}

/// The query parameter `name` names nothing here; as [`unknown_field`].
#[must_use]
pub fn unknown_parameter(name: &str) -> Problem {
    Problem::not_found().parameter(name, "unknown", "What this names does not exist here.")
}
