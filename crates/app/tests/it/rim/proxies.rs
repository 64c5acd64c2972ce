//! Proxies: those that are named are believed, nobody else.

use kept_app::http::{Door, Entrance, Limits, Trusted};

use super::wire::{ask, post, request};
use super::{Rim, local};
use crate::support::may;

async fn believing(network: &str) -> Rim {
    let door = Door {
        listener: local().await,
        entrance: Entrance::Http,
    };
    let trusted = Trusted::new(&[network.parse().expect("a network")]);
    Rim::at(vec![door], trusted, Limits::default())
}

#[tokio::test]
async fn a_trusted_proxy_says_who_the_client_is() {
    let rim = believing("127.0.0.0/8").await;
    for (fields, client) in [
        ("", "127.0.0.1"),
        ("x-forwarded-for: 198.51.100.7\r\n", "198.51.100.7"),
        (
            "x-forwarded-for: 203.0.113.1, 198.51.100.7:80\r\nx-forwarded-for: 127.0.0.9\r\n",
            "198.51.100.7",
        ),
        ("x-forwarded-for: 198.51.100.7, what\r\n", "127.0.0.1"),
        (
            "forwarded: for=198.51.100.7\r\nx-real-ip: 198.51.100.8\r\n",
            "127.0.0.1",
        ),
    ] {
        let answer = ask(rim.address(), request("GET", "/api/v1/from", fields)).await;
        assert_eq!(answer.body, client, "{fields}");
    }
}

#[tokio::test]
async fn what_anybody_else_says_is_ignored() {
    let rim = believing("10.0.0.0/8").await;
    let fields = "x-forwarded-for: 198.51.100.7\r\nx-forwarded-proto: http\r\n\
                  x-forwarded-host: evil.example\r\n";
    let answer = ask(rim.address(), request("GET", "/api/v1/from", fields)).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "127.0.0.1"));
}

#[tokio::test]
async fn a_trusted_proxy_says_that_a_request_came_in_the_clear() {
    let rim = believing("127.0.0.1/32").await;
    let clear = "x-forwarded-proto: http\r\nx-forwarded-host: evil.example\r\n";
    let page = ask(rim.address(), request("GET", "/riverside?lang=de", clear)).await;
    assert_eq!(page.status, 308);
    assert_eq!(
        page.header("location"),
        Some("https://book.example/riverside?lang=de")
    );
    assert_eq!(page.header("strict-transport-security"), None);

    let api = ask(rim.address(), request("GET", "/api/v1/from", clear)).await;
    assert_eq!((api.status, api.code().as_str()), (403, "tls_required"));

    let secure = "x-forwarded-proto: https\r\n";
    let api = ask(rim.address(), request("GET", "/api/v1/from", secure)).await;
    assert_eq!(api.status, 200);
    assert!(api.header("strict-transport-security").is_some());

    // Without a word from the proxy nothing is known, as for its look at the health.
    let health = ask(rim.address(), request("GET", "/healthz", "")).await;
    assert_eq!(health.status, 200);
}

#[tokio::test]
async fn a_forwarded_host_makes_no_form_ours() {
    let rim = believing("127.0.0.1/32").await;
    let form = post("/form", "application/x-www-form-urlencoded", "a=b");
    let foreign = "origin: https://evil.example\r\nx-forwarded-host: evil.example\r\ncontent-type";
    let answer = ask(rim.address(), form.replacen("content-type", foreign, 1)).await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn a_member_is_where_a_trusted_proxy_says_and_nowhere_else() {
    use kept_app::access::{self, NewNetwork, Role, Standpoint, read_network};
    use kept_app::http;

    use crate::support::TestApp;
    use crate::support::desk::Staffer;

    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let new = NewNetwork {
        role: None,
        range: read_network("192.0.2.0/24").expect("a network"),
        note: String::new(),
    };
    let by = Standpoint {
        role: Some(Role::Owner),
        from: "192.0.2.7".parse().ok(),
    };
    test.write(clinic.id, move |tx| {
        access::add_network(tx, &may(), &new, by)
    })
    .await;
    for (proxy, forwarded, status) in [
        ("127.0.0.0/8", "192.0.2.7", 200),
        ("127.0.0.0/8", "::ffff:192.0.2.7", 200),
        ("127.0.0.0/8", "198.51.100.7", 403),
        // What the client says itself stands left of what the proxy saw.
        ("127.0.0.0/8", "192.0.2.7, 198.51.100.7", 403),
        ("127.0.0.0/8", "198.51.100.7, 192.0.2.7", 200),
        ("127.0.0.0/8", "what", 403),
        // A proxy that nobody named is not believed.
        ("10.0.0.0/8", "192.0.2.7", 403),
    ] {
        let door = Door {
            listener: local().await,
            entrance: Entrance::Http,
        };
        let trusted = Trusted::new(&[proxy.parse().expect("a network")]);
        let router = http::router(&test.app, Limits::default());
        let running = http::serve_at(vec![door], trusted, router, Limits::default());
        let address = running.as_ref().expect("an address").address;
        let fields = format!(
            "cookie: {}\r\nx-forwarded-for: {forwarded}\r\n",
            owner.cookie()
        );
        let answer = ask(address, request("GET", "/o/riverside/account", &fields)).await;
        assert_eq!(answer.status, status, "{proxy} {forwarded}");
    }
}
