//! What Microsoft Entra ID sends, after the examples of its public documentation ("Develop and plan
//! provisioning for a SCIM endpoint"), with invented people.

use kept_app::access::MemberState;
use serde_json::json;

use super::{Directory, user};

/// The body of its example for making a user: attributes of enterprises, and a name in parts.
fn new_user() -> serde_json::Value {
    json!({
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        ],
        "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
        "userName": "toni@riverside.example",
        "active": true,
        "emails": [{"primary": true, "type": "work", "value": "toni.brandt@riverside.example"}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": "Toni Brandt", "familyName": "Brandt", "givenName": "Toni"},
        "roles": [],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Desk"},
    })
}

#[tokio::test]
async fn a_user_is_looked_for_that_is_not_there_yet() {
    let directory = Directory::new().await;
    let none = directory
        .find("Users", r#"userName eq "nobody@riverside.example""#)
        .await
        .ok(200);
    assert_eq!(none.at("/totalResults"), "0");
    assert_eq!(none.at("/Resources"), "[]");
}

#[tokio::test]
async fn a_user_is_made_with_attributes_that_are_not_kept() {
    let directory = Directory::new().await;
    let made = directory.post("Users", &new_user()).await.ok(201);
    assert_eq!(
        made.at("/externalId"),
        "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef"
    );
    assert_eq!(made.at("/emails/0/value"), "toni.brandt@riverside.example");
    assert_eq!(made.at("/displayName"), "Toni Brandt");
    assert!(made.json().get("roles").is_none());
}

#[tokio::test]
async fn capital_operations_and_texts_for_booleans_are_understood() {
    let directory = Directory::new().await;
    let id = directory.post("Users", &new_user()).await.ok(201).at("/id");
    let path = format!("Users/{id}");
    let operations = json!([
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "Add", "path": "emails[type eq \"work\"].value", "value": "tb@riverside.example"},
        {"op": "Replace", "path": "name.familyName", "value": "Brandt-Osei"},
        {
            "op": "Add",
            "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
            "value": "Care",
        },
        {"op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "+49 30 1234567"},
        {"op": "Remove", "path": "title"},
    ]);
    let after = directory.patch(&path, operations).await.ok(200);
    assert_eq!(after.at("/active"), "false");
    assert_eq!(after.at("/emails/0/value"), "tb@riverside.example");
    assert_eq!(
        after.at("/displayName"),
        "Toni Brandt-Osei",
        "the name follows its parts"
    );
    let member = directory.member(&id).await.expect("a member");
    assert_eq!(member.state, MemberState::Suspended);
}

#[tokio::test]
async fn a_patch_without_a_path_names_what_it_changes() {
    let directory = Directory::new().await;
    let id = directory.post("Users", &new_user()).await.ok(201).at("/id");
    let operations = json!([{
        "op": "replace",
        "value": {
            "displayName": "Antonia Brandt",
            "name.givenName": "Antonia",
            "emails[type eq \"work\"].value": "antonia@riverside.example",
            "active": "True",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber": "7",
        },
    }]);
    let after = directory
        .patch(&format!("Users/{id}"), operations)
        .await
        .ok(200);
    assert_eq!(after.at("/displayName"), "Antonia Brandt");
    assert_eq!(after.at("/name/givenName"), "Antonia");
    assert_eq!(after.at("/emails/0/value"), "antonia@riverside.example");
}

#[tokio::test]
async fn members_of_a_group_come_and_go_by_patch() {
    let directory = Directory::new().await;
    let (one, other) = (
        directory.bring("one@riverside.example").await,
        directory.bring("other@riverside.example").await,
    );
    let group = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159",
        "displayName": "Front of house",
        "meta": {"resourceType": "Group"},
    });
    let group = directory.post("Groups", &group).await.ok(201).at("/id");
    let path = format!("Groups/{group}");
    let add = json!([{"op": "Add", "path": "members", "value": [{"$ref": null, "value": one}, {"value": other}]}]);
    assert_eq!(
        directory
            .patch(&path, add)
            .await
            .ok(200)
            .at("/members/1/type"),
        "User"
    );
    let remove =
        json!([{"op": "Remove", "path": "members", "value": [{"$ref": null, "value": one}]}]);
    let after = directory.patch(&path, remove).await.ok(200);
    assert_eq!(after.json()["members"].as_array().map(Vec::len), Some(1));
    let remove = json!([{"op": "Remove", "path": format!("members[value eq \"{other}\"]")}]);
    assert_eq!(
        directory.patch(&path, remove).await.ok(200).at("/members"),
        "[]"
    );
    let seen = directory
        .get(&format!("{path}?excludedAttributes=members"))
        .await
        .ok(200);
    assert!(seen.json().get("members").is_none());
    let query =
        "Groups?excludedAttributes=members&filter=displayName%20eq%20%22Front%20of%20house%22";
    assert_eq!(
        directory.get(query).await.ok(200).at("/Resources/0/id"),
        group
    );
}

#[tokio::test]
async fn a_user_is_removed_for_good() {
    let directory = Directory::new().await;
    let id = directory.bring("toni@riverside.example").await;
    directory.delete(&format!("Users/{id}")).await.ok(204);
    let again = directory
        .post("Users", &user("toni@riverside.example"))
        .await
        .ok(201);
    assert_ne!(again.at("/id"), id);
}
