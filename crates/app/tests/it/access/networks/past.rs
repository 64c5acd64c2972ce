//! The way past the networks: from the sign-in by a link in the mail to a session that ends.

use std::sync::Arc;

use kept_app::jobs::Worker;
use kept_app::messaging::transport::{Capture, Transport};

use super::*;
use crate::console::{self, operator};
use crate::lending;

const ASK: &str = "/o/riverside/sign-in/outside";

/// What the worker sends now: to whom, what about, and the first link in it.
pub async fn mails(test: &TestApp, clinic: &Clinic) -> Vec<(String, String, String)> {
    let transport = Arc::new(Transport::Capture(Capture::default()));
    let worker = Arc::new(Worker::new(&test.app, Arc::clone(&transport)));
    worker.ask_for_all().await;
    worker.run_due().await;
    let Transport::Capture(capture) = &*transport else {
        return Vec::new();
    };
    let all = capture.letters(clinic.id);
    let one = |text: &str| {
        let link = text.split("http://kept.test").nth(1).unwrap_or_default();
        link.split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    all.iter()
        .map(|letter| {
            let to = letter.to.address.expose().to_owned();
            (to, letter.subject.clone(), one(&letter.text))
        })
        .collect()
}

/// A clinic whose networks hold for everybody, with two owners, and one of them at the door outside.
async fn house() -> (TestApp, Clinic, Staffer, Door) {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    Staffer::named(&test, &clinic, Role::Owner, "second@riverside.example").await;
    Staffer::of(&test, &clinic, Role::Admin).await;
    name(&test, &clinic, None, SITE).await;
    let mut door = Door::of(&test);
    door.from = OUTSIDE.parse().ok();
    assert_eq!(
        door.sign_in("owner@riverside.example").await.location(),
        ASK
    );
    (test, clinic, owner, door)
}

#[tokio::test]
async fn from_the_mail_to_a_session_that_ends_after_an_hour() {
    let (test, clinic, owner, mut door) = house().await;
    let page = door.get(ASK).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    insta::assert_snapshot!(page.text());
    let page = door.post(ASK, &[]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("within 15 minutes"), "{}", page.text());
    let mails_now = mails(&test, &clinic).await;
    let [(to, subject, link)] = &mails_now[..] else {
        panic!("{mails_now:?}");
    };
    assert_eq!(to, "owner@riverside.example");
    assert_eq!(subject, "A link to come in to Riverside Clinic for an hour");
    // Programs that look through mail open links; that uses nothing up.
    for _ in 0..2 {
        assert_eq!(door.get(link).await.status, StatusCode::OK);
    }
    test.clock.advance_minutes(14);
    let page = door.post(link, &[]).await;
    assert_eq!(page.location(), "/o/riverside");
    assert!(door.is_in(&test).await);
    let inside = door.staffer(&test).moved_to(OUTSIDE);
    assert_eq!(
        inside.get("/settings/networks").await.status,
        StatusCode::OK
    );
    // Their other session is where it was.
    assert_eq!(
        owner.moved_to(OUTSIDE).get("/account").await.status,
        StatusCode::FORBIDDEN
    );
    let told = mails(&test, &clinic).await;
    let told: Vec<_> = told
        .iter()
        .map(|(to, subject, _)| (to.as_str(), subject.as_str()))
        .collect();
    assert!(told.contains(&(
        "second@riverside.example",
        "An owner came past the networks of Riverside Clinic"
    )));
    assert!(!told.iter().any(|(to, subject)| {
        *to == "owner@riverside.example" && subject.contains("came past")
    }));
    let acts = acts(&test, &clinic).await;
    let own = acts
        .iter()
        .filter(|one| one.actor == format!("member:{}", owner.id));
    let own: Vec<&str> = own.map(|one| one.act.as_str()).collect();
    assert_eq!(
        own,
        [
            "network.pass_asked",
            "network.overridden",
            "network.refused"
        ]
    );
    let log = owner
        .moved_to(INSIDE)
        .get("/audit-log?what=signing-in")
        .await;
    assert!(
        log.text()
            .contains("An owner came past the networks for an hour.")
    );

    // It works once, and the session for an hour, however it is used.
    assert_eq!(door.get(link).await.status, StatusCode::NOT_FOUND);
    for _ in 0..5 {
        test.clock.advance_minutes(11);
        assert_eq!(inside.get("/account").await.status, StatusCode::OK);
    }
    test.clock.advance_minutes(5);
    assert!(inside.get("/account").await.location().contains("/sign-in"));
    assert!(!door.is_in(&test).await);
}

#[tokio::test]
async fn whoever_came_past_sets_it_right() {
    let (test, clinic, _, mut door) = house().await;
    door.post(ASK, &[]).await;
    let link = mails(&test, &clinic).await.remove(0).2;
    door.post(&link, &[]).await.location();
    let inside = door.staffer(&test).moved_to(OUTSIDE);
    // They gave their password a moment ago; who is outside already shuts nobody out.
    let form = inside
        .get("/settings/networks")
        .await
        .attribute("/removal", "action");
    inside.post(&form.expect("a form"), &[]).await.location();
    let mut other = Door::of(&test);
    other.from = OUTSIDE.parse().ok();
    other.sign_in("second@riverside.example").await;
    assert!(other.is_in(&test).await);
}

#[tokio::test]
async fn the_link_is_for_that_owner_in_that_browser_and_no_longer_than_it_lasts() {
    let (test, clinic, _, mut door) = house().await;
    door.post(ASK, &[]).await;
    let link = mails(&test, &clinic).await.remove(0).2;
    // A stranger with the link alone, and another owner at the door.
    let mut stranger = Door::of(&test);
    stranger.from = OUTSIDE.parse().ok();
    for _ in 0..2 {
        assert_eq!(stranger.get(&link).await.status, StatusCode::FORBIDDEN);
        let page = stranger.post(&link, &[]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(
            page.text()
                .contains("in the browser in which it was asked for")
        );
        assert!(!stranger.is_in(&test).await);
        stranger.sign_in("second@riverside.example").await;
    }
    // At another organization it opens nothing.
    crate::support::clinic::create(&test, "northgate").await;
    let elsewhere = link.replace("/o/riverside/", "/o/northgate/");
    assert_eq!(
        door.post(&elsewhere, &[]).await.status,
        StatusCode::NOT_FOUND
    );
    test.clock.advance_minutes(15);
    assert_eq!(door.post(&link, &[]).await.status, StatusCode::NOT_FOUND);
    assert!(!door.is_in(&test).await);
    // Who was an owner when they asked and is none by now.
    door.sign_in("owner@riverside.example").await;
    door.post(ASK, &[]).await;
    let link = mails(&test, &clinic).await;
    let link = link
        .iter()
        .find(|(_, _, link)| link.contains("/pass/"))
        .expect("a link");
    test.write(clinic.id, |tx| {
        tx.execute(
            "update member set role = 'admin' where email = 'owner@riverside.example'",
            &[],
        )
    })
    .await;
    let page = door.post(&link.2, &[]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(!door.is_in(&test).await);
}

#[tokio::test]
async fn nobody_but_an_owner_gets_one() {
    let (test, clinic, _, _) = house().await;
    mails(&test, &clinic).await;
    let mut door = Door::of(&test);
    door.from = OUTSIDE.parse().ok();
    assert_eq!(
        door.sign_in("admin@riverside.example").await.location(),
        ASK
    );
    assert!(!door.get(ASK).await.body.contains("<form method=\"post\""));
    assert_eq!(door.post(ASK, &[]).await.status, StatusCode::FORBIDDEN);
    assert!(mails(&test, &clinic).await.is_empty());
    // Nor one without a sign-in that waits.
    let mut nobody = Door::of(&test);
    assert!(
        nobody
            .post(ASK, &[])
            .await
            .location()
            .contains("done=sign-in-over")
    );
}

#[tokio::test]
async fn a_session_past_the_networks_ends_with_being_an_owner() {
    let (test, clinic, _, mut door) = house().await;
    door.post(ASK, &[]).await;
    let link = mails(&test, &clinic).await.remove(0).2;
    door.post(&link, &[]).await.location();
    assert!(door.is_in(&test).await);
    test.write(clinic.id, |tx| {
        tx.execute(
            "update member set role = 'admin' where email = 'owner@riverside.example'",
            &[],
        )
    })
    .await;
    assert!(!door.is_in(&test).await);
}

#[tokio::test]
async fn operators_on_a_grant_are_held_by_what_holds_for_all() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let robin = operator(&test, "robin").await;
    lending::vet(&test, "robin").await;
    owner.prove(&test, &clinic).await;
    let id = console::account(&test, "robin").await.id.to_string();
    let terms = [
        ("operator", id.as_str()),
        ("environment", "live"),
        ("reason", "The calendar is empty"),
        ("ticket", "T-7"),
        ("hours", "4"),
        ("calendar", "full"),
    ];
    owner.post("/access/grants", &terms).await.location();
    let lent = test.app.store.lent_to(id.parse().expect("an id")).await;
    let loan = lent.expect("is listed").remove(0).id;
    let inside = lending::enter(&test, &robin, &loan).await;
    name(&test, &clinic, Some(Role::Staff), SITE).await;
    let from_outside = inside.moved_to(OUTSIDE);
    assert_eq!(from_outside.get("/calendar").await.status, StatusCode::OK);
    name(&test, &clinic, None, SITE).await;
    let refused = from_outside.get("/calendar").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(!refused.body.contains("Priya Shah"));
    assert_eq!(inside.get("/calendar").await.status, StatusCode::FORBIDDEN);
    let from_inside = inside.moved_to(INSIDE);
    assert_eq!(from_inside.get("/calendar").await.status, StatusCode::OK);
    let acts = acts(&test, &clinic).await;
    let refused = acts.iter().find(|one| one.act == "network.refused");
    assert_eq!(refused.map(|one| one.subject.clone()), Some(loan));
}
