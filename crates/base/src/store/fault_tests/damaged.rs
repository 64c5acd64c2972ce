//! Damaged pages, and files and keys that are gone or are another's.

use super::*;

/// Overwrites the middle of each page from `first` on, counted from 0.
fn damage(path: &Path, first: usize) {
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
    for name in [CONTROL_FILE, "control.key"] {
        let path = fixture.folder.path().join(name);
        let bytes = fs::read(&path).expect("is there");
        fs::remove_file(&path).expect("was there");
        let opened = fixture.open_from(fixture.key(), 9);
        is_named(opened.map(|_| ()), name);
        assert!(!path.exists(), "{name}");
        fs::write(&path, bytes).expect("is put back");
    }
    assert_eq!(count(&fixture.open(), id).await, Ok(20));
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
