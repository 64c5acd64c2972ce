//! Everything that is no good passkey, each refused by its name.

use axum::http::StatusCode;
use kept_app::access::{CHALLENGE_MINUTES, Role};
use serde_json::{Value, json};

use super::door::Door;
use super::passkeys::{BEGIN, SEND, details, sign_in};
use crate::support::TestApp;
use crate::support::authenticator::{
    Authenticator, IS_COPIED, MAY_BE_COPIED, PRESENT, Says, VERIFIED, add_passkey, encoded, fields,
    options,
};
use crate::support::clinic;
use crate::support::desk::{PASSWORD, Staffer};
use crate::support::visitor::Page;

type Change = fn(&mut Says);

fn is_refused(page: &Page, what: &str) {
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
    assert!(
        page.text().contains("does not open an account here"),
        "{what}"
    );
}

#[tokio::test]
async fn a_use_that_is_not_as_it_should_be_signs_nobody_in() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let device = add_passkey(&member, 1).await;
    let deviations: [(&str, &str, Change); 12] = [
        ("wrong type", "type", |says| says.kind = "webauthn.create"),
        ("wrong challenge", "challenge", |says| {
            says.challenge = encoded(&[7; 32]);
        }),
        ("no challenge", "challenge", |says| says.challenge.clear()),
        ("wrong origin", "origin", |says| {
            says.origin = "http://kept.test.evil.example".to_owned();
        }),
        ("another port", "origin", |says| {
            says.origin.push_str(":8443");
        }),
        ("in a frame of another", "origin", |says| {
            says.cross_origin = true;
        }),
        ("wrong party", "party", |says| {
            says.party = "evil.example".to_owned();
        }),
        ("nobody present", "presence", |says| says.flags = VERIFIED),
        ("nobody verified", "verification", |says| {
            says.flags = PRESENT;
        }),
        ("copied without leave", "backup", |says| {
            says.flags |= IS_COPIED;
        }),
        ("other flags than when made", "backup", |says| {
            says.flags |= MAY_BE_COPIED;
        }),
        ("wrong signature", "signature", |says| {
            says.signs_another = true;
        }),
    ];
    for (what, refusal, change) in deviations {
        test.clock.advance_minutes(16);
        let mut door = Door::of(&test);
        let asked = options(&door.post(BEGIN, &[]).await);
        let form = device.sign(&asked, change);
        is_refused(&door.post(SEND, &fields(&form)).await, what);
        assert!(!door.is_in(&test).await, "{what}");
        let refused = details(&test, clinic.id, "sign_in.refused").await;
        assert_eq!(
            refused.last(),
            Some(&format!("passkey {refusal}")),
            "{what}"
        );
    }
    let mut door = Door::of(&test);
    sign_in(&mut door, &device).await;
    assert!(door.is_in(&test).await);
}

#[tokio::test]
async fn a_form_that_cannot_be_read_signs_nobody_in() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let device = add_passkey(&member, 1).await;
    let good = |asked: &Value| device.sign(asked, |_| {});
    for (field, text) in [
        ("credential", String::new()),
        ("credential", "?".to_owned()),
        ("credential", encoded(&[1; 1_024])),
        ("client_data", encoded(b"{}")),
        ("client_data", encoded(&vec![b' '; 4_097])),
        ("authenticator_data", encoded(&[0; 36])),
        ("authenticator_data", encoded(&vec![0; 16 * 1_024 + 1])),
        ("signature", encoded(&[])),
        ("signature", encoded(&vec![0; 1_025])),
        ("user_handle", String::new()),
        ("user_handle", encoded(&[9; 32])),
        ("user_handle", encoded(&[9; 33])),
    ] {
        test.clock.advance_minutes(16);
        let mut door = Door::of(&test);
        let asked = options(&door.post(BEGIN, &[]).await);
        let mut form = good(&asked);
        let place = form.iter_mut().find(|(name, _)| *name == field);
        place.expect("a field").1.clone_from(&text);
        is_refused(&door.post(SEND, &fields(&form)).await, field);
        assert!(!door.is_in(&test).await, "{field}");
    }
    // With something behind what is signed, and signed.
    let mut door = Door::of(&test);
    let asked = options(&door.post(BEGIN, &[]).await);
    let form = device.sign(&asked, |says| says.behind = vec![0]);
    is_refused(&door.post(SEND, &fields(&form)).await, "more");
}

#[tokio::test]
async fn a_challenge_is_answered_once_in_time_and_by_whoever_asked() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let device = add_passkey(&member, 1).await;

    let mut door = Door::of(&test);
    let asked = door.post(BEGIN, &[]).await;
    let cookie = asked.header("set-cookie").expect("a cookie").to_owned();
    let form = device.sign(&options(&asked), |_| {});
    door.post(SEND, &fields(&form)).await;
    assert!(door.is_in(&test).await);
    // Used twice, with the cookie that was there the first time.
    let mut again = Door::of(&test).with_cookie(&cookie);
    is_refused(&again.post(SEND, &fields(&form)).await, "used twice");
    // A wrong answer uses it up as well.
    let mut door = Door::of(&test);
    let asked = door.post(BEGIN, &[]).await;
    let cookie = asked.header("set-cookie").expect("a cookie").to_owned();
    let wrong = device.sign(&options(&asked), |says| says.signs_another = true);
    is_refused(&door.post(SEND, &fields(&wrong)).await, "wrong");
    let mut again = Door::of(&test).with_cookie(&cookie);
    let form = device.sign(&options(&asked), |_| {});
    is_refused(&again.post(SEND, &fields(&form)).await, "after a wrong one");

    test.clock.advance_minutes(16);
    let mut door = Door::of(&test);
    let asked = options(&door.post(BEGIN, &[]).await);
    test.clock.advance_minutes(CHALLENGE_MINUTES);
    let form = device.sign(&asked, |_| {});
    is_refused(&door.post(SEND, &fields(&form)).await, "expired");

    // Asked for by another browser: its own cookie, or none.
    let asked = options(&Door::of(&test).post(BEGIN, &[]).await);
    let form = device.sign(&asked, |_| {});
    is_refused(
        &Door::of(&test).post(SEND, &fields(&form)).await,
        "no cookie",
    );
    let mut other = Door::of(&test);
    other.post(BEGIN, &[]).await;
    is_refused(&other.post(SEND, &fields(&form)).await, "another's");
    assert!(!other.is_in(&test).await);
}

#[tokio::test]
async fn whose_it_is_must_be_here_and_active() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let other = Staffer::of(&test, &clinic, Role::Admin).await;
    let (device, foreign) = (add_passkey(&member, 1).await, add_passkey(&other, 2).await);

    // Signed with another member's key in this one's name.
    let mut door = Door::of(&test);
    let asked = options(&door.post(BEGIN, &[]).await);
    let mut form = foreign.sign(&asked, |_| {});
    form[0].1 = encoded(&device.credential);
    form[4].1 = encoded(&device.user_handle);
    is_refused(&door.post(SEND, &fields(&form)).await, "another's key");
    // Of nobody, and of another organization: byte for byte the same.
    let unknown = Authenticator::new(9);
    let mut door = Door::of(&test);
    let of_nobody = sign_in(&mut door, &unknown).await;
    is_refused(&of_nobody, "unknown");
    clinic::create(&test, "northgate").await;
    let mut door = Door::of(&test);
    let begin = "/o/northgate/sign-in/passkey/begin";
    let asked = options(&door.post(begin, &[]).await);
    let form = device.sign(&asked, |_| {});
    let page = door
        .post("/o/northgate/sign-in/passkey", &fields(&form))
        .await;
    is_refused(&page, "another organization's");
    // Asked for at the other one, shown here.
    let mut door = Door::of(&test);
    door.post(BEGIN, &[]).await;
    is_refused(
        &door.post(SEND, &fields(&form)).await,
        "another organization's challenge",
    );

    test.clock.advance_minutes(16);
    let mut door = Door::of(&test);
    let path = format!("/members/{}", member.id);
    let proof = [("password", PASSWORD)];
    owner.post("/account/proof", &proof).await;
    for (state, is_in) in [("suspended", false), ("active", true)] {
        owner.post(&path, &[("state", state)]).await;
        let page = sign_in(&mut door, &device).await;
        assert_eq!(door.is_in(&test).await, is_in, "{state}");
        if !is_in {
            assert_eq!(page.text(), of_nobody.text());
        }
    }
    owner.post(&format!("{path}/removal"), &[]).await;
    assert!(!door.is_in(&test).await);
    is_refused(&sign_in(&mut door, &device).await, "removed");
}

#[tokio::test]
async fn a_passkey_that_is_not_made_as_it_should_be_is_not_kept() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let mut device = Authenticator::new(1);
    let deviations: [(&str, Change); 13] = [
        ("wrong type", |says| says.kind = "webauthn.get"),
        ("wrong challenge", |says| says.challenge = encoded(&[7; 32])),
        ("wrong origin", |says| {
            says.origin = "https://kept.test".to_owned();
        }),
        ("in a frame of another", |says| says.cross_origin = true),
        ("wrong party", |says| says.party = "test".to_owned()),
        ("nobody present", |says| says.flags &= !PRESENT),
        ("nobody verified", |says| says.flags &= !VERIFIED),
        ("no credential", |says| says.flags &= !(1 << 6)),
        ("copied without leave", |says| says.flags |= IS_COPIED),
        ("an algorithm not asked for", |says| says.algorithm = -35),
        ("no algorithm", |says| says.algorithm = 0),
        ("another kind of key", |says| says.algorithm = -8),
        ("something behind", |says| says.behind = vec![0]),
    ];
    let add = async |form: &[(&str, &str)]| {
        let mut form = form.to_vec();
        form.push(("name", "Desk computer"));
        member.post("/account/passkeys", &form).await
    };
    let begin = async || options(&member.post("/account/passkeys/begin", &[]).await);
    let refused = |page: &Page, what: &str| {
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
        assert!(page.text().contains("was not added"), "{what}");
    };
    for (what, change) in deviations {
        let form = device.make(&begin().await, change);
        refused(&add(&fields(&form)).await, what);
    }
    refused(&add(&[]).await, "nothing");
    refused(
        &add(&[("client_data", "e30"), ("attestation", "oA")]).await,
        "empty",
    );

    let asked = begin().await;
    test.clock.advance_minutes(CHALLENGE_MINUTES);
    let form = device.make(&asked, |_| {});
    refused(&add(&fields(&form)).await, "expired");
    // Asked for by another session of the same member.
    let second = Staffer::named(&test, &clinic, Role::Admin, "second@riverside.example").await;
    let asked = options(&second.post("/account/passkeys/begin", &[]).await);
    begin().await;
    let form = device.make(&asked, |_| {});
    refused(&add(&fields(&form)).await, "another session's");

    let form = device.make(&begin().await, |_| {});
    assert!(
        add(&fields(&form))
            .await
            .location()
            .contains("passkey-added")
    );
    refused(&add(&fields(&form)).await, "used twice");
    // Another's id is nobody else's.
    let asked = options(&second.post("/account/passkeys/begin", &[]).await);
    let form = device.make(&asked, |_| {});
    let mut sent = fields(&form);
    sent.push(("name", "Theirs"));
    refused(&second.post("/account/passkeys", &sent).await, "taken");
    let all = test.read(clinic.id, |tx| {
        tx.query_opt("select count(*) from passkey", &[], |row| row.get::<i64>(0))
    });
    assert_eq!(all.await, Some(1));
    assert_eq!(
        begin().await["credentials"],
        json!([encoded(&device.credential)])
    );
}
