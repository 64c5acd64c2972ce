//! A directory's token gives nobody what its maker may not.

use kept_app::access::{self, Area, Level, NewToken, Role, TokenKind};
use serde_json::json;

use super::Directory;
use crate::support::desk::Staffer;
use crate::support::may;

#[tokio::test]
async fn what_is_hidden_from_an_admin_comes_back_by_no_token_of_theirs() {
    let mut directory = Directory::new().await;
    let (test, clinic) = (&directory.test, &directory.clinic);
    let desk = Staffer::of(test, clinic, Role::FrontDesk).await;
    let admin = Staffer::of(test, clinic, Role::Admin).await;
    let id = admin.id;
    let token = test.write(clinic.id, move |tx| {
        let new = NewToken {
            name: "Directory".to_owned(),
            kind: TokenKind::Scim,
            scopes: TokenKind::Scim.scopes().to_vec(),
            days: 30,
        };
        access::set_limit(tx, &may(), Role::Admin, (Area::Contact, Level::None))
            .expect("is hidden");
        access::make_token(tx, &may(), id, &new)
    });
    let (_, token) = token.await;
    directory.token = token.expose().to_owned();
    let new = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "own@elsewhere.example",
        "emails": [{"value": "own@elsewhere.example"}],
    });
    assert_eq!(directory.post("Users", &new).await.status, 403);
    let group = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Everybody",
        "members": [{"value": id.to_string()}],
    });
    assert_eq!(directory.post("Groups", &group).await.status, 403);
    let path = format!("Users/{}", desk.id);
    let known = directory.get(&path).await.ok(200).json();
    let mut moved = known.clone();
    moved["emails"] = json!([{"value": "own@elsewhere.example"}]);
    assert_eq!(directory.put(&path, &moved).await.status, 403);
    assert_eq!(directory.get(&path).await.json()["emails"], known["emails"]);
    // To let somebody go needs nothing of theirs.
    let gone = json!([{"op": "replace", "path": "active", "value": false}]);
    directory.patch(&path, gone).await.ok(200);
    let back = json!([{"op": "replace", "path": "active", "value": true}]);
    assert_eq!(directory.patch(&path, back).await.status, 403);
}
