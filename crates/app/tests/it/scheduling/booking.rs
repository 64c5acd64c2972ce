//! Appointments made, and never two at one time.

use super::*;

#[tokio::test]
async fn booking_leaves_everything_that_belongs_to_it() {
    let (test, clinic) = TestApp::with_clinic().await;
    let new = clinic.booking(clinic.therapy, "2026-11-24T09:00:00Z");
    let booked = book(&test, &clinic, new)
        .await
        .expect("is booked")
        .appointment;
    assert_eq!(booked.status, Status::Confirmed);
    assert_eq!(booked.ends_at, at("2026-11-24T10:00:00Z"));
    assert_eq!(booked.chosen_because, "never_booked");
    assert_eq!(
        (booked.staff.clone(), booked.room),
        (vec![clinic.shah], Some(clinic.room_1))
    );
    assert_eq!(
        claims(&test, &clinic).await,
        [
            "rom 2026-11-24T09:00:00Z 2026-11-24T10:00:00Z appointment",
            "stf 2026-11-24T09:00:00Z 2026-11-24T10:00:00Z appointment"
        ]
    );
    assert_eq!(
        acts(&test, &clinic).await,
        ["visitor appointment.booked", "visitor capability.issued"]
    );
    let messages = test
        .read(clinic.id, |tx| {
            let sql =
                "select kind || ' ' || audience || ' ' || state from message order by audience";
            tx.query(sql, &[], |row| row.get::<String>(0))
        })
        .await;
    assert_eq!(messages, ["booked person pending", "booked staff pending"]);
    let id = booked.id;
    let read = test
        .read(clinic.id, move |tx| scheduling::appointment(tx, id))
        .await;
    assert_eq!(read, Some(booked));
}

#[tokio::test]
async fn a_taken_time_names_the_nearest_others_and_leaves_nothing() {
    let (test, clinic) = TestApp::with_clinic().await;
    let with_vogt = |at: &str| {
        let mut new = clinic.booking(clinic.checkup, at);
        new.wanted.staff = Some(clinic.vogt);
        new
    };
    book(&test, &clinic, with_vogt("2026-11-23T13:00:00Z"))
        .await
        .expect("is booked");
    let (before, people) = (
        claims(&test, &clinic).await,
        count(&test, &clinic, "person").await,
    );
    let mut late = with_vogt("2026-11-23T13:00:00Z");
    late.person = person("Noah Brandt", "noah@example.org");
    let refused = book(&test, &clinic, late).await.expect_err("is taken");
    let SchedulingError::SlotTaken {
        reasons,
        alternatives,
    } = refused
    else {
        panic!("{refused:?}");
    };
    assert_eq!(reasons, [Reason::StaffBusy]);
    assert_eq!(
        alternatives,
        [
            at("2026-11-23T12:00:00Z"),
            at("2026-11-23T14:00:00Z"),
            at("2026-11-23T14:30:00Z")
        ]
    );
    assert_eq!(claims(&test, &clinic).await, before);
    assert_eq!(count(&test, &clinic, "person").await, people);
}

#[tokio::test]
async fn whoever_was_booked_longest_ago_is_next() {
    let (test, clinic) = TestApp::with_clinic().await;
    let mut served = Vec::new();
    for hour in ["10", "11", "12", "13"] {
        let new = clinic.booking(clinic.checkup, &format!("2026-11-24T{hour}:30:00Z"));
        let booked = book(&test, &clinic, new)
            .await
            .expect("is booked")
            .appointment;
        served.push((booked.staff[0], booked.chosen_because));
        test.clock.advance_minutes(1);
    }
    // At 11:30 UTC Vogt is at lunch, so Shah is the only one.
    let because: Vec<&str> = served.iter().map(|(_, because)| because.as_str()).collect();
    assert_eq!(because[0], "never_booked");
    assert_eq!(served[0].0, clinic.vogt);
    assert_eq!(served[1].0, clinic.shah);
    assert_eq!(served[2].0, clinic.vogt, "Shah was booked after Vogt");
    assert_eq!(served[3].0, clinic.shah);
    assert_eq!(because[3], "least_recently_booked");
}

#[tokio::test]
async fn alternatives_are_free_however_far_one_has_to_look() {
    let (test, clinic) = TestApp::with_clinic().await;
    // Liu works on Tuesdays only; all of the next four are taken but the last hours of the fifth.
    let mut full = Vec::new();
    for day in ["2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15"] {
        for hour in [8, 9, 10, 11] {
            full.push(format!("{day}T{hour:02}:00:00Z"));
        }
    }
    for starts_at in full {
        let mut new = clinic.booking(clinic.therapy, &starts_at);
        new.wanted.staff = Some(clinic.liu);
        book(&test, &clinic, new).await.expect("is booked");
    }
    let wanted = Wanted {
        staff: Some(clinic.liu),
        ..clinic.wants(clinic.therapy)
    };
    for lost in [
        "2026-11-24T08:00:00Z",
        "2020-01-01T00:00:00Z",
        "2030-01-01T00:00:00Z",
    ] {
        let refused = hold(&test, &clinic, wanted, lost)
            .await
            .expect_err("is taken");
        let SchedulingError::SlotTaken { alternatives, .. } = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(alternatives.len(), scheduling::ALTERNATIVES, "{lost}");
        for other in alternatives {
            let catalogs = Arc::clone(&test.app.catalogs);
            let offered = test
                .read(clinic.id, move |tx| {
                    scheduling::find_slot(tx, &catalogs, &wanted, other, None)
                })
                .await;
            assert!(!offered.is_empty(), "{other} is not free");
        }
    }
}

#[tokio::test]
async fn the_first_link_lives_as_long_as_the_moved_appointment() {
    let (test, clinic) = TestApp::with_clinic().await;
    let new = clinic.booking(clinic.checkup, "2026-11-25T09:00:00Z");
    let booked = book(&test, &clinic, new).await.expect("is booked");
    let id = booked.appointment.id;
    let organization = Authority::Organization;
    reschedule(&test, &clinic, id, "2027-01-20T09:00:00Z", organization)
        .await
        .expect("is moved");
    test.clock.set(at("2027-02-10T09:00:00Z"));
    let opened = test
        .read(clinic.id, move |tx| {
            kept_app::access::open_capability(tx, kept_app::access::Purpose::Manage, &booked.manage)
        })
        .await;
    assert_eq!(opened.map(|link| link.appointment), Some(id));
}

#[tokio::test]
async fn a_person_is_recognized_only_when_nothing_given_differs() {
    let (test, clinic) = TestApp::with_clinic().await;
    let at_hour =
        |hour: u8| clinic.booking(clinic.checkup, &format!("2026-11-24T{hour:02}:00:00Z"));
    let phone = |number: &str| kept_base::kit::Phone::parse(number).ok();
    let (mut first, same, mut called, mut other_phone) =
        (at_hour(9), at_hour(10), at_hour(12), at_hour(13));
    first.person.phone = phone("+49 30 111111");
    called.person = person("Kofi Okafor", "ama@example.org");
    other_phone.person.phone = phone("+49 30 222222");
    let mut ids = Vec::new();
    for new in [first, same, called, other_phone] {
        ids.push(
            book(&test, &clinic, new)
                .await
                .expect("is booked")
                .appointment
                .person,
        );
    }
    assert_eq!(ids[0], ids[1]);
    assert_ne!(
        ids[0], ids[2],
        "an address alone makes nobody the same person"
    );
    assert_ne!(ids[0], ids[3], "and nobody changes another's number");
    let id = ids[0];
    let kept = test
        .read(clinic.id, move |tx| kept_app::people::find(tx, id))
        .await;
    let number = kept.and_then(|person| person.phone).expect("a number");
    assert_eq!(number.expose(), "+4930111111");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_want_one_time_one_gets_it() {
    for group_commit in [true, false] {
        let test = TestApp::open(
            TestApp::empty().folder,
            at(crate::support::START),
            group_commit,
        );
        let clinic = crate::support::clinic::create(&test, "riverside").await;
        let test = Arc::new(test);
        let mut bookers = tokio::task::JoinSet::new();
        for number in 0..64 {
            let (test, clinic) = (Arc::clone(&test), clinic.clone());
            bookers.spawn(async move {
                let mut new = clinic.booking(clinic.review, "2026-11-25T10:00:00Z");
                new.person = person("Ama Okafor", &format!("ama{number}@example.org"));
                book(&test, &clinic, new).await
            });
        }
        let (mut won, mut lost) = (0, 0);
        while let Some(done) = bookers.join_next().await {
            match done.expect("no panic") {
                Ok(_) => won += 1,
                Err(SchedulingError::SlotTaken { alternatives, .. }) => {
                    assert_eq!(alternatives.len(), scheduling::ALTERNATIVES);
                    lost += 1;
                }
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!((won, lost), (1, 63));
        assert_eq!(claims(&test, &clinic).await.len(), 2);
        assert_eq!(count(&test, &clinic, "person").await, 1);
    }
}

/// The schema alone refuses overlaps, whatever the code before it thinks.
#[tokio::test]
async fn the_claim_table_refuses_every_overlap() {
    let (test, clinic) = TestApp::with_clinic().await;
    let new = clinic.booking(clinic.review, "2026-11-25T10:00:00Z");
    let booked = book(&test, &clinic, new)
        .await
        .expect("is booked")
        .appointment;
    let minute =
        |minutes: i64| kept_base::kit::time::plus_minutes(at("2026-11-25T10:00:00Z"), minutes);
    for (from, to, fits) in [
        (-60, 0, true),
        (60, 90, true),
        (-60, 1, false),
        (59, 90, false),
        (10, 20, false),
        (-10, 100, false),
        (0, 60, false),
        (30, 60, false),
    ] {
        let (resource, id) = (clinic.vogt, booked.id);
        let (from, to) = (minute(from), minute(to));
        let verb = move |tx: &kept_base::store::Tx<'_>| {
            tx.execute(
                "insert into claim (resource_id, starts_at, ends_at, appointment_id)
                 values ($1, $2, $3, $4)",
                kept_base::params![resource, from, to, id],
            )?;
            // Undone in any case: each try stands alone.
            Err::<(), _>(kept_base::store::Error::Decode("undo"))
        };
        let error = test
            .app
            .store
            .write(clinic.id, Actor::VISITOR, verb)
            .await
            .expect_err("is undone or refused");
        let refused = !matches!(error, kept_base::store::Error::Decode("undo"));
        assert_eq!(refused, !fits, "{from} {to}: {error}");
    }
}
