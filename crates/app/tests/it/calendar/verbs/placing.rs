//! Where appointments can go, and moving them.

use super::*;

#[tokio::test]
async fn rules_bind_until_somebody_says_otherwise_and_the_record_says_so() {
    let (test, clinic) = TestApp::with_clinic().await;
    // Monday 09:30 in Berlin is within two hours' notice.
    let soon = book(
        &test,
        &clinic,
        wish(&clinic, "2026-11-23T08:30:00Z"),
        STRICT,
    )
    .await;
    assert!(matches!(soon, Err(StaffError::Against(why)) if why[0].code == "inside_notice"));
    // Saturday, nobody works.
    let free_day = book(
        &test,
        &clinic,
        wish(&clinic, "2026-11-28T09:00:00Z"),
        STRICT,
    )
    .await;
    let Err(StaffError::Against(why)) = free_day else {
        panic!("{free_day:?}")
    };
    assert_eq!(
        (why[0].code, why[0].staff),
        ("outside_hours", Some(clinic.vogt))
    );
    assert_eq!(
        count(&test, &clinic, "select count(*) from person").await,
        0
    );
    book(
        &test,
        &clinic,
        wish(&clinic, "2026-11-28T09:00:00Z"),
        ANYWAY,
    )
    .await
    .expect("explicitly");
    let detail = last_detail(&test, &clinic).await;
    assert_eq!(
        detail,
        format!(
            "appointment.booked {} override:outside_hours untold",
            clinic.checkup
        )
    );
    // Nobody was to be told but the staff member.
    let to_person = "select count(*) from message where audience = 'person'";
    assert_eq!(count(&test, &clinic, to_person).await, 0);
    assert_eq!(
        count(&test, &clinic, "select count(*) from message").await,
        1
    );
}

#[tokio::test]
async fn a_claim_is_never_overridden_and_says_whose_it_is() {
    let (test, clinic) = TestApp::with_clinic().await;
    let first = wish(&clinic, "2026-11-24T09:00:00Z");
    let (first, _) = book(&test, &clinic, first, STRICT).await.expect("is free");
    // The ten minutes after a check-up are taken too.
    let second = wish(&clinic, "2026-11-24T09:35:00Z");
    for manner in [STRICT, ANYWAY] {
        let Err(StaffError::Taken(by)) = book(&test, &clinic, second.clone(), manner).await else {
            panic!("the time is taken")
        };
        assert_eq!(by.len(), 1);
        assert_eq!(by[0].resource, Resource::Staff(clinic.vogt));
        assert_eq!(by[0].holder, Holder::Appointment(first.id));
    }
    // Whoever is free: Shah is not there before ten, local time, so Vogt's claim decides nothing.
    let mut anybody = wish(&clinic, "2026-11-24T09:35:00Z");
    anybody.wish.staff.clear();
    let (other, _) = book(&test, &clinic, anybody, STRICT)
        .await
        .expect("Shah is free");
    assert_eq!(other.staff, [clinic.shah]);
}

#[tokio::test]
async fn a_move_to_other_staff_and_length_goes_back_exactly() {
    let (test, clinic) = TestApp::with_clinic().await;
    let new = wish(&clinic, "2026-11-24T09:00:00Z");
    let (before, _) = book(&test, &clinic, new, STRICT).await.expect("is free");
    let to = Move {
        starts_at: Some(at("2026-11-24T10:05:00Z")),
        minutes: Some(45),
        staff: Some(vec![clinic.shah]),
        room: None,
    };
    let (moved, earlier) = relocate(&test, &clinic, before.id, to.clone(), STRICT)
        .await
        .expect("the grid of the public page does not bind the staff");
    assert_eq!(moved.ends_at, at("2026-11-24T10:50:00Z"));
    assert_eq!(
        (moved.staff.clone(), moved.revision),
        (vec![clinic.shah], 1)
    );
    let again = relocate(&test, &clinic, before.id, to, STRICT).await;
    assert!(matches!(again, Err(StaffError::Changed)));
    take_back(&test, &clinic, earlier.clone())
        .await
        .expect("is still free");
    let now = found(&test, &clinic, before.id).await;
    assert_eq!(
        (now.starts_at, now.ends_at),
        (before.starts_at, before.ends_at)
    );
    assert_eq!((now.staff, now.revision), (vec![clinic.vogt], 2));
    let twice = take_back(&test, &clinic, earlier).await;
    assert!(matches!(twice, Err(StaffError::Changed)));
}

#[tokio::test]
async fn a_move_is_not_taken_back_onto_somebody_else() {
    let (test, clinic) = TestApp::with_clinic().await;
    let new = wish(&clinic, "2026-11-24T09:00:00Z");
    let (first, _) = book(&test, &clinic, new, STRICT).await.expect("is free");
    let to = Move {
        starts_at: Some(at("2026-11-24T12:00:00Z")),
        ..Move::default()
    };
    let (_, earlier) = relocate(&test, &clinic, first.id, to, STRICT)
        .await
        .expect("is free");
    let new = wish(&clinic, "2026-11-24T09:00:00Z");
    let (second, _) = book(&test, &clinic, new, STRICT)
        .await
        .expect("is free now");
    let back = take_back(&test, &clinic, earlier).await;
    assert!(
        matches!(back, Err(StaffError::Taken(by)) if by[0].holder == Holder::Appointment(second.id))
    );
    assert_eq!(
        found(&test, &clinic, first.id).await.starts_at,
        at("2026-11-24T12:00:00Z")
    );
}

#[tokio::test]
async fn a_room_that_is_taken_is_replaced_unless_it_was_asked_for() {
    let (test, clinic) = TestApp::with_clinic().await;
    let therapy = |staff: StaffId, starts_at: &str| NewBooking {
        wish: Wish {
            service: clinic.therapy,
            staff: vec![staff],
            location: None,
            room: None,
            starts_at: at(starts_at),
            minutes: 60,
        },
        ..wish(&clinic, starts_at)
    };
    let new = therapy(clinic.liu, "2026-11-24T09:00:00Z");
    let (at_hill, _) = book(&test, &clinic, new, STRICT)
        .await
        .expect("Liu is at the hill");
    assert_eq!(
        (at_hill.location, at_hill.room),
        (clinic.hill, Some(clinic.room_2))
    );
    let new = therapy(clinic.shah, "2026-11-24T09:00:00Z");
    let (at_harbor, _) = book(&test, &clinic, new, STRICT)
        .await
        .expect("the other room");
    assert_eq!(at_harbor.room, Some(clinic.room_1));
    let into = Move {
        room: Some(clinic.room_2),
        ..Move::default()
    };
    let taken = relocate(&test, &clinic, at_harbor.id, into, ANYWAY).await;
    assert!(
        matches!(taken, Err(StaffError::Taken(by)) if by[0].resource == Resource::Room(clinic.room_2))
    );
}
