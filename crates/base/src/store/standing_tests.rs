//! Suspended organizations, seen by several processes.

use std::time::Duration;

use super::tests::{Fixture, organization, put, words};
use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspended_organization_answers_nothing_and_another_goes_on() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let (id, other) = (
        organization(&store, "alpha").await,
        organization(&store, "beta").await,
    );
    store
        .write(id, Actor::SYSTEM, |tx| put(tx, 1, "one"))
        .await
        .expect("is written");
    let mut changes = store.changes(id);
    let suspend = |reason| store.suspend_organization(id, Actor::OPERATOR, reason);
    assert_eq!(suspend("unpaid").await, Ok(true));
    assert_eq!(suspend("again").await, Ok(false), "it is already");
    changes.next().await;
    let read = store.read(id, Actor::SYSTEM, words).await;
    assert_eq!(read, Err(Error::Suspended));
    let write = store.write(id, Actor::SYSTEM, |tx| put(tx, 2, "two")).await;
    assert_eq!(write, Err(Error::Suspended));
    assert_eq!(store.revision(id).await, Err(Error::Suspended));
    let read = store.read(other, Actor::SYSTEM, words).await;
    assert_eq!(read, Ok(Vec::new()));
    // Whoever looks after the installation still can, and what was begun comes to its end.
    let read = store.read_regardless(id, Actor::OPERATOR, words).await;
    assert_eq!(read, Ok(vec!["one".to_owned()]));
    let put_two = |tx: &Tx<'_>| put(tx, 2, "two");
    let ended = store.write_regardless(id, Actor::SYSTEM, put_two).await;
    assert_eq!(ended, Ok(()));
    assert_eq!(store.faults(id).await, Ok(Vec::new()));

    assert_eq!(store.take_due(fixture.clock.now()).await.len(), 0);
    let resumed = store.resume_organization(id, Actor::OPERATOR);
    assert_eq!(resumed.await, Ok(true));
    let resumed = store.resume_organization(id, Actor::OPERATOR);
    assert_eq!(resumed.await, Ok(false), "it goes on already");
    assert_eq!(store.take_due(fixture.clock.now()).await, vec![id]);
    let read = store.read(id, Actor::SYSTEM, words).await;
    assert_eq!(read.map(|words| words.len()), Ok(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_stops_within_seconds_and_a_new_one_at_once() {
    let fixture = Fixture::new();
    let (one, two) = (fixture.open(), fixture.open_seeded(3));
    let id = organization(&one, "alpha").await;
    assert_eq!(two.read(id, Actor::SYSTEM, words).await, Ok(Vec::new()));
    let suspended = one.suspend_organization(id, Actor::OPERATOR, "unpaid");
    assert_eq!(suspended.await, Ok(true));
    fixture.clock.advance_minutes(1);
    let read = two.read(id, Actor::SYSTEM, words).await;
    assert_eq!(read, Err(Error::Suspended));
    let three = fixture.open_seeded(5);
    let read = three.read(id, Actor::SYSTEM, words).await;
    assert_eq!(read, Err(Error::Suspended));
    let resumed = two.resume_organization(id, Actor::OPERATOR);
    assert_eq!(resumed.await, Ok(true));
    fixture.clock.advance_minutes(1);
    assert_eq!(one.read(id, Actor::SYSTEM, words).await, Ok(Vec::new()));
    // A clock that was set back makes nothing fresh that is not.
    let suspended = one.suspend_organization(id, Actor::OPERATOR, "unpaid");
    assert_eq!(suspended.await, Ok(true));
    fixture.clock.advance_minutes(-60);
    let read = two.read(id, Actor::SYSTEM, words).await;
    assert_eq!(read, Err(Error::Suspended));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_server_the_other_process_is_told() {
    let fixture = Fixture::new();
    if fixture.database.is_none() {
        return;
    }
    let (one, two) = (fixture.open(), fixture.open_seeded(3));
    let id = organization(&one, "alpha").await;
    assert_eq!(two.read(id, Actor::SYSTEM, words).await, Ok(Vec::new()));
    let mut changes = two.changes(id);
    let suspended = one.suspend_organization(id, Actor::OPERATOR, "unpaid");
    assert_eq!(suspended.await, Ok(true));
    let told = tokio::time::timeout(Duration::from_secs(20), changes.next());
    assert!(told.await.is_ok());
    // The clock stands still.
    let read = two.read(id, Actor::SYSTEM, words).await;
    assert_eq!(read, Err(Error::Suspended));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_survey_tells_where_how_large_and_whether_it_opened() {
    let fixture = Fixture::new();
    let store = fixture.open();
    for slug in ["beta", "alpha", "alpine", "gamma"] {
        organization(&store, slug).await;
    }
    let slugs = |found: &[Surveyed]| -> Vec<String> {
        found.iter().map(|one| one.placed.slug.clone()).collect()
    };
    let all = store.survey("", "", 10).await.expect("is answered");
    assert_eq!(slugs(&all), ["alpha", "alpine", "beta", "gamma"]);
    for one in &all {
        assert_eq!(one.state, OrganizationState::Active);
        assert_eq!(one.health, Health::Opened);
        assert!(one.bytes.is_some_and(|bytes| bytes >= 4096), "{one:?}");
        assert_eq!(one.created_at, fixture.clock.now());
    }
    let found = store.survey("alp", "", 10).await.expect("is answered");
    assert_eq!(slugs(&found), ["alpha", "alpine"]);
    let next = store.survey("", "alpine", 1).await.expect("is answered");
    assert_eq!(slugs(&next), ["beta"]);
    for nothing in ["%", "_", "' or 1=1"] {
        assert_eq!(store.survey(nothing, "", 10).await, Ok(Vec::new()));
    }
    let id = all[0].placed.id;
    let suspended = store.suspend_organization(id, Actor::OPERATOR, "unpaid");
    assert_eq!(suspended.await, Ok(true));
    let one = store.survey("alpha", "", 1).await.expect("is answered");
    assert_eq!(one[0].state, OrganizationState::Suspended);
    assert_eq!(one[0].because.as_deref(), Some("unpaid"));
    let counts = Counts {
        all: 4,
        opened: 4,
        failed: 0,
        suspended: 1,
    };
    assert_eq!(store.counts().await, Ok(counts));

    let another = fixture.open_seeded(3);
    let one = another.survey("alpha", "", 1).await.expect("is answered");
    assert_eq!(one[0].health, Health::Unknown);
    assert_eq!(another.probe(id).await, Health::Opened);
}

#[tokio::test]
async fn an_organization_that_does_not_open_is_counted_as_such() {
    let fixture = Fixture::in_files();
    let id = organization(&fixture.open(), "alpha").await;
    let file = fixture.place().folder.join(format!("{id}.db"));
    std::fs::write(&file, vec![7; 8192]).expect("is ours");
    let store = fixture.open();
    assert_eq!(store.probe(id).await, Health::Failed);
    let counts = store.counts().await.expect("is answered");
    assert_eq!((counts.opened, counts.failed), (0, 1));
}
