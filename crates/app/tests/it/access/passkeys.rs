//! Passkeys at the door and as a proof.

use axum::http::{StatusCode, header};
use kept_app::access::{self, CHALLENGE_MINUTES, Role};
use kept_app::ids::MemberId;
use kept_app::messaging::Notice;
use kept_base::kit::OrganizationId;
use kept_base::params;

use super::door::{Door, turn_on};
use crate::support::authenticator::{
    Authenticator, IS_COPIED, MAY_BE_COPIED, add_passkey, fields, options,
};
use crate::support::desk::{PASSWORD, Staffer};
use crate::support::visitor::{Page, Visitor};
use crate::support::{Clinic, TestApp};

pub const BEGIN: &str = "/o/riverside/sign-in/passkey/begin";
pub const SEND: &str = "/o/riverside/sign-in/passkey";

/// Signs in with a device, as the page's script would.
pub async fn sign_in(door: &mut Door, device: &Authenticator) -> Page {
    let asked = options(&door.post(BEGIN, &[]).await);
    let form = device.sign(&asked, |_| {});
    door.post(SEND, &fields(&form)).await
}

/// The kinds of notices that wait for a member.
pub async fn notices(test: &TestApp, clinic: &Clinic, member: MemberId) -> Vec<String> {
    test.read(clinic.id, move |tx| {
        tx.query(
            "select kind from notice where member_id = $1 order by kind",
            params![member],
            |row| row.get(0),
        )
    })
    .await
}

pub async fn details(
    test: &TestApp,
    organization: OrganizationId,
    act: &'static str,
) -> Vec<String> {
    test.read(organization, move |tx| {
        tx.query(
            "select detail from act where act = $1 order by sequence",
            params![act],
            |row| row.get(0),
        )
    })
    .await
}

async fn need_factor(owner: &Staffer, role: &str) -> Page {
    let rules = [
        ("factor_role", role),
        ("idle_minutes", "1440"),
        ("session_hours", "336"),
        ("password_days", ""),
    ];
    owner.post("/settings/sign-in", &rules).await
}

#[tokio::test]
async fn a_passkey_signs_in_alone_and_nothing_is_set_before_it_is_asked_for() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let device = add_passkey(&member, 1).await;
    assert_eq!(
        notices(&test, &clinic, member.id).await,
        [Notice::PasskeyAdded.code()]
    );
    // Not the address, and nothing else that names somebody.
    assert_eq!(device.user_handle.len(), access::USER_HANDLE_BYTES);

    let page = Visitor::of(&test).get("/o/riverside/sign-in").await;
    assert!(page.headers.get(header::SET_COOKIE).is_none());
    assert!(page.body.contains("autocomplete=\"username webauthn\""));
    assert!(
        page.body
            .contains("data-ask=\"/o/riverside/sign-in/passkey/begin\"")
    );

    let mut door = Door::of(&test);
    let asked = door.post(BEGIN, &[]).await;
    let cookie = asked.header("set-cookie").expect("a cookie").to_owned();
    assert!(cookie.starts_with("__Host-kept-passkey.riverside="));
    assert!(cookie.ends_with("; Path=/; Max-Age=300; Secure; HttpOnly; SameSite=Lax"));
    assert_eq!(asked.header("cache-control"), Some("no-store"));
    let form = device.sign(&options(&asked), |_| {});
    let page = door.post(SEND, &fields(&form)).await;
    assert_eq!(page.location(), "/o/riverside");
    assert!(door.is_in(&test).await);
    let gone = page.headers.get_all(header::SET_COOKIE).iter();
    let gone = gone.filter(|cookie| {
        let text = cookie.to_str().expect("text");
        text.starts_with("__Host-kept-passkey.riverside=;") && text.contains("Max-Age=0;")
    });
    assert_eq!(gone.count(), 1);

    let list = member.get("/account/passkeys").await;
    insta::assert_snapshot!(list.text());
}

#[tokio::test]
async fn a_passkey_is_both_factors() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let with_codes = Staffer::of(&test, &clinic, Role::FrontDesk).await;
    let (device, other) = (
        add_passkey(&member, 1).await,
        add_passkey(&with_codes, 2).await,
    );
    let own = add_passkey(&owner, 3).await;
    turn_on(&test, &with_codes).await;
    // Whoever signed in by password alone would be out; by a passkey they stay.
    let page = need_factor(&owner, "owner").await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    let mut door = Door::of(&test);
    sign_in(&mut door, &own).await;
    assert!(
        need_factor(&door.staffer(&test), "staff")
            .await
            .location()
            .contains("done=saved")
    );
    assert_eq!(member.get("/account").await.status, StatusCode::SEE_OTHER);

    let mut door = Door::of(&test);
    assert_eq!(sign_in(&mut door, &device).await.location(), "/o/riverside");
    assert!(door.is_in(&test).await);
    let mut door = Door::of(&test);
    sign_in(&mut door, &other).await;
    assert!(door.is_in(&test).await, "no code is asked for");

    // A known password sets up no factor of a stranger's where there is a passkey.
    let mut door = Door::of(&test);
    let page = door.sign_in("staff@riverside.example").await;
    assert_eq!(page.location(), SEND);
    assert!(!door.is_in(&test).await);
    assert!(door.get(SEND).await.text().contains("Your role needs more"));
    for path in [
        "/o/riverside/sign-in/factor",
        "/o/riverside/sign-in/password",
    ] {
        assert!(door.get(path).await.location().contains("sign-in-over"));
    }
    sign_in(&mut door, &device).await;
    assert!(door.is_in(&test).await && door.pending().is_none());
}

#[tokio::test]
async fn a_password_that_must_be_changed_is_changed_after_a_passkey_too() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let device = add_passkey(&member, 1).await;
    assert!(
        need_factor(&owner, "staff")
            .await
            .location()
            .contains("done=saved")
    );
    let path = format!("/members/{}/password", member.id);
    assert!(
        owner
            .post(&path, &[])
            .await
            .location()
            .contains("password-expired")
    );
    assert_eq!(
        notices(&test, &clinic, member.id).await,
        [Notice::PasskeyAdded.code(), Notice::PasswordAsked.code()]
    );
    let mut door = Door::of(&test);
    let page = sign_in(&mut door, &device).await;
    assert_eq!(page.location(), "/o/riverside/sign-in/password");
    let new = [("password", "violet harbour ladder")];
    let page = door.post("/o/riverside/sign-in/password", &new).await;
    assert_eq!(page.location(), "/o/riverside");
    assert!(
        door.is_in(&test).await,
        "the passkey is not asked for again"
    );
}

#[tokio::test]
async fn a_passkey_is_a_proof_of_whoever_has_it() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let other = Staffer::of(&test, &clinic, Role::Admin).await;
    let (device, foreign) = (add_passkey(&member, 1).await, add_passkey(&other, 2).await);
    test.clock.advance_minutes(20);
    let asks = member.get("/account/passkeys").await.location();
    assert!(asks.starts_with("/o/riverside/account/proof"), "{asks}");
    assert!(
        member
            .get(&asks)
            .await
            .body
            .contains("data-ask=\"/o/riverside/account/proof/passkey/begin\"")
    );
    let begin = || member.post("/account/proof/passkey/begin", &[]);
    let send = "/account/proof/passkey?next=%2Fo%2Friverside%2Faccount%2Fpasskeys";

    let asked = options(&begin().await);
    assert_eq!(asked["credentials"].as_array().map(Vec::len), Some(1));
    let form = foreign.sign(&asked, |_| {});
    let page = member.post(send, &fields(&form)).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    // What was asked for at the door or to make a passkey is no proof.
    let at_door = options(&Door::of(&test).post(BEGIN, &[]).await);
    let form = device.sign(&at_door, |_| {});
    assert_eq!(
        member.post(send, &fields(&form)).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );

    let asked = options(&begin().await);
    let form = device.sign(&asked, |_| {});
    let page = member.post(send, &fields(&form)).await;
    assert_eq!(page.location(), "/o/riverside/account/passkeys");
    assert_eq!(member.get("/account/passkeys").await.status, StatusCode::OK);
    let again = member.post(send, &fields(&form)).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_count_that_goes_back_is_told_and_locks_nobody_out() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let mut device = add_passkey(&member, 1).await;
    for (count, is_told) in [
        (0, false),
        (7, false),
        (8, false),
        (8, true),
        (3, true),
        (4, false),
        (0, true),
    ] {
        device.count = count;
        let before = details(&test, clinic.id, "passkey.count_went_back")
            .await
            .len();
        let mut door = Door::of(&test);
        sign_in(&mut door, &device).await;
        assert!(door.is_in(&test).await, "{count}");
        let after = details(&test, clinic.id, "passkey.count_went_back")
            .await
            .len();
        assert_eq!(after > before, is_told, "{count}");
    }
    let told = notices(&test, &clinic, member.id).await;
    assert!(
        told.contains(&Notice::PasskeyCount.code().to_owned()),
        "{told:?}"
    );
}

#[tokio::test]
async fn what_a_passkey_says_of_copies_is_kept() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let mut device = Authenticator::new(1);
    let asked = options(&member.post("/account/passkeys/begin", &[]).await);
    let form = device.make(&asked, |says| says.flags |= MAY_BE_COPIED);
    let mut sent = fields(&form);
    sent.push(("name", "Manager"));
    member.post("/account/passkeys", &sent).await;
    assert!(
        member
            .get("/account/passkeys")
            .await
            .text()
            .contains("on several devices")
    );
    let flags = || {
        test.read(clinic.id, |tx| {
            let sql = "select may_be_copied, is_copied from passkey";
            tx.query_opt(sql, &[], |row| {
                Ok((row.get::<bool>(0)?, row.get::<bool>(1)?))
            })
        })
    };
    assert_eq!(flags().await, Some((true, false)));
    let mut door = Door::of(&test);
    let asked = options(&door.post(BEGIN, &[]).await);
    let form = device.sign(&asked, |says| says.flags |= MAY_BE_COPIED | IS_COPIED);
    door.post(SEND, &fields(&form)).await;
    assert!(door.is_in(&test).await);
    assert_eq!(flags().await, Some((true, true)));
}

#[tokio::test]
async fn challenges_that_nobody_answers_go() {
    let (test, clinic) = TestApp::with_clinic().await;
    for _ in 0..3 {
        Door::of(&test).post(BEGIN, &[]).await;
    }
    test.clock.advance_minutes(CHALLENGE_MINUTES);
    test.write(clinic.id, access::remove_expired).await;
    let left = test.read(clinic.id, |tx| {
        tx.query_opt("select count(*) from passkey_challenge", &[], |row| {
            row.get::<i64>(0)
        })
    });
    assert_eq!(left.await, Some(0));
    // A password works as ever beside all of this.
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    add_passkey(&member, 1).await;
    let mut door = Door::of(&test);
    let page = door
        .post(
            "/o/riverside/sign-in",
            &[("email", "staff@riverside.example"), ("password", PASSWORD)],
        )
        .await;
    assert_eq!(page.location(), "/o/riverside");
}
