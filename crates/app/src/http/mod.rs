//! The rim towards the network: the server and its limits, the one router, and the edge that every
//! request and response passes.
//!
//! Nothing is decided here about appointments. A request goes
//! `server -> edge -> router -> a slice's handler` and the answer the same way back. The server may
//! speak TLS itself, believe what trusted proxies say about a client, and turn away what came in the
//! clear; see [`Entrance`].

pub mod api;
mod edge;
mod forwarded;
mod health;
mod in_clear;
mod limits;
mod origin;
mod router;
mod server;
mod undo;
mod watched;

pub use edge::RequestId;
pub use forwarded::{MAX_FORWARDED_ENTRIES, Trusted};
pub use in_clear::InClear;
pub use limits::{
    BODY_READ_SECONDS, HANDSHAKE_SECONDS, HEADER_READ_SECONDS, IDLE_SECONDS, Limits,
    MAX_BODY_BYTES, MAX_CONNECTIONS, MAX_HEADER_BYTES, MAX_HEADER_FIELDS, MAX_URI_BYTES,
    REQUEST_SECONDS, STOP_GRACE_SECONDS, WRITE_STALL_SECONDS,
};
pub use router::{desk_routes, finish, open_routes, operator_routes, router, routes};
pub use server::{Door, Entrance, Finished, Running, serve, serve_at};
