//! Where members come in by the provider alone, and owners are never locked out.

use kept_app::access::{self, LinkPurpose, Role};
use kept_app::messaging::Notice;
use serde_json::json;

use super::site::{ORDERS, Site};
use crate::access::door::Door;
use crate::access::passkeys::{details, notices, sign_in};
use crate::support::authenticator::add_passkey;
use crate::support::desk::{PASSWORD, Staffer};

const ONLY: &[(&str, &str)] = &[("joins", "1"), ("only_way", "1")];

#[tokio::test]
async fn passwords_passkeys_and_links_are_owners_alone() {
    let site = Site::new().await;
    let staff = Staffer::of(&site.test, &site.clinic, Role::Staff).await;
    let device = add_passkey(&staff, 1).await;
    assert!(staff.get("/account").await.status.is_success());
    site.set(ONLY).await;
    // Whoever came in beside the provider is out, and stays out.
    assert!(staff.get("/account").await.location().contains("/sign-in"));
    assert!(site.owner.get("/account").await.status.is_success());
    let refused = "/o/riverside/sign-in?done=provider-only";
    let mut door = Door::of(&site.test);
    let page = door.sign_in("staff@riverside.example").await;
    assert_eq!(page.location(), refused);
    let page = sign_in(&mut door, &device).await;
    assert_eq!(page.location(), refused);
    let id = staff.id;
    let link = site
        .test
        .write(site.clinic.id, move |tx| {
            access::issue_link(tx, LinkPurpose::Reset, Some(id))
        })
        .await;
    let path = format!("/o/riverside/reset/{}", link.expose());
    let page = door.post(&path, &[("password", PASSWORD)]).await;
    assert_eq!(page.location(), refused);
    assert!(!door.is_in(&site.test).await);
    assert_eq!(site.refusals().await, ["provider_only"; 3]);
    // By the provider they come in.
    let page = site
        .come_as(&mut door, "u-1", "staff@riverside.example")
        .await;
    assert_eq!(page.location(), "/o/riverside");
    assert!(door.is_in(&site.test).await);
}

#[tokio::test]
async fn owners_always_have_their_password_and_all_of_them_hear_of_it() {
    let site = Site::with(ONLY).await;
    let email = "second@riverside.example";
    let second = Staffer::named(&site.test, &site.clinic, Role::Owner, email).await;
    let mut door = Door::of(&site.test);
    let page = door.sign_in("owner@riverside.example").await;
    assert_eq!(page.location(), "/o/riverside");
    for owner in [site.owner.id, second.id] {
        let told = notices(&site.test, &site.clinic, owner).await;
        assert!(told.contains(&Notice::OwnerPassword.code().to_owned()));
    }
    let acts = details(&site.test, site.clinic.id, "password.used_by_owner").await;
    assert_eq!(acts.len(), 1);
    // An owner who becomes somebody else is out with that.
    let change = [("state", "active"), ("role", "staff")];
    let path = format!("/members/{}", second.id);
    let saved = site.owner.post(&path, &change).await;
    assert!(saved.location().contains("done=saved"), "{}", saved.text());
    assert!(second.get("/account").await.location().contains("/sign-in"));
    // Without the provider everybody comes in as before.
    site.owner.prove(&site.test, &site.clinic).await;
    let removed = site.owner.post("/settings/provider/removal", &[]).await;
    assert!(removed.location().contains("done=provider-removed"));
    let mut door = Door::of(&site.test);
    assert_eq!(door.sign_in(email).await.location(), "/o/riverside");
}

#[tokio::test]
async fn a_removal_is_taken_back_without_the_secret_and_shut_until_it_was_tried() {
    let site = Site::with(ONLY).await;
    let before = site.owner.get("/settings/provider").await.text();
    let remove = async || {
        let page = site.owner.post("/settings/provider/removal", &[]).await;
        let location = page.location();
        let (_, id) = location.split_once("undo=").expect("an offer");
        format!("/undo/{id}")
    };
    let undo = remove().await;
    let back = [("back", "/o/riverside/settings/provider")];
    site.test.clock.advance_minutes(16);
    let proof = site.owner.post(&undo, &back).await;
    assert!(
        proof.location().contains("/account/proof"),
        "as its removal"
    );
    site.owner.prove(&site.test, &site.clinic).await;
    let undone = site.owner.post(&undo, &back).await;
    assert_eq!(
        undone.location(),
        "/o/riverside/settings/provider?done=undone"
    );
    let after = site.owner.get("/settings/provider").await.text();
    assert_ne!(after, before, "it is not open");
    for what in [site.provider.issuer.as_str(), "riverside.example"] {
        assert!(after.contains(what), "{after}");
    }
    let page = Door::of(&site.test).get("/o/riverside/sign-in").await;
    assert!(!page.body.contains("/sign-in/provider"));
    let tried = site.owner.post("/settings/provider/trial", &[]).await;
    assert!(
        tried.location().ends_with("done=unchanged"),
        "without the secret it does not open"
    );
    // With the secret it is as it was.
    site.set(ONLY).await;
    let tried = site.owner.post("/settings/provider/trial", &[]).await;
    assert!(tried.location().ends_with("done=provider-open"));
    assert_eq!(site.owner.get("/settings/provider").await.text(), before);
    // Another one since stays.
    let undo = remove().await;
    site.set(&[]).await;
    let late = site.owner.post(&undo, &back).await;
    assert!(late.location().ends_with("done=undo-in-the-way"));
}

#[tokio::test]
async fn a_provider_that_was_never_reached_shuts_nobody_out() {
    let site = Site::with(ONLY).await;
    let staff = Staffer::of(&site.test, &site.clinic, Role::Staff).await;
    let other = [("only_way", "1"), ("issuer", "http://127.0.0.1:1")];
    site.set(&other).await;
    assert!(staff.get("/account").await.status.is_success());
    let mut door = Door::of(&site.test);
    let page = door.sign_in("staff@riverside.example").await;
    assert_eq!(page.location(), "/o/riverside");
    let page = Door::of(&site.test).get("/o/riverside/sign-in").await;
    assert!(!page.body.contains("/sign-in/provider"));
}

#[tokio::test]
async fn a_passkey_as_the_second_step_is_still_by_the_provider() {
    let site = Site::new().await;
    let staff = Staffer::of(&site.test, &site.clinic, Role::Staff).await;
    let device = add_passkey(&staff, 1).await;
    let rules = [
        ("factor_role", "staff"),
        ("idle_minutes", "1440"),
        ("session_hours", "336"),
        ("password_days", ""),
    ];
    site.owner.post("/settings/sign-in", &rules).await;
    site.set(ONLY).await;
    let mut door = Door::of(&site.test);
    let page = site
        .come_as(&mut door, "u-1", "staff@riverside.example")
        .await;
    assert_eq!(page.location(), "/o/riverside/sign-in/passkey");
    let page = sign_in(&mut door, &device).await;
    assert_eq!(page.location(), "/o/riverside");
    assert!(door.is_in(&site.test).await);
    // And so an order of the provider ends it.
    let order = site.provider.order(&json!({}));
    let page = Door::of(&site.test)
        .post(ORDERS, &[("logout_token", &order)])
        .await;
    assert!(page.status.is_success());
    assert!(!door.is_in(&site.test).await);
}
