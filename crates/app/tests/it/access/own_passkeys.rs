//! A member's own passkeys, in their account.

use axum::http::StatusCode;
use kept_app::access::{self, MAX_PASSKEYS, Role};
use kept_app::messaging::Notice;
use kept_base::params;

use super::door::Door;
use super::passkeys::{notices, sign_in};
use crate::support::TestApp;
use crate::support::authenticator::add_passkey;
use crate::support::desk::Staffer;

#[tokio::test]
async fn passkeys_are_named_renamed_and_removed_by_their_member_alone() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let other = Staffer::of(&test, &clinic, Role::Owner).await;
    let device = add_passkey(&member, 1).await;
    let id = test
        .read(clinic.id, {
            let id = member.id;
            move |tx| access::passkeys_of(tx, id)
        })
        .await[0]
        .id;
    let (name, removal) = (
        format!("/account/passkeys/{id}/name"),
        format!("/account/passkeys/{id}/removal"),
    );
    let page = other.post(&name, &[("name", "Mine")]).await;
    let unknown = other.post(
        "/account/passkeys/pky_00000000000000000000000000/name",
        &[("name", "x")],
    );
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(page.text(), unknown.await.text());
    assert_eq!(
        other.post(&removal, &[]).await.status,
        StatusCode::NOT_FOUND
    );

    for wrong in ["", " ", &"x".repeat(61)] {
        let page = member.post(&name, &[("name", wrong)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let renamed = member.post(&name, &[("name", "Old telephone")]).await;
    assert!(
        member
            .get("/account/passkeys")
            .await
            .text()
            .contains("Old telephone")
    );
    let (_, undo) = renamed
        .location()
        .split_once("undo=")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .expect("an undo");
    member.post(&format!("/undo/{undo}"), &[]).await;
    assert!(
        member
            .get("/account/passkeys")
            .await
            .text()
            .contains("Desk computer")
    );

    // It goes, with every other browser, and its member is written to.
    let mut door = Door::of(&test);
    sign_in(&mut door, &device).await;
    let page = member.post(&removal, &[]).await;
    assert_eq!(page.location(), "/o/riverside/account?done=passkey-removed");
    assert!(!door.is_in(&test).await);
    assert_eq!(
        sign_in(&mut door, &device).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let told = notices(&test, &clinic, member.id).await;
    assert!(
        told.contains(&Notice::PasskeyRemoved.code().to_owned()),
        "{told:?}"
    );
}

#[tokio::test]
async fn the_last_way_to_sign_in_stays() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let device = add_passkey(&member, 1).await;
    let id = member.id;
    let only = test.write(clinic.id, move |tx| {
        tx.execute(
            "update member set password_hash = null where id = $1",
            params![id],
        )?;
        access::passkeys_of(tx, id)
    });
    let only = only.await[0].id;
    let removal = format!("/account/passkeys/{only}/removal");
    let page = member.post(&removal, &[]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(
        page.text().contains("only way to sign in"),
        "{}",
        page.text()
    );
    owner
        .post(&format!("/members/{id}/factor-removal"), &[])
        .await;
    let mut door = Door::of(&test);
    sign_in(&mut door, &device).await;
    assert!(door.is_in(&test).await);
    add_passkey(&member, 2).await;
    let page = member.post(&removal, &[]).await;
    assert!(page.location().contains("passkey-removed"));
}

#[tokio::test]
async fn whoever_lost_their_passkeys_is_helped_by_an_owner() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let device = add_passkey(&member, 1).await;
    assert!(
        owner
            .get("/members")
            .await
            .text()
            .contains("remove passkeys")
    );
    let page = owner
        .post(&format!("/members/{}/factor-removal", member.id), &[])
        .await;
    assert!(page.location().contains("member-factor-off"));
    let mut door = Door::of(&test);
    assert_eq!(
        sign_in(&mut door, &device).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        door.sign_in("staff@riverside.example").await.location(),
        "/o/riverside"
    );
}

#[tokio::test]
async fn there_are_as_many_as_there_can_be() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    for id in 0..MAX_PASSKEYS {
        add_passkey(&member, u8::try_from(id).expect("few")).await;
    }
    let page = member.post("/account/passkeys/begin", &[]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(
        !member
            .get("/account/passkeys")
            .await
            .body
            .contains("data-passkey")
    );
}
