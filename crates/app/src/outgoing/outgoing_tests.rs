use super::*;

fn at(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

fn nobody_else() -> Outgoing {
    Outgoing::new(&["10.1.0.0/16".parse().expect("a network")], None)
}

#[test]
fn a_name_leads_nowhere_private() {
    let outgoing = nobody_else();
    for (all, is_https, chosen) in [
        (&["192.0.43.8:443"][..], true, Ok(at("192.0.43.8:443"))),
        (&["192.0.43.8:8443"], true, Ok(at("192.0.43.8:8443"))),
        (&["[::ffff:192.0.43.8]:443"], true, Ok(at("192.0.43.8:443"))),
        (&["[2606:4700::1]:443"], true, Ok(at("[2606:4700::1]:443"))),
        (&["192.0.43.8:22"], true, Err(OutgoingError::Denied)),
        (&["192.0.43.8:5432"], true, Err(OutgoingError::Denied)),
        (&["192.0.43.8:80"], false, Err(OutgoingError::Plain)),
        (&["127.0.0.1:443"], true, Err(OutgoingError::Denied)),
        (
            &["[::ffff:127.0.0.1]:443"],
            true,
            Err(OutgoingError::Denied),
        ),
        (&["169.254.169.254:80"], false, Err(OutgoingError::Plain)),
        // One that leads to both means no good.
        (
            &["192.0.43.8:443", "127.0.0.1:443"],
            true,
            Err(OutgoingError::Denied),
        ),
        (
            &["10.1.2.3:8080", "10.2.2.3:8080"],
            false,
            Err(OutgoingError::Plain),
        ),
        (&["10.1.2.3:8080"], false, Ok(at("10.1.2.3:8080"))),
        (&["[::ffff:10.1.2.3]:8080"], false, Ok(at("10.1.2.3:8080"))),
        (&["10.1.2.3:9000"], true, Ok(at("10.1.2.3:9000"))),
        (&["10.2.2.3:443"], true, Err(OutgoingError::Denied)),
        (&[], true, Err(OutgoingError::Unreachable)),
    ] {
        let all: Vec<_> = all.iter().map(|text| at(text)).collect();
        assert_eq!(outgoing.chosen(&all, is_https), chosen, "{all:?}");
    }
}

#[tokio::test]
async fn a_name_of_this_machine_is_denied_though_it_resolves() {
    let outgoing = Outgoing::default();
    for text in ["https://localhost/", "https://127.0.0.1/", "https://[::1]/"] {
        let address = Address::parse(text).expect("an address");
        let asked = outgoing.get(&address).await;
        assert_eq!(asked, Err(OutgoingError::Denied), "{text}");
    }
    let plain = Address::parse("http://127.0.0.1/").expect("an address");
    assert_eq!(outgoing.get(&plain).await, Err(OutgoingError::Plain));
}
