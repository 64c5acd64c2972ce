//! Operators, as the control database keeps them.

use super::tests::{Fixture, organization};
use super::*;
use crate::kit::{OperatorId, Token, TokenHash};

fn hash(text: &str) -> TokenHash {
    let token = Token::presented(text).expect("a token");
    token.hash("test")
}

/// An operator who has set a password by the link `name`.
async fn operator(store: &Store, name: &str) -> OperatorId {
    let added = store.add_operator(name, hash(name), Actor::OPERATOR);
    let id = added.await.expect("is added");
    let set = store.redeem_operator_link(hash(name), "a hash".to_owned());
    assert_eq!(set.await, Ok(Some(id)));
    id
}

async fn session(store: &Store, token: &str) -> Option<OperatorSession> {
    let found = store.operator_session(hash(token));
    found.await.expect("is answered")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_sets_a_password_once_and_for_a_day() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let added = store.add_operator("robin", hash("first"), Actor::OPERATOR);
    let id = added.await.expect("is added");
    let again = store.add_operator("robin", hash("other"), Actor::OPERATOR);
    let taken = Error::Constraint("operator.name".to_owned());
    assert_eq!(again.await, Err(taken));
    let known = store.operator_of_link(hash("first")).await;
    let known = known.expect("is answered").expect("works");
    assert_eq!((known.id, known.has_password), (id, false));
    // A new link: the one before is dead.
    let linked = store.link_operator(id, hash("second"), Actor::OPERATOR);
    assert_eq!(linked.await, Ok(true));
    assert_eq!(store.operator_of_link(hash("first")).await, Ok(None));
    let redeem = |link, text: &str| store.redeem_operator_link(hash(link), text.to_owned());
    assert_eq!(redeem("first", "x").await, Ok(None));
    assert_eq!(redeem("second", "a hash").await, Ok(Some(id)));
    assert_eq!(redeem("second", "x").await, Ok(None), "it worked once");
    let (known, password) = store
        .operator_by_name("robin")
        .await
        .expect("is answered")
        .expect("is there");
    assert!(known.has_password);
    assert_eq!(password.as_deref(), Some("a hash"));
    let linked = store.link_operator(id, hash("third"), Actor::OPERATOR);
    assert_eq!(linked.await, Ok(true));
    fixture.clock.advance_minutes(OPERATOR_LINK_HOURS * 60);
    assert_eq!(redeem("third", "x").await, Ok(None), "it is too old");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_ends_when_it_rests_when_it_is_old_and_with_its_operator() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let id = operator(&store, "robin").await;
    let start = |token| store.start_operator_session(id, None, hash(token));
    assert_eq!(start("one").await, Ok(true));
    assert!(session(&store, "one").await.is_some());
    assert!(session(&store, "two").await.is_none());
    // In use for longer than it may rest, and not beyond its end.
    let steps = OPERATOR_SESSION_HOURS * 60 / (OPERATOR_IDLE_MINUTES - 1);
    for _ in 0..steps {
        fixture.clock.advance_minutes(OPERATOR_IDLE_MINUTES - 1);
        assert!(session(&store, "one").await.is_some());
    }
    fixture.clock.advance_minutes(OPERATOR_IDLE_MINUTES - 1);
    assert!(session(&store, "one").await.is_none());
    assert_eq!(start("two").await, Ok(true));
    fixture.clock.advance_minutes(OPERATOR_IDLE_MINUTES);
    assert!(session(&store, "two").await.is_none());

    assert_eq!(start("three").await, Ok(true));
    assert_eq!(start("four").await, Ok(true));
    let three = session(&store, "three").await.expect("is alive");
    let set = store.set_operator_password(&three, "another".to_owned());
    assert_eq!(set.await, Ok(()));
    assert!(session(&store, "three").await.is_some());
    assert!(session(&store, "four").await.is_none());
    let set = |state| store.set_operator_state(id, state, Actor::OPERATOR);
    assert_eq!(set(OperatorState::Suspended).await, Ok(true));
    assert_eq!(set(OperatorState::Suspended).await, Ok(false));
    assert!(session(&store, "three").await.is_none());
    assert_eq!(start("five").await, Ok(false));
    let link = store.link_operator(id, hash("link"), Actor::OPERATOR);
    assert_eq!(link.await, Ok(false));
    assert_eq!(set(OperatorState::Active).await, Ok(true));
    assert!(session(&store, "three").await.is_none(), "it is gone");
    assert_eq!(start("six").await, Ok(true));
    let ended = store.end_operator_sessions(id, None, Actor::OPERATOR);
    assert_eq!(ended.await, Ok(1));
    assert!(session(&store, "six").await.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_that_operators_do_is_recorded_with_who_and_why() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let id = operator(&store, "robin").await;
    let robin = Actor::operator(id);
    let alpha = organization(&store, "alpha").await;
    fixture.clock.advance_minutes(1);
    let suspended = store.suspend_organization(alpha, robin.clone(), "asked for it");
    assert_eq!(suspended.await, Ok(true));
    fixture.clock.advance_minutes(1);
    assert_eq!(store.resume_organization(alpha, robin).await, Ok(true));
    let acts = store.operator_acts(10).await.expect("is answered");
    let told: Vec<String> = acts
        .iter()
        .take(2)
        .map(|act| {
            format!(
                "{} {} {} {:?}",
                act.author,
                act.act.code(),
                act.subject,
                act.reason
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            format!("operator:{id} organization_resumed {alpha} \"\""),
            format!("operator:{id} organization_suspended {alpha} \"asked for it\""),
        ]
    );
    let mut kinds: Vec<&str> = acts.iter().map(|act| act.act.code()).collect();
    kinds.sort_unstable();
    assert_eq!(
        kinds,
        [
            "operator_added",
            "organization_created",
            "organization_resumed",
            "organization_suspended",
            "password_set",
        ]
    );
    assert_eq!(store.operator_acts(1).await.map(|acts| acts.len()), Ok(1));
}
