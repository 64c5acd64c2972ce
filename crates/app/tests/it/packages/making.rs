//! Workers that die, are many, or meet an erasure.

use std::sync::Arc;

use kept_app::jobs::Worker;
use kept_app::messaging::transport::{Capture, Transport};
use kept_app::packages::{
    self, Ending, Finished, Leased, MAKING_HOURS, MAKING_LEASE_SECONDS, MAX_MAKING_TRIES, State,
};
use kept_app::people;
use kept_base::kit::time::plus_seconds;
use kept_base::kit::{Actor, Clock as _};
use kept_base::store::Tx;

use super::{DOWNLOAD, Office, address};
use crate::keyring::plant;
use crate::support::TestApp;
use crate::support::desk::Staffer;

impl Office {
    /// Takes the package as a process would that dies later.
    async fn lease(&self) -> Leased {
        let leased = self.test.write(self.clinic.id, packages::lease).await;
        leased.expect("a package")
    }

    async fn part(&self, leased: &Leased) -> bool {
        let leased = leased.clone();
        let append = move |tx: &Tx<'_>| packages::append(tx, &leased, 1, &[vec![7; 9]]);
        self.test.write(self.clinic.id, append).await
    }

    /// Ends the process without a word and starts another one `seconds` later.
    async fn crash(self, seconds: i64) -> Self {
        let Self {
            test,
            clinic,
            owner,
            transport,
            worker,
        } = self;
        let now = plus_seconds(test.clock.now(), seconds);
        let folder = Arc::clone(&test.folder);
        let cookie = owner.cookie().to_owned();
        drop((worker, test, owner));
        let test = TestApp::open(folder, now, true);
        let worker = Arc::new(Worker::new(&test.app, Arc::clone(&transport)));
        worker.ask_for_all().await;
        Self {
            owner: Staffer::with_cookie(&test, &clinic.slug, &cookie),
            test,
            clinic,
            transport,
            worker,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_dies_leaves_it_to_the_next() {
    let office = Office::new().await;
    let id = office.ask().await;
    let before = office.lease().await;
    assert!(office.part(&before).await);
    let office = office.crash(MAKING_LEASE_SECONDS - 1).await;
    office.worker.run_due().await;
    let package = office.newest().await;
    assert_eq!(package.state, State::Making, "the lease still runs");
    office.pass_seconds(1).await;
    let package = office.newest().await;
    assert_eq!((package.id, package.state), (id, State::Ready));
    // Whoever was thought dead adds nothing and ends nothing.
    assert!(!office.part(&before).await);
    let finish = move |tx: &Tx<'_>| packages::finish(tx, &before, 1, "digest");
    let finished = office.test.write(office.clinic.id, finish).await;
    assert_eq!(finished, Finished::Lost);
    let (_, _, bytes) = office.owner.fetch(&address(id, DOWNLOAD)).await;
    assert_eq!(bytes.expect("is whole").len() as u64, package.bytes);
}

#[tokio::test]
async fn what_always_breaks_off_is_given_up_and_its_passphrase_destroyed() {
    let office = Office::new().await;
    office.ask().await;
    for attempt in 1..=MAX_MAKING_TRIES {
        assert_eq!(office.lease().await.attempt, attempt);
        let now = office.test.clock.now();
        office
            .test
            .clock
            .set(plus_seconds(now, MAKING_LEASE_SECONDS));
    }
    office.worker.ask_for_all().await;
    office.worker.run_due().await;
    let package = office.newest().await;
    assert_eq!(
        (package.state, package.ending),
        (State::Failed, Some(Ending::BrokenOff))
    );
    assert_eq!(office.kept().await, (0, 0));
    let text = office.owner.get("/export").await.text();
    assert!(text.contains("broke off several times"), "{text}");
    assert_eq!(
        office.acts().await[1..],
        ["system package.failed broken_off"]
    );
}

#[tokio::test]
async fn what_nobody_made_in_time_is_given_up_and_its_passphrase_destroyed() {
    let office = Office::new().await;
    office.ask().await;
    let office = office.crash(MAKING_HOURS * 3_600).await;
    assert_eq!(office.kept().await, (0, 1));
    office.worker.run_due().await;
    let package = office.newest().await;
    assert_eq!(
        (package.state, package.ending),
        (State::Failed, Some(Ending::TooLate))
    );
    assert_eq!(office.kept().await, (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_make_it_once() {
    let office = Office::new().await;
    // On a server, another process; in files, another worker of this one.
    let other = office.test.folder.is_on_server().then(|| {
        let now = plus_seconds(office.test.clock.now(), 1);
        TestApp::open(Arc::clone(&office.test.folder), now, true)
    });
    let app = other.as_ref().map_or(&office.test.app, |other| &other.app);
    let second = Worker::new(app, Arc::new(Transport::Capture(Capture::default())));
    let second = Arc::new(second);
    for _ in 0..3 {
        let id = office.ask().await;
        office.worker.ask_for_all().await;
        second.ask_for_all().await;
        tokio::join!(office.worker.run_due(), second.run_due());
        let package = office.newest().await;
        assert_eq!((package.id, package.state), (id, State::Ready));
        assert_eq!(office.kept().await.0, package.parts + 1);
        let (_, _, bytes) = office.owner.fetch(&address(id, DOWNLOAD)).await;
        assert_eq!(bytes.expect("is whole").len() as u64, package.bytes);
        let removed = office.owner.post(&address(id, "/removal"), &[]).await;
        assert!(removed.location().contains("done=export-removed"));
        let discard = "delete from package_part";
        let cleared = move |tx: &Tx<'_>| tx.execute(discard, &[]);
        office.test.write(office.clinic.id, cleared).await;
    }
    let acts = office.acts().await;
    let ready = acts.iter().filter(|act| *act == "system package.ready");
    assert_eq!(ready.count(), 3, "{acts:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn erasing_somebody_takes_what_they_are_in() {
    let office = Office::new().await;
    let (store, clinic) = (&office.test.app.store, &office.clinic);
    let person = crate::keyring::other(&office.test, clinic, 1).await;
    let id = office.made().await;
    let forget = people::forget(store, clinic.id, Actor::OPERATOR, person);
    forget.await.expect("is forgotten");
    let page = office.owner.post(&address(id, DOWNLOAD), &[]).await;
    assert_eq!(page.status, axum::http::StatusCode::NOT_FOUND);
    let text = office.owner.get("/export").await.text();
    assert!(text.contains("was erased, so it is gone"), "{text}");
    office.pass_seconds(3_600).await;
    assert_eq!(office.kept().await, (0, 0));

    // While it is being made: whoever makes it may have read them already.
    let person = crate::keyring::other(&office.test, clinic, 2).await;
    office.ask().await;
    let leased = office.lease().await;
    assert!(office.part(&leased).await);
    let forget = people::forget(store, clinic.id, Actor::OPERATOR, person);
    forget.await.expect("is forgotten");
    assert!(office.part(&leased).await);
    let finish = move |tx: &Tx<'_>| packages::finish(tx, &leased, 1, "digest");
    let finished = office.test.write(clinic.id, finish).await;
    assert_eq!(finished, Finished::Again);
    office.worker.run_due().await;
    assert_eq!(office.newest().await.state, State::Ready);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_download_that_loses_its_package_breaks_off() {
    let office = Office::new().await;
    plant(&office.test, &office.clinic).await;
    let id = office.made().await;
    let gone = "delete from package_part where number > 0";
    let cleared = move |tx: &Tx<'_>| tx.execute(gone, &[]);
    office.test.write(office.clinic.id, cleared).await;
    let (_, _, bytes) = office.owner.fetch(&address(id, DOWNLOAD)).await;
    assert!(bytes.is_err(), "half a package is none");
}
