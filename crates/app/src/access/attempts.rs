//! How often somebody may try to sign in. Failures count per account *and* address together, so
//! that a stranger who guesses locks out only themselves; and per address over all accounts, more
//! generously, so that nobody tries one password on everybody.
//!
//! Failures are counted in the control database, for all processes and whatever organization, under
//! keyed hashes: no address and no account is written down, and counts go with their window. Tries that are
//! not judged yet count within the process alone. A right password writes nothing.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use kept_base::kit::OrganizationId;
use kept_base::store::{Error, Store};

/// Failures of one address with one account within [`WINDOW_MINUTES`].
pub const MAX_FAILURES_PER_PAIR: u32 = 8;
/// Failures of one address over all accounts within [`WINDOW_MINUTES`].
pub const MAX_FAILURES_PER_ADDRESS: u32 = 100;
/// So many minutes after the last failure all are forgotten.
pub const WINDOW_MINUTES: i64 = 15;
/// Wrong passwords that are written into an organization's audit log within an hour, by one process.
/// Beyond it neither those of accounts nor others are, so that the answer's time tells nothing.
pub const MAX_NOTED_FAILURES: u32 = 500;

/// Counts tries.
#[derive(Debug, Default)]
pub struct Attempts {
    /// How many tries of a name are not judged yet; each may become a failure.
    open: Mutex<HashMap<String, u32>>,
    /// Since when so many were written down, by organization.
    noted: Mutex<HashMap<OrganizationId, (Timestamp, u32)>>,
}

/// What a try is counted under.
#[derive(Debug, Clone)]
struct Names {
    pair: String,
    address: String,
}

impl Names {
    fn of(attempt: Attempt<'_>) -> Self {
        let network = attempt.from.map(network);
        let network = network.map_or_else(|| "unknown".to_owned(), |one| one.to_string());
        let organization = attempt.organization;
        let organization = organization.map_or_else(|| "console".to_owned(), |id| id.to_string());
        let account = attempt.account.trim().to_lowercase();
        Self {
            pair: format!("pair {organization} {network} {account}"),
            address: format!("address {network}"),
        }
    }

    fn both(&self) -> Vec<String> {
        vec![self.pair.clone(), self.address.clone()]
    }
}

/// Tries of two names that are open; dropped, they are not.
#[derive(Debug)]
struct Open<'a> {
    attempts: &'a Attempts,
    names: Names,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        let mut open = self.attempts.lock();
        for name in [&self.names.pair, &self.names.address] {
            match open.get_mut(name) {
                Some(count) if *count > 1 => *count -= 1,
                _ => drop(open.remove(name)),
            }
        }
    }
}

/// A try that is not judged yet. Dropped without a verdict it never was.
#[must_use]
pub struct Try<'a> {
    store: &'a Store,
    open: Open<'a>,
    has_failures: bool,
}

impl Try<'_> {
    /// It was wrong. It counts before it is open no more, so that it is never uncounted.
    pub async fn failed(self) {
        let names = self.open.names.both();
        if let Err(error) = self.store.add_door_failure(names, WINDOW_MINUTES).await {
            tracing::warn!(error = %error, "A wrong try was not counted");
        }
    }

    /// It was right: the failures of this address with this account are forgotten.
    pub async fn succeeded(self) {
        if !self.has_failures {
            return;
        }
        let pair = self.open.names.pair.clone();
        if let Err(error) = self.store.forget_door_failures(pair).await {
            tracing::warn!(error = %error, "Wrong tries were not forgotten");
        }
    }
}

/// Which account is tried from where.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// At which organization; `None` for an operator's account.
    pub organization: Option<OrganizationId>,
    /// The account's address or name as typed.
    pub account: &'a str,
    /// From where; `None` when the rim does not know.
    pub from: Option<IpAddr>,
}

impl Attempts {
    /// Whether another wrong password is written down; if so it counts.
    pub fn may_note(&self, organization: OrganizationId, now: Timestamp) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let count = noted.entry(organization).or_insert((now, 0));
        let is_over = now < count.0 || now >= count.0 + SignedDuration::from_hours(1);
        if is_over {
            *count = (now, 0);
        }
        count.1 += 1;
        count.1 <= MAX_NOTED_FAILURES
    }

    /// Another try, unless there were too many. It counts until it is judged, so that many at once are
    /// no more than one after the other.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn begin<'a>(
        &'a self,
        store: &'a Store,
        attempt: Attempt<'_>,
    ) -> Result<Option<Try<'a>>, Error> {
        let (open, tries) = self.open(Names::of(attempt));
        // Whatever ends before this reads is counted by then.
        let failures = store
            .door_failures(open.names.both(), WINDOW_MINUTES)
            .await?;
        let [of_pair, of_address] = failures[..] else {
            return Ok(None);
        };
        let may = of_pair.saturating_add(tries.0) <= MAX_FAILURES_PER_PAIR
            && of_address.saturating_add(tries.1) <= MAX_FAILURES_PER_ADDRESS;
        Ok(may.then_some(Try {
            store,
            open,
            has_failures: of_pair > 0,
        }))
    }

    /// Opens a try; tells how many of each name are open with it.
    fn open(&self, names: Names) -> (Open<'_>, (u32, u32)) {
        let mut open = self.lock();
        let mut one_more = |name: &String| {
            let count = open.entry(name.clone()).or_default();
            *count = count.saturating_add(1);
            *count
        };
        let tries = (one_more(&names.pair), one_more(&names.address));
        let attempts = self;
        (Open { attempts, names }, tries)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, u32>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What belongs to one customer of a provider: an IPv4 address, or the first 64 bits of IPv6.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let bits = address.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(std::net::Ipv6Addr::from_bits(bits))
        }
    }
}
