use std::collections::BTreeMap;
use std::sync::Arc;

use insta::assert_snapshot;
use serde_json::json;

use super::{Api, Ask, booking};

#[tokio::test]
async fn a_time_is_held_booked_and_gone() {
    let api = Api::new().await;
    let at = "2026-11-24T09:00:00Z";
    let hold = api
        .post("holds", json!({"service": "review", "starts_at": at}))
        .await;
    assert_snapshot!(api.show(&hold), @r#"
    201
    {"expires_at":"2026-11-23T08:10:00Z","id":"hld_."}
    "#);
    let mut review = booking(at);
    review["service"] = json!("review");
    let without = api.post("appointments", review.clone()).await;
    assert_snapshot!(api.show(&without), @r#"
    409
    {
      "alternatives": ["2026-11-24T10:00:00Z","2026-11-24T12:00:00Z","2026-11-24T12:30:00Z"],
      "code": "slot_taken",
      "detail": "Take one of the alternatives, which were free a moment ago.",
      "reasons": ["staff_busy"],
      "request_id": "req_.",
      "status": 409,
      "title": "This time is not free",
      "type": "/api#slot_taken"
    }
    "#);
    review["hold"] = hold.json()["id"].clone();
    let booked = api.post("appointments", review.clone()).await;
    assert_snapshot!(api.show(&booked), @r#"
    201
    {
      "booked_at": "2026-11-23T08:00:00Z",
      "canceled_at": null,
      "ends_at": "2026-11-24T10:00:00Z",
      "id": "apt_.",
      "location": "loc_harbor",
      "manage_url": "http://kept.test/riverside/appointment/.",
      "reference": "BK-.",
      "revision": 0,
      "room": null,
      "service": "svc_review",
      "staff": ["stf_shah","stf_vogt"],
      "starts_at": "2026-11-24T09:00:00Z",
      "status": "confirmed"
    }
    "#);
    let again = api.post("appointments", review).await;
    assert_eq!(
        (again.status, again.at("/code").as_str()),
        (409, "slot_taken")
    );
}

#[tokio::test]
async fn a_hold_that_is_given_back_is_free() {
    let api = Api::new().await;
    let wish = json!({"service": "review", "starts_at": "2026-11-24T09:00:00Z"});
    let hold = api.post("holds", wish.clone()).await.at("/id");
    assert_eq!(api.post("holds", wish.clone()).await.status, 409);
    let released = api.send(Ask::new("DELETE", format!("holds/{hold}"))).await;
    assert_eq!((released.status, released.text().as_str()), (204, ""));
    let gone = api.send(Ask::new("DELETE", format!("holds/{hold}"))).await;
    assert_eq!(gone.status, 404);
    assert_eq!(api.post("holds", wish).await.status, 201);
}

#[tokio::test]
async fn tokens_are_told_whose_it_is_and_why_these_serve() {
    let api = Api::new().await;
    let at = "2026-11-24T09:00:00Z";
    let booked = api.post_as_clinic("appointments", booking(at)).await;
    assert_snapshot!(api.show(&booked), @r#"
    201
    {
      "booked_at": "2026-11-23T08:00:00Z",
      "canceled_at": null,
      "chosen_because": "never_booked",
      "ends_at": "2026-11-24T09:30:00Z",
      "id": "apt_.",
      "location": "loc_harbor",
      "manage_url": "http://kept.test/riverside/appointment/.",
      "person": "per_.",
      "reference": "BK-.",
      "revision": 0,
      "room": null,
      "service": "svc_checkup",
      "staff": ["stf_vogt"],
      "starts_at": "2026-11-24T09:00:00Z",
      "status": "confirmed"
    }
    "#);
    let mut with_shah = booking(at);
    with_shah["staff"] = json!(api.clinic.shah);
    with_shah["service"] = json!(api.clinic.checkup);
    let booked = api.post_as_clinic("appointments", with_shah).await;
    assert_eq!(booked.at("/staff/0"), api.clinic.shah.to_string());
    assert_eq!(booked.at("/chosen_because"), "only_one");
}

#[tokio::test]
async fn a_service_with_questions_needs_answers_and_a_room() {
    let api = Api::new().await;
    let mut therapy = booking("2026-11-24T09:00:00Z");
    therapy["service"] = json!("therapy");
    let unanswered = api.post("appointments", therapy.clone()).await;
    assert_snapshot!(api.show(&unanswered), @r##"
    422
    {
      "code": "invalid_fields",
      "errors": [
        {"code":"required","detail":"The service needs an answer.","pointer":"#/answers/concern"},
        {"code":"required","detail":"The service needs an answer.","pointer":"#/answers/insurance"}
      ],
      "request_id": "req_.",
      "status": 422,
      "title": "Some fields are not right",
      "type": "/api#invalid_fields"
    }
    "##);
    therapy["answers"] = json!({"concern": "My left knee.\nBoth, rather.", "insurance": "Public",
        "first_visit": "yes", "born": "1984-02-29"});
    therapy["location"] = json!(api.clinic.hill);
    let booked = api.post("appointments", therapy.clone()).await;
    assert_snapshot!(api.show(&booked), @r#"
    201
    {
      "booked_at": "2026-11-23T08:00:00Z",
      "canceled_at": null,
      "ends_at": "2026-11-24T10:00:00Z",
      "id": "apt_.",
      "location": "loc_hill",
      "manage_url": "http://kept.test/riverside/appointment/.",
      "reference": "BK-.",
      "revision": 0,
      "room": "rom_2",
      "service": "svc_therapy",
      "staff": ["stf_liu"],
      "starts_at": "2026-11-24T09:00:00Z",
      "status": "confirmed"
    }
    "#);
    let again = api.post("appointments", therapy.clone()).await;
    assert_snapshot!(api.show(&again), @r#"
    409
    {
      "alternatives": ["2026-11-24T08:00:00Z","2026-11-24T10:00:00Z","2026-11-24T10:30:00Z"],
      "code": "slot_taken",
      "detail": "Take one of the alternatives, which were free a moment ago.",
      "reasons": ["outside_hours","staff_busy"],
      "request_id": "req_.",
      "status": 409,
      "title": "This time is not free",
      "type": "/api#slot_taken"
    }
    "#);
    let id = booked.at("/id");
    let read = api.get_as_clinic(&format!("appointments/{id}")).await;
    assert_snapshot!(api.show(&read), @r#"
    200
    {
      "answers": {"born":"1984-02-29","concern":"My left knee.\nBoth, rather.","first_visit":"yes","insurance":"Public"},
      "booked_at": "2026-11-23T08:00:00Z",
      "canceled_at": null,
      "cancellation_reason": null,
      "chosen_because": "only_one",
      "ends_at": "2026-11-24T10:00:00Z",
      "id": "apt_.",
      "location": "loc_hill",
      "person": "per_.",
      "reference": "BK-.",
      "revision": 0,
      "room": "rom_2",
      "service": "svc_therapy",
      "staff": ["stf_liu"],
      "starts_at": "2026-11-24T09:00:00Z",
      "status": "confirmed"
    }
    "#);
}

#[tokio::test]
async fn a_time_that_is_not_offered_cannot_be_booked() {
    let api = Api::new().await;
    for (at, reason) in [
        ("2026-11-23T07:30:00Z", "in_the_past"),
        ("2026-11-23T09:30:00Z", "inside_notice"),
        ("2027-06-01T09:00:00Z", "beyond_horizon"),
        ("2026-11-24T09:10:00Z", "off_grid"),
        ("2026-11-24T09:00:00.5Z", "off_grid"),
        ("2026-11-28T09:00:00Z", "outside_hours"),
        ("9999-12-30T21:00:00Z", "beyond_horizon"),
        ("-009999-01-02T02:00:00Z", "in_the_past"),
    ] {
        for path in ["appointments", "holds"] {
            let mut body = booking(at);
            if path == "holds" {
                body.as_object_mut().expect("an object").remove("person");
            }
            let answer = api.post(path, body).await;
            assert_eq!(answer.status, 409, "{at} {}", answer.text());
            assert_eq!(answer.at("/code"), "slot_taken");
            let reasons = answer.json()["reasons"].clone();
            let reasons = reasons.as_array().expect("a list");
            assert!(reasons.contains(&json!(reason)), "{at} {reasons:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_want_one_time_exactly_one_gets_it() {
    let api = Arc::new(Api::new().await);
    let asked = (0..64).map(|number| {
        let api = Arc::clone(&api);
        tokio::spawn(async move {
            let mut review = booking("2026-11-24T09:00:00Z");
            review["service"] = json!("review");
            review["person"]["email"] = json!(format!("person{number}@example.org"));
            api.post("appointments", review).await
        })
    });
    let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
    for answer in asked.collect::<Vec<_>>() {
        let answer = answer.await.expect("an answer");
        *statuses.entry(answer.status).or_default() += 1;
        if answer.status == 409 {
            assert_eq!(answer.at("/code"), "slot_taken");
            let alternatives = answer.json()["alternatives"].clone();
            assert_eq!(alternatives.as_array().map(Vec::len), Some(3));
        }
    }
    assert_eq!(statuses, BTreeMap::from([(201, 1), (409, 63)]));
    let booked = api.get_as_clinic("appointments").await.json();
    assert_eq!(booked["data"].as_array().map(Vec::len), Some(1));
}
