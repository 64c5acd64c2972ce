use insta::assert_snapshot;
use serde_json::json;

use super::{Answer, Api, Ask, booking};
use crate::support::at;

fn manage_token(booked: &Answer) -> String {
    let url = booked.at("/manage_url");
    url.rsplit('/').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn the_organization_moves_and_cancels() {
    let api = Api::new().await;
    let id = api.book("2026-11-24T09:00:00Z").await.at("/id");
    let path = format!("appointments/{id}/rescheduling");
    let moved = api
        .post_as_clinic(&path, json!({"starts_at": "2026-11-25T10:00:00Z"}))
        .await;
    assert_snapshot!(api.show(&moved), @r#"
    200
    {
      "booked_at": "2026-11-23T08:00:00Z",
      "canceled_at": null,
      "chosen_because": "same_staff",
      "ends_at": "2026-11-25T10:30:00Z",
      "id": "apt_.",
      "location": "loc_harbor",
      "person": "per_.",
      "reference": "BK-.",
      "revision": 1,
      "room": null,
      "service": "svc_checkup",
      "staff": ["stf_vogt"],
      "starts_at": "2026-11-25T10:00:00Z",
      "status": "confirmed"
    }
    "#);
    let unchanged = api
        .post_as_clinic(&path, json!({"starts_at": "2026-11-25T10:00:00Z"}))
        .await;
    assert_snapshot!(api.show(&unchanged), @r#"
    409
    {"code":"unchanged","request_id":"req_.","status":409,"title":"The appointment is at this time already","type":"/api#unchanged"}
    "#);
    let taken = api
        .post_as_clinic(&path, json!({"starts_at": "2026-11-28T10:00:00Z"}))
        .await;
    assert_snapshot!(api.show(&taken), @r#"
    409
    {
      "alternatives": ["2026-11-26T14:30:00Z","2026-11-26T15:00:00Z","2026-11-26T15:30:00Z"],
      "code": "slot_taken",
      "detail": "Take one of the alternatives, which were free a moment ago.",
      "reasons": ["outside_hours"],
      "request_id": "req_.",
      "status": 409,
      "title": "This time is not free",
      "type": "/api#slot_taken"
    }
    "#);

    let path = format!("appointments/{id}/cancellation");
    let canceled = api
        .post_as_clinic(&path, json!({"reason": "Dr. Vogt is ill."}))
        .await;
    assert_snapshot!(api.show(&canceled), @r#"
    200
    {
      "booked_at": "2026-11-23T08:00:00Z",
      "canceled_at": "2026-11-23T08:00:00Z",
      "chosen_because": "same_staff",
      "ends_at": "2026-11-25T10:30:00Z",
      "id": "apt_.",
      "location": "loc_harbor",
      "person": "per_.",
      "reference": "BK-.",
      "revision": 2,
      "room": null,
      "service": "svc_checkup",
      "staff": ["stf_vogt"],
      "starts_at": "2026-11-25T10:00:00Z",
      "status": "canceled"
    }
    "#);
    let again = api.post_as_clinic(&path, json!({})).await;
    assert_snapshot!(api.show(&again), @r#"
    409
    {"code":"already_canceled","request_id":"req_.","status":409,"title":"The appointment is canceled already","type":"/api#already_canceled"}
    "#);
    let path = format!("appointments/{id}/rescheduling");
    let moved = api
        .post_as_clinic(&path, json!({"starts_at": "2026-11-26T10:00:00Z"}))
        .await;
    assert_eq!(moved.at("/code"), "already_canceled");
    let read = api.get_as_clinic(&format!("appointments/{id}")).await;
    assert_eq!(read.at("/cancellation_reason"), "Dr. Vogt is ill.");
    assert_eq!(api.book("2026-11-25T10:00:00Z").await.status, 201);
}

#[tokio::test]
async fn the_person_changes_their_own_in_time() {
    let api = Api::new().await;
    let booked = api.book("2026-11-26T09:00:00Z").await;
    let (id, link) = (booked.at("/id"), manage_token(&booked));
    let own = Ask::get(format!("appointments/{id}")).bearer(&link);
    assert_snapshot!(api.show(&api.send(own).await), @r#"
    200
    {
      "answers": {},
      "booked_at": "2026-11-23T08:00:00Z",
      "canceled_at": null,
      "cancellation_reason": null,
      "ends_at": "2026-11-26T09:30:00Z",
      "id": "apt_.",
      "location": "loc_harbor",
      "reference": "BK-.",
      "revision": 0,
      "room": null,
      "service": "svc_checkup",
      "staff": ["stf_vogt"],
      "starts_at": "2026-11-26T09:00:00Z",
      "status": "confirmed"
    }
    "#);
    let later = json!({"starts_at": "2026-11-26T10:00:00Z"});
    let path = format!("appointments/{id}/rescheduling");
    let moved = api.send(Ask::post(&path, &later).bearer(&link)).await;
    assert_eq!(moved.status, 200, "{}", moved.text());
    assert_eq!(moved.at("/starts_at"), "2026-11-26T10:00:00Z");

    // Until a day before, that instant included.
    api.test.clock.set(at("2026-11-25T10:00:00.000001Z"));
    let late = json!({"starts_at": "2026-11-26T12:00:00Z"});
    let late = api.send(Ask::post(&path, &late).bearer(&link)).await;
    assert_snapshot!(api.show(&late), @r#"
    409
    {
      "closed_at": "2026-11-25T10:00:00Z",
      "code": "too_late",
      "detail": "Please contact the organization.",
      "request_id": "req_.",
      "status": 409,
      "title": "It is too late to change the appointment",
      "type": "/api#too_late"
    }
    "#);
    let path = format!("appointments/{id}/cancellation");
    let late = api.send(Ask::new("POST", &path).bearer(&link)).await;
    assert_eq!(late.at("/code"), "too_late");
    api.test.clock.set(at("2026-11-25T10:00:00Z"));
    let canceled = api.send(Ask::new("POST", &path).bearer(&link)).await;
    assert_eq!(canceled.at("/status"), "canceled");

    // The limit is the person's; the organization changes what it must.
    let id = api.book("2026-11-26T10:00:00Z").await.at("/id");
    api.test.clock.set(at("2026-11-26T09:59:00Z"));
    let path = format!("appointments/{id}/cancellation");
    assert_eq!(api.post_as_clinic(&path, json!({})).await.status, 200);
}

#[tokio::test]
async fn a_manage_link_opens_one_appointment_and_nothing_else() {
    let api = Api::new().await;
    let link = manage_token(&api.book("2026-11-24T09:00:00Z").await);
    let other = api.book("2026-11-25T09:00:00Z").await.at("/id");
    let unknown = "apt_00000000000000000000000000";
    let mut bodies = Vec::new();
    for id in [other.as_str(), unknown, "nonsense"] {
        let time = json!({"starts_at": "2026-11-26T09:00:00Z"});
        for ask in [
            Ask::get(format!("appointments/{id}")),
            Ask::post(format!("appointments/{id}/rescheduling"), &time),
            Ask::post(format!("appointments/{id}/cancellation"), &json!({})),
        ] {
            let answer = api.send(ask.bearer(&link)).await;
            assert_eq!(answer.status, 404);
            bodies.push(answer.without_request_id());
        }
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
    for path in [
        "appointments",
        "people",
        "people/per_00000000000000000000000000",
    ] {
        assert_eq!(
            api.send(Ask::get(path).bearer(&link)).await.status,
            401,
            "{path}"
        );
    }
    let days = "days?service=checkup&from=2026-11-23&to=2026-11-28";
    assert_eq!(api.send(Ask::get(days).bearer(&link)).await.status, 200);
    // A link ends thirty days after its appointment.
    api.test.clock.set(at("2026-12-24T09:30:00Z"));
    assert_eq!(api.send(Ask::get(days).bearer(&link)).await.status, 401);
}

#[tokio::test]
async fn a_cancellation_needs_no_body_but_reads_it_strictly() {
    let api = Api::new().await;
    let id = api.book("2026-11-24T09:00:00Z").await.at("/id");
    let path = format!("appointments/{id}/cancellation");
    for (body, status) in [
        (json!({"why": "x"}), 422),
        (json!({"reason": 1}), 422),
        (json!({"reason": "a\u{0}b"}), 422),
        (json!({"reason": "a".repeat(2_001)}), 422),
        (json!({"reason": " ".repeat(3_000)}), 200),
    ] {
        let answer = api.post_as_clinic(&path, body).await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
    let text = Ask::new("POST", &path).body("text/plain", "x");
    let text = api.send(text.bearer(&api.clinic.token)).await;
    assert_eq!(text.status, 415);
}

#[tokio::test]
async fn lists_of_appointments_are_filtered_and_paged() {
    let api = Api::new().await;
    let (vogt, shah) = (api.clinic.vogt, api.clinic.shah);
    for (at, staff) in [
        ("2026-11-24T09:00:00Z", vogt),
        ("2026-11-24T09:00:00Z", shah),
        ("2026-11-24T10:00:00Z", vogt),
        ("2026-11-25T09:00:00Z", shah),
        ("2026-11-26T09:00:00Z", vogt),
    ] {
        let mut body = booking(at);
        body["staff"] = json!(staff);
        assert_eq!(api.post("appointments", body).await.status, 201);
    }
    let all = api.get_as_clinic("appointments").await.json();
    let ids = |list: &serde_json::Value| -> Vec<String> {
        let rows = list["data"].as_array().expect("a list").iter();
        rows.filter_map(|row| row["id"].as_str())
            .map(str::to_owned)
            .collect()
    };
    let all_ids = ids(&all);
    assert_eq!(
        (all_ids.len(), &all["has_more"], &all["next"]),
        (5, &json!(false), &json!(null))
    );

    let (mut paged, mut after, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let page = api
            .get_as_clinic(&format!("appointments?limit=2{after}"))
            .await
            .json();
        paged.extend(ids(&page));
        pages += 1;
        let Some(next) = page["next"].as_str() else {
            break;
        };
        assert_eq!(page["has_more"], json!(true));
        after = format!("&after={next}");
    }
    assert_eq!((paged, pages), (all_ids.clone(), 3));

    let canceled = format!("appointments/{}/cancellation", all_ids[4]);
    assert_eq!(api.post_as_clinic(&canceled, json!({})).await.status, 200);
    let person = all["data"][0]["person"].as_str().expect("an id");
    for (filter, count) in [
        ("status=confirmed".to_owned(), 4),
        ("status=canceled".to_owned(), 1),
        (format!("staff={shah}"), 2),
        (format!("staff={shah}&from=2026-11-25T00:00:00Z"), 1),
        ("to=2026-11-24T10:00:00Z".to_owned(), 2),
        (
            "from=2026-11-24T10:00:00Z&to=2026-11-26T09:00:00Z".to_owned(),
            2,
        ),
        ("service=checkup".to_owned(), 5),
        (format!("service={}", api.clinic.checkup), 5),
        ("service=therapy".to_owned(), 0),
        ("service=nothing".to_owned(), 0),
        (format!("person={person}"), 5),
        ("person=per_00000000000000000000000000".to_owned(), 0),
        ("limit=200".to_owned(), 5),
    ] {
        let list = api.get_as_clinic(&format!("appointments?{filter}")).await;
        assert_eq!(list.status, 200, "{filter} {}", list.text());
        assert_eq!(ids(&list.json()).len(), count, "{filter}");
    }
    for filter in [
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=x",
        "after=x",
        "after=",
        "status=lost",
        "person=x",
        "from=yesterday",
        "color=red",
    ] {
        let refused = api.get_as_clinic(&format!("appointments?{filter}")).await;
        assert_eq!(refused.status, 400, "{filter}");
        let name = filter.split('=').next().unwrap_or_default();
        assert_eq!(refused.at("/errors/0/parameter"), name);
    }
}
