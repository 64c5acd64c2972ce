//! What is spoken, with which certificate, and for how long somebody may take to agree.

use std::time::Duration;

use kept_app::http::{Finished, Limits};
use kept_app::tls::{Looked, PairError};
use rustls::ProtocolVersion;
use rustls::version::{TLS12, TLS13};

use super::Secure;
use super::client::{Client, trusting};
use crate::rim::wire::{Wire, get};

/// Handshakes that are given up soon.
fn hasty() -> Limits {
    Limits {
        handshake: Duration::from_millis(300),
        ..Limits::default()
    }
}

#[tokio::test]
async fn both_versions_are_spoken_and_every_answer_asks_to_stay() {
    let server = Secure::start(Limits::default()).await;
    for (version, expected) in [
        (&TLS13, ProtocolVersion::TLSv1_3),
        (&TLS12, ProtocolVersion::TLSv1_2),
    ] {
        let config = trusting(&server.authority.root, &[version]);
        let connected = Client::connect(server.address(), "book.example", config).await;
        let mut client = connected.expect("a handshake");
        assert_eq!(client.version, expected);
        assert_eq!(client.protocol.as_deref(), Some(b"http/1.1".as_slice()));
        for (target, status) in [
            ("/healthz", 200),
            ("/nothing", 404),
            ("/api/v1/nothing", 404),
        ] {
            let answer = client.get(target).await;
            assert_eq!(answer.status, status, "{target}");
            let hsts = answer.header("strict-transport-security");
            assert_eq!(
                hsts,
                Some("max-age=63072000; includeSubDomains"),
                "{target}"
            );
        }
    }
}

#[tokio::test]
async fn a_client_that_wants_another_name_or_authority_goes_away() {
    let server = Secure::start(Limits::default()).await;
    let config = trusting(&server.authority.root, rustls::ALL_VERSIONS);
    let other = Client::connect(server.address(), "other.example", config).await;
    assert!(other.is_err());
    let stranger = super::Authority::new();
    let config = trusting(&stranger.root, rustls::ALL_VERSIONS);
    let distrusts = Client::connect(server.address(), "book.example", config).await;
    assert!(distrusts.is_err());
}

#[tokio::test]
async fn nothing_older_is_spoken_and_no_http_either() {
    let server = Secure::start(Limits::default()).await;
    // A ClientHello of TLS 1.1 that lacks nothing else: a suite, P-256, a signature algorithm.
    let extensions = b"\x00\x0a\x00\x04\x00\x02\x00\x17\x00\x0b\x00\x02\x01\x00\
                       \x00\x0d\x00\x04\x00\x02\x04\x03";
    let mut hello = vec![0x03, 0x02];
    hello.extend([7; 32]);
    hello.extend(b"\x00\x00\x02\xc0\x2b\x01\x00");
    hello.extend([0, extensions.len() as u8]);
    hello.extend(extensions);
    let length = hello.len() as u8;
    let mut record = vec![0x16, 0x03, 0x01, 0, length + 4, 0x01, 0, 0, length];
    record.extend(hello);
    let mut wire = Wire::connect(server.address()).await;
    wire.send(&record).await;
    // A fatal alert: protocol_version (RFC 8446, 6.2).
    assert_eq!(wire.closed().await[5..], [2, 70]);

    let mut wire = Wire::connect(server.address()).await;
    wire.offer(get("/healthz")).await;
    let said = wire.closed().await;
    assert!(!said.starts_with(b"HTTP"), "{said:?}");
}

#[tokio::test]
async fn a_changed_certificate_is_shown_to_whoever_comes_next() {
    let mut server = Secure::start(Limits::default()).await;
    let root = server.authority.root.clone();
    let mut before = Client::book(server.address(), &root).await;
    assert_eq!(server.files.look(), Looked::Same);

    let issued = server.replace();
    assert_eq!(server.files.look(), Looked::Taken);
    assert_eq!(server.files.look(), Looked::Same);
    let after = Client::book(server.address(), &root).await;
    assert_eq!(after.shown, issued.der);
    assert_ne!(before.shown, issued.der);
    assert_eq!(before.get("/healthz").await.status, 200, "it goes on");
}

#[tokio::test]
async fn a_broken_certificate_leaves_the_old_one() {
    let mut server = Secure::start(Limits::default()).await;
    let root = server.authority.root.clone();
    let old = Client::book(server.address(), &root).await.shown;
    let new = server.authority.issue("book.example");
    let folder = server.folder.path().to_owned();

    // As somebody copies them: one, then the other.
    std::fs::write(folder.join("chain.pem"), &new.chain).unwrap();
    let mismatch = "does not belong to the first certificate".to_owned();
    assert_eq!(
        server.files.look(),
        Looked::Refused(PairError::Key(mismatch))
    );
    assert_eq!(Client::book(server.address(), &root).await.shown, old);
    std::fs::write(folder.join("chain.pem"), "").unwrap();
    assert!(matches!(
        server.files.look(),
        Looked::Refused(PairError::Certificate(_))
    ));
    std::fs::remove_file(folder.join("chain.pem")).unwrap();
    let gone = "cannot be read: No such file or directory (os error 2)".to_owned();
    assert_eq!(
        server.files.look(),
        Looked::Refused(PairError::Certificate(gone))
    );
    assert_eq!(Client::book(server.address(), &root).await.shown, old);

    new.write(&folder);
    assert_eq!(server.files.look(), Looked::Taken);
    assert_eq!(Client::book(server.address(), &root).await.shown, new.der);
}

#[tokio::test]
async fn whoever_stalls_holds_nobody_up_and_is_sent_away() {
    let server = Secure::start(hasty()).await;
    let mut silent = Wire::connect(server.address()).await;
    let mut slow = Wire::connect(server.address()).await;
    slow.send(b"\x16\x03\x01").await;
    let mut client = Client::book(server.address(), &server.authority.root).await;
    assert_eq!(client.get("/healthz").await.status, 200);
    assert_eq!(silent.closed().await, b"");
    assert_eq!(slow.closed().await, b"");
}

#[tokio::test]
async fn those_who_shake_hands_are_counted() {
    let limits = Limits {
        connections: 1,
        handshake: Duration::from_secs(3_600),
        ..Limits::default()
    };
    let server = Secure::start(limits).await;
    let stalled = Wire::connect(server.address()).await;
    let mut beside = Wire::connect(server.plain).await;
    beside.send(get("/")).await;
    assert!(!beside.answers_within(Duration::from_millis(200)).await);
    drop(stalled);
    assert_eq!(beside.answer().await.status, 308);
}

#[tokio::test]
async fn stopping_waits_for_requests_and_for_no_handshake() {
    let limits = Limits {
        handshake: Duration::from_secs(3_600),
        ..Limits::default()
    };
    let server = Secure::start(limits).await;
    let _stalled = Wire::connect(server.address()).await;
    let mut client = Client::book(server.address(), &server.authority.root).await;
    let asked = tokio::spawn(async move { client.get("/waiting").await });
    server.rim.reached.notified().await;
    let stopping = tokio::spawn(server.rim.running.stop());
    server.rim.release.notify_one();
    assert_eq!(asked.await.unwrap().body, "waited");
    assert_eq!(stopping.await.unwrap(), Finished::Answered);
}
