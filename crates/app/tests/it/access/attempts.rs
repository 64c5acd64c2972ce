//! How often somebody may try, in all processes together.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::StatusCode;
use kept_app::access::{
    Attempt, MAX_FAILURES_PER_ADDRESS, MAX_FAILURES_PER_PAIR, Role, WINDOW_MINUTES,
};
use kept_base::kit::Clock as _;

use super::door::{DOOR, Door};
use crate::support::desk::Staffer;
use crate::support::{Clinic, TestApp};

/// Another process with the same data.
pub fn other(test: &TestApp) -> TestApp {
    TestApp::open(Arc::clone(&test.folder), test.clock.now(), true)
}

fn attempt<'a>(clinic: &Clinic, account: &'a str, from: &str) -> Attempt<'a> {
    Attempt {
        organization: Some(clinic.id),
        account,
        from: from.parse().ok(),
    }
}

/// Whether a try is let through, which then is wrong.
async fn fails(test: &TestApp, attempt: Attempt<'_>) -> bool {
    let begun = test.app.attempts.begin(&test.app.store, attempt).await;
    match begun.expect("is counted") {
        Some(begun) => {
            begun.failed().await;
            true
        }
        None => false,
    }
}

async fn succeeds(test: &TestApp, attempt: Attempt<'_>) -> bool {
    let begun = test.app.attempts.begin(&test.app.store, attempt).await;
    match begun.expect("is counted") {
        Some(begun) => {
            begun.succeeded().await;
            true
        }
        None => false,
    }
}

fn from(address: &str) -> Option<IpAddr> {
    address.parse().ok()
}

#[tokio::test]
async fn a_guesser_locks_out_only_themselves_and_not_for_good() {
    let (test, clinic) = TestApp::with_clinic().await;
    let guesser = attempt(&clinic, "ama@example.org", "192.0.2.7");
    for _ in 0..MAX_FAILURES_PER_PAIR {
        assert!(fails(&test, guesser).await);
    }
    assert!(!fails(&test, guesser).await);
    let alike = attempt(&clinic, "AMA@example.org ", "::ffff:192.0.2.7");
    assert!(!fails(&test, alike).await);
    assert!(fails(&test, attempt(&clinic, "ama@example.org", "192.0.2.8")).await);
    assert!(fails(&test, attempt(&clinic, "noah@example.org", "192.0.2.7")).await);
    let console = Attempt {
        organization: None,
        ..guesser
    };
    assert!(fails(&test, console).await);
    test.clock.advance_minutes(WINDOW_MINUTES - 1);
    assert!(!fails(&test, guesser).await);
    test.clock.advance_minutes(1);
    assert!(fails(&test, guesser).await);
    // Before the last failure: the clock was set back.
    test.clock.advance_minutes(-1);
    for _ in 0..MAX_FAILURES_PER_PAIR {
        assert!(fails(&test, guesser).await);
    }
    assert!(!fails(&test, guesser).await);
}

#[tokio::test]
async fn one_address_cannot_try_everybody() {
    let (test, clinic) = TestApp::with_clinic().await;
    for number in 0..MAX_FAILURES_PER_ADDRESS {
        let account = format!("guest-{number}@example.org");
        assert!(fails(&test, attempt(&clinic, &account, "2001:db8::7")).await);
    }
    let near = attempt(&clinic, "ama@example.org", "2001:db8::8");
    assert!(!fails(&test, near).await);
    let elsewhere = Attempt {
        organization: None,
        ..near
    };
    assert!(!fails(&test, elsewhere).await, "over all organizations");
    let far = attempt(&clinic, "ama@example.org", "2001:db8:0:1::8");
    assert!(fails(&test, far).await);
}

#[tokio::test]
async fn tries_count_while_they_are_open_and_not_when_given_up() {
    let (test, clinic) = TestApp::with_clinic().await;
    let known = attempt(&clinic, "ama@example.org", "192.0.2.7");
    let (attempts, store) = (&test.app.attempts, &test.app.store);
    let mut open = Vec::new();
    for _ in 0..MAX_FAILURES_PER_PAIR {
        let begun = attempts.begin(store, known).await.expect("is counted");
        open.push(begun.expect("is allowed"));
    }
    assert!(
        attempts
            .begin(store, known)
            .await
            .expect("is counted")
            .is_none()
    );
    drop(open);
    for _ in 0..2 * MAX_FAILURES_PER_ADDRESS {
        assert!(succeeds(&test, known).await);
    }
    for _ in 0..MAX_FAILURES_PER_PAIR - 1 {
        assert!(fails(&test, known).await);
    }
    assert!(succeeds(&test, known).await, "which forgets the others");
    for _ in 0..MAX_FAILURES_PER_PAIR {
        assert!(fails(&test, known).await);
    }
    assert!(!fails(&test, known).await);
}

#[tokio::test]
async fn two_processes_count_together_at_the_door() {
    let (test, clinic) = TestApp::with_clinic().await;
    Staffer::of(&test, &clinic, Role::Staff).await;
    let other = other(&test);
    let (mut here, mut there) = (Door::of(&test), Door::of(&other));
    here.from = from("192.0.2.7");
    there.from = from("192.0.2.7");
    let wrong = [
        ("email", "staff@riverside.example"),
        ("password", "a wrong one"),
    ];
    for number in 0..MAX_FAILURES_PER_PAIR {
        let door = if number % 2 == 0 {
            &mut here
        } else {
            &mut there
        };
        let page = door.post(DOOR, &wrong).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{number}");
    }
    for door in [&mut here, &mut there] {
        let page = door.sign_in("staff@riverside.example").await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    }
    // A third that begins now knows it too; from elsewhere the member comes in as ever.
    let third = self::other(&test);
    let mut late = Door::of(&third);
    late.from = from("192.0.2.7");
    let page = late.sign_in("staff@riverside.example").await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    late.from = from("192.0.2.8");
    late.sign_in("staff@riverside.example").await;
    assert!(late.is_in(&third).await);
    for process in [&test, &other] {
        process.clock.advance_minutes(WINDOW_MINUTES);
    }
    there.sign_in("staff@riverside.example").await;
    assert!(there.is_in(&other).await);
}
