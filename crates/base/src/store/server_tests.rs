//! What only a server has: several processes on the same data, connections that break. They run
//! where the environment names a server.

use std::sync::Arc;

use super::tests::{Fixture, organization, put, words};
use super::*;
use crate::kit::ManualClock;
use crate::params;

/// A fixture on the server, unless there is none.
fn on_server() -> Option<Fixture> {
    let fixture = Fixture::new();
    fixture.database.is_some().then_some(fixture)
}

/// Ends this role's connections to a database: those of the server's own workers are not ours to
/// end, and to try is an error.
const CUT: &str = "select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and usename = current_user and pid <> pg_backend_pid()";

/// Ends all connections to the fixture's database but the one that asks, as a restart does.
fn cut(fixture: &Fixture) {
    let dsn = fixture
        .database
        .as_ref()
        .expect("is on a server")
        .dsn()
        .clone();
    off_runtime(|| {
        let mut client = dsn.connect()?;
        client
            .batch_execute(CUT)
            .map_err(|error| Error::Engine(error.to_string()))
    })
    .expect("connections are cut");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_write_in_turn_and_see_what_the_other_left() {
    let Some(fixture) = on_server() else { return };
    let (one, two) = (fixture.open(), fixture.open_seeded(3));
    let id = organization(&one, "alpha").await;
    assert_eq!(two.find_organization("alpha").await, Ok(Some(id)));
    let add = |tx: &Tx<'_>| {
        let next = tx.query_opt("select coalesce(max(id), 0) + 1 from word", &[], |row| {
            row.get::<i64>(0)
        })?;
        put(tx, next.unwrap_or(0), "counted")
    };
    let mut writers = tokio::task::JoinSet::new();
    for number in 0..100 {
        let store = Arc::clone(if number % 2 == 0 { &one } else { &two });
        writers.spawn(async move { store.write(id, Actor::SYSTEM, add).await });
    }
    while let Some(done) = writers.join_next().await {
        assert_eq!(done.expect("no panic"), Ok(()));
    }
    let counted = two.read(id, Actor::SYSTEM, |tx| words(tx).map(|w| w.len()));
    assert_eq!(counted.await, Ok(100));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_in_one_process_is_told_in_the_other() {
    let Some(fixture) = on_server() else { return };
    let (one, two) = (fixture.open(), fixture.open_seeded(3));
    let id = organization(&one, "alpha").await;
    let before = two.revision(id).await;
    let mut changes = two.changes(id);
    one.write(id, Actor::SYSTEM, |tx| put(tx, 1, "one"))
        .await
        .expect("is written");
    changes.next().await;
    assert_ne!(two.revision(id).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_processes_one_looks_after_what_is_due() {
    let Some(fixture) = on_server() else { return };
    let (one, two) = (fixture.open(), fixture.open_seeded(3));
    let id = organization(&one, "alpha").await;
    let now = fixture.clock.now();
    let ask = move |tx: &Tx<'_>| {
        tx.wake_at(now);
        put(tx, 1, "one")
    };
    one.write(id, Actor::SYSTEM, ask).await.expect("is written");
    let (first, second) = tokio::join!(one.take_due(now), two.take_due(now));
    assert_eq!([first, second].concat(), vec![id]);
    // Whoever took it died: the other looks after it, once.
    fixture.clock.advance_minutes(2);
    let later = fixture.clock.now();
    assert_eq!(two.take_due(later).await, vec![id]);
    fixture.clock.advance_minutes(2);
    assert_eq!(one.take_due(fixture.clock.now()).await, Vec::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_connections_are_replaced_and_what_was_begun_is_done_again() {
    let Some(fixture) = on_server() else { return };
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    cut(&fixture);
    let written = store.write(id, Actor::SYSTEM, |tx| put(tx, 1, "one")).await;
    assert_eq!(written, Ok(()));
    // In the middle of a verb: the first run loses its connection, the second stands.
    let (dsn, cuts) = (
        fixture.database.as_ref().map(|d| d.dsn().clone()),
        Arc::new(AtomicU64::new(0)),
    );
    let (counted, server) = (Arc::clone(&cuts), dsn.expect("is on a server"));
    let verb = move |tx: &Tx<'_>| {
        put(tx, 2, "two")?;
        if counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0 {
            let mut other = server.connect()?;
            other
                .batch_execute(CUT)
                .map_err(|error| Error::Engine(error.to_string()))?;
        }
        put(tx, 3, "three")
    };
    assert_eq!(store.write(id, Actor::SYSTEM, verb).await, Ok(()));
    assert_eq!(cuts.load(std::sync::atomic::Ordering::SeqCst), 2);
    let read = store.read(id, Actor::SYSTEM, words).await;
    assert_eq!(read, Ok(vec!["one".into(), "two".into(), "three".into()]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organization_sees_its_own_schema_and_no_other() {
    let Some(fixture) = on_server() else { return };
    let store = fixture.open();
    let (alpha, beta) = (
        organization(&store, "alpha").await,
        organization(&store, "beta").await,
    );
    store
        .write(alpha, Actor::SYSTEM, |tx| put(tx, 1, "ours"))
        .await
        .expect("is written");
    for sql in [
        format!("select text from \"{alpha}\".word"),
        "select seal from kept_control.root_key".to_owned(),
        "select organization_id from kept.state".to_owned(),
    ] {
        let reached = store.read(beta, Actor::SYSTEM, move |tx| {
            tx.query(&sql, &[], |row| row.get::<String>(0))
        });
        let refused = reached.await.expect_err("is refused").to_string();
        assert!(refused.contains("42501"), "{refused}");
    }
    let read = store.read(beta, Actor::SYSTEM, words).await;
    assert_eq!(read, Ok(Vec::new()));
}

#[tokio::test]
async fn another_root_key_is_refused_before_anything_is_read() {
    let Some(fixture) = on_server() else { return };
    drop(fixture.open());
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(fixture.clock.now()));
    let options = fixture.options();
    let entropy = Arc::new(Entropy::seeded(9));
    let opened = Store::open(
        &fixture.place(),
        Key::from_bytes([9; 32]),
        options,
        clock,
        entropy,
    );
    let refused = opened.err().expect("is refused").to_string();
    assert_eq!(
        refused,
        "key: the root key is not the one that this data was made with"
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_to_be() {
    let Some(fixture) = on_server() else { return };
    let place = Place {
        postgres: Some(Dsn::parse("postgres://kept:secret@127.0.0.1:1/kept").expect("is read")),
        ..fixture.place()
    };
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(fixture.clock.now()));
    let entropy = Arc::new(Entropy::seeded(9));
    let opened = Store::open(&place, fixture.key(), fixture.options(), clock, entropy);
    let refused = opened.err().expect("is refused");
    assert!(matches!(refused, Error::Unavailable(_)), "{refused}");
    assert!(!refused.to_string().contains("secret"));
}

#[tokio::test]
async fn a_part_that_is_refused_leaves_the_rest_of_the_verb_standing() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    let verb = |tx: &Tx<'_>| {
        put(tx, 1, "one")?;
        let refused = tx.attempt(|| put(tx, 2, "two").and_then(|()| put(tx, 3, "banned")));
        assert!(refused.is_err());
        tx.execute(
            "insert into word (id, text) values ($1, $2)",
            params![4, "four"],
        )
        .map(|_| ())
    };
    assert_eq!(store.write(id, Actor::SYSTEM, verb).await, Ok(()));
    let read = store.read(id, Actor::SYSTEM, words).await;
    assert_eq!(read, Ok(vec!["one".into(), "four".into()]));
}

#[test]
fn more_organizations_write_at_once_than_there_are_connections_and_threads() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(3)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let Some(fixture) = on_server() else { return };
        let store = fixture.open_narrow(2);
        let mut ids = Vec::new();
        for number in 0..8 {
            ids.push(organization(&store, &format!("org-{number}")).await);
        }
        let mut all = tokio::task::JoinSet::new();
        for round in 0..10_i64 {
            for id in ids.iter().copied() {
                let (writer, reader) = (Arc::clone(&store), Arc::clone(&store));
                let verb = move |tx: &Tx<'_>| put(tx, round, "one of many");
                all.spawn(async move { writer.write(id, Actor::SYSTEM, verb).await });
                all.spawn(async move { reader.read(id, Actor::SYSTEM, words).await.map(|_| ()) });
            }
        }
        let most = std::time::Duration::from_secs(60);
        let done = tokio::time::timeout(most, all.join_all()).await;
        assert!(
            done.expect("nobody waits for ever")
                .iter()
                .all(Result::is_ok)
        );
    });
}
