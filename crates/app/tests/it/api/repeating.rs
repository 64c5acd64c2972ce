use std::sync::Arc;

use insta::assert_snapshot;
use serde_json::json;

use super::{Api, Ask, booking};

#[tokio::test]
async fn a_request_sent_twice_acts_once() {
    let api = Api::new().await;
    let body = booking("2026-11-24T09:00:00Z");
    let first = api
        .send(Ask::post("appointments", &body).key("\"k-1\""))
        .await;
    assert_eq!(first.status, 201);
    assert!(!first.headers.contains_key("idempotent-replay"));
    // Quoted or bare, the key is the same.
    let again = api.send(Ask::post("appointments", &body).key("k-1")).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.headers["idempotent-replay"], "true");
    assert_eq!(again.headers["content-type"], "application/json");
    let count = api.get_as_clinic("appointments").await.json();
    assert_eq!(count["data"].as_array().map(Vec::len), Some(1));

    let id = first.at("/id");
    let cancel = |key: &str| {
        let ask = Ask::new("POST", format!("appointments/{id}/cancellation"));
        api.send(ask.bearer(&api.clinic.token).key(key))
    };
    let canceled = cancel("c").await;
    let again = cancel("c").await;
    assert_eq!((again.status, &again.body), (200, &canceled.body));
    assert_eq!(cancel("d").await.at("/code"), "already_canceled");

    let hold = json!({"service": "review", "starts_at": "2026-11-24T12:00:00Z"});
    let held = api.send(Ask::post("holds", &hold).key("k-1")).await;
    let again = api.send(Ask::post("holds", &hold).key("k-1")).await;
    assert_eq!((again.status, &again.body), (201, &held.body));
}

#[tokio::test]
async fn a_key_belongs_to_one_request_of_one_caller() {
    let api = Api::new().await;
    let body = booking("2026-11-24T09:00:00Z");
    assert_eq!(
        api.send(Ask::post("appointments", &body).key("k"))
            .await
            .status,
        201
    );
    let other = booking("2026-11-24T10:00:00Z");
    let reused = api.send(Ask::post("appointments", &other).key("k")).await;
    assert_snapshot!(api.show(&reused), @r#"
    422
    {
      "code": "idempotency_key_reused",
      "detail": "Use a fresh key for every request, and the same one only to repeat it.",
      "request_id": "req_.",
      "status": 422,
      "title": "This Idempotency-Key was used for a different request",
      "type": "/api#idempotency_key_reused"
    }
    "#);
    // Somebody else's key of the same name is another key.
    let as_clinic = Ask::post("appointments", &other)
        .key("k")
        .bearer(&api.clinic.token);
    assert_eq!(api.send(as_clinic).await.status, 201);
    // After a day it may be used again.
    api.test.clock.advance_minutes(24 * 60 - 1);
    assert_eq!(
        api.send(Ask::post("appointments", &other).key("k"))
            .await
            .status,
        422
    );
    api.test.clock.advance_minutes(1);
    let free = booking("2026-11-25T10:00:00Z");
    assert_eq!(
        api.send(Ask::post("appointments", &free).key("k"))
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn a_refusal_is_not_kept() {
    let api = Api::new().await;
    let body = booking("2026-11-28T09:00:00Z");
    assert_eq!(
        api.send(Ask::post("appointments", &body).key("k"))
            .await
            .status,
        409
    );
    let free = booking("2026-11-24T09:00:00Z");
    assert_eq!(
        api.send(Ask::post("appointments", &free).key("k"))
            .await
            .status,
        201
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twins_in_flight_get_one_answer() {
    let api = Arc::new(Api::new().await);
    let asked = (0..16).map(|_| {
        let api = Arc::clone(&api);
        tokio::spawn(async move {
            let body = booking("2026-11-24T09:00:00Z");
            api.send(Ask::post("appointments", &body).key("twin")).await
        })
    });
    let mut answers = Vec::new();
    for answer in asked.collect::<Vec<_>>() {
        answers.push(answer.await.expect("an answer"));
    }
    let replays = answers
        .iter()
        .filter(|a| a.headers.contains_key("idempotent-replay"));
    assert_eq!(replays.count(), 15);
    answers.dedup_by(|a, b| (a.status, &a.body) == (b.status, &b.body));
    assert_eq!((answers.len(), answers[0].status), (1, 201));
}

#[tokio::test]
async fn keys_have_a_form_and_a_length() {
    let api = Api::new().await;
    let longest = "k".repeat(255);
    let body = booking("2026-11-24T09:00:00Z");
    for key in ["", "\"\"", "\"open", "a b", "ü", &"k".repeat(256)] {
        let refused = api.send(Ask::post("appointments", &body).key(key)).await;
        assert_eq!(refused.status, 400, "{key}");
        assert_eq!(refused.at("/code"), "invalid_idempotency_key");
    }
    let two = Ask::post("appointments", &body).key("a").key("b");
    assert_eq!(api.send(two).await.at("/code"), "invalid_idempotency_key");
    let longest = api
        .send(Ask::post("appointments", &body).key(&longest))
        .await;
    assert_eq!(longest.status, 201);
}
