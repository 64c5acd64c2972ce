use kept_app::people;
use kept_base::kit::Actor;
use kept_base::params;
use kept_base::store::{Error, Tx};

use super::files::holds;
use super::{ANSWER, EMAIL, NAME, NOTE, PHONE, files, other, plant};
use crate::support::TestApp;
use crate::support::may;

/// Nothing that is planted, in any spelling that a table would hold.
fn found(bytes: &[u8]) -> Vec<&'static str> {
    let planted = [
        NAME,
        "quilliam",
        "zanzibar",
        EMAIL,
        &PHONE[1..],
        ANSWER,
        NOTE,
    ];
    let planted = planted.into_iter();
    planted
        .filter(|text| holds(bytes, text.as_bytes()))
        .collect()
}

#[tokio::test]
async fn what_is_kept_of_people_stands_nowhere_in_clear() {
    let (test, clinic) = TestApp::with_clinic_in_files().await;
    let files = files(&test);
    let person = plant(&test, &clinic).await;
    let list = format!("Name,Email\n{NAME},{EMAIL}\nAnother {NAME},x-{EMAIL}\n");
    let list = people::read_list(list.as_bytes()).expect("a list");
    // Every kind of earlier value that can be put back.
    test.write::<_, people::PeopleError, _>(clinic.id, move |tx| {
        people::start_import(tx, &may(), &list)?;
        let record = people::record_of(tx, person)?.ok_or(people::PeopleError::Unknown)?;
        let new = people::NewPersonField {
            kind: people::Kind::Text,
            label: "Planted".to_owned(),
            reason: "For the test".to_owned(),
            choices: Vec::new(),
            required: false,
        };
        let (field, _) = people::add_field(tx, &may(), &new)?;
        let to = people::Changes {
            name: record.name.clone(),
            emails: record.emails().cloned().collect(),
            phones: record.phones().cloned().collect(),
            zone: "Europe/Paris".to_owned(),
            locale: record.locale.clone(),
            values: vec![(field, kept_base::kit::Note::parse(ANSWER).ok())],
        };
        people::change(tx, &may(), person, &to)?;
        let fields = people::fields(tx)?;
        let own = fields.into_iter().find(|known| known.id == field);
        let act = people::MassAct::Field(own.ok_or(people::PeopleError::Unknown)?, None);
        people::mass(tx, &may(), &[person], &act)?;
        people::change(tx, &may(), person, &to)?;
        people::remove_field(tx, &may(), field)?;
        let note = people::remarks(tx, person)?.pop();
        people::remove_remark(
            tx,
            &may(),
            person,
            note.ok_or(people::PeopleError::Unknown)?.id,
        )
    })
    .await;
    let bytes = files.plain_database(clinic.id);
    assert!(
        holds(&bytes, b"Riverside Clinic"),
        "what is in clear is found"
    );
    assert!(holds(&bytes, person.to_string().as_bytes()));
    assert_eq!(found(&bytes), Vec::<&str>::new());
    let keys = files.plain_key_store(clinic.id);
    assert_eq!(found(&keys), Vec::<&str>::new());
    assert!(
        !holds(&keys, person.to_string().as_bytes()),
        "whose a key is"
    );

    // A control: what is planted in clear is found.
    test.write::<_, Error, _>(clinic.id, move |tx| {
        tx.execute("update organization set name = $1", params![NAME])
    })
    .await;
    assert_eq!(found(&files.plain_database(clinic.id)), [NAME]);
}

#[tokio::test]
async fn a_sealed_value_opens_in_its_own_place_alone() {
    let (test, clinic) = TestApp::with_clinic_in_files().await;
    let person = plant(&test, &clinic).await;
    let another = other(&test, &clinic, 1).await;
    let moves = [
        // Another row of the same person, another column, and another person.
        "update contact_point set value = (select value from contact_point
             where person_id = $1 and kind = 'phone') where person_id = $1 and kind = 'email'",
        "update contact_point set value = (select name from person where id = $1)
             where person_id = $1 and kind = 'email'",
        "update person set name = (select name from person where id = $2) where id = $1",
        "update person set key_id = (select key_id from person where id = $2) where id = $1",
        "update person set name = (select value from note where person_id = $1) where id = $1",
    ];
    for sql in moves {
        let moved: Result<(), Error> = test
            .app
            .store
            .write(clinic.id, Actor::OPERATOR, move |tx: &Tx<'_>| {
                // SQLite wants every parameter used.
                tx.execute(&format!("{sql} and $2 = $2"), params![person, another])?;
                match people::find(tx, person) {
                    Err(Error::Sealed(place)) => Err(Error::Constraint(place)),
                    _ => Ok(()),
                }
            })
            .await;
        let refused = moved.expect_err("does not open").to_string();
        let at_its_place = ["contact_point.value", "person.name"];
        assert!(
            at_its_place.iter().any(|place| refused.contains(place)),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn the_key_of_a_list_goes_with_it() {
    let (test, clinic) = TestApp::with_clinic_in_files().await;
    let store = &test.app.store;
    let list = people::read_list(format!("Name\n{NAME}\n").as_bytes()).expect("a list");
    let import = test
        .write::<_, Error, _>(clinic.id, move |tx| people::start_import(tx, &may(), &list))
        .await;
    let key: String = test
        .read::<_, Error, _>(clinic.id, move |tx| {
            let key = tx.query_opt("select key_id from import", &[], |row| row.get(0))?;
            Ok(key.unwrap_or_default())
        })
        .await;
    let files = files(&test);
    let state = || -> bool {
        let keys = files.connect(
            &files.key_store(clinic.id),
            files.key(clinic.id, "key_store"),
        );
        let sql = "select wrapped = zeroblob(76) from person_key where id = ?1";
        keys.query_row(sql, [&key], |row| row.get(0))
            .expect("a key")
    };
    assert!(!state());
    test.write::<_, Error, _>(clinic.id, move |tx| {
        people::remove_import(tx, &may(), import)
    })
    .await;
    let destroyed = store.destroy_retired_keys(clinic.id).await;
    assert_eq!(destroyed.expect("are destroyed"), 1);
    assert!(state());
    let again = store.destroy_retired_keys(clinic.id).await;
    assert_eq!(again.expect("nothing is left"), 0);
}
