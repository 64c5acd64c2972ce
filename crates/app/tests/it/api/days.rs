//! Answers about days are kept; none is ever stale.

use insta::assert_snapshot;
use serde_json::json;

use super::{Api, Ask};
use crate::support::at;

const WEEK: &str = "days?service=checkup&from=2026-11-23&to=2026-11-28&zone=Europe/Berlin";
const MONDAY: &str = "slots?service=checkup&date=2026-11-23";

#[tokio::test]
async fn what_was_booked_is_offered_no_more() {
    let api = Api::new().await;
    let before = api.get(WEEK).await;
    assert_eq!(before.body, api.get(WEEK).await.body);
    let mut free = before.json()["data"][1]["free"].as_u64().expect("a number");
    for start in ["09:00", "09:00", "10:30"] {
        let at = format!("2026-11-24T{start}:00Z");
        let slots = api
            .get("slots?service=checkup&date=2026-11-24")
            .await
            .text();
        assert!(slots.contains(&at), "{at}");
        api.book(&at).await;
        let why = api
            .get(&format!("slots/why?service=checkup&starts_at={at}"))
            .await
            .json();
        let slots = api.get("slots?service=checkup&date=2026-11-24").await;
        assert_eq!(why["bookable"], slots.text().contains(&at), "{at}");
        let days = api.get(WEEK).await.json();
        let listed = slots.json()["data"].as_array().expect("a list").len() as u64;
        assert_eq!(days["data"][1]["free"], listed);
        assert!(listed <= free);
        free = listed;
    }
    assert!(free < before.json()["data"][1]["free"].as_u64().expect("a number"));
}

#[tokio::test]
async fn kept_days_follow_the_clock() {
    let api = Api::new().await;
    let today = || async { api.get(WEEK).await.json()["data"][0]["free"].clone() };
    // 09:00 in Berlin and two hours of notice: 11:00 is the first start. Buffers end it at 12.
    let first = |slots: &serde_json::Value| slots["data"][0]["starts_at"].clone();
    assert_eq!(first(&api.get(MONDAY).await.json()), "2026-11-23T10:00:00Z");
    let at_nine = today().await;
    assert_eq!(at_nine, json!(12));
    api.test.clock.set(at("2026-11-23T08:00:00.000001Z"));
    assert_eq!(today().await, json!(11));
    assert_eq!(first(&api.get(MONDAY).await.json()), "2026-11-23T10:30:00Z");
    api.test.clock.set(at("2026-11-23T08:30:00Z"));
    assert_eq!(today().await, json!(11));

    // The horizon of 60 days moves on at midnight in Berlin.
    let far = "days?service=checkup&from=2027-01-22&to=2027-01-26";
    let far = || async { api.get(far).await.text() };
    assert_snapshot!(far().await, @r#"{"data":[{"date":"2027-01-22","free":0},{"date":"2027-01-23","free":0},{"date":"2027-01-24","free":0},{"date":"2027-01-25","free":0}]}"#);
    api.test.clock.set(at("2026-11-25T22:59:59Z"));
    assert_snapshot!(far().await, @r#"{"data":[{"date":"2027-01-22","free":0},{"date":"2027-01-23","free":0},{"date":"2027-01-24","free":0},{"date":"2027-01-25","free":0}]}"#);
    api.test.clock.set(at("2026-11-25T23:00:00Z"));
    assert_snapshot!(far().await, @r#"{"data":[{"date":"2027-01-22","free":0},{"date":"2027-01-23","free":0},{"date":"2027-01-24","free":0},{"date":"2027-01-25","free":16}]}"#);
}

#[tokio::test]
async fn a_held_time_is_offered_again_when_it_is_freed() {
    let api = Api::new().await;
    let tuesday = "days?service=review&from=2026-11-24&to=2026-11-25";
    let free = || async { api.get(tuesday).await.json()["data"][0]["free"].clone() };
    assert_eq!(free().await, json!(8));
    let hold = json!({"service": "review", "starts_at": "2026-11-24T09:00:00Z"});
    let held = api.post("holds", hold).await;
    assert_eq!(held.status, 201);
    assert_eq!(free().await, json!(6));
    api.test.clock.advance_minutes(10);
    let freed = api
        .test
        .write(api.clinic.id, kept_app::scheduling::release_expired_holds);
    assert_eq!(freed.await, 1);
    assert_eq!(free().await, json!(8));
}

#[tokio::test]
async fn many_who_ask_at_once_after_a_booking_all_see_it() {
    let api = std::sync::Arc::new(Api::new().await);
    let tuesday = "days?service=review&from=2026-11-24&to=2026-11-25";
    for (start, free) in [("09:00", 6), ("12:00", 4)] {
        assert!(api.get(tuesday).await.status == 200);
        let body = json!({"service": "review", "starts_at": format!("2026-11-24T{start}:00Z"),
            "person": {"name": "Ama Okafor", "email": "ama@example.org"}});
        assert_eq!(api.send(Ask::post("appointments", &body)).await.status, 201);
        let asked = (0..32).map(|_| {
            let api = std::sync::Arc::clone(&api);
            tokio::spawn(async move { api.get(tuesday).await.json() })
        });
        for answer in asked.collect::<Vec<_>>() {
            let days = answer.await.expect("an answer");
            assert_eq!(days["data"][0]["free"], json!(free), "{start}");
        }
    }
}
