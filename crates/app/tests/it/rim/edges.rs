//! What every request and every answer passes.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kept_app::http::Limits;

use super::Rim;
use super::wire::{Answer, Wire, ask, get, post, request};

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn health_and_readiness() {
    let rim = Rim::start(Limits::default()).await;
    let health = ask(rim.address(), get("/healthz")).await;
    assert_eq!(health.json()["status"], "ok");
    assert_eq!(health.json()["version"], env!("CARGO_PKG_VERSION"));
    let edition = health.json()["tzdb"].as_str().unwrap().to_owned();
    assert!(edition.starts_with("20"), "{edition}");
    let ready = ask(rim.address(), get("/readyz")).await;
    assert_eq!(ready.json()["status"], "ready");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let limits = Limits {
        request: Duration::from_secs(2),
        ..Limits::default()
    };
    let rim = Rim::start(limits).await;
    let long = "a".repeat(5_000);
    let many = "a: b\r\n".repeat(80);
    let foreign = "origin: https://evil.example\r\ncontent-length: 0\r\n";
    for (asked, status) in [
        (get("/healthz"), 200),
        (request("HEAD", "/healthz", ""), 200),
        (get("/"), 404),
        (get("/api/v1/nothing"), 404),
        (get("/api/v1/things/5"), 404),
        (request("DELETE", "/healthz", ""), 405),
        (request("BREW", "/api/v1/nothing", ""), 405),
        (get(&format!("/{long}")), 414),
        (request("GET", "/", &many), 431),
        (post("/api/v1/echo", "text/plain", "{}"), 415),
        (post("/api/v1/echo", "application/json", "{"), 400),
        (request("POST", "/form", foreign), 403),
        (get("/api/v1/panic"), 500),
        (get("/page/secret"), 500),
        (get("/never"), 503),
        ("GET / HTTP/1.1\r\n\r\n".to_owned(), 400),
    ] {
        let mut wire = Wire::connect(rim.address()).await;
        wire.send(&asked).await;
        let method = asked.split(' ').next().unwrap();
        let answer = wire.answer_to(method).await.unwrap();
        assert_eq!(answer.status, status, "{asked}");
        carries_security_headers(&answer);
    }
}

fn carries_security_headers(answer: &Answer) {
    let has = |name, value| assert_eq!(answer.header(name), Some(value), "{answer:?}");
    has("x-content-type-options", "nosniff");
    has("referrer-policy", "same-origin");
    has("cross-origin-opener-policy", "same-origin");
    has("cross-origin-resource-policy", "same-origin");
    let hsts = "max-age=63072000; includeSubDomains";
    has("strict-transport-security", hsts);
    has("cache-control", "no-store");
    let policy = answer.header("content-security-policy").expect("a policy");
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(answer.header("permissions-policy").is_some());
    assert!(
        answer
            .header("x-request-id")
            .is_some_and(|id| id.starts_with("req_"))
    );
    assert_eq!(answer.header("set-cookie"), None);
    assert_eq!(answer.header("server"), None);
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn a_problem_is_json_for_programs_and_a_page_for_people() {
    let rim = Rim::start(Limits::default()).await;
    let document = ask(rim.address(), get("/api/v1/nothing")).await;
    assert_eq!(document.code(), "not_found");
    let id = document.header("x-request-id").unwrap().to_owned();
    assert_eq!(document.json()["request_id"], id.as_str());

    let page = ask(rim.address(), get("/nothing")).await;
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(
        page.body.contains("<h1>There is nothing here</h1>"),
        "{page:?}"
    );
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("style-src 'self'"), "{policy}");
}

#[tokio::test]
async fn what_is_not_there_and_what_may_not_be_known_are_the_same_bytes() {
    let rim = Rim::start(Limits::default()).await;
    let mut answers = Vec::new();
    for target in ["/api/v1/nothing", "/api/v1/things/5", "/api/v1/things/%ff"] {
        let answer = ask(rim.address(), get(target)).await;
        let id = answer.header("x-request-id").unwrap();
        answers.push((answer.status, answer.body.replace(id, "")));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
}

#[tokio::test]
async fn methods_are_strict() {
    let rim = Rim::start(Limits::default()).await;
    for (method, target, status, allow) in [
        ("HEAD", "/healthz", 200, None),
        ("POST", "/healthz", 405, Some("GET,HEAD")),
        ("BREW", "/healthz", 405, Some("GET,HEAD")),
        ("TRACE", "/healthz", 405, Some("GET,HEAD")),
        ("OPTIONS", "/healthz", 405, Some("GET,HEAD")),
        ("GET", "/api/v1/echo", 405, Some("POST")),
        ("BREW", "/nowhere", 405, Some("GET,HEAD")),
        ("CONNECT", "book.example:443", 405, Some("GET,HEAD")),
        ("GET", "/nowhere", 404, None),
        ("POST", "/api/nowhere", 404, None),
        ("GET", "/healthz/", 404, None),
        ("GET", "//healthz", 404, None),
        ("GET", "/x/../healthz", 404, None),
    ] {
        let answer = ask_as(&rim, method, target).await;
        assert_eq!(answer.status, status, "{method} {target}");
        assert_eq!(answer.header("allow"), allow, "{method} {target}");
    }
    let head = ask_as(&rim, "HEAD", "/healthz").await;
    let whole = ask(rim.address(), get("/healthz")).await;
    assert_eq!(
        head.header("content-length"),
        whole.header("content-length")
    );
    assert_eq!(head.body, "");
}

async fn ask_as(rim: &Rim, method: &str, target: &str) -> Answer {
    let mut wire = Wire::connect(rim.address()).await;
    wire.send(request(method, target, "")).await;
    wire.answer_to(method).await.expect("an answer")
}

#[tokio::test]
async fn a_panic_is_one_answer_and_the_server_lives() {
    let rim = Rim::start(Limits::default()).await;
    let mut wire = Wire::connect(rim.address()).await;
    for _ in 0..3 {
        wire.send(get("/api/v1/panic")).await;
        let answer = wire.answer().await;
        assert_eq!((answer.status, answer.code().as_str()), (500, "internal"));
        assert!(!answer.body.contains("SECRET"));
        wire.send(get("/healthz")).await;
        assert_eq!(wire.answer().await.status, 200);
    }
}

#[tokio::test]
async fn forms_of_other_sites_are_refused_and_programs_may_send_them() {
    let rim = Rim::start(Limits::default()).await;
    for (fields, status) in [
        ("", 200),
        ("sec-fetch-site: same-origin\r\norigin: null\r\n", 200),
        ("origin: https://book.example\r\n", 200),
        ("sec-fetch-site: cross-site\r\n", 403),
        ("sec-fetch-site: same-site\r\n", 403),
        ("origin: https://evil.example\r\n", 403),
        ("origin: null\r\n", 403),
    ] {
        let fields = format!("{fields}content-type: {FORM}\r\ncontent-length: 3\r\n");
        let answer = ask(rim.address(), request("POST", "/form", &fields) + "a=b").await;
        assert_eq!(answer.status, status, "{fields}");
    }
    // The API takes no authority from a browser: it is asked from anywhere.
    let fields = "origin: https://shop.example\r\ncontent-type: application/json\r\n\
                  content-length: 2\r\n";
    let answer = ask(
        rim.address(),
        request("POST", "/api/v1/echo", fields) + "{}",
    )
    .await;
    assert_eq!(answer.status, 200);
}

/// Whatever the framing, a request hidden behind another is never answered.
#[tokio::test]
async fn no_request_is_smuggled_behind_another() {
    let rim = Rim::start(Limits::default()).await;
    let hidden = "GET /healthz HTTP/1.1\r\nhost: book.example\r\n\r\n";
    let json = "content-type: application/json\r\n";
    let length = hidden.len() + 5;
    for fields in [
        format!("content-length: {length}\r\ntransfer-encoding: chunked\r\n"),
        format!("transfer-encoding: chunked\r\ncontent-length: {length}\r\n"),
        "transfer-encoding: chunked\r\ncontent-length: 0\r\n".to_owned(),
        "content-length: 0\r\ncontent-length: 5\r\n".to_owned(),
        "content-length: 0, 5\r\n".to_owned(),
        "content-length: +5\r\n".to_owned(),
        "content-length: -1\r\n".to_owned(),
        "content-length: 0x5\r\n".to_owned(),
        "content-length : 5\r\n".to_owned(),
        "transfer-encoding: xchunked\r\n".to_owned(),
        "transfer-encoding: chunked, identity\r\n".to_owned(),
        "transfer-encoding: identity\r\ncontent-length: 0\r\n".to_owned(),
        "transfer-encoding : chunked\r\n".to_owned(),
        " transfer-encoding: chunked\r\n".to_owned(),
        "transfer-encoding:\u{b}chunked\r\n".to_owned(),
        "x: y\r\n transfer-encoding: chunked\r\n".to_owned(),
        "x: y\rtransfer-encoding: chunked\r\n".to_owned(),
        "x: y\0\r\ntransfer-encoding: chunked\r\n".to_owned(),
    ] {
        let mut wire = Wire::connect(rim.address()).await;
        let head = request("POST", "/api/v1/echo", &format!("{json}{fields}"));
        wire.offer(format!("{head}0\r\n\r\n{hidden}")).await;
        let all = String::from_utf8(wire.closed().await).unwrap();
        assert_eq!(all.matches("HTTP/1.1 ").count(), 1, "{fields:?}: {all}");
        assert!(all.starts_with("HTTP/1.1 400 "), "{fields:?}: {all}");
        assert!(!all.contains("tzdb"), "{fields:?}");
    }
    let old = "POST /api/v1/echo HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n";
    let mut wire = Wire::connect(rim.address()).await;
    wire.offer(format!("{old}{hidden}")).await;
    let all = String::from_utf8(wire.closed().await).unwrap();
    assert!(all.starts_with("HTTP/1.1 400 "), "{all}");
}

#[tokio::test]
async fn there_is_exactly_one_host() {
    let rim = Rim::start(Limits::default()).await;
    for (asked, status) in [
        ("GET /healthz HTTP/1.1\r\n\r\n", 400),
        ("GET /healthz HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400),
        ("GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n", 200),
        ("GET /healthz HTTP/1.0\r\n\r\n", 200),
    ] {
        assert_eq!(ask(rim.address(), asked).await.status, status, "{asked}");
    }
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no writer panics").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_has_the_route_and_nothing_that_was_sent() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let rim = Rim::start(Limits::default()).await;
    let agent = "user-agent: SECRET\r\n";
    ask(
        rim.address(),
        request("GET", "/page/SECRET?name=SECRET", agent),
    )
    .await;
    ask(rim.address(), request("SECRET", "/SECRET", agent)).await;
    ask(
        rim.address(),
        post("/api/v1/echo", "application/json", r#"{"SECRET""#),
    )
    .await;
    rim.running.stop().await;

    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(!text.contains("SECRET"), "{text}");
    let line = text.lines().find(|line| line.contains("/page/")).unwrap();
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    let fields = &line["fields"];
    assert_eq!(line["level"], "ERROR");
    assert_eq!(fields["http.route"], "/page/{token}");
    assert_eq!(fields["http.status"], 500);
    assert_eq!(fields["problem.code"], "internal");
    assert_eq!(fields["cause"], "a handler panicked");
    assert!(fields["elapsed_ms"].is_number() && fields["request.id"].is_string());
}
