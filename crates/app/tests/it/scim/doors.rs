//! Who gets in, and what is there.

use std::sync::Arc;

use kept_app::access::Role;

use super::{Directory, token_of};
use crate::support::TestApp;
use crate::support::desk::Staffer;

#[tokio::test]
async fn whoever_has_no_token_of_the_directory_learns_nothing() {
    let directory = Directory::new().await;
    let clinic = &directory.clinic;
    let other = crate::support::clinic::create(&directory.test, "northgate").await;
    let other_owner = Staffer::of(&directory.test, &other, Role::Owner).await;
    let foreign = token_of(&directory.test, &other, other_owner.id).await;
    let admin = Staffer::of(&directory.test, clinic, Role::Admin).await;
    let of_admin = token_of(&directory.test, clinic, admin.id).await;
    let page = format!("/members/{}", admin.id);
    directory.owner.post(&page, &[("state", "suspended")]).await;
    let expired = directory.token.clone();
    let never = kept_base::kit::OrganizationId::new(
        directory.test.app.store.clock().now(),
        directory.test.app.store.entropy(),
    );
    let mut answers = Vec::new();
    for (organization, token) in [
        (clinic.id.to_string(), foreign.as_str()),
        (clinic.id.to_string(), &of_admin),
        (clinic.id.to_string(), &clinic.token),
        (clinic.id.to_string(), "kept_scim_"),
        (clinic.id.to_string(), "x"),
        (never.to_string(), &expired),
        (other.id.to_string(), &expired),
        ("riverside".to_owned(), &expired),
        ("nonsense".to_owned(), &expired),
    ] {
        for (method, path) in [
            ("GET", "Users"),
            ("POST", "Users"),
            ("GET", "Users/x"),
            ("PUT", "Users/x"),
            ("PATCH", "Users/x"),
            ("DELETE", "Users/x"),
            ("GET", "Groups"),
            ("POST", "Groups"),
            ("GET", "Groups/x"),
            ("PUT", "Groups/x"),
            ("PATCH", "Groups/x"),
            ("DELETE", "Groups/x"),
            ("POST", ".search"),
            ("POST", "Users/.search"),
            ("POST", "Groups/.search"),
            ("GET", "ServiceProviderConfig"),
            ("GET", "ResourceTypes"),
            ("GET", "ResourceTypes/User"),
            ("GET", "Schemas"),
            ("GET", "Schemas/x"),
        ] {
            let bearer = format!("Bearer {token}");
            let path = format!("/scim/v2/{organization}/{path}");
            let headers = [("authorization", bearer.as_str())];
            let answer = directory.send(method, &path, &headers, Vec::new()).await;
            assert_eq!(answer.refusal(), (401, String::new()), "{method} {path}");
            assert_eq!(answer.headers["www-authenticate"], "Bearer realm=\"kept\"");
            answers.push(answer.body);
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    let api = crate::api::Api::of(
        TestApp {
            app: Arc::clone(&directory.test.app),
            clock: Arc::clone(&directory.test.clock),
            folder: Arc::clone(&directory.test.folder),
        },
        clinic.clone(),
    );
    let ask = crate::api::Ask::get("people").bearer(&directory.token);
    assert_eq!(api.send(ask).await.status, 401, "not for the API");
}

#[tokio::test]
async fn what_it_can_do_is_described_and_nothing_else_is_answered() {
    let directory = Directory::new().await;
    let config = directory.get("ServiceProviderConfig").await.ok(200);
    assert_eq!(config.headers["content-type"], "application/scim+json");
    assert_eq!(config.at("/filter/maxResults"), "200");
    assert_eq!(config.at("/patch/supported"), "true");
    let types = directory.get("ResourceTypes").await.ok(200);
    assert_eq!(
        (types.at("/totalResults"), types.at("/Resources/1/endpoint")),
        ("2".into(), "/Groups".into())
    );
    directory.get("ResourceTypes/User").await.ok(200);
    let schemas = directory.get("Schemas").await.ok(200);
    let id = schemas.at("/Resources/0/id");
    assert_eq!(
        directory
            .get(&format!("Schemas/{id}"))
            .await
            .ok(200)
            .at("/name"),
        "User"
    );
    for (method, path, status) in [
        ("GET", "Schemas?filter=id%20pr", 403),
        ("GET", "Schemas/urn:x", 404),
        ("GET", "ResourceTypes/Device", 404),
        ("GET", "Bulk", 404),
        ("GET", "Me", 404),
        ("POST", "ServiceProviderConfig", 405),
        ("PUT", "ResourceTypes", 405),
        ("DELETE", "Schemas", 405),
        ("DELETE", "Users", 405),
        ("GET", "Users/.search", 405),
    ] {
        assert_eq!(
            directory.ask(method, path, None).await.refusal().0,
            status,
            "{method} {path}"
        );
    }
}
