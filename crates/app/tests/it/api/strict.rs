use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Api, Ask, booking};

#[tokio::test]
async fn every_wrong_field_is_named_at_once_and_never_repeated() {
    let api = Api::new().await;
    let wrong = json!({
        "service": "therapy",
        "starts_at": "2026-11-24T09:00:00Z",
        "person": {"name": " ", "email": "canary", "phone": "canary", "zone": "canary"},
        "answers": {"insurance": "canary", "born": "canary", "first_visit": "canary",
            "canary": "canary"}
    });
    let refused = api.post("appointments", wrong).await;
    assert!(!refused.text().contains("canary"));
    assert_snapshot!(api.show(&refused), @r##"
    422
    {
      "code": "invalid_fields",
      "errors": [
        {"code":"required","detail":"This field is needed.","pointer":"#/person/name"},
        {"code":"malformed","detail":"Send an address: name@example.org.","pointer":"#/person/email"},
        {"code":"malformed","detail":"Send a number with its country code: +49 30 123456.","pointer":"#/person/phone"},
        {"code":"unknown_zone","detail":"Send an IANA name such as Europe/Berlin.","pointer":"#/person/zone"},
        {"code":"unknown_field","detail":"The service asks only for the fields that `services` lists.","pointer":"#/answers"},
        {"code":"required","detail":"The service needs an answer.","pointer":"#/answers/concern"},
        {"code":"not_a_choice","detail":"Send one of the choices that `services` lists.","pointer":"#/answers/insurance"},
        {"code":"malformed","detail":"Send what the kind `check` takes.","pointer":"#/answers/first_visit"},
        {"code":"malformed","detail":"Send what the kind `date` takes.","pointer":"#/answers/born"}
      ],
      "request_id": "req_.",
      "status": 422,
      "title": "Some fields are not right",
      "type": "/api#invalid_fields"
    }
    "##);
}

#[tokio::test]
async fn limits_are_kept_to_the_character() {
    let api = Api::new().await;
    let with = |field: &str, text: String| {
        let mut therapy = booking("2026-11-24T09:00:00Z");
        therapy["service"] = json!("therapy");
        therapy["answers"] = json!({"concern": "Knee", "insurance": "None"});
        *therapy.pointer_mut(field).expect("a field") = json!(text);
        therapy
    };
    let address = |bytes: usize| {
        let domain = ".abcdefghijklmnopqrstuvwxyz".repeat(10);
        format!("a@b{}", &domain[..bytes - 3])
    };
    for (field, most, over) in [
        ("/person/name", "ä".repeat(120), "ä".repeat(121)),
        ("/person/email", address(254), address(255)),
        ("/answers/concern", "ä".repeat(2_000), "ä".repeat(2_001)),
    ] {
        let refused = api.post("appointments", with(field, over)).await;
        assert_eq!(refused.status, 422, "{field} {}", refused.text());
        assert_eq!(refused.at("/errors/0/pointer"), format!("#{field}"));
        assert_eq!(refused.at("/errors/0/code"), "too_long");
        let booked = api.post("appointments", with(field, most)).await;
        assert_eq!(booked.status, 201, "{field} {}", booked.text());
        let id = booked.at("/id");
        let canceled = format!("appointments/{id}/cancellation");
        assert_eq!(api.post_as_clinic(&canceled, json!({})).await.status, 200);
    }
}

#[tokio::test]
async fn bodies_are_read_strictly() {
    let api = Api::new().await;
    let change = |field: &str, value: Value| {
        let mut body = booking("2026-11-24T09:00:00Z");
        let (parent, name) = field.rsplit_once('/').expect("a pointer");
        body.pointer_mut(parent).expect("a parent")[name] = value;
        body
    };
    for (body, pointer, code) in [
        (change("/color", json!("red")), "#/color", "unknown_field"),
        (
            change("/person/color", json!(1)),
            "#/person/color",
            "unknown_field",
        ),
        (change("/service", json!(1)), "#/service", "invalid_type"),
        (
            change("/starts_at", json!("tomorrow")),
            "#/starts_at",
            "invalid_value",
        ),
        (
            change("/starts_at", json!("2026-11-24T09:00:00")),
            "#/starts_at",
            "invalid_value",
        ),
        (
            change("/staff", json!("per_00000000000000000000000000")),
            "#/staff",
            "invalid_value",
        ),
        (change("/hold", json!("x")), "#/hold", "invalid_value"),
        (change("/answers", json!([])), "#/answers", "invalid_type"),
        (
            change("/answers", json!({"concern": 1})),
            "#/answers/concern",
            "invalid_type",
        ),
        (
            change("/person", json!({"name": "Ama"})),
            "#/person/email",
            "required",
        ),
        (json!({}), "#/service", "required"),
    ] {
        let answer = api.post("appointments", body.clone()).await;
        assert_eq!(answer.status, 422, "{body} {}", answer.text());
        assert_eq!(answer.at("/code"), "invalid_fields");
        assert_eq!(answer.at("/errors/0/pointer"), pointer, "{body}");
        assert_eq!(answer.at("/errors/0/code"), code, "{body}");
    }
    let text = booking("2026-11-24T09:00:00Z").to_string();
    let twice = text.replacen('{', "{\"service\": \"review\", ", 1);
    for (content_type, body, status, code) in [
        ("text/plain", text.clone(), 415, "unsupported_media_type"),
        (
            "application/x-www-form-urlencoded",
            "a=b".to_owned(),
            415,
            "unsupported_media_type",
        ),
        ("application/json", "{".to_owned(), 400, "malformed_json"),
        ("application/json", String::new(), 400, "malformed_json"),
        ("application/json", twice, 400, "malformed_json"),
        ("application/json", "[".repeat(100_000), 413, "too_large"),
        (
            "application/json",
            "[".repeat(60_000),
            400,
            "malformed_json",
        ),
        ("application/json", "[]".to_owned(), 422, "invalid_fields"),
        ("application/json", "null".to_owned(), 422, "invalid_fields"),
    ] {
        let ask = Ask::new("POST", "appointments").body(content_type, body);
        let answer = api.send(ask).await;
        assert_eq!(answer.status, status, "{content_type} {}", answer.text());
        assert_eq!(answer.at("/code"), code);
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }
    assert_eq!(
        api.post("appointments", booking("2026-11-24T09:00:00Z"))
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn names_that_name_nothing_are_not_found() {
    let api = Api::new().await;
    let unknown = |field: &str, value: Value| {
        let mut body = booking("2026-11-24T09:00:00Z");
        body[field] = value;
        body
    };
    for (field, value) in [
        ("service", json!("nothing")),
        ("service", json!("svc_00000000000000000000000000")),
        ("staff", json!("stf_00000000000000000000000000")),
        ("staff", json!(api.clinic.liu)),
        ("location", json!("loc_00000000000000000000000000")),
    ] {
        let answer = api.post("appointments", unknown(field, value)).await;
        assert_eq!(answer.status, 404, "{field} {}", answer.text());
        assert_eq!(answer.at("/errors/0/pointer"), format!("#/{field}"));
    }
    // An unknown hold is as good as none.
    let hold = unknown("hold", json!("hld_00000000000000000000000000"));
    assert_eq!(api.post("appointments", hold).await.status, 201);
}
