//! How fast programs may ask: so many requests a minute, in all processes together.
//!
//! A process takes what it may answer in blocks, from a row in the organization's database, and counts
//! within a block in memory. The first block of a minute is free: a program that asks seldom writes
//! nothing. So the most is kept to a block for each process beyond the first.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use kept_base::kit::time::plus_minutes;
use kept_base::kit::{Actor, OrganizationId};
use kept_base::store::{Error, Store, Tx};

use super::store;

/// Most requests to the API by one token in one minute.
pub const MAX_API_REQUESTS_A_MINUTE: u32 = 1_200;
/// Most requests of the directory of one organization in one minute.
pub const MAX_SCIM_REQUESTS_A_MINUTE: u32 = 1_200;
/// How many requests a process takes at once of what may be asked within a minute.
pub const PACE_BLOCK: u32 = 60;

const MINUTE_SECONDS: i64 = 60;
/// Most askers that a process counts in one minute; beyond it all begin a new block.
const MAX_ASKERS: usize = 50_000;

/// Counts the requests of programs that were recognized, each minute anew.
#[derive(Debug, Default)]
pub struct Pace(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    minute: i64,
    of: HashMap<(OrganizationId, String), Block>,
}

/// What this process may answer and has answered within the minute.
#[derive(Debug, Clone, Copy)]
struct Block {
    asked: u32,
    given: u32,
    /// The first block was taken by nobody's leave.
    is_told: bool,
    /// There is no more to be taken.
    is_over: bool,
}

impl Block {
    const FREE: Self = Self {
        asked: 0,
        given: PACE_BLOCK,
        is_told: false,
        is_over: false,
    };

    fn ask(&mut self) -> Option<bool> {
        if self.asked < self.given {
            self.asked += 1;
            return Some(true);
        }
        self.is_over.then_some(false)
    }
}

/// How much is taken of a minute of which `taken` is gone already, by a process that has had `before`
/// without saying so: what it is given, and what is gone then.
fn take(taken: u32, before: u32, most: u32) -> (u32, u32) {
    let gone = taken.saturating_add(before);
    let given = PACE_BLOCK.min(most.saturating_sub(gone));
    (given, gone.saturating_add(given))
}

/// Takes a block of this minute for `subject`; what is given is none once the most is reached.
///
/// # Errors
/// Those of the store.
pub fn take_block(tx: &Tx<'_>, subject: &str, before: u32, most: u32) -> Result<u32, Error> {
    tx.keep_revision();
    let minute = minute_of(tx.now());
    let (given, gone) = take(store::pace::taken(tx, subject, minute)?, before, most);
    if given > 0 || before > 0 {
        let expires_at = plus_minutes(tx.now(), 1);
        store::pace::put(tx, subject, (minute, gone), expires_at)?;
    }
    Ok(given)
}

fn minute_of(now: Timestamp) -> i64 {
    now.as_second().div_euclid(MINUTE_SECONDS)
}

impl Pace {
    /// Counts one more request of `subject`; `false` when there were too many in this minute.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn allows(
        &self,
        store: &Store,
        organization: OrganizationId,
        (subject, most): (&str, u32),
    ) -> Result<bool, Error> {
        let key = (organization, subject.to_owned());
        loop {
            let minute = minute_of(store.clock().now());
            let before = match self.ask(minute, &key) {
                Ok(answer) => return Ok(answer),
                Err(before) => before,
            };
            let name = key.1.clone();
            let verb = move |tx: &Tx<'_>| take_block(tx, &name, before, most);
            let given = store.write(organization, Actor::VISITOR, verb).await?;
            let mut counted = self.lock();
            if counted.minute != minute {
                continue;
            }
            if let Some(block) = counted.of.get_mut(&key) {
                block.given = block.given.saturating_add(given);
                block.is_over = given == 0;
            }
        }
    }

    /// Whether this process may answer one more; otherwise what it has had without saying so.
    fn ask(&self, minute: i64, key: &(OrganizationId, String)) -> Result<bool, u32> {
        let mut counted = self.lock();
        if counted.minute != minute || counted.of.len() > MAX_ASKERS {
            counted.minute = minute;
            counted.of.clear();
        }
        let block = match counted.of.entry(key.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(Block::FREE),
        };
        let Some(answer) = block.ask() else {
            let before = if block.is_told { 0 } else { PACE_BLOCK };
            block.is_told = true;
            return Err(before);
        };
        Ok(answer)
    }

    fn lock(&self) -> MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whole seconds until the next minute begins: when asking again makes sense.
#[must_use]
pub fn seconds_to_next_minute(now: Timestamp) -> u32 {
    let gone = now.as_second().rem_euclid(MINUTE_SECONDS);
    u32::try_from(MINUTE_SECONDS - gone).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// However many processes take blocks, they are never given more than the most together, but for
        /// the first block of each.
        #[test]
        fn blocks_add_up_to_the_most(
            most in 1..2_000_u32, turns in prop::collection::vec(0..4_usize, 0..200),
        ) {
            let (mut taken, mut told, mut given) = (0, [false; 4], 0);
            for process in turns {
                let before = if told[process] { 0 } else { PACE_BLOCK };
                told[process] = true;
                let (more, gone) = take(taken, before, most);
                prop_assert!(gone >= taken && more <= PACE_BLOCK);
                taken = gone;
                given += more;
            }
            let processes = told.iter().filter(|told| **told).count();
            let free = u32::try_from(processes).expect("few") * PACE_BLOCK;
            prop_assert!(given + free <= most.max(PACE_BLOCK) + free);
            prop_assert!(given <= most);
        }
    }

    #[test]
    fn the_next_minute_is_never_now() {
        for (at, seconds) in [("2026-11-23T08:00:00Z", 60), ("2026-11-23T08:00:59.9Z", 1)] {
            assert_eq!(
                seconds_to_next_minute(at.parse().expect("an instant")),
                seconds
            );
        }
    }
}
