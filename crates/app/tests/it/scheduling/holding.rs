//! Times held while somebody types.

use super::*;

#[tokio::test]
async fn a_hold_blocks_others_and_is_booked_by_whoever_has_it() {
    let (test, clinic) = TestApp::with_clinic().await;
    let review = clinic.wants(clinic.review);
    let held = hold(&test, &clinic, review, "2026-11-24T10:00:00Z")
        .await
        .expect("is held");
    let sorted = |mut both: Vec<_>| {
        both.sort_unstable();
        both
    };
    // Neither comes before the other.
    assert_eq!(
        sorted(held.staff.clone()),
        sorted(vec![clinic.vogt, clinic.shah])
    );
    assert_eq!(held.expires_at, at("2026-11-23T08:10:00Z"));
    let other = clinic.booking(clinic.review, "2026-11-24T10:00:00Z");
    assert!(matches!(
        book(&test, &clinic, other).await,
        Err(SchedulingError::SlotTaken { .. })
    ));
    let again = hold(&test, &clinic, review, "2026-11-24T10:00:00Z").await;
    assert!(matches!(again, Err(SchedulingError::SlotTaken { .. })));

    let mut mine = clinic.booking(clinic.review, "2026-11-24T10:00:00Z");
    mine.hold = Some(held.id);
    let booked = book(&test, &clinic, mine.clone())
        .await
        .expect("is booked")
        .appointment;
    assert_eq!(booked.chosen_because, "all_of_them");
    assert_eq!(count(&test, &clinic, "hold").await, 0);
    assert!(matches!(
        book(&test, &clinic, mine).await,
        Err(SchedulingError::SlotTaken { .. })
    ));
}

#[tokio::test]
async fn a_hold_that_runs_out_is_freed_and_its_holder_may_still_book_what_is_free() {
    let (test, clinic) = TestApp::with_clinic().await;
    let review = clinic.wants(clinic.review);
    let held = hold(&test, &clinic, review, "2026-11-24T10:00:00Z")
        .await
        .expect("is held");
    test.clock.advance_minutes(9);
    assert_eq!(
        test.write(clinic.id, scheduling::release_expired_holds)
            .await,
        0
    );
    let store = &test.app.store;
    let (before, then) = (test.clock.now(), held.expires_at);
    assert_eq!(store.take_due(before).await, Vec::new());
    test.clock.advance_minutes(1);
    assert_eq!(store.take_due(then).await, vec![clinic.id]);
    assert_eq!(
        test.write(clinic.id, scheduling::release_expired_holds)
            .await,
        1
    );
    assert_eq!(claims(&test, &clinic).await, Vec::<String>::new());
    let mut mine = clinic.booking(clinic.review, "2026-11-24T10:00:00Z");
    mine.hold = Some(held.id);
    book(&test, &clinic, mine)
        .await
        .expect("the time is still free");
}

#[tokio::test]
async fn a_hold_serves_only_the_time_and_wish_it_was_made_for_and_is_given_up_otherwise() {
    let (test, clinic) = TestApp::with_clinic().await;
    let checkup = Wanted {
        staff: Some(clinic.vogt),
        ..clinic.wants(clinic.checkup)
    };
    let held = hold(&test, &clinic, checkup, "2026-11-24T10:00:00Z")
        .await
        .expect("is held");
    let mut other = clinic.booking(clinic.checkup, "2026-11-24T10:30:00Z");
    other.hold = Some(held.id);
    other.wanted.staff = Some(clinic.vogt);
    let booked = book(&test, &clinic, other)
        .await
        .expect("one's own hold is not in one's own way");
    assert_eq!(booked.appointment.staff, [clinic.vogt]);
    assert_eq!(
        count(&test, &clinic, "hold").await,
        0,
        "the other time is free"
    );
    assert_eq!(claims(&test, &clinic).await.len(), 1);
}

#[tokio::test]
async fn a_hold_that_ran_out_gives_no_right_even_before_it_is_freed() {
    let (test, clinic) = TestApp::with_clinic().await;
    let review = clinic.wants(clinic.review);
    let held = hold(&test, &clinic, review, "2026-11-23T10:00:00Z")
        .await
        .expect("is held");
    test.clock.advance_minutes(30);
    let mut late = clinic.booking(clinic.review, "2026-11-23T10:00:00Z");
    late.hold = Some(held.id);
    let refused = book(&test, &clinic, late)
        .await
        .expect_err("too near by now");
    assert!(
        matches!(&refused, SchedulingError::SlotTaken { reasons, .. } if reasons == &[Reason::InsideNotice]),
        "{refused:?}"
    );
}

#[tokio::test]
async fn another_choice_replaces_the_hold_and_a_failed_one_keeps_it() {
    let (test, clinic) = TestApp::with_clinic().await;
    let review = clinic.wants(clinic.review);
    let first = hold(&test, &clinic, review, "2026-11-24T10:00:00Z")
        .await
        .expect("is held");
    let again = |to: &'static str, before| {
        let catalogs = Arc::clone(&test.app.catalogs);
        let verb = move |tx: &kept_base::store::Tx<'_>| {
            scheduling::place_hold(tx, &catalogs, &review, at(to), Some(before))
        };
        test.app.store.write(clinic.id, Actor::VISITOR, verb)
    };
    let failed = again("2026-11-24T20:00:00Z", first.id).await;
    assert!(matches!(failed, Err(SchedulingError::SlotTaken { .. })));
    assert_eq!(count(&test, &clinic, "hold").await, 1);
    let same = again("2026-11-24T10:00:00Z", first.id)
        .await
        .expect("one's own hold is not in one's own way");
    let near = again("2026-11-24T09:30:00Z", same.id)
        .await
        .expect("nor is it at a time that overlaps");
    assert_eq!(near.starts_at, at("2026-11-24T09:30:00Z"));
    assert_eq!(count(&test, &clinic, "hold").await, 1);
}
