use kept_base::kit::{Entropy, OrganizationId};

use super::*;
use crate::ids::{AppointmentId, MessageId, PersonId, StaffId};
use crate::messaging::About;

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn noon() -> Timestamp {
    at("2026-12-01T12:00:00Z")
}

fn message(kind: Kind, to_staff: bool) -> Leased {
    let (now, entropy) = (noon(), Entropy::seeded(1));
    let _ = OrganizationId::new(now, &entropy);
    let audience = if to_staff {
        Audience::Staff(StaffId::new(now, &entropy))
    } else {
        Audience::Person
    };
    Leased {
        id: MessageId::new(now, &entropy),
        kind,
        audience,
        about: About {
            appointment: AppointmentId::new(now, &entropy),
            person: PersonId::new(now, &entropy),
            revision: 0,
            previous_starts_at: None,
        },
        attempt: 1,
    }
}

/// Facts under which everything but a cancellation may be sent.
fn fine() -> Facts {
    Facts {
        standing: Some(Standing {
            canceled: false,
            ends_at: at("2026-12-01T12:30:00Z"),
            serves: true,
        }),
        newest: true,
        address: true,
        mail_on: true,
    }
}

fn with(change: impl FnOnce(&mut Standing)) -> Facts {
    let mut facts = fine();
    change(facts.standing.as_mut().expect("it stands"));
    facts
}

#[test]
fn the_gate_as_a_table() {
    use DropReason::{Gone, MailOff, NoAddress, Past, Superseded};
    let canceled = with(|standing| standing.canceled = true);
    let elsewhere = with(|standing| standing.serves = false);
    let over = with(|standing| standing.ends_at = noon());
    let older = Facts {
        newest: false,
        ..fine()
    };
    let mute = Facts {
        address: false,
        ..fine()
    };
    let off = Facts {
        mail_on: false,
        ..fine()
    };
    let gone = Facts {
        standing: None,
        ..fine()
    };
    // Facts, then what becomes of: booked, moved, canceled for a person; the same for staff.
    let (s, superseded) = (None, Some(Superseded));
    for (facts, expected) in [
        (fine(), [s, s, superseded, s, s, superseded]),
        (
            canceled,
            [superseded, superseded, s, superseded, superseded, s],
        ),
        // Nobody serves "elsewhere" for a person; the flag is only ever false for staff.
        (elsewhere, [s, s, s, superseded, superseded, s]),
        (older, [superseded; 6]),
        (
            over,
            [
                Some(Past),
                Some(Past),
                superseded,
                Some(Past),
                Some(Past),
                superseded,
            ],
        ),
        (
            mute,
            [
                Some(NoAddress),
                Some(NoAddress),
                superseded,
                Some(NoAddress),
                Some(NoAddress),
                superseded,
            ],
        ),
        (
            off,
            [
                Some(MailOff),
                Some(MailOff),
                superseded,
                Some(MailOff),
                Some(MailOff),
                superseded,
            ],
        ),
        (gone, [Some(Gone); 6]),
    ] {
        let messages = [false, true]
            .into_iter()
            .flat_map(|to_staff| Kind::ALL.map(|kind| message(kind, to_staff)));
        let found: Vec<_> = messages
            .map(|message| may_send(&message, &facts, noon()).err())
            .collect();
        assert_eq!(found, expected, "{facts:?}");
    }
}

#[test]
fn retries_wait_longer_each_time_and_end() {
    let failed = Outcome::Retry(Code::reply(451));
    let mut now = noon();
    let mut waits = Vec::new();
    for attempt in 1..=MAX_ATTEMPTS {
        // In the middle of the spread.
        let widest = retry_seconds(attempt, 0);
        let plain = widest * 100 / (100 - RETRY_JITTER_PERCENT);
        let middle = u32::try_from(plain - widest).expect("small");
        let next = next(&failed, attempt, now, middle);
        match next.due_at {
            Some(due_at) => {
                assert_eq!(next.state, State::Pending);
                waits.push(due_at.as_second() - now.as_second());
                now = due_at;
            }
            None => assert_eq!((next.state, attempt), (State::Dead, MAX_ATTEMPTS)),
        }
        assert_eq!(next.code, Some(Code::reply(451)));
    }
    let capped = LONGEST_RETRY_SECONDS;
    assert_eq!(
        waits,
        [
            30, 90, 270, 810, 2_430, 7_290, capped, capped, capped, capped, capped
        ]
    );
    assert_eq!((now.as_second() - noon().as_second()) / 3_600, 33);
}

#[test]
fn a_lost_lease_is_sent_again_only_when_nothing_was_handed_over() {
    let lost = Code::word("worker_lost");
    assert_eq!(after_lost_lease(false, 1), Outcome::Retry(lost.clone()));
    assert_eq!(after_lost_lease(true, 1), Outcome::Unknown(lost.clone()));
    assert_eq!(after_lost_lease(false, MAX_ATTEMPTS), Outcome::Dead(lost));
}

proptest::proptest! {
    #[test]
    fn a_retry_is_never_at_once_and_never_far(attempt in 0_u32..1_000, spread: u32) {
        let seconds = retry_seconds(attempt, spread);
        let least = FIRST_RETRY_SECONDS * (100 - RETRY_JITTER_PERCENT) / 100;
        let most = LONGEST_RETRY_SECONDS * (100 + RETRY_JITTER_PERCENT) / 100;
        proptest::prop_assert!((least..=most).contains(&seconds));
    }

    #[test]
    fn every_outcome_ends_or_waits(attempt in 1_u32..50, spread: u32) {
        for outcome in [
            Outcome::Sent,
            Outcome::Retry(Code::word("x")),
            Outcome::Dead(Code::word("x")),
            Outcome::Unknown(Code::word("x")),
            Outcome::Dropped(DropReason::Past),
        ] {
            let next = next(&outcome, attempt, noon(), spread);
            proptest::prop_assert_eq!(next.due_at.is_some(), next.state == State::Pending);
            proptest::prop_assert!(next.state != State::Sending);
        }
    }
}
