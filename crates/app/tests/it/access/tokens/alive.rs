//! What a token is worth at each moment: nothing once it ended or its maker may not come in.

use axum::http::StatusCode;
use kept_app::access::{self, Member, MemberState, NewToken, Role, TokenKind};
use kept_base::kit::{Actor, Entropy, Token};

use super::super::account::letters;
use super::{FORM, House, ids, new_token};
use crate::support::desk::Staffer;
use crate::support::may;

#[tokio::test]
async fn a_token_that_opens_nothing_says_nothing_of_why() {
    let house = House::new().await;
    let (test, clinic) = (house.test(), house.clinic());
    let admin = Staffer::of(test, clinic, Role::Admin).await;
    let suspended = house.token_of(admin.id).await;
    house
        .change(admin.id, |member| Member {
            state: MemberState::Suspended,
            ..member
        })
        .await;
    let gone = Staffer::named(test, clinic, Role::Admin, "gone@riverside.example").await;
    let removed = house.token_of(gone.id).await;
    let id = gone.id;
    let let_go = test.app.store.write(clinic.id, Actor::OPERATOR, move |tx| {
        access::remove_member(tx, &may::<kept_app::policy::rights::ManageMembers>(), id)
    });
    let_go.await.expect("is let go");
    test.clock.advance_minutes(1);
    let revoked = house.token_of(house.owner.id).await;
    let id = ids(&house.owner.get("/tokens").await).remove(0);
    let page = house
        .owner
        .post(&format!("/tokens/{id}/revocation"), &[])
        .await;
    assert_eq!(page.location(), "/o/riverside/tokens?done=token-revoked");
    let twice = house
        .owner
        .post(&format!("/tokens/{id}/revocation"), &[])
        .await;
    assert_eq!(twice.status, StatusCode::NOT_FOUND);
    let directory = NewToken {
        kind: TokenKind::Scim,
        scopes: TokenKind::Scim.scopes().to_vec(),
        ..new_token("Directory")
    };
    let by = house.owner.id;
    let directory = test.write(clinic.id, move |tx| {
        access::make_token(tx, &may(), by, &directory)
    });
    let directory = directory.await.1.expose().to_owned();
    let foreign = crate::support::clinic::create(test, "northgate")
        .await
        .token;
    let mut unchecked = house.token_of(house.owner.id).await;
    let last = unchecked.pop();
    unchecked.push(if last == Some('A') { 'Q' } else { 'A' });
    let unknown = Token::checked("kept_api_", &Entropy::seeded(3));
    let mut answers = Vec::new();
    for token in [
        &suspended,
        &removed,
        &revoked,
        &directory,
        &foreign,
        &unchecked,
        unknown.expose(),
        "kept_api_",
        "kept_",
    ] {
        let (status, answer) = house.ask(token).await;
        assert_eq!(status, 401);
        answers.push(answer);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    let text = house.owner.get("/tokens").await.text();
    assert!(
        text.contains("Stopped: whoever made it may not come in"),
        "{text}"
    );
    assert!(text.contains("somebody who has left"), "{text}");
    // Who is let in again has their tokens again.
    house
        .change(admin.id, |member| Member {
            state: MemberState::Active,
            ..member
        })
        .await;
    assert_eq!(house.ask(&suspended).await.0, 200);
    let told = letters(test, clinic).await;
    assert!(told.iter().any(|one| one.contains("has ended")), "{told:?}");
}

#[tokio::test]
async fn a_token_does_what_its_maker_may_at_that_moment() {
    let house = House::new().await;
    let admin = Staffer::of(house.test(), house.clinic(), Role::Admin).await;
    let token = house.token_of(admin.id).await;
    assert_eq!(house.ask(&token).await.0, 200);
    // A manager sees the appointments of some locations alone; a token knows no locations.
    house
        .change(admin.id, |member| Member {
            role: Role::Manager,
            ..member
        })
        .await;
    let (status, answer) = house.ask(&token).await;
    assert_eq!((status, &answer["code"]), (403, &"forbidden".into()));
    house
        .change(admin.id, |member| Member {
            role: Role::FrontDesk,
            ..member
        })
        .await;
    assert_eq!(house.ask(&token).await.0, 200);
    let narrowed = house
        .owner
        .post("/members/roles", &[("front_desk.calendar", "none")])
        .await;
    assert!(narrowed.location().contains("done=saved"));
    assert_eq!(house.ask(&token).await.0, 403);
}

#[tokio::test]
async fn owners_are_told_once_before_a_token_ends() {
    let house = House::new().await;
    let (test, clinic) = (house.test(), house.clinic());
    house.owner.post("/tokens", FORM).await;
    letters(test, clinic).await;
    let ending = |told: &[String]| {
        told.iter()
            .filter(|one| one.contains("about to end"))
            .count()
    };
    test.clock.advance_minutes((90 - 14) * 24 * 60 - 1);
    assert_eq!(ending(&letters(test, clinic).await), 0);
    test.clock.advance_minutes(1);
    assert_eq!(ending(&letters(test, clinic).await), 1);
    test.clock.advance_minutes(60 * 24);
    assert_eq!(ending(&letters(test, clinic).await), 0, "once");
}
