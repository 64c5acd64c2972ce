//! What is wrong, gone, late or sent twice.

use insta::assert_snapshot;
use kept_app::scheduling;
use kept_base::store::Tx;

use super::{TYPED, book, hold};
use crate::support::TestApp;
use crate::support::visitor::Visitor;

#[tokio::test]
async fn what_is_wrong_is_said_and_what_was_typed_stays() {
    let (test, _) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let details = hold(&visitor, "therapy", "2026-11-24T10:00:00Z").await;
    let long = "x".repeat(2_001);
    let typed = [
        ("name", " "),
        ("email", "ama@example"),
        ("phone", "030 123456"),
        ("answer-concern", long.as_str()),
        ("answer-insurance", "Magic"),
        ("answer-born-day", "31"),
        ("answer-born-month", "2"),
        ("answer-born-year", "1984"),
        ("answer-first_visit", "yes"),
        ("surprise", "ignored"),
    ];
    let page = visitor.post(&details, &typed).await;
    assert_eq!(page.status, 422);
    assert!(
        page.body.contains("<title>Error: Your details"),
        "{}",
        page.body
    );
    assert_snapshot!(page.text().replace(&long, "[long]"), @"
    ->Therapy, 1 h
    ->Time
    Your details
    6 things need another look
    ->Enter your name.
    ->Enter an e-mail address like name@example.org.
    ->Enter a phone number with country code, for example +49 30 123456.
    ->“What hurts?”: at most 2000 characters, please shorten it.
    ->“Insurance”: choose one.
    ->“Date of birth”: enter a date that exists, for example 27 3 1984.
    Your details
    Tue 24 Nov 2026, 11:00–12:00
    Europe/Berlin (GMT+1)
    Priya Shah, Clinician
    Harbor, Hafenstr. 12, Berlin
    Room 1
    We keep this time for you until 09:10.
    ->Choose another time
    Your name
    So that we know whom to expect.
    Enter your name.
    [name= required aria-invalid]
    E-mail address
    For the confirmation, and the link to move or cancel.
    Enter an e-mail address like name@example.org.
    [email=ama@example required aria-invalid]
    Phone number (optional)
    To reach you if something changes at short notice. With country code, for example +49 30 123456.
    Enter a phone number with country code, for example +49 30 123456.
    [phone=030 123456 aria-invalid]
    What hurts?
    So that we can prepare.
    “What hurts?”: at most 2000 characters, please shorten it.
    [answer-concern required aria-invalid]
    [long]
    Insurance
    So that we can prepare.
    “Insurance”: choose one.
    [answer-insurance=Public required] Public
    [answer-insurance=Private required] Private
    [answer-insurance=None required] None
    [answer-first_visit=yes checked] First visit (optional)
    So that we can prepare.
    Date of birth (optional)
    So that we can prepare. For example 27 3 1984.
    “Date of birth”: enter a date that exists, for example 27 3 1984.
    Day [answer-born-day=31 aria-invalid]
    Month [answer-born-month=2 aria-invalid]
    Year [answer-born-year=1984 aria-invalid]
    Book appointment
    What we ask for, and why
    Each question says why we ask it, and we need nothing more to book. Your details are for Riverside Clinic. No other site learns of this visit.
    ");
    for (mark, value) in [
        ("id=\"email\"", "ama@example"),
        ("id=\"phone\"", "030 123456"),
        ("id=\"answer-born-day\"", "31"),
        ("id=\"answer-born-year\"", "1984"),
    ] {
        assert_eq!(page.attribute(mark, "value").as_deref(), Some(value));
    }
    assert!(page.body.contains(&long));
    // Every error links to an input that is there, and is described by its own text.
    for link in page.links_within() {
        assert!(page.body.contains(&format!("id=\"{link}\"")), "{link}");
    }
    assert_eq!(
        page.attribute("id=\"email\"", "aria-describedby").unwrap(),
        "email-error email-why"
    );

    let corrected = [
        ("name", "Ama Okafor"),
        ("email", "ama@example.org"),
        ("answer-concern", "My back"),
        ("answer-insurance", "Public"),
        ("answer-born-day", "1"),
        ("answer-born-month", "2"),
        ("answer-born-year", "1984"),
    ];
    let done = visitor.post(&details, &corrected).await.location();
    assert!(done.starts_with("/riverside/appointment/"), "{done}");
    assert!(!done.contains("Ama") && !done.contains("example.org"));
}

#[tokio::test]
async fn a_time_that_is_gone_brings_the_nearest_and_keeps_what_was_typed() {
    let (test, clinic) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let at = "2026-11-24T09:00:00Z";
    let details = hold(&visitor, "checkup", at).await;
    // The hold runs out and is freed, and two others take both who could serve.
    test.clock.advance_minutes(11);
    test.write(clinic.id, scheduling::release_expired_holds)
        .await;
    book(&visitor, at).await;
    book(&visitor, at).await;
    let gone = visitor.post(&details, TYPED).await;
    assert_eq!(gone.status, 409);
    assert_snapshot!(gone.text(), @"
    ->Check-up, 30 min
    ->Time
    Your details
    Your details
    This time is not free any more
    Everything you typed is still here. Choose one of the nearest free times and book. If you have just booked this time yourself, your confirmation is on its way by mail.
    The nearest free times
    [at=2026-11-24T08:00:00Z required] Tue 24 Nov 2026, 09:00
    [at=2026-11-24T10:00:00Z required] Tue 24 Nov 2026, 11:00
    [at=2026-11-24T10:30:00Z required] Tue 24 Nov 2026, 11:30
    Your name
    So that we know whom to expect.
    [name=Ama Okafor required]
    E-mail address
    For the confirmation, and the link to move or cancel.
    [email=ama@example.org required]
    Phone number (optional)
    To reach you if something changes at short notice. With country code, for example +49 30 123456.
    [phone=+49 30 123456]
    Book this time
    What we ask for, and why
    Each question says why we ask it, and we need nothing more to book. Your details are for Riverside Clinic. No other site learns of this visit.
    ");
    let other = gone.times()[1].clone();
    let mut typed = TYPED.to_vec();
    typed.push(("at", &other));
    let done = visitor.post(&details, &typed).await.location();
    let page = visitor.get(&done).await;
    assert!(page.text().contains("You are booked"), "{}", page.text());

    // Another visitor who picked it from an old page is offered the nearest at once.
    let late = visitor
        .post("/riverside/checkup/hold?day=2026-11-24", &[("at", at)])
        .await;
    assert_eq!(late.status, 409);
    assert!(
        late.text().starts_with("->Check-up, 30 min"),
        "{}",
        late.text()
    );
    assert!(late.text().contains("This time was just taken"));
    let none = visitor
        .post("/riverside/checkup/hold", &[("at", "soon")])
        .await;
    assert_eq!(none.status, 422);
    assert!(none.text().contains("Pick one of the times below"));
}

#[tokio::test]
async fn a_hold_that_ran_out_still_books_what_is_free() {
    let (test, clinic) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let details = hold(&visitor, "checkup", "2026-11-24T09:00:00Z").await;
    assert!(visitor.get(&details).await.text().contains("until 09:10"));
    test.clock.advance_minutes(11);
    let over = "We no longer keep this time for you, but it is still free.";
    assert!(visitor.get(&details).await.text().contains(over));
    test.write(clinic.id, scheduling::release_expired_holds)
        .await;
    assert!(visitor.get(&details).await.text().contains(over));
    let done = visitor.post(&details, TYPED).await.location();
    assert!(
        visitor
            .get(&done)
            .await
            .text()
            .contains("Tue 24 Nov 2026, 10:00")
    );
}

/// The worker being late makes nothing bookable: here the notice has begun meanwhile.
#[tokio::test]
async fn a_hold_that_ran_out_and_was_not_freed_yet_is_no_promise() {
    let (test, clinic) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let details = hold(&visitor, "checkup", "2026-11-23T10:00:00Z").await;
    test.clock.advance_minutes(10);
    for freed in [false, true] {
        if freed {
            test.write(clinic.id, scheduling::release_expired_holds)
                .await;
        }
        let page = visitor.get(&details).await.text();
        assert!(page.contains("This time is not free any more"), "{page}");
    }
    assert_eq!(visitor.post(&details, TYPED).await.status, 409);
}

#[tokio::test]
async fn a_form_sent_twice_books_once() {
    let (test, clinic) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let details = hold(&visitor, "checkup", "2026-11-24T09:00:00Z").await;
    let first = visitor.post(&details, TYPED).await.location();
    let second = visitor.post(&details, TYPED).await.location();
    assert_eq!(first, second);
    let other = [("name", "Somebody Else"), ("email", "else@example.org")];
    let page = visitor.post(&details, &other).await;
    assert_eq!(page.status, 409);
    assert!(page.text().starts_with("You have booked this already"));
    let count = |tx: &Tx<'_>| {
        let filter = scheduling::Filter::default();
        scheduling::appointments(tx, &filter, 10).map(|found| found.len())
    };
    assert_eq!(test.read(clinic.id, count).await, 1);
}

#[tokio::test]
async fn a_form_without_a_kept_time_sent_twice_books_once() {
    let (test, _) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let details = "/riverside/checkup/details?at=2026-11-24T09:00:00Z";
    let page = visitor.get(details).await.text();
    let once = page
        .split("[once=")
        .nth(1)
        .and_then(|rest| rest.split(']').next())
        .unwrap()
        .to_owned();
    let typed = [TYPED, &[("once", once.as_str())]].concat();
    let first = visitor.post(details, &typed).await;
    let second = visitor.post(details, &typed).await;
    assert_eq!(first.location(), second.location());
}
