//! Users are members: brought in, found, changed, let go.

use kept_app::access::{MemberState, Role};
use serde_json::json;

use super::{Directory, user};
use crate::access::account::letters;
use crate::support::desk::Staffer;

#[tokio::test]
async fn somebody_is_brought_in_written_to_and_found_again() {
    let directory = Directory::new().await;
    letters(&directory.test, &directory.clinic).await;
    let mut wanted = user("toni@riverside.example");
    wanted["externalId"] = json!("ext-7");
    wanted["name"] = json!({"givenName": "Toni", "familyName": "Brandt"});
    wanted["preferredLanguage"] = json!("de-DE");
    let made = directory.post("Users", &wanted).await.ok(201);
    let id = made.at("/id");
    assert_eq!(
        made.headers["location"].to_str().ok(),
        Some(made.at("/meta/location").as_str())
    );
    assert_eq!(
        made.headers["etag"].to_str().ok(),
        Some(made.at("/meta/version").as_str())
    );
    assert_eq!(made.at("/emails/0/value"), "toni@riverside.example");
    let member = directory.member(&id).await.expect("a member");
    assert_eq!(
        (member.role, member.state),
        (Role::Staff, MemberState::Invited)
    );
    assert_eq!(
        (member.name.expose(), member.locale.as_str()),
        ("Toni Brandt", "de")
    );
    let told = letters(&directory.test, &directory.clinic).await;
    assert!(
        told.iter()
            .any(|one| one.contains("Riverside Clinic auf Kept beitreten")),
        "{told:?}"
    );
    for filter in [
        r#"userName eq "TONI@riverside.example""#,
        r#"externalId eq "ext-7""#,
        r#"emails[type eq "work" and value sw "toni@"] and active eq true"#,
        r#"name.familyName eq "Brandt" and not (userName co "owner")"#,
    ] {
        let found = directory.find("Users", filter).await.ok(200);
        assert_eq!(
            (found.at("/totalResults"), found.at("/Resources/0/id")),
            ("1".into(), id.clone()),
            "{filter}"
        );
    }
    let acts = directory.acts().await;
    let invited = acts
        .iter()
        .find(|act| act.act == "member.invited" && act.subject == id);
    assert!(invited.expect("an act").actor.starts_with("token:tok_"));
}

#[tokio::test]
async fn without_a_letter_they_are_active_at_once() {
    let directory = Directory::new().await;
    directory
        .owner
        .post(
            "/settings/directory",
            &[("welcome", "sso"), ("default_role", "auditor")],
        )
        .await;
    letters(&directory.test, &directory.clinic).await;
    let id = directory.bring("toni@riverside.example").await;
    assert_eq!(
        directory.standing(&id).await,
        (Role::Auditor, MemberState::Active)
    );
    assert!(letters(&directory.test, &directory.clinic).await.is_empty());
}

#[tokio::test]
async fn what_another_has_is_refused() {
    let directory = Directory::new().await;
    let mut wanted = user("toni@riverside.example");
    wanted["externalId"] = json!("ext-7");
    directory.post("Users", &wanted).await.ok(201);
    for change in [
        json!({"userName": "TONI@riverside.example", "externalId": null}),
        json!({"userName": "other", "externalId": null, "emails": [{"value": "Toni@riverside.example"}]}),
        json!({"userName": "other@riverside.example"}),
        json!({"userName": "owner@riverside.example", "externalId": null}),
    ] {
        let mut other = wanted.clone();
        other
            .as_object_mut()
            .expect("an object")
            .extend(change.as_object().expect("an object").clone());
        let refused = directory.post("Users", &other).await;
        assert_eq!(
            refused.refusal(),
            (409, "uniqueness".to_owned()),
            "{change}"
        );
    }
    for change in [
        json!({"userName": ""}),
        json!({"userName": 7}),
        json!({"userName": "no address"}),
        json!({"userName": "x".repeat(201)}),
        json!({"emails": "a@b.example"}),
        json!({"emails": [{"value": "x"}]}),
        json!({"active": "perhaps"}),
        json!({"name": "Toni"}),
        json!({"displayName": "x".repeat(121)}),
    ] {
        let mut other = user("other@riverside.example");
        other
            .as_object_mut()
            .expect("an object")
            .extend(change.as_object().expect("an object").clone());
        let refused = directory.post("Users", &other).await;
        assert_eq!(
            refused.refusal(),
            (400, "invalidValue".to_owned()),
            "{change}"
        );
    }
}

#[tokio::test]
async fn a_new_address_is_where_they_are_written_to() {
    let directory = Directory::new().await;
    let id = directory.bring("toni@riverside.example").await;
    letters(&directory.test, &directory.clinic).await;
    let moved = json!([{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "tb@riverside.example"}]);
    let after = directory.patch(&format!("Users/{id}"), moved).await.ok(200);
    assert_eq!(after.at("/emails/0/value"), "tb@riverside.example");
    assert_eq!(
        after.at("/userName"),
        "toni@riverside.example",
        "that is another thing"
    );
    assert_eq!(
        letters(&directory.test, &directory.clinic).await.len(),
        1,
        "invited there"
    );
    assert_eq!(directory.id_of("tb@riverside.example").await, id);
}

#[tokio::test]
async fn a_change_is_made_to_the_version_that_was_seen() {
    let directory = Directory::new().await;
    let id = directory.bring("toni@riverside.example").await;
    let path = directory.path(&format!("Users/{id}"));
    let seen = directory
        .get(&format!("Users/{id}"))
        .await
        .at("/meta/version");
    let bearer = format!("Bearer {}", directory.token);
    let rename = |name: &str| {
        let rename = super::patch(json!([{"op": "replace", "path": "displayName", "value": name}]));
        rename.to_string().into_bytes()
    };
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/scim+json"),
        ("if-match", seen.as_str()),
    ];
    assert_eq!(
        directory
            .send("PATCH", &path, &headers, rename("Antonia Brandt"))
            .await
            .status,
        200
    );
    let stale = directory
        .send("PATCH", &path, &headers, rename("Tonia Brandt"))
        .await;
    assert_eq!(stale.refusal().0, 412);
    let stale = directory.send("DELETE", &path, &headers, Vec::new()).await;
    assert_eq!(stale.refusal().0, 412);
    let any = [headers[0], headers[1], ("if-match", "*")];
    assert_eq!(
        directory
            .send("PATCH", &path, &any, rename("Tonia Brandt"))
            .await
            .status,
        200
    );
    let now = directory
        .get(&format!("Users/{id}"))
        .await
        .at("/meta/version");
    let known = [headers[0], ("if-none-match", now.as_str())];
    let same = directory.send("GET", &path, &known, Vec::new()).await;
    assert_eq!((same.status, same.body.len()), (304, 0));
}

#[tokio::test]
async fn an_id_of_another_organization_is_an_unknown_one() {
    let directory = Directory::new().await;
    let other = crate::support::clinic::create(&directory.test, "northgate").await;
    let foreign = Staffer::of(&directory.test, &other, Role::Staff)
        .await
        .id
        .to_string();
    let never = "mem_7zzzzzzzzzzzzzzzzzzzzzzzzz";
    for method in ["GET", "PUT", "PATCH", "DELETE"] {
        let body = match method {
            "PUT" => Some(user("toni@riverside.example")),
            "PATCH" => Some(super::patch(
                json!([{"op": "replace", "value": {"active": false}}]),
            )),
            _ => None,
        };
        let mut answers = Vec::new();
        for id in [foreign.as_str(), never, "nonsense", "grp_x"] {
            let answer = directory
                .ask(method, &format!("Users/{id}"), body.as_ref())
                .await;
            assert_eq!(answer.refusal().0, 404);
            answers.push(answer.body);
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{method}");
    }
    let with = |id: &str| json!({"displayName": "All", "members": [{"value": id}]});
    let (theirs, nobodys) = (
        directory.post("Groups", &with(&foreign)).await,
        directory.post("Groups", &with(never)).await,
    );
    assert_eq!(theirs.refusal(), (400, "invalidValue".to_owned()));
    assert_eq!(theirs.body, nobodys.body);
}
