//! How fast a directory may ask.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use kept_base::kit::OrganizationId;

/// Most requests of the directory of one organization to one process in one minute.
pub const MAX_SCIM_REQUESTS_A_MINUTE: u32 = 1_200;

const MINUTE_SECONDS: i64 = 60;

/// Counts the requests of directories that were recognized, each minute anew.
#[derive(Debug, Default)]
pub struct Pace(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    minute: i64,
    of: HashMap<OrganizationId, u32>,
}

impl Pace {
    /// Counts one more; `false` when there were too many in this minute.
    #[must_use]
    pub fn allows(&self, organization: OrganizationId, now: Timestamp) -> bool {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now.as_second().div_euclid(MINUTE_SECONDS);
        if counted.minute != minute {
            counted.minute = minute;
            counted.of.clear();
        }
        let count = counted.of.entry(organization).or_default();
        *count = count.saturating_add(1);
        *count <= MAX_SCIM_REQUESTS_A_MINUTE
    }
}

#[cfg(test)]
mod tests {
    use kept_base::kit::Entropy;

    use super::*;

    #[test]
    fn each_organization_has_its_own_minute() {
        let (pace, entropy) = (Pace::default(), Entropy::seeded(7));
        let now = Timestamp::UNIX_EPOCH;
        let (one, other) = (
            OrganizationId::new(now, &entropy),
            OrganizationId::new(now, &entropy),
        );
        for _ in 0..MAX_SCIM_REQUESTS_A_MINUTE {
            assert!(pace.allows(one, now));
        }
        assert!(!pace.allows(one, now) && pace.allows(other, now));
        assert!(pace.allows(one, kept_base::kit::time::plus_seconds(now, MINUTE_SECONDS)));
    }
}
