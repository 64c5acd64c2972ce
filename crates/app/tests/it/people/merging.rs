use std::sync::Arc;

use axum::http::StatusCode;
use kept_app::ids::PersonId;
use kept_app::people;
use kept_app::scheduling::{self, SchedulingError};

use super::{desk, person, undo};
use crate::support::{at, clinic};

/// Everything of two people, as rows of the tables that hold it.
async fn rows(test: &crate::support::TestApp, clinic: &crate::support::Clinic) -> Vec<String> {
    let queries = [
        "select id || key_id || zone || locale from person order by 1",
        "select id || person_id || kind || position from contact_point order by 1",
        "select cast(token as text) || person_id from person_token order by 1",
        "select key_id || person_id from former_key order by 1",
        "select id || person_id from appointment order by 1",
        "select appointment_id || field_key || person_id from answer order by 1",
        "select id || person_id from note order by 1",
        "select id || person_id from message order by 1",
        "select id || person_id from capability order by 1",
    ];
    test.read::<_, kept_base::store::Error, _>(clinic.id, move |tx| {
        let mut all = Vec::new();
        for query in queries {
            all.extend(tx.query::<String>(query, &[], |row| row.get(0))?);
        }
        let ids =
            tx.query::<PersonId>("select id from person order by 1", &[], |row| row.get(0))?;
        for id in ids {
            let record = people::record_of(tx, id)?.expect("is recorded");
            let reaches = record.contacts.iter().map(|contact| match &contact.reach {
                people::Reach::Email(email) => email.expose(),
                people::Reach::Phone(phone) => phone.expose(),
            });
            all.extend(reaches.map(str::to_owned));
            all.push(record.name.expose().to_owned());
            let remarks = people::remarks(tx, id)?.into_iter();
            all.extend(remarks.map(|remark| remark.text.expose().to_owned()));
        }
        Ok(all)
    })
    .await
}

#[tokio::test]
async fn two_become_one_with_all_that_is_theirs_and_two_again() {
    let (test, clinic, admin) = desk().await;
    let first = person(
        &test,
        &clinic,
        "Ama Okafor",
        "ama@work.example",
        "+4930123456",
    )
    .await;
    test.clock.set(at("2026-11-23T08:05:00Z"));
    let catalogs = Arc::clone(&test.app.catalogs);
    let mut new = clinic.booking(clinic.checkup, "2026-11-26T09:00:00Z");
    new.person = clinic::person("Okafor, Ama", "ama@example.org");
    let booked = test
        .write::<_, SchedulingError, _>(clinic.id, move |tx| scheduling::book(tx, &catalogs, &new))
        .await;
    let second = booked.appointment.person;
    admin
        .post(&format!("/people/{second}/notes"), &[("note", "By train")])
        .await
        .location();
    let before = rows(&test, &clinic).await;

    let pairs = admin.get("/people/alike").await;
    assert!(pairs.text().contains("same name"), "{}", pairs.text());
    let path = format!("/people/alike/{first}/{second}");
    assert!(
        pairs.links().iter().any(|link| link.ends_with(&path)),
        "{:?}",
        pairs.links()
    );
    let compare = admin.get(&path).await;
    assert!(
        compare.text().contains("1 appointment"),
        "{}",
        compare.text()
    );
    let ids: Vec<String> = compare
        .body
        .split("name=\"con_")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|id| format!("con_{id}"))
        .collect();
    assert_eq!(ids.len(), 3);
    let mut form = vec![("name", "1"), ("zone", "1"), ("locale", "1")];
    form.extend(ids.iter().map(|id| (id.as_str(), "yes")));
    let merged = admin.post(&path, &form).await.location();
    let page = admin.get(&merged).await;
    for text in [
        "Ama Okafor",
        "ama@work.example",
        "ama@example.org",
        "By train",
        "Check-up",
    ] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
    assert_eq!(
        admin.get(&format!("/people/{second}")).await.status,
        StatusCode::NOT_FOUND
    );
    let left = rows(&test, &clinic).await;
    let second_id = second.to_string();
    assert!(left.iter().all(|row| !row.contains(&second_id)), "{left:?}");

    undo(&admin, &merged).await;
    assert_eq!(rows(&test, &clinic).await, before, "exactly as it was");
}

#[tokio::test]
async fn nobody_is_merged_with_themselves_or_with_nobody() {
    let (test, clinic, admin) = desk().await;
    let id = person(&test, &clinic, "Ama Okafor", "ama@example.org", "").await;
    for path in [
        format!("/people/alike/{id}/{id}"),
        format!("/people/alike/{id}/per_00000000000000000000000000"),
        format!("/people/alike/{id}/x"),
    ] {
        assert_eq!(
            admin.get(&path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
        assert_eq!(
            admin.post(&path, &[]).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}
