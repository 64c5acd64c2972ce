//! A grant is to a person: whoever gets into the account afterwards is not let in by it.

use axum::http::StatusCode;
use kept_base::store::LentState;

use super::{House, PERSON, account, refused, vet};
use crate::console::links::{added_by, relinked};
use crate::console::operator;

#[tokio::test]
async fn another_operator_does_not_become_the_one_who_was_let_in() {
    let house = House::new().await;
    let (loan, inside) = house.inside("calendar:view people:view").await;
    let ash = operator(&house.test, "ash").await;
    let robin = account(&house.test, "robin").await.id;
    let link = format!("/operator/operators/{robin}/link");
    let page = ash.post(&link, &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!page.body.contains("/operator/link/"), "{}", page.text());
    let entry = format!("/operator/access/{loan}/entry");
    let page = ash.post(&entry, &[]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(inside.get("/calendar").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_password_set_by_a_link_leaves_the_grants_of_before_behind() {
    let house = House::new().await;
    let (loan, inside) = house.inside("calendar:view").await;
    house.test.clock.advance_minutes(1);
    let anew = relinked(&house.test, "robin").await;
    let page = inside.get("/calendar").await;
    assert_ne!(page.status, StatusCode::OK);
    assert!(!page.body.contains(PERSON));
    let mine = anew.get("/operator/access").await;
    assert!(!mine.body.contains("/entry"), "{}", mine.text());
    assert!(mine.text().contains("your qualification is missing"));
    vet(&house.test, "robin").await;
    let entry = format!("/operator/access/{loan}/entry");
    let page = anew.post(&entry, &[]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    // Whatever the control database lists: the organization's own row says when it was lent.
    let store = &house.test.app.store;
    let listed = store.note_lent_state(loan.clone(), LentState::Granted);
    listed.await.expect("is noted");
    let inside = house.enter(&anew, &loan).await;
    refused(&inside.get("/calendar").await, "of before");
    let loan = house.lend("live", "calendar:view").await;
    let inside = house.enter(&anew, &loan).await;
    assert_eq!(inside.get("/calendar").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_second_account_of_ones_own_settles_nothing() {
    let house = House::new().await;
    let (_, inside) = house.inside("calendar:view").await;
    inside.get(&house.sheet()).await;
    let list = house.owner.get("/access").await;
    let one = list.body.split("/access/uses/").nth(1).expect("a use");
    let one = one.split('"').next().expect("an id").to_owned();
    let note = [("note", "Why this one?")];
    house
        .owner
        .post(&format!("/access/uses/{one}"), &note)
        .await;
    let settle = format!("/operator/conduct/{one}");
    let outcome = [("outcome", "All fine")];
    let second = added_by(&house.test, &house.robin, "robin-two").await;
    let seen = second.get("/operator/access").await;
    assert!(seen.text().contains("come from the same operator"));
    assert!(!seen.body.contains(&settle), "it is not offered");
    let page = second.post(&settle, &outcome).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let ash = operator(&house.test, "ash").await;
    assert!(ash.get("/operator/access").await.body.contains(&settle));
    let page = ash.post(&settle, &outcome).await;
    assert!(page.location().ends_with("done=conduct-settled"));
}
