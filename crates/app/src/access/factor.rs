//! A member's second factor: an app that shows one-time codes. What the app and Kept share is sealed
//! under a key of its own, which stands in the organization's key store and is destroyed with the factor;
//! so no copy of the data alone makes codes.

use jiff::Timestamp;
use kept_base::kit::Secret;
use kept_base::kit::time::plus_minutes;
use kept_base::store::{Error, Tx};

use super::giving::check_given;
use super::recovery::{make_recovery_codes, use_recovery_code};
use super::totp::TotpSecret;
use super::{MemberError, end_sessions, passkeys, store};
use crate::audit::{self, Act};
use crate::ids::{MemberId, SessionId};
use crate::messaging::{self, Notice};
use crate::policy::May;
use crate::policy::rights::{ManageMembers, UseAccount};

/// How long a factor that was begun waits for its first code, in minutes.
pub const FACTOR_SET_UP_MINUTES: i64 = 60;
/// Wrong codes for one member within [`FACTOR_WINDOW_HOURS`], from wherever, until only recovery
/// codes are taken: whoever knows a password and has many addresses must not try all codes.
pub const MAX_FACTOR_FAILURES: u32 = 20;
/// So many hours after the first of them wrong codes are forgotten.
pub const FACTOR_WINDOW_HOURS: i64 = 24;

/// A factor as stored.
pub(super) struct Factor {
    pub secret: Option<TotpSecret>,
    pub proposed_at: Timestamp,
    pub is_confirmed: bool,
    pub last_step: u64,
    pub failures: Failures,
}

/// Wrong codes, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// How many there were.
    pub count: u32,
    /// When the first of them was given.
    pub since: Timestamp,
}

impl Failures {
    /// Those that still count at `now`; a window that lies ahead was begun before the clock was set
    /// back.
    fn at(self, now: Timestamp) -> Self {
        let ends = plus_minutes(self.since, FACTOR_WINDOW_HOURS * 60);
        if self.count > 0 && self.since <= now && now < ends {
            self
        } else {
            Self {
                count: 0,
                since: now,
            }
        }
    }

    fn and_one(self, now: Timestamp) -> Self {
        let known = self.at(now);
        Self {
            count: known.count + 1,
            ..known
        }
    }

    /// Whether only recovery codes are taken for now.
    #[must_use]
    pub fn are_too_many(self, now: Timestamp) -> bool {
        self.at(now).count >= MAX_FACTOR_FAILURES
    }
}

/// How a member stands to a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorState {
    /// There is none.
    None,
    /// Begun, and waiting for its first code.
    Proposed,
    /// It is asked for at each sign-in.
    On,
}

/// What somebody gives as their second factor.
#[derive(Debug, Clone)]
pub enum Given {
    /// A code of the app, as typed.
    Code(Secret),
    /// A recovery code, as typed.
    Recovery(Secret),
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// It is theirs, and used up.
    Right,
    /// It is not, or was used before.
    Wrong,
    /// There were too many wrong codes: for now only recovery codes are taken.
    Locked,
}

/// Why a factor is not turned on.
#[derive(Debug, thiserror::Error)]
pub enum FactorError {
    /// There is one already.
    #[error("there is a second factor already")]
    Already,
    /// None was begun, or too long ago.
    #[error("no second factor was begun")]
    NotBegun,
    /// The code is another one.
    #[error("the code is another one")]
    Wrong,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// How `member` stands to a second factor.
///
/// # Errors
/// Those of the store.
pub fn factor_state(tx: &Tx<'_>, member: MemberId) -> Result<FactorState, Error> {
    let found = store::factor::load(tx, member)?;
    Ok(match found {
        Some(factor) if factor.is_confirmed => FactorState::On,
        Some(factor) if is_fresh(tx, &factor) => FactorState::Proposed,
        _ => FactorState::None,
    })
}

fn is_fresh(tx: &Tx<'_>, factor: &Factor) -> bool {
    factor.proposed_at > plus_minutes(tx.now(), -FACTOR_SET_UP_MINUTES)
}

/// Begins a factor: its secret can be seen until it is confirmed or too old. One begun before is gone.
///
/// # Errors
/// [`FactorError::Already`]; those of the store.
pub fn propose_factor(tx: &Tx<'_>, member: MemberId) -> Result<(), FactorError> {
    if factor_state(tx, member)? == FactorState::On {
        return Err(FactorError::Already);
    }
    store::factor::remove(tx, member)?;
    store::factor::insert(tx, member, &TotpSecret::random(tx.entropy()))?;
    Ok(())
}

/// The secret of a factor that was begun and is not confirmed.
///
/// # Errors
/// Those of the store.
pub fn proposed_secret(tx: &Tx<'_>, member: MemberId) -> Result<Option<TotpSecret>, Error> {
    let found = store::factor::load(tx, member)?;
    let open = found.filter(|factor| !factor.is_confirmed && is_fresh(tx, factor));
    Ok(open.and_then(|factor| factor.secret))
}

/// Turns a factor on that was begun, for whoever has a code of it: every session of the member but
/// `except` ends, and they are written to. The answer is their recovery codes, to be shown once.
///
/// # Errors
/// [`FactorError`]; those of the store.
pub fn confirm_factor(
    tx: &Tx<'_>,
    member: MemberId,
    typed: &str,
    except: Option<SessionId>,
) -> Result<Vec<Secret>, FactorError> {
    if factor_state(tx, member)? == FactorState::On {
        return Err(FactorError::Already);
    }
    let secret = proposed_secret(tx, member)?.ok_or(FactorError::NotBegun)?;
    let step = secret.accept_typed(typed, tx.now(), None);
    store::factor::confirm(tx, member, step.ok_or(FactorError::Wrong)?)?;
    let codes = make_recovery_codes(tx, member)?;
    end_sessions(tx, member, except)?;
    audit::record(tx, Act::FactorAdded, member, "")?;
    messaging::notify(tx, Notice::FactorOn, member)?;
    Ok(codes)
}

/// Turns a member's factor off, or forgets one that was begun: every session of theirs but `except` ends, and they are
/// written to. Answers `false` when there was none.
///
/// # Errors
/// Those of the store.
pub fn remove_factor(
    tx: &Tx<'_>,
    _: &May<UseAccount>,
    member: MemberId,
    except: Option<SessionId>,
) -> Result<bool, Error> {
    turn_off(tx, member, except)
}

fn turn_off(tx: &Tx<'_>, member: MemberId, except: Option<SessionId>) -> Result<bool, Error> {
    let was_on = factor_state(tx, member)? == FactorState::On;
    store::factor::remove(tx, member)?;
    if was_on {
        end_sessions(tx, member, except)?;
        audit::record(tx, Act::FactorRemoved, member, "")?;
        messaging::notify(tx, Notice::FactorOff, member)?;
    }
    Ok(was_on)
}

/// Turns the factor of a member off who lost it, and removes their passkeys, on behalf of `by`; every
/// session of theirs ends.
///
/// # Errors
/// [`MemberError::Unknown`], [`MemberError::OwnersOnly`], [`MemberError::Beyond`]; those of the store.
pub fn remove_factor_of(
    tx: &Tx<'_>,
    by: &May<ManageMembers>,
    id: MemberId,
) -> Result<bool, MemberError> {
    tx.keep_revision();
    let member = store::members::by_id(tx, id)?.ok_or(MemberError::Unknown)?;
    check_given(by.grants(), member.role)?;
    passkeys::remove_passkeys(tx, id)?;
    Ok(turn_off(tx, id, None)?)
}

/// The same by whoever has the machine, for somebody whom no member can help.
///
/// # Errors
/// Those of the store.
pub fn clear_factor(tx: &Tx<'_>, member: MemberId) -> Result<bool, Error> {
    tx.keep_revision();
    passkeys::remove_passkeys(tx, member)?;
    turn_off(tx, member, None)
}

/// Everybody whose second factor is on, or who has a passkey.
///
/// # Errors
/// Those of the store.
pub fn members_with_factor(tx: &Tx<'_>) -> Result<Vec<MemberId>, Error> {
    let mut all = store::factor::members(tx)?;
    all.extend(store::passkeys::members(tx)?);
    Ok(all)
}

/// Checks what somebody gives as the second factor of `member`, and uses it up: the step of an
/// accepted code is kept in the same transaction, so that neither it nor one before it works again.
///
/// # Errors
/// Those of the store.
pub fn check_factor(tx: &Tx<'_>, member: MemberId, given: &Given) -> Result<Checked, Error> {
    let found = store::factor::load(tx, member)?;
    let Some(factor) = found.filter(|factor| factor.is_confirmed) else {
        return Ok(Checked::Wrong);
    };
    let typed = match given {
        Given::Recovery(typed) => {
            let right = use_recovery_code(tx, member, typed.expose())?;
            return Ok(if right {
                Checked::Right
            } else {
                Checked::Wrong
            });
        }
        Given::Code(typed) => typed,
    };
    if factor.failures.are_too_many(tx.now()) {
        return Ok(Checked::Locked);
    }
    let last = Some(factor.last_step);
    let secret = factor.secret.as_ref();
    let step = secret.and_then(|secret| secret.accept_typed(typed.expose(), tx.now(), last));
    if let Some(step) = step {
        store::factor::note_step(tx, member, step)?;
        return Ok(Checked::Right);
    }
    let failures = factor.failures.and_one(tx.now());
    store::factor::note_failures(tx, member, failures)?;
    if failures.count == MAX_FACTOR_FAILURES {
        audit::record(tx, Act::FactorLocked, member, "")?;
    }
    Ok(Checked::Wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        plus_minutes(Timestamp::UNIX_EPOCH, minute)
    }

    #[test]
    fn wrong_codes_count_for_a_day_from_the_first() {
        let mut failures = Failures {
            count: 0,
            since: at(0),
        };
        for minute in 0..i64::from(MAX_FACTOR_FAILURES) {
            assert!(!failures.are_too_many(at(minute)), "{minute}");
            failures = failures.and_one(at(minute));
        }
        let last = FACTOR_WINDOW_HOURS * 60 - 1;
        assert!(failures.are_too_many(at(last)));
        assert!(!failures.are_too_many(at(last + 1)));
        assert_eq!(failures.and_one(at(last + 1)).count, 1);
        // Set back, the clock locks nobody out.
        assert!(!failures.are_too_many(at(-1)));
    }
}
