//! What is asked badly, or too much of.

use serde_json::json;

use super::{Directory, patch, user};

#[tokio::test]
async fn lists_are_cut_sorted_and_shown_in_part() {
    let directory = Directory::new().await;
    for name in ["cleo", "abel", "bea"] {
        directory.bring(&format!("{name}@riverside.example")).await;
    }
    let names = |path: &'static str| {
        let directory = &directory;
        async move {
            let answer = directory.get(path).await.ok(200).json();
            let all = answer["Resources"].as_array().expect("a list").clone();
            all.iter()
                .map(|one| one["userName"].as_str().unwrap_or("-")[..4].to_owned())
                .collect::<Vec<_>>()
                .join(" ")
        }
    };
    assert_eq!(names("Users?sortBy=userName").await, "abel bea@ cleo owne");
    assert_eq!(
        names("Users?sortBy=USERNAME&sortOrder=descending&startIndex=2&count=2").await,
        "cleo bea@"
    );
    assert_eq!(
        names("Users?sortBy=userName&startIndex=-3&count=1").await,
        "abel"
    );
    assert_eq!(names("Users?count=0").await, "");
    assert_eq!(names("Users?count=-1").await, "");
    assert_eq!(names("Users?startIndex=99").await, "");
    let shown = directory
        .get("Users?attributes=userName,name.formatted&count=1")
        .await
        .ok(200)
        .json();
    let one = shown["Resources"][0]
        .as_object()
        .expect("an object")
        .clone();
    assert_eq!(
        one.keys().collect::<Vec<_>>(),
        ["id", "name", "schemas", "userName"]
    );
    let shown = directory
        .get("Users?excludedAttributes=emails,id,name.formatted&count=1")
        .await
        .ok(200)
        .json();
    assert!(
        shown["Resources"][0].get("emails").is_none() && shown["Resources"][0].get("id").is_some()
    );
    let search = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": "userName sw \"b\" or displayName eq \"Desk\"", "attributes": ["id"], "startIndex": 1, "count": 10,
    });
    directory
        .post("Groups", &json!({"displayName": "Desk"}))
        .await
        .ok(201);
    for (path, found) in [
        ("Users/.search", "1"),
        ("Groups/.search", "1"),
        (".search", "2"),
    ] {
        assert_eq!(
            directory
                .post(path, &search)
                .await
                .ok(200)
                .at("/totalResults"),
            found,
            "{path}"
        );
    }
}

#[tokio::test]
async fn questions_that_make_no_sense_are_refused_by_name() {
    let directory = Directory::new().await;
    let deep = format!("Users?filter={}id%20pr{}", "(".repeat(9), ")".repeat(9));
    let deepest = format!("Users?filter={}", "(".repeat(1_000));
    let names = format!("Users?attributes={}", vec!["id"; 51].join(","));
    for (path, kind) in [
        ("Users?filter=userName", "invalidFilter"),
        (&deep, "invalidFilter"),
        (&deepest, "invalidFilter"),
        ("Users?filter=userName%20eq%20x", "invalidFilter"),
        ("Users?sortBy=name.familyName", "invalidPath"),
        ("Users?sortBy=1%3Bdrop", "invalidPath"),
        ("Users?sortOrder=up", "invalidValue"),
        ("Users?startIndex=one", "invalidValue"),
        (
            "Users?attributes=id&excludedAttributes=emails",
            "invalidValue",
        ),
        ("Users?attributes=%3Cscript%3E", "invalidValue"),
        (&names, "invalidValue"),
    ] {
        assert_eq!(
            directory.get(path).await.refusal(),
            (400, kind.to_owned()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn changes_that_make_no_sense_are_refused_by_name() {
    let directory = Directory::new().await;
    let id = directory.bring("toni@riverside.example").await;
    let path = format!("Users/{id}");
    for (operations, kind) in [
        (json!([]), "invalidSyntax"),
        (json!({}), "invalidSyntax"),
        (json!([7]), "invalidSyntax"),
        (json!([{"op": "move", "path": "userName"}]), "invalidSyntax"),
        (json!([{"op": "add", "value": "x"}]), "invalidSyntax"),
        (json!([{"op": "remove"}]), "noTarget"),
        (
            json!([{"op": "add", "path": "nonsense", "value": "x"}]),
            "invalidPath",
        ),
        (
            json!([{"op": "add", "path": "emails[", "value": "x"}]),
            "invalidPath",
        ),
        (
            json!([{"op": "add", "path": "emails]type[", "value": "x"}]),
            "invalidPath",
        ),
        (
            json!([{"op": "add", "path": "userName[type eq \"x\"]", "value": "x"}]),
            "invalidPath",
        ),
        (
            json!([{"op": "add", "path": 7, "value": "x"}]),
            "invalidPath",
        ),
        (
            json!([{"op": "add", "path": "emails[type].value", "value": "x"}]),
            "invalidFilter",
        ),
        (
            json!([{"op": "replace", "path": "emails[type ne \"work\"].value", "value": "x@y.example"}]),
            "noTarget",
        ),
        (
            json!([{"op": "replace", "path": "id", "value": "x"}]),
            "mutability",
        ),
        (
            json!([{"op": "replace", "path": "groups", "value": []}]),
            "mutability",
        ),
        (
            json!([{"op": "replace", "path": "userName"}]),
            "invalidValue",
        ),
        (
            json!([{"op": "remove", "path": "userName"}]),
            "invalidValue",
        ),
        (
            json!([{"op": "replace", "path": "active", "value": "maybe"}]),
            "invalidValue",
        ),
        (
            json!(vec![
                json!({"op": "add", "path": "title", "value": "x"});
                201
            ]),
            "invalidSyntax",
        ),
    ] {
        let refused = directory.patch(&path, operations.clone()).await;
        assert_eq!(refused.refusal(), (400, kind.to_owned()), "{operations}");
    }
    let at_most = json!(vec![
        json!({"op": "add", "path": "title", "value": "x"});
        200
    ]);
    directory.patch(&path, at_most).await.ok(200);
    let mut no_schema = patch(json!([{"op": "remove", "path": "title"}]));
    no_schema["schemas"] = json!([]);
    assert_eq!(
        directory
            .ask("PATCH", &path, Some(&no_schema))
            .await
            .refusal()
            .1,
        "invalidSyntax"
    );
}

#[tokio::test]
async fn bodies_are_small_shallow_and_of_the_right_type() {
    let directory = Directory::new().await;
    let bearer = format!("Bearer {}", directory.token);
    let path = directory.path("Users");
    let mut large = user("toni@riverside.example");
    large["title"] = json!("x".repeat(64 * 1024));
    let deep = format!("{}1{}", "{\"a\":".repeat(20), "}".repeat(20));
    for (media_type, body, status) in [
        ("application/scim+json", large.to_string(), 413),
        (
            "text/plain",
            user("toni@riverside.example").to_string(),
            415,
        ),
        ("application/scim+json", deep, 400),
        ("application/scim+json", "[]".to_owned(), 400),
        ("application/scim+json", "{".to_owned(), 400),
        ("application/scim+json", String::new(), 400),
        (
            "application/json",
            user("toni@riverside.example").to_string(),
            201,
        ),
    ] {
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", media_type),
        ];
        let answer = directory
            .send("POST", &path, &headers, body.into_bytes())
            .await;
        assert_eq!(answer.status, status);
        if status >= 400 {
            answer.refusal();
        }
    }
    // Whoever is not known is told so whatever they send.
    let headers = [
        ("authorization", "Bearer x"),
        ("content-type", "text/plain"),
    ];
    let answer = directory.send("POST", &path, &headers, b"{".to_vec()).await;
    assert_eq!(answer.refusal().0, 401);
}

#[tokio::test]
async fn a_directory_asks_so_often_and_no_more() {
    let directory = Directory::new().await;
    for _ in 0..kept_app::access::MAX_SCIM_REQUESTS_A_MINUTE {
        directory.get("ServiceProviderConfig").await.ok(200);
    }
    let refused = directory.get("ServiceProviderConfig").await;
    assert_eq!(refused.refusal().0, 429);
    assert_eq!(refused.headers["retry-after"], "60");
    directory.test.clock.advance_minutes(1);
    directory.get("ServiceProviderConfig").await.ok(200);
}
