//! How appointments go, and reserved time.

use super::*;

#[tokio::test]
async fn statuses_follow_the_table_and_the_clock() {
    let (test, clinic) = TestApp::with_clinic().await;
    let new = NewBooking {
        awaiting: true,
        ..wish(&clinic, "2026-11-24T09:00:00Z")
    };
    let (booked, _) = book(&test, &clinic, new, STRICT).await.expect("is free");
    assert_eq!(booked.status, Status::Awaiting);
    let early = set(&test, &clinic, booked.id, Status::NoShow).await;
    assert!(matches!(early, Err(StaffError::NotNow { .. })));
    let skipped = set(&test, &clinic, booked.id, Status::InProgress).await;
    assert!(matches!(skipped, Err(StaffError::NotNow { .. })));
    set(&test, &clinic, booked.id, Status::Arrived)
        .await
        .expect("early is fine");
    test.clock.set(at("2026-11-24T09:05:00Z"));
    let (_, earlier) = set(&test, &clinic, booked.id, Status::Done)
        .await
        .expect("is over");
    assert_eq!(
        last_detail(&test, &clinic).await,
        "appointment.status_changed arrived done"
    );
    take_back(&test, &clinic, earlier.clone())
        .await
        .expect("a wrong click");
    assert_eq!(
        found(&test, &clinic, booked.id).await.status,
        Status::Arrived
    );
    let twice = take_back(&test, &clinic, earlier).await;
    assert!(matches!(twice, Err(StaffError::Changed)));
    let changes = "select count(*) from status_change";
    assert_eq!(count(&test, &clinic, changes).await, 3);
    assert_eq!(
        found(&test, &clinic, booked.id).await.revision,
        0,
        "nobody outside is told"
    );
}

#[tokio::test]
async fn whoever_did_not_come_gives_the_time_free_and_may_get_it_back() {
    let (test, clinic) = TestApp::with_clinic().await;
    let new = wish(&clinic, "2026-11-24T09:00:00Z");
    let (booked, _) = book(&test, &clinic, new, STRICT).await.expect("is free");
    test.clock.set(at("2026-11-24T09:10:00Z"));
    let (_, earlier) = set(&test, &clinic, booked.id, Status::NoShow)
        .await
        .expect("is late");
    assert_eq!(count(&test, &clinic, "select count(*) from claim").await, 0);
    let (walk_in, undo) = book(
        &test,
        &clinic,
        wish(&clinic, "2026-11-24T09:10:00Z"),
        ANYWAY,
    )
    .await
    .expect("a walk-in");
    let back = take_back(&test, &clinic, earlier.clone()).await;
    assert!(
        matches!(back, Err(StaffError::Taken(by)) if by[0].holder == Holder::Appointment(walk_in.id))
    );
    take_back(&test, &clinic, undo)
        .await
        .expect("the walk-in left");
    take_back(&test, &clinic, earlier)
        .await
        .expect("is free again");
    assert_eq!(
        found(&test, &clinic, booked.id).await.status,
        Status::Confirmed
    );
    assert_eq!(
        found(&test, &clinic, walk_in.id).await.status,
        Status::Canceled
    );
    assert_eq!(count(&test, &clinic, "select count(*) from claim").await, 1);
}

#[tokio::test]
async fn a_cancellation_is_undone_with_its_time_and_a_word_to_the_person() {
    let (test, clinic) = TestApp::with_clinic().await;
    let new = wish(&clinic, "2026-11-24T09:00:00Z");
    let (booked, _) = book(&test, &clinic, new, STRICT).await.expect("is free");
    let (canceled, earlier) = set(&test, &clinic, booked.id, Status::Canceled)
        .await
        .expect("off");
    assert_eq!(
        (canceled.revision, canceled.canceled_at.is_some()),
        (1, true)
    );
    take_back(&test, &clinic, earlier).await.expect("on again");
    let now = found(&test, &clinic, booked.id).await;
    assert_eq!(
        (now.status, now.revision, now.canceled_at),
        (Status::Confirmed, 2, None)
    );
    let kinds = "select count(*) from message where audience = 'person' and kind = 'booked'";
    assert_eq!(count(&test, &clinic, kinds).await, 2);
}

#[tokio::test]
async fn reserved_time_is_taken_from_everybody_and_given_back() {
    let (test, clinic) = TestApp::with_clinic().await;
    let span = ("2026-11-24T08:00:00Z", "2026-11-24T10:00:00Z");
    let vogt = Resource::Staff(clinic.vogt);
    let (block, earlier) = reserve(&test, &clinic, vogt, span).await.expect("is free");
    assert_eq!(block.label, "Team meeting");
    let new = wish(&clinic, "2026-11-24T09:00:00Z");
    let taken = book(&test, &clinic, new.clone(), ANYWAY).await;
    assert!(matches!(taken, Err(StaffError::Taken(by)) if by[0].holder == Holder::Block(block.id)));
    let public = scheduling::NewAppointment {
        wanted: scheduling::Wanted {
            staff: Some(clinic.vogt),
            ..clinic.wants(clinic.checkup)
        },
        ..clinic.booking(clinic.checkup, "2026-11-24T09:00:00Z")
    };
    let catalogs = Arc::clone(&test.app.catalogs);
    let verb = move |tx: &kept_base::store::Tx<'_>| scheduling::book(tx, &catalogs, &public);
    let public = test.app.store.write(clinic.id, Actor::VISITOR, verb).await;
    assert!(matches!(
        public,
        Err(scheduling::SchedulingError::SlotTaken { .. })
    ));
    take_back(&test, &clinic, earlier)
        .await
        .expect("is given up");
    let (booked, _) = book(&test, &clinic, new, STRICT)
        .await
        .expect("is free again");
    let over = reserve(&test, &clinic, vogt, span).await;
    assert!(
        matches!(over, Err(StaffError::Taken(by)) if by[0].holder == Holder::Appointment(booked.id))
    );
    let backwards = reserve(&test, &clinic, vogt, (span.1, span.0)).await;
    assert!(matches!(backwards, Err(StaffError::Bounds("ends"))));
}
