use std::net::{Ipv4Addr, Ipv6Addr};

use axum::http::{HeaderMap, HeaderValue};
use proptest::prelude::*;

use super::*;

const PROXIES: &str = "127.0.0.1/32 10.0.0.0/8 fd00::/8";

fn trusted() -> Trusted {
    let networks: Vec<IpNet> = PROXIES
        .split(' ')
        .map(|text| text.parse().expect("a network"))
        .collect();
    Trusted::new(&networks)
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// Each line is a field of its own.
fn fields(name: &'static str, lines: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(name, line.parse().expect("a value"));
    }
    headers
}

#[test]
fn what_nobody_is_believed_about_is_noticed() {
    let said = fields(FOR, &["198.51.100.1"]);
    for (peer, headers, is_ignored) in [
        ("203.0.113.9", &said, true),
        ("::ffff:203.0.113.9", &said, true),
        ("127.0.0.1", &said, false),
        ("::ffff:10.1.2.3", &said, false),
        ("203.0.113.9", &HeaderMap::new(), false),
    ] {
        assert_eq!(trusted().ignores(ip(peer), headers), is_ignored, "{peer}");
    }
}

#[test]
fn the_right_most_untrusted_address_is_the_client() {
    for (peer, lines, client) in [
        // Nobody believes a stranger.
        ("203.0.113.9", &["198.51.100.1"][..], "203.0.113.9"),
        ("::ffff:203.0.113.9", &["198.51.100.1"], "203.0.113.9"),
        ("127.0.0.1", &[], "127.0.0.1"),
        ("127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
        ("::ffff:127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
        ("fd00::7", &["2001:db8::1"], "2001:db8::1"),
        // What the client wrote stands to the left.
        ("127.0.0.1", &["1.2.3.4, 198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", &["127.0.0.1, 198.51.100.1"], "198.51.100.1"),
        // A chain of ours, in one field or several.
        ("127.0.0.1", &["198.51.100.1, 10.1.1.1"], "198.51.100.1"),
        (
            "127.0.0.1",
            &["1.2.3.4", "198.51.100.1", "10.1.1.1"],
            "198.51.100.1",
        ),
        ("127.0.0.1", &["10.2.2.2, 10.1.1.1"], "10.2.2.2"),
        // Ports, brackets, one family within the other.
        ("127.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
        ("127.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
        ("127.0.0.1", &["[2001:db8::1]"], "2001:db8::1"),
        ("127.0.0.1", &["::ffff:198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", &["1.2.3.4, ::ffff:10.1.1.1"], "1.2.3.4"),
        // What is no address ends the reading; what is empty is none.
        ("127.0.0.1", &["1.2.3.4, unknown"], "127.0.0.1"),
        ("127.0.0.1", &["1.2.3.4, unknown, 10.1.1.1"], "10.1.1.1"),
        ("127.0.0.1", &["198.51.100.1,, ,"], "198.51.100.1"),
        ("127.0.0.1", &["fe80::1%eth0"], "127.0.0.1"),
        ("127.0.0.1", &["010.0.0.1"], "127.0.0.1"),
        ("127.0.0.1", &["198.51.100.1 10.1.1.1"], "127.0.0.1"),
    ] {
        let headers = fields(FOR, lines);
        assert_eq!(
            trusted().client(ip(peer), &headers),
            ip(client),
            "{peer} {lines:?}"
        );
    }
}

#[test]
fn a_field_that_is_no_text_ends_the_reading() {
    let mut headers = fields(FOR, &["198.51.100.1"]);
    headers.append(FOR, b"\xff".as_slice().try_into().expect("a value"));
    assert_eq!(trusted().client(ip("127.0.0.1"), &headers), ip("127.0.0.1"));
}

#[test]
fn so_many_entries_are_read_and_no_more() {
    for (ours, client) in [
        (MAX_FORWARDED_ENTRIES - 1, "198.51.100.1"),
        (MAX_FORWARDED_ENTRIES, "10.1.1.1"),
    ] {
        let list = "198.51.100.1".to_owned() + &", 10.1.1.1".repeat(ours);
        let headers = fields(FOR, &[&list]);
        assert_eq!(trusted().client(ip("127.0.0.1"), &headers), ip(client));
    }
}

#[test]
fn only_a_trusted_proxy_says_that_it_came_in_the_clear() {
    for (peer, lines, in_clear) in [
        ("127.0.0.1", &["http"][..], true),
        ("127.0.0.1", &["HTTP "], true),
        ("127.0.0.1", &["https"], false),
        ("127.0.0.1", &[], false),
        ("127.0.0.1", &["https, http"], true),
        ("127.0.0.1", &["http, https"], false),
        ("127.0.0.1", &["http", "https"], false),
        ("127.0.0.1", &["ftp"], false),
        ("203.0.113.9", &["http"], false),
    ] {
        let headers = fields(PROTO, lines);
        assert_eq!(
            trusted().came_in_clear(ip(peer), &headers),
            in_clear,
            "{peer} {lines:?}"
        );
    }
}

fn any_ip() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        // Half of them ours, so that chains are met.
        (0..4_u8).prop_map(|last| IpAddr::V4(Ipv4Addr::new(10, 0, 0, last))),
        (0..4_u8).prop_map(|last| IpAddr::V4(Ipv4Addr::new(198, 51, 100, last))),
        any::<u128>().prop_map(|bits| IpAddr::V6(Ipv6Addr::from(bits))),
    ]
}

/// What may stand in a field.
fn any_byte() -> impl Strategy<Value = u8> {
    prop_oneof![3 => 0x20..0x7f_u8, 1 => 0x80..=0xff_u8, 1 => Just(b','), 1 => Just(b'\t')]
}

proptest! {
    /// Against the rule as it is said: of the proxy and what stands in the list, taken from the
    /// right, the first that is not trusted; the left-most when all are.
    #[test]
    fn the_rule_is_kept(peer in any_ip(), list in prop::collection::vec(any_ip(), 0..MAX_FORWARDED_ENTRIES)) {
        let trusted = trusted();
        let text: Vec<String> = list.iter().map(ToString::to_string).collect();
        let headers = fields(FOR, &[&text.join(", ")]);
        let whole: Vec<IpAddr> = list.iter().chain([&peer]).map(IpAddr::to_canonical).collect();
        let expected = whole.iter().rev().find(|one| !trusted.has(**one)).unwrap_or(&whole[0]);
        prop_assert_eq!(trusted.client(peer, &headers), *expected);
    }

    /// Whatever a client writes in front of what the proxy appends changes nothing.
    #[test]
    fn nobody_chooses_their_address(forged in prop::collection::vec(any_byte(), 0..80), client in any_ip()) {
        let trusted = trusted();
        let client = client.to_canonical();
        prop_assume!(!trusted.has(client));
        let own = client.to_string().into_bytes();
        for lines in [vec![[&forged, b", ".as_slice(), &own].concat()], vec![forged.clone(), own.clone()]] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(FOR, HeaderValue::from_bytes(&line).expect("a field"));
            }
            prop_assert_eq!(trusted.client(ip("127.0.0.1"), &headers), client);
        }
    }
}
