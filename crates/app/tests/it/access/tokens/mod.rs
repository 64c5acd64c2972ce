//! Tokens: made on a page and shown once, replaced with an overlap, revoked, and never more than their
//! maker.

use axum::http::StatusCode;
use kept_app::access::{
    self, MAX_TOKEN_DAYS, MAX_TOKEN_NAME_CHARS, MAX_TOKENS, Member, MemberError, NewToken, Role,
    Scope, TokenError, TokenKind,
};
use kept_app::audit;
use kept_app::ids::MemberId;
use kept_base::kit::{Actor, Token};

mod alive;
mod refused;

use super::account::letters;
use crate::api::{Api, Ask};
use crate::support::desk::Staffer;
use crate::support::may;
use crate::support::visitor::Page;
use crate::support::{Clinic, TestApp};

pub struct House {
    api: Api,
    owner: Staffer,
}

impl House {
    async fn new() -> Self {
        let (test, clinic) = TestApp::with_clinic().await;
        let owner = Staffer::of(&test, &clinic, Role::Owner).await;
        // The clinic's own token is older than those of the tests.
        test.clock.advance_minutes(1);
        Self {
            api: Api::of(test, clinic),
            owner,
        }
    }

    fn test(&self) -> &TestApp {
        &self.api.test
    }

    fn clinic(&self) -> &Clinic {
        &self.api.clinic
    }

    /// What appointments answer to a bearer of this.
    async fn ask(&self, token: &str) -> (u16, serde_json::Value) {
        let answer = self
            .api
            .send(Ask::get("appointments".to_owned()).bearer(token));
        let answer = answer.await;
        let body = match answer.status {
            200 => serde_json::Value::Null,
            _ => answer.without_request_id(),
        };
        (answer.status, body)
    }

    /// A token of `member` that may see appointments.
    async fn token_of(&self, member: MemberId) -> String {
        let new = new_token("Reports");
        let made = self.test().write(self.clinic().id, move |tx| {
            access::make_token(tx, &may(), member, &new)
        });
        made.await.1.expose().to_owned()
    }

    async fn change(&self, id: MemberId, change: fn(Member) -> Member) {
        let changed = self
            .test()
            .app
            .store
            .write(self.clinic().id, Actor::OPERATOR, move |tx| {
                let before = access::member(tx, id)?.ok_or(MemberError::Unknown)?;
                access::change_member(tx, &may(), &change(before))
            });
        changed.await.expect("is changed");
    }
}

fn new_token(name: &str) -> NewToken {
    NewToken {
        name: name.to_owned(),
        kind: TokenKind::Api,
        scopes: vec![Scope::AppointmentsRead],
        days: 90,
    }
}

/// The secret that a page shows.
fn secret(page: &Page) -> String {
    let (_, rest) = page
        .body
        .split_once("id=\"secret\" value=\"")
        .expect("a secret");
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// The ids of the tokens on the page that can be replaced.
fn ids(page: &Page) -> Vec<String> {
    let parts = page.body.split("/tokens/").skip(1);
    let ids = parts.filter_map(|part| part.split_once("/revocation"));
    ids.map(|(id, _)| id.to_owned())
        .filter(|id| id.starts_with("tok_") && id.len() == 30)
        .collect()
}

const FORM: &[(&str, &str)] = &[
    ("name", "Reports"),
    ("kind", "api"),
    ("scope", "appointments:read"),
    ("days", "90"),
];

#[tokio::test]
async fn a_token_is_made_after_a_proof_shown_once_and_told_to_owners() {
    let house = House::new().await;
    let (test, clinic) = (house.test(), house.clinic());
    letters(test, clinic).await;
    test.clock.advance_minutes(access::PROOF_MINUTES + 1);
    let asked = house.owner.post("/tokens", FORM).await;
    assert!(asked.location().contains("/account/proof?next="));
    house.owner.prove(test, clinic).await;
    let page = house.owner.post("/tokens", FORM).await;
    assert_eq!(page.status, StatusCode::OK);
    let secret = secret(&page);
    assert!(
        secret.starts_with("kept_api_") && secret.len() == 9 + 32 + 6,
        "{}",
        secret.len()
    );
    assert!(Token::presented(&secret).expect("a token").is_checked());
    let again = house.owner.get("/tokens").await;
    assert!(!again.body.contains(&secret), "shown once");
    let text = again.text();
    for part in [
        "Reports",
        "See appointments",
        "Robin Vale",
        "Not used yet",
        "Ends ",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(house.ask(&secret).await.0, 200);
    assert!(
        house
            .owner
            .get("/tokens")
            .await
            .text()
            .contains("Last used ")
    );
    let told = letters(test, clinic).await;
    assert!(
        told.iter().any(|one| one.contains("A token was made")),
        "{told:?}"
    );
    let acts = test.read(clinic.id, |tx| audit::after(tx, 0, 1_000)).await;
    let made = acts
        .iter()
        .rfind(|one| one.act == "token.created")
        .expect("an act");
    assert_eq!(made.actor, format!("member:{}", house.owner.id));
    assert_eq!(made.detail, "api 90 appointments:read");
}

#[tokio::test]
async fn what_is_wrong_with_a_token_is_said_and_what_was_typed_stays() {
    let house = House::new().await;
    let long = "x".repeat(MAX_TOKEN_NAME_CHARS + 1);
    let (scope, days) = (("scope", "people:read"), ("days", "30"));
    for (fields, says) in [
        (
            vec![("name", "  "), ("kind", "api"), scope, days],
            "1 to 80 characters",
        ),
        (
            vec![("name", &long), ("kind", "api"), scope, days],
            "1 to 80 characters",
        ),
        (
            vec![("name", "Reports"), ("kind", "api"), days],
            "at least one thing",
        ),
        (
            vec![
                ("name", "Reports"),
                scope,
                ("scope", "members:provision"),
                days,
            ],
            "at least one thing",
        ),
        (
            vec![("name", "Reports"), scope, ("days", "366")],
            "1 to 365 days",
        ),
        (
            vec![("name", "Reports"), scope, ("days", "0")],
            "1 to 365 days",
        ),
        (vec![("name", "Reports"), scope], "1 to 365 days"),
    ] {
        let page = house.owner.post("/tokens", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{says}");
        assert!(page.text().contains(says), "{says}: {}", page.text());
        assert!(!page.body.contains("id=\"secret\""));
    }
    let calendar = [("name", "Phone"), ("kind", "cal"), scope, days];
    let page = house.owner.post("/tokens", &calendar).await;
    assert!(
        secret(&page).starts_with("kept_api_"),
        "no calendar tokens yet"
    );
    let edge = "x".repeat(MAX_TOKEN_NAME_CHARS);
    let last = MAX_TOKEN_DAYS.to_string();
    let page = house
        .owner
        .post("/tokens", &[("name", &edge), scope, ("days", &last)])
        .await;
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn there_are_only_so_many() {
    let house = House::new().await;
    let by = house.owner.id;
    let made = house
        .test()
        .app
        .store
        .write(house.clinic().id, Actor::OPERATOR, move |tx| {
            // The clinic has one of its own.
            for number in 1..MAX_TOKENS {
                access::make_token(tx, &may(), by, &new_token(&format!("No. {number}")))?;
            }
            Ok::<_, TokenError>(())
        });
    made.await.expect("there is room");
    let page = house.owner.post("/tokens", FORM).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text().contains("There are 50 tokens"));
}

#[tokio::test]
async fn a_new_secret_takes_the_place_of_an_old_one_that_goes_on_for_a_while() {
    let house = House::new().await;
    let (test, owner) = (house.test(), &house.owner);
    let old = secret(&owner.post("/tokens", FORM).await);
    let id = ids(&owner.get("/tokens").await).remove(0);
    let path = format!("/tokens/{id}/rotation");
    for overlap in ["8", "-1", "", "x"] {
        let page = owner.post(&path, &[("overlap", overlap)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{overlap}");
    }
    test.clock.advance_minutes(24 * 60 * 20);
    // Another owner: twenty days end a session.
    let owner = Staffer::named(test, house.clinic(), Role::Owner, "next@riverside.example").await;
    let page = owner.post(&path, &[("overlap", "7")]).await;
    let new = secret(&page);
    assert!(page.text().contains("Replaced; the old secret ends"));
    assert_eq!(
        (house.ask(&old).await.0, house.ask(&new).await.0),
        (200, 200)
    );
    let again = owner.post(&path, &[("overlap", "1")]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "it has a follower");
    test.clock.advance_minutes(7 * 24 * 60);
    assert_eq!(
        (house.ask(&old).await.0, house.ask(&new).await.0),
        (401, 200)
    );
    // As long as the first: ninety days from its making.
    test.clock.advance_minutes(83 * 24 * 60 - 1);
    assert_eq!(house.ask(&new).await.0, 200);
    test.clock.advance_minutes(1);
    assert_eq!(house.ask(&new).await.0, 401);
}

#[tokio::test]
async fn a_rotation_without_overlap_ends_the_old_secret_at_once() {
    let house = House::new().await;
    let old = secret(&house.owner.post("/tokens", FORM).await);
    let id = ids(&house.owner.get("/tokens").await).remove(0);
    let page = house
        .owner
        .post(&format!("/tokens/{id}/rotation"), &[("overlap", "0")])
        .await;
    let new = secret(&page);
    assert_eq!(
        (house.ask(&old).await.0, house.ask(&new).await.0),
        (401, 200)
    );
}
