//! The harness itself, proved with the mail library that the program uses.

use lettre::message::header::ContentType;
use lettre::message::{MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate as Root, Tls, TlsParameters};
use lettre::transport::smtp::{Error, SmtpTransport};
use lettre::{Message as Letter, Transport};

use super::*;

fn letter() -> Letter {
    let calendar = ContentType::parse("text/calendar; method=REQUEST; charset=utf-8");
    let parts = MultiPart::alternative()
        .singlepart(SinglePart::plain("Grüße, see you.\r\n".to_owned()))
        .singlepart(
            SinglePart::builder()
                .header(calendar.expect("a valid type"))
                .body("BEGIN:VCALENDAR\r\n".to_owned()),
        );
    Letter::builder()
        .from("Clinic <clinic@example.com>".parse().expect("an address"))
        .to("Ada <ada@example.com>".parse().expect("an address"))
        .subject("Your appointment on März 1")
        .multipart(parts)
        .expect("a whole message")
}

fn open(server: &Server) -> SmtpTransport {
    SmtpTransport::builder_dangerous("127.0.0.1")
        .port(server.port())
        .timeout(Some(Duration::from_secs(2)))
        .build()
}

fn submission(server: &Server, password: &str) -> SmtpTransport {
    let pem = std::fs::read(server.authority()).expect("the authority's file");
    let tls = TlsParameters::builder("localhost".to_owned())
        .add_root_certificate(Root::from_pem(&pem).expect("a certificate"))
        .build()
        .expect("TLS with that root");
    SmtpTransport::builder_dangerous("127.0.0.1")
        .port(server.port())
        .tls(Tls::Required(tls))
        .credentials(Credentials::new(USER.to_owned(), password.to_owned()))
        .build()
}

#[test]
fn a_message_arrives_whole_and_is_read_by_somebody_else() {
    let server = Server::start(Manner::Open);
    open(&server).send(&letter()).expect("taken");
    let message = server.next_message();
    assert!(message.accepted && !message.tls && message.user.is_none());
    assert_eq!(message.sender, "clinic@example.com");
    assert_eq!(message.recipients, ["ada@example.com"]);
    assert_eq!(
        message.header("subject"),
        Some("Your appointment on März 1")
    );
    assert_eq!(message.part("text/plain").text, "Grüße, see you.\r\n");
    let calendar = message.part("text/calendar");
    assert_eq!(calendar.parameters["method"], "REQUEST");
    assert_eq!(
        (calendar.text.as_str(), &calendar.filename),
        ("BEGIN:VCALENDAR\r\n", &None)
    );
    assert!(String::from_utf8_lossy(&message.raw()).contains("From: Clinic"));
    assert!(server.rest().is_empty());
}

#[test]
fn a_provider_insists_on_tls_and_on_the_password() {
    let server = Server::start(Manner::Submission);
    submission(&server, PASSWORD)
        .send(&letter())
        .expect("taken");
    let message = server.next_message();
    assert!(message.accepted && message.tls);
    assert_eq!(message.user.as_deref(), Some(USER));
    let wrong = submission(&server, "wrong").send(&letter());
    assert_eq!(code(wrong.expect_err("a wrong password")), 535);
    let clear = open(&server).send(&letter());
    assert_eq!(code(clear.expect_err("no TLS")), 530);
    assert!(server.rest().is_empty());
}

#[test]
fn a_refused_message_is_taken_at_a_later_try() {
    let server = Server::start(Manner::Refusing { first: 2 });
    let tries: Vec<bool> = (0..3)
        .map(|_| open(&server).send(&letter()).is_ok())
        .collect();
    assert_eq!(tries, [false, false, true]);
    let heard: Vec<bool> = (0..3).map(|_| server.next_message().accepted).collect();
    assert_eq!(heard, [false, false, true]);
}

#[test]
fn an_unknown_recipient_is_refused_for_good() {
    let server = Server::start(Manner::Rejecting);
    let error = open(&server).send(&letter()).expect_err("nobody is known");
    assert!(error.is_permanent());
    assert_eq!(code(error), 550);
    assert!(server.rest().is_empty());
}

#[test]
fn a_server_that_never_answers_has_the_message_all_the_same() {
    let server = Server::start(Manner::Hanging);
    let error = open(&server).send(&letter()).expect_err("no answer");
    assert_eq!(error.status(), None);
    let message = server.next_message();
    assert!(!message.accepted);
    assert_eq!(message.recipients, ["ada@example.com"]);
}

fn code(error: Error) -> u16 {
    error
        .status()
        .map(u16::from)
        .unwrap_or_else(|| panic!("no answer at all: {error}"))
}
