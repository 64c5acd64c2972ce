//! Many users in many groups: how many there can be, and that questions answer the same.

use kept_app::access::{self, MAX_MEMBERS, MemberError, NewMember, Role};
use kept_app::ids::{MemberId, ScimGroupId};
use kept_app::scim::MAX_GROUP_MEMBERSHIPS;
use kept_base::kit::{Email, PersonName};
use serde_json::json;

use super::Directory;

const GROUPS: usize = 10;

/// As many members as there can be, each in ten groups: as many memberships as there can be.
async fn full() -> (Directory, Vec<String>, Vec<MemberId>) {
    let directory = Directory::new().await;
    let mut groups = Vec::new();
    for number in 0..=GROUPS {
        let group = json!({"displayName": format!("Group {number:02}")});
        groups.push(directory.post("Groups", &group).await.ok(201).at("/id"));
    }
    let ids: Vec<ScimGroupId> = (groups[..GROUPS].iter())
        .map(|id| id.parse().expect("an id"))
        .collect();
    let filled = directory.test.write(directory.clinic.id, move |tx| {
        for number in access::members(tx)?.len()..MAX_MEMBERS {
            let new = NewMember {
                name: PersonName::parse("Toni Brandt").expect("a name"),
                email: Email::parse(&format!("m{number}@riverside.example")).expect("an address"),
                role: Role::Staff,
                staff: None,
                locale: "en".to_owned(),
            };
            access::add_member(tx, &new)?;
        }
        let members: Vec<_> = access::members(tx)?.iter().map(|one| one.id).collect();
        for member in &members {
            for group in &ids {
                access::join_group(tx, *group, *member)?;
            }
        }
        Ok::<_, MemberError>(members)
    });
    let members = filled.await;
    assert_eq!(members.len() * GROUPS, MAX_GROUP_MEMBERSHIPS);
    (directory, groups, members)
}

#[tokio::test]
async fn an_organization_is_asked_when_full_and_takes_no_membership_more() {
    let (directory, groups, members) = full().await;
    let all = members.len().to_string();

    let page = directory
        .get("Users?startIndex=1900&count=3")
        .await
        .ok(200)
        .json();
    assert_eq!(page["totalResults"], members.len());
    let users = page["Resources"].as_array().expect("a list");
    assert_eq!(users.len(), 3);
    for user in users {
        assert_eq!(user["groups"].as_array().map(Vec::len), Some(GROUPS));
        let id = user["id"].as_str().expect("an id");
        let alone = directory.get(&format!("Users/{id}")).await.ok(200);
        assert_eq!(&alone.json(), user, "the same in a list and alone");
        assert_eq!(
            alone.headers["etag"],
            user["meta"]["version"].as_str().expect("a version")
        );
        let version = user["meta"]["version"].as_str().expect("a version");
        let filter = format!("meta.version eq {}", json!(version));
        assert_eq!(
            directory.find("Users", &filter).await.at("/totalResults"),
            "1"
        );
    }
    for (list, filter, found) in [
        (
            "Users",
            format!("groups.value eq \"{}\"", groups[0]),
            all.as_str(),
        ),
        (
            "Users",
            format!("groups[value eq \"{}\"]", groups[GROUPS]),
            "0",
        ),
        ("Users", "groups.display co \"Group 03\"".to_owned(), &all),
        (
            "Groups",
            format!("members.value eq \"{}\"", members[5]),
            "10",
        ),
        ("Groups", "not (members pr)".to_owned(), "1"),
    ] {
        let answer = directory.find(list, &filter).await.ok(200);
        assert_eq!(answer.at("/totalResults"), found, "{filter}");
    }

    let last = format!("Groups/{}", groups[GROUPS]);
    let change = |op: &'static str, member: MemberId| json!([{"op": op, "path": "members", "value": [{"value": member.to_string()}]}]);
    let refused = directory.patch(&last, change("add", members[0])).await;
    assert_eq!(refused.refusal(), (409, String::new()));
    assert!(refused.at("/detail").contains("20,000"));
    assert!(directory.get(&last).await.json()["members"] == json!([]));
    let body = json!({"displayName": "One more", "members": [{"value": members[0].to_string()}]});
    assert_eq!(directory.post("Groups", &body).await.refusal().0, 409);
    assert_eq!(
        directory
            .find("Groups", "displayName eq \"One more\"")
            .await
            .at("/totalResults"),
        "0",
        "nothing of a refused group stays"
    );

    let first = format!("Groups/{}", groups[0]);
    directory
        .patch(&first, change("remove", members[7]))
        .await
        .ok(200);
    directory
        .patch(&last, change("add", members[0]))
        .await
        .ok(200);
    let refused = directory.patch(&last, change("add", members[1])).await;
    assert_eq!(refused.refusal().0, 409);
    let other = json!({"displayName": "Group 10", "members": [{"value": members[1].to_string()}]});
    let swapped = directory.put(&last, &other).await.ok(200);
    assert_eq!(swapped.at("/members/0/value"), members[1].to_string());
}
