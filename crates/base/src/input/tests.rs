use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest as _, Request};
use axum::http::header::CONTENT_TYPE;
use insta::assert_snapshot;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use super::*;
use crate::kit::OrganizationId;
use crate::problem::Problem;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only reading is tested")]
struct Visit {
    organization: OrganizationId,
    #[serde(deserialize_with = "instant")]
    starts_at: Timestamp,
    person: Someone,
    #[serde(default)]
    seats: Option<u8>,
    #[serde(default)]
    notes: std::collections::HashMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only reading is tested")]
struct Someone {
    name: String,
    channel: Channel,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Channel {
    Email,
    Sms,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only reading is tested")]
struct Asked {
    service: OrganizationId,
    limit: Option<u16>,
}

/// One line per problem: status, code, then each error, then the detail of the whole.
fn line(problem: &Problem) -> String {
    let document: Value = serde_json::from_slice(&problem.document(None)).expect("JSON");
    let mut line = format!("{} {}", document["status"], problem.code());
    for error in document["errors"].as_array().into_iter().flatten() {
        let place = error.get("pointer").or(error.get("parameter"));
        let place = place.and_then(Value::as_str).expect("a place");
        let detail = error["detail"].as_str().unwrap_or("-");
        line += &format!(
            " | {place} {} {detail}",
            error["code"].as_str().expect("a code")
        );
    }
    if let Some(detail) = document["detail"].as_str() {
        line += &format!(" | {detail}");
    }
    line
}

fn json(body: &str) -> String {
    match Json::<Visit>::from_bytes(body.as_bytes()) {
        Ok(_) => "read".to_owned(),
        Err(problem) => line(&problem),
    }
}

fn query(text: &str) -> String {
    match Query::<Asked>::from_text(text) {
        Ok(_) => "read".to_owned(),
        Err(problem) => line(&problem),
    }
}

fn visit(starts_at: &str, person: &str, rest: &str) -> String {
    format!(
        r#"{{"organization":"org_00000000000000000000000000","starts_at":{starts_at},"person":{person}{rest}}}"#
    )
}

const AT: &str = r#""2026-12-01T13:30:00Z""#;
const ADA: &str = r#"{"name":"Ada","channel":"email"}"#;

#[test]
fn json_is_read_or_refused_with_the_field() {
    let cases = [
        visit(AT, ADA, ""),
        visit(AT, ADA, r#","seats":3,"notes":{"a":"b"}"#),
        visit(AT, ADA, r#","seats":"SECRET""#),
        visit(AT, ADA, r#","seats":300"#),
        visit(AT, ADA, r#","seats":-1"#),
        visit(AT, ADA, r#","SECRET person":1"#),
        visit(AT, ADA, r#","phone":1"#),
        visit(AT, r#"{"name":"Ada","channel":"email","x":1}"#, ""),
        visit(AT, r#"{"name":"Ada"}"#, ""),
        visit(AT, r#"{"name":"Ada","channel":"SECRET"}"#, ""),
        visit(AT, r#"{"name":5,"channel":"sms"}"#, ""),
        visit(AT, r#""SECRET""#, ""),
        visit(r#""SECRET""#, ADA, ""),
        visit("5", ADA, ""),
        visit("null", ADA, ""),
        visit(AT, ADA, r#","seats":1,"seats":2"#),
        visit(AT, ADA, r#","notes":{"a":"b","a":"c"}"#),
        visit(AT, ADA, r#","notes":{"a":5}"#),
        r#"{"organization":"SECRET"}"#.to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        String::new(),
        "{".to_owned(),
        format!("{} {{}}", visit(AT, ADA, "")),
        "{\"a\":1,}".to_owned(),
        "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]".to_owned(),
        "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]".to_owned(),
        format!("{{\"a\":[0,{}", "[".repeat(60_000)),
    ];
    let answers: Vec<String> = cases.iter().map(|case| json(case)).collect();
    let answers = answers.join("\n");
    assert!(!answers.contains("SECRET"), "{answers}");
    assert_snapshot!(answers, @r#"
    read
    read
    422 invalid_fields | #/seats invalid_type Expected a whole number, not negative.
    422 invalid_fields | #/seats invalid_value Expected a whole number, not negative.
    422 invalid_fields | #/seats invalid_value Expected a whole number, not negative.
    422 invalid_fields | # unknown_field Expected one of `organization`, `starts_at`, `person`, `seats`, `notes`.
    422 invalid_fields | #/phone unknown_field Expected one of `organization`, `starts_at`, `person`, `seats`, `notes`.
    422 invalid_fields | #/person/x unknown_field Expected `name` or `channel`.
    422 invalid_fields | #/person/channel required This field is needed.
    422 invalid_fields | #/person/channel unknown_value Expected `email` or `sms`.
    422 invalid_fields | #/person/name invalid_type Expected a string.
    422 invalid_fields | #/person invalid_type Expected an object.
    422 invalid_fields | #/starts_at invalid_value Expected an instant such as 2026-12-01T13:30:00Z.
    422 invalid_fields | #/starts_at invalid_type Expected a string.
    422 invalid_fields | #/starts_at invalid_type Expected a string.
    400 malformed_json | #/seats duplicate_key Give each key once.
    400 malformed_json | #/notes/a duplicate_key Give each key once.
    422 invalid_fields | #/notes/a invalid_type Expected a string.
    422 invalid_fields | #/organization invalid_value Expected an id that starts with org_.
    422 invalid_fields | #/organization required This field is needed.
    422 invalid_fields | # invalid_value Expected an object.
    422 invalid_fields | # invalid_value Expected an object.
    400 malformed_json | It breaks off or goes wrong at line 1, column 0.
    400 malformed_json | It breaks off or goes wrong at line 1, column 1.
    400 malformed_json | It breaks off or goes wrong at line 1, column 128.
    400 malformed_json | It breaks off or goes wrong at line 1, column 8.
    422 invalid_fields | # invalid_value Expected an object.
    400 malformed_json | #/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0 too_deep At most 16 levels of arrays and objects are read.
    400 malformed_json | #/a/1/0/0/0/0/0/0/0/0/0/0/0/0/0/0 too_deep At most 16 levels of arrays and objects are read.
    "#);
}

#[test]
fn queries_are_read_or_refused_with_the_parameter() {
    let id = "org_00000000000000000000000000";
    let cases = [
        format!("service={id}"),
        format!("service={id}&limit=5"),
        format!("service={id}&limit=SECRET"),
        format!("service={id}&limit=-1"),
        format!("service={id}&limit="),
        format!("service={id}&service={id}"),
        format!("service={id}&zone=SECRET"),
        format!("service={id}&SECRET%20person=1"),
        "service=SECRET".to_owned(),
        "service=%ff%fe".to_owned(),
        String::new(),
        "a&".repeat(MAX_QUERY_PARAMETERS),
        "a&".repeat(MAX_QUERY_PARAMETERS + 1),
    ];
    let answers: Vec<String> = cases.iter().map(|case| query(case)).collect();
    let answers = answers.join("\n");
    assert!(!answers.contains("SECRET"), "{answers}");
    assert_snapshot!(answers, @r#"
    read
    read
    400 invalid_query | limit invalid_value Expected a whole number within its limits.
    400 invalid_query | limit invalid_value Expected a whole number within its limits.
    400 invalid_query | limit invalid_value Expected a whole number within its limits.
    400 invalid_query | service duplicate_key Give it once.
    400 invalid_query | zone unknown_field Expected `service` or `limit`.
    400 invalid_query |  unknown_field Expected `service` or `limit`.
    400 invalid_query | service invalid_value Expected an id that starts with org_.
    400 invalid_query | service invalid_value Expected an id that starts with org_.
    400 invalid_query | service required This field is needed.
    400 invalid_query | a unknown_field Expected `service` or `limit`.
    400 invalid_query | At most 32 parameters are read.
    "#);
}

fn request(content_type: Option<&str>, body: Body) -> Request {
    let mut request = Request::new(body);
    if let Some(content_type) = content_type {
        let value = content_type.parse().expect("a header value");
        request.headers_mut().insert(CONTENT_TYPE, value);
    }
    request
}

#[tokio::test]
async fn only_the_declared_type_is_read() {
    for (content_type, read) in [
        (Some("application/json"), true),
        (Some("Application/JSON; charset=UTF-8"), true),
        (Some("application/json; charset=\"utf-8\""), true),
        (Some("application/json; charset=latin1"), false),
        (Some("application/jsonp"), false),
        (Some("text/plain"), false),
        (Some("text/plain; application/json"), false),
        (Some(""), false),
        (None, false),
    ] {
        let outcome = Json::<Value>::from_request(request(content_type, "{}".into()), &()).await;
        assert_eq!(outcome.is_ok(), read, "{content_type:?}");
        if let Err(problem) = outcome {
            assert_eq!(
                line(&problem),
                "415 unsupported_media_type | Send it as application/json."
            );
        }
    }
}

#[tokio::test]
async fn a_body_is_read_up_to_its_limit() {
    for (spaces, answer) in [
        (MAX_BODY_BYTES - 2, "read"),
        (
            MAX_BODY_BYTES - 1,
            "413 too_large | At most 65536 bytes are read.",
        ),
    ] {
        let body = format!("{{}}{}", " ".repeat(spaces));
        let outcome =
            Json::<Value>::from_request(request(Some("application/json"), body.into()), &());
        let outcome = outcome
            .await
            .map_or_else(|p| line(&p), |_| "read".to_owned());
        assert_eq!(outcome, answer);
    }
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let mut request = request(Some("application/json"), Body::from_stream(Never));
    request.extensions_mut().insert(BodyLimits {
        bytes: 10,
        read_timeout: Duration::from_millis(1),
    });
    let problem = Json::<Value>::from_request(request, &())
        .await
        .expect_err("no end");
    assert_eq!(problem.code(), "body_timeout");
}

#[tokio::test]
async fn forms_keep_what_was_typed() {
    let typed = "name=Ada+L%C3%B6we&tick=a&tick=b&empty=+&odd=%ff%zz&=x";
    let form = "application/x-www-form-urlencoded";
    let Form(fields) = Form::from_request(request(Some(form), typed.into()), &())
        .await
        .expect("a form");
    assert_eq!(fields.get("name"), Some("Ada Löwe"));
    assert_eq!(fields.get_all("tick").collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(
        (fields.get("empty"), fields.filled("empty")),
        (Some(" "), None)
    );
    assert_eq!(fields.get("odd"), Some("\u{fffd}%zz"));
    assert_eq!(fields.get("missing"), None);
    assert_eq!(format!("{fields:?}"), "Fields(6 of them)");

    for (count, read) in [(MAX_FORM_FIELDS, true), (MAX_FORM_FIELDS + 1, false)] {
        let outcome =
            Form::from_request(request(Some(form), "a=&".repeat(count).into()), &()).await;
        assert_eq!(outcome.is_ok(), read, "{count}");
    }
    assert!(
        Form::from_request(request(Some("multipart/form-data"), "".into()), &())
            .await
            .is_err()
    );
}

proptest! {
    #[test]
    fn no_bytes_panic_a_reader(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Json::<Visit>::from_bytes(&bytes);
        let _ = Fields::parse(&bytes, MAX_FORM_FIELDS);
        let _ = Query::<Asked>::from_text(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_json_like_text_panics_a_reader(text in r#"[\[\]{}",:0-9a-e\\ntrufalse.-]{0,200}"#) {
        let _ = Json::<Visit>::from_bytes(text.as_bytes());
    }
}

/// A body that never gives a byte.
struct Never;

impl futures_core::Stream for Never {
    type Item = Result<axum::body::Bytes, std::convert::Infallible>;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Pending
    }
}
