//! Stopping: what was accepted is answered, nothing more is accepted.

use std::time::Duration;

use kept_app::http::{Finished, Limits};
use tokio::net::TcpStream;

use super::Rim;
use super::wire::{Wire, get};

#[tokio::test]
async fn an_accepted_request_is_answered_and_then_the_server_ends() {
    let rim = Rim::start(Limits::default()).await;
    let address = rim.address();
    let mut idle = Wire::connect(address).await;
    idle.send(get("/healthz")).await;
    assert_eq!(idle.answer().await.status, 200);
    let mut accepted = Wire::connect(address).await;
    accepted.send(get("/waiting")).await;
    rim.reached.notified().await;

    let stopping = tokio::spawn(rim.running.stop());
    assert_eq!(idle.closed().await, b"", "idle connections go at once");
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!stopping.is_finished(), "it waits for the accepted request");
    rim.release.notify_one();
    let answer = accepted.answer().await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "waited"));
    assert_eq!(answer.header("connection"), Some("close"));
    assert_eq!(stopping.await.unwrap(), Finished::Answered);
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_cut_off() {
    let limits = Limits {
        stop_grace: Duration::from_millis(50),
        ..Limits::default()
    };
    let rim = Rim::start(limits).await;
    let mut wire = Wire::connect(rim.address()).await;
    wire.send(get("/waiting")).await;
    rim.reached.notified().await;
    assert_eq!(rim.running.stop().await, Finished::CutOff);
}
