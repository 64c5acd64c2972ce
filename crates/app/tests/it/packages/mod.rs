//! Packages that owners and admins ask for on their own pages: from the form to an organization that
//! was made of the file; who may; what happens when somebody dies, is erased or comes too late. On
//! either engine.

mod making;
mod refusing;
mod screens;
mod size;

use std::path::Path;
use std::sync::Arc;

use axum::http::{StatusCode, header};
use data_encoding::HEXLOWER;
use kept_app::access::Role;
use kept_app::audit;
use kept_app::export::{self, Opener};
use kept_app::ids::PackageId;
use kept_app::jobs::Worker;
use kept_app::messaging::transport::{Capture, Transport};
use kept_app::organization;
use kept_app::packages::{self, Package, State};
use kept_base::kit::time::plus_seconds;
use kept_base::kit::{Actor, Clock as _};
use kept_base::store::{Error, Told};
use sha2::{Digest as _, Sha256};

use crate::keyring::{EMAIL, NAME, plant};
use crate::support::desk::Staffer;
use crate::support::{Clinic, Ground, TestApp, at};

pub const PASSPHRASE: &str = "quiet copper morning";
const DOWNLOAD: &str = "/download";

/// A clinic with an owner, and a worker.
struct Office {
    test: TestApp,
    clinic: Clinic,
    owner: Staffer,
    transport: Arc<Transport>,
    worker: Arc<Worker>,
}

impl Office {
    async fn new() -> Self {
        let (test, clinic) = TestApp::with_clinic().await;
        plant(&test, &clinic).await;
        let owner = Staffer::of(&test, &clinic, Role::Owner).await;
        let transport = Arc::new(Transport::Capture(Capture::default()));
        let worker = Arc::new(Worker::new(&test.app, Arc::clone(&transport)));
        Self {
            test,
            clinic,
            owner,
            transport,
            worker,
        }
    }

    /// Asks for a package a second later, which is not made yet.
    async fn ask(&self) -> PackageId {
        let now = self.test.clock.now();
        self.test.clock.set(plus_seconds(now, 1));
        self.owner.prove(&self.test, &self.clinic).await;
        let asked = self.owner.post("/export", &passphrase(PASSPHRASE)).await;
        assert_eq!(asked.location(), "/o/riverside/export?done=export-asked");
        self.newest().await.id
    }

    /// Asks for a package and has it made.
    async fn made(&self) -> PackageId {
        let id = self.ask().await;
        self.worker.run_due().await;
        assert_eq!(self.newest().await.state, State::Ready);
        id
    }

    async fn newest(&self) -> Package {
        let all = self.test.read(self.clinic.id, packages::packages).await;
        all.into_iter().next().expect("a package")
    }

    async fn pass_seconds(&self, seconds: i64) {
        let now = self.test.clock.now();
        self.test.clock.set(plus_seconds(now, seconds));
        self.worker.ask_for_all().await;
        self.worker.run_due().await;
    }

    /// How many parts there are, marks included, and how many packages have a key.
    async fn kept(&self) -> (u32, u32) {
        self.test
            .read::<_, Error, _>(self.clinic.id, |tx| {
                let count = |sql| tx.query_opt(sql, &[], |row| row.get::<u32>(0));
                let parts = count("select count(*) from package_part")?;
                let sealed = "select count(*) from package where key_id is not null
                    or lock_key_id is not null or sealed_lock is not null";
                Ok((parts.unwrap_or(0), count(sealed)?.unwrap_or(0)))
            })
            .await
    }

    /// What was done about packages, by whom.
    async fn acts(&self) -> Vec<String> {
        let acts = self
            .test
            .read(self.clinic.id, |tx| audit::after(tx, 0, 1_000))
            .await;
        let about = |code: &str| code.starts_with("package.") || code == "organization.exported";
        acts.into_iter()
            .filter(|entry| about(&entry.act))
            .map(|entry| {
                let (who, what) = (
                    entry.actor.split(':').next(),
                    entry.detail.split(' ').next(),
                );
                let detail = what.filter(|detail| !detail.starts_with("dwn_"));
                let detail = detail.unwrap_or_default();
                format!("{} {} {detail}", who.unwrap_or_default(), entry.act)
                    .trim()
                    .to_owned()
            })
            .collect()
    }
}

fn passphrase(words: &str) -> [(&str, &str); 4] {
    [
        ("passphrase", words),
        ("again", words),
        ("recipient", ""),
        ("reason", "We move to another town."),
    ]
}

fn address(id: PackageId, what: &str) -> String {
    format!("/export/{id}{what}")
}

fn silent() -> Told {
    Arc::new(|_, _| {})
}

/// Imports a package into an installation of its own, and says what it is called there.
async fn imported(path: &Path, opener: Opener) -> String {
    let other = TestApp::open(Arc::new(Ground::new()), at("2026-11-23T08:00:01Z"), true);
    let with = (Arc::clone(&other.app.zones), silent());
    let made = export::import(
        &other.app.store,
        Actor::OPERATOR,
        (path, opener),
        None,
        with,
    );
    let made = made.await.expect("is imported");
    // What was begun there is not gone on with here.
    let all = other.read(made.id, packages::packages).await;
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].state, State::Removed);
    let worker = Worker::new(&other.app, Arc::new(Transport::Capture(Capture::default())));
    let worker = Arc::new(worker);
    worker.ask_for_all().await;
    worker.run_due().await;
    assert_eq!(other.app.store.faults(made.id).await, Ok(Vec::new()));
    other.read(made.id, organization::load).await.name
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_form_to_an_organization_made_of_the_file() {
    let office = Office::new().await;
    let Office { owner, .. } = &office;
    let empty = owner.get("/export").await;
    assert_eq!(empty.status, StatusCode::OK);
    insta::assert_snapshot!("nothing_yet", empty.text());
    let id = office.ask().await;
    let page = owner.get("/export").await;
    assert!(page.text().contains("Waiting"), "{}", page.text());
    assert!(page.text().contains("See how far it is"));
    let again = owner.post("/export", &passphrase(PASSPHRASE)).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text().contains("being made already"));
    // Nothing says the passphrase, and it opens for the worker alone.
    assert!(!again.body.contains(PASSPHRASE));
    assert_eq!(office.kept().await, (0, 1));

    office.worker.run_due().await;
    let package = office.newest().await;
    assert_eq!((package.id, package.state), (id, State::Ready));
    let (status, headers, bytes) = owner.fetch(&address(id, DOWNLOAD)).await;
    let bytes = bytes.expect("is whole");
    assert_eq!(status, StatusCode::OK);
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    assert_eq!(
        header(header::CONTENT_DISPOSITION),
        Some("attachment; filename=\"riverside.age\"")
    );
    assert_eq!(header(header::CACHE_CONTROL), Some("no-store"));
    assert_eq!(
        header(header::CONTENT_LENGTH),
        Some(&*bytes.len().to_string())
    );
    let digest = HEXLOWER.encode(&Sha256::digest(&bytes));
    assert_eq!(package.sha256.as_deref(), Some(&*digest));
    for planted in [NAME, EMAIL, PASSPHRASE] {
        let mut windows = bytes.windows(planted.len());
        assert!(!windows.any(|part| part == planted.as_bytes()), "{planted}");
    }

    let page = owner.get("/export").await;
    let text = page.text().replace(&digest, "(digest)");
    let size = format!("{} KiB", package.bytes.div_ceil(1024));
    insta::assert_snapshot!("ready_and_fetched", text.replace(&size, "(size)"));
    office.worker.run_due().await;
    assert_eq!(
        office.acts().await,
        [
            "member organization.exported passphrase",
            "system package.ready",
            "member package.downloaded",
        ]
    );
    let Transport::Capture(capture) = &*office.transport else {
        panic!("letters are captured");
    };
    let subjects: Vec<String> = (capture.letters(office.clinic.id).into_iter())
        .filter(|letter| letter.to.address.expose() == "owner@riverside.example")
        .map(|letter| letter.subject)
        .collect();
    assert_eq!(
        subjects,
        [
            "A package of everything of Riverside Clinic was fetched",
            "Everything of Riverside Clinic is being exported",
        ],
        "the newest first"
    );

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("package");
    std::fs::write(&path, &bytes).expect("is written");
    let opener = Opener::Passphrase(PASSPHRASE.to_owned().into());
    assert_eq!(imported(&path, opener).await, "Riverside Clinic");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recipient_opens_it_as_well() {
    let office = Office::new().await;
    let admin = Staffer::of(&office.test, &office.clinic, Role::Admin).await;
    let identity = age::x25519::Identity::generate();
    let recipient = identity.to_public().to_string();
    let form = [("recipient", recipient.as_str()), ("reason", "A copy.")];
    let asked = admin.post("/export", &form).await;
    assert!(asked.location().ends_with("done=export-asked"));
    office.worker.run_due().await;
    let id = office.newest().await.id;
    let (_, _, bytes) = office.owner.fetch(&address(id, DOWNLOAD)).await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("package");
    std::fs::write(&path, bytes.expect("is whole")).expect("is written");
    let opener = Opener::Identity(Box::new(identity));
    assert_eq!(imported(&path, opener).await, "Riverside Clinic");
}
