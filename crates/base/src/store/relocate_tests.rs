use std::sync::Arc;

use super::tests::{Fixture, organization, put, words};
use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_that_is_cut_short_after_its_mark_is_ended_by_who_opens_it() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    let add = |number| move |tx: &Tx<'_>| put(tx, number, "kept");
    store
        .write(id, Actor::SYSTEM, add(1))
        .await
        .expect("is written");
    let before = store.organizations().await.expect("are listed");
    let moving = Arc::clone(&store);
    let carried = store.run_job(
        JobKind::Move,
        Some(id),
        Actor::OPERATOR,
        Arc::new(|_, _| {}),
        move |progress| {
            let went = moving.carry(id, None, progress)?;
            Ok((went.from, String::new()))
        },
    );
    let from = carried.await.expect("is carried over");
    // Nobody said so, and yet nothing is written or read at the old place.
    assert_eq!(store.organizations().await.as_ref(), Ok(&before));
    store
        .write(id, Actor::SYSTEM, add(2))
        .await
        .expect("is written");
    let read = store.read(id, Actor::SYSTEM, |tx| words(tx).map(|words| words.len()));
    assert_eq!(read.await, Ok(2));
    let after = store.organizations().await.expect("are listed");
    assert_ne!(after[0].placement, from);
    // What it left goes when the worker comes by.
    let left = || store.with_control(move |control| control.left_behind(id));
    assert_eq!(left().await, Ok(Some(from.clone())));
    store.clear_up_moves(id).await.expect("is cleared up");
    assert_eq!(left().await, Ok(None));
    if let Placement::File(name) = from {
        assert!(!store.folder.join(name).exists());
    }
}
