//! Moving organizations: there and back is the same, nothing that was acknowledged is lost on the way,
//! and whoever still looks at the old place is led to the new one.

use std::path::Path;
use std::sync::Arc;

use kept_app::people;
use kept_base::kit::{Actor, OrganizationId};
use kept_base::store::copy::Contents;
use kept_base::store::{Error, JobKind, Placement, Relocated, Scratch, Store, Told};

use crate::keyring::{NAME, other, plant};
use crate::support::{START, TestApp, at};

fn silent() -> Told {
    Arc::new(|_, _| {})
}

async fn relocate(
    store: &Arc<Store>,
    id: OrganizationId,
    to: Option<Placement>,
) -> Result<Relocated, Error> {
    let moving = Arc::clone(store);
    store
        .run_job(
            JobKind::Move,
            Some(id),
            Actor::OPERATOR,
            silent(),
            move |progress| Ok((moving.relocate(id, to, progress)?, String::new())),
        )
        .await
}

/// What the organization's data comes to, but for the acts of looking.
async fn contents(store: &Arc<Store>, id: OrganizationId) -> Contents {
    let reading = Arc::clone(store);
    let read =
        tokio::task::spawn_blocking(move || reading.archive_data(id, std::io::sink(), silent()));
    read.await.expect("no panic").expect("is read").2
}

async fn placement(store: &Arc<Store>, id: OrganizationId) -> Placement {
    let all = store.organizations().await.expect("are listed");
    let mut placed = all.into_iter().filter(|placed| placed.id == id);
    placed.next().expect("is there").placement
}

/// The places that an organization can go to and come back from: other files, and on a server also
/// a file.
fn ways(test: &TestApp) -> Vec<Option<Placement>> {
    if test.folder.is_on_server() {
        vec![None, Some(Placement::Server("main".to_owned()))]
    } else {
        vec![None, None]
    }
}

fn names(folder: &Path, id: OrganizationId) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("is read");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.to_string_lossy().replace(&id.to_string(), "ORG"));
    let mut names: Vec<String> = names
        .filter(|name| name.starts_with("ORG") && name.ends_with(".db"))
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_and_back_is_the_same() {
    let (test, clinic) = TestApp::with_clinic().await;
    let person = plant(&test, &clinic).await;
    let store = &test.app.store;
    let before = contents(store, clinic.id).await;
    for to in ways(&test) {
        let moved = relocate(store, clinic.id, to.clone()).await.expect("moves");
        assert_eq!(moved.rows, before.rows);
        assert_eq!(placement(store, clinic.id).await, moved.to);
        if let Some(to) = to {
            assert_eq!(moved.to, to);
        }
        assert_eq!(contents(store, clinic.id).await, before);
        let found = test.read::<_, Error, _>(clinic.id, move |tx| people::find(tx, person));
        let name = found.await.map(|found| found.name.expose().to_owned());
        assert_eq!(name.as_deref(), Some(NAME));
    }
    if !test.folder.is_on_server() {
        // Of the files it was in, nothing is left.
        let names = names(test.folder.path(), clinic.id);
        assert_eq!(names, ["ORG.db", "ORG.keys.db"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_while_it_moved_is_there() {
    let (test, clinic) = TestApp::with_clinic().await;
    let test = Arc::new(test);
    for number in 0..200 {
        other(&test, &clinic, number).await;
    }
    for (round, to) in ways(&test).into_iter().enumerate() {
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let writing = {
            let (test, clinic) = (Arc::clone(&test), clinic.clone());
            tokio::spawn(async move {
                let mut recorded = Vec::new();
                while !*stopped.borrow() {
                    let number = 1_000 + round * 100_000 + recorded.len();
                    recorded.push(other(&test, &clinic, number).await);
                }
                recorded
            })
        };
        let moved = relocate(&test.app.store, clinic.id, to)
            .await
            .expect("moves");
        stop.send(true).expect("somebody writes");
        let recorded = writing.await.expect("all were acknowledged");
        for person in recorded {
            let found = test.read::<_, Error, _>(clinic.id, move |tx| people::find(tx, person));
            assert!(found.await.is_some(), "{person} is gone after {moved:?}");
        }
        // An erasure holds at the new place.
        let more = other(&test, &clinic, 500_000 + round).await;
        people::forget(&test.app.store, clinic.id, Actor::OPERATOR, more)
            .await
            .expect("is forgotten");
        let found = test.read::<_, Error, _>(clinic.id, move |tx| people::find(tx, more));
        assert!(found.await.is_none());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_follows_to_the_new_place() {
    let (one, clinic) = TestApp::with_clinic().await;
    let person = plant(&one, &clinic).await;
    let two = TestApp::open(Arc::clone(&one.folder), at(START), true);
    let seen = async |test: &TestApp| {
        let found = test.read::<_, Error, _>(clinic.id, move |tx| people::find(tx, person));
        found.await.map(|found| found.name.expose().to_owned())
    };
    assert_eq!(seen(&two).await.as_deref(), Some(NAME));
    for to in ways(&one) {
        relocate(&one.app.store, clinic.id, to.clone())
            .await
            .expect("moves");
        // Reading, and writing without having read.
        assert_eq!(seen(&two).await.as_deref(), Some(NAME));
        relocate(&one.app.store, clinic.id, None)
            .await
            .expect("moves");
        let id = other(&two, &clinic, 7).await;
        let found = one.read::<_, Error, _>(clinic.id, move |tx| people::find(tx, id));
        assert!(found.await.is_some());
        if let Some(to) = to {
            relocate(&one.app.store, clinic.id, Some(to))
                .await
                .expect("moves");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_it_is_already_or_cannot_be_is_said() {
    let (test, clinic) = TestApp::with_clinic().await;
    let store = &test.app.store;
    let here = placement(store, clinic.id).await;
    let refused = relocate(store, clinic.id, Some(here)).await;
    assert!(matches!(refused, Err(Error::Copying(_))), "{refused:?}");
    for text in [
        "",
        "files",
        "postgres:",
        "postgres:nowhere",
        "../elsewhere.db",
    ] {
        assert!(store.placement_named(text).await.is_err(), "{text}");
    }
    assert_eq!(store.placement_named("file").await, Ok(None));
}

/// Runs where the environment names a server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_a_file_to_a_server_that_was_added_and_back() {
    let Some(database) = Scratch::for_test("it") else {
        return;
    };
    let (test, clinic) = TestApp::with_clinic_in_files().await;
    let person = plant(&test, &clinic).await;
    let store = &test.app.store;
    let big = Some(Placement::Server("big".to_owned()));
    let before = contents(store, clinic.id).await;
    assert!(relocate(store, clinic.id, big.clone()).await.is_err());
    for name in ["", "main", "file", "Big", "a b", &"x".repeat(41)] {
        let refused = store.add_server(name, database.dsn().clone()).await;
        assert!(
            matches!(refused, Err(Error::Unavailable(_))),
            "{name}: {refused:?}"
        );
    }
    let added = store.add_server("big", database.dsn().clone()).await;
    assert_eq!(added, Ok(()));
    let moved = relocate(store, clinic.id, big).await.expect("moves");
    assert_eq!(moved.rows, before.rows);
    assert_eq!(store.servers().await, Ok(vec![("big".to_owned(), 1)]));
    assert_eq!(contents(store, clinic.id).await, before);
    // Somebody who starts now connects to it by what the control database knows.
    let next = TestApp::open(Arc::clone(&test.folder), at(START), true);
    let found = next.read::<_, Error, _>(clinic.id, move |tx| people::find(tx, person));
    assert!(found.await.is_some());
    relocate(&next.app.store, clinic.id, None)
        .await
        .expect("moves");
    assert_eq!(contents(store, clinic.id).await, before);
    assert_eq!(
        names(test.folder.path(), clinic.id),
        ["ORG.db", "ORG.keys.db"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_knew_the_place_from_before_uses_it_only_when_everything_is_there() {
    let (one, clinic) = TestApp::with_clinic().await;
    let two = TestApp::open(Arc::clone(&one.folder), at(START), true);
    let store = &one.app.store;
    let first = placement(store, clinic.id).await;
    other(&two, &clinic, 1).await;
    // Away and back, while the other process asks nothing.
    relocate(store, clinic.id, None).await.expect("moves");
    let back = one.folder.is_on_server().then_some(first);
    relocate(store, clinic.id, back).await.expect("moves");
    let id = other(&two, &clinic, 2).await;
    let found = one.read::<_, Error, _>(clinic.id, move |tx| people::find(tx, id));
    assert!(found.await.is_some());
}
