//! The rim towards the network: the server and its limits, the one router, and the edge that every
//! request and response passes.
//!
//! Nothing is decided here about appointments. A request goes
//! `server -> edge -> router -> a slice's handler` and the answer the same way back.

pub mod api;
mod edge;
mod health;
mod limits;
mod origin;
mod router;
mod server;
mod watched;

use std::net::SocketAddr;
use std::sync::Arc;

pub use edge::RequestId;
pub use limits::{
    BODY_READ_SECONDS, HEADER_READ_SECONDS, IDLE_SECONDS, Limits, MAX_BODY_BYTES, MAX_CONNECTIONS,
    MAX_HEADER_BYTES, MAX_HEADER_FIELDS, MAX_URI_BYTES, REQUEST_SECONDS, STOP_GRACE_SECONDS,
    WRITE_STALL_SECONDS,
};
pub use router::{finish, router, routes};
pub use server::{Finished, Running, serve};

use crate::app::App;

/// Starts to answer requests at `listen` (port 0 takes any free port) and returns at once.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn run(app: &Arc<App>, listen: SocketAddr, limits: Limits) -> std::io::Result<Running> {
    let listener = tokio::net::TcpListener::bind(listen).await?;
    serve(listener, router(app, limits), limits)
}
