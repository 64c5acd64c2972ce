use insta::assert_snapshot;
use serde_json::json;

use super::{Api, booking};

#[tokio::test]
async fn people_are_listed_found_and_read() {
    let api = Api::new().await;
    for (hour, name, email) in [
        (9, "Ama Okafor", "ama@example.org"),
        (10, "Kofi Okafor", "ama@example.org"),
        (11, "Zoë Ødegård", "zoe@example.org"),
    ] {
        let mut body = booking(&format!("2026-11-24T{hour:02}:00:00Z"));
        body["person"] = json!({"name": name, "email": email, "phone": "+49 30 123456",
            "zone": "asia/kolkata", "locale": "de-AT"});
        assert_eq!(api.post("appointments", body).await.status, 201);
        api.test.clock.advance_minutes(1);
    }
    let list = api.get_as_clinic("people?limit=2").await;
    assert_snapshot!(api.show(&list).split("\"next\"").next().unwrap_or_default(), @r#"
    200
    {
      "data": [
        {
          "created_at": "2026-11-23T08:00:00Z",
          "email": "ama@example.org",
          "id": "per_.",
          "locale": "de",
          "name": "Ama Okafor",
          "phone": "+4930123456",
          "zone": "Asia/Kolkata"
        },
        {
          "created_at": "2026-11-23T08:01:00Z",
          "email": "ama@example.org",
          "id": "per_.",
          "locale": "de",
          "name": "Kofi Okafor",
          "phone": "+4930123456",
          "zone": "Asia/Kolkata"
        }
      ],
      "has_more": true,
    "#);
    let rest = format!("people?limit=2&after={}", list.at("/next"));
    let rest = api.get_as_clinic(&rest).await;
    assert_snapshot!(api.show(&rest), @r#"
    200
    {
      "data": [
        {
          "created_at": "2026-11-23T08:02:00Z",
          "email": "zoe@example.org",
          "id": "per_.",
          "locale": "de",
          "name": "Zoë Ødegård",
          "phone": "+4930123456",
          "zone": "Asia/Kolkata"
        }
      ],
      "has_more": false,
      "next": null
    }
    "#);
    let id = rest.at("/data/0/id");
    let one = api.get_as_clinic(&format!("people/{id}")).await;
    assert_eq!(one.json(), rest.json()["data"][0]);

    let found = api
        .post_as_clinic(
            "people/search",
            json!({"email": "ama@EXAMPLE.org", "limit": 1}),
        )
        .await;
    assert_eq!(found.at("/data/0/name"), "Ama Okafor");
    let rest = json!({"email": "ama@example.org", "after": found.at("/next")});
    let rest = api.post_as_clinic("people/search", rest).await;
    assert_eq!(rest.at("/data/0/name"), "Kofi Okafor");
    assert_eq!(rest.at("/has_more"), "false");
    let nobody = json!({"email": "nobody@example.org"});
    let nobody = api.post_as_clinic("people/search", nobody).await;
    assert_snapshot!(api.show(&nobody), @r#"
    200
    {"data":[],"has_more":false,"next":null}
    "#);
    // What is documented as `null` is as if it were not there.
    let plain = json!({"email": "ama@example.org", "limit": null, "after": null});
    let plain = api.post_as_clinic("people/search", plain).await;
    assert_eq!(
        (plain.status, plain.at("/data/1/name")),
        (200, "Kofi Okafor".to_owned())
    );
    for (body, pointer) in [
        (json!({}), "#/email"),
        (json!({"email": "x"}), "#/email"),
        (json!({"email": "a@example.org", "limit": 0}), "#/limit"),
        (json!({"email": "a@example.org", "limit": 201}), "#/limit"),
        (json!({"email": "a@example.org", "after": "x"}), "#/after"),
    ] {
        let refused = api.post_as_clinic("people/search", body).await;
        assert_eq!(refused.status, 422);
        assert_eq!(
            refused.at("/errors/0/pointer"),
            pointer,
            "{}",
            refused.text()
        );
    }
}

#[tokio::test]
async fn an_address_in_a_query_is_refused() {
    let api = Api::new().await;
    let refused = api.get_as_clinic("people?email=ama@example.org").await;
    assert_eq!(refused.status, 400);
    assert!(!refused.text().contains("ama"));
}
