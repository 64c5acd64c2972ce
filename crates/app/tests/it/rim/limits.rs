//! Each limit at its value, and one past it.

use std::time::Duration;

use kept_app::http::{Limits, MAX_BODY_BYTES, MAX_HEADER_BYTES, MAX_HEADER_FIELDS, MAX_URI_BYTES};
use kept_base::kit::Entropy;

use super::wire::{Wire, ask, get, post, request};
use super::{LARGE_BYTES, Rim, short};

#[tokio::test]
async fn the_address_has_a_length() {
    let rim = Rim::start(Limits::default()).await;
    for (bytes, status) in [(MAX_URI_BYTES, 404), (MAX_URI_BYTES + 1, 414)] {
        let target = format!("/api/v1/{}", "a".repeat(bytes - "/api/v1/".len()));
        let answer = ask(rim.address(), get(&target)).await;
        assert_eq!(answer.status, status, "{bytes}");
        let target = format!("/api/v1/a?{}", "a".repeat(bytes - "/api/v1/a?".len()));
        let answer = ask(rim.address(), get(&target)).await;
        assert_eq!(answer.status, status, "{bytes} in the query");
    }
}

#[tokio::test]
async fn header_fields_are_counted_and_weighed() {
    let rim = Rim::start(Limits::default()).await;
    for (count, status) in [(MAX_HEADER_FIELDS, 200), (MAX_HEADER_FIELDS + 1, 431)] {
        let fields = "a: b\r\n".repeat(count - 1);
        let answer = ask(rim.address(), request("GET", "/healthz", &fields)).await;
        assert_eq!(answer.status, status, "{count} fields");
    }
    for (bytes, status) in [(MAX_HEADER_BYTES, 200), (MAX_HEADER_BYTES + 1, 431)] {
        let rest = request("GET", "/healthz", "a: \r\n").len();
        let field = format!("a: {}\r\n", "b".repeat(bytes - rest));
        let answer = ask(rim.address(), request("GET", "/healthz", &field)).await;
        assert_eq!(answer.status, status, "{bytes} bytes");
    }
}

#[tokio::test]
async fn a_body_has_a_size_whether_declared_or_not() {
    let rim = Rim::start(Limits::default()).await;
    for (bytes, status) in [(MAX_BODY_BYTES, 200), (MAX_BODY_BYTES + 1, 413)] {
        let body = format!("{{}}{}", " ".repeat(bytes - 2));
        let declared = post("/api/v1/echo", "application/json", &body);
        assert_eq!(
            ask(rim.address(), declared).await.status,
            status,
            "{bytes} declared"
        );
        let fields = "content-type: application/json\r\ntransfer-encoding: chunked\r\n";
        let head = request("POST", "/api/v1/echo", fields);
        let chunked = format!("{head}{bytes:x}\r\n{body}\r\n0\r\n\r\n");
        assert_eq!(
            ask(rim.address(), chunked).await.status,
            status,
            "{bytes} chunked"
        );
    }
}

#[tokio::test]
async fn a_declared_size_is_refused_before_a_byte_of_it_is_sent() {
    let rim = Rim::start(Limits::default()).await;
    let fields = "content-type: application/json\r\ncontent-length: 99999999999\r\n\
                  expect: 100-continue\r\n";
    let answer = ask(rim.address(), request("POST", "/api/v1/echo", fields)).await;
    assert_eq!((answer.status, answer.code().as_str()), (413, "too_large"));
}

#[tokio::test]
async fn json_is_bounded_in_depth_and_strict() {
    let rim = Rim::start(Limits::default()).await;
    let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    for (body, status) in [
        (nested(15), 200),
        (nested(16), 400),
        ("[".repeat(MAX_BODY_BYTES), 400),
        ("{\"a\":".repeat(10_000), 400),
        (r#"{"a":1,"a":2}"#.to_owned(), 400),
        (r#"{"a":{"b":1,"b":2}}"#.to_owned(), 400),
        ("{}{}".to_owned(), 400),
        (String::new(), 400),
        ("5".to_owned(), 422),
    ] {
        let answer = ask(
            rim.address(),
            post("/api/v1/echo", "application/json", &body),
        )
        .await;
        assert_eq!(answer.status, status, "{}", &body[..body.len().min(40)]);
    }
    let answer = ask(rim.address(), post("/api/v1/echo", "text/plain", "{}")).await;
    assert_eq!(answer.code(), "unsupported_media_type");
}

#[tokio::test]
async fn a_header_must_arrive_in_time_however_slowly_it_trickles() {
    let rim = Rim::start(short()).await;
    let mut silent = Wire::connect(rim.address()).await;
    assert_eq!(silent.closed().await, b"");

    let mut partial = Wire::connect(rim.address()).await;
    partial.send("GET /healthz HTTP/1.1\r\nhost: book").await;
    assert_eq!(partial.closed().await, b"");

    let mut trickling = Wire::connect(rim.address()).await;
    trickling.send("GET /healthz HTTP/1.1\r\nhost: ").await;
    let mut sent = 0;
    while !trickling.answers_within(Duration::from_millis(10)).await {
        trickling.offer("a").await;
        sent += 1;
    }
    assert!(sent < 100, "still open after {sent} bytes");

    let mut second = Wire::connect(rim.address()).await;
    second.send(get("/healthz")).await;
    assert_eq!(second.answer().await.status, 200);
    second.send("GET /healthz HTTP/1.1\r\n").await;
    assert_eq!(second.closed().await, b"");
}

#[tokio::test]
async fn an_idle_connection_is_closed_but_not_at_once() {
    let limits = Limits {
        header_read: Duration::from_millis(300),
        idle: Duration::from_secs(2),
        ..Limits::default()
    };
    let rim = Rim::start(limits).await;
    let mut wire = Wire::connect(rim.address()).await;
    for _ in 0..2 {
        wire.send(get("/healthz")).await;
        assert_eq!(wire.answer().await.status, 200);
        let quiet = !wire.answers_within(limits.header_read * 2).await;
        assert!(quiet, "the time for a header runs while there is none");
    }
    assert_eq!(wire.closed().await, b"");
}

#[tokio::test]
async fn a_body_must_arrive_in_time() {
    let limits = Limits {
        request: Duration::from_secs(20),
        ..short()
    };
    let rim = Rim::start(limits).await;
    let fields = "content-type: application/json\r\ncontent-length: 10\r\n";
    let answer = ask(
        rim.address(),
        request("POST", "/api/v1/echo", fields) + "{\"a",
    )
    .await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (408, "body_timeout")
    );
}

#[tokio::test]
async fn an_answer_must_come_in_time() {
    let rim = Rim::start(short()).await;
    let answer = ask(rim.address(), get("/never")).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("retry-after"), Some("1"));
}

#[tokio::test]
async fn only_so_many_connections_are_served_at_once() {
    let limits = Limits {
        connections: 1,
        ..Limits::default()
    };
    let rim = Rim::start(limits).await;
    let mut first = Wire::connect(rim.address()).await;
    first.send(get("/healthz")).await;
    assert_eq!(first.answer().await.status, 200);
    let mut second = Wire::connect(rim.address()).await;
    second.send(get("/healthz")).await;
    assert!(!second.answers_within(Duration::from_millis(100)).await);
    drop(first);
    assert_eq!(second.answer().await.status, 200);
}

#[tokio::test]
async fn a_client_that_does_not_take_its_answer_loses_its_connection() {
    let limits = Limits {
        connections: 1,
        write_stall: Duration::from_millis(100),
        ..Limits::default()
    };
    let rim = Rim::start(limits).await;
    let mut stalled = Wire::connect(rim.address()).await;
    stalled.send(get("/large")).await;
    // The only place is free again without the first client's doing anything.
    assert_eq!(ask(rim.address(), get("/healthz")).await.status, 200);
    assert!(stalled.closed().await.len() < LARGE_BYTES);
}

/// Requests with bytes changed at random are refused or read, and never our fault.
#[tokio::test]
async fn damaged_requests_hurt_nobody() {
    let limits = Limits {
        request: Duration::from_secs(20),
        ..short()
    };
    let rim = Rim::start(limits).await;
    let chance = Entropy::seeded(7);
    let whole = [
        get("/api/v1/things/5?zone=Europe/Berlin"),
        post("/api/v1/echo", "application/json", r#"{"a":[1,{"b":"c"}]}"#),
        post(
            "/form",
            "application/x-www-form-urlencoded",
            "name=Ada&note=%C3%A4",
        ),
    ];
    for round in 0..300 {
        let mut bytes = whole[round % whole.len()].clone().into_bytes();
        for _ in 0..=chance.below(4) {
            let at = chance.below(u32::try_from(bytes.len()).unwrap()) as usize;
            bytes[at] = chance.bytes::<1>()[0];
        }
        let mut wire = Wire::connect(rim.address()).await;
        wire.offer(&bytes).await;
        wire.offer("\r\n\r\n").await;
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        if let Some(answer) = wire.answer_to(shown.split(' ').next().unwrap()).await {
            assert!(answer.status < 500, "{shown:?}: {answer:?}");
        }
    }
    assert_eq!(ask(rim.address(), get("/healthz")).await.status, 200);
}
