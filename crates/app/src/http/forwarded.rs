//! Who is behind a proxy. Only proxies that the operator named are believed; what anybody else says
//! about where a request comes from is not even read.
//!
//! Each proxy appends the address that it saw to `X-Forwarded-For`, so the list is read from its
//! right end: as long as an address is that of a trusted proxy, the one before it was written by
//! that proxy. The first that is not is the client; what stands before it is the client's own word.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::http::HeaderMap;
use ipnet::IpNet;

/// Entries of `X-Forwarded-For` that are read, from the right: proxies behind one another.
pub const MAX_FORWARDED_ENTRIES: usize = 16;

const FOR: &str = "x-forwarded-for";
const PROTO: &str = "x-forwarded-proto";

/// The proxies that are believed.
#[derive(Debug, Clone, Default)]
pub struct Trusted(Arc<[IpNet]>);

impl Trusted {
    /// Believes those in these networks.
    #[must_use]
    pub fn new(networks: &[IpNet]) -> Self {
        Self(networks.into())
    }

    /// Whose request it is, where `peer` opened the connection.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.has(peer) {
            return peer;
        }
        let fields = headers.get_all(FOR).iter().rev();
        // What is no text is one entry that says nothing, and takes no other one along: a proxy may append to the
        // field that the client began.
        let entries = fields.flat_map(|field| field.as_bytes().rsplit(|byte| *byte == b','));
        let entries = entries.map(|entry| std::str::from_utf8(entry).unwrap_or("?"));
        right_most_untrusted(peer, entries, |address| self.has(address))
    }

    /// Whether a proxy that is believed says that the request came to it without TLS. The last word
    /// counts: that of the proxy that is nearest.
    #[must_use]
    pub fn came_in_clear(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        if !self.has(peer.to_canonical()) {
            return false;
        }
        let last = headers.get_all(PROTO).iter().next_back();
        let last = last.and_then(|field| field.to_str().ok());
        let word = last.and_then(|text| text.rsplit(',').next());
        word.is_some_and(|word| word.trim().eq_ignore_ascii_case("http"))
    }

    /// Whether somebody who is not believed says who is behind them: a stranger, or a proxy that nobody named.
    #[must_use]
    pub fn ignores(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        headers.contains_key(FOR) && !self.has(peer.to_canonical())
    }

    fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// The client, by the entries of the list from right to left. An entry that is no address ends the
/// reading, and so does the limit: then the last proxy that is known stands for whoever is behind
/// it. Empty entries are none (RFC 9110, 5.6.1).
fn right_most_untrusted<'h>(
    peer: IpAddr,
    entries: impl Iterator<Item = &'h str>,
    is_trusted: impl Fn(IpAddr) -> bool,
) -> IpAddr {
    let mut client = peer;
    let entries = entries.map(str::trim).filter(|entry| !entry.is_empty());
    for entry in entries.take(MAX_FORWARDED_ENTRIES) {
        let Some(address) = address(entry) else {
            return client;
        };
        client = address;
        if !is_trusted(client) {
            return client;
        }
    }
    client
}

/// An address, perhaps with a port or in brackets; IPv4 within IPv6 is IPv4.
fn address(entry: &str) -> Option<IpAddr> {
    let bare = || entry.parse::<IpAddr>().ok();
    let with_port = || entry.parse::<SocketAddr>().ok().map(|found| found.ip());
    let bracketed = || {
        let inner = entry.strip_prefix('[')?.strip_suffix(']')?;
        inner.parse::<std::net::Ipv6Addr>().ok().map(IpAddr::V6)
    };
    let found = bare().or_else(with_port).or_else(bracketed);
    found.map(|address| address.to_canonical())
}

#[cfg(test)]
#[path = "forwarded_tests.rs"]
mod tests;
