//! Answers to questions about days, kept while nothing they were made of changes: not the
//! organization's revision, not the clock's effect on notice and horizon.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use kept_base::kit::OrganizationId;

use super::Wanted;

/// Most answers kept, over all organizations.
const MAX_KEPT_ANSWERS: usize = 4_096;

/// What an answer was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeptKey {
    /// Of which organization.
    pub organization: OrganizationId,
    /// What was wanted.
    pub wanted: Wanted,
    /// First day.
    pub from: Date,
    /// Day after the last.
    pub to: Date,
    /// In which zone.
    pub zone: String,
}

struct Kept<A> {
    revision: u64,
    valid_until: Timestamp,
    answer: A,
}

/// Kept answers of one form (numbers for pages, bytes for the API).
pub struct KeptDays<A> {
    kept: Mutex<HashMap<KeptKey, Kept<A>>>,
}

impl<A> Default for KeptDays<A> {
    fn default() -> Self {
        Self {
            kept: Mutex::default(),
        }
    }
}

impl<A: Clone> KeptDays<A> {
    /// The kept answer, when it still holds at `revision` and `now`.
    #[must_use]
    pub fn get(&self, key: &KeptKey, revision: u64, now: Timestamp) -> Option<A> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.get(key)?;
        (found.revision == revision && now < found.valid_until).then(|| found.answer.clone())
    }

    /// Keeps an answer. `revision` was read before the snapshot the answer was made from.
    pub fn put(&self, key: KeptKey, revision: u64, valid_until: Timestamp, answer: A) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MAX_KEPT_ANSWERS {
            kept.retain(|_, answer| answer.revision == revision);
            if kept.len() >= MAX_KEPT_ANSWERS {
                kept.clear();
            }
        }
        kept.insert(
            key,
            Kept {
                revision,
                valid_until,
                answer,
            },
        );
    }
}
