//! How a process counts within what it took of a minute.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many requests a process takes at once of what may be asked within a minute.
pub const PACE_BLOCK: u32 = 60;
/// Most askers that a process counts in one minute; beyond it all begin a new block.
const MAX_ASKERS: usize = 50_000;

/// What a process may answer to each of those who ask within a minute.
#[derive(Debug)]
pub(super) struct Blocks<K>(Mutex<Counted<K>>);

#[derive(Debug)]
struct Counted<K> {
    minute: i64,
    of: HashMap<K, Block>,
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

    fn ask(&mut self, requests: u32) -> Option<bool> {
        let asked = self.asked.saturating_add(requests);
        if asked <= self.given {
            self.asked = asked;
            return Some(true);
        }
        self.is_over.then_some(false)
    }
}

/// How much is taken of a minute of which `taken` is gone already, by a process that has had `before`
/// without saying so: what it is given, and what is gone then.
pub(super) fn take(taken: u32, before: u32, most: u32) -> (u32, u32) {
    let gone = taken.saturating_add(before);
    let given = PACE_BLOCK.min(most.saturating_sub(gone));
    (given, gone.saturating_add(given))
}

impl<K> Default for Blocks<K> {
    fn default() -> Self {
        let of = HashMap::new();
        Self(Mutex::new(Counted { minute: 0, of }))
    }
}

impl<K: Clone + Eq + Hash> Blocks<K> {
    /// Whether this process may answer so many more; otherwise what it has had without saying so.
    pub fn ask(&self, minute: i64, key: &K, requests: u32) -> Result<bool, u32> {
        let mut counted = self.lock();
        if counted.minute != minute || counted.of.len() > MAX_ASKERS {
            counted.minute = minute;
            counted.of.clear();
        }
        let block = match counted.of.entry(key.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(Block::FREE),
        };
        let Some(answer) = block.ask(requests) else {
            let before = if block.is_told { 0 } else { PACE_BLOCK };
            block.is_told = true;
            return Err(before);
        };
        Ok(answer)
    }

    /// This process was given so many more; none when there are none to be given.
    pub fn give(&self, minute: i64, key: &K, given: u32) {
        let mut counted = self.lock();
        if counted.minute != minute {
            return;
        }
        if let Some(block) = counted.of.get_mut(key) {
            block.given = block.given.saturating_add(given);
            block.is_over = given == 0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Counted<K>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
    fn what_costs_more_than_is_left_takes_another_block_and_then_nothing_more() {
        let blocks = Blocks::default();
        for _ in 0..5 {
            assert_eq!(blocks.ask(1, &"a", 11), Ok(true));
        }
        assert_eq!(blocks.ask(1, &"a", 11), Err(PACE_BLOCK));
        blocks.give(1, &"a", 4);
        // Another minute, or somebody who was cleared away: what is given to them is lost.
        blocks.give(2, &"a", 1_000);
        blocks.give(1, &"b", 1_000);
        assert_eq!(blocks.ask(1, &"a", 11), Err(0));
        blocks.give(1, &"a", 0);
        assert_eq!(blocks.ask(1, &"a", 11), Ok(false));
        assert_eq!(blocks.ask(1, &"a", 9), Ok(true), "a smaller one still fits");
        assert_eq!(blocks.ask(1, &"a", 1), Ok(false));
        assert_eq!(blocks.ask(2, &"a", 11), Ok(true), "each minute anew");
    }
}
