//! What an owner sets, and what comes of trying it.

use axum::http::StatusCode;
use kept_app::access::Role;
use kept_base::store::Error;
use serde_json::json;

use super::hostile::{Manner, Provider, SECRET};
use super::site::{Site, asking, form};
use crate::access::passkeys::details;
use crate::support::TestApp;
use crate::support::desk::Staffer;

const HERE: &str = "/settings/provider";
const TRIAL: &str = "/settings/provider/trial";

#[tokio::test]
async fn the_secret_is_sealed_and_never_shown() {
    let site = Site::new().await;
    let page = site.owner.get(HERE).await;
    assert!(!page.body.contains("a:secret"));
    assert!(page.text().contains("One is there and is never shown."));
    insta::assert_snapshot!(
        page.text()
            .replace(&site.provider.issuer, "http://127.0.0.1:PORT")
    );
    let sealed: Option<Vec<u8>> = site
        .test
        .read::<_, Error, _>(site.clinic.id, |tx| {
            tx.query_opt("select sealed_secret from provider", &[], |row| row.get(0))
        })
        .await;
    let sealed = sealed.expect("sealed");
    let has = |text: &[u8]| sealed.windows(text.len()).any(|part| part == text);
    assert!(!has(b"secret") && sealed.len() > SECRET.len());
    // Left empty it stays; what is wrong elsewhere loses nothing but it.
    site.owner.prove(&site.test, &site.clinic).await;
    let wrong = form(
        &site.provider.issuer,
        &[("domains", ""), ("name", "Clinic Two")],
    );
    let page = site.owner.post(HERE, &wrong).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("Clinic Two") && !page.body.contains("a:secret"));
    site.set(&[("secret", ""), ("joins", "1")]).await;
    assert_eq!(
        site.come(&mut site.browser()).await.location(),
        "/o/riverside"
    );
    // It is for this provider alone.
    let other = form(
        "https://elsewhere.example",
        &[("secret", ""), ("joins", "1")],
    );
    let page = site.owner.post(HERE, &other).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Another one is another one.
    site.set(&[("secret", "wrong"), ("joins", "1")]).await;
    site.come(&mut site.browser()).await;
    assert_eq!(site.refusals().await, ["provider status"]);
}

#[tokio::test]
async fn only_owners_set_it_and_prove_that_they_are_there() {
    let site = Site::new().await;
    let admin = Staffer::of(&site.test, &site.clinic, Role::Admin).await;
    let page = admin.get(HERE).await;
    assert!(page.status.is_success() && page.text().contains("Owners set it."));
    let all = form(&site.provider.issuer, &[]);
    for path in [HERE, TRIAL, "/settings/provider/removal"] {
        let page = admin.post(path, &all).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
    }
    site.test.clock.advance_minutes(60);
    for path in [HERE, "/settings/provider/removal"] {
        let page = site.owner.post(path, &all).await;
        assert!(page.location().contains("/account/proof"), "{path}");
    }
    let acts = details(&site.test, site.clinic.id, "provider.changed").await;
    assert_eq!(acts, ["issuer secret joins - staff", "open"]);
}

#[tokio::test]
async fn a_trial_says_what_is_wrong_and_shows_members_nothing() {
    let (test, clinic) = TestApp::with_clinic().await;
    let test = asking(test);
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let provider = Provider::start(&test.clock).await;
    let set = async |issuer: &str| {
        owner.prove(&test, &clinic).await;
        let saved = owner.post(HERE, &form(issuer, &[])).await;
        assert!(saved.location().ends_with("done=saved"), "{}", saved.text());
        owner.post(TRIAL, &[]).await
    };
    for (issuer, said) in [
        ("http://127.0.0.2:9", "must begin with https"),
        ("https://127.0.0.2", "private network"),
        ("https://[::ffff:127.0.0.2]", "private network"),
        ("https://169.254.169.254", "private network"),
        ("http://127.0.0.1:1", "Nobody could be reached"),
        ("https://nobody.invalid", "Nobody could be reached"),
        (
            &format!("{}/tenant", provider.issuer),
            "answered with an error",
        ),
    ] {
        let page = set(issuer).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{issuer}");
        assert!(page.text().contains(said), "{issuer}: {}", page.text());
    }
    for (manner, said) in [
        (Manner::Redirect, "leads elsewhere"),
        (Manner::Never, "took too long"),
        (Manner::Fails, "answered with an error"),
        (Manner::TooLong, "cannot be used"),
        (Manner::Html, "cannot be used"),
        (Manner::Says("{".to_owned()), "cannot be used"),
    ] {
        provider.say(|script| script.document_manner = manner);
        let page = set(&provider.issuer).await;
        assert!(page.text().contains(said), "{said}: {}", page.text());
    }
    provider.say(|script| {
        script.document_manner = Manner::Usual;
        script.document = json!({"issuer": "https://id.example"});
    });
    let page = set(&provider.issuer).await;
    assert!(page.text().contains("calls itself something else"));
    let door = crate::access::door::Door::of(&test);
    let page = { door }.get("/o/riverside/sign-in").await;
    assert!(!page.body.contains("/sign-in/provider"));
    provider.say(|script| script.document = json!({}));
    assert!(
        set(&provider.issuer)
            .await
            .location()
            .ends_with("done=provider-open")
    );
}

#[tokio::test]
async fn another_issuer_ends_what_began_by_the_one_before() {
    let site = Site::new().await;
    let mut door = site.browser();
    site.come(&mut door).await;
    let on_the_way = site.leave(&mut site.browser()).await;
    assert!(door.is_in(&site.test).await && !on_the_way.is_empty());
    // Another name on the button changes nothing for whoever is in.
    site.set(&[("joins", "1"), ("name", "House ID")]).await;
    assert!(door.is_in(&site.test).await);
    site.set(&[("issuer", "https://id.example")]).await;
    assert!(!door.is_in(&site.test).await);
    let page = site.browser().get("/o/riverside/sign-in").await;
    assert!(!page.body.contains("/sign-in/provider"));
}

#[tokio::test]
async fn a_secret_in_the_form_where_the_provider_wants_it_there() {
    let site = Site::new().await;
    site.provider.say(|script| {
        script.document = json!({"token_endpoint_auth_methods_supported": ["client_secret_post"]});
    });
    site.test.clock.advance_minutes(24 * 60);
    assert_eq!(
        site.come(&mut site.browser()).await.location(),
        "/o/riverside"
    );
}
