//! Appointments moved and cancelled.

use super::*;

#[tokio::test]
async fn moving_keeps_the_staff_and_the_record() {
    let (test, clinic) = TestApp::with_clinic().await;
    let new = clinic.booking(clinic.therapy, "2026-11-25T09:00:00Z");
    let booked = book(&test, &clinic, new)
        .await
        .expect("is booked")
        .appointment;
    let moved = reschedule(
        &test,
        &clinic,
        booked.id,
        "2026-11-25T09:30:00Z",
        Authority::Person,
    )
    .await
    .expect("its own time counts as free");
    assert_eq!(
        (moved.revision, moved.chosen_because.as_str()),
        (1, "same_staff")
    );
    assert_eq!(moved.staff, booked.staff);
    assert_eq!(
        claims(&test, &clinic).await,
        [
            "rom 2026-11-25T09:30:00Z 2026-11-25T10:30:00Z appointment",
            "stf 2026-11-25T09:30:00Z 2026-11-25T10:30:00Z appointment"
        ]
    );
    let same = reschedule(
        &test,
        &clinic,
        booked.id,
        "2026-11-25T09:30:00Z",
        Authority::Person,
    );
    assert!(matches!(same.await, Err(SchedulingError::Unchanged)));
    let closed = reschedule(
        &test,
        &clinic,
        booked.id,
        "2026-11-25T20:00:00Z",
        Authority::Person,
    );
    assert!(matches!(
        closed.await,
        Err(SchedulingError::SlotTaken { .. })
    ));
    assert_eq!(count(&test, &clinic, "rescheduling").await, 1);
}

#[tokio::test]
async fn late_changes_are_the_organizations_alone() {
    let (test, clinic) = TestApp::with_clinic().await;
    let new = clinic.booking(clinic.checkup, "2026-11-24T13:00:00Z");
    let booked = book(&test, &clinic, new)
        .await
        .expect("is booked")
        .appointment;
    test.clock.set(at("2026-11-23T13:00:00Z"));
    let now = test.clock.now();
    let moved = reschedule(
        &test,
        &clinic,
        booked.id,
        "2026-11-25T13:00:00Z",
        Authority::Person,
    );
    moved.await.expect("exactly a day before is in time");
    let back = reschedule(
        &test,
        &clinic,
        booked.id,
        "2026-11-24T13:00:00Z",
        Authority::Organization,
    );
    back.await.expect("the organization may");
    test.clock.advance_minutes(1);
    let late = cancel(&test, &clinic, booked.id, Authority::Person).await;
    assert!(matches!(late, Err(SchedulingError::TooLate { closed_at }) if closed_at == now));
    cancel(&test, &clinic, booked.id, Authority::Organization)
        .await
        .expect("the organization may");
}

#[tokio::test]
async fn cancelling_frees_the_time_once() {
    let (test, clinic) = TestApp::with_clinic().await;
    let new = clinic.booking(clinic.review, "2026-11-25T10:00:00Z");
    let booked = book(&test, &clinic, new.clone())
        .await
        .expect("is booked")
        .appointment;
    let canceled = cancel(&test, &clinic, booked.id, Authority::Person)
        .await
        .expect("is cancelled");
    assert_eq!((canceled.status, canceled.revision), (Status::Canceled, 1));
    assert_eq!(claims(&test, &clinic).await, Vec::<String>::new());
    let twice = cancel(&test, &clinic, booked.id, Authority::Person).await;
    assert!(matches!(twice, Err(SchedulingError::AlreadyCanceled)));
    let moved = reschedule(
        &test,
        &clinic,
        booked.id,
        "2026-11-25T11:00:00Z",
        Authority::Person,
    );
    assert!(matches!(moved.await, Err(SchedulingError::AlreadyCanceled)));
    book(&test, &clinic, new)
        .await
        .expect("the time is free again");
    let acts = acts(&test, &clinic).await;
    assert_eq!(
        acts.iter()
            .filter(|act| act.ends_with("appointment.canceled"))
            .count(),
        1
    );
}
