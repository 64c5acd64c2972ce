//! Who comes in, as whom, and who does not.

use kept_app::access::{self, MemberError, MemberState, NewMember, Role};
use kept_app::messaging::Notice;
use kept_base::kit::{Email, PersonName};
use kept_base::store::Error;
use serde_json::json;

use super::site::{REFUSED, Site};
use crate::access::door::{code_of, with_factor};
use crate::access::passkeys::{details, notices};
use crate::support::desk::Staffer;

/// The role and state of whoever has that address.
pub async fn standing(site: &Site, email: &str) -> Option<(Role, MemberState, String)> {
    let email = Email::parse(email).expect("an address");
    let find = move |tx: &kept_base::store::Tx<'_>| access::member_by_email(tx, &email);
    let found = site.test.read::<_, Error, _>(site.clinic.id, find).await;
    found.map(|member| (member.role, member.state, member.name.expose().to_owned()))
}

#[tokio::test]
async fn a_member_with_the_address_is_linked_and_told_once() {
    let site = Site::with(&[]).await;
    let email = "toni@riverside.example";
    let toni = Staffer::named(&site.test, &site.clinic, Role::Manager, email).await;
    let mut door = site.browser();
    let page = site
        .come_as(&mut door, "u-1", "TONI@Riverside.example")
        .await;
    assert_eq!(page.location(), "/o/riverside");
    let told = notices(&site.test, &site.clinic, toni.id).await;
    assert_eq!(
        told,
        [Notice::IdentityLinked.code(), Notice::NewBrowser.code()]
    );
    assert_eq!(
        details(&site.test, site.clinic.id, "identity.linked")
            .await
            .len(),
        1
    );
    // From now on the subject counts, whatever address the provider says, vouched for or not.
    site.provider.say(|script| {
        script.claims = json!({"email": "moved@elsewhere.example", "email_verified": false});
    });
    let mut again = site.browser();
    assert_eq!(site.come(&mut again).await.location(), "/o/riverside");
    assert!(
        again
            .staffer(&site.test)
            .get("/account")
            .await
            .text()
            .contains(email)
    );
    let (role, ..) = standing(&site, email).await.expect("a member");
    assert_eq!(role, Role::Manager, "the provider gives members no role");
}

#[tokio::test]
async fn somebody_unknown_becomes_a_member_with_the_role_that_is_theirs() {
    let map = "kept desk = front_desk\nkept-admins = admin";
    let more = [
        ("joins", "1"),
        ("role_claim", "realm.roles"),
        ("role_map", map),
    ];
    let site = Site::with(&more).await;
    for (sub, roles, role) in [
        ("ama", json!(["x", "kept-admins"]), Role::Admin),
        ("bo", json!("kept desk"), Role::FrontDesk),
        ("cleo", json!(["owner"]), Role::Staff),
    ] {
        let email = format!("{sub}@riverside.example");
        site.provider.say(|script| {
            script.claims = json!({"sub": sub, "email": email, "realm": {"roles": roles},
                "name": null, "given_name": "Ama", "family_name": "Okafor"});
        });
        let mut door = site.browser();
        let page = site.come(&mut door).await;
        assert!(page.location().starts_with("/o/riverside"), "{sub}");
        assert!(door.is_in(&site.test).await);
        let found = standing(&site, &email).await.expect("a member");
        assert_eq!(found, (role, MemberState::Active, "Ama Okafor".to_owned()));
        let id = door.staffer(&site.test);
        let id = id.member_id(&site.test, &site.clinic, &email).await;
        assert!(notices(&site.test, &site.clinic, id).await.is_empty());
    }
    // Where a name is none, the address has one.
    site.provider.say(|script| {
        script.claims = json!({"sub": "d", "email": "dana@riverside.example",
            "name": "see https://evil.example"});
    });
    site.come(&mut site.browser()).await;
    let (_, _, name) = standing(&site, "dana@riverside.example")
        .await
        .expect("a member");
    assert_eq!(name, "dana");
}

#[tokio::test]
async fn nobody_becomes_a_member_where_nobody_is_to() {
    let site = Site::with(&[]).await;
    assert_eq!(site.come(&mut site.browser()).await.location(), REFUSED);
    assert_eq!(site.refusals().await, ["provider unknown"]);
    site.set(&[("joins", "1"), ("default_role", "")]).await;
    assert_eq!(site.come(&mut site.browser()).await.location(), REFUSED);
    assert_eq!(site.refusals().await, ["provider unknown", "provider role"]);
    assert_eq!(standing(&site, "toni@riverside.example").await, None);
}

#[tokio::test]
async fn the_provider_makes_nobody_an_owner() {
    let site = Site::new().await;
    // Whoever runs the provider says they are the owner.
    let page = site
        .come_as(&mut site.browser(), "u-1", "owner@riverside.example")
        .await;
    assert_eq!(page.location(), REFUSED);
    assert_eq!(site.refusals().await, ["provider owner"]);
    let told = notices(&site.test, &site.clinic, site.owner.id).await;
    assert!(told.is_empty());
}

#[tokio::test]
async fn an_address_that_somebody_else_got_brings_nothing_along() {
    let site = Site::new().await;
    let email = "toni@riverside.example";
    site.come_as(&mut site.browser(), "u-1", email).await;
    let page = site.come_as(&mut site.browser(), "u-2", email).await;
    assert_eq!(page.location(), REFUSED);
    assert_eq!(site.refusals().await, ["provider other_account"]);
}

#[tokio::test]
async fn whoever_was_let_go_stays_out() {
    let site = Site::new().await;
    let email = "toni@riverside.example";
    let mut door = site.browser();
    site.come_as(&mut door, "u-1", email).await;
    let id = door.staffer(&site.test);
    let id = id.member_id(&site.test, &site.clinic, email).await;
    let change = [("state", "suspended"), ("role", "staff")];
    let saved = site.owner.post(&format!("/members/{id}"), &change).await;
    assert!(saved.location().contains("done=saved"), "{}", saved.text());
    assert!(!door.is_in(&site.test).await);
    for sub in ["u-1", "u-2"] {
        let page = site.come_as(&mut site.browser(), sub, email).await;
        assert_eq!(page.location(), REFUSED, "{sub}");
    }
    assert_eq!(site.refusals().await, ["provider not_active"; 2]);
    // Removed, they and their link are gone: only the rules for people who are no members count.
    let removed = site
        .owner
        .post(&format!("/members/{id}/removal"), &[])
        .await;
    assert!(removed.location().contains("done="));
    site.set(&[]).await;
    let page = site.come_as(&mut site.browser(), "u-1", email).await;
    assert_eq!(page.location(), REFUSED);
    assert_eq!(
        site.refusals().await.last().map(String::as_str),
        Some("provider unknown")
    );
}

#[tokio::test]
async fn whoever_was_invited_joins_and_their_link_is_dead() {
    let site = Site::with(&[]).await;
    let new = NewMember {
        name: PersonName::parse("Toni Vale").expect("a name"),
        email: Email::parse("toni@riverside.example").expect("an address"),
        role: Role::FrontDesk,
        staff: None,
        locale: "en".to_owned(),
    };
    let link = site.test.write(site.clinic.id, move |tx| {
        let id = access::add_member(tx, &new)?;
        Ok::<_, MemberError>(access::issue_link(tx, access::LinkPurpose::Join, Some(id))?)
    });
    let link = format!("/o/riverside/join/{}", link.await.expose());
    let mut door = site.browser();
    assert_eq!(site.come(&mut door).await.location(), "/o/riverside");
    let found = standing(&site, "toni@riverside.example").await;
    assert_eq!(found.map(|found| found.1), Some(MemberState::Active));
    assert_eq!(site.browser().get(&link).await.status.as_u16(), 404);
}

#[tokio::test]
async fn a_second_factor_is_asked_for_unless_the_provider_did() {
    let site = Site::with(&[]).await;
    let (member, secret) = with_factor(&site.test, &site.clinic, Role::Staff).await;
    let mut door = site.browser();
    let page = site
        .come_as(&mut door, "u-1", "staff@riverside.example")
        .await;
    assert_eq!(page.location(), "/o/riverside/sign-in/code");
    assert!(!door.is_in(&site.test).await);
    site.test.clock.advance_minutes(1);
    let code = code_of(&site.test, &secret);
    let page = door
        .post("/o/riverside/sign-in/code", &[("code", &code)])
        .await;
    assert_eq!(page.location(), "/o/riverside");
    assert!(door.is_in(&site.test).await);
    let _ = member;
    site.provider.say(|script| {
        script.claims = json!({"sub": "u-1", "amr": ["pwd", "otp"]});
    });
    let mut other = site.browser();
    assert_eq!(site.come(&mut other).await.location(), "/o/riverside");
    let all = details(&site.test, site.clinic.id, "session.started").await;
    let by: Vec<_> = all
        .iter()
        .rev()
        .filter_map(|one| one.split(' ').nth(1))
        .collect();
    assert_eq!(by[..2], ["provider+factor", "provider+code"]);
}

#[tokio::test]
async fn a_role_that_needs_two_factors_gets_them_from_the_provider_or_here() {
    let site = Site::new().await;
    let rules = [
        ("factor_role", "staff"),
        ("idle_minutes", "1440"),
        ("session_hours", "336"),
        ("password_days", ""),
    ];
    site.owner.post("/settings/sign-in", &rules).await;
    let mut weak = site.browser();
    let page = site.come(&mut weak).await;
    assert_eq!(page.location(), "/o/riverside/sign-in/factor");
    site.provider
        .say(|script| script.claims = json!({"amr": ["mfa"]}));
    let mut strong = site.browser();
    assert_eq!(site.come(&mut strong).await.location(), "/o/riverside");
    assert!(strong.is_in(&site.test).await);
}

#[tokio::test]
async fn the_way_leads_on_to_where_somebody_wanted() {
    let site = Site::new().await;
    for (next, location) in [
        (
            "/o/riverside/calendar?day=2026-11-24",
            "/o/riverside/calendar?day=2026-11-24",
        ),
        ("https://evil.example/", "/o/riverside"),
        ("/o/northgate/calendar", "/o/riverside"),
        ("//evil.example", "/o/riverside"),
    ] {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("next", next);
        let mut door = site.browser();
        let url = format!("/o/riverside/sign-in?{}", query.finish());
        let page = door.get(&url).await;
        let action = page
            .attribute("sign-in/provider", "action")
            .expect("a form");
        let page = door.post(&action, &[]).await;
        let sent = site.signed_in_there(&page);
        assert_eq!(site.back(&mut door, &sent).await.location(), location);
    }
}

#[tokio::test]
async fn an_id_token_that_says_little_is_added_to() {
    let site = Site::new().await;
    let silent = json!({"email": null, "email_verified": null, "name": null});
    let offered = json!({"userinfo_endpoint": format!("{}/me", site.provider.issuer)});
    site.provider.say(|script| {
        script.claims = silent;
        script.document = offered;
        script.more = json!({"sub": "u-2", "email": "toni@riverside.example",
            "email_verified": true, "name": "Toni Vale"});
    });
    site.test.clock.advance_minutes(24 * 60);
    // It is about somebody else.
    assert_eq!(site.come(&mut site.browser()).await.location(), REFUSED);
    site.provider
        .say(|script| script.more["sub"] = json!("u-1"));
    site.provider
        .say(|script| script.more["email_verified"] = json!(false));
    assert_eq!(site.come(&mut site.browser()).await.location(), REFUSED);
    assert_eq!(
        site.refusals().await,
        ["provider sub", "provider email_verified"]
    );
    site.provider
        .say(|script| script.more["email_verified"] = json!(true));
    assert_eq!(
        site.come(&mut site.browser()).await.location(),
        "/o/riverside"
    );
    let (_, _, name) = standing(&site, "toni@riverside.example")
        .await
        .expect("a member");
    assert_eq!(name, "Toni Vale");
}
