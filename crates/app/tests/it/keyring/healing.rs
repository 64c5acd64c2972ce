//! Erasures that were cut short, and copies of different ages put together.

use std::path::PathBuf;

use kept_app::ids::PersonId;
use kept_base::kit::{Actor, OrganizationId};
use kept_base::store::{Error, Store};

use super::files::{Files, copy, holds};
use super::{NAME, files, forget, name, other, plant};
use crate::support::TestApp;

/// Copies of an organization's files and of the control database, before and after somebody was
/// forgotten.
struct Copies {
    _test: TestApp,
    files: Files,
    id: OrganizationId,
    person: PersonId,
    stays: PersonId,
}

const WHEN: [&str; 2] = ["before", "after"];

impl Copies {
    async fn make() -> Self {
        let (test, clinic) = TestApp::with_clinic_in_files().await;
        let copies = Self {
            files: files(&test),
            id: clinic.id,
            person: plant(&test, &clinic).await,
            stays: other(&test, &clinic, 1).await,
            _test: test,
        };
        let store = &copies._test.app.store;
        copies.files.close(store, clinic.id);
        copies.keep(WHEN[0]);
        forget(store, clinic.id, copies.person)
            .await
            .expect("is forgotten");
        copies.files.close(store, clinic.id);
        copies.keep(WHEN[1]);
        copies
    }

    fn all(&self) -> [PathBuf; 3] {
        let control = self.files.folder.join("control.db");
        [
            control,
            self.files.key_store(self.id),
            self.files.database(self.id),
        ]
    }

    /// Copies as the engine does, with what is still in a log.
    fn keep(&self, when: &str) {
        let keys = [
            None,
            Some(self.files.key(self.id, "key_store")),
            Some(self.files.key(self.id, "database")),
        ];
        for (path, key) in self.all().iter().zip(keys) {
            match key {
                Some(key) => drop(self.files.connect(path, key)),
                None => self.files.fold_control(),
            }
            copy(path, &path.with_extension(when));
        }
    }

    /// Puts the control database, the key store and the data back, each from one of [`WHEN`].
    fn restore(&self, [control, key_store, data]: [&str; 3]) {
        for (path, when) in self.all().iter().zip([control, key_store, data]) {
            copy(&path.with_extension(when), path);
        }
    }

    async fn is_healed(&self, store: &Store) {
        assert_eq!(name(store, self.id, self.person).await, None);
        let stays = name(store, self.id, self.stays).await;
        assert_eq!(stays.as_deref(), Some("Other 1"));
        let (person, rows) = (self.person, "select count(*) from person where id = $1");
        let left: Result<Option<i64>, Error> = store
            .read(self.id, Actor::OPERATOR, move |tx| {
                tx.query_opt(rows, kept_base::params![person], |row| row.get(0))
            })
            .await;
        assert_eq!(left.expect("is answered"), Some(0));
        self.files.close(store, self.id);
        assert!(!holds(&self.files.plain_database(self.id), NAME.as_bytes()));
        let keys = self.files.connect(
            &self.files.key_store(self.id),
            self.files.key(self.id, "key_store"),
        );
        let tombstones: i64 = keys
            .query_row(
                "select count(*) from tombstone join person_key on person_key.id = key_id
                 where subject = ?1 and wrapped = zeroblob(76)",
                [self.person.to_string()],
                |row| row.get(0),
            )
            .expect("is counted");
        assert_eq!(tombstones, 1);
    }
}

#[tokio::test]
async fn whatever_is_older_is_brought_up_to_date_before_it_answers() {
    let [old, new] = WHEN;
    let copies = Copies::make().await;
    for (seed, ages) in (50..).zip([
        // Nothing was restored.
        [new, new, new],
        // Killed before the rows went, or the data was restored.
        [new, new, old],
        // Killed before the key was destroyed, or key store and data were restored.
        [new, old, old],
        // The key store alone was restored.
        [new, old, new],
        // The control database was restored: the key store knows.
        [old, new, new],
    ]) {
        copies.restore(ages);
        let store = copies.files.reopen(seed);
        // A person whose key is not in memory brings the key store in.
        copies.is_healed(&store).await;
    }
}

#[tokio::test]
async fn an_older_copy_of_all_but_the_key_store_is_noticed_when_somebody_is_read() {
    let [old, new] = WHEN;
    let copies = Copies::make().await;
    copies.restore([old, new, old]);
    let store = copies.files.reopen(70);
    let (id, person) = (copies.id, copies.person);
    let first = store
        .read(id, Actor::OPERATOR, move |tx| {
            kept_app::people::find(tx, person)
        })
        .await;
    assert!(matches!(first, Err(Error::Erasures(_))), "{first:?}");
    copies.is_healed(&store).await;
}

#[tokio::test]
async fn data_that_has_seen_more_than_is_known_is_refused() {
    let [old, new] = WHEN;
    let copies = Copies::make().await;
    copies.restore([old, old, new]);
    let store = copies.files.reopen(80);
    let stays = copies.stays;
    let refused = store
        .read(copies.id, Actor::OPERATOR, move |tx| {
            kept_app::people::find(tx, stays)
        })
        .await;
    assert_eq!(
        refused.expect_err("is refused").to_string(),
        "erasures: the data has seen erasure 1, but key store and control database know of 0 \
         only: restore newer copies of them"
    );
}

#[tokio::test]
async fn keys_that_are_newer_than_their_store_are_named() {
    let copies = Copies::make().await;
    copies.restore([WHEN[1]; 3]);
    let store = copies.files.reopen(90);
    let later = store
        .write(copies.id, Actor::OPERATOR, |tx| {
            kept_app::people::record(tx, &super::planted())
        })
        .await
        .expect("is recorded");
    copies.files.close(&store, copies.id);
    // A key store from before: it has no key of theirs.
    copy(&copies.all()[1].with_extension(WHEN[1]), &copies.all()[1]);
    let store = copies.files.reopen(91);
    let read = store
        .read(copies.id, Actor::OPERATOR, move |tx| {
            kept_app::people::find(tx, later)
        })
        .await;
    let error = read.expect_err("is refused").to_string();
    assert!(
        error.starts_with("key: the key store has no key "),
        "{error}"
    );
}
