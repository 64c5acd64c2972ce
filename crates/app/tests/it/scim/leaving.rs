//! Whoever is let go, and owners, who are not.

use kept_app::access::{MemberState, Role};
use kept_app::{access, calendar};
use kept_base::kit::Actor;
use serde_json::json;

use super::{Directory, token_of};
use crate::access::account::letters;
use crate::support::desk::Staffer;
use crate::support::may;
use crate::support::visitor::Visitor;

#[tokio::test]
async fn whoever_is_let_go_is_out_at_once_with_all_that_was_theirs() {
    let directory = Directory::new().await;
    let (test, clinic) = (&directory.test, &directory.clinic);
    let admin = Staffer::of(test, clinic, Role::Admin).await;
    admin.serve_as(test, clinic, clinic.vogt).await;
    let (author, vogt) = (Actor::member(admin.id), clinic.vogt);
    let feed = (test.app.store).write(clinic.id, author, move |tx| {
        calendar::make_feed(tx, &may(), vogt)
    });
    let (_, feed) = feed.await.expect("is made").expect("there is room");
    let feed = format!("/riverside/feed/{}.ics", feed.expose());
    let visitor = Visitor::of(test);
    let token = token_of(test, clinic, admin.id).await;
    assert_eq!(visitor.get(&feed).await.status, 200);
    assert_eq!(admin.get("/account").await.status, 200);
    let path = format!("Users/{}", admin.id);
    let off = json!([{"op": "replace", "path": "active", "value": false}]);
    let after = directory.patch(&path, off).await.ok(200);
    assert_eq!(after.at("/active"), "false");
    assert_eq!(admin.get("/account").await.status, 303, "signed out");
    assert_eq!(visitor.get(&feed).await.status, 404);
    let on = json!([{"op": "replace", "path": "active", "value": true}]);
    directory.patch(&path, on).await.ok(200);
    let id = admin.id;
    let member = test
        .read(clinic.id, move |tx| access::member(tx, id))
        .await
        .expect("a member");
    assert_eq!(member.state, MemberState::Active, "they have a password");
    assert_eq!(visitor.get(&feed).await.status, 404, "for good");
    let bearer = format!("Bearer {token}");
    let (users, headers) = (
        directory.path("Users"),
        [("authorization", bearer.as_str())],
    );
    let of_admin = directory.send("GET", &users, &headers, Vec::new());
    assert_eq!(of_admin.await.status, 401, "for good");
    let told = letters(test, clinic).await;
    assert!(
        told.iter()
            .any(|one| one.contains("A token of Riverside Clinic has ended")),
        "{told:?}"
    );

    directory.delete(&path).await.ok(204);
    assert_eq!(directory.get(&path).await.refusal().0, 404);
    assert_eq!(directory.delete(&path).await.refusal().0, 404);
    assert!(directory.member(&admin.id.to_string()).await.is_none());
}

#[tokio::test]
async fn owners_are_nobodys_to_change_and_one_stays() {
    let directory = Directory::new().await;
    let (test, clinic) = (&directory.test, &directory.clinic);
    let path = format!("Users/{}", directory.owner.id);
    let off = json!([{"op": "replace", "value": {"active": false}}]);
    assert_eq!(
        directory.patch(&path, off.clone()).await.refusal(),
        (409, String::new())
    );
    assert_eq!(
        directory.delete(&path).await.refusal(),
        (409, String::new())
    );
    for change in [
        json!({"displayName": "Somebody Else"}),
        json!({"emails": [{"value": "else@riverside.example"}]}),
    ] {
        let change = json!([{"op": "replace", "value": change}]);
        assert_eq!(directory.patch(&path, change).await.refusal().0, 403);
    }
    // What the directory calls them is its own affair.
    let known = json!([{"op": "add", "path": "externalId", "value": "ext-1"}]);
    assert_eq!(
        directory
            .patch(&path, known)
            .await
            .ok(200)
            .at("/externalId"),
        "ext-1"
    );
    let second = Staffer::named(test, clinic, Role::Owner, "second@riverside.example").await;
    let admin = Staffer::of(test, clinic, Role::Admin).await;
    let token = token_of(test, clinic, admin.id).await;
    let bearer = format!("Bearer {token}");
    let body = super::patch(off.clone()).to_string().into_bytes();
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/scim+json"),
    ];
    let of_second = directory.path(&format!("Users/{}", second.id));
    let refused = directory.send("PATCH", &of_second, &headers, body);
    assert_eq!(
        refused.await.refusal().0,
        403,
        "an admin's token is no owner's"
    );
    let gone = directory
        .patch(&format!("Users/{}", second.id), off)
        .await
        .ok(200);
    assert_eq!(gone.at("/active"), "false");
}
