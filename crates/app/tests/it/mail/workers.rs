//! Workers that die, come late or are many; and the loop that runs them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kept_app::messaging::rules::{Code, MAX_ATTEMPTS, Outcome};
use kept_app::messaging::transport::{MAX_CONNECTIONS, Smtp, SmtpServer, Tls, Transport};
use kept_app::messaging::{self, LEASE_SECONDS, State};
use kept_base::kit::Actor;
use kept_base::store::Error;
use tokio::sync::oneshot;

use super::Post;
use crate::smtp::{Manner, Server};

const WEDNESDAY_10: &str = "2026-11-25T09:00:00Z";

#[tokio::test]
async fn a_worker_lost_before_handing_over_costs_nothing() {
    let post = Post::captured().await;
    post.book(post.clinic.checkup, WEDNESDAY_10).await;
    let leased = post.lease(10).await;
    assert_eq!(leased.len(), 2);
    let post = post.crash(LEASE_SECONDS - 1).await;
    post.run().await;
    assert_eq!(post.letters().len(), 0, "the lease still runs");
    post.pass_seconds(1).await;
    assert_eq!(post.letters().len(), 0, "it waits a little after a failure");
    post.pass_seconds(60).await;
    assert_eq!(post.letters().len(), 2);
    assert_eq!(
        post.states().await,
        ["booked person 0: sent -, 2", "booked staff 0: sent -, 2"]
    );
}

#[tokio::test]
async fn a_worker_lost_after_handing_over_leaves_it_unknown() {
    let post = Post::captured().await;
    post.book(post.clinic.checkup, WEDNESDAY_10).await;
    let leased = post.lease(1).await;
    let message = leased[0];
    assert!(
        post.write(move |tx| messaging::hand_over(tx, &message))
            .await
    );
    let post = post.crash(messaging::ANSWER_SECONDS).await;
    post.run().await;
    let states = post.states().await;
    assert!(
        states
            .iter()
            .any(|line| line.ends_with(": unknown worker_lost, 1"))
    );
    for _ in 0..20 {
        post.pass_seconds(86_400).await;
    }
    // The other one went out; this one was never tried again.
    assert_eq!(post.letters().len(), 1);
    assert_ne!(post.letters()[0].message, message.id);
    // The answer may still come, and is believed.
    let told = post
        .write(move |tx| messaging::settle(tx, &message, &Outcome::Sent))
        .await;
    assert!(told);
}

#[tokio::test]
async fn an_earlier_worker_cannot_interfere() {
    let post = Post::captured().await;
    post.book(post.clinic.checkup, WEDNESDAY_10).await;
    let before = post.lease(1).await[0];
    post.advance(LEASE_SECONDS);
    post.lease(0).await;
    post.advance(60);
    let after = loop {
        let leased = post.lease(1).await;
        if leased[0].id == before.id {
            break leased[0];
        }
    };
    assert_eq!((before.attempt, after.attempt), (1, 2));
    assert!(
        !post
            .write(move |tx| messaging::hand_over(tx, &before))
            .await
    );
    let dead = Outcome::Dead(Code::word("late"));
    assert!(
        !post
            .write(move |tx| messaging::settle(tx, &before, &dead))
            .await
    );
    assert!(post.write(move |tx| messaging::hand_over(tx, &after)).await);
    post.write(move |tx| messaging::release(tx, &[after])).await;
    let state = post
        .test
        .read(post.clinic.id, move |tx| messaging::state(tx, after.id))
        .await;
    assert_eq!(state.map(|(state, _)| state), Some(State::Sending));
}

#[tokio::test]
async fn what_always_fails_is_dead_in_the_end() {
    let post = Post::captured().await;
    post.book(post.clinic.checkup, "2026-12-10T09:00:00Z").await;
    let mut tries = HashMap::<String, u32>::new();
    for _ in 0..200 {
        for message in post.lease(10).await {
            *tries.entry(message.id.to_string()).or_default() += 1;
            post.write(move |tx| {
                messaging::settle(tx, &message, &Outcome::Retry(Code::reply(451)))
            })
            .await;
        }
        post.advance(1_800);
    }
    assert_eq!(
        post.states().await,
        [
            "booked person 0: dead smtp_451, 12",
            "booked staff 0: dead smtp_451, 12"
        ]
    );
    assert!(tries.values().all(|count| *count == MAX_ATTEMPTS));
}

#[tokio::test]
async fn a_message_given_back_was_not_tried() {
    let post = Post::captured().await;
    post.book(post.clinic.checkup, WEDNESDAY_10).await;
    let leased = post.lease(10).await;
    post.write(move |tx| messaging::release(tx, &leased)).await;
    post.run().await;
    assert_eq!(
        post.states().await,
        ["booked person 0: sent -, 1", "booked staff 0: sent -, 1"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_workers_never_hand_over_a_message_twice() {
    let post = Post::captured().await;
    for day in [24, 25, 26] {
        for hour in [9, 10, 12, 13, 14] {
            let starts_at = format!("2026-11-{day}T{hour:02}:00:00Z");
            post.book(post.clinic.checkup, &starts_at).await;
        }
    }
    let handed = Arc::new(Mutex::new(HashMap::new()));
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (store, handed) = (Arc::clone(&post.test.app.store), Arc::clone(&handed));
        let organization = post.clinic.id;
        workers.spawn(async move {
            loop {
                let leased = store
                    .write(organization, Actor::SYSTEM, |tx| messaging::lease(tx, 3))
                    .await
                    .expect("leased");
                if leased.is_empty() {
                    return;
                }
                for message in leased {
                    let settle = move |tx: &kept_base::store::Tx<'_>| {
                        if !messaging::hand_over(tx, &message)? {
                            return Ok(false);
                        }
                        messaging::settle(tx, &message, &Outcome::Sent)
                    };
                    let sent: Result<bool, Error> =
                        store.write(organization, Actor::SYSTEM, settle).await;
                    if sent.expect("settled") {
                        *handed
                            .lock()
                            .expect("unpoisoned")
                            .entry(message.id)
                            .or_insert(0) += 1;
                    }
                }
            }
        });
    }
    while let Some(ended) = workers.join_next().await {
        ended.expect("no panic");
    }
    let handed = handed.lock().expect("unpoisoned");
    assert_eq!(handed.len(), 30);
    assert!(handed.values().all(|times| *times == 1));
}

/// The loop as the program runs it; answers how to stop it and when it has.
fn start(post: &Post) -> (oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let (stop, stopped) = oneshot::channel();
    let worker = Arc::clone(&post.worker);
    let running = tokio::spawn(worker.run(async move {
        let _ = stopped.await;
    }));
    (stop, running)
}

fn to(server: &Server, timeout: Duration) -> Transport {
    let settings = Smtp {
        host: "127.0.0.1".to_owned(),
        port: server.port(),
        tls: Tls::None,
        credentials: None,
        ca_file: None,
        timeout,
    };
    Transport::Smtp(SmtpServer::new(settings).expect("settings"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_loop_sends_what_is_enqueued_while_it_rests_and_what_was_before() {
    let server = Server::start(Manner::Open);
    let post = Post::with(to(&server, Duration::from_secs(10))).await;
    post.book(post.clinic.checkup, WEDNESDAY_10).await;
    let post = post.crash(0).await;
    let (stop, running) = start(&post);
    server.next_message();
    server.next_message();
    post.book(post.clinic.checkup, "2026-11-26T09:00:00Z").await;
    server.next_message();
    server.next_message();
    stop.send(()).expect("it runs");
    running.await.expect("it ends");
    assert_eq!(post.states().await.join("").matches("sent -, 1").count(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_stops_finishes_what_is_in_hand_and_leaves_the_rest() {
    let server = Server::start(Manner::Hanging);
    let post = Post::with(to(&server, Duration::from_secs(1))).await;
    for day in [24, 25, 26] {
        post.book(post.clinic.checkup, &format!("2026-11-{day}T09:00:00Z"))
            .await;
    }
    let (stop, running) = start(&post);
    // As many as there are connections are on their way, and none is answered for seconds.
    for _ in 0..MAX_CONNECTIONS {
        server.next_message();
    }
    stop.send(()).expect("it runs");
    running.await.expect("it ends");
    let states = post.states().await.join("; ");
    let count = |what: &str| states.matches(what).count();
    assert_eq!(count("unknown timeout, 1"), MAX_CONNECTIONS, "{states}");
    assert_eq!(count("pending -, 0"), 2, "{states}");
}
