//! A member's own account at the provider: linked from within, and used as a proof.

use axum::http::StatusCode;
use kept_app::access::{PROOF_MINUTES, Role};
use kept_app::messaging::Notice;
use kept_base::kit::Clock as _;
use serde_json::json;

use super::site::{BEGIN, REFUSED, Site, leads_to};
use crate::access::door::Door;
use crate::access::passkeys::notices;
use crate::support::desk::Staffer;

/// The owner's own browser.
async fn owner(site: &Site) -> Door {
    let mut door = site.browser();
    let page = door.sign_in("owner@riverside.example").await;
    assert_eq!(page.location(), "/o/riverside");
    door
}

#[tokio::test]
async fn an_owner_links_their_account_from_within() {
    let site = Site::new().await;
    let mut door = owner(&site).await;
    let account = door.get("/o/riverside/account").await;
    assert!(account.text().contains("is not linked"));
    let page = door.post("/o/riverside/account/provider", &[]).await;
    // Whose account it is has to be seen there: the browser may remember a colleague's.
    let url = leads_to(&page);
    assert!(url.contains("&prompt=login") && !url.contains("max_age"));
    let sent = site.signed_in_there(&page);
    // Whatever address the account there has.
    site.provider
        .say(|script| script.claims = json!({"email": "boss@elsewhere.example"}));
    let linked = site.back(&mut door, &sent).await;
    assert_eq!(
        linked.location(),
        "/o/riverside/account?done=provider-linked"
    );
    let told = notices(&site.test, &site.clinic, site.owner.id).await;
    assert!(told.contains(&Notice::IdentityLinked.code().to_owned()));
    let mut other = site.browser();
    assert_eq!(site.come(&mut other).await.location(), "/o/riverside");
    assert!(
        other
            .staffer(&site.test)
            .get("/settings")
            .await
            .status
            .is_success()
    );
    // And takes it off again: what began by it ends.
    let off = door
        .post("/o/riverside/account/provider/removal", &[])
        .await;
    assert_eq!(
        off.location(),
        "/o/riverside/account?done=provider-unlinked"
    );
    assert!(door.is_in(&site.test).await && !other.is_in(&site.test).await);
    assert_eq!(site.come(&mut site.browser()).await.location(), REFUSED);
}

/// What was theirs from elsewhere would stay theirs when the organization takes its own away.
#[tokio::test]
async fn whoever_is_no_owner_links_an_address_of_the_organization() {
    let site = Site::new().await;
    Staffer::of(&site.test, &site.clinic, Role::Staff).await;
    let mut door = site.browser();
    door.sign_in("staff@riverside.example").await;
    let mut link = async |claims| {
        let page = door.post("/o/riverside/account/provider", &[]).await;
        let sent = site.signed_in_there(&page);
        site.provider.say(|script| script.claims = claims);
        site.back(&mut door, &sent).await.location()
    };
    for claims in [
        json!({"email": "robin@elsewhere.example"}),
        json!({"email": "staff@riverside.example", "email_verified": false}),
    ] {
        let refused = link(claims).await;
        assert_eq!(refused, "/o/riverside/account?done=provider-refused");
    }
    let why = ["provider domain", "provider email_verified"];
    assert_eq!(site.refusals().await, why);
    let linked = link(json!({"email": "robin@riverside.example"})).await;
    assert_eq!(linked, "/o/riverside/account?done=provider-linked");
}

#[tokio::test]
async fn whoever_has_another_account_there_is_unlinked_and_linked_again() {
    let site = Site::new().await;
    let staff = Staffer::of(&site.test, &site.clinic, Role::Staff).await;
    let address = "staff@riverside.example";
    let mut door = site.browser();
    site.come_as(&mut door, "u-1", address).await;
    assert!(door.is_in(&site.test).await);
    let again = site.come_as(&mut site.browser(), "u-2", address).await;
    assert_eq!(again.location(), REFUSED);
    let path = format!("/members/{}", staff.id);
    let unlink = format!("{path}/provider-removal");
    assert!(site.owner.get(&path).await.body.contains(&unlink));
    // Not by whoever manages nobody, and an owner's not by an admin.
    let page = staff.post(&unlink, &[]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let admin = Staffer::of(&site.test, &site.clinic, Role::Admin).await;
    let owners = format!("/members/{}/provider-removal", site.owner.id);
    let page = admin.post(&owners, &[]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let page = admin.post(&unlink, &[]).await;
    assert_eq!(page.location(), "/o/riverside/members?done=member-unlinked");
    assert!(!door.is_in(&site.test).await);
    let again = site.come_as(&mut site.browser(), "u-2", address).await;
    assert_eq!(again.location(), "/o/riverside");
    let own = format!("/members/{}/provider-removal", admin.id);
    let page = admin.post(&own, &[]).await;
    assert!(page.location().ends_with("done=unchanged"));
}

#[tokio::test]
async fn a_link_is_for_whoever_asked_for_it() {
    let site = Site::new().await;
    let now = site.test.clock.now().as_second();
    site.provider
        .say(|script| script.claims = json!({"auth_time": now}));
    // Signed out on the way.
    let mut door = owner(&site).await;
    let sent = site.signed_in_there(&door.post("/o/riverside/account/provider", &[]).await);
    door.sign_out();
    let page = site.back(&mut door, &sent).await;
    assert_eq!(
        page.location(),
        "/o/riverside/account?done=provider-refused"
    );
    // Another session of the same browser.
    let mut door = owner(&site).await;
    let sent = site.signed_in_there(&door.post("/o/riverside/account/provider", &[]).await);
    door.sign_out();
    door.sign_in("owner@riverside.example").await;
    site.back(&mut door, &sent).await;
    assert_eq!(site.refusals().await, ["provider session"; 2]);
    // An account that is another member's already.
    site.come(&mut site.browser()).await;
    let mut door = owner(&site).await;
    let sent = site.signed_in_there(&door.post("/o/riverside/account/provider", &[]).await);
    site.back(&mut door, &sent).await;
    assert_eq!(site.refusals().await[2..], ["provider taken"]);
}

#[tokio::test]
async fn the_provider_proves_who_is_at_the_screen() {
    let site = Site::new().await;
    let mut door = site.browser();
    assert_eq!(site.come(&mut door).await.location(), "/o/riverside");
    // Whom the provider only remembered has proved nothing yet.
    let asks = door.post("/o/riverside/account/factor/begin", &[]).await;
    let proof = asks.location();
    assert!(
        proof.starts_with("/o/riverside/account/proof?next="),
        "{proof}"
    );
    let page = door.get(&proof).await;
    let action = page.attribute("proof/provider", "action").expect("a form");
    let page = door.post(&action, &[]).await;
    assert!(leads_to(&page).contains("&prompt=login&max_age=0"));
    let sent = site.signed_in_there(&page);
    let before = site.test.clock.now().as_second() - 120;
    site.provider
        .say(|script| script.claims = json!({"auth_time": before}));
    let refused = site.back(&mut door, &sent).await.location();
    assert!(refused.starts_with("/o/riverside/account/proof?done=provider-refused&next="));
    // Somebody else's account is no proof.
    let now = site.test.clock.now().as_second();
    site.provider
        .say(|script| script.claims = json!({"auth_time": now, "sub": "u-2"}));
    let sent = site.signed_in_there(&door.post(&action, &[]).await);
    site.back(&mut door, &sent).await;
    assert_eq!(
        site.refusals().await,
        ["provider auth_time", "provider taken"]
    );
    site.provider
        .say(|script| script.claims = json!({"auth_time": now}));
    let sent = site.signed_in_there(&door.post(&action, &[]).await);
    let page = site.back(&mut door, &sent).await;
    assert_eq!(page.location(), "/o/riverside/account/factor");
    let begun = door.post("/o/riverside/account/factor/begin", &[]).await;
    assert_eq!(begun.location(), "/o/riverside/account/factor");
    // A sign-in that was fresh is a proof for as long as a password would be.
    let mut fresh = site.browser();
    site.come(&mut fresh).await;
    let page = fresh.post("/o/riverside/account/factor/begin", &[]).await;
    assert_eq!(page.location(), "/o/riverside/account/factor");
    site.test.clock.advance_minutes(PROOF_MINUTES);
    let page = fresh.post("/o/riverside/account/factor/begin", &[]).await;
    assert!(page.location().starts_with("/o/riverside/account/proof"));
}

#[tokio::test]
async fn without_a_provider_there_is_nothing_to_link() {
    let (test, clinic) = crate::support::TestApp::with_clinic().await;
    let staff = Staffer::of(&test, &clinic, Role::Staff).await;
    let account = staff.get("/account").await;
    assert!(!account.body.contains("/account/provider"));
    for path in ["/account/provider", "/account/proof/provider"] {
        let page = staff.post(path, &[]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
    let page = Door::of(&test).post(BEGIN, &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("did not work"));
    assert_eq!(page.header("set-cookie"), None);
}
