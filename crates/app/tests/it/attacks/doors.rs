//! What a door takes: forms of another kind, fields sent twice, addresses that others leave open.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use kept_app::access::{self, Role};
use kept_app::http::{Limits, router};
use kept_base::store::Error;
use tower::ServiceExt as _;

use super::hostile::harm;
use crate::support::TestApp;
use crate::support::desk::Staffer;
use crate::support::visitor::Visitor;

/// Forms and what each would do.
const FORMS: &[(&str, &str)] = &[
    (
        "/o/riverside/members",
        "name=Ada+Ohm&email=ada%40example.org&role=staff",
    ),
    (
        "/o/riverside/people/new",
        "name=Ada+Ohm&zone=Europe%2FBerlin&locale=en",
    ),
    ("/o/riverside/skills", "name=Ultrasound"),
    ("/o/riverside/account", "name=Ada+Ohm"),
    ("/riverside/checkup/hold", "at=2026-12-01T10%3A00%3A00Z"),
    ("/o/riverside/forgot", "email=owner%40riverside.example"),
];

/// A form that scripts of other sites could send without being asked whether they may (`text/plain`), and
/// forms of other kinds: the type is looked at before the body.
#[tokio::test]
async fn content_type_a_form_of_another_kind_is_not_read() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let before = test.rows(clinic.id).await;
    for (path, form) in FORMS {
        for kind in [
            "text/plain",
            "application/json",
            "multipart/form-data; boundary=x",
            "application/xml",
            "application/x-www-form-urlencodedx",
            "",
        ] {
            let cookie = owner.cookie();
            let fields = [("cookie", cookie.as_str()), ("content-type", kind)];
            let status = status(&test, ("POST", path), &fields, form).await;
            assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path} {kind}");
        }
    }
    assert_eq!(test.rows(clinic.id).await, before);
    for (path, form) in FORMS {
        let kind = "application/x-www-form-urlencoded; charset=utf-8";
        let cookie = owner.cookie();
        let fields = [("cookie", cookie.as_str()), ("content-type", kind)];
        let status = status(&test, ("POST", path), &fields, form).await;
        assert!(
            status.is_success() || status.is_redirection(),
            "{path} {status}"
        );
    }
}

/// What is answered to a request with these header fields.
async fn status(
    test: &TestApp,
    (method, path): (&str, &str),
    fields: &[(&str, &str)],
    body: &str,
) -> StatusCode {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "kept.test");
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    let request = request
        .body(Body::from(body.to_owned()))
        .expect("a request");
    let answer = router(&test.app, Limits::default()).oneshot(request).await;
    answer.unwrap_or_else(|never| match never {}).status()
}

/// Parameter pollution: of two that are called alike the first counts, for the check and for the act; and
/// what stands in the address is not taken for the body.
#[tokio::test]
async fn parameter_pollution_a_field_sent_twice_is_not_checked_as_one_and_used_as_the_other() {
    let (test, clinic) = TestApp::with_clinic().await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    let first = [
        ("name", "Ada Ohm"),
        ("email", "ada@example.org"),
        ("role", "staff"),
        ("role", "owner"),
    ];
    admin
        .post("/members?role=owner&email=eve%40example.org", &first)
        .await
        .location();
    let second = [
        ("name", "Ben Ohm"),
        ("email", "ben@example.org"),
        ("role", "owner"),
        ("role", "staff"),
    ];
    admin.post("/members", &second).await;
    let all = test.read::<_, Error, _>(clinic.id, access::members).await;
    let ada = all
        .iter()
        .find(|member| member.email.expose() == "ada@example.org");
    assert_eq!(ada.expect("is invited").role, Role::Staff);
    assert!(
        all.iter()
            .all(|member| member.email.expose() != "eve@example.org")
    );
    assert!(
        all.iter().all(|member| member.role != Role::Owner),
        "an admin makes no owner"
    );

    // Two cookies of one name: one of them is not ours, so neither counts.
    let twice = format!("{}; {}", admin.cookie(), admin.cookie());
    let account = ("GET", "/o/riverside/account");
    let known = status(&test, account, &[("cookie", &admin.cookie())], "").await;
    assert_eq!(known, StatusCode::OK);
    let unknown = status(&test, account, &[("cookie", &twice)], "").await;
    assert_eq!(unknown, StatusCode::SEE_OTHER);
}

/// Fides CVE-2023-46125 (settings shown), and whatever else servers leave open.
#[tokio::test]
async fn left_open_nothing_is_served_that_others_forget() {
    let (test, _) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    for path in [
        "/.git/HEAD",
        "/.git/config",
        "/.env",
        "/.svn/entries",
        "/.well-known/",
        "/kept.toml",
        "/config",
        "/api/v1/config",
        "/api/v1/settings",
        "/metrics",
        "/debug",
        "/debug/pprof",
        "/status",
        "/server-status",
        "/actuator/env",
        "/admin/config",
        "/phpinfo.php",
        "/backup.zip",
        "/kept.db",
        "/root.key",
        "/assets",
        "/assets/",
        "/look/riverside",
        "/look/riverside/",
        "/swagger.json",
        "/graphql",
        "/console",
        "/_demo/mailbox",
        "/api/v1/orgs",
        "/api/v1/orgs/",
        "/scim/v2",
        "/scim/v2/",
    ] {
        let page = visitor.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
    let health = visitor.get("/healthz").await;
    let health: serde_json::Value = serde_json::from_str(&health.body).expect("JSON");
    let known: Vec<&String> = health.as_object().expect("an object").keys().collect();
    assert_eq!(known, ["status", "tzdb", "version"]);
}

/// Fides CVE-2023-36827: a name of a file leads out of its folder.
#[tokio::test]
async fn path_traversal_no_name_leads_out_of_its_folder() {
    let (test, clinic) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    for up in [
        "..%2F..%2FCargo.toml",
        "%2E%2E/%2E%2E/Cargo.toml",
        "..%252f..%252fCargo.toml",
        "..%5C..%5Croot.key",
        "....//....//root.key",
        "%2Fetc%2Fpasswd",
        "..%c0%af..%c0%afroot.key",
        "root.key%00.css",
    ] {
        for folder in [
            "/assets/",
            "/look/riverside/",
            "/look/..%2F/",
            "/riverside/feed/",
            "/",
            "/api/",
            "/setup/",
        ] {
            let page = visitor.get(&format!("{folder}{up}")).await;
            let is_refused =
                [StatusCode::NOT_FOUND, StatusCode::BAD_REQUEST].contains(&page.status);
            assert!(is_refused, "{folder}{up} {}", page.status);
            assert!(!page.body.contains("[workspace]") && !page.body.contains("root:"));
        }
    }
    // What a file is called on somebody's computer names nothing here.
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let name = "../../../../tmp/kept-traversal.csv";
    let list = format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: text/html\r\n\r\nName\nAma Okafor\n\r\n--x--\r\n"
    );
    let kind = "multipart/form-data; boundary=x";
    for path in ["/people/import", "/look/logo", "/closed-days/file"] {
        let page = owner
            .send_as("POST", path, kind, Body::from(list.clone()))
            .await;
        assert_eq!(harm(&page), Vec::<String>::new(), "{path}");
        assert!(!page.body.contains("kept-traversal"), "{path}");
    }
    let import = owner.get("/people/import").await;
    assert!(!import.body.contains("kept-traversal"));
    assert!(!std::path::Path::new("/tmp/kept-traversal.csv").exists());
}

/// Nobody can sign in before somebody was let in on purpose: neither as an operator nor as a member.
#[tokio::test]
async fn default_accounts_there_are_none() {
    let (test, clinic) = TestApp::with_clinic().await;
    let members = test.read::<_, Error, _>(clinic.id, access::members).await;
    assert!(members.is_empty());
    let operators = test.app.store.operators().await.expect("is answered");
    assert!(operators.is_empty());
    let visitor = Visitor::of(&test);
    for password in ["admin", "password", "kept", "changeme", ""] {
        for name in ["admin", "root", "operator", "admin@riverside.example"] {
            let form = [("email", name), ("name", name), ("password", password)];
            for door in ["/o/riverside/sign-in", "/operator/sign-in"] {
                let page = visitor.post(door, &form).await;
                assert!(page.status.is_client_error(), "{door} {}", page.status);
            }
        }
    }
}
