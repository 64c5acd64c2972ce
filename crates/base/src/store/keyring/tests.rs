use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::kit::{Actor, Clock, ManualClock};
use crate::store::{Options, Place, RootKeyFile, Store, Tx};

fn open(folder: &Path, seed: u64) -> Store {
    let now = "2026-11-23T09:00:00Z".parse().expect("an instant");
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(now));
    let root = RootKeyFile(folder.join("root.key")).load_or_create(&Entropy::seeded(1));
    let options = Options {
        organization_migrations: &[],
        erase: |_, _| Ok(()),
        group_commit: true,
    };
    let entropy = Arc::new(Entropy::seeded(seed));
    Store::open(
        &Place::folder(folder),
        root.expect("a key"),
        options,
        clock,
        entropy,
    )
    .expect("opens")
}

async fn organization(store: &Store) -> OrganizationId {
    let made = store.create_organization("alpha", Actor::OPERATOR, |_| Ok::<(), Error>(()));
    made.await.expect("is made").0
}

fn take(tx: &Tx<'_>, number: usize) -> Result<Vec<(KeyId, Vec<u8>)>, Error> {
    let keys = tx.person_keys()?;
    let mut taken = Vec::new();
    for _ in 0..number {
        let (id, key) = keys.fresh()?;
        taken.push((id, key.seal("a place", "a text", tx.entropy())));
    }
    Ok(taken)
}

#[tokio::test]
async fn a_key_is_durable_before_it_is_given_and_never_given_twice() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    let mut id = None;
    for seed in 2..6 {
        let store = open(folder.path(), seed);
        let organization = match id {
            Some(id) => id,
            None => organization(&store).await,
        };
        id = Some(organization);
        for number in [1, 3, FEWEST_KEYS_AHEAD, 100] {
            let taken = store.write(organization, Actor::SYSTEM, move |tx| take(tx, number));
            all.extend(taken.await.expect("are given"));
        }
        // Those of a transaction that is undone are not given again.
        let undone: Result<(), Error> = store
            .write(organization, Actor::SYSTEM, |tx| {
                take(tx, 5)?;
                Err(Error::Busy)
            })
            .await;
        assert!(undone.is_err());
        // The process ends without closing anything: what is in memory is lost.
        std::mem::forget(store);
    }
    for (id, _) in &all {
        assert!(seen.insert(*id), "{id} was given twice");
    }
    let store = open(folder.path(), 9);
    let opened = store
        .read(id.expect("an organization"), Actor::SYSTEM, move |tx| {
            let keys = tx.person_keys()?;
            keys.load(&all.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
            for (id, sealed) in &all {
                let key = keys.get(*id)?.ok_or(Error::Busy)?;
                assert_eq!(key.open("a place", sealed)?.as_str(), "a text");
                let elsewhere = key.open("note.value nte_1", sealed);
                let error = elsewhere.expect_err("opens in its place alone").to_string();
                assert_eq!(error, "a sealed note.value does not open");
            }
            Ok::<_, Error>(all.len())
        })
        .await;
    assert_eq!(opened.expect("all open"), 4 * (1 + 3 + 8 + 100));
}

#[tokio::test]
async fn a_key_that_the_store_does_not_know_is_an_error_and_no_absence() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = open(folder.path(), 2);
    let id = organization(&store).await;
    let unknown = KeyId::random(&Entropy::seeded(77));
    let read = store.read(id, Actor::SYSTEM, move |tx| {
        tx.person_keys()?.get(unknown).map(|_| ())
    });
    let error: Error = read.await.expect_err("is unknown");
    assert_eq!(
        error.to_string(),
        format!("key: the key store has no key {unknown}")
    );
}

#[tokio::test]
async fn what_prints_keys_prints_nothing_of_them() {
    let key = PersonKey::new(Key::random(&Entropy::seeded(3)));
    assert_eq!(format!("{key:?}"), "PersonKey(..)");
    let id = KeyId::random(&Entropy::seeded(3));
    assert_eq!(id.to_string().parse::<KeyId>().ok(), Some(id));
    assert!("x".parse::<KeyId>().is_err());
}
