//! The states of a message, with everything that can go wrong between them.

use std::sync::Arc;

use kept_app::audit;
use kept_app::letters::{self, Desk, Texts, Written};
use kept_app::messaging::transport::Transport;
use kept_app::messaging::{self, MESSAGE_DAYS, State};
use kept_app::scheduling;
use kept_base::store::Error;

use super::Post;
use crate::support::at;

const TUESDAY_10: &str = "2026-11-24T09:00:00Z";
const WEDNESDAY_10: &str = "2026-11-25T09:00:00Z";
const WEDNESDAY_11: &str = "2026-11-25T10:00:00Z";

#[tokio::test]
async fn person_and_staff_are_told_once() {
    let post = Post::captured().await;
    post.book(post.clinic.checkup, WEDNESDAY_10).await;
    post.run().await;
    post.run().await;
    let to: Vec<String> = post
        .letters()
        .iter()
        .map(|letter| letter.to.address.expose().to_owned())
        .collect();
    assert_eq!(to.len(), 2);
    assert!(to.contains(&"ama@example.org".to_owned()));
    assert_eq!(
        post.states().await,
        ["booked person 0: sent -, 1", "booked staff 0: sent -, 1"]
    );
    let acts = post
        .test
        .read(post.clinic.id, |tx| audit::after(tx, 0, 500))
        .await;
    let settled: Vec<_> = acts
        .iter()
        .filter(|act| act.act == "message.settled")
        .map(|act| (act.actor.as_str(), act.detail.as_str()))
        .collect();
    assert_eq!(settled, [("system", "sent"), ("system", "sent")]);
}

#[tokio::test]
async fn staff_without_an_address_get_no_message_and_a_person_s_own_is_needed() {
    let post = Post::captured().await;
    // Liu Wei has no address, and is the only one free on the hill on Tuesday.
    let mut new = post.clinic.booking(post.clinic.therapy, TUESDAY_10);
    new.wanted.location = Some(post.clinic.hill);
    let catalogs = Arc::clone(&post.test.app.catalogs);
    let booked = post
        .write(move |tx| scheduling::book(tx, &catalogs, &new))
        .await;
    let person = booked.appointment.person;
    post.write(move |tx| -> Result<usize, Error> {
        tx.execute(
            "delete from contact_point where person_id = $1",
            kept_base::params![person],
        )
    })
    .await;
    post.run().await;
    assert_eq!(post.letters().len(), 0);
    assert_eq!(
        post.states().await,
        ["booked person 0: dropped no_address, 1"]
    );
}

#[tokio::test]
async fn only_the_newest_is_sent() {
    let post = Post::captured().await;
    let first = post.book(post.clinic.checkup, WEDNESDAY_10).await;
    post.reschedule(first.appointment.id, WEDNESDAY_11).await;
    let second = post.book(post.clinic.review, "2026-11-26T12:00:00Z").await;
    post.cancel(second.appointment.id).await;
    post.run().await;
    let mut subjects: Vec<String> = post
        .letters()
        .iter()
        .map(|letter| letter.subject.clone())
        .collect();
    subjects.sort();
    assert_eq!(
        subjects,
        [
            "Canceled: Riverside Clinic, Thu 26 Nov 2026, 13:00",
            "Canceled: Thu 26 Nov 2026, 13:00",
            "Canceled: Thu 26 Nov 2026, 13:00",
            "Moved to Wed 25 Nov 2026, 11:00",
            "Moved: Riverside Clinic, Wed 25 Nov 2026, 11:00",
        ]
    );
    let dropped = "dropped superseded, 1";
    let states = post.states().await;
    assert_eq!(
        states.iter().filter(|line| line.ends_with(dropped)).count(),
        5
    );
}

#[tokio::test]
async fn a_letter_that_was_overtaken_while_it_was_written_stays_here() {
    let post = Post::captured().await;
    let booked = post.book(post.clinic.checkup, WEDNESDAY_10).await;
    let leased = post.lease(1).await;
    let desk = Arc::new(desk(&post));
    let message = leased[0];
    let writing = Arc::clone(&desk);
    let written = post
        .test
        .read(post.clinic.id, move |tx| {
            letters::write(tx, &writing, &message)
        })
        .await;
    let Written::Letter(_, link) = written else {
        panic!("a letter");
    };
    post.cancel(booked.appointment.id).await;
    let handed = post
        .write(move |tx| letters::hand_over(tx, &desk, &message, link.as_ref()))
        .await;
    assert!(!handed);
    let state = post
        .test
        .read(post.clinic.id, move |tx| messaging::state(tx, message.id))
        .await;
    assert_eq!(state, Some((State::Dropped, Some("superseded".to_owned()))));
}

fn desk(post: &Post) -> Desk {
    Desk {
        texts: Texts::load().expect("texts"),
        zones: Arc::clone(&post.test.app.zones),
        catalogs: Arc::clone(&post.test.app.catalogs),
        base_url: post.test.app.base_url.clone(),
        mail_on: true,
    }
}

#[tokio::test]
async fn staff_hear_of_what_they_gain_and_lose() {
    let post = Post::captured().await;
    // Vogt alone works at nine; at three in the afternoon only Shah is left.
    let booked = post.book(post.clinic.checkup, "2026-11-25T08:00:00Z").await;
    post.run().await;
    let mut taken = post
        .clinic
        .booking(post.clinic.checkup, "2026-11-25T14:00:00Z");
    taken.wanted.staff = Some(post.clinic.vogt);
    let catalogs = Arc::clone(&post.test.app.catalogs);
    post.write(move |tx| scheduling::book(tx, &catalogs, &taken))
        .await;
    post.run().await;
    let before = post.letters().len();
    let moved = post
        .reschedule(booked.appointment.id, "2026-11-25T14:00:00Z")
        .await;
    assert_eq!(moved.staff, [post.clinic.shah]);
    post.run().await;
    let mut told: Vec<String> = post.letters()[before..]
        .iter()
        .map(|letter| {
            let method = letter.calendar.as_ref().map(|calendar| calendar.method);
            let to = letter.to.address.expose();
            format!("{to} {} {}", method.expect("an entry"), letter.subject)
        })
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            "ama@example.org REQUEST Moved: Riverside Clinic, Wed 25 Nov 2026, 15:00",
            "shah@riverside.example REQUEST New appointment: Wed 25 Nov 2026, 15:00",
            "vogt@riverside.example CANCEL Canceled: Wed 25 Nov 2026, 09:00",
        ]
    );
}

#[tokio::test]
async fn without_a_mail_server_messages_are_dropped_not_kept_for_later() {
    let post = Post::with(Transport::Off).await;
    post.book(post.clinic.checkup, WEDNESDAY_10).await;
    post.run().await;
    assert_eq!(
        post.states().await,
        [
            "booked person 0: dropped mail_off, 1",
            "booked staff 0: dropped mail_off, 1"
        ]
    );
}

#[tokio::test]
async fn a_confirmation_that_comes_after_the_appointment_is_dropped() {
    let post = Post::captured().await;
    post.book(post.clinic.checkup, WEDNESDAY_10).await;
    post.advance(3 * 86_400);
    post.run().await;
    assert_eq!(
        post.states().await,
        [
            "booked person 0: dropped past, 1",
            "booked staff 0: dropped past, 1"
        ]
    );
}

#[tokio::test]
async fn a_sender_that_is_no_address_is_dead_at_once() {
    let post = Post::captured().await;
    post.write(|tx| -> Result<usize, Error> {
        tx.execute("update organization set sender_address = ''", &[])?;
        tx.execute(
            "update organization set offering_revision = offering_revision + 1",
            &[],
        )
    })
    .await;
    post.book(post.clinic.checkup, WEDNESDAY_10).await;
    post.run().await;
    assert_eq!(
        post.states().await,
        [
            "booked person 0: dead sender_address, 1",
            "booked staff 0: dead sender_address, 1"
        ]
    );
}

#[tokio::test]
async fn the_worker_frees_holds_and_forgets_old_messages() {
    let post = Post::captured().await;
    let (catalogs, wanted) = (
        Arc::clone(&post.test.app.catalogs),
        post.clinic.wants(post.clinic.checkup),
    );
    let hold = post
        .write(move |tx| scheduling::place_hold(tx, &catalogs, &wanted, at(WEDNESDAY_10), None))
        .await;
    post.book(post.clinic.checkup, WEDNESDAY_11).await;
    post.run().await;
    let find = move |tx: &kept_base::store::Tx<'_>| scheduling::find_hold(tx, hold.id);
    assert!(post.test.read(post.clinic.id, find).await.is_some());
    post.pass_seconds(scheduling::HOLD_MINUTES * 60).await;
    assert!(post.test.read(post.clinic.id, find).await.is_none());
    assert_eq!(post.states().await.len(), 2);
    post.worker.ask_for_all().await;
    post.pass_seconds(MESSAGE_DAYS * 86_400).await;
    assert_eq!(post.states().await.len(), 0);
    let links = |tx: &kept_base::store::Tx<'_>| {
        tx.query::<i64>("select count(*) from capability", &[], |row| row.get(0))
    };
    assert_eq!(post.test.read(post.clinic.id, links).await, [0]);
}
