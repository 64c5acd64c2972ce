//! How fast may be asked: by one token, one directory, one address, so many requests a minute, in all
//! processes together.
//!
//! A process takes what it may answer in blocks, from a row in a database, and counts within a block in
//! memory. The first block of a minute is free: whoever asks seldom writes nothing. So the most is kept to a
//! block for each process beyond the first. Tokens are counted in their organization's database; addresses,
//! under keyed hashes, in the control database.

use std::net::IpAddr;

use jiff::Timestamp;
use kept_base::kit::time::plus_minutes;
use kept_base::kit::{Actor, OrganizationId};
use kept_base::store::{Error, Store, Tx};

use super::attempts::network;
use super::blocks::{Blocks, PACE_BLOCK, take};
use super::store;

/// Most requests to the API by one token in one minute.
pub const MAX_API_REQUESTS_A_MINUTE: u32 = 1_200;
/// Most requests of the directory of one organization in one minute.
pub const MAX_SCIM_REQUESTS_A_MINUTE: u32 = 1_200;
/// Most requests of one address in one minute to pages, and to the API without a token that is known, where
/// the operator says nothing else. An IPv6 address counts with all in its /64.
pub const ADDRESS_REQUESTS_A_MINUTE: u32 = 6_000;
/// For how many requests of an address one counts that would change something.
pub const CHANGE_REQUESTS: u32 = 10;

const MINUTE_SECONDS: i64 = 60;

/// Counts requests, each minute anew.
#[derive(Debug)]
pub struct Pace {
    of_tokens: Blocks<(OrganizationId, String)>,
    of_addresses: Blocks<IpAddr>,
    most_of_address: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self::new(ADDRESS_REQUESTS_A_MINUTE)
    }
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
    /// Where one address may ask so often in a minute.
    #[must_use]
    pub fn new(most_of_address: u32) -> Self {
        Self {
            of_tokens: Blocks::default(),
            of_addresses: Blocks::default(),
            most_of_address,
        }
    }

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
            let before = match self.of_tokens.ask(minute, &key, 1) {
                Ok(answer) => return Ok(answer),
                Err(before) => before,
            };
            let name = key.1.clone();
            let verb = move |tx: &Tx<'_>| take_block(tx, &name, before, most);
            let given = store.write(organization, Actor::VISITOR, verb).await?;
            self.of_tokens.give(minute, &key, given);
        }
    }

    /// Counts one more request from that address, as so many; `false` when there were too many in this
    /// minute. What comes from this machine itself is not counted: it is its operator's, or that of a proxy
    /// that nobody named, behind which everybody is.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn allows_address(
        &self,
        store: &Store,
        from: IpAddr,
        requests: u32,
    ) -> Result<bool, Error> {
        if from.to_canonical().is_loopback() {
            return Ok(true);
        }
        let key = network(from);
        loop {
            let minute = minute_of(store.clock().now());
            let before = match self.of_addresses.ask(minute, &key, requests) {
                Ok(answer) => return Ok(answer),
                Err(before) => before,
            };
            let taken = before.saturating_add(PACE_BLOCK);
            let gone = store.add_to_pace(key.to_string(), minute, taken).await?;
            let (given, _) = take(gone.saturating_sub(PACE_BLOCK), 0, self.most_of_address);
            self.of_addresses.give(minute, &key, given);
        }
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
    use super::*;

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
