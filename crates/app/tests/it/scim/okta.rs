//! What Okta sends, after the examples of its public documentation ("SCIM 2.0 protocol reference"), with
//! invented people: it never deletes, and replaces whole users.

use kept_app::access::MemberState;
use serde_json::json;

use super::Directory;

fn whole(id: Option<&str>, active: bool, given: &str) -> serde_json::Value {
    let mut user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "noor@riverside.example",
        "name": {"givenName": given, "middleName": "", "familyName": "Haddad"},
        "emails": [{"primary": true, "value": "noor@riverside.example", "type": "work"}],
        "displayName": format!("{given} Haddad"),
        "locale": "en-US",
        "externalId": "00ujl29u0le5T6Aj10h7",
        "groups": [],
        "password": "1mz050nq",
        "active": active,
    });
    if let Some(id) = id {
        user["id"] = json!(id);
        user["meta"] = json!({"resourceType": "User"});
    }
    user
}

#[tokio::test]
async fn a_user_is_looked_for_made_and_read_page_by_page() {
    let directory = Directory::new().await;
    let path = "Users?filter=userName%20eq%20%22noor%40riverside.example%22&startIndex=1&count=100";
    let none = directory.get(path).await.ok(200);
    assert_eq!(
        (none.at("/totalResults"), none.at("/startIndex")),
        ("0".into(), "1".into())
    );
    let made = directory
        .post("Users", &whole(None, true, "Noor"))
        .await
        .ok(201);
    assert!(made.json().get("password").is_none());
    let page = directory.get("Users?startIndex=2&count=1").await.ok(200);
    assert_eq!(
        (page.at("/totalResults"), page.at("/itemsPerPage")),
        ("2".into(), "1".into())
    );
}

#[tokio::test]
async fn a_user_is_replaced_as_a_whole() {
    let directory = Directory::new().await;
    let id = directory
        .post("Users", &whole(None, true, "Noor"))
        .await
        .ok(201)
        .at("/id");
    let path = format!("Users/{id}");
    let after = directory
        .put(&path, &whole(Some(&id), true, "Noora"))
        .await
        .ok(200);
    assert_eq!(
        (after.at("/displayName"), after.at("/name/givenName")),
        ("Noora Haddad".into(), "Noora".into())
    );
    let after = directory
        .put(&path, &whole(Some(&id), false, "Noora"))
        .await
        .ok(200);
    assert_eq!(after.at("/active"), "false");
    assert_eq!(directory.standing(&id).await.1, MemberState::Suspended);
    let acts = directory.acts().await.len();
    directory
        .put(&path, &whole(Some(&id), false, "Noora"))
        .await
        .ok(200);
    assert_eq!(
        directory.acts().await.len(),
        acts,
        "nothing new, nothing recorded"
    );
}

#[tokio::test]
async fn a_user_is_let_go_and_comes_back_without_being_deleted() {
    let directory = Directory::new().await;
    let id = directory
        .post("Users", &whole(None, true, "Noor"))
        .await
        .ok(201)
        .at("/id");
    let path = format!("Users/{id}");
    let active = |active: bool| json!([{"op": "replace", "value": {"active": active}}]);
    assert_eq!(
        directory
            .patch(&path, active(false))
            .await
            .ok(200)
            .at("/active"),
        "false"
    );
    assert_eq!(
        directory
            .patch(&path, active(true))
            .await
            .ok(200)
            .at("/active"),
        "true"
    );
    // They never set a password: a new letter goes out.
    assert_eq!(directory.standing(&id).await.1, MemberState::Invited);
}

#[tokio::test]
async fn a_group_is_renamed_with_its_id_in_the_value() {
    let directory = Directory::new().await;
    let group = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Desk", "members": []});
    let id = directory.post("Groups", &group).await.ok(201).at("/id");
    let rename = json!([{"op": "replace", "value": {"id": id, "displayName": "Front desk"}}]);
    assert_eq!(
        directory
            .patch(&format!("Groups/{id}"), rename)
            .await
            .ok(200)
            .at("/displayName"),
        "Front desk"
    );
}
