//! What is sent: fields that nobody asked for, depths that take a parser down, bodies before the door.

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::StatusCode;
use kept_app::access::{MemberState, Role};
use serde_json::{Value, json};

use crate::access::door::DOOR;
use crate::api::{Api, booking};
use crate::scim::{Directory, user};
use crate::support::desk::Staffer;
use crate::support::visitor::Visitor;

/// Names of what is an appointment's and nobody's to set, and of what objects have in some languages.
const NOT_ASKED_FOR: &[&str] = &[
    "id",
    "organization",
    "organization_id",
    "tenant",
    "status",
    "price",
    "price_minor",
    "tip",
    "revision",
    "reference",
    "created_at",
    "booked_at",
    "ends_at",
    "room",
    "role",
    "author",
    "actor",
    "manage_url",
    "__proto__",
    "constructor",
    "prototype",
    "$type",
    "@type",
    "class",
];

/// Mass assignment: an operation of the API refuses what it does not name, in each of its objects.
#[tokio::test]
async fn mass_assignment_the_api_takes_no_field_that_it_does_not_name() {
    let api = Api::new().await;
    let booked = api.book("2026-12-01T09:00:00Z").await.at("/id");
    let bodies = [
        (
            "appointments".to_owned(),
            booking("2026-11-24T09:00:00Z"),
            "",
        ),
        (
            "appointments".to_owned(),
            booking("2026-11-24T09:00:00Z"),
            "/person",
        ),
        (format!("appointments/{booked}/cancellation"), json!({}), ""),
        (
            format!("appointments/{booked}/rescheduling"),
            json!({"starts_at": "2026-12-01T10:00:00Z"}),
            "",
        ),
        (
            "holds".to_owned(),
            json!({"service": "checkup", "starts_at": "2026-11-24T09:00:00Z"}),
            "",
        ),
        (
            "people/search".to_owned(),
            json!({"email": "ama@example.org"}),
            "",
        ),
    ];
    let before = api.test.rows(api.clinic.id).await;
    for (path, body, within) in bodies {
        for name in NOT_ASKED_FOR {
            let mut more = body.clone();
            more.pointer_mut(within).expect("an object")[*name] = json!("owner");
            let answer = api.post_as_clinic(&path, more).await;
            assert_eq!(
                answer.status,
                422,
                "{path} {within} {name}: {}",
                answer.text()
            );
            assert_eq!(
                answer.at("/errors/0/code"),
                "unknown_field",
                "{path} {name}"
            );
        }
        let mut before = before.clone();
        let mut after = api.test.rows(api.clinic.id).await;
        for rows in [&mut before, &mut after] {
            // That it asked is counted.
            rows.retain(|table, _| table != "pace");
        }
        assert_eq!(after, before, "{path}");
    }
}

/// The same of a directory: what is no attribute of ours is passed over as the RFC wants, and sets nothing.
#[tokio::test]
async fn mass_assignment_a_directory_sets_nothing_beyond_a_user() {
    let directory = Directory::new().await;
    let mut wanted = user("toni@riverside.example");
    let password = "copper window seventeen";
    for (name, value) in [
        ("id", json!(directory.owner.id.to_string())),
        ("password", json!(password)),
        ("roles", json!([{"value": "owner", "primary": true}])),
        ("entitlements", json!([{"value": "owner"}])),
        ("userType", json!("owner")),
    ] {
        wanted[name] = value;
    }
    let id = directory.post("Users", &wanted).await.ok(201).at("/id");
    assert_ne!(id, directory.owner.id.to_string());
    assert_eq!(
        directory.standing(&id).await,
        (Role::Staff, MemberState::Invited)
    );
    let operations = json!([
        {"op": "add", "path": "roles", "value": [{"value": "owner"}]},
        {"op": "replace", "value": {"password": password, "active": true}},
    ]);
    directory.patch(&format!("Users/{id}"), operations).await;
    let member = directory.member(&id).await.expect("a member");
    assert_eq!(member.role, Role::Staff);
    let form = [("email", "toni@riverside.example"), ("password", password)];
    let page = Visitor::of(&directory.test).post(DOOR, &form).await;
    assert_eq!(
        page.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a directory sets no password"
    );
    for unknown in ["role", "state", "organization", "members", "owner"] {
        let mut wanted = user("other@riverside.example");
        wanted[unknown] = json!("owner");
        let answer = directory.post("Users", &wanted).await;
        if answer.status == 201 {
            let id = answer.at("/id");
            assert_eq!(
                directory.standing(&id).await,
                (Role::Staff, MemberState::Invited),
                "{unknown}"
            );
            directory.delete(&format!("Users/{id}")).await;
        } else {
            assert_eq!(answer.refusal().0, 400, "{unknown}");
        }
    }
}

/// Kanidm CVE-2026-46689: a filter of many brackets, from somebody without a token, ended the process.
/// Here the token comes first, and depth is counted while it is read.
#[tokio::test]
async fn deep_filters_are_refused_and_not_even_read_without_a_token() {
    let directory = Directory::new().await;
    let deep = "(".repeat(12_000);
    let within_limits = format!("{}userName pr{}", "(".repeat(400), ")".repeat(400));
    let nots = "not (".repeat(300) + "userName pr" + &")".repeat(300);
    for (filter, statuses) in [
        (&deep, [414, 400]),
        (&within_limits, [400, 400]),
        (&nots, [400, 400]),
    ] {
        let query: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        let path = directory.path(&format!("Users?filter={query}"));
        let stranger = directory.send("GET", &path, &[], Vec::new()).await;
        assert!([401, 414].contains(&stranger.status), "{}", stranger.status);
        let answer = directory.get(&format!("Users?filter={query}")).await;
        assert!(statuses.contains(&answer.status), "{}", answer.status);
        let search = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": filter});
        let kind = [("content-type", "application/scim+json")];
        let path = directory.path("Users/.search");
        let stranger = directory
            .send("POST", &path, &kind, search.to_string().into_bytes())
            .await;
        assert_eq!(stranger.status, 401);
        assert_eq!(directory.post("Users/.search", &search).await.status, 400);
    }
    // Brackets of JSON, before and behind the door.
    let nested: String = "[".repeat(30_000);
    let kind = [("content-type", "application/scim+json")];
    let path = directory.path("Users");
    let stranger = directory
        .send("POST", &path, &kind, nested.clone().into_bytes())
        .await;
    assert_eq!(stranger.status, 401);
    directory.get("Users").await.ok(200);
}

/// Kanidm GHSA-84jc: a picture that is too short, looked at before anybody was asked who they are.
#[tokio::test]
async fn short_pictures_are_refused_and_not_even_read_by_strangers() {
    let directory = Directory::new().await;
    let (test, owner) = (&directory.test, &directory.owner);
    let kind = "multipart/form-data; boundary=x";
    let heads: [&[u8]; 5] = [
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"RIFF\0\0\0\0WEBP",
        b"GIF89a",
        b"<svg",
    ];
    for head in heads {
        for length in 0..=head.len() {
            let mut body =
                b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n"
                    .to_vec();
            body.extend(&head[..length]);
            body.extend(b"\r\n--x--\r\n");
            let page = owner
                .send_as("POST", "/look/logo", kind, Body::from(body.clone()))
                .await;
            assert!(
                page.status.is_client_error(),
                "{head:?} {length} {}",
                page.status
            );
            let stranger = Staffer::with_cookie(test, "riverside", "__Host-kept-riverside=A");
            let page = stranger
                .send_as("POST", "/look/logo", kind, Body::from(body))
                .await;
            assert!(page.location().contains("/sign-in"));
        }
    }
}

/// CVE-2025-50455 (SQL in a sort key) and CVE-2022-0739: statements in every parameter of the API and of a
/// directory; what is sorted and filtered by is one of a list.
#[tokio::test]
async fn statements_in_parameters_are_values_or_refused() {
    let api = Api::new().await;
    let tables = api.test.rows(api.clinic.id).await;
    let mut statements = Vec::new();
    for end in ["'", "\"", ")", "';", "\\'"] {
        let mut text = String::new();
        write!(text, "name{end} or 1=1; drop table person; --").expect("a text");
        statements.push(text);
    }
    for statement in &statements {
        let text: String = form_urlencoded::byte_serialize(statement.as_bytes()).collect();
        for path in [
            format!("people?cursor={text}"),
            format!("people?limit={text}"),
            format!("people?sort={text}"),
            format!("people?order_by={text}"),
            format!("appointments?status={text}"),
            format!("appointments?from={text}"),
            format!("slots?service={text}&from=2026-12-01&to=2026-12-02"),
            format!("days?service={text}&from=2026-12-01&to=2026-12-02"),
            format!("people/{text}"),
            format!("appointments/{text}"),
        ] {
            let answer = api.get_as_clinic(&path).await;
            assert!(
                (400..500).contains(&answer.status),
                "{path} {}",
                answer.status
            );
            assert!(!answer.text().contains("drop table"), "it is not repeated");
        }
        let answer = api
            .post_as_clinic("people/search", json!({"email": statement}))
            .await;
        assert!(answer.status < 500, "{}", answer.text());
    }
    assert!(tables.keys().eq(api.test.rows(api.clinic.id).await.keys()));
    let directory = Directory::new().await;
    for statement in &statements {
        let text: String = form_urlencoded::byte_serialize(statement.as_bytes()).collect();
        for name in [
            "sortBy",
            "sortOrder",
            "attributes",
            "filter",
            "startIndex",
            "count",
        ] {
            let answer = directory.get(&format!("Users?{name}={text}")).await;
            assert!(answer.status < 500, "{name} {}", answer.status);
        }
        let value = statement.replace('\\', "").replace('"', "\\\"");
        let found = directory
            .find("Users", &format!("userName eq \"{value}\""))
            .await;
        assert_eq!(found.json()["totalResults"], Value::from(0), "{value}");
    }
}
