//! Addresses that nobody may have Kept connect to: itself, its neighbours, what tells machines about
//! themselves, and every form in which such an address can be written as another one. From the registries of
//! special addresses (RFC 6890 and what updates it).

use std::net::IpAddr;
use std::sync::LazyLock;

use ipnet::IpNet;

const DENIED: [&str; 32] = [
    // This network, private networks, carriers' own, this machine, link-local and so metadata services.
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    // Protocols, documentation, relays, benchmarks, many at once, the rest.
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "168.63.129.16/32",
    // Unspecified, this machine, other writings of addresses of the fourth version.
    "::/96",
    "::ffff:0:0/96",
    "::ffff:0:0:0/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "2002::/16",
    // Nowhere, protocols (Teredo among them), documentation.
    "100::/64",
    "2001::/23",
    "2001:db8::/32",
    "3fff::/20",
    "5f00::/16",
    // Private, link-local, site-local, many at once.
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
    "fd00:ec2::254/128",
];

static NETWORKS: LazyLock<Vec<IpNet>> = LazyLock::new(|| {
    let read = |text: &&str| text.parse().expect("a test reads them all");
    DENIED.iter().map(read).collect()
});

/// Whether nobody may have Kept connect there. An address of the fourth version within one of the sixth is
/// looked at as what it is.
#[must_use]
pub fn is_denied(ip: IpAddr) -> bool {
    let ip = ip.to_canonical();
    NETWORKS.iter().any(|network| network.contains(&ip))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_denied_text(text: &str) -> bool {
        is_denied(text.parse().expect("an address"))
    }

    #[test]
    fn every_network_is_denied_from_its_first_to_its_last_address() {
        for text in DENIED {
            let network: IpNet = text.parse().expect("a network");
            assert_eq!(network, network.trunc(), "{text}");
            for ip in [network.network(), network.broadcast()] {
                assert!(is_denied(ip), "{ip}");
            }
        }
    }

    #[test]
    fn what_is_beside_them_is_not() {
        for text in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2000::1",
            "2001:200::1",
            "2003::1",
            "2606:4700::1",
            "fbff::1",
        ] {
            assert!(!is_denied_text(text), "{text}");
        }
    }

    #[test]
    fn other_writings_of_an_address_are_that_address() {
        for text in [
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "::",
            "::1",
        ] {
            assert!(is_denied_text(text), "{text}");
        }
        assert!(!is_denied_text("::ffff:1.1.1.1"));
    }
}
