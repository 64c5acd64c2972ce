//! When each organization next needs the worker. Kept in memory: at start every organization is
//! due, and each commit that leaves work behind says when.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::kit::OrganizationId;

/// The worker's appointment book.
#[derive(Debug, Default)]
pub struct Wakes {
    due: Mutex<HashMap<OrganizationId, Timestamp>>,
    changed: Notify,
}

impl Wakes {
    /// Asks for the worker to look at `organization` at `at` or before.
    pub fn ask(&self, organization: OrganizationId, at: Timestamp) {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = due.entry(organization).or_insert(at);
        *entry = (*entry).min(at);
        drop(due);
        self.changed.notify_one();
    }

    /// Takes the organizations that are due at `now`, earliest first.
    #[must_use]
    pub fn take_due(&self, now: Timestamp) -> Vec<OrganizationId> {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken: Vec<(Timestamp, OrganizationId)> = due
            .iter()
            .filter(|(_, at)| **at <= now)
            .map(|(org, at)| (*at, *org))
            .collect();
        taken.sort_unstable();
        for (_, organization) in &taken {
            due.remove(organization);
        }
        taken
            .into_iter()
            .map(|(_, organization)| organization)
            .collect()
    }

    /// The earliest instant at which any organization is due.
    #[must_use]
    pub fn next(&self) -> Option<Timestamp> {
        self.due
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .min()
            .copied()
    }

    /// Says that another process may have asked for something.
    pub fn look(&self) {
        self.changed.notify_one();
    }

    /// Waits until somebody asks.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }
}
