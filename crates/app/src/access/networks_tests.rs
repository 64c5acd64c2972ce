//! What decides from where somebody acts.

use std::net::{Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::*;

fn net(text: &str) -> IpNet {
    read_network(text).expect("a network")
}

fn at(role: Option<Role>, from: &str) -> Standpoint {
    Standpoint {
        role,
        from: from.parse().ok(),
    }
}

#[test]
fn networks_are_read_as_people_write_them() {
    for (text, range) in [
        ("192.0.2.0/24", "192.0.2.0/24"),
        (" 192.0.2.77/24 ", "192.0.2.0/24"),
        ("192.0.2.7", "192.0.2.7/32"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("2001:DB8::7", "2001:db8::7/128"),
        ("2001:db8:0:0:0:0:0:1/32", "2001:db8::/32"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("::ffff:192.0.2.7/120", "192.0.2.0/24"),
        ("::ffff:0:0/96", "0.0.0.0/0"),
        ("::/0", "::/0"),
    ] {
        let read = read_network(text).map(|range| range.to_string());
        assert_eq!(read.as_deref(), Some(range), "{text}");
    }
    let long = format!("{}192.0.2.0/24", "0".repeat(MAX_NETWORK_BYTES));
    for text in [
        "",
        "office",
        "192.0.2.0/33",
        "192.0.2.0/-1",
        "192.0.2/24",
        "2001:db8::/129",
        "192.0.2.0/24/24",
        "192.0.2.0-192.0.2.9",
        "fe80::1%eth0",
        &long,
    ] {
        assert_eq!(read_network(text), None, "{text}");
    }
}

#[test]
fn a_role_without_a_network_comes_from_anywhere() {
    let none = Networks::default();
    for from in ["192.0.2.7", "2001:db8::7", "unknown"] {
        assert!(none.admit(at(Some(Role::Staff), from)));
        assert!(none.admit(at(None, from)));
    }
    let staff = Networks::new(&[(Some(Role::Staff), net("192.0.2.0/24"))]);
    assert!(staff.admit(at(Some(Role::Owner), "198.51.100.1")));
    assert!(staff.admit(at(None, "198.51.100.1")));
    assert!(staff.admit(at(Some(Role::Staff), "192.0.2.255")));
    assert!(staff.admit(at(Some(Role::Staff), "::ffff:192.0.2.1")));
    for outside in ["192.0.3.0", "2001:db8::1", "unknown"] {
        assert!(!staff.admit(at(Some(Role::Staff), outside)), "{outside}");
    }
}

#[test]
fn what_holds_for_all_and_for_the_role_both_let_in() {
    let both = Networks::new(&[
        (None, net("192.0.2.0/24")),
        (Some(Role::Owner), net("2001:db8::/32")),
    ]);
    for (role, from, is_let_in) in [
        (Some(Role::Owner), "192.0.2.1", true),
        (Some(Role::Owner), "2001:db8::1", true),
        (Some(Role::Owner), "198.51.100.1", false),
        (Some(Role::Admin), "192.0.2.1", true),
        (Some(Role::Admin), "2001:db8::1", false),
        (None, "192.0.2.1", true),
        (None, "2001:db8::1", false),
        (None, "unknown", false),
    ] {
        assert_eq!(both.admit(at(role, from)), is_let_in, "{role:?} {from}");
    }
}

#[test]
fn only_whoever_is_inside_can_be_shut_out() {
    let before = Networks::new(&[(None, net("192.0.2.0/24"))]);
    let after = Networks::new(&[(None, net("198.51.100.0/24"))]);
    assert!(before.shut_out(&after, at(Some(Role::Owner), "192.0.2.1")));
    assert!(!before.shut_out(&after, at(Some(Role::Owner), "203.0.113.1")));
    assert!(Networks::default().shut_out(&after, at(Some(Role::Owner), "unknown")));
    assert!(!before.shut_out(&Networks::default(), at(Some(Role::Owner), "192.0.2.1")));
}

/// Whether the first bits are the same, one after the other.
fn naive(address: &[u8], range: &[u8], bits: u8) -> bool {
    let bit = |bytes: &[u8], at: usize| bytes[at / 8] >> (7 - at % 8) & 1;
    (0..usize::from(bits)).all(|at| bit(address, at) == bit(range, at))
}

proptest! {
    /// An address is within a range exactly when it begins with the same bits, in either family.
    #[test]
    fn a_range_holds_what_begins_with_its_bits(
        range: u32, bits in 0..=32_u8, other: u32, near: bool, flip in 0..32_u32,
    ) {
        // Nearly the same address is the hard case.
        let address = if near { range ^ (1 << flip) } else { other };
        let (range, address) = (Ipv4Addr::from(range), Ipv4Addr::from(address));
        let expected = naive(&address.octets(), &range.octets(), bits);
        let named = Networks::new(&[(None, net(&format!("{range}/{bits}")))]);
        for from in [IpAddr::V4(address), IpAddr::V6(address.to_ipv6_mapped())] {
            let who = Standpoint { role: Some(Role::Staff), from: Some(from) };
            prop_assert_eq!(named.admit(who), expected);
        }
        // The same range written as IPv6.
        let mapped = net(&format!("{}/{}", range.to_ipv6_mapped(), bits + 96));
        prop_assert_eq!(mapped, net(&format!("{range}/{bits}")));
    }

    #[test]
    fn the_same_of_ipv6(
        range: u128, bits in 0..=128_u8, other: u128, near: bool, flip in 0..128_u32,
    ) {
        let address = if near { range ^ (1 << flip) } else { other };
        let (range, address) = (Ipv6Addr::from(range), Ipv6Addr::from(address));
        prop_assume!(range.to_ipv4_mapped().is_none() && address.to_ipv4_mapped().is_none());
        let expected = naive(&address.octets(), &range.octets(), bits);
        let named = Networks::new(&[(None, net(&format!("{range}/{bits}")))]);
        let who = Standpoint { role: None, from: Some(IpAddr::V6(address)) };
        prop_assert_eq!(named.admit(who), expected);
    }

    /// Naming one more network for a role that has some never shuts anybody out; a change is refused for
    /// exactly those whom it would shut out.
    #[test]
    fn more_networks_let_in_more(ranges in prop::collection::vec((any::<u32>(), 0..=32_u8), 1..6), from: u32) {
        let named: Vec<_> = ranges
            .iter()
            .map(|(range, bits)| (None, net(&format!("{}/{bits}", Ipv4Addr::from(*range)))))
            .collect();
        let who = Standpoint { role: None, from: Some(IpAddr::V4(from.into())) };
        let (fewer, more) = (Networks::new(&named[1..]), Networks::new(&named));
        if named.len() > 1 {
            prop_assert!(!fewer.shut_out(&more, who));
        }
        prop_assert_eq!(fewer.shut_out(&more, who), fewer.admit(who) && !more.admit(who));
    }
}
