//! Delivery to a real mail server that reads what arrives with somebody else's code.

use std::time::Duration;

use kept_app::messaging::rules::LONGEST_RETRY_SECONDS;
use kept_app::messaging::transport::{
    Credentials, SettingsError, Smtp, SmtpServer, Tls, Transport,
};
use kept_base::kit::Secret;

use super::Post;
use crate::smtp::{Manner, Message, PASSWORD, Server, USER};

const THURSDAY_10: &str = "2026-11-26T09:00:00Z";

fn plain(server: &Server) -> Smtp {
    Smtp {
        host: "127.0.0.1".to_owned(),
        port: server.port(),
        tls: Tls::None,
        credentials: None,
        ca_file: None,
        timeout: Duration::from_secs(10),
    }
}

fn submission(server: &Server, password: &str) -> Smtp {
    Smtp {
        host: "localhost".to_owned(),
        tls: Tls::StartTls,
        credentials: Some(Credentials {
            user: USER.to_owned(),
            password: Secret::new(password.to_owned()),
        }),
        ca_file: Some(server.authority().to_owned()),
        ..plain(server)
    }
}

/// A clinic that sends by `settings`, with one booking whose two messages are due.
async fn booked(settings: Smtp) -> Post {
    let server = SmtpServer::new(settings).expect("settings");
    let post = Post::with(Transport::Smtp(server)).await;
    post.book(post.clinic.checkup, THURSDAY_10).await;
    post
}

fn to_person(messages: Vec<Message>) -> Message {
    messages
        .into_iter()
        .find(|message| message.recipients == ["ama@example.org"])
        .expect("the person's letter")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_arrives_with_every_part_in_its_place() {
    let server = Server::start(Manner::Open);
    let post = booked(plain(&server)).await;
    post.run().await;
    let message = to_person(vec![server.next_message(), server.next_message()]);
    assert!(message.accepted);
    assert_eq!(message.sender, "desk@riverside.example");
    let header = |name| message.header(name).unwrap_or_default();
    assert_eq!(header("from"), "Riverside Clinic <desk@riverside.example>");
    assert_eq!(header("to"), "Ama Okafor <ama@example.org>");
    assert_eq!(
        header("subject"),
        "Booked: Riverside Clinic, Thu 26 Nov 2026, 10:00"
    );
    assert_eq!(header("auto-submitted"), "auto-generated");
    assert_eq!(header("date"), "Mon, 23 Nov 2026 08:00:00 +0000");
    assert!(header("message-id").starts_with("<msg_"));
    assert!(header("message-id").ends_with("@riverside.example>"));
    assert!(message.header("list-unsubscribe").is_none());
    assert!(header("content-type").starts_with("multipart/mixed"));
    let kinds: Vec<&str> = message
        .parts
        .iter()
        .map(|part| part.content_type.as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "text/plain",
            "text/html",
            "text/calendar",
            "application/ics"
        ]
    );
    let calendar = message.part("text/calendar");
    assert_eq!(calendar.parameters["method"], "REQUEST");
    assert_eq!(calendar.parameters["charset"].to_lowercase(), "utf-8");
    assert_eq!(calendar.filename, None);
    assert!(calendar.text.contains("\r\nMETHOD:REQUEST\r\n"));
    assert!(calendar.text.lines().all(|line| line.len() <= 75));
    let file = message.part("application/ics");
    assert_eq!(file.filename.as_deref(), Some("invite.ics"));
    assert_eq!(file.text, calendar.text);
    assert!(message.part("text/plain").text.contains("10:00–10:30"));
    assert!(message.part("text/html").text.contains("10:00–10:30"));
    let raw = message.raw();
    assert!(raw.is_ascii());
    assert!(
        raw.split(|byte| *byte == b'\n')
            .all(|line| line.len() <= 998)
    );
    assert_eq!(
        post.states().await,
        ["booked person 0: sent -, 1", "booked staff 0: sent -, 1"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_gets_tls_and_the_password() {
    let server = Server::start(Manner::Submission);
    let post = booked(submission(&server, PASSWORD)).await;
    post.run().await;
    for message in [server.next_message(), server.next_message()] {
        assert!(message.accepted && message.tls);
        assert_eq!(message.user.as_deref(), Some(USER));
    }
    let wrong = booked(submission(&server, "wrong")).await;
    wrong.run().await;
    assert_eq!(
        wrong.states().await,
        [
            "booked person 0: pending smtp_535, 1",
            "booked staff 0: pending smtp_535, 1"
        ]
    );
    let untrusted = Smtp {
        ca_file: None,
        ..submission(&server, PASSWORD)
    };
    let untrusted = booked(untrusted).await;
    untrusted.run().await;
    assert_eq!(
        untrusted.states().await,
        [
            "booked person 0: pending starttls, 1",
            "booked staff 0: pending starttls, 1"
        ]
    );
    assert!(server.rest().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_from_the_first_byte() {
    let server = Server::start(Manner::Submissions);
    let implicit = Smtp {
        tls: Tls::Implicit,
        ..submission(&server, PASSWORD)
    };
    let post = booked(implicit).await;
    post.run().await;
    for message in [server.next_message(), server.next_message()] {
        assert!(message.accepted);
        assert_eq!(message.user.as_deref(), Some(USER));
    }
    // Where a server has it, and only there.
    let open = Server::start(Manner::Open);
    let nowhere = Smtp {
        tls: Tls::Implicit,
        timeout: Duration::from_secs(1),
        ..plain(&open)
    };
    let post = booked(nowhere).await;
    post.run().await;
    assert_eq!(post.states().await.join("").matches("pending").count(), 2);
    assert!(open.rest().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_for_now_is_tried_again_later() {
    let server = Server::start(Manner::Refusing { first: 2 });
    let post = booked(plain(&server)).await;
    post.run().await;
    assert_eq!(
        post.states().await,
        [
            "booked person 0: pending smtp_451, 1",
            "booked staff 0: pending smtp_451, 1"
        ]
    );
    post.pass_seconds(20).await;
    assert_eq!(post.states().await.join("").matches("pending").count(), 2);
    post.pass_seconds(20).await;
    assert_eq!(
        post.states().await,
        ["booked person 0: sent -, 2", "booked staff 0: sent -, 2"]
    );
    let ids: Vec<String> = [(); 4]
        .map(|()| server.next_message())
        .iter()
        .map(|message| message.header("message-id").unwrap_or_default().to_owned())
        .collect();
    let again = |id: &String| ids.iter().filter(|other| *other == id).count() == 2;
    assert!(ids.iter().all(again), "{ids:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_recipient_is_dead_at_once() {
    let server = Server::start(Manner::Rejecting);
    let post = booked(plain(&server)).await;
    post.run().await;
    assert_eq!(
        post.states().await,
        [
            "booked person 0: dead smtp_550, 1",
            "booked staff 0: dead smtp_550, 1"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_after_the_letter_is_unknown_and_it_is_never_sent_twice() {
    let server = Server::start(Manner::Hanging);
    let impatient = Smtp {
        timeout: Duration::from_millis(500),
        ..plain(&server)
    };
    let post = booked(impatient).await;
    post.run().await;
    let unknown = [
        "booked person 0: unknown timeout, 1",
        "booked staff 0: unknown timeout, 1",
    ];
    assert_eq!(post.states().await, unknown);
    for _ in 0..5 {
        post.pass_seconds(LONGEST_RETRY_SECONDS).await;
    }
    assert_eq!(post.states().await, unknown);
    server.next_message();
    server.next_message();
    assert!(server.rest().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_is_waited_for() {
    let server = Server::start(Manner::Open);
    let settings = plain(&server);
    drop(server);
    let post = booked(settings).await;
    post.run().await;
    assert_eq!(
        post.states().await,
        [
            "booked person 0: pending connect, 1",
            "booked staff 0: pending connect, 1"
        ]
    );
}

#[test]
fn settings_that_would_leak_or_hang_are_refused_together() {
    let server = Server::start(Manner::Open);
    let bad = Smtp {
        host: "mail.example".to_owned(),
        credentials: Some(Credentials {
            user: USER.to_owned(),
            password: Secret::new(PASSWORD.to_owned()),
        }),
        timeout: Duration::ZERO,
        ..plain(&server)
    };
    let problems = SmtpServer::new(bad.clone()).err();
    assert_eq!(
        problems,
        Some(vec![
            SettingsError::PasswordInTheClear,
            SettingsError::Timeout
        ])
    );
    let unreadable = Smtp {
        tls: Tls::Implicit,
        ca_file: Some("/nowhere".into()),
        timeout: Duration::from_secs(1),
        ..bad.clone()
    };
    let problems = SmtpServer::new(unreadable).err().unwrap_or_default();
    assert!(matches!(problems[..], [SettingsError::CaFile(_)]));
    assert!(!format!("{bad:?}").contains(PASSWORD));
}
