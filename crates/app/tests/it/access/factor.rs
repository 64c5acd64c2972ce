//! The second factor at the door: every combination of password and code, and what a waiting sign-in
//! is good for.

use axum::http::{StatusCode, header};
use kept_app::access::{self, MAX_CODE_TRIES, MAX_FACTOR_FAILURES, PENDING_MINUTES, Role};
use kept_app::messaging::Notice;
use kept_base::kit::Actor;

use super::door::{DOOR, Door, code_of, with_factor};
use super::passkeys::{details, notices};
use crate::support::TestApp;
use crate::support::authenticator::add_passkey;
use crate::support::desk::{PASSWORD, Staffer};

const CODE: &str = "/o/riverside/sign-in/code";

#[tokio::test]
async fn only_a_right_password_and_a_right_code_sign_in() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (member, secret) = with_factor(&test, &clinic, Role::Admin).await;
    let email = "admin@riverside.example";
    for password in [Some(PASSWORD), Some("maple lantern orbis"), Some(""), None] {
        for code in ["right", "wrong", "missing"] {
            test.clock.advance_minutes(16);
            let right = code_of(&test, &secret);
            let wrong = if right == "000000" {
                "111111"
            } else {
                "000000"
            };
            let code_field = match code {
                "right" => Some(("code", right.as_str())),
                "wrong" => Some(("code", wrong)),
                _ => None,
            };
            let mut door = Door::of(&test);
            // A code in the first form means nothing.
            let mut form = vec![("email", email)];
            form.extend(password.map(|password| ("password", password)));
            form.extend(code_field);
            door.post(DOOR, &form).await;
            assert!(!door.is_in(&test).await, "after the first step");
            let second: Vec<(&str, &str)> = code_field.into_iter().collect();
            door.post(CODE, &second).await;
            let all_right = password == Some(PASSWORD) && code == "right";
            assert_eq!(door.is_in(&test).await, all_right, "{password:?} {code}");
            assert_eq!(
                door.pending().is_some(),
                password == Some(PASSWORD) && code != "right"
            );
        }
    }
    // Nothing but the whole sign-in began a session.
    let id = member.id;
    let all = test
        .read(clinic.id, move |tx| access::sessions_of(tx, id))
        .await;
    assert_eq!(all.len(), 2);
}

#[tokio::test]
async fn a_code_works_once_and_so_does_a_waiting_sign_in() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (_, secret) = with_factor(&test, &clinic, Role::Admin).await;
    test.clock.advance_minutes(5);
    let code = code_of(&test, &secret);
    let mut first = Door::of(&test);
    first.sign_in("admin@riverside.example").await;
    let pending = first.pending().expect("a waiting sign-in").to_owned();
    assert_eq!(
        first.post(CODE, &[("code", &code)]).await.location(),
        "/o/riverside"
    );
    assert!(first.is_in(&test).await && first.pending().is_none());

    // The same code, seconds later, by somebody who looked over the shoulder.
    let mut second = Door::of(&test);
    second.sign_in("admin@riverside.example").await;
    let page = second.post(CODE, &[("code", &code)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.text().contains("or was used before"),
        "{}",
        page.text()
    );

    // The cookie of the first one opens nothing any more, and never was a session.
    test.clock.advance_minutes(1);
    let fresh = code_of(&test, &secret);
    let mut third = Door::of(&test).with_pending(&pending);
    let page = third.post(CODE, &[("code", &fresh)]).await;
    assert!(page.location().contains("done=sign-in-over"));
    let as_session = format!("__Host-kept-riverside={pending}; Path=/");
    let staffer = Staffer::with_cookie(&test, "riverside", &as_session);
    assert_eq!(staffer.get("/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_waiting_sign_in_opens_its_own_step_alone() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (_, secret) = with_factor(&test, &clinic, Role::Admin).await;
    let mut door = Door::of(&test);
    let page = door.sign_in("admin@riverside.example").await;
    assert_eq!(page.location(), CODE);
    let cookies = page.headers.get_all(header::SET_COOKIE);
    let cookies: Vec<&str> = cookies.iter().map(|c| c.to_str().expect("text")).collect();
    assert_eq!(cookies.len(), 1);
    assert!(cookies[0].starts_with("__Host-kept-pending.riverside="));
    assert!(cookies[0].ends_with("; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax"));

    let pending = door.pending().expect("one that waits").to_owned();
    for path in [
        "/o/riverside/sign-in/factor",
        "/o/riverside/sign-in/password",
    ] {
        let mut astray = Door::of(&test).with_pending(&pending);
        let page = astray.get(path).await;
        assert!(page.location().contains("done=sign-in-over"), "{path}");
    }
    // Another organization does not know it.
    crate::support::clinic::create(&test, "northgate").await;
    let mut elsewhere = Door::of(&test).with_pending_at("northgate", &pending);
    let page = elsewhere.get("/o/northgate/sign-in/code").await;
    assert!(page.location().contains("done=sign-in-over"));

    test.clock.advance_minutes(PENDING_MINUTES);
    let code = code_of(&test, &secret);
    let page = door.post(CODE, &[("code", &code)]).await;
    assert!(page.location().contains("done=sign-in-over"));
    assert!(!door.is_in(&test).await);
}

#[tokio::test]
async fn wrong_codes_end_the_sign_in_and_count_with_wrong_passwords() {
    let (test, clinic) = TestApp::with_clinic().await;
    with_factor(&test, &clinic, Role::Admin).await;
    let mut door = Door::of(&test);
    door.sign_in("admin@riverside.example").await;
    for left in (1..MAX_CODE_TRIES).rev() {
        let page = door.post(CODE, &[("code", "00000a")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let tries = if left == 1 {
            "one try".to_owned()
        } else {
            format!("{left} tries")
        };
        assert!(page.text().contains(&tries), "{}", page.text());
    }
    let page = door.post(CODE, &[("code", "")]).await;
    assert!(page.location().contains("done=sign-in-codes"));
    assert!(door.pending().is_none());

    // The password, though right, forgives nothing: three more, and it is the address that waits.
    door.sign_in("admin@riverside.example").await;
    for _ in 0..3 {
        let page = door.post(CODE, &[("code", "x")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let page = door.post(CODE, &[("code", "x")]).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    let page = door.sign_in("admin@riverside.example").await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn whoever_knows_the_password_cannot_try_all_codes() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (member, secret) = with_factor(&test, &clinic, Role::Admin).await;
    let codes = member.post("/account/factor/codes", &[]).await;
    let recovery = super::door::codes_of(&codes);
    for round in 0..MAX_FACTOR_FAILURES / 4 {
        test.clock.advance_minutes(16);
        let mut door = Door::of(&test);
        door.sign_in("admin@riverside.example").await;
        for _ in 0..4 {
            let page = door.post(CODE, &[("code", "12")]).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{round}");
        }
    }
    test.clock.advance_minutes(16);
    let mut door = Door::of(&test);
    door.sign_in("admin@riverside.example").await;
    let code = code_of(&test, &secret);
    let page = door.post(CODE, &[("code", &code)]).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.text().contains("only recovery codes are taken"));
    door.post(CODE, &[("recovery", &recovery[0])]).await;
    assert!(door.is_in(&test).await);

    test.clock.advance_minutes(24 * 60);
    let mut door = Door::of(&test);
    door.sign_in("admin@riverside.example").await;
    let code = code_of(&test, &secret);
    door.post(CODE, &[("code", &code)]).await;
    assert!(door.is_in(&test).await);
}

#[tokio::test]
async fn a_recovery_code_works_once_however_it_is_typed() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (member, _) = with_factor(&test, &clinic, Role::Admin).await;
    let codes = super::door::codes_of(&member.post("/account/factor/codes", &[]).await);
    assert_eq!(codes.len(), access::RECOVERY_CODES);
    let typed = codes[3].to_lowercase().replace('-', " ");
    for (round, is_in) in [(1, true), (2, false)] {
        let mut door = Door::of(&test);
        door.sign_in("admin@riverside.example").await;
        door.post(CODE, &[("recovery", &typed)]).await;
        assert_eq!(door.is_in(&test).await, is_in, "{round}");
    }
    let page = member.get("/account/factor").await;
    assert!(
        page.text().contains("You have 9 recovery codes left"),
        "{}",
        page.text()
    );
    // Once there are new ones, none of the old works.
    member.post("/account/factor/codes", &[]).await;
    let mut door = Door::of(&test);
    door.sign_in("admin@riverside.example").await;
    door.post(CODE, &[("recovery", &codes[4])]).await;
    assert!(!door.is_in(&test).await);
}

#[tokio::test]
async fn whoever_has_the_machine_turns_it_off_for_an_only_owner() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (member, _) = with_factor(&test, &clinic, Role::Owner).await;
    add_passkey(&member, 1).await;
    let id = member.id;
    let clear = async || {
        let cleared = test.app.store.write(clinic.id, Actor::OPERATOR, move |tx| {
            access::clear_factor(tx, id)
        });
        cleared.await.expect("is turned off")
    };
    assert!(clear().await && !clear().await);
    assert_eq!(member.get("/account").await.status, StatusCode::SEE_OTHER);
    let told = notices(&test, &clinic, id).await;
    let off = told.iter().filter(|kind| *kind == Notice::FactorOff.code());
    assert_eq!(off.count(), 1);
    let passkeys = test.read(clinic.id, move |tx| access::passkeys_of(tx, id));
    assert!(passkeys.await.is_empty());
    let mut door = Door::of(&test);
    door.sign_in("owner@riverside.example").await;
    assert!(door.is_in(&test).await);
    let acts = details(&test, clinic.id, "factor.removed").await;
    assert_eq!(acts.len(), 1);
}

#[tokio::test]
async fn nothing_of_a_factor_stands_in_the_data_as_it_is() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (member, secret) = with_factor(&test, &clinic, Role::Admin).await;
    let id = member.id;
    let (sealed, key): (Vec<u8>, String) = test
        .read(clinic.id, move |tx| {
            let found = tx.query_opt(
                "select sealed_secret, key_id from factor where member_id = $1",
                kept_base::params![id],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            found.ok_or(kept_base::store::Error::Decode("factor"))
        })
        .await;
    assert!(!sealed.windows(20).any(|part| part == secret.bytes()));
    // Its key goes with it.
    assert!(
        member
            .post("/account/factor/removal", &[])
            .await
            .location()
            .contains("factor-off")
    );
    let retired: Option<i64> = test
        .read(clinic.id, move |tx| {
            tx.query_opt(
                "select count(*) from retired_key where key_id = $1",
                kept_base::params![key],
                |row| row.get(0),
            )
        })
        .await;
    assert_eq!(retired, Some(1));
    let destroyed = test.app.store.destroy_retired_keys(clinic.id).await;
    assert_eq!(destroyed.expect("destroyed"), 1);
}
