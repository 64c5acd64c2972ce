//! Bookings over HTTP at both processes, some of them for one time.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::time::Duration;

use super::kept::{Organization, PROCESSES, Pair, connection};
use super::load::{Load, Seen, Writer};
use super::setup::{SERVICE, texts};
use crate::server::http::Connection;
use crate::step::Failure;

/// How many book in one organization at one process.
const CLIENTS: usize = 2;
/// How long a client rests after each booking, in milliseconds.
const REST_MS: u64 = 300;
/// Every so many times are wanted at both processes.
const SHARED: usize = 4;

/// One who books times of one organization at one process.
pub struct Booker {
    connection: Connection,
    pub organization: usize,
    slug: String,
    name: String,
    /// What is still to be booked; the first may be under way.
    wanted: VecDeque<String>,
    /// Appointments that were acknowledged: their ids and times.
    pub kept: Vec<(String, String)>,
    /// Times that another had.
    pub refused: Vec<String>,
    /// Statuses that nobody should see.
    pub odd: BTreeMap<u16, usize>,
}

impl Booker {
    /// Who books `wanted`, one after the other, in the `number`th organization.
    pub fn new(
        address: SocketAddr,
        (number, organization): (usize, &Organization),
        name: String,
        wanted: VecDeque<String>,
    ) -> Self {
        Self {
            connection: connection(address),
            organization: number,
            slug: organization.slug.clone(),
            name,
            wanted,
            kept: Vec::new(),
            refused: Vec::new(),
            odd: BTreeMap::new(),
        }
    }
}

/// Starts to book.
///
/// # Errors
///
/// When there is nothing to book.
pub fn start(pair: &Pair<'_>) -> Result<Load<Booker>, Failure> {
    let mut writers = Vec::new();
    for (number, organization) in pair.organizations.iter().enumerate() {
        if organization.starts.is_empty() {
            return Err(Failure::new(1, "xtask: kept: there is no time to book"));
        }
        for (front, address) in pair.addresses.iter().enumerate() {
            for client in 0..CLIENTS {
                let name = format!("{front}-{client}");
                let wanted = share(&organization.starts, front, client);
                let booker = Booker::new(*address, (number, organization), name, wanted);
                writers.push((front, booker));
            }
        }
    }
    Ok(Load::start(
        PROCESSES,
        Duration::from_millis(REST_MS),
        writers,
    ))
}

/// The times of one client: some are its own, some one client of each process wants.
fn share(starts: &[String], front: usize, client: usize) -> VecDeque<String> {
    let mine = |place: &usize| {
        if place.is_multiple_of(SHARED) {
            place / SHARED % CLIENTS == client
        } else {
            // Counted without the shared ones, the rest goes round all clients of both.
            let own = place - place / SHARED - 1;
            own % (CLIENTS * PROCESSES) == front * CLIENTS + client
        }
    };
    let places = (0..starts.len()).filter(mine);
    places.map(|place| starts[place].clone()).collect()
}

impl Writer for Booker {
    fn write(&mut self) -> Seen {
        let Some(at) = self.wanted.front() else {
            return Seen::Nothing;
        };
        let (slug, name) = (&self.slug, &self.name);
        // One key for one wish, however often it is asked.
        let fields =
            format!("content-type: application/json\r\nidempotency-key: {slug}-{name}-{at}\r\n");
        let body = format!(
            r#"{{"service":"{SERVICE}","starts_at":"{at}","person":{{"name":"Guest {name}","email":"guest-{name}@example.org"}}}}"#
        );
        let path = format!("/api/v1/orgs/{slug}/appointments");
        let Ok(answer) = self.connection.post(&path, &fields, &body) else {
            return Seen::Failed;
        };
        let id = texts(&answer.body, "id").next();
        let seen = match (answer.status, id) {
            (201, Some(id)) => {
                self.kept.push((id.to_owned(), at.clone()));
                Seen::Kept
            }
            (409, _) if answer.body.contains("slot_taken") => {
                self.refused.push(at.clone());
                Seen::Refused
            }
            (500..=599, _) => return Seen::Failed,
            (status, _) => {
                *self.odd.entry(status).or_default() += 1;
                Seen::Refused
            }
        };
        self.wanted.pop_front();
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(count: usize) -> Vec<String> {
        (0..count).map(|place| place.to_string()).collect()
    }

    #[test]
    fn every_time_is_wanted_once_and_every_fourth_at_both() {
        let mut wanted: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for front in 0..PROCESSES {
            for client in 0..CLIENTS {
                for at in share(&starts(96), front, client) {
                    wanted.entry(at).or_default().push(front);
                }
            }
        }
        assert_eq!(wanted.len(), 96);
        for (at, fronts) in wanted {
            let shared = at
                .parse::<usize>()
                .expect("a number")
                .is_multiple_of(SHARED);
            assert_eq!(fronts.len(), if shared { 2 } else { 1 }, "{at}");
            assert!(!shared || fronts == [0, 1], "{at}");
        }
    }
}
