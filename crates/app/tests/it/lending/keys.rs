//! The key of a grant: it goes with the grant, and rows that say otherwise open nothing.

use axum::http::StatusCode;
use kept_base::kit::Actor;
use kept_base::store::Error;

use super::{House, refused};

#[tokio::test]
async fn rows_from_before_the_end_do_not_bring_a_grant_back() {
    let house = House::new().await;
    let (loan, inside) = house.inside("calendar:view").await;
    assert_eq!(inside.get("/calendar").await.status, StatusCode::OK);
    let store = &house.test.app.store;
    let key = key_of(&house).await.expect("has a key");
    house
        .owner
        .post(&format!("/access/grants/{loan}/end"), &[])
        .await;
    assert_eq!(key_of(&house).await, None);
    assert_eq!(
        store
            .destroy_retired_keys(house.clinic.id)
            .await
            .expect("is done"),
        1
    );
    // As an older copy of the rows would have it.
    let put_back = store.write(house.clinic.id, Actor::SYSTEM, move |tx| {
        let sql = "update loan set ended_at = null, ended_why = null, key_id = $1";
        tx.execute(sql, kept_base::params![key])?;
        Ok::<_, Error>(())
    });
    put_back.await.expect("is put back");
    refused(&inside.get("/calendar").await, "without its key");
}

/// Wider terms in the listed column, and those of another row, lend nothing.
#[tokio::test]
async fn terms_count_as_they_were_sealed() {
    let house = House::new().await;
    let (_, inside) = house.inside("calendar:view").await;
    let store = &house.test.app.store;
    let widen = store.write(house.clinic.id, Actor::SYSTEM, |tx| {
        tx.execute("update loan set terms = 'people:full settings:full'", &[])?;
        Ok::<_, Error>(())
    });
    widen.await.expect("is written");
    refused(&inside.get("/people").await, "listed terms");
    assert_eq!(inside.get("/calendar").await.status, StatusCode::OK);
}

async fn key_of(house: &House) -> Option<String> {
    let read = |tx: &kept_base::store::Tx<'_>| {
        let sql = "select key_id from loan";
        tx.query_opt(sql, &[], |row| row.get::<Option<String>>(0))
    };
    house
        .test
        .read::<_, Error, _>(house.clinic.id, read)
        .await
        .flatten()
}
