//! Every limit of the server, by name and with its unit.

use std::time::Duration;

use kept_base::input::{self, BodyLimits};

/// Connections open at once; further ones wait in the system's queue.
pub const MAX_CONNECTIONS: usize = 1_024;
/// Bytes of a request line and its header fields together; more is answered 431.
pub const MAX_HEADER_BYTES: usize = 16 * 1024;
/// Header fields of a request; more are answered 431.
pub const MAX_HEADER_FIELDS: usize = 64;
/// Bytes of the path and the query together; more are answered 414.
pub const MAX_URI_BYTES: usize = 4 * 1024;
/// Bytes of a body; more are answered 413.
pub const MAX_BODY_BYTES: usize = input::MAX_BODY_BYTES;
/// Bytes of a body that brings a file (`multipart/form-data`); more is answered 413.
pub const MAX_UPLOAD_BYTES: usize = input::MAX_UPLOAD_BYTES;
/// Seconds for a TLS handshake, from the opening of the connection; then the connection is closed.
pub const HANDSHAKE_SECONDS: u64 = 10;
/// Seconds for a request line and header fields to arrive, from the first byte or, on a fresh
/// connection, from its opening; then the connection is closed.
pub const HEADER_READ_SECONDS: u64 = 10;
/// Seconds for a body to arrive; then the answer is 408.
pub const BODY_READ_SECONDS: u64 = input::MAX_BODY_READ_SECONDS;
/// Seconds from a whole header to the answer; then it is 503.
pub const REQUEST_SECONDS: u64 = 30;
/// Seconds that a connection may stay open between two requests. Longer than the minute for which
/// common proxies keep theirs, so that it is they who close.
pub const IDLE_SECONDS: u64 = 75;
/// Seconds in which a client must take at least a byte of an answer; then the connection is closed.
pub const WRITE_STALL_SECONDS: u64 = 20;
/// Seconds that a stopping server gives the requests it has accepted.
pub const STOP_GRACE_SECONDS: u64 = 35;

/// The limits in force: the constants above, or a test's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// See [`MAX_CONNECTIONS`].
    pub connections: usize,
    /// See [`MAX_HEADER_BYTES`].
    pub header_bytes: usize,
    /// See [`MAX_HEADER_FIELDS`].
    pub header_fields: usize,
    /// See [`MAX_URI_BYTES`].
    pub uri_bytes: usize,
    /// See [`MAX_BODY_BYTES`].
    pub body_bytes: usize,
    /// See [`MAX_UPLOAD_BYTES`].
    pub upload_bytes: usize,
    /// See [`HANDSHAKE_SECONDS`].
    pub handshake: Duration,
    /// See [`HEADER_READ_SECONDS`].
    pub header_read: Duration,
    /// See [`BODY_READ_SECONDS`].
    pub body_read: Duration,
    /// See [`REQUEST_SECONDS`].
    pub request: Duration,
    /// See [`IDLE_SECONDS`].
    pub idle: Duration,
    /// See [`WRITE_STALL_SECONDS`].
    pub write_stall: Duration,
    /// See [`STOP_GRACE_SECONDS`].
    pub stop_grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: MAX_CONNECTIONS,
            header_bytes: MAX_HEADER_BYTES,
            header_fields: MAX_HEADER_FIELDS,
            uri_bytes: MAX_URI_BYTES,
            body_bytes: MAX_BODY_BYTES,
            upload_bytes: MAX_UPLOAD_BYTES,
            handshake: Duration::from_secs(HANDSHAKE_SECONDS),
            header_read: Duration::from_secs(HEADER_READ_SECONDS),
            body_read: Duration::from_secs(BODY_READ_SECONDS),
            request: Duration::from_secs(REQUEST_SECONDS),
            idle: Duration::from_secs(IDLE_SECONDS),
            write_stall: Duration::from_secs(WRITE_STALL_SECONDS),
            stop_grace: Duration::from_secs(STOP_GRACE_SECONDS),
        }
    }
}

impl Limits {
    /// What the readers of bodies need to know. Only a form that brings a file may be larger, and
    /// whoever reads one has looked at who sends it first.
    #[must_use]
    pub fn body(&self, is_upload: bool) -> BodyLimits {
        BodyLimits {
            bytes: if is_upload {
                self.upload_bytes
            } else {
                self.body_bytes
            },
            read_timeout: self.body_read,
        }
    }
}
