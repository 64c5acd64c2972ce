use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use insta::assert_snapshot;

use super::*;
use crate::store;

fn text(problem: &Problem, request_id: Option<&str>) -> String {
    let value: Value = serde_json::from_slice(&problem.document(request_id)).expect("JSON");
    serde_json::to_string_pretty(&value).expect("JSON")
}

#[test]
fn a_document_has_the_members_of_rfc_9457_and_ours() {
    let problem = Problem::new(StatusCode::CONFLICT, "slot_taken", "This time was taken")
        .detail("Choose another time.")
        .field("/starts_at", "taken", "One of the alternatives is free.")
        .parameter("zone", "unknown", "A name such as Europe/Berlin.")
        .member("alternatives", vec!["2026-12-01T13:30:00Z"])
        .member("status", 200)
        .member("request_id", "mine");
    assert_snapshot!(text(&problem, Some("req_1")), @r##"
    {
      "alternatives": [
        "2026-12-01T13:30:00Z"
      ],
      "code": "slot_taken",
      "detail": "Choose another time.",
      "errors": [
        {
          "code": "taken",
          "detail": "One of the alternatives is free.",
          "pointer": "#/starts_at"
        },
        {
          "code": "unknown",
          "detail": "A name such as Europe/Berlin.",
          "parameter": "zone"
        }
      ],
      "request_id": "req_1",
      "status": 409,
      "title": "This time was taken",
      "type": "/api#slot_taken"
    }
    "##);
}

#[test]
fn a_store_error_tells_the_log_and_not_the_client() {
    let problem = Problem::from(store::Error::Constraint("claim_overlap".to_owned()));
    assert_eq!(problem.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!text(&problem, None).contains("claim"));
    assert_eq!(
        problem.cause.as_deref(),
        Some("constraint claim_overlap refused the row")
    );
    assert_eq!(
        Problem::from(store::Error::NoOrganization).code(),
        "not_found"
    );
    let busy = Problem::from(store::Error::Busy).into_response();
    assert_eq!(busy.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(busy.headers()[header::RETRY_AFTER], "1");
    for (error, code) in [
        (store::Error::Full, "storage_full"),
        (
            store::Error::Damaged("a page".to_owned()),
            "storage_damaged",
        ),
        (store::Error::File("is gone".to_owned()), "storage_damaged"),
        (store::Error::Disk(5), "unavailable"),
        (
            store::Error::Unavailable("closed".to_owned()),
            "unavailable",
        ),
        (store::Error::Unknown, "timeout"),
    ] {
        let problem = Problem::from(error);
        assert_eq!(problem.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(problem.code(), code);
    }
}

#[test]
fn the_chain_of_causes_is_kept_outermost_first() {
    #[derive(Debug, thiserror::Error)]
    #[error("the letter was not written")]
    struct Letter(#[source] store::Error);

    let problem = Problem::internal().because(&Letter(store::Error::Busy));
    assert_eq!(
        problem.cause.as_deref(),
        Some("the letter was not written: the store is busy")
    );
}

#[test]
fn field_errors_have_a_limit() {
    let mut problem = Problem::invalid_fields();
    for number in 0..=MAX_FIELD_ERRORS {
        problem = problem.field(format!("/answers/{number}"), "required", "Answer it.");
    }
    assert_eq!(problem.errors.len(), MAX_FIELD_ERRORS);
}

#[test]
fn codes_are_distinct_and_each_kind_renders() {
    let mut codes: Vec<&str> = COMMON.iter().map(|kind| kind.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), COMMON.len());
    for kind in COMMON {
        let response = Problem::from(*kind).into_response();
        assert_eq!(response.status(), kind.status);
        assert_eq!(response.headers()[header::CONTENT_TYPE], MEDIA_TYPE);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    }
}
