//! Sandboxes: settings alone, invented people, no mail.

use std::sync::Arc;

use axum::http::StatusCode;
use kept_app::jobs::Worker;
use kept_app::lending::sandbox::{SANDBOX_PEOPLE, Sandbox};
use kept_app::messaging::transport::{Capture, Transport};
use kept_app::{lending, organization, people};
use kept_base::kit::OrganizationId;
use kept_base::store::{Error, Tx};

use super::{ADDRESS, House, PERSON, refused};
use crate::support::visitor::Visitor;

async fn sandbox_of(house: &House) -> Option<Sandbox> {
    let read = house
        .test
        .read::<_, Error, _>(house.clinic.id, lending::sandbox::known);
    read.await
}

/// Every text and number in every table, as one text.
async fn everything(house: &House, id: OrganizationId) -> String {
    let read = |tx: &Tx<'_>| {
        let mut text = String::new();
        for known in kept_base::store::copy::plain::tables(kept_app::migrations::ORGANIZATION)? {
            known.read(tx, |rows| {
                text += &format!("{} {rows:?}\n", known.name());
                Ok(())
            })?;
        }
        Ok::<_, Error>(text)
    };
    house.test.read(id, read).await
}

#[tokio::test]
async fn a_sandbox_has_the_settings_and_nobody() {
    let house = House::new().await;
    let made = house.owner.post("/access/sandbox", &[]).await;
    assert!(made.location().ends_with("done=sandbox-made"));
    let sandbox = sandbox_of(&house).await.expect("is there");
    assert!(sandbox.slug.starts_with("riverside-sandbox-"));
    let all = everything(&house, sandbox.id).await;
    for planted in [
        PERSON,
        ADDRESS,
        "Priya Shah",
        "Dr. Vogt",
        "Liu Wei",
        "riverside.example",
        "Robin Vale",
        &house.clinic.id.to_string()[..],
    ] {
        let found = all.lines().find(|line| line.contains(planted));
        let is_mark = found.is_some_and(|line| line.starts_with("sandbox_mark"));
        assert!(found.is_none() || is_mark, "{planted}: {found:?}");
    }
    for kept in ["checkup", "Therapy", "What hurts?", "Harbor", "· Sandbox"] {
        assert!(all.contains(kept), "{kept}");
    }
    let (marked, counted) = house
        .test
        .read::<_, Error, _>(sandbox.id, |tx| {
            let count = |sql: &str| tx.query_opt(sql, &[], |row| row.get::<i64>(0));
            let people = count("select count(*) from person")?.unwrap_or(0);
            let booked = count("select count(*) from appointment")?.unwrap_or(0);
            let members = count("select count(*) from member")?.unwrap_or(0);
            Ok((organization::sandbox_of(tx)?, (people, booked, members)))
        })
        .await;
    assert_eq!(marked, Some(house.clinic.id));
    let (people, booked, members) = counted;
    let most = i64::try_from(SANDBOX_PEOPLE).expect("few");
    assert!(
        (1..=most).contains(&people) && booked >= 10,
        "{people} {booked}"
    );
    assert_eq!(members, 0);
    let addresses = house.test.read::<_, Error, _>(sandbox.id, |tx| {
        let found = people::ids(tx, &people::Which::default(), 100)?;
        let records = found.into_iter().map(|id| people::record_of(tx, id));
        records.collect::<Result<Vec<_>, _>>()
    });
    for record in addresses.await.into_iter().flatten() {
        let email = record.emails().next().expect("has one").expose().to_owned();
        assert!(email.ends_with("@example.invalid"), "{email}");
    }
    let public = Visitor::of(&house.test)
        .get(&format!("/{}", sandbox.slug))
        .await;
    assert!(public.body.contains("Riverside Clinic · Sandbox"));
}

#[tokio::test]
async fn a_grant_of_the_sandbox_opens_it_and_says_so() {
    let house = House::new().await;
    house.owner.post("/access/sandbox", &[]).await;
    let loan = house
        .lend("sandbox", "calendar:full people:full settings:view")
        .await;
    let inside = house.enter(&house.robin, &loan).await;
    for path in ["/", "/calendar", "/people", "/settings"] {
        let page = inside.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.body.contains("This is a sandbox"), "{path}");
        assert!(
            page.body.contains("Operator robin is here on a grant"),
            "{path}"
        );
    }
    refused(
        &inside.post("/settings", &[("name", "x")]).await,
        "view is for looking",
    );
    refused(&inside.get("/members").await, "members");
    // What is done in the sandbox is listed with its organization.
    let seen = house.owner.get(&format!("/access?grant={loan}")).await;
    assert!(seen.text().contains("/people"), "{}", seen.text());
    let first = sandbox_of(&house).await.expect("is there");
    house.owner.post("/access/sandbox", &[]).await;
    let second = sandbox_of(&house).await.expect("is there");
    assert_ne!(first.slug, second.slug);
    let gone = inside.get("/").await;
    assert_eq!(
        gone.status,
        StatusCode::NOT_FOUND,
        "made anew, and so is who is let in"
    );
    let removed = house.owner.post("/access/sandbox/removal", &[]).await;
    assert!(removed.location().ends_with("done=sandbox-removed"));
    assert_eq!(sandbox_of(&house).await, None);
    let slug = format!("/{}", second.slug);
    let public = Visitor::of(&house.test).get(&slug).await;
    assert_eq!(public.status, StatusCode::NOT_FOUND);
    let all = house
        .test
        .app
        .store
        .organizations()
        .await
        .expect("are listed");
    assert_eq!(all.len(), 1);
    let again = house.grant("robin", "sandbox", "calendar:view", &[]).await;
    assert!(again.text().contains("no sandbox yet"));
}

#[tokio::test]
async fn a_sandbox_writes_to_nobody() {
    let house = House::new().await;
    house.owner.post("/access/sandbox", &[]).await;
    let sandbox = sandbox_of(&house).await.expect("is there");
    let transport = Arc::new(Transport::Capture(Capture::default()));
    let worker = Arc::new(Worker::new(&house.test.app, Arc::clone(&transport)));
    worker.ask_for_all().await;
    worker.run_due().await;
    let Transport::Capture(captured) = &*transport else {
        return;
    };
    let sent = |id| captured.letters(id).len();
    assert_eq!(sent(sandbox.id), 0);
    assert!(sent(house.clinic.id) > 0, "mail is on");
    let states = house.test.read::<_, Error, _>(sandbox.id, |tx| {
        let sql = "select distinct state from message";
        tx.query(sql, &[], |row| row.get::<String>(0))
    });
    assert_eq!(states.await, ["dropped"]);
}
