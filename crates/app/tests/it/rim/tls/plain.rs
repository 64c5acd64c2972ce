//! The plain listener beside TLS: the way there for people, a refusal for programs.

use kept_app::http::Limits;

use super::Secure;
use crate::rim::wire::{Wire, ask, get, post, request};

const AUTHORIZATION: &str = "authorization: Bearer kept_not_a_token\r\n";

#[tokio::test]
async fn pages_are_sent_on_to_the_configured_host() {
    let server = Secure::start(Limits::default()).await;
    let form = post("/form", "application/x-www-form-urlencoded", "a=b");
    for (asked, to) in [
        (get("/"), "/"),
        (
            get("/riverside?zone=UTC&lang=de"),
            "/riverside?zone=UTC&lang=de",
        ),
        (get("//evil.example/x"), "//evil.example/x"),
        (get("http://evil.example/x"), "/x"),
        (get("/healthz"), "/healthz"),
        (get("/apis"), "/apis"),
        (form, "/form"),
        (request("OPTIONS", "*", ""), "/"),
        (request("CONNECT", "evil.example:443", ""), "/"),
        (
            get("/.well-known/acme-challenge/unknown"),
            "/.well-known/acme-challenge/unknown",
        ),
    ] {
        let asked = asked.replace("host: book.example", "host: evil.example");
        let answer = ask(server.plain, &asked).await;
        assert_eq!(answer.status, 308, "{asked}");
        let to = format!("https://book.example{to}");
        assert_eq!(answer.header("location"), Some(to.as_str()), "{asked}");
        // RFC 6797, 7.2.
        assert_eq!(answer.header("strict-transport-security"), None);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.body, "");
    }
}

#[tokio::test]
async fn whatever_may_carry_a_token_is_refused_and_sent_nowhere() {
    let server = Secure::start(Limits::default()).await;
    for asked in [
        get("/api"),
        get("/api/v1/orgs/riverside/services"),
        request("GET", "/api/v1/orgs/riverside/appointments", AUTHORIZATION),
        post("/api/v1/echo", "application/json", "{}"),
        request("GET", "/riverside", AUTHORIZATION),
    ] {
        let answer = ask(server.plain, &asked).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, "tls_required"),
            "{asked}"
        );
        assert_eq!(answer.header("location"), None);
        assert_eq!(answer.header("strict-transport-security"), None);
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("in the clear: replace it"), "{detail}");
    }
}

#[tokio::test]
async fn limits_hold_there_too() {
    let server = Secure::start(Limits::default()).await;
    let long = "a".repeat(5_000);
    assert_eq!(
        ask(server.plain, get(&format!("/{long}"))).await.status,
        414
    );
    let mut wire = Wire::connect(server.plain).await;
    wire.send("GET / HTTP/1.1\r\n\r\n").await;
    assert_eq!(wire.answer().await.status, 400);
}
