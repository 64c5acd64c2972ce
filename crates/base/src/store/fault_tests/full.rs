//! No room for what is to be kept.

use super::*;

/// Lets the writer's file grow by `more` pages and no further; a file at its limit refuses a row
/// as a full disk does.
fn limit(tx: &Tx<'_>, more: i64) -> Result<(), Error> {
    let has = tx.query_opt("pragma page_count", &[], |row| row.get::<i64>(0))?;
    let most = has.unwrap_or(0) + more;
    tx.query(&format!("pragma max_page_count = {most}"), &[], |_| Ok(()))?;
    Ok(())
}

async fn set_limit(store: &Store, id: OrganizationId, more: i64) {
    let set = store.write(id, Actor::SYSTEM, move |tx| limit(tx, more));
    set.await.expect("is limited");
}

#[tokio::test]
async fn a_full_file_refuses_what_does_not_fit_and_takes_more_once_there_is_room() {
    let fixture = Fixture::in_files();
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    set_limit(&store, id, 8).await;
    let mut kept = Vec::new();
    let mut refused = None;
    for number in 0..20 {
        let text = format!("{number} {}", long(1));
        let row = text.clone();
        match store
            .write(id, Actor::SYSTEM, move |tx| put(tx, number, &row))
            .await
        {
            Ok(()) => kept.push(text),
            Err(error) => refused = Some(error),
        }
    }
    assert_eq!(refused, Some(Error::Full));
    assert!(!kept.is_empty());
    let read = store.read(id, Actor::SYSTEM, words).await;
    assert_eq!(read, Ok(kept.clone()));

    set_limit(&store, id, 100).await;
    store
        .write(id, Actor::SYSTEM, |tx| put(tx, 100, "room"))
        .await
        .expect("there is room");
    kept.push("room".to_owned());
    drop(store);
    let read = fixture.open().read(id, Actor::SYSTEM, words).await;
    assert_eq!(read, Ok(kept));
}

#[tokio::test]
async fn those_that_share_a_commit_with_what_does_not_fit_are_told_why_they_failed() {
    let fixture = Fixture::in_files();
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    // Without a trigger on it: refusing its rows ends the whole transaction.
    let made = store.write(id, Actor::SYSTEM, |tx| {
        tx.execute("create table plain (text text)", &[])
            .map(|_| ())
    });
    made.await.expect("is made");
    set_limit(&store, id, 8).await;
    // Holds the writer until the others wait behind it, so that they share one commit.
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let wait = Arc::new(Mutex::new(wait));
    let first = store.write(id, Actor::SYSTEM, move |tx| {
        lock(&wait).recv().map_err(|_| Error::Closing)?;
        put(tx, 1, "small")
    });
    let large = store.write(id, Actor::SYSTEM, |tx| {
        // A verb that makes nothing of a refusal must not go on without its transaction.
        let text = long(20);
        let refused = tx.execute("insert into plain (text) values ($1)", params![text]);
        let _ignored = put(tx, 3, "after the refusal");
        refused.map(|_| ())
    });
    let last = store.write(id, Actor::SYSTEM, |tx| put(tx, 4, "small too"));
    let release = async {
        while lock(&store.open).databases[&id].0.waiting() < 2 {
            tokio::task::yield_now().await;
        }
        go.send(()).expect("the first one waits");
    };
    let (first, large, last, ()) = tokio::join!(first, large, last, release);
    assert_eq!(large, Err(Error::Full));
    let kept: Vec<String> = [(first, "small"), (last, "small too")]
        .into_iter()
        .filter_map(|(done, text)| match done {
            Ok(()) => Some(text.to_owned()),
            Err(error) => {
                assert_eq!(error, Error::Full);
                None
            }
        })
        .collect();
    let read = store.read(id, Actor::SYSTEM, words).await;
    assert_eq!(read, Ok(kept), "what was acknowledged, and nothing else");
}

#[tokio::test]
async fn a_full_control_database_keeps_no_new_organization_and_serves_those_it_has() {
    let fixture = Fixture::in_files();
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    store
        .write(id, Actor::SYSTEM, |tx| put(tx, 1, "kept"))
        .await
        .expect("is kept");
    let set = |most: i64| store.with_control(move |control| control.limit_pages(most));
    let has = set(1).await.expect("is limited");
    let mut made = 0;
    let refused = loop {
        let slug = format!("more-{made}");
        let more = store.create_organization(&slug, Actor::OPERATOR, |_| Ok::<(), Error>(()));
        match more.await {
            Ok(_) => made += 1,
            Err(error) => break error,
        }
        assert!(made < 100, "the limit of {has} pages does not hold");
    };
    assert_eq!(refused, Error::Full);
    assert_eq!(
        store.organizations().await.map(|all| all.len()),
        Ok(made + 1)
    );
    assert_eq!(count(&store, id).await, Ok(1));
    store
        .write(id, Actor::SYSTEM, |tx| put(tx, 2, "kept too"))
        .await
        .expect("is kept");
    set(has + 1_000).await.expect("is limited");
    organization(&store, &format!("more-{made}")).await;
}

#[tokio::test]
async fn no_room_while_a_database_is_brought_up_to_date_is_said_and_passes() {
    const LARGER: &[Migration] = &[
        MIGRATIONS[0],
        Migration {
            version: 2,
            name: "more",
            common: "create table more (id bigint primary key, text text not null)",
            sqlite: "",
            postgres: "",
            rows: Some(Rows::Change(|tx| {
                if tx.query_opt("pragma max_page_count", &[], |row| row.get::<i64>(0))? > Some(100)
                    && tx
                        .query_opt("select text from word where id = 1", &[], |row| {
                            row.get::<String>(0)
                        })?
                        .as_deref()
                        == Some("full")
                {
                    limit(tx, 2)?;
                }
                let text = long(8);
                tx.execute("insert into more (id, text) values (1, $1)", params![text])
                    .map(|_| ())
            })),
        },
    ];
    let fixture = Fixture::in_files();
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    store
        .write(id, Actor::SYSTEM, |tx| put(tx, 1, "full"))
        .await
        .expect("is kept");
    drop(store);
    let larger = Options {
        organization_migrations: LARGER,
        ..fixture.options()
    };
    let store = fixture.open_with(larger);
    assert_eq!(count(&store, id).await, Err(Error::Full));
    drop(store);
    let store = fixture.open();
    assert_eq!(count(&store, id).await, Ok(1), "nothing of the step stands");
    store
        .write(id, Actor::SYSTEM, |tx| {
            tx.execute("update word set text = 'room' where id = 1", &[])
                .map(|_| ())
        })
        .await
        .expect("is kept");
    drop(store);
    let store = fixture.open_with(larger);
    assert_eq!(version(&store, id).await, Ok(Some(2)));
}

#[tokio::test]
async fn a_full_key_store_keeps_nobody_new_and_serves_those_it_has() {
    let fixture = Fixture::in_files();
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    let fresh = || {
        store.write(id, Actor::SYSTEM, |tx| {
            tx.person_keys()?.fresh().map(|(key, _)| key)
        })
    };
    let first = fresh().await.expect("is given");
    let set = |most| {
        let ring = Arc::clone(&lock(&store.open).databases[&id].0.ring);
        ring.limit_pages(most).expect("is limited")
    };
    let has = set(1);
    let refused = loop {
        if let Err(error) = fresh().await {
            break error;
        }
    };
    assert_eq!(refused, Error::Full);
    store
        .write(id, Actor::SYSTEM, |tx| put(tx, 1, "of somebody known"))
        .await
        .expect("is kept");
    let known = store.read(id, Actor::SYSTEM, move |tx| tx.person_keys()?.get(first));
    assert!(known.await.expect("is answered").is_some());
    set(has + 100);
    fresh().await.expect("is given");
}
