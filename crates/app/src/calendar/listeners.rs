//! Who is told of changes now, so that neither one member nor one organization takes every place.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use kept_base::kit::OrganizationId;

use super::{MAX_LIVE_STREAMS, MAX_LIVE_STREAMS_OF_MEMBER, MAX_LIVE_STREAMS_OF_ORGANIZATION};
use crate::ids::MemberId;

/// Who is told: an organization's member.
pub type Listener = (OrganizationId, MemberId);

type Counts = HashMap<Listener, usize>;

/// How many of whom are told.
#[derive(Debug, Clone, Default)]
pub(super) struct Listeners(Arc<Mutex<Counts>>);

/// A place among them; free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    of: Listener,
    among: Listeners,
}

impl Listeners {
    /// A place for one more stream; none when too many are told already.
    pub(super) fn enter(&self, of: Listener) -> Option<Place> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = |wanted: &dyn Fn(&Listener) -> bool| -> usize {
            let each = counts.iter().filter(|(one, _)| wanted(one));
            each.map(|(_, count)| count).sum()
        };
        let is_full = sum(&|one| *one == of) >= MAX_LIVE_STREAMS_OF_MEMBER
            || sum(&|one| one.0 == of.0) >= MAX_LIVE_STREAMS_OF_ORGANIZATION
            || sum(&|_| true) >= MAX_LIVE_STREAMS;
        if is_full {
            return None;
        }
        *counts.entry(of).or_default() += 1;
        let among = self.clone();
        Some(Place { of, among })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let counts = &self.among.0;
        let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.of) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.of);
            }
        }
    }
}
