//! The manifest against the schema: nothing is kept that is not accounted for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kept_app::access::idempotency::{KeptAnswer, Repeatable};
use kept_app::access::{self, Browser, Device, LinkPurpose, Role};
use kept_app::jobs::Worker;
use kept_app::manifest;
use kept_app::messaging::transport::Transport;
use kept_app::messaging::{self, Notice};
use kept_app::packages::{self, LockKind, PackageError, Wanted};
use kept_app::people;
use kept_app::scheduling::{self, SchedulingError};
use kept_app::undo;
use kept_base::kit::record::{Erase, Retention, Subject, Table};
use kept_base::kit::{Email, OrganizationId, Secret};
use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::support::desk::{Staffer, password_hash};
use crate::support::may;
use crate::support::{TestApp, at};

type Columns = BTreeMap<String, BTreeSet<String>>;

/// The migrated schema, as the engine knows it.
async fn schema() -> Columns {
    let (test, clinic) = TestApp::with_clinic().await;
    let sql = if test.folder.is_on_server() {
        "select table_name, column_name from information_schema.columns
         where table_schema = current_schema()"
    } else {
        "select tables.name, columns.name
         from sqlite_master as tables join pragma_table_info(tables.name) as columns
         where tables.type = 'table' and tables.name not like 'sqlite_%'"
    };
    let rows = test
        .read(clinic.id, move |tx| {
            tx.query::<(String, String)>(sql, &[], |row| Ok((row.get(0)?, row.get(1)?)))
        })
        .await;
    let mut schema = Columns::new();
    for (table, column) in rows {
        schema.entry(table).or_default().insert(column);
    }
    schema
}

fn columns(table: &Table) -> Vec<&'static str> {
    let personal = table.personal.iter().map(|personal| personal.column);
    table.plain.iter().copied().chain(personal).collect()
}

#[tokio::test]
async fn every_table_and_column_is_accounted_for_once() {
    let mut listed = Columns::new();
    for table in manifest::tables() {
        let columns = columns(table);
        let distinct: BTreeSet<String> = columns.iter().map(ToString::to_string).collect();
        assert_eq!(distinct.len(), columns.len(), "twice in {}", table.name);
        let twice = listed.insert(table.name.to_owned(), distinct);
        assert!(twice.is_none(), "{} is listed twice", table.name);
    }
    assert_eq!(listed, schema().await);
}

#[test]
fn what_is_said_of_a_table_agrees_with_itself() {
    for table in manifest::tables() {
        let known = columns(table);
        let named = match table.subject {
            Subject::Nobody | Subject::Unnamed => None,
            Subject::Person(column)
            | Subject::PersonOfAppointment(column)
            | Subject::Staff(column)
            | Subject::Member(column) => Some(column),
        };
        let timed = match table.retention {
            Retention::Until(column) | Retention::DaysAfter(_, column) => Some(column),
            Retention::InUse | Retention::WithSubject | Retention::WithOrganization => None,
        };
        for column in named.into_iter().chain(timed) {
            assert!(known.contains(&column), "{}.{column}", table.name);
        }
        let of_nobody = table.subject == Subject::Nobody;
        assert_eq!(of_nobody, table.erase == Erase::Nothing, "{}", table.name);
        assert!(!of_nobody || table.personal.is_empty(), "{}", table.name);
        assert!(
            !of_nobody || table.retention != Retention::WithSubject,
            "{}",
            table.name
        );
        assert!(!table.purpose.is_empty());
        assert!(
            table
                .personal
                .iter()
                .all(|personal| !personal.purpose.is_empty())
        );
    }
}

#[test]
fn a_column_with_a_person_s_id_makes_the_row_theirs() {
    for table in manifest::tables() {
        if columns(table).contains(&"person_id") {
            assert_eq!(
                table.subject,
                Subject::Person("person_id"),
                "{}",
                table.name
            );
        }
    }
}

/// Rows in every table that has a time limit, then the worker, long after.
#[tokio::test]
async fn what_has_a_time_limit_is_removed() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await.id;
    let password = password_hash().await;
    let (catalogs, starts_at) = (Arc::clone(&test.app.catalogs), "2026-11-26T09:00:00Z");
    let wanted = clinic.wants(clinic.checkup);
    let new = clinic.booking(clinic.checkup, starts_at);
    test.write(clinic.id, move |tx| {
        scheduling::book(tx, &catalogs, &new)?;
        scheduling::place_hold(tx, &catalogs, &wanted, at("2026-11-26T12:00:00Z"), None)?;
        let answer = KeptAnswer {
            status: 201,
            body: b"{}".to_vec(),
        };
        Repeatable::new("key", "public", "POST /x", [7; 32]).keep(tx, &answer, None)?;
        access::issue_link(tx, LinkPurpose::SetUp, None)?;
        messaging::notify(tx, Notice::Trial, owner)?;
        undo::offer(tx, "access.member", &"earlier")?;
        let browser = Browser {
            device: Device::UNKNOWN,
            token: None,
            is_told: false,
            session: None,
            from: None,
        };
        access::admit(tx, owner, &password, &browser)?;
        access::ask_for_passkey(tx)?;
        access::take_block(tx, "tok_1", 0, 1)?;
        access::expire_passwords(tx, &may())?;
        access::admit(tx, owner, &password, &browser)?;
        let list = people::read_list(b"Name\nAma\n").expect("a list");
        people::start_import(tx, &may(), &list)?;
        // Made by whoever goes to a provider, and by a provider's order, which the tests of both do.
        let (hash, until) = (vec![7_u8; 32], at("2026-11-23T09:00:00Z"));
        tx.execute(
            "insert into provider_sign_in (token_hash, purpose, began_at, expires_at)
             values ($1, 'sign_in', $2, $2)",
            params![hash, until],
        )?;
        tx.execute(
            "insert into provider_logout (token_hash, expires_at) values ($1, $2)",
            params![hash, until],
        )?;
        Ok::<_, SchedulingError>(())
    })
    .await;
    test.write(clinic.id, move |tx| {
        let package = Wanted {
            lock: LockKind::Passphrase,
            secret: Secret::new("quiet copper morning".to_owned()),
            reason: "A copy.".to_owned(),
        };
        packages::ask(tx, &may(), owner, &package)?;
        Ok::<_, PackageError>(packages::lease(tx)?)
    })
    .await;
    test.write(clinic.id, move |tx| {
        let wanted = Email::parse("robin@riverside.example").expect("is an address");
        access::ask_address(tx, &may(), owner, &wanted)
    })
    .await;
    let timed: Vec<&str> = manifest::tables()
        .filter(|table| {
            matches!(
                table.retention,
                Retention::Until(_) | Retention::DaysAfter(..)
            )
        })
        .map(|table| table.name)
        .collect();
    assert_eq!(timed.len(), 18);
    for table in &timed {
        assert_ne!(rows(&test, clinic.id, table).await, 0, "{table} has a row");
    }
    let worker = Arc::new(Worker::new(&test.app, Arc::new(Transport::Off)));
    worker.run_due().await;
    test.clock.set(at("2029-01-01T00:00:00Z"));
    worker.ask_for_all().await;
    worker.run_due().await;
    for table in &timed {
        assert_eq!(rows(&test, clinic.id, table).await, 0, "{table} is empty");
    }
}

async fn rows(test: &TestApp, organization: OrganizationId, table: &str) -> i64 {
    let sql = format!("select count(*) from {table}");
    let count = move |tx: &Tx<'_>| tx.query_opt(&sql, &[], |row| row.get(0));
    let counted: Option<i64> = test.read::<_, Error, _>(organization, count).await;
    counted.unwrap_or(0)
}
