//! Groups give the roles that owners say.

use kept_app::access::{MemberState, Role};
use serde_json::{Value, json};

use super::Directory;
use crate::support::desk::Staffer;

struct House {
    directory: Directory,
    desk: String,
    leads: String,
    toni: String,
}

impl House {
    /// Two groups with roles, and somebody in neither.
    async fn new() -> Self {
        let directory = Directory::new().await;
        let toni = directory.bring("toni@riverside.example").await;
        let mut ids = Vec::new();
        for (name, role) in [("Desk", "front_desk"), ("Leads", "admin")] {
            let group = directory
                .post("Groups", &json!({"displayName": name}))
                .await
                .ok(201);
            let field = format!("role.{}", group.at("/id"));
            let done = directory
                .owner
                .post("/settings/directory", &[(&field, role)])
                .await;
            assert!(done.location().contains("done=saved"));
            ids.push(group.at("/id"));
        }
        let leads = ids.remove(1);
        Self {
            directory,
            desk: ids.remove(0),
            leads,
            toni,
        }
    }

    async fn change(&self, group: &str, op: &str, member: &str) {
        let operation = json!([{"op": op, "path": "members", "value": [{"value": member}]}]);
        self.directory
            .patch(&format!("Groups/{group}"), operation)
            .await
            .ok(200);
    }

    async fn toni(&self) -> (Role, MemberState) {
        self.directory.standing(&self.toni).await
    }
}

#[tokio::test]
async fn the_highest_role_of_the_groups_holds_and_goes_with_them() {
    let house = House::new().await;
    assert_eq!(house.toni().await.0, Role::Staff);
    house.change(&house.desk, "add", &house.toni).await;
    assert_eq!(house.toni().await.0, Role::FrontDesk);
    house.change(&house.leads, "add", &house.toni).await;
    assert_eq!(house.toni().await.0, Role::Admin);
    let seen = house.directory.get(&format!("Users/{}", house.toni)).await;
    assert_eq!(seen.json()["groups"].as_array().map(Vec::len), Some(2));
    house.change(&house.leads, "remove", &house.toni).await;
    assert_eq!(house.toni().await.0, Role::FrontDesk);
    let field = format!("role.{}", house.desk);
    house
        .directory
        .owner
        .post("/settings/directory", &[(&field, "manager")])
        .await;
    assert_eq!(house.toni().await.0, Role::Manager);
    house
        .directory
        .delete(&format!("Groups/{}", house.desk))
        .await
        .ok(204);
    assert_eq!(house.toni().await, (Role::Staff, MemberState::Invited));
}

#[tokio::test]
async fn whoever_leaves_the_last_group_is_suspended_where_that_is_chosen() {
    let house = House::new().await;
    house
        .directory
        .owner
        .post(
            "/settings/directory",
            &[("without_group", "suspend"), ("welcome", "sso")],
        )
        .await;
    assert_eq!(
        house.toni().await.1,
        MemberState::Invited,
        "who came without a group stays"
    );
    house.change(&house.desk, "add", &house.toni).await;
    house.change(&house.leads, "add", &house.toni).await;
    house.change(&house.leads, "remove", &house.toni).await;
    assert_eq!(house.toni().await.1, MemberState::Invited, "one is left");
    house.change(&house.desk, "remove", &house.toni).await;
    assert_eq!(house.toni().await.1, MemberState::Suspended);
    house.change(&house.desk, "add", &house.toni).await;
    assert_eq!(house.toni().await.1, MemberState::Active, "and back in");
    // Whom an admin suspended stays so.
    let page = format!("/members/{}", house.toni);
    house
        .directory
        .owner
        .post(&page, &[("state", "suspended")])
        .await;
    house.change(&house.leads, "add", &house.toni).await;
    assert_eq!(house.toni().await.1, MemberState::Suspended);
}

#[tokio::test]
async fn no_group_makes_or_changes_an_owner() {
    let house = House::new().await;
    let owner = house.directory.owner.id.to_string();
    house.change(&house.desk, "add", &owner).await;
    assert_eq!(
        house.directory.standing(&owner).await,
        (Role::Owner, MemberState::Active)
    );
    house.change(&house.desk, "remove", &owner).await;
    assert_eq!(
        house.directory.standing(&owner).await,
        (Role::Owner, MemberState::Active)
    );
    let field = format!("role.{}", house.desk);
    for (name, value) in [(field.as_str(), "owner"), (field.as_str(), "emperor")] {
        let refused = house
            .directory
            .owner
            .post("/settings/directory", &[(name, value)])
            .await;
        assert_eq!(refused.status, 422);
    }
    house
        .directory
        .owner
        .post("/settings/directory", &[("default_role", "owner")])
        .await;
    let next = house.directory.bring("next@riverside.example").await;
    assert_eq!(house.directory.standing(&next).await.0, Role::Staff);
}

#[tokio::test]
async fn only_owners_say_which_role_a_group_gives() {
    let house = House::new().await;
    let (test, clinic) = (&house.directory.test, &house.directory.clinic);
    let admin = Staffer::of(test, clinic, Role::Admin).await;
    let field = format!("role.{}", house.desk);
    let refused = admin
        .post("/settings/directory", &[(&field, "admin")])
        .await;
    assert_eq!(refused.status, 403);
    let page = admin.get("/settings/directory").await;
    assert!(page.text().contains("Owners say which role") && !page.body.contains("<select"));
    let never = [("role.grp_7zzzzzzzzzzzzzzzzzzzzzzzzz", "staff")];
    assert_eq!(
        house
            .directory
            .owner
            .post("/settings/directory", &never)
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_group_is_replaced_as_a_whole_and_has_its_name_alone() {
    let house = House::new().await;
    let path = format!("Groups/{}", house.desk);
    let members = |ids: &[&str]| -> Value { ids.iter().map(|id| json!({"value": id})).collect() };
    let owner = house.directory.owner.id.to_string();
    let body = json!({"displayName": "Desk", "externalId": "g-1", "members": members(&[&house.toni, &owner])});
    let after = house.directory.put(&path, &body).await.ok(200);
    assert_eq!(after.json()["members"].as_array().map(Vec::len), Some(2));
    let body = json!({"displayName": "Desk", "members": members(&[&house.toni])});
    let after = house.directory.put(&path, &body).await.ok(200);
    assert_eq!(after.json()["members"].as_array().map(Vec::len), Some(1));
    assert!(after.json().get("externalId").is_none());
    let twice = house
        .directory
        .post("Groups", &json!({"displayName": "desk"}))
        .await;
    assert_eq!(twice.refusal(), (409, "uniqueness".to_owned()));
    house
        .directory
        .delete(&format!("Users/{}", house.toni))
        .await
        .ok(204);
    assert_eq!(house.directory.get(&path).await.at("/members"), "[]");
}
