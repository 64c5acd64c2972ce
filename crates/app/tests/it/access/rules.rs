//! How members sign in, as their organization wants it: who needs a factor, how long sessions and
//! passwords last; and what asks for a proof.

use axum::http::StatusCode;
use kept_app::access::Role;

use super::door::{Door, code_of, codes_of, secret_on, turn_on};
use crate::support::TestApp;
use crate::support::desk::{PASSWORD, Staffer};

const RULES: &str = "/settings/sign-in";

fn rules<'a>(
    role: &'a str,
    idle: &'a str,
    hours: &'a str,
    days: &'a str,
) -> [(&'a str, &'a str); 4] {
    [
        ("factor_role", role),
        ("idle_minutes", idle),
        ("session_hours", hours),
        ("password_days", days),
    ]
}

#[tokio::test]
async fn a_role_that_needs_a_factor_sets_one_up_before_anything_opens() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let staff = Staffer::of(&test, &clinic, Role::Staff).await;
    let page = owner.post(RULES, &rules("staff", "1440", "336", "")).await;
    assert!(page.location().contains("done=saved"));
    // At once, also for whoever is in.
    let page = staff.get("/account").await;
    assert!(page.location().starts_with("/o/riverside/sign-in?"));

    let mut door = Door::of(&test);
    let page = door.sign_in("staff@riverside.example").await;
    assert_eq!(page.location(), "/o/riverside/sign-in/factor");
    assert!(!door.is_in(&test).await);
    let setting_up = "/o/riverside/sign-in/factor";
    assert!(!door.get(setting_up).await.body.contains("typed-off"));
    door.post("/o/riverside/sign-in/factor/begin", &[]).await;
    let secret = secret_on(&door.get(setting_up).await);
    let page = door.post(setting_up, &[("code", "1")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!door.is_in(&test).await);
    let code = code_of(&test, &secret);
    let page = door.post(setting_up, &[("code", &code)]).await;
    assert_eq!(codes_of(&page).len(), 10);
    assert!(door.is_in(&test).await && door.pending().is_none());

    test.clock.advance_minutes(1);
    let mut again = Door::of(&test);
    assert_eq!(
        again.sign_in("staff@riverside.example").await.location(),
        "/o/riverside/sign-in/code"
    );
    // Whoever comes by the role later needs one as well.
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    let path = format!("/members/{}", admin.id);
    assert_eq!(admin.get("/account").await.status, StatusCode::OK);
    owner.post(&path, &[("role", "staff")]).await;
    assert_eq!(admin.get("/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nobody_locks_themselves_out_by_a_rule() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let page = owner.post(RULES, &rules("owner", "1440", "336", "")).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text().contains("would be out"), "{}", page.text());
    turn_on(&test, &owner).await;
    let page = owner.post(RULES, &rules("owner", "1440", "336", "")).await;
    assert!(page.location().contains("done=saved"));
    assert_eq!(owner.get("/account").await.status, StatusCode::OK);
    let undo = page
        .location()
        .split("undo=")
        .nth(1)
        .expect("an offer")
        .to_owned();
    let page = owner.post(&format!("/undo/{undo}"), &[]).await;
    assert!(page.location().contains("done=undone"));
    assert!(!owner.get(RULES).await.text().contains("owner checked"));
}

#[tokio::test]
async fn rules_out_of_their_bounds_are_said_and_not_kept() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    for (idle, hours, days, ok) in [
        ("4", "336", "", false),
        ("5", "1", "", true),
        ("10080", "720", "30", true),
        ("10081", "720", "", false),
        ("60", "0", "", false),
        ("60", "721", "", false),
        ("60", "720", "29", false),
        ("60", "720", "1000", true),
        ("60", "720", "1001", false),
        ("x", "720", "", false),
        ("", "", "", false),
        ("-5", "720", "", false),
    ] {
        let page = owner.post(RULES, &rules("none", idle, hours, days)).await;
        let kept = page.status == StatusCode::SEE_OTHER;
        assert_eq!(kept, ok, "{idle} {hours} {days}");
        if !kept {
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(page.text().contains("Write a whole number from"));
        }
    }
}

#[tokio::test]
async fn sessions_end_when_the_organization_says() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    owner.post(RULES, &rules("none", "5", "2", "")).await;
    // Used every four minutes it lives, until it is two hours old.
    for minute in (4..120).step_by(4) {
        test.clock.advance_minutes(4);
        assert_eq!(
            owner.get("/account").await.status,
            StatusCode::OK,
            "{minute}"
        );
    }
    test.clock.advance_minutes(4);
    assert_eq!(owner.get("/account").await.status, StatusCode::SEE_OTHER);

    let rested = Staffer::named(&test, &clinic, Role::Owner, "rest@riverside.example").await;
    test.clock.advance_minutes(4);
    let page = rested.get("/account").await;
    let left = page
        .attribute("id=\"leaving\"", "data-seconds")
        .expect("said");
    assert_eq!(left, "300");
    test.clock.advance_minutes(4);
    let stay = rested.post("/account/stay", &[]).await;
    assert_eq!((stay.status, stay.body.as_str()), (StatusCode::OK, "300"));
    test.clock.advance_minutes(5);
    assert_eq!(rested.get("/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_password_that_is_too_old_is_changed_at_the_next_sign_in() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    owner
        .post(RULES, &rules("none", "10080", "720", "30"))
        .await;
    test.clock.advance_minutes(30 * 24 * 60 - 1);
    let mut door = Door::of(&test);
    door.sign_in("owner@riverside.example").await;
    assert!(door.is_in(&test).await);
    door.sign_out();
    test.clock.advance_minutes(1);
    let page = door.sign_in("owner@riverside.example").await;
    assert_eq!(page.location(), "/o/riverside/sign-in/password");
    assert!(!door.is_in(&test).await);
    let path = "/o/riverside/sign-in/password";
    for (new, text) in [
        (PASSWORD, "your present password"),
        ("password12", "Many people use"),
        ("", "at least 10"),
    ] {
        let page = door.post(path, &[("password", new)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text().contains(text), "{}", page.text());
    }
    let page = door
        .post(path, &[("password", "violet harbour ladder")])
        .await;
    assert_eq!(page.location(), "/o/riverside");
    assert!(door.is_in(&test).await);
}

#[tokio::test]
async fn an_owner_has_everybody_or_one_member_choose_a_new_password() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let staff = Staffer::of(&test, &clinic, Role::Staff).await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    let one = format!("/members/{}/password", staff.id);
    assert!(
        admin
            .post(&one, &[])
            .await
            .location()
            .contains("password-expired")
    );
    let of_owner = format!("/members/{}/password", owner.id);
    assert_eq!(
        admin.post(&of_owner, &[]).await.status,
        StatusCode::FORBIDDEN
    );
    let asked = |door: &'static str| (door, "/o/riverside/sign-in/password");
    let mut door = Door::of(&test);
    let (email, to) = asked("staff@riverside.example");
    assert_eq!(door.sign_in(email).await.location(), to);
    assert_eq!(
        door.sign_in("admin@riverside.example").await.location(),
        "/o/riverside"
    );
    // Whoever is in stays in.
    assert_eq!(staff.get("/account").await.status, StatusCode::OK);
    let page = owner.post("/settings/sign-in/passwords", &[]).await;
    assert!(page.location().contains("done=passwords-expired"));
    let (email, to) = asked("admin@riverside.example");
    assert_eq!(Door::of(&test).sign_in(email).await.location(), to);
}

#[tokio::test]
async fn a_lost_factor_is_turned_off_by_whoever_may() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (owner, _) = super::door::with_factor(&test, &clinic, Role::Owner).await;
    let (staff, _) = super::door::with_factor(&test, &clinic, Role::Staff).await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    let off = |id| format!("/members/{id}/factor-removal");
    assert_eq!(
        admin.post(&off(owner.id), &[]).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        staff.post(&off(owner.id), &[]).await.status,
        StatusCode::FORBIDDEN
    );
    let page = admin.post(&off(staff.id), &[]).await;
    assert!(page.location().contains("member-factor-off"));
    assert_eq!(staff.get("/account").await.status, StatusCode::SEE_OTHER);
    let told = super::account::letters(&test, &clinic).await;
    assert!(
        told.iter().any(|s| s.contains("takes one step again")),
        "{told:?}"
    );
    let mut door = Door::of(&test);
    door.sign_in("staff@riverside.example").await;
    assert!(door.is_in(&test).await);
}

#[tokio::test]
async fn what_would_let_a_stranger_stay_asks_for_a_proof() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let staff = Staffer::of(&test, &clinic, Role::Staff).await;
    let secret = turn_on(&test, &owner).await;
    test.clock.advance_minutes(15);
    let member = format!("/members/{}", staff.id);
    let lost = format!("{member}/factor-removal");
    let new_owner = [
        ("name", "Sam Idris"),
        ("email", "sam@riverside.example"),
        ("role", "owner"),
    ];
    let new_staff = [
        ("name", "Lea Ostrow"),
        ("email", "lea@riverside.example"),
        ("role", "staff"),
    ];
    let acts: [(&str, &[(&str, &str)]); 12] = [
        ("/account/factor/begin", &[]),
        ("/account/factor", &[("code", "123456")]),
        ("/account/factor/codes", &[]),
        ("/account/factor/removal", &[]),
        ("/export", &[("reason", "x")]),
        (RULES, &[]),
        (&member, &[("role", "owner")]),
        (&lost, &[]),
        ("/members", &new_owner),
        ("/members", &new_staff),
        (&member, &[("role", "manager")]),
        (&member, &[("placed", "1")]),
    ];
    for (path, form) in acts {
        let page = owner.post(path, form).await;
        let to = page.location();
        assert!(
            to.starts_with("/o/riverside/account/proof?next=%2Fo%2Friverside%2F"),
            "{path} {to}"
        );
    }
    let page = owner.get("/export").await;
    assert!(
        page.body.contains("/account/proof?next=") && !page.body.contains("name=\"passphrase\"")
    );

    let proof = "/account/proof?next=%2Fo%2Friverside%2Fexport";
    let page = owner
        .post(proof, &[("password", "maple lantern orbis")])
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = owner.post(proof, &[("code", "12")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = owner.post(proof, &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let code = code_of(&test, &secret);
    let page = owner.post(proof, &[("code", &code)]).await;
    assert_eq!(page.location(), "/o/riverside/export");
    assert!(
        owner
            .get("/export")
            .await
            .body
            .contains("name=\"passphrase\"")
    );
    test.clock.advance_minutes(15);
    let elsewhere = "/account/proof?next=https%3A%2F%2Fevil.example";
    let page = owner.post(elsewhere, &[("password", PASSWORD)]).await;
    assert_eq!(page.location(), "/o/riverside/account");
    let done = owner.post(&member, &[("role", "owner")]).await;
    assert!(done.location().contains("done=saved"));
}
