//! Faults of the ground: no room, damaged pages, files and keys that are gone.

use std::fs;
use std::path::PathBuf;

use super::tests::{Fixture, MIGRATIONS, organization, put, words};
use super::*;
use crate::params;

/// Bytes of a page.
const PAGE: usize = 4_096;

impl Fixture {
    fn file(&self, id: OrganizationId, ending: &str) -> PathBuf {
        self.folder.path().join(format!("{id}{ending}"))
    }
}

/// A text that fills about so many pages.
fn long(pages: usize) -> String {
    "seven words are enough for this sentence. ".repeat(pages * PAGE / 42)
}

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
        tx.execute("create table plain (text text)", &[]).map(|_| ())
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

/// Overwrites the middle of a file.
fn damage(path: &std::path::Path) {
    let mut bytes = fs::read(path).expect("is there");
    let pages = bytes.len() / PAGE;
    for page in 2..pages {
        let middle = page * PAGE + PAGE / 2;
        bytes[middle..middle + 16].fill(0xA5);
    }
    fs::write(path, bytes).expect("is written");
}

#[tokio::test]
async fn a_damaged_page_closes_its_organization_alone_until_a_good_copy_is_back() {
    let fixture = Fixture::in_files();
    let store = fixture.open();
    let (id, other) = (
        organization(&store, "alpha").await,
        organization(&store, "beta").await,
    );
    for id in [id, other] {
        for number in 0..20 {
            let text = format!("{number} {}", long(1));
            let kept = store.write(id, Actor::SYSTEM, move |tx| put(tx, number, &text));
            kept.await.expect("is kept");
        }
    }
    drop(store);
    let path = fixture.file(id, ".db");
    let good = fs::read(&path).expect("is there");
    damage(&path);
    let store = fixture.open();
    for _ in 0..3 {
        let read = store.read(id, Actor::SYSTEM, words).await;
        eprintln!("{read:?}");
        assert!(matches!(read, Err(Error::Damaged(_))), "{read:?}");
    }
    let written = store.write(id, Actor::SYSTEM, |tx| put(tx, 100, "more")).await;
    assert!(matches!(written, Err(Error::Damaged(_))), "{written:?}");
    let _unused = MIGRATIONS;
    fs::write(&path, good).expect("is written");
    let read = store.read(id, Actor::SYSTEM, words).await;
    assert_eq!(read.map(|words| words.len()), Ok(20));
    let read = store.read(other, Actor::SYSTEM, words).await;
    assert_eq!(read.map(|words| words.len()), Ok(20));
}
