//! How often somebody may try to sign in. Failures count per account *and* address together, so
//! that a stranger who guesses locks out only themselves; and per address over all accounts, more
//! generously, so that nobody tries one password on everybody.
//!
//! Counts live in memory under a hash with a random key: no address is written down.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use kept_base::kit::OrganizationId;

/// Failures of one address with one account within [`WINDOW_MINUTES`].
pub const MAX_FAILURES_PER_PAIR: u32 = 8;
/// Failures of one address over all accounts within [`WINDOW_MINUTES`].
pub const MAX_FAILURES_PER_ADDRESS: u32 = 100;
/// After so many minutes without a failure all is forgotten.
pub const WINDOW_MINUTES: i64 = 15;
/// Most counts kept; beyond it, those that ended go first, then all.
const MAX_COUNTS: usize = 50_000;

/// Counts of failures.
#[derive(Debug, Default)]
pub struct Attempts {
    key: RandomState,
    counts: Mutex<HashMap<u64, (u32, Timestamp)>>,
}

/// Which account is tried from where.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// At which organization.
    pub organization: OrganizationId,
    /// The account's address as typed.
    pub account: &'a str,
    /// From where; `None` when the rim does not know.
    pub from: Option<IpAddr>,
}

impl Attempts {
    /// Whether another try is allowed at `now`. It counts as failed from here on, so that many at
    /// once are no more than one after the other; [`succeeded`](Self::succeeded) takes it back.
    #[must_use]
    pub fn begin(&self, attempt: Attempt<'_>, now: Timestamp) -> bool {
        let (pair, address) = self.keys(attempt);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MAX_COUNTS {
            counts.retain(|_, (_, at)| now < ends(*at));
            if counts.len() >= MAX_COUNTS {
                counts.clear();
            }
        }
        let limits = [
            (pair, MAX_FAILURES_PER_PAIR),
            (address, MAX_FAILURES_PER_ADDRESS),
        ];
        let failures = |key| {
            let count: Option<&(u32, Timestamp)> = counts.get(&key);
            count.filter(|(_, at)| now < ends(*at)).map_or(0, |c| c.0)
        };
        let counted = limits.map(|(key, _)| failures(key));
        if counted
            .iter()
            .zip(limits)
            .any(|(count, (_, most))| *count >= most)
        {
            return false;
        }
        for ((key, _), count) in limits.into_iter().zip(counted) {
            counts.insert(key, (count + 1, now));
        }
        true
    }

    /// Forgets the failures of this address with this account.
    pub fn succeeded(&self, attempt: Attempt<'_>) {
        let (pair, address) = self.keys(attempt);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.remove(&pair);
        if let Some((count, _)) = counts.get_mut(&address) {
            *count = count.saturating_sub(1);
        }
    }

    fn keys(&self, attempt: Attempt<'_>) -> (u64, u64) {
        let network = attempt.from.map(network);
        let account = attempt.account.trim().to_lowercase();
        let pair = (attempt.organization, account, network);
        (self.key.hash_one(pair), self.key.hash_one(network))
    }
}

fn ends(last: Timestamp) -> Timestamp {
    last.saturating_add(SignedDuration::from_mins(WINDOW_MINUTES))
        .unwrap_or(Timestamp::MAX)
}

/// What belongs to one customer of a provider: an IPv4 address, or the first 64 bits of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let bits = address.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(std::net::Ipv6Addr::from_bits(bits))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt<'a>(account: &'a str, from: &str) -> Attempt<'a> {
        Attempt {
            organization: OrganizationId::new(
                Timestamp::UNIX_EPOCH,
                &kept_base::kit::Entropy::seeded(1),
            ),
            account,
            from: from.parse().ok(),
        }
    }

    #[test]
    fn a_guesser_locks_out_only_themselves_and_not_for_good() {
        let attempts = Attempts::default();
        let now = Timestamp::UNIX_EPOCH;
        let guesser = attempt("ama@example.org", "192.0.2.7");
        for _ in 0..MAX_FAILURES_PER_PAIR {
            assert!(attempts.begin(guesser, now));
        }
        assert!(!attempts.begin(guesser, now));
        assert!(!attempts.begin(attempt("AMA@example.org ", "192.0.2.7"), now));
        assert!(attempts.begin(attempt("ama@example.org", "192.0.2.8"), now));
        assert!(attempts.begin(attempt("noah@example.org", "192.0.2.7"), now));
        let later = ends(now);
        assert!(attempts.begin(guesser, later));
    }

    #[test]
    fn one_address_cannot_try_everybody() {
        let attempts = Attempts::default();
        let now = Timestamp::UNIX_EPOCH;
        for number in 0..MAX_FAILURES_PER_ADDRESS {
            let account = format!("guest-{number}@example.org");
            assert!(attempts.begin(attempt(&account, "2001:db8::7"), now));
        }
        assert!(!attempts.begin(attempt("ama@example.org", "2001:db8::8"), now));
        assert!(attempts.begin(attempt("ama@example.org", "2001:db8:0:1::8"), now));
    }

    #[test]
    fn whoever_succeeds_does_not_count() {
        let attempts = Attempts::default();
        let now = Timestamp::UNIX_EPOCH;
        for _ in 0..2 * MAX_FAILURES_PER_ADDRESS {
            let known = attempt("ama@example.org", "192.0.2.7");
            assert!(attempts.begin(known, now));
            attempts.succeeded(known);
        }
    }
}
