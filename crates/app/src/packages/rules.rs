//! How a package stands, and what becomes of it.

use jiff::Timestamp;

use super::MAX_MAKING_TRIES;

/// What opens a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockKind {
    /// Words that whoever opens it must know.
    Passphrase,
    /// The identity that belongs to an age recipient.
    Recipient,
}

impl LockKind {
    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Passphrase => "passphrase",
            Self::Recipient => "recipient",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        let all = [Self::Passphrase, Self::Recipient];
        all.into_iter().find(|kind| kind.code() == code)
    }
}

/// How a package stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody makes it yet.
    Waiting,
    /// The worker makes it.
    Making,
    /// It can be fetched.
    Ready,
    /// It will not be made.
    Failed,
    /// It was ready, or was being made, and is gone.
    Removed,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 5] = [
        Self::Waiting,
        Self::Making,
        Self::Ready,
        Self::Failed,
        Self::Removed,
    ];

    /// The stable code, as stored; texts are named by it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Making => "making",
            Self::Ready => "ready",
            Self::Failed => "failed",
            Self::Removed => "removed",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether there is still work to do for it.
    #[must_use]
    pub fn is_at_work(self) -> bool {
        matches!(self, Self::Waiting | Self::Making)
    }
}

/// Why a package failed, or is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The organization is larger than what a server makes a package of.
    TooLarge,
    /// It was not made in time.
    TooLate,
    /// Whatever made it broke off, each time.
    BrokenOff,
    /// Its time is over.
    Expired,
    /// Somebody removed it.
    Asked,
    /// Somebody was erased who was in it.
    Erasure,
    /// It is in another installation: the organization was imported without it.
    Elsewhere,
}

impl Ending {
    /// Every ending.
    pub const ALL: [Self; 7] = [
        Self::TooLarge,
        Self::TooLate,
        Self::BrokenOff,
        Self::Expired,
        Self::Asked,
        Self::Erasure,
        Self::Elsewhere,
    ];

    /// The stable code, as stored; texts are named by it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::TooLate => "too_late",
            Self::BrokenOff => "broken_off",
            Self::Expired => "expired",
            Self::Asked => "asked",
            Self::Erasure => "erasure",
            Self::Elsewhere => "elsewhere",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ending| ending.code() == code)
    }
}

/// What is known of a package beside its stored state.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    /// Whether it has a key.
    pub has_key: bool,
    /// Whether its mark is there, which goes when somebody is erased.
    pub has_mark: bool,
    /// When its time is over.
    pub expires_at: Timestamp,
}

/// How a package stands at `now`, whatever was written down of it last.
pub(super) fn standing(
    stored: (State, Option<Ending>),
    facts: Facts,
    now: Timestamp,
) -> (State, Option<Ending>) {
    let is_over = facts.expires_at <= now;
    match stored.0 {
        State::Failed | State::Removed => stored,
        _ if !facts.has_key => (State::Removed, Some(Ending::Elsewhere)),
        State::Ready if !facts.has_mark => (State::Removed, Some(Ending::Erasure)),
        State::Ready if is_over => (State::Removed, Some(Ending::Expired)),
        State::Waiting | State::Making if is_over => (State::Failed, Some(Ending::TooLate)),
        state => (state, None),
    }
}

/// What the worker does with a package that is waiting or being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Makes it, from the beginning.
    Make,
    /// Looks again then: another process is at it, or it rests after a failure.
    Wait(Timestamp),
    /// Gives it up.
    GiveUp(Ending),
}

/// Decides it.
pub(super) fn next(
    expires_at: Timestamp,
    tries: u32,
    lease_until: Option<Timestamp>,
    now: Timestamp,
) -> Next {
    match lease_until {
        _ if expires_at <= now => Next::GiveUp(Ending::TooLate),
        Some(until) if until > now => Next::Wait(until),
        _ if tries >= MAX_MAKING_TRIES => Next::GiveUp(Ending::BrokenOff),
        _ => Next::Make,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("an instant")
    }

    #[test]
    fn a_package_is_as_its_key_mark_and_time_say() {
        let removed = |ending| (State::Removed, Some(ending));
        let late = (State::Failed, Some(Ending::TooLate));
        for (stored, has_key, has_mark, now, expected) in [
            (State::Waiting, true, false, 9, (State::Waiting, None)),
            (State::Making, true, true, 9, (State::Making, None)),
            (State::Making, true, true, 10, late),
            (State::Waiting, false, false, 0, removed(Ending::Elsewhere)),
            (State::Ready, true, true, 9, (State::Ready, None)),
            (State::Ready, true, true, 10, removed(Ending::Expired)),
            (State::Ready, true, false, 9, removed(Ending::Erasure)),
            (State::Ready, false, false, 9, removed(Ending::Elsewhere)),
            (State::Failed, false, false, 99, (State::Failed, None)),
        ] {
            let facts = Facts {
                has_key,
                has_mark,
                expires_at: at(10),
            };
            assert_eq!(standing((stored, None), facts, at(now)), expected);
        }
        let facts = Facts {
            has_key: true,
            has_mark: true,
            expires_at: at(10),
        };
        let stored = removed(Ending::Asked);
        assert_eq!(standing(stored, facts, at(1)), stored);
    }

    #[test]
    fn it_is_made_by_one_until_it_was_tried_enough() {
        let (over, most) = (at(100), MAX_MAKING_TRIES);
        for (tries, lease, now, expected) in [
            (0, None, 0, Next::Make),
            (1, Some(60), 59, Next::Wait(at(60))),
            (1, Some(60), 60, Next::Make),
            (most - 1, Some(60), 60, Next::Make),
            (most, Some(60), 59, Next::Wait(at(60))),
            (most, Some(60), 60, Next::GiveUp(Ending::BrokenOff)),
            (0, None, 100, Next::GiveUp(Ending::TooLate)),
            (1, Some(160), 100, Next::GiveUp(Ending::TooLate)),
        ] {
            assert_eq!(next(over, tries, lease.map(at), at(now)), expected);
        }
    }
}
