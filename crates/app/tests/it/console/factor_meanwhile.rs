//! What happens meanwhile to an operator who is between password and code.

use kept_app::console;
use kept_app::console::factor::{self, Admitted};
use kept_base::kit::{Actor, Secret};
use kept_base::store::OperatorState;

use super::factor::{CODE, password, present, turn_on, waiting};
use super::{Browser, account, operator, set_state};
use crate::access::door::code_of;
use crate::support::TestApp;
use crate::support::desk::PASSWORD;

#[tokio::test]
async fn a_sign_in_that_waits_ends_with_what_it_began_from() {
    let test = TestApp::empty();
    let robin = operator(&test, "robin").await;
    let (secret, _) = turn_on(&test, &robin).await;
    let id = account(&test, "robin").await.id;
    let is_over = async |waits: &Browser, why: &str| {
        let code = code_of(&test, &secret);
        let page = waits.post(CODE, &[("code", &code)]).await;
        assert!(page.location().contains("done=sign-in-over"), "{why}");
    };
    let waits = waiting(&test, "robin").await;
    test.clock.advance_minutes(10);
    is_over(&waits, "its time").await;
    let waits = waiting(&test, "robin").await;
    set_state(&test, "robin", OperatorState::Suspended).await;
    is_over(&waits, "suspended").await;
    set_state(&test, "robin", OperatorState::Active).await;
    is_over(&waits, "let in again").await;
    // A link stands for the password alone.
    let waits = waiting(&test, "robin").await;
    let link = console::link(&test.app.store, id, Actor::OPERATOR).await;
    let link = console::link_url("", &link.expect("is made"));
    let page = Browser::of(&test, "")
        .post(&link, &[("password", PASSWORD)])
        .await;
    assert!(page.location().starts_with(CODE));
    is_over(&waits, "another password").await;
    let waits = Browser::of(&test, "").signed_in(&page);
    let code = code_of(&test, &secret);
    assert_eq!(
        waits.post(CODE, &[("code", &code)]).await.location(),
        "/operator"
    );
    // Whoever has the machine turns it off.
    let waits = waiting(&test, "robin").await;
    let off = test
        .app
        .store
        .remove_operator_factor(id, None, Actor::OPERATOR);
    assert_eq!(off.await, Ok(true));
    is_over(&waits, "no factor").await;
    assert_eq!(password(&test, "robin").await.location(), "/operator/jobs");
}

/// Whoever checked a password while it changed, or while a factor was turned on, has no session by it.
#[tokio::test]
async fn a_sign_in_under_way_counts_for_what_it_was_checked_against() {
    let test = TestApp::empty();
    let robin = operator(&test, "robin").await;
    let store = &test.app.store;
    let checked = async || {
        let given = Secret::new(PASSWORD.to_owned());
        let found = console::recognize(store, "robin", given).await;
        found.expect("is asked").expect("is right")
    };
    let (early, hash) = checked().await;
    turn_on(&test, &robin).await;
    let late = factor::admit(store, &early, hash).await.expect("is asked");
    assert!(matches!(late, Admitted::Refused), "a factor since");
    let (early, hash) = checked().await;
    let change = [present(), ("password", "violet harbour ladder")];
    let changed = robin.post("/operator/account/password", &change).await;
    assert!(changed.location().contains("done=password-set"));
    let late = factor::admit(store, &early, hash).await.expect("is asked");
    assert!(matches!(late, Admitted::Refused), "another password since");
}
