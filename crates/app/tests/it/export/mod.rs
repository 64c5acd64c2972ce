//! Packages of whole organizations: there and back is the same, nothing that must stay behind leaves,
//! and nothing of a stranger's package is believed. On either engine.

mod command;
mod locks;
pub mod opened;
mod strange;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kept_app::access::Role;
use kept_app::export::{self, ExportError, Exported, How, Imported, Lock, Opener, RULES};
use kept_app::ids::PersonId;
use kept_app::look::{self, Change, FootLink, LookError, Texts};
use kept_app::manifest;
use kept_app::offering::{self, LocationChange, OfferingError};
use kept_app::packages::{self, LockKind, PackageError, Wanted};
use kept_app::people::{self, Which};
use kept_app::scheduling::{self, SchedulingError};
use kept_base::kit::{Actor, OrganizationId, Secret};
use kept_base::page::Locale;
use kept_base::store::{Error, Told};

use crate::keyring::{ANSWER, EMAIL, NAME, NOTE, PHONE, plant};
use crate::support::desk::Staffer;
use crate::support::may;
use crate::support::{Clinic, Ground, TestApp, at};
use opened::Opened;

const PNG: &[u8] = include_bytes!("../../assets/look/square.png");
const PASSPHRASE: &str = "quiet copper morning";

fn silent() -> Told {
    Arc::new(|_, _| {})
}

/// Keys to lock packages with, and a folder for them.
struct Shelf {
    folder: tempfile::TempDir,
    identity: age::x25519::Identity,
}

impl Shelf {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            identity: age::x25519::Identity::generate(),
        }
    }

    fn lock(&self) -> Lock {
        Lock::recipient(&self.identity.to_public().to_string()).expect("a recipient")
    }

    fn opener(&self) -> Opener {
        Opener::Identity(Box::new(self.identity.clone()))
    }

    async fn export(
        &self,
        test: &TestApp,
        id: OrganizationId,
        name: &str,
    ) -> (PathBuf, Exported, Opened) {
        let (store, lock) = (&test.app.store, self.lock());
        let made = export::export(store, id, Actor::OPERATOR, (lock, Vec::new()), silent()).await;
        let (bytes, made) = made.expect("is exported");
        let path = self.folder.path().join(name);
        std::fs::write(&path, &bytes).expect("is written");
        (path, made, Opened::new(&bytes, &self.identity))
    }

    async fn import(
        &self,
        test: &TestApp,
        path: &Path,
        slug: Option<&str>,
    ) -> Result<Imported, ExportError> {
        let zones = Arc::clone(&test.app.zones);
        let (from, slug) = ((path, self.opener()), slug.map(str::to_owned));
        export::import(
            &test.app.store,
            Actor::OPERATOR,
            from,
            slug,
            (zones, silent()),
        )
        .await
    }
}

/// A clinic with something in every part: members, a look, a place within a place, a person.
async fn furnished() -> (TestApp, Clinic, PersonId) {
    let (test, clinic) = TestApp::with_clinic().await;
    let person = plant(&test, &clinic).await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await.id;
    let (zones, catalogs) = (Arc::clone(&test.app.zones), Arc::clone(&test.app.catalogs));
    let (inner, outer) = (clinic.harbor, clinic.hill);
    test.write::<_, OfferingError, _>(clinic.id, move |tx| {
        let within = LocationChange {
            name: "Harbor".to_owned(),
            address: "Hafenstr. 12, Berlin".to_owned(),
            zone: "Europe/Berlin".to_owned(),
            parent: Some(outer),
        };
        let catalog = catalogs.get(tx)?;
        offering::set_location(tx, &may(), &zones, &catalog, Some(inner), &within)?;
        Ok(())
    })
    .await;
    test.write::<_, LookError, _>(clinic.id, move |tx| {
        let link = FootLink {
            label: "Imprint".to_owned(),
            url: "https://riverside.example/imprint".to_owned(),
        };
        let texts = Change::Texts(Locale::En, Texts::default(), vec![link]);
        look::change(tx, &may(), &texts)?;
        let sites = Change::Origins(vec!["https://riverside.example".to_owned()]);
        look::change(tx, &may(), &sites)?;
        look::set_logo(tx, &may(), PNG)?;
        Ok(())
    })
    .await;
    test.write::<_, PackageError, _>(clinic.id, move |tx| {
        let wanted = Wanted {
            lock: LockKind::Passphrase,
            secret: Secret::new(PASSPHRASE.to_owned()),
            reason: "A copy.".to_owned(),
        };
        packages::ask(tx, &may(), owner, &wanted)
    })
    .await;
    (test, clinic, person)
}

#[test]
fn each_table_and_column_has_a_rule_and_no_bytes_leave_unnamed() {
    for table in manifest::tables() {
        let rule = RULES.iter().find(|rule| rule.table == table.name);
        let rule = rule.unwrap_or_else(|| panic!("{} has no rule for exports", table.name));
        let personal = table.personal.iter().map(|personal| personal.column);
        let columns: Vec<&str> = table.plain.iter().copied().chain(personal).collect();
        let mut ruled = rule.kept.to_vec();
        ruled.extend(rule.special.iter().map(|(column, _)| *column));
        if rule.out.is_some() {
            assert!(ruled.is_empty(), "{} leaves and stays", table.name);
            continue;
        }
        for column in &columns {
            let times = ruled.iter().filter(|ruled| *ruled == column).count();
            assert_eq!(times, 1, "{}.{column} has {times} rules", table.name);
        }
        assert_eq!(ruled.len(), columns.len(), "{} has more rules", table.name);
        for secret in ["token_hash", "password_hash", "key_id", "tokens"] {
            assert!(!rule.leaves(secret), "{}.{secret} leaves", table.name);
        }
    }
    let known = |name: &str| manifest::tables().any(|table| table.name == name);
    assert!(RULES.iter().all(|rule| known(rule.table)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_and_back_is_the_same() {
    let (test, clinic, person) = furnished().await;
    let shelf = Shelf::new();
    let (path, made, first) = shelf.export(&test, clinic.id, "first").await;
    assert!(made.rows > 40, "{made:?}");

    // Later, so that its randomness is another.
    let ground = Arc::new(Ground::new());
    let other = TestApp::open(ground, at("2026-11-23T08:00:01Z"), true);
    let imported = (shelf.import(&other, &path, None).await).expect("is imported");
    assert_eq!(
        (imported.slug.as_str(), imported.rows),
        ("riverside", made.rows)
    );
    assert_ne!(imported.id, clinic.id);
    assert_eq!(imported.owners.len(), 1, "one owner sets a password");
    assert!(imported.owners[0].member.is_some());
    assert_eq!(other.app.store.faults(imported.id).await, Ok(Vec::new()));

    let (_, _, again) = shelf.export(&other, imported.id, "again").await;
    let (from, to) = (clinic.id.to_string(), imported.id.to_string());
    for rule in RULES.iter().filter(|rule| rule.out.is_none()) {
        let mut before = first.rows(rule.table);
        for row in &mut before {
            for (column, how) in rule.special {
                if *how == How::Organization && row[*column] == from.as_str() {
                    row[*column] = to.as_str().into();
                }
            }
        }
        let mut after = again.rows(rule.table);
        if rule.table == "act" {
            // What was done since is added; nothing of before is changed.
            let added: Vec<String> = (after.split_off(before.len()).iter())
                .map(|act| act["act"].as_str().unwrap_or_default().to_owned())
                .collect();
            let expected = [
                "organization.imported",
                "member.invited",
                "organization.exported",
            ];
            assert_eq!(added, expected);
        }
        assert_eq!(before, after, "{}", rule.table);
    }
    assert_eq!(again.files(), first.files());

    // It lives: the person is found by name and address, and their time is taken.
    for typed in ["zanz", EMAIL, "0987654321"] {
        let found = other.read::<_, Error, _>(imported.id, move |tx| {
            people::search(tx, &Which::typed(typed), None, 10)
        });
        let found: Vec<PersonId> = found.await.people.into_iter().map(|one| one.id).collect();
        assert_eq!(found, [person], "{typed}");
    }
    let catalogs = Arc::clone(&other.app.catalogs);
    let new = clinic.booking(clinic.review, "2026-11-26T09:00:00Z");
    let booked = (other.app.store)
        .write(imported.id, Actor::VISITOR, move |tx| {
            scheduling::book(tx, &catalogs, &new)
        })
        .await;
    assert!(
        matches!(booked, Err(SchedulingError::SlotTaken { .. })),
        "{booked:?}"
    );
    let catalogs = Arc::clone(&other.app.catalogs);
    let new = clinic.booking(clinic.review, "2026-11-26T12:00:00Z");
    (other.app.store)
        .write(imported.id, Actor::VISITOR, move |tx| {
            scheduling::book(tx, &catalogs, &new)
        })
        .await
        .expect("another time is free");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_leaves_of_whoever_was_erased_nor_what_lets_anybody_in() {
    let (test, clinic, person) = furnished().await;
    let shelf = Shelf::new();
    let (_, _, before) = shelf.export(&test, clinic.id, "before").await;
    let planted = [NAME, "Zanzibar", EMAIL, PHONE, ANSWER, NOTE];
    for text in planted {
        assert!(before.holds(text), "{text} is there before");
    }
    people::forget(&test.app.store, clinic.id, Actor::OPERATOR, person)
        .await
        .expect("is forgotten");
    let (_, _, after) = shelf.export(&test, clinic.id, "after").await;
    for text in planted.iter().chain(&["$argon2id$"]) {
        assert!(!after.holds(text), "{text} left");
    }
    // The control: what stays is found, so the search works.
    for text in ["Robin Vale", "owner@riverside.example", "Riverside Clinic"] {
        assert!(after.holds(text), "{text} is there");
    }
    assert_eq!(after.rows("appointment").len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_can_be_had_under_another_slug_beside_the_first() {
    let (test, clinic, _) = furnished().await;
    let shelf = Shelf::new();
    let (path, ..) = shelf.export(&test, clinic.id, "first").await;
    let taken = shelf
        .import(&test, &path, None)
        .await
        .expect_err("is taken");
    assert!(
        taken.to_string().contains("choose another with --slug"),
        "{taken}"
    );
    let odd = shelf
        .import(&test, &path, Some("API"))
        .await
        .expect_err("is none");
    assert!(odd.to_string().starts_with("the slug: "), "{odd}");
    let imported = shelf.import(&test, &path, Some("hillside")).await;
    let imported = imported.expect("is imported");
    let own = test.read(imported.id, kept_app::organization::load).await;
    assert_eq!((own.slug.as_str(), own.id), ("hillside", imported.id));
    let catalogs = Arc::clone(&test.app.catalogs);
    let offered = test.read::<_, Error, _>(imported.id, move |tx| {
        Ok(catalogs.get(tx)?.offered().count())
    });
    assert_eq!(offered.await, 3);
}
