//! Who waits for an organization's next change. Nobody looks at the database for it: the writer
//! tells after its commit.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::kit::OrganizationId;

/// Those who wait, by organization.
#[derive(Default)]
pub(super) struct Waiting(Mutex<HashMap<OrganizationId, watch::Sender<u64>>>);

/// Tells of each change of one organization, from now on. Changes that come while nobody waits
/// are told as one.
pub struct Changes(watch::Receiver<u64>);

impl Changes {
    /// Waits for a change after the last one that was told.
    pub async fn next(&mut self) {
        if self.0.changed().await.is_err() {
            // The store is gone, and nothing changes any more.
            std::future::pending::<()>().await;
        }
    }
}

impl Waiting {
    pub fn join(&self, organization: OrganizationId) -> Changes {
        let mut waiting = self.lock();
        let sender = waiting
            .entry(organization)
            .or_insert_with(|| watch::Sender::new(0));
        Changes(sender.subscribe())
    }

    pub fn tell(&self, organization: OrganizationId) {
        let mut waiting = self.lock();
        let Some(sender) = waiting.get(&organization) else {
            return;
        };
        // Fails when everybody left.
        let next = sender.borrow().wrapping_add(1);
        if sender.send(next).is_err() {
            waiting.remove(&organization);
        }
    }

    /// Tells everybody, when nobody knows what changed.
    pub fn tell_all(&self) {
        let organizations: Vec<OrganizationId> = self.lock().keys().copied().collect();
        for organization in organizations {
            self.tell(organization);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<OrganizationId, watch::Sender<u64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::kit::{Entropy, ManualClock};

    #[tokio::test]
    async fn whoever_waits_is_told_of_changes_and_of_no_others() {
        let (clock, entropy) = (
            ManualClock::new(jiff::Timestamp::UNIX_EPOCH),
            Entropy::seeded(1),
        );
        let id = || OrganizationId::new(crate::kit::Clock::now(&clock), &entropy);
        let (one, other) = (id(), id());
        let waiting = Waiting::default();
        let (mut first, mut second) = (waiting.join(one), waiting.join(one));
        let mut elsewhere = waiting.join(other);
        waiting.tell(one);
        waiting.tell(one);
        first.next().await;
        second.next().await;
        for quiet in [&mut first, &mut elsewhere] {
            let told = tokio::time::timeout(Duration::from_millis(10), quiet.next());
            assert!(told.await.is_err());
        }
        waiting.tell_all();
        first.next().await;
        elsewhere.next().await;
        drop((first, second));
        waiting.tell(one);
        assert_eq!(waiting.lock().len(), 1, "whoever left is forgotten");
    }
}
