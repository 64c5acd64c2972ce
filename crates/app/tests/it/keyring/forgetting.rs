use kept_app::manifest;
use kept_app::people::{self, PeopleError};
use kept_base::kit::Actor;
use kept_base::kit::record::{Erase, Subject};
use kept_base::store::{Error, Tx};

use super::files::{copy, holds};
use super::{NAME, files, forget, name, other, plant};
use crate::support::TestApp;

#[tokio::test]
async fn whoever_is_forgotten_is_gone_and_others_stay() {
    let (test, clinic) = TestApp::with_clinic_in_files().await;
    let store = &test.app.store;
    let person = plant(&test, &clinic).await;
    let stays = other(&test, &clinic, 1).await;
    let rows = move |tx: &Tx<'_>| {
        let mut rows = Vec::new();
        for table in manifest::tables().filter(|table| table.erase == Erase::Row) {
            let count = match table.subject {
                Subject::Person(column) => {
                    let sql = format!("select count(*) from {} where {column} = $1", table.name);
                    tx.query_opt(&sql, kept_base::params![person], |row| row.get(0))?
                }
                Subject::Unnamed => {
                    let sql = format!("select count(*) from {}", table.name);
                    tx.query_opt(&sql, &[], |row| row.get(0))?
                }
                _ => continue,
            };
            rows.push((table.name, count.unwrap_or(0_i64)));
        }
        Ok::<_, Error>(rows)
    };
    let before = test.read(clinic.id, rows).await;
    for table in [
        "person",
        "contact_point",
        "answer",
        "note",
        "message",
        "undo",
    ] {
        let count = before.iter().find(|(name, _)| *name == table);
        assert!(count.is_some_and(|(_, count)| *count > 0), "{table}");
    }
    forget(store, clinic.id, person)
        .await
        .expect("is forgotten");
    assert_eq!(name(store, clinic.id, person).await, None);
    let after = test.read(clinic.id, rows).await;
    assert!(after.iter().all(|(_, count)| *count == 0), "{after:?}");
    assert_eq!(
        name(store, clinic.id, stays).await.as_deref(),
        Some("Other 1")
    );
    let (kept, act): (i64, String) = test
        .read::<_, Error, _>(clinic.id, move |tx| {
            let kept = "select count(*) from appointment where person_id = $1";
            let kept = tx.query_opt(kept, kept_base::params![person], |row| row.get(0))?;
            let act = "select actor || ' ' || subject || ' ' || detail from act
                       where act = 'person.forgotten'";
            let act = tx.query_opt(act, &[], |row| row.get(0))?;
            Ok((kept.unwrap_or(0), act.unwrap_or_default()))
        })
        .await;
    assert_eq!(kept, 1, "the time stays taken, under an id of nobody");
    assert_eq!(act, format!("{} {person} ", Actor::OPERATOR));
    let again = forget(store, clinic.id, person).await;
    assert!(matches!(again, Err(PeopleError::Unknown)));
}

/// Reads every wrapped key by the person it is of.
fn wrapped(
    test: &TestApp,
    id: kept_base::kit::OrganizationId,
    person: kept_app::ids::PersonId,
) -> Vec<u8> {
    let files = files(test);
    let data = files.connect(&files.database(id), files.key(id, "database"));
    let key: String = data
        .query_row(
            "select key_id from person where id = ?1",
            [person.to_string()],
            |row| row.get(0),
        )
        .expect("a key's id");
    let keys = files.connect(&files.key_store(id), files.key(id, "key_store"));
    keys.query_row(
        "select wrapped from person_key where id = ?1",
        [key],
        |row| row.get(0),
    )
    .expect("a wrapped key")
}

#[tokio::test]
async fn no_byte_of_a_destroyed_key_is_left() {
    let (test, clinic) = TestApp::with_clinic_in_files().await;
    let store = &test.app.store;
    let mut people = Vec::new();
    for number in 0..200 {
        people.push(other(&test, &clinic, number).await);
    }
    let keys: Vec<Vec<u8>> = (people.iter())
        .map(|person| wrapped(&test, clinic.id, *person))
        .collect();
    let before = files(&test).plain_key_store(clinic.id);
    for key in &keys {
        assert!(holds(&before, key), "a key that is there is found");
    }
    // From all over the file, first and last as well.
    let is_forgotten = |number: usize| number.is_multiple_of(7) || number == 199;
    for (number, person) in people.iter().enumerate() {
        if is_forgotten(number) {
            forget(store, clinic.id, *person)
                .await
                .expect("is forgotten");
        }
    }
    let after = files(&test).plain_key_store(clinic.id);
    for (number, key) in keys.iter().enumerate() {
        // The end is random bytes: no stretch of it may be left either.
        let found = holds(&after, key) || holds(&after, &key[key.len() - 24..]);
        assert_eq!(found, !is_forgotten(number), "{number}");
    }
    for (number, person) in people.iter().enumerate() {
        let known = name(store, clinic.id, *person).await;
        assert_eq!(known.is_some(), !is_forgotten(number), "{number}");
    }
}

#[tokio::test]
async fn a_copy_of_the_data_from_before_tells_nothing() {
    let (test, clinic) = TestApp::with_clinic_in_files().await;
    let files = files(&test);
    let person = plant(&test, &clinic).await;
    let stays = other(&test, &clinic, 1).await;
    files.close(&test.app.store, clinic.id);
    let (database, copied) = (files.database(clinic.id), files.folder.join("copy"));
    copy(&database, &copied);
    forget(&test.app.store, clinic.id, person)
        .await
        .expect("is forgotten");
    files.close(&test.app.store, clinic.id);

    // Whoever has every key tries each on what the copy holds.
    let copy = files.connect(&copied, files.key(clinic.id, "database"));
    let sealed = |person: kept_app::ids::PersonId| -> Vec<u8> {
        let sql = "select name from person where id = ?1";
        copy.query_row(sql, [person.to_string()], |row| row.get(0))
            .expect("the copy has both")
    };
    let keys = files.connect(
        &files.key_store(clinic.id),
        files.key(clinic.id, "key_store"),
    );
    let organization = kept_base::store::Key::from_bytes(files.key(clinic.id, "organization"));
    let mut wrapped = keys
        .prepare("select id, wrapped from person_key")
        .expect("a key store");
    let wrapped = wrapped
        .query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?))
        })
        .expect("keys");
    let mut opened = (0, 0);
    for (id, wrapped) in wrapped.map(|row| row.expect("a key")) {
        let label = format!("{} person {id} 1", clinic.id);
        let Ok(key) = organization.unwrap_key(&label, &wrapped[4..]) else {
            continue;
        };
        let opens = |person| {
            key.open(&format!("person.name {person}"), &sealed(person))
                .is_ok()
        };
        opened.0 += usize::from(opens(person));
        opened.1 += usize::from(opens(stays));
    }
    assert_eq!(
        opened,
        (0, 1),
        "nobody's key opens it; the other's opens theirs"
    );
}

#[tokio::test]
async fn nobody_is_half_there_while_they_are_forgotten() {
    let (test, clinic) = TestApp::with_clinic_in_files().await;
    let store = &test.app.store;
    for number in 0..10 {
        let person = other(&test, &clinic, number).await;
        let read = async || {
            let mut seen = Vec::new();
            for _ in 0..20 {
                let both = store.read(clinic.id, Actor::OPERATOR, move |tx| {
                    let found = people::find(tx, person)?;
                    let record = people::record_of(tx, person)?;
                    let named = people::names(tx, &[person])?.len();
                    Ok::<_, Error>((found, record, named))
                });
                let (found, record, named) = both.await.expect("is answered");
                let whole = found.as_ref().is_some_and(|one| {
                    one.email.is_some() && one.phone.is_some() && !one.name.expose().is_empty()
                });
                assert_eq!(found.is_some(), whole);
                let contacts = record.as_ref().map(|record| record.contacts.len());
                assert_eq!(contacts, whole.then_some(2));
                assert_eq!(named, usize::from(whole));
                seen.push(whole);
            }
            assert!(
                seen.is_sorted_by(|before, after| before >= after),
                "{seen:?}"
            );
        };
        let forgotten = async { forget(store, clinic.id, person).await };
        let (_, _, forgotten) = tokio::join!(read(), read(), forgotten);
        forgotten.expect("is forgotten");
        assert_eq!(name(store, clinic.id, person).await, None);
    }
}

#[tokio::test]
async fn whoever_became_one_with_somebody_goes_with_them() {
    let (test, clinic) = TestApp::with_clinic_in_files().await;
    let files = files(&test);
    let store = &test.app.store;
    let (gone, kept) = (plant(&test, &clinic).await, other(&test, &clinic, 1).await);
    let of_gone = wrapped(&test, clinic.id, gone);
    test.write::<_, PeopleError, _>(clinic.id, move |tx| {
        let record = people::record_of(tx, kept)?.ok_or(PeopleError::Unknown)?;
        let result = people::Changes {
            name: record.name.clone(),
            emails: record.emails().cloned().collect(),
            phones: Vec::new(),
            zone: record.zone.clone(),
            locale: record.locale.clone(),
            values: Vec::new(),
        };
        people::merge(tx, kept, gone, &result)
    })
    .await;
    assert!(holds(&files.plain_key_store(clinic.id), &of_gone));
    forget(store, clinic.id, kept).await.expect("is forgotten");
    assert!(!holds(&files.plain_key_store(clinic.id), &of_gone));
    assert!(!holds(&files.plain_database(clinic.id), NAME.as_bytes()));
}
