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

/// Overwrites the middle of each page from `first` on, counted from 0.
fn damage(path: &std::path::Path, first: usize) {
    let mut bytes = fs::read(path).expect("is there");
    let pages = bytes.len() / PAGE;
    for page in first..pages {
        let middle = page * PAGE + PAGE / 2;
        bytes[middle..middle + 16].fill(0xA5);
    }
    fs::write(path, bytes).expect("is written");
}

/// Two organizations with twenty long rows each, in files that nobody has open.
async fn two(fixture: &Fixture) -> (OrganizationId, OrganizationId) {
    let store = fixture.open();
    let (one, other) = (
        organization(&store, "alpha").await,
        organization(&store, "beta").await,
    );
    for id in [one, other] {
        for number in 0..20 {
            let text = format!("{number} {}", long(1));
            let kept = store.write(id, Actor::SYSTEM, move |tx| put(tx, number, &text));
            kept.await.expect("is kept");
        }
        let keys = store.write(id, Actor::SYSTEM, |tx| tx.person_keys()?.fresh());
        keys.await.expect("is given");
    }
    (one, other)
}

async fn count(store: &Store, id: OrganizationId) -> Result<usize, Error> {
    let read = store.read(id, Actor::SYSTEM, words).await;
    read.map(|words| words.len())
}

async fn version(store: &Store, id: OrganizationId) -> Result<Option<u32>, Error> {
    let ask = |tx: &Tx<'_>| {
        tx.query_opt("select max(version) from schema_version", &[], |row| {
            row.get(0)
        })
    };
    store.read(id, Actor::SYSTEM, ask).await
}

#[tokio::test]
async fn a_damaged_page_closes_its_organization_alone_until_a_good_copy_is_back() {
    let fixture = Fixture::in_files();
    let (id, other) = two(&fixture).await;
    let path = fixture.file(id, ".db");
    let good = fs::read(&path).expect("is there");
    damage(&path, 20);
    let store = fixture.open();
    let fine = version(&store, id).await;
    assert_eq!(fine, Ok(Some(1)), "nobody has met the damage yet");
    for _ in 0..3 {
        let read = count(&store, id).await;
        assert!(matches!(read, Err(Error::Damaged(_))), "{read:?}");
        let closed = version(&store, id).await;
        assert!(matches!(closed, Err(Error::Damaged(_))), "{closed:?}");
    }
    let written = store
        .write(id, Actor::SYSTEM, |tx| put(tx, 100, "more"))
        .await;
    assert!(matches!(written, Err(Error::Damaged(_))), "{written:?}");
    assert_eq!(count(&store, other).await, Ok(20));

    // Other bytes that are no better.
    fs::write(&path, &good).expect("is written");
    damage(&path, 20);
    let closed = version(&store, id).await;
    assert!(matches!(closed, Err(Error::Damaged(_))), "{closed:?}");

    fs::write(&path, &good).expect("is written");
    assert_eq!(count(&store, id).await, Ok(20));
    store
        .write(id, Actor::SYSTEM, |tx| put(tx, 100, "more"))
        .await
        .expect("is kept");
    assert_eq!(store.faults(id).await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_damaged_key_store_closes_its_organization_alone_until_a_good_copy_is_back() {
    let fixture = Fixture::in_files();
    let (id, other) = two(&fixture).await;
    let path = fixture.file(id, ".keys.db");
    let good = fs::read(&path).expect("is there");
    damage(&path, 1);
    let store = fixture.open();
    let wanted = |id| store.write(id, Actor::SYSTEM, |tx| tx.person_keys()?.fresh());
    for _ in 0..3 {
        let given = wanted(id).await.map(|_| ());
        assert!(matches!(given, Err(Error::Damaged(_))), "{given:?}");
    }
    let closed = version(&store, id).await;
    assert!(matches!(closed, Err(Error::Damaged(_))), "{closed:?}");
    wanted(other).await.expect("is given");
    fs::write(&path, &good).expect("is written");
    wanted(id).await.expect("is given");
}

#[tokio::test]
async fn a_damaged_log_gives_what_stood_before_the_damage_and_nothing_half() {
    let fixture = Fixture::in_files();
    let (id, other) = two(&fixture).await;
    let store = fixture.open();
    for number in 100..120 {
        let pair = store.write(id, Actor::SYSTEM, move |tx| {
            put(tx, number, &long(1))?;
            put(tx, number + 100, &long(1))
        });
        pair.await.expect("is kept");
    }
    // As a killed process leaves them.
    let killed = Fixture::in_files();
    for entry in fs::read_dir(fixture.folder.path()).expect("a folder") {
        let entry = entry.expect("an entry");
        if !entry.file_name().to_string_lossy().ends_with("-shm") {
            let to = killed.folder.path().join(entry.file_name());
            fs::copy(entry.path(), to).expect("is copied");
        }
    }
    let log = killed.file(id, ".db-wal");
    let mut bytes = fs::read(&log).expect("is there");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 64].fill(0xA5);
    fs::write(&log, bytes).expect("is written");
    let store = killed.open();
    let ids = |tx: &Tx<'_>| {
        tx.query("select id from word where id >= 100", &[], |row| {
            row.get::<i64>(0)
        })
    };
    let stands = store.read(id, Actor::SYSTEM, ids).await.expect("opens");
    assert!((2..40).contains(&stands.len()), "{stands:?}");
    for number in &stands {
        let pair = if *number < 200 {
            number + 100
        } else {
            number - 100
        };
        assert!(stands.contains(&pair), "{number} is half of a transaction");
    }
    assert_eq!(store.faults(id).await, Ok(Vec::new()));
    assert_eq!(count(&store, other).await, Ok(20));
}

fn is_named<T: std::fmt::Debug>(refused: Result<T, Error>, name: &str) {
    let error = refused.expect_err("is refused").to_string();
    assert!(error.contains(name), "{error}");
}

#[tokio::test]
async fn files_that_are_gone_are_named_and_never_made_afresh() {
    let fixture = Fixture::in_files();
    let (id, other) = two(&fixture).await;
    for ending in [".db", ".keys.db"] {
        let (path, aside) = (fixture.file(id, ending), fixture.file(id, ".aside"));
        fs::rename(&path, &aside).expect("is moved");
        let store = fixture.open();
        is_named(count(&store, id).await, &format!("{id}{ending}"));
        assert!(!path.exists(), "{ending}");
        assert_eq!(count(&store, other).await, Ok(20));
        fs::rename(&aside, &path).expect("is moved");
        assert_eq!(count(&store, id).await, Ok(20), "{ending}");
    }
    let control = fixture.folder.path().join(CONTROL_FILE);
    fs::remove_file(&control).expect("was there");
    let clock: Arc<dyn Clock> = fixture.clock.clone();
    let opened = Store::open(
        &fixture.place(),
        fixture.key(),
        fixture.options(),
        clock,
        Arc::new(Entropy::seeded(9)),
    );
    is_named(opened.map(|_| ()), CONTROL_FILE);
    assert!(!control.exists());
}

#[tokio::test]
async fn keys_that_do_not_belong_together_are_refused_by_name() {
    let fixture = Fixture::in_files();
    let (id, other) = two(&fixture).await;
    let (data, keys) = (fixture.file(id, ".db"), fixture.file(id, ".keys.db"));
    let (good_data, good_keys) = (fs::read(&data), fs::read(&keys));
    fs::copy(fixture.file(other, ".db"), &data).expect("is copied");
    is_named(count(&fixture.open(), id).await, &format!("{id}.db"));
    fs::write(&data, good_data.expect("is there")).expect("is written");
    fs::copy(fixture.file(other, ".keys.db"), &keys).expect("is copied");
    let store = fixture.open();
    let given = store.write(id, Actor::SYSTEM, |tx| tx.person_keys()?.fresh());
    is_named(given.await.map(|_| ()), &format!("{id}.keys.db"));
    fs::write(&keys, good_keys.expect("is there")).expect("is written");
    let given = store.write(id, Actor::SYSTEM, |tx| tx.person_keys()?.fresh());
    given.await.expect("is given");

    let store = fixture.open();
    let moved = store.with_control(move |control| control.swap_keys(id, other));
    moved.await.expect("is done");
    drop(store);
    let store = fixture.open();
    for id in [id, other] {
        is_named(count(&store, id).await, &format!("{id} organization 1"));
    }
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
