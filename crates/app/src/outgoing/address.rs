//! An address that is asked, read strictly: nothing that two readers could understand differently.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Longest address that is asked, in bytes.
pub const MAX_ADDRESS_BYTES: usize = 1_000;

/// Who is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// By address.
    Ip(IpAddr),
    /// By name, in lower case.
    Name(String),
}

/// An address that begins with `https://`, or with `http://` for networks that the operator allows.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    text: String,
    is_https: bool,
    host: Host,
    port: Option<u16>,
    /// Where the path begins.
    path_at: usize,
}

/// What is no address to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no address that can be asked")]
pub struct AddressError;

impl Address {
    /// Reads an address: no user, no fragment, no spaces, a host that is a plain name or an address in its
    /// usual form.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        if text.len() > MAX_ADDRESS_BYTES {
            return Err(AddressError);
        }
        let is_plain = text
            .bytes()
            .all(|b| b.is_ascii_graphic() && !matches!(b, b'\\' | b'#' | b'<' | b'>' | b'"'));
        let (is_https, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) => return Err(AddressError),
        };
        let authority = rest.split(['/', '?']).next().unwrap_or(rest);
        if !is_plain || authority.contains('@') {
            return Err(AddressError);
        }
        let (host, port) = split(authority).ok_or(AddressError)?;
        Ok(Self {
            text: text.to_owned(),
            is_https,
            host: read_host(host).ok_or(AddressError)?,
            port: port.map(read_port).transpose()?,
            path_at: text.len() - rest.len() + authority.len(),
        })
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is asked over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// Who is asked.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The host as TLS names it.
    #[must_use]
    pub fn host_text(&self) -> String {
        match &self.host {
            Host::Ip(ip) => ip.to_string(),
            Host::Name(name) => name.clone(),
        }
    }

    /// By which port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(if self.is_https { 443 } else { 80 })
    }

    /// What stands in `Host`.
    #[must_use]
    pub fn authority(&self) -> &str {
        let start = if self.is_https { 8 } else { 7 };
        &self.text[start..self.path_at]
    }

    /// Path and query.
    #[must_use]
    pub fn path(&self) -> String {
        match &self.text[self.path_at..] {
            path if path.starts_with('/') => path.to_owned(),
            query => format!("/{query}"),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.authority())
    }
}

fn split(authority: &str) -> Option<(&str, Option<&str>)> {
    if authority.starts_with('[') {
        let end = authority.find(']')? + 1;
        let (host, rest) = authority.split_at(end);
        return match rest.strip_prefix(':') {
            Some(port) => Some((host, Some(port))),
            None => rest.is_empty().then_some((host, None)),
        };
    }
    match authority.split_once(':') {
        Some((host, port)) => Some((host, Some(port))),
        None => Some((authority, None)),
    }
}

fn read_port(text: &str) -> Result<u16, AddressError> {
    let is_plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    let port: Option<u16> = text.parse().ok();
    port.filter(|_| is_plain).ok_or(AddressError)
}

fn read_host(text: &str) -> Option<Host> {
    if let Some(inside) = text.strip_prefix('[') {
        let ip: Ipv6Addr = inside.strip_suffix(']')?.parse().ok()?;
        return Some(Host::Ip(IpAddr::V6(ip)));
    }
    if let Ok(ip) = text.parse::<Ipv4Addr>() {
        return Some(Host::Ip(IpAddr::V4(ip)));
    }
    let name = text.to_ascii_lowercase();
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // `2130706433`, `0x7f.1` and `127.1` are addresses to whoever resolves them.
    let last = name.rsplit('.').next()?;
    let is_number = last.bytes().all(|b| b.is_ascii_digit()) || last.starts_with("0x");
    let is_name = name.len() <= 253 && name.split('.').all(is_label) && !is_number;
    is_name.then_some(Host::Name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_what_it_seems() {
        for (text, host, port, path) in [
            ("https://id.example", "id.example", 443, "/"),
            ("https://ID.example/a/b?c=d", "id.example", 443, "/a/b?c=d"),
            ("https://id.example:8443/", "id.example", 8443, "/"),
            ("https://id.example?x", "id.example", 443, "/?x"),
            ("http://127.0.0.1:81/x", "127.0.0.1", 81, "/x"),
            ("https://[2001:DB8::1]:444/x", "2001:db8::1", 444, "/x"),
            ("https://[::ffff:127.0.0.1]/", "::ffff:127.0.0.1", 443, "/"),
            ("http://keycloak/", "keycloak", 80, "/"),
        ] {
            let address = Address::parse(text).expect(text);
            let found = (address.host_text(), address.port(), address.path());
            assert_eq!(found, (host.to_owned(), port, path.to_owned()), "{text}");
            assert_eq!(address.as_str(), text);
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for text in [
            "",
            "id.example",
            "//id.example/",
            "ftp://id.example/",
            "HTTPS://id.example/",
            "file:///etc/passwd",
            "https://",
            "https:///path",
            "https://user@id.example/",
            "https://id.example@127.0.0.1/",
            "https://id.example\\@127.0.0.1/",
            "https://id.example/#there",
            "https://id.example/a b",
            "https://id.example/\t",
            "https://id.example/\r\nHost: x",
            "https://id.example./",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0x7f.0.0.1/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://0/",
            "https://127.0.0.1./",
            "https://１２７.0.0.1/",
            "https://id.example:/",
            "https://id.example:0/",
            "https://id.example:0443/",
            "https://id.example:65536/",
            "https://id.example:44 3/",
            "https://[::1/",
            "https://[::1]x/",
            "https://[fe80::1%25eth0]/",
            "https://id..example/",
            "https://-id.example/",
            "https://id_x.example/",
        ] {
            assert_eq!(Address::parse(text), Err(AddressError), "{text}");
        }
        let long = format!("https://id.example/{}", "a".repeat(MAX_ADDRESS_BYTES - 19));
        assert!(Address::parse(&long).is_ok());
        assert_eq!(Address::parse(&(long + "a")), Err(AddressError));
    }
}
