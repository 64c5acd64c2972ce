//! `[server]` and `[tls]`: where requests come in, by which way, and who is believed.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use axum::http::Uri;
use ipnet::IpNet;

use crate::outgoing::{MAX_ALLOWED_NETWORKS, Outgoing};
use crate::tls::{Pair, PairError};

use super::keys::{
    ACME_CA_FILE, ACME_CONTACT, ACME_DIRECTORY, ACME_TERMS_AGREED, ADDRESS_REQUESTS, BASE_URL,
    CERTIFICATE_FILE, DOMAINS, HSTS_PRELOAD, KEY_FILE, Key, LISTEN, OPERATOR_FACTOR,
    OUTGOING_ALLOW, OUTGOING_CA_FILE, PLAIN_LISTEN, TRUSTED_PROXIES,
};

use super::reader::Reader;
use super::{Acme, OutgoingSettings, Server, Tls};

/// Most networks of trusted proxies.
pub const MAX_TRUSTED_PROXIES: usize = 64;
/// Fewest requests of one address in one minute that an operator may allow.
pub const MIN_ADDRESS_REQUESTS: u32 = 600;
/// Most requests of one address in one minute that an operator may allow.
pub const MAX_ADDRESS_REQUESTS: u32 = 1_000_000;
/// Most names that one certificate is ordered for.
pub const MAX_DOMAINS: usize = 20;

pub(super) fn server(reader: &mut Reader<'_>) -> Option<Server> {
    let listen: Option<SocketAddr> = reader.value(LISTEN, |text| text.parse().ok());
    let base_url = reader.optional(BASE_URL, read_base_url);
    let plain_listen = reader.optional(PLAIN_LISTEN, |text| text.parse().ok());
    let trusted_proxies = reader.optional(TRUSTED_PROXIES, |text| {
        listed(text, MAX_TRUSTED_PROXIES, read_network)
    });
    let address_requests = reader.value(ADDRESS_REQUESTS, |text| {
        let number = text.parse().ok();
        number.filter(|number| (MIN_ADDRESS_REQUESTS..=MAX_ADDRESS_REQUESTS).contains(number))
    });
    let operator_factor = reader.value(OPERATOR_FACTOR, |text| match text {
        "required" => Some(true),
        "optional" => Some(false),
        _ => None,
    });
    let hsts_preload = reader.value(HSTS_PRELOAD, |text| text.parse().ok());
    let tls = tls(reader);
    let listen = listen?;
    if base_url.is_none() && listen.ip().is_unspecified() && !reader.has_found(BASE_URL) {
        need(
            reader,
            BASE_URL,
            "is needed when the server listens on every address",
        );
    }
    let server = Server {
        listen,
        base_url,
        plain_listen,
        trusted_proxies: trusted_proxies.unwrap_or_default(),
        address_requests: address_requests?,
        operators_need_factor: operator_factor?,
        hsts_preload: hsts_preload?,
        tls,
    };
    check(&server, reader);
    Some(server)
}

pub(super) fn outgoing(reader: &mut Reader<'_>) -> OutgoingSettings {
    let allow = reader.optional(OUTGOING_ALLOW, |text| {
        listed(text, MAX_ALLOWED_NETWORKS, read_network)
    });
    let ca_file = reader.optional_path(OUTGOING_CA_FILE);
    if let Some(Err(why)) = ca_file.as_deref().map(Outgoing::check_ca_file) {
        reader.find(OUTGOING_CA_FILE, None, why);
    }
    OutgoingSettings {
        allow: allow.unwrap_or_default(),
        ca_file,
    }
}

/// Whether address, listeners and certificate go together.
fn check(server: &Server, reader: &mut Reader<'_>) {
    let Some(tls) = &server.tls else {
        // With a fault in [tls], whether there is to be TLS is not known.
        if server.plain_listen.is_some() && !reader.has_found_in("tls.") {
            let what = format!(
                "is only for a listener beside TLS; set {} and {} too, or listen on {} alone",
                CERTIFICATE_FILE.name, KEY_FILE.name, LISTEN.name
            );
            reader.find(PLAIN_LISTEN, None, what);
        }
        return;
    };
    if server
        .base_url
        .as_deref()
        .is_some_and(|url| !url.starts_with("https://"))
    {
        reader.find(
            BASE_URL,
            None,
            "begins with http, but Kept speaks TLS; write https://..",
        );
    }
    if server.plain_listen == Some(server.listen) && server.listen.port() != 0 {
        reader.find(
            PLAIN_LISTEN,
            None,
            "is where TLS is spoken; write another port, such as 80",
        );
    }
    let Tls::Acme(acme) = tls else {
        return;
    };
    if server.plain_listen.is_none() && !reader.has_found(PLAIN_LISTEN) {
        let what = "is needed with tls.domains: the certificate authority asks there, by port 80";
        need(reader, PLAIN_LISTEN, what);
    }
    match server.base_url.as_deref().map(host_of) {
        None if reader.has_found(BASE_URL) => {}
        None => need(reader, BASE_URL, "is needed with tls.domains"),
        Some(host) if acme.domains.iter().any(|domain| domain == host) => {}
        Some(host) => {
            let what = format!("does not have {host}, which {} names", BASE_URL.name);
            reader.find(DOMAINS, None, what);
        }
    }
}

fn tls(reader: &mut Reader<'_>) -> Option<Tls> {
    let certificate = reader.optional_path(CERTIFICATE_FILE);
    let key = reader.optional_path(KEY_FILE);
    let acme = acme(reader);
    match (certificate, key) {
        (Some(_), _) | (_, Some(_)) if acme.is_some() || reader.has_found(DOMAINS) => {
            let what = format!(
                "set either this or {}: certificates are ordered, or they are yours",
                CERTIFICATE_FILE.name
            );
            reader.find(DOMAINS, None, what);
            None
        }
        (Some(certificate), Some(key)) => files(reader, certificate, key),
        (Some(_), None) => {
            need(reader, KEY_FILE, "is needed with tls.certificate_file");
            None
        }
        (None, Some(_)) => {
            need(reader, CERTIFICATE_FILE, "is needed with tls.key_file");
            None
        }
        (None, None) => acme.map(Tls::Acme),
    }
}

/// The files must do now; what is wrong with them later is another matter.
fn files(reader: &mut Reader<'_>, certificate: PathBuf, key: PathBuf) -> Option<Tls> {
    match Pair::load(&certificate, &key) {
        Ok(_) => return Some(Tls::Files { certificate, key }),
        Err(PairError::Certificate(what)) => {
            let what = format!("the certificates in {} {what}", certificate.display());
            reader.find(CERTIFICATE_FILE, None, what);
        }
        Err(PairError::Key(what)) => {
            let what = format!("the key in {} {what}", key.display());
            reader.find(KEY_FILE, None, what);
        }
    }
    None
}

fn acme(reader: &mut Reader<'_>) -> Option<Acme> {
    let domains = reader.optional(DOMAINS, |text| listed(text, MAX_DOMAINS, read_domain));
    let contact = reader.optional(ACME_CONTACT, |text| {
        let is_mail = text.contains('@') && !text.contains([' ', ',', ':', '?']);
        is_mail.then(|| text.to_owned())
    });
    let directory = reader.value(ACME_DIRECTORY, |text| {
        let uri: Uri = text.parse().ok()?;
        let is_right = uri.scheme_str() == Some("https") && uri.host().is_some();
        is_right.then(|| text.to_owned())
    });
    let ca_file = reader.optional_path(ACME_CA_FILE);
    let terms_agreed = reader.value(ACME_TERMS_AGREED, |text| text.parse().ok());
    let (domains, directory) = (domains?, directory?);
    if !terms_agreed? {
        let what = format!(
            "must be true with {}: read the terms of whom {} names first",
            DOMAINS.name, ACME_DIRECTORY.name
        );
        reader.find(ACME_TERMS_AGREED, None, what);
        return None;
    }
    Some(Acme {
        domains,
        contact,
        directory,
        ca_file,
    })
}

fn need(reader: &mut Reader<'_>, key: &Key, why: &str) {
    reader.find(key, None, format!("{why}; write {}", key.write));
}

/// What stands between commas, in lower case; at least one and at most `most`.
fn listed<T>(text: &str, most: usize, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let text = text.to_ascii_lowercase();
    let all: Option<Vec<T>> = text.split(',').map(|item| read(item.trim())).collect();
    all.filter(|all| all.len() <= most)
}

/// A network, or one address.
fn read_network(text: &str) -> Option<IpNet> {
    let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse().ok().or_else(address)
}

/// A name that a certificate can be ordered for: no address, no star, with a dot.
fn read_domain(text: &str) -> Option<String> {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_name = text.len() <= 253
        && text.contains('.')
        && text.split('.').all(is_label)
        && text.parse::<IpAddr>().is_err();
    is_name.then(|| text.to_owned())
}

/// The host of a base URL, without brackets or port.
#[must_use]
pub fn host_of(base_url: &str) -> &str {
    let authority = base_url
        .split_once("://")
        .map_or(base_url, |(_, rest)| rest);
    match authority
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        Some((address, _)) => address,
        None => authority.split(':').next().unwrap_or(authority),
    }
}

/// `http` or `https`, a host, perhaps a port, and nothing more.
fn read_base_url(text: &str) -> Option<String> {
    let text = text.strip_suffix('/').unwrap_or(text);
    let uri: Uri = text.parse().ok()?;
    let authority = uri.authority()?;
    let is_plain = matches!(uri.scheme_str(), Some("http" | "https"))
        && !authority.host().is_empty()
        && !authority.as_str().contains('@')
        && uri.path() == "/"
        && uri.query().is_none()
        && !text.contains('#');
    // As browsers write an origin: lower case.
    is_plain.then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
#[path = "network_tests.rs"]
mod tests;
