//! Where a request came from, as the rim saw it.

use std::net::IpAddr;

/// The address of whoever opened the connection; behind a trusted proxy, that of whoever the proxy
/// says; behind any other, the proxy's.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);
