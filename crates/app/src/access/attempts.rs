//! How often somebody may try to sign in. Failures count per account *and* address together, so
//! that a stranger who guesses locks out only themselves; and per address over all accounts, more
//! generously, so that nobody tries one password on everybody.
//!
//! Counts live in memory under a hash with a random key: no address is written down.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use kept_base::kit::OrganizationId;

/// Failures of one address with one account within [`WINDOW_MINUTES`].
pub const MAX_FAILURES_PER_PAIR: u32 = 8;
/// Failures of one address over all accounts within [`WINDOW_MINUTES`].
pub const MAX_FAILURES_PER_ADDRESS: u32 = 100;
/// So many minutes after the last failure all are forgotten.
pub const WINDOW_MINUTES: i64 = 15;
/// Wrong passwords that are written into an organization's audit log within an hour. Beyond it neither
/// those of accounts nor others are, so that the answer's time tells nothing.
pub const MAX_NOTED_FAILURES: u32 = 500;
/// Most counts kept; beyond it, those that ended go first, then all.
const MAX_COUNTS: usize = 50_000;

/// Counts of failures.
#[derive(Debug, Default)]
pub struct Attempts {
    key: RandomState,
    counts: Mutex<HashMap<u64, Count>>,
    /// Since when so many were written down, by organization.
    noted: Mutex<HashMap<OrganizationId, (Timestamp, u32)>>,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    failures: u32,
    /// When the last of them was.
    at: Timestamp,
    /// Tries that are not judged yet; each may become a failure.
    open: u32,
}

impl Count {
    fn failures(&self, now: Timestamp) -> u32 {
        // One that lies ahead was counted before the clock was set back.
        if self.at <= now && now < ends(self.at) {
            self.failures
        } else {
            0
        }
    }
}

/// A try that is not judged yet. Dropped without a verdict it never was.
#[derive(Debug)]
#[must_use]
pub struct Try<'a> {
    attempts: &'a Attempts,
    pair: u64,
    address: u64,
}

impl Try<'_> {
    /// It was wrong.
    pub fn failed(self, now: Timestamp) {
        let mut counts = self.attempts.lock();
        for key in [self.pair, self.address] {
            let count = counts.entry(key).or_insert(Count {
                failures: 0,
                at: now,
                open: 0,
            });
            count.failures = count.failures(now) + 1;
            count.at = now;
        }
    }

    /// It was right: the failures of this address with this account are forgotten.
    pub fn succeeded(self) {
        let mut counts = self.attempts.lock();
        if let Some(count) = counts.get_mut(&self.pair) {
            count.failures = 0;
        }
    }
}

impl Drop for Try<'_> {
    fn drop(&mut self) {
        let mut counts = self.attempts.lock();
        for key in [self.pair, self.address] {
            if let Some(count) = counts.get_mut(&key) {
                count.open = count.open.saturating_sub(1);
                if count.open == 0 && count.failures == 0 {
                    counts.remove(&key);
                }
            }
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

    /// Another try at `now`, unless there were too many. It counts until it is judged, so that many
    /// at once are no more than one after the other.
    pub fn begin(&self, attempt: Attempt<'_>, now: Timestamp) -> Option<Try<'_>> {
        let (pair, address) = self.keys(attempt);
        let mut counts = self.lock();
        if counts.len() >= MAX_COUNTS {
            counts.retain(|_, count| count.open > 0 || count.failures(now) > 0);
            if counts.len() >= MAX_COUNTS {
                counts.retain(|_, count| count.open > 0);
            }
        }
        let may = |key, most| {
            let count: Option<&Count> = counts.get(&key);
            count.is_none_or(|count| count.failures(now) + count.open < most)
        };
        if !may(pair, MAX_FAILURES_PER_PAIR) || !may(address, MAX_FAILURES_PER_ADDRESS) {
            return None;
        }
        for key in [pair, address] {
            let fresh = Count {
                failures: 0,
                at: now,
                open: 0,
            };
            counts.entry(key).or_insert(fresh).open += 1;
        }
        Some(Try {
            attempts: self,
            pair,
            address,
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Count>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
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
            organization: Some(OrganizationId::new(
                Timestamp::UNIX_EPOCH,
                &kept_base::kit::Entropy::seeded(1),
            )),
            account,
            from: from.parse().ok(),
        }
    }

    fn fails(attempts: &Attempts, attempt: Attempt<'_>, now: Timestamp) -> bool {
        let begun = attempts.begin(attempt, now);
        begun.map(|begun| begun.failed(now)).is_some()
    }

    #[test]
    fn a_guesser_locks_out_only_themselves_and_not_for_good() {
        let attempts = Attempts::default();
        let now = Timestamp::UNIX_EPOCH;
        let guesser = attempt("ama@example.org", "192.0.2.7");
        for _ in 0..MAX_FAILURES_PER_PAIR {
            assert!(fails(&attempts, guesser, now));
        }
        assert!(!fails(&attempts, guesser, now));
        let alike = attempt("AMA@example.org ", "192.0.2.7");
        assert!(!fails(&attempts, alike, now));
        assert!(fails(
            &attempts,
            attempt("ama@example.org", "192.0.2.8"),
            now
        ));
        assert!(fails(
            &attempts,
            attempt("noah@example.org", "192.0.2.7"),
            now
        ));
        assert!(fails(&attempts, guesser, ends(now)));
    }

    #[test]
    fn one_address_cannot_try_everybody() {
        let attempts = Attempts::default();
        let now = Timestamp::UNIX_EPOCH;
        for number in 0..MAX_FAILURES_PER_ADDRESS {
            let account = format!("guest-{number}@example.org");
            assert!(fails(&attempts, attempt(&account, "2001:db8::7"), now));
        }
        let near = attempt("ama@example.org", "2001:db8::8");
        assert!(!fails(&attempts, near, now));
        let far = attempt("ama@example.org", "2001:db8:0:1::8");
        assert!(fails(&attempts, far, now));
    }

    #[test]
    fn tries_count_while_they_are_open_and_not_when_given_up() {
        let attempts = Attempts::default();
        let now = Timestamp::UNIX_EPOCH;
        let known = attempt("ama@example.org", "192.0.2.7");
        let begun: Vec<_> = (0..MAX_FAILURES_PER_PAIR)
            .map(|_| attempts.begin(known, now).expect("is allowed"))
            .collect();
        assert!(attempts.begin(known, now).is_none());
        drop(begun);
        for _ in 0..2 * MAX_FAILURES_PER_ADDRESS {
            attempts.begin(known, now).expect("is allowed").succeeded();
        }
        assert!(attempts.lock().is_empty());
    }

    #[test]
    fn who_succeeds_does_not_keep_the_failures_of_others_alive() {
        let attempts = Attempts::default();
        let mut now = Timestamp::UNIX_EPOCH;
        for number in 0..MAX_FAILURES_PER_ADDRESS * 2 {
            let account = format!("guest-{number}@example.org");
            assert!(fails(&attempts, attempt(&account, "192.0.2.7"), now));
            now = ends(now);
            let known = attempt("ama@example.org", "192.0.2.7");
            attempts.begin(known, now).expect("is allowed").succeeded();
        }
    }
}
