//! A data folder from before people had keys.

use kept_app::ids::{AppointmentId, ImportId, PersonId};
use kept_app::people;
use kept_app::{migrations, people::Which};
use kept_base::kit::{Actor, OrganizationId};
use kept_base::params;
use kept_base::store::{Error, Migration, Store, Tx};

use super::files::{Files, holds};
use super::{ANSWER, EMAIL, NAME, NOTE, PHONE};
use crate::support::{TestApp, at};

/// Version 7 is the last that kept people in clear.
fn before() -> &'static [Migration] {
    migrations::ORGANIZATION.split_at(7).0
}

struct Planted {
    person: PersonId,
    appointment: AppointmentId,
    import: ImportId,
}

fn plant(tx: &Tx<'_>) -> Result<Planted, Error> {
    let now = tx.now();
    let person = PersonId::new(now, tx.entropy());
    let appointment = AppointmentId::new(now, tx.entropy());
    let import = ImportId::new(now, tx.entropy());
    let run = |sql: &str, values: &[kept_base::store::Value<'_>]| tx.execute(sql, values).map(drop);
    run(
        "insert into person (id, name, zone, locale, created_at) values ($1, $2, 'UTC', 'en', $3)",
        params![person, NAME, now],
    )?;
    for (number, kind, value) in [(0, "email", EMAIL), (1, "phone", PHONE)] {
        let id = format!("con_{number}000000000000000000000000{number}");
        run(
            "insert into contact_point (id, person_id, kind, value, position)
             values ($1, $2, $3, $4, $5)",
            params![id, person, kind, value, number],
        )?;
    }
    run(
        "insert into person_token (token, person_id) values ('quilliam', $1), ('zanzibar', $1)",
        params![person],
    )?;
    run(
        "insert into answer (appointment_id, field_key, person_id, value)
         values ($1, 'planted', $2, $3)",
        params![appointment, person, ANSWER],
    )?;
    run(
        "insert into note (id, person_id, kind, value, author, created_at)
         values ('nte_00000000000000000000000001', $1, 'remark', $2, 'system', $3)",
        params![person, NOTE, now],
    )?;
    run(
        "insert into undo (id, kind, payload, author, created_at, expires_at)
         values ('und_00000000000000000000000001', 'people.change', $1, 'system', $2, $2)",
        params![NAME, now],
    )?;
    run(
        "insert into import (id, state, mapping, row_count, created_at, expires_at)
         values ($1, 'running', 'name', 2, $2, $3)",
        params![import, now, at("2026-11-28T00:00:00Z")],
    )?;
    let done = format!(
        "{{\"before\":null,\"after\":{{\"id\":\"{person}\",\"name\":\"{NAME}\",\"zone\":\"UTC\",\
         \"locale\":\"en\",\"created_at\":{},\"emails\":[],\"phones\":[],\"values\":[]}},\
         \"note\":null}}",
        now.as_microsecond()
    );
    for (number, cells, state, done) in [
        (0, "Name", "unread", None),
        (1, NAME, "recorded", Some(done)),
        (2, "Another Person", "new", None),
    ] {
        run(
            "insert into import_row (import_id, number, cells, state, before, expires_at)
             values ($1, $2, $3, $4, $5, $6)",
            params![
                import,
                number,
                format!("[\"{cells}\"]"),
                state,
                done,
                at("2026-11-28T00:00:00Z")
            ],
        )?;
    }
    Ok(Planted {
        person,
        appointment,
        import,
    })
}

async fn older(files: &Files) -> (OrganizationId, Planted) {
    let store = files.open(before(), 1);
    let made = store
        .create_organization("older", Actor::OPERATOR, plant)
        .await;
    let (id, planted) = made.expect("is made");
    files.close(&store, id);
    (id, planted)
}

async fn check(store: &Store, id: OrganizationId, planted: Planted) {
    let read = store.read(id, Actor::OPERATOR, move |tx| {
        let person = people::find(tx, planted.person)?.expect("is there");
        assert_eq!(person.name.expose(), NAME);
        assert_eq!(person.email.expect("an address").expose(), EMAIL);
        assert_eq!(person.phone.expect("a number").expose(), PHONE);
        let answers = people::answers(tx, planted.appointment)?;
        assert_eq!(answers[0].value.expose(), ANSWER);
        let remarks = people::remarks(tx, planted.person)?;
        assert_eq!(remarks[0].text.expose(), NOTE);
        for typed in ["zanz", "Quilliam Z", "quilliam.z@pl", "987 654 321"] {
            let found = people::search(tx, &Which::typed(typed), None, 5)?;
            assert_eq!(found.people.len(), 1, "{typed}");
        }
        let rows = people::import_rows(tx, planted.import, None, 10)?;
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[1].cells, ["Another Person"]);
        Ok::<_, Error>(planted.import)
    });
    let import = read.await.expect("is answered");
    // What an older program recorded can be taken back; the person was changed since.
    let taken = store
        .write(id, Actor::OPERATOR, move |tx| {
            people::take_back_import(tx, import, |_| Ok(false))
        })
        .await;
    let taken = taken.expect("is taken back").expect("something");
    assert_eq!((taken.back, taken.stay), (0, 1));
}

#[tokio::test]
async fn people_of_an_older_folder_are_sealed_when_it_is_opened() {
    let test = TestApp::empty_in_files();
    let files = super::files(&test);
    let (id, planted) = older(&files).await;
    let clear = |bytes: &[u8]| {
        let planted = [
            NAME,
            "zanzibar",
            EMAIL,
            PHONE,
            ANSWER,
            NOTE,
            "Another Person",
        ];
        let found = planted
            .into_iter()
            .filter(|text| holds(bytes, text.as_bytes()));
        found.count()
    };
    assert_eq!(clear(&files.plain_database(id)), 7, "found before");
    let store = files.reopen(2);
    check(&store, id, planted).await;
    assert_eq!(clear(&files.plain_database(id)), 0, "and not after");
}
