use std::sync::Arc;

use super::tests::{Fixture, organization};
use super::*;

pub(super) const QUIET: fn(u64, u64) = |_, _| {};

async fn rotate(store: &Arc<Store>, id: OrganizationId) -> Result<Rotated, Error> {
    let rotating = Arc::clone(store);
    let work =
        move |progress: &Progress| Ok((rotating.rotate_organization(id, progress)?, String::new()));
    let (kind, told) = (JobKind::Rotation, Arc::new(QUIET));
    store
        .run_job(kind, Some(id), Actor::OPERATOR, told, work)
        .await
}

/// Seals a text under fresh keys.
pub(super) async fn seal(
    store: &Store,
    id: OrganizationId,
    number: usize,
) -> Vec<(KeyId, Vec<u8>)> {
    let sealed = store.write(id, Actor::SYSTEM, move |tx| {
        let keys = tx.person_keys()?;
        let mut sealed = Vec::new();
        for _ in 0..number {
            let (id, key) = keys.fresh()?;
            sealed.push((id, key.seal("a place", "a text", tx.entropy())));
        }
        Ok::<_, Error>(sealed)
    });
    sealed.await.expect("are sealed")
}

pub(super) async fn opens(store: &Store, id: OrganizationId, sealed: &[(KeyId, Vec<u8>)]) -> bool {
    let sealed = sealed.to_vec();
    let read = store.read(id, Actor::SYSTEM, move |tx| {
        let keys = tx.person_keys()?;
        for (id, sealed) in &sealed {
            let key = keys.get(*id)?.ok_or(Error::Closing)?;
            assert_eq!(key.open("a place", sealed)?.as_str(), "a text");
        }
        Ok::<_, Error>(())
    });
    read.await.expect("are read");
    true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organization_key_changes_while_another_process_makes_keys() {
    let fixture = Fixture::new();
    let (one, two) = (fixture.open(), fixture.open_seeded(3));
    let id = organization(&one, "alpha").await;
    let mut sealed = seal(&one, id, 300).await;
    sealed.extend(seal(&two, id, 5).await);
    for version in 2..4 {
        let others = Arc::clone(&two);
        let at_work = tokio::spawn(async move {
            let mut sealed = Vec::new();
            for number in 1..30 {
                sealed.extend(seal(&others, id, number).await);
            }
            sealed
        });
        let rotated = rotate(&one, id).await.expect("is changed");
        assert_eq!(rotated.version, version);
        assert!(rotated.keys >= 300, "{rotated:?}");
        sealed.extend(at_work.await.expect("goes on"));
        // Nobody has the keys in memory that were made under a version that is gone.
        let fresh = fixture.open_seeded(u64::from(version) + 10);
        assert!(opens(&fresh, id, &sealed).await);
        let versions = fresh.with_control(move |control| control.wrapped_keys(id));
        let organization_keys = (versions.await.expect("are read").iter())
            .filter(|key| key.wraps_as().is_some())
            .count();
        assert_eq!(organization_keys, 1);
    }
    // Both see what the other wrote since.
    assert!(opens(&one, id, &sealed).await);
    assert!(opens(&two, id, &sealed).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_an_organization_key_that_is_cut_short_goes_on() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    let mut sealed = seal(&store, id, 10).await;
    let (control, entropy) = (
        Arc::clone(&store.control),
        Arc::clone(&store.shared.entropy),
    );
    off_runtime(|| control.begin_rotation(id, &entropy)).expect("is begun");
    drop(store);
    let store = fixture.open_seeded(5);
    assert!(opens(&store, id, &sealed).await);
    sealed.extend(seal(&store, id, 10).await);
    let rotated = rotate(&store, id).await.expect("goes on");
    assert_eq!(rotated.version, 2);
    drop(store);
    let store = fixture.open_seeded(6);
    assert!(opens(&store, id, &sealed).await);
    assert_eq!(rotate(&store, id).await.expect("is changed").version, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_that_was_cut_short_at_its_end_is_ended_before_keys_change() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    let sealed = seal(&store, id, 10).await;
    let moving = Arc::clone(&store);
    let carry = move |progress: &Progress| Ok((moving.carry(id, None, progress)?, String::new()));
    let (kind, told) = (JobKind::Move, Arc::new(QUIET));
    let carried = store.run_job(kind, Some(id), Actor::OPERATOR, told, carry);
    carried.await.expect("is carried over");
    drop(store);
    let store = fixture.open_seeded(5);
    assert_eq!(rotate(&store, id).await.expect("is changed").version, 2);
    drop(store);
    assert!(opens(&fixture.open_seeded(6), id, &sealed).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_is_erased_while_keys_change_stays_erased() {
    let fixture = Fixture::new();
    let (store, others) = (fixture.open(), fixture.open_seeded(3));
    let id = organization(&store, "alpha").await;
    let sealed = seal(&store, id, 200).await;
    let erased: Vec<KeyId> = sealed.iter().step_by(25).map(|(key, _)| *key).collect();
    let keys = erased.clone();
    let erasing = tokio::spawn(async move {
        for (number, key) in keys.into_iter().enumerate() {
            let subject = format!("subject {number}");
            // The log of a file is not emptied while another process reads it: then it is done again.
            loop {
                let erased = others.erase(id, Actor::OPERATOR, &subject, vec![key]);
                match erased.await {
                    Err(Error::Busy) => tokio::task::yield_now().await,
                    erased => break erased.expect("is erased"),
                }
            }
        }
    });
    while !erasing.is_finished() {
        rotate(&store, id).await.expect("is changed");
    }
    erasing.await.expect("are erased");
    let fresh = fixture.open_seeded(7);
    let read = fresh.read(id, Actor::SYSTEM, move |tx| {
        let keys = tx.person_keys()?;
        for (key, _) in &sealed {
            assert_eq!(keys.get(*key)?.is_none(), erased.contains(key), "{key}");
        }
        Ok::<_, Error>(())
    });
    read.await.expect("are read");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_keys_from_the_middle_of_a_change_opens_everything() {
    let (fixture, other) = (Fixture::new(), Fixture::new());
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    let sealed = seal(&store, id, 10).await;
    let (control, entropy) = (
        Arc::clone(&store.control),
        Arc::clone(&store.shared.entropy),
    );
    off_runtime(|| control.begin_rotation(id, &entropy)).expect("is begun");
    let copying = Arc::clone(&store);
    let copied = tokio::task::spawn_blocking(move || {
        let (data, _, _) = copying.archive_data(id, Vec::new(), Arc::new(QUIET))?;
        let (keys, _, _) = copying.archive_keys(id, Vec::new())?;
        Ok::<_, Error>((data, keys))
    });
    let (data, keys) = copied.await.expect("ends").expect("is copied");
    let there = other.open_from(fixture.key(), 5).expect("opens");
    let restoring = Arc::clone(&there);
    let restored = tokio::task::spawn_blocking(move || {
        let told: Told = Arc::new(QUIET);
        restoring.restore(data.as_slice(), keys.as_slice(), &told)?;
        restoring.release_without_log(id)
    });
    restored.await.expect("ends").expect("is restored");
    assert!(opens(&there, id, &sealed).await);
    assert_eq!(rotate(&there, id).await.expect("goes on").version, 2);
    assert!(opens(&there, id, &sealed).await);
}
