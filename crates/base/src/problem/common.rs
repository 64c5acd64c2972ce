//! The problems that any request can meet.

use axum::http::StatusCode;

use super::{Kind, Problem};
use crate::store;

/// Seconds after which a client that was turned away for load may try again.
const BUSY_RETRY_SECONDS: u32 = 1;
/// As [`BUSY_RETRY_SECONDS`], where somebody must make room or put a copy back first.
const FULL_RETRY_SECONDS: u32 = 60;

macro_rules! kinds {
    ($($name:ident = $status:ident $code:literal $title:literal;)+) => {
        $(const $name: Kind = Kind::new(StatusCode::$status, $code, $title);)+

        /// Every sort of problem that this module makes, for the API's documentation.
        pub const COMMON: &[Kind] = &[$($name),+];
    };
}

kinds! {
    BAD_REQUEST = BAD_REQUEST "bad_request" "The request could not be understood";
    MALFORMED_JSON = BAD_REQUEST "malformed_json" "The body is not the JSON that is read here";
    INVALID_QUERY = BAD_REQUEST "invalid_query" "A query parameter is not right";
    UNAUTHORIZED = UNAUTHORIZED "unauthorized" "A valid API token is needed";
    FORBIDDEN = FORBIDDEN "forbidden" "This token may not do that";
    TLS_REQUIRED = FORBIDDEN "tls_required" "This is answered over TLS only";
    CROSS_SITE = FORBIDDEN "cross_site" "This form was sent from another site";
    NOT_FOUND = NOT_FOUND "not_found" "There is nothing at this address";
    METHOD_NOT_ALLOWED = METHOD_NOT_ALLOWED "method_not_allowed" "This address does not take that method";
    BODY_TIMEOUT = REQUEST_TIMEOUT "body_timeout" "The body took too long to arrive";
    CONFLICT = CONFLICT "conflict" "The request does not fit the present state";
    TOO_LARGE = PAYLOAD_TOO_LARGE "too_large" "The body is too large";
    URI_TOO_LONG = URI_TOO_LONG "uri_too_long" "The address is too long";
    UNSUPPORTED_MEDIA_TYPE = UNSUPPORTED_MEDIA_TYPE "unsupported_media_type" "The body has a type that is not read here";
    INVALID_FIELDS = UNPROCESSABLE_ENTITY "invalid_fields" "Some fields are not right";
    HEADERS_TOO_LARGE = REQUEST_HEADER_FIELDS_TOO_LARGE "headers_too_large" "There are too many header fields";
    INTERNAL = INTERNAL_SERVER_ERROR "internal" "Something went wrong on our side";
    BUSY = SERVICE_UNAVAILABLE "busy" "Too much is going on right now";
    ORGANIZATION_SUSPENDED = SERVICE_UNAVAILABLE "organization_suspended" "The organization is paused";
    STORAGE_FULL = SERVICE_UNAVAILABLE "storage_full" "There is no room to keep anything more";
    STORAGE_DAMAGED = SERVICE_UNAVAILABLE "storage_damaged" "What is kept cannot be read";
    UNAVAILABLE = SERVICE_UNAVAILABLE "unavailable" "What keeps the data cannot be reached";
    TIMEOUT = SERVICE_UNAVAILABLE "timeout" "The answer took too long";
}

impl Problem {
    /// 400: the request could not be understood.
    #[must_use]
    pub fn bad_request() -> Self {
        BAD_REQUEST.into()
    }

    /// 400: the body is not well-formed JSON within the limits.
    #[must_use]
    pub fn malformed_json() -> Self {
        MALFORMED_JSON.into()
    }

    /// 400: query parameters are missing, unknown or wrong; add them with [`Problem::parameter`].
    #[must_use]
    pub fn invalid_query() -> Self {
        INVALID_QUERY.into()
    }

    /// 401: no token, or not a valid one. The same for every reason.
    #[must_use]
    pub fn unauthorized() -> Self {
        UNAUTHORIZED.into()
    }

    /// 403: the token is known, the act is outside its scopes.
    #[must_use]
    pub fn forbidden() -> Self {
        FORBIDDEN.into()
    }

    /// 403: a page's form that was sent from another site.
    #[must_use]
    pub fn cross_site() -> Self {
        Self::from(CROSS_SITE).detail("Open the page itself and send the form from there.")
    }

    /// 403: a request that may carry a token came without TLS.
    #[must_use]
    pub fn tls_required() -> Self {
        Self::from(TLS_REQUIRED).detail(
            "Send it to the https address. A token that was in it has crossed the network in the \
             clear: replace it.",
        )
    }

    /// 404: nothing here, or nothing that the asker may know of. Always the same bytes.
    #[must_use]
    pub fn not_found() -> Self {
        NOT_FOUND.into()
    }

    /// 405: the address exists, the method does not; the router adds `Allow`.
    #[must_use]
    pub fn method_not_allowed() -> Self {
        METHOD_NOT_ALLOWED.into()
    }

    /// 408: the body did not arrive within `seconds`.
    #[must_use]
    pub fn body_timeout(seconds: u64) -> Self {
        Self::from(BODY_TIMEOUT).detail(format!("Send the body within {seconds} seconds."))
    }

    /// 409 with the general code. A conflict that clients act on has a [`Kind`] of its own.
    #[must_use]
    pub fn conflict() -> Self {
        CONFLICT.into()
    }

    /// 413: the body is larger than `limit_bytes`.
    #[must_use]
    pub fn too_large(limit_bytes: usize) -> Self {
        Self::from(TOO_LARGE).detail(format!("At most {limit_bytes} bytes are read."))
    }

    /// 414: the path and query are longer than `limit_bytes`.
    #[must_use]
    pub fn uri_too_long(limit_bytes: usize) -> Self {
        Self::from(URI_TOO_LONG).detail(format!(
            "The path and query may have {limit_bytes} bytes together."
        ))
    }

    /// 415: only `expected` (a media type) is read here.
    #[must_use]
    pub fn unsupported_media_type(expected: &'static str) -> Self {
        Self::from(UNSUPPORTED_MEDIA_TYPE).detail(format!("Send it as {expected}."))
    }

    /// 422: well-formed, but fields are wrong; add them with [`Problem::field`].
    #[must_use]
    pub fn invalid_fields() -> Self {
        INVALID_FIELDS.into()
    }

    /// 431: more than `limit` header fields.
    #[must_use]
    pub fn headers_too_large(limit: usize) -> Self {
        Self::from(HEADERS_TOO_LARGE).detail(format!("At most {limit} header fields are read."))
    }

    /// 500: a fault of ours. Give the reason with [`Problem::because`]; only the log sees it.
    #[must_use]
    pub fn internal() -> Self {
        Self::from(INTERNAL)
            .detail("Try again; if it stays, tell whoever runs this site the request id.")
    }

    /// 503: more work than the named limits allow; try again shortly.
    #[must_use]
    pub fn busy() -> Self {
        Self::from(BUSY)
            .detail("Try again shortly.")
            .retry_after_seconds(BUSY_RETRY_SECONDS)
    }

    /// 503: whoever runs the installation suspended the organization. The same for every address of
    /// it, and for how long nobody is told.
    #[must_use]
    pub fn organization_suspended() -> Self {
        ORGANIZATION_SUSPENDED.into()
    }

    /// 503: the disk is full; what is kept can still be read.
    #[must_use]
    pub fn storage_full() -> Self {
        Self::from(STORAGE_FULL)
            .detail("Nothing was changed. Whoever runs this site must make room.")
            .retry_after_seconds(FULL_RETRY_SECONDS)
    }

    /// 503: the data is damaged, or is not all there; this organization is closed.
    #[must_use]
    pub fn storage_damaged() -> Self {
        Self::from(STORAGE_DAMAGED)
            .detail("Nothing was changed. Whoever runs this site must put a good copy back.")
            .retry_after_seconds(FULL_RETRY_SECONDS)
    }

    /// 503: the database server is away, for a moment or for longer.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::from(UNAVAILABLE)
            .detail("Nothing was changed. Try again shortly.")
            .retry_after_seconds(BUSY_RETRY_SECONDS)
    }

    /// 503: no answer within the request's time; it may still take effect.
    #[must_use]
    pub fn timeout() -> Self {
        Self::from(TIMEOUT)
            .detail("Look whether it took effect before trying again.")
            .retry_after_seconds(BUSY_RETRY_SECONDS)
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::NoOrganization => Self::not_found(),
            store::Error::Suspended => Self::organization_suspended(),
            store::Error::Busy | store::Error::Closing => Self::busy().because(&error),
            store::Error::Full => Self::storage_full().because(&error),
            store::Error::Damaged(_)
            | store::Error::File(_)
            | store::Error::Key(_)
            | store::Error::Erasures(_) => Self::storage_damaged().because(&error),
            store::Error::Unavailable(_) | store::Error::Disk(_) => {
                Self::unavailable().because(&error)
            }
            // It may stand or not, as after a time-out.
            store::Error::Unknown => Self::timeout().because(&error),
            _ => Self::internal().because(&error),
        }
    }
}
