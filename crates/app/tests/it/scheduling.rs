//! The main job as verbs: asking, holding, booking, moving, cancelling.

use std::sync::Arc;

use jiff::civil::date;
use jiff::tz::TimeZone;
use kept_app::audit;
use kept_app::ids::AppointmentId;
use kept_app::scheduling::{self, Authority, Booked, SchedulingError, Status, Wanted};
use kept_base::kit::{Actor, Clock as _, Note};
use kept_slots::Reason;

use crate::support::clinic::person;
use crate::support::{Clinic, TestApp, at};

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").expect("known")
}

async fn times(test: &TestApp, clinic: &Clinic, wanted: Wanted, day: i8) -> String {
    let catalogs = Arc::clone(&test.app.catalogs);
    let offers = test
        .read(clinic.id, move |tx| {
            scheduling::times(tx, &catalogs, &wanted, date(2026, 11, day), &berlin(), None)
        })
        .await;
    let clock = |offer: &scheduling::Offer| {
        offer
            .starts_at
            .to_zoned(berlin())
            .strftime("%H:%M")
            .to_string()
    };
    offers.iter().map(clock).collect::<Vec<_>>().join(" ")
}

async fn book(
    test: &TestApp,
    clinic: &Clinic,
    new: scheduling::NewAppointment,
) -> Result<Booked, SchedulingError> {
    let catalogs = Arc::clone(&test.app.catalogs);
    let verb = move |tx: &kept_base::store::Tx<'_>| scheduling::book(tx, &catalogs, &new);
    test.app.store.write(clinic.id, Actor::VISITOR, verb).await
}

async fn hold(
    test: &TestApp,
    clinic: &Clinic,
    wanted: Wanted,
    starts_at: &str,
) -> Result<scheduling::Hold, SchedulingError> {
    let (catalogs, starts_at) = (Arc::clone(&test.app.catalogs), at(starts_at));
    let verb = move |tx: &kept_base::store::Tx<'_>| {
        scheduling::place_hold(tx, &catalogs, &wanted, starts_at, None)
    };
    test.app.store.write(clinic.id, Actor::VISITOR, verb).await
}

async fn reschedule(
    test: &TestApp,
    clinic: &Clinic,
    id: AppointmentId,
    to: &str,
    authority: Authority,
) -> Result<scheduling::Appointment, SchedulingError> {
    let (catalogs, to) = (Arc::clone(&test.app.catalogs), at(to));
    let verb = move |tx: &kept_base::store::Tx<'_>| {
        scheduling::reschedule(tx, &catalogs, id, to, authority)
    };
    test.app.store.write(clinic.id, Actor::VISITOR, verb).await
}

async fn cancel(
    test: &TestApp,
    clinic: &Clinic,
    id: AppointmentId,
    authority: Authority,
) -> Result<scheduling::Appointment, SchedulingError> {
    let catalogs = Arc::clone(&test.app.catalogs);
    let reason = Note::parse("Feeling better").expect("a note");
    let verb = move |tx: &kept_base::store::Tx<'_>| {
        scheduling::cancel(tx, &catalogs, id, Some(&reason), authority)
    };
    test.app.store.write(clinic.id, Actor::VISITOR, verb).await
}

async fn acts(test: &TestApp, clinic: &Clinic) -> Vec<String> {
    let entries = test.read(clinic.id, |tx| audit::after(tx, 0, 1_000)).await;
    entries
        .into_iter()
        .filter(|entry| {
            !["organization.created", "offering.changed", "token.created"]
                .contains(&entry.act.as_str())
        })
        .map(|entry| format!("{} {}", entry.actor, entry.act))
        .collect()
}

/// What is taken, whoever holds it: resource kind, start, end, holder kind.
async fn claims(test: &TestApp, clinic: &Clinic) -> Vec<String> {
    test.read(clinic.id, |tx| {
        tx.query(
            "select resource_id, starts_at, ends_at, appointment_id is not null from claim
             order by starts_at, resource_id",
            &[],
            |row| {
                let resource: String = row.get(0)?;
                let (from, to): (jiff::Timestamp, jiff::Timestamp) = (row.get(1)?, row.get(2)?);
                let holder = if row.get(3)? { "appointment" } else { "hold" };
                Ok(format!("{} {from} {to} {holder}", &resource[..3]))
            },
        )
    })
    .await
}

#[tokio::test]
async fn what_is_shown_follows_hours_notice_and_claims() {
    let (test, clinic) = TestApp::with_clinic().await;
    let checkup = clinic.wants(clinic.checkup);
    assert_eq!(
        times(&test, &clinic, checkup, 23).await,
        "11:00 11:30 12:00 12:30 13:00 13:30 14:00 14:30 15:00 15:30 16:00 16:30",
        "two hours of notice; Shah covers the lunch hour"
    );
    let with_vogt = Wanted {
        staff: Some(clinic.vogt),
        ..checkup
    };
    assert_eq!(
        times(&test, &clinic, with_vogt, 23).await,
        "11:00 11:30 13:00 13:30 14:00 14:30 15:00 15:30 16:00 16:30"
    );
    let mut new = clinic.booking(clinic.checkup, "2026-11-23T13:00:00Z");
    new.wanted.staff = Some(clinic.vogt);
    book(&test, &clinic, new).await.expect("is booked");
    assert_eq!(
        times(&test, &clinic, with_vogt, 23).await,
        "11:00 11:30 13:00 15:00 15:30 16:00 16:30",
        "14:00 to 14:40 is taken, and 13:30 would need ten minutes after it"
    );
    let review = clinic.wants(clinic.review);
    assert_eq!(times(&test, &clinic, review, 23).await, "11:00 13:00 15:00");
    assert_eq!(
        times(&test, &clinic, review, 27).await,
        "",
        "nobody works on Fridays"
    );
}

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

async fn count(test: &TestApp, clinic: &Clinic, table: &str) -> u32 {
    let sql = format!("select count(*) from {table}");
    test.read(clinic.id, move |tx| {
        tx.query_opt(&sql, &[], |row| row.get(0))
    })
    .await
    .expect("a count")
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
async fn a_hold_blocks_others_and_is_booked_by_whoever_has_it() {
    let (test, clinic) = TestApp::with_clinic().await;
    let review = clinic.wants(clinic.review);
    let held = hold(&test, &clinic, review, "2026-11-24T10:00:00Z")
        .await
        .expect("is held");
    assert_eq!(held.staff, {
        let mut both = vec![clinic.vogt, clinic.shah];
        both.sort_unstable();
        both
    });
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
    assert_eq!(test.app.store.wakes().next(), Some(held.expires_at));
    test.clock.advance_minutes(1);
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
                    scheduling::find_slot(tx, &catalogs, &wanted, other)
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

#[tokio::test]
async fn a_daily_limit_counts_holds_and_appointments() {
    let (test, clinic) = TestApp::with_clinic().await;
    let therapy = clinic.wants(clinic.therapy);
    for hour in ["09", "10", "11"] {
        let new = clinic.booking(clinic.therapy, &format!("2026-11-25T{hour}:00:00Z"));
        book(&test, &clinic, new).await.expect("is booked");
    }
    assert_eq!(
        times(&test, &clinic, therapy, 25).await,
        "13:00 13:30 14:00 14:30 15:00"
    );
    hold(&test, &clinic, therapy, "2026-11-25T12:00:00Z")
        .await
        .expect("the fourth");
    assert_eq!(times(&test, &clinic, therapy, 25).await, "");
    let fifth = clinic.booking(clinic.therapy, "2026-11-25T13:00:00Z");
    let refused = book(&test, &clinic, fifth).await.expect_err("is full");
    assert!(
        matches!(&refused, SchedulingError::SlotTaken { reasons, .. } if reasons.contains(&Reason::DailyLimit)),
        "{refused:?}"
    );
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

#[tokio::test]
async fn unknown_services_staff_and_places_are_all_the_same_answer() {
    let (test, clinic) = TestApp::with_clinic().await;
    let other = crate::support::clinic::create(&test, "northgate").await;
    let foreign = clinic.booking(other.checkup, "2026-11-24T09:00:00Z");
    assert!(matches!(
        book(&test, &clinic, foreign).await,
        Err(SchedulingError::Unknown)
    ));
    let mut foreign = clinic.booking(clinic.checkup, "2026-11-24T09:00:00Z");
    foreign.wanted.staff = Some(clinic.liu);
    assert!(matches!(
        book(&test, &clinic, foreign).await,
        Err(SchedulingError::Unknown)
    ));
    let mut foreign = clinic.booking(clinic.checkup, "2026-11-24T09:00:00Z");
    foreign.wanted.location = Some(other.harbor);
    assert!(matches!(
        book(&test, &clinic, foreign).await,
        Err(SchedulingError::Unknown)
    ));
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
