//! A clock that is set back, by seconds and by hours, while people hold, book, sign in and wait.

use std::collections::HashSet;
use std::sync::Arc;

use kept_app::jobs::Worker;
use kept_app::messaging::transport::{Capture, Transport};
use kept_app::scheduling::HOLD_MINUTES;
use kept_base::kit::Clock as _;
use kept_base::kit::time::{plus_minutes, plus_seconds};
use serde_json::json;

use super::{nth, problem, said};
use crate::api::{Api, Ask};

/// By how much the clock is set back, in seconds.
const STEPS: [i64; 3] = [2, 3_600, 26 * 3_600];

fn set_back(api: &Api, seconds: i64) {
    let now = api.test.clock.now();
    api.test.clock.set(plus_seconds(now, -seconds));
}

fn worker(api: &Api) -> (Arc<Worker>, Arc<Transport>) {
    let transport = Arc::new(Transport::Capture(Capture::default()));
    (
        Arc::new(Worker::new(&api.test.app, Arc::clone(&transport))),
        transport,
    )
}

fn letters(api: &Api, transport: &Transport) -> usize {
    match transport {
        Transport::Capture(capture) => capture.letters(api.clinic.id).len(),
        _ => 0,
    }
}

#[tokio::test]
async fn bookings_go_on_and_no_time_is_given_twice() {
    for step in STEPS {
        let api = Api::new().await;
        let mut ids = HashSet::new();
        let mut taken = 0;
        for number in 0..12 {
            if number % 3 == 1 {
                set_back(&api, step);
            }
            let body = nth(number);
            let answer = api.post("appointments", body.clone()).await;
            if answer.status == 201 {
                assert!(ids.insert(answer.at("/id")), "an id twice");
                taken += 1;
            } else {
                assert_eq!(said(&answer), problem(409, "slot_taken"));
            }
            // Two can take it, and no third.
            let second = api.post("appointments", body.clone()).await;
            let third = api.post("appointments", body).await;
            assert_eq!(said(&third), problem(409, "slot_taken"), "{step}");
            if second.status == 201 {
                assert!(ids.insert(second.at("/id")), "an id twice");
                taken += 1;
            }
        }
        assert!(taken >= 8, "{taken} with {step} s");
        let rows = api.get_as_clinic("appointments?limit=200").await.json();
        assert_eq!(rows["data"].as_array().map(Vec::len), Some(taken));
    }
}

#[tokio::test]
async fn a_repeated_request_is_still_one() {
    for step in STEPS {
        let api = Api::new().await;
        let ask = || api.send(Ask::post("appointments", &nth(0)).key("k-1"));
        let first = ask().await;
        set_back(&api, step);
        let again = ask().await;
        assert_eq!((again.status, &again.body), (201, &first.body));
        assert_eq!(again.headers["idempotent-replay"], "true");
    }
}

#[tokio::test]
async fn a_hold_keeps_its_time_and_no_longer_than_a_hold_may() {
    for step in STEPS {
        let api = Api::new().await;
        let (worker, _) = worker(&api);
        let at = "2026-11-24T12:00:00Z";
        let wanted = json!({"service": "review", "starts_at": at});
        assert_eq!(api.post("holds", wanted.clone()).await.status, 201);
        set_back(&api, step);
        worker.ask_for_all().await;
        worker.run_due().await;
        let other = api.post("holds", wanted.clone()).await;
        assert_eq!(said(&other), problem(409, "slot_taken"), "{step}");
        let now = api.test.clock.now();
        api.test.clock.set(plus_minutes(now, HOLD_MINUTES));
        worker.run_due().await;
        let other = api.post("holds", wanted).await;
        assert_eq!(other.status, 201, "{step}: {}", other.text());
    }
}

#[tokio::test]
async fn days_are_shown_as_they_can_be_booked_then() {
    let api = Api::new().await;
    let now = api.test.clock.now();
    api.test.clock.set(plus_minutes(now, 5 * 24 * 60));
    // Sixty days ahead can be booked: these can from five days on.
    let (from, to) = ("2027-01-25", "2027-01-27");
    let path = format!("days?service=checkup&from={from}&to={to}");
    let ahead = api.get(&path).await;
    assert_eq!(ahead.status, 200, "{}", ahead.text());
    api.test.clock.set(now);
    let back = api.get(&path).await.text();
    assert_ne!(back, ahead.text(), "what was kept is of another time");
    let fresh = Api::of(
        crate::support::TestApp::open(Arc::clone(&api.test.folder), now, true),
        api.clinic.clone(),
    );
    assert_eq!(back, fresh.get(&path).await.text());
}

#[tokio::test]
async fn mail_that_was_due_at_once_is_sent_at_once() {
    for step in STEPS {
        let api = Api::new().await;
        let (worker, transport) = worker(&api);
        let booked = api.post("appointments", nth(0)).await;
        assert_eq!(booked.status, 201);
        set_back(&api, step);
        worker.ask_for_all().await;
        worker.run_due().await;
        assert_eq!(letters(&api, &transport), 2, "{step}");
        set_back(&api, step);
        worker.ask_for_all().await;
        worker.run_due().await;
        assert_eq!(letters(&api, &transport), 2, "never twice");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_loop_notices_and_looks_at_everything() {
    let api = Api::new().await;
    let (worker, transport) = worker(&api);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let looping = tokio::spawn(Arc::clone(&worker).run(async move {
        let _ = stopped.await;
    }));
    let sent = async |number: usize| {
        while letters(&api, &transport) < number {
            tokio::task::yield_now().await;
        }
    };
    api.post("appointments", nth(0)).await;
    sent(2).await;
    // Asked for at an instant that is now a day ahead; then something else wakes the loop.
    api.test
        .write::<_, kept_base::store::Error, _>(api.clinic.id, |tx| {
            tx.wake_at(plus_seconds(tx.now(), 1));
            Ok(())
        })
        .await;
    api.post("appointments", nth(1)).await;
    set_back(&api, 24 * 3_600);
    api.test.app.store.wakes().look();
    sent(4).await;
    stop.send(()).expect("it runs");
    looping.await.expect("it ends");
}
