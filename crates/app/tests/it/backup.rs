//! Backups: what is put back is what was there, whoever was erased stays so, and nothing that is
//! damaged is taken for whole. On either engine.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kept_app::backup::{self, Found, Identity, Made, Part, Put, SetKind, Wanted};
use kept_app::config::Backup;
use kept_app::ids::PersonId;
use kept_app::people;
use kept_base::kit::{Actor, Clock as _, OrganizationId};
use kept_base::store::{Error, JobKind, JobState, Told};

use crate::keyring::{ANSWER, EMAIL, NAME, NOTE, PHONE, plant};
use crate::support::{Clinic, Ground, START, TestApp, at};

/// A folder of backups and the identity that opens them.
struct Backups {
    folder: tempfile::TempDir,
    identity: Identity,
}

fn silent() -> Told {
    Arc::new(|_, _| {})
}

impl Backups {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            identity: Identity::generate(),
        }
    }

    fn settings(&self) -> Backup {
        Backup {
            folder: self.folder.path().to_owned(),
            recipient: self.identity.recipient(),
            identity_file: None,
            every_hours: 24,
            keep_days: 35,
            keys_every_hours: 1,
            keys_keep_days: 7,
            drill_every_days: 30,
        }
    }

    async fn data(&self, test: &TestApp) -> Result<Made, Error> {
        let (store, settings) = (&test.app.store, self.settings());
        backup::back_up_data(store, &settings, None, Actor::OPERATOR, silent()).await
    }

    async fn keys(&self, test: &TestApp) -> Result<Made, Error> {
        let (store, settings) = (&test.app.store, self.settings());
        backup::back_up_keys(store, &settings, None, Actor::OPERATOR, silent()).await
    }

    /// Both, some time after what was done before.
    async fn both(&self, test: &TestApp) {
        test.clock.advance_minutes(1);
        self.data(test).await.expect("data is backed up");
        self.keys(test).await.expect("keys are backed up");
    }

    async fn restore(&self, test: &TestApp, wanted: Wanted) -> Result<Vec<Put>, Error> {
        let (store, folder) = (&test.app.store, self.folder.path());
        backup::restore(store, folder, &self.identity, wanted, silent()).await
    }

    fn newest(&self, kind: SetKind, id: OrganizationId) -> (Found, Part) {
        let newest = backup::newest(self.folder.path(), kind, id, None, jiff::Timestamp::MAX);
        newest.expect("sets are read").expect("there is one")
    }

    fn file(&self, kind: SetKind, id: OrganizationId) -> PathBuf {
        let (set, part) = self.newest(kind, id);
        set.folder.join(part.file)
    }
}

async fn name_of(test: &TestApp, id: OrganizationId, person: PersonId) -> Option<String> {
    let found = test.read::<_, Error, _>(id, move |tx| people::find(tx, person));
    found.await.map(|found| found.name.expose().to_owned())
}

async fn forget(test: &TestApp, clinic: &Clinic, person: PersonId) {
    let forgotten = people::forget(&test.app.store, clinic.id, Actor::OPERATOR, person);
    forgotten.await.expect("is forgotten");
}

fn flip_a_byte(path: &Path) {
    let mut bytes = std::fs::read(path).expect("is read");
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    std::fs::write(path, bytes).expect("is ours");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_put_back_is_what_was_there_row_by_row() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (backups, person) = (Backups::new(), plant(&test, &clinic).await);
    backups.both(&test).await;
    let copied = backups.newest(SetKind::Data, clinic.id).1.contents;
    assert!(copied.rows > 20, "{copied:?}");

    let other = TestApp::empty();
    let put = backups
        .restore(&other, Wanted::default())
        .await
        .expect("is put back");
    assert_eq!(put.len(), 1);
    assert_eq!(put[0].erasures, Ok(0));
    assert_eq!(put[0].restored.placed.slug, "riverside");
    assert_eq!(put[0].restored.contents, copied);
    assert_eq!(
        name_of(&other, clinic.id, person).await.as_deref(),
        Some(NAME)
    );
    let found = other.app.store.find_organization("riverside").await;
    assert_eq!(found, Ok(Some(clinic.id)));

    // It lives: there and back again is the same.
    let again = Backups::new();
    again.both(&other).await;
    let copied_again = again.newest(SetKind::Data, clinic.id).1.contents;
    assert_eq!(copied_again, copied);
    let refused = backups.restore(&other, Wanted::default()).await;
    let here = Error::Archive("the organization is here already");
    assert_eq!(refused.err(), Some(here));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_data_tells_nothing_of_people_without_the_keys() {
    let (test, clinic) = TestApp::with_clinic().await;
    let backups = Backups::new();
    plant(&test, &clinic).await;
    backups.both(&test).await;
    // As any program for age and gzip would read it.
    let text = backups.folder.path().join("identity");
    backups.identity.save(&text).expect("is saved");
    let text = std::fs::read_to_string(text).expect("is read");
    let identity: age::x25519::Identity =
        (text.lines().nth(1).expect("the second line").parse()).expect("an identity");
    let unpacked = |kind| {
        let file = std::fs::File::open(backups.file(kind, clinic.id)).expect("opens");
        let opened = age::Decryptor::new(file).expect("is an age file");
        let opened = opened.decrypt(std::iter::once(&identity as &dyn age::Identity));
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(opened.expect("opens"))
            .read_to_end(&mut bytes)
            .expect("is packed");
        bytes
    };
    let holds = |bytes: &[u8], text: &str| {
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    for kind in [SetKind::Data, SetKind::Keys] {
        let bytes = unpacked(kind);
        for planted in [NAME, "Zanzibar", EMAIL, PHONE, ANSWER, NOTE] {
            assert!(!holds(&bytes, planted), "{planted} is in {kind:?}");
        }
    }
    // What is not about people is found, so the search works.
    assert!(holds(&unpacked(SetKind::Data), "Riverside"));
    let packed = std::fs::read(backups.file(SetKind::Data, clinic.id)).expect("is read");
    assert!(!holds(&packed, "Riverside"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_erased_after_the_copy_stays_erased() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (backups, person) = (Backups::new(), plant(&test, &clinic).await);
    let logged = backups.folder.path().join("erasures");
    let test = {
        // Erasures are logged as they happen.
        let place = kept_base::store::Place {
            erasures: Some(logged),
            ..test.folder.place()
        };
        test.app.store.close();
        TestApp::open_in(test.folder, &place, at(START), true)
    };
    backups.both(&test).await;
    forget(&test, &clinic, person).await;

    let other = TestApp::empty();
    let put = backups
        .restore(&other, Wanted::default())
        .await
        .expect("is put back");
    assert_eq!(put[0].erasures, Ok(1));
    assert_eq!(name_of(&other, clinic.id, person).await, None);
    let faults = other.app.store.faults(clinic.id).await;
    assert_eq!(faults, Ok(Vec::new()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_log_of_erasures_it_does_not_open() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (backups, person) = (Backups::new(), plant(&test, &clinic).await);
    backups.both(&test).await;
    let (log, away) = (
        backups.folder.path().join("erasures"),
        backups.folder.path().join("elsewhere"),
    );
    std::fs::rename(&log, &away).expect("is moved");

    let other = TestApp::empty();
    let held = backups
        .restore(&other, Wanted::default())
        .await
        .expect("is put back");
    let why = held[0].erasures.clone().expect_err("is held");
    assert_eq!(why, "there is no log of this organization");
    let read = (other.app.store).read(clinic.id, Actor::VISITOR, move |tx| {
        people::find(tx, person).map(|_| ())
    });
    let refused = read.await.expect_err("is refused");
    assert!(matches!(refused, Error::Held(_)), "{refused:?}");

    // The log is found: restoring again opens it.
    std::fs::rename(&away, &log).expect("is moved");
    let put = backups
        .restore(&other, Wanted::default())
        .await
        .expect("is put back");
    assert_eq!(put[0].erasures, Ok(0));
    assert_eq!(
        name_of(&other, clinic.id, person).await.as_deref(),
        Some(NAME)
    );

    // It is lost: somebody has to say why that is accepted.
    std::fs::remove_dir_all(&log).expect("is removed");
    let third = TestApp::empty();
    let wanted = Wanted {
        without_log: Some("the disk with the log burnt".to_owned()),
        ..Wanted::default()
    };
    let put = backups.restore(&third, wanted).await.expect("is put back");
    assert_eq!(put[0].erasures, Ok(0));
    assert_eq!(
        name_of(&third, clinic.id, person).await.as_deref(),
        Some(NAME)
    );
    let job = third.app.store.last_job(JobKind::Restore, true).await;
    let outcome = job.expect("is read").and_then(|job| job.outcome);
    assert!(outcome.is_some_and(|text| text.contains("the disk with the log burnt")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_damaged_forged_or_anothers_is_refused_and_nothing_of_it_stays() {
    let (test, clinic) = TestApp::with_clinic().await;
    let backups = Backups::new();
    plant(&test, &clinic).await;
    backups.both(&test).await;
    let refused = async |test: &TestApp, backups: &Backups| {
        let refused = backups.restore(test, Wanted::default()).await;
        let refused = refused.expect_err("is refused").to_string();
        let here = test.app.store.organizations().await;
        assert_eq!(here.map(|all| all.len()), Ok(0));
        refused
    };
    let other = TestApp::empty();

    let stranger = Backups {
        identity: Identity::generate(),
        folder: tempfile::tempdir().expect("a temporary folder"),
    };
    copy_all(backups.folder.path(), stranger.folder.path());
    let text = refused(&other, &stranger).await;
    assert!(text.contains("does not open with this identity"), "{text}");

    // Another root key.
    let another = TestApp::open(Arc::new(Ground::new()), at("2026-11-24T00:00:00Z"), true);
    let text = refused(&another, &backups).await;
    assert!(text.contains("its seal is not of this root key"), "{text}");

    let data = backups.file(SetKind::Data, clinic.id);
    flip_a_byte(&data);
    let text = refused(&other, &backups).await;
    assert!(text.contains("its digest is another"), "{text}");
    flip_a_byte(&data);

    let manifest = data.with_file_name("manifest.json");
    let text = std::fs::read_to_string(&manifest).expect("is read");
    std::fs::write(&manifest, text.replace("riverside", "elsewhere")).expect("is ours");
    let text = refused(&other, &backups).await;
    assert!(text.contains("its seal is not of this root key"), "{text}");
}

fn copy_all(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("is read") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir(&target).expect("is made");
            copy_all(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("is copied");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copies_of_keys_go_after_seven_days_and_with_them_whom_they_could_bring_back() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (backups, person) = (Backups::new(), plant(&test, &clinic).await);
    backups.both(&test).await;
    forget(&test, &clinic, person).await;
    let sets = |kind| {
        backup::sets(backups.folder.path(), kind)
            .expect("are read")
            .len()
    };
    test.clock.advance_minutes(6 * 24 * 60);
    assert_eq!(backups.keys(&test).await.map(|made| made.expired), Ok(0));
    assert_eq!(sets(SetKind::Keys), 2);
    test.clock.advance_minutes(24 * 60);
    assert_eq!(backups.keys(&test).await.map(|made| made.expired), Ok(1));
    assert_eq!((sets(SetKind::Data), sets(SetKind::Keys)), (1, 2));

    // The copy of the data still has the person's rows, and nothing opens them: even where nobody
    // knows of the erasure.
    std::fs::remove_dir_all(backups.folder.path().join("erasures")).expect("is removed");
    let other = TestApp::empty();
    let wanted = Wanted {
        without_log: Some("to look what is left".to_owned()),
        ..Wanted::default()
    };
    backups.restore(&other, wanted).await.expect("is put back");
    assert_eq!(name_of(&other, clinic.id, person).await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_copy_of_an_organization_stays_and_what_was_half_removed_goes() {
    let (test, clinic) = TestApp::with_clinic().await;
    let harbor = crate::support::clinic::create(&test, "harbor").await;
    let backups = Backups::new();
    backups.both(&test).await;
    let part = |id| backups.newest(SetKind::Data, id).0.folder;
    let first = part(harbor.id);
    let only = async |id| {
        let (store, settings) = (&test.app.store, backups.settings());
        backup::back_up_data(store, &settings, Some(id), Actor::OPERATOR, silent()).await
    };
    // Of one organization alone there are newer ones, and the time of the first is over.
    test.clock.advance_minutes(36 * 24 * 60);
    let half = backups.folder.path().join("data/20260101T000000Z");
    std::fs::create_dir(&half).expect("is made");
    std::fs::write(half.join("left.gz.age"), "left").expect("is written");
    let made = only(clinic.id).await.expect("is backed up");
    assert_eq!(made.expired, 1);
    assert!(!half.exists());
    assert_eq!(part(harbor.id), first);
    assert!(backups.file(SetKind::Data, harbor.id).exists());
    let of_clinic = first.join(format!("{}.data.gz.age", clinic.id));
    assert!(
        !of_clinic.exists(),
        "its time is over and there is a newer one"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drill_restores_everything_and_keeps_what_it_found() {
    let (test, clinic) = TestApp::with_clinic().await;
    let backups = Backups::new();
    let place = tempfile::tempdir().expect("a temporary folder");
    let drill = async || {
        let (store, settings) = (&test.app.store, backups.settings());
        let identity = &backups.identity;
        backup::drill(
            store,
            &settings,
            identity,
            place.path(),
            Actor::OPERATOR,
            silent(),
        )
        .await
    };
    let none = drill().await.expect_err("there is nothing").to_string();
    assert!(
        none.contains("no backup has an organization that is here"),
        "{none}"
    );
    plant(&test, &clinic).await;
    backups.both(&test).await;
    let drilled = drill().await.expect("is restored");
    let copied = backups.newest(SetKind::Data, clinic.id).1.contents;
    assert_eq!((drilled.organizations, drilled.rows), (1, copied.rows));
    let left = std::fs::read_dir(place.path()).expect("is read").count();
    assert_eq!(left, 0, "the scratch folder is gone");
    let job = test.app.store.last_job(JobKind::Drill, true).await;
    let job = job.expect("is read").expect("there is one");
    assert_eq!(job.state(test.clock.now()), JobState::Done);
    let outcome: serde_json::Value =
        serde_json::from_str(&job.outcome.expect("it has one")).expect("is JSON");
    assert_eq!(outcome["rows"], copied.rows);

    test.clock.advance_minutes(1);
    flip_a_byte(&backups.file(SetKind::Keys, clinic.id));
    drill().await.expect_err("the keys are damaged");
    let last = test.app.store.last_job(JobKind::Drill, false).await;
    let last = last.expect("is read").expect("there is one");
    assert_eq!(last.state(test.clock.now()), JobState::Failed);
}
