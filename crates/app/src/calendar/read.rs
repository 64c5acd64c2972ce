//! What a view shows, read at once: appointments, reserved time, the names of people.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kept_base::kit::PersonName;
use kept_base::store::{Error, Tx};

use super::MAX_SHOWN_ROWS;
use crate::access::Grant;
use crate::ids::{LocationId, PersonId, StaffId};
use crate::offering::Catalog;
use crate::people;
use crate::scheduling::staff::{Block, concerns};
use crate::scheduling::{self, Taken};

/// What was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Appointments, in order of time.
    pub appointments: Vec<Taken>,
    /// Reserved time, in order.
    pub blocks: Vec<Block>,
    /// What the people are called.
    pub names: HashMap<PersonId, PersonName>,
    /// When it was read.
    pub now: Timestamp,
}

impl Found {
    /// What a person is called; empty when they are no longer on record.
    #[must_use]
    pub fn name(&self, id: PersonId) -> &str {
        self.names.get(&id).map_or("", PersonName::expose)
    }
}

/// Reads what touches `from..to`, in three bounded queries; with `staff`, of that staff member alone, with
/// `among`, at these locations alone.
///
/// # Errors
/// Those of the store.
pub fn find(
    tx: &Tx<'_>,
    between: (Timestamp, Timestamp),
    staff: Option<StaffId>,
    among: Option<&[LocationId]>,
    named: bool,
) -> Result<Found, Error> {
    let appointments = scheduling::taken_between(tx, between, staff, among, MAX_SHOWN_ROWS)?;
    let blocks = scheduling::blocks_between(tx, between, MAX_SHOWN_ROWS)?;
    let names = if named {
        let ids: Vec<PersonId> = appointments.iter().map(|a| a.person).collect();
        people::names(tx, &ids)?
    } else {
        HashMap::new()
    };
    Ok(Found {
        appointments,
        blocks,
        names,
        now: tx.now(),
    })
}

/// As [`find`], as far as `grant` reaches.
///
/// # Errors
/// Those of the store.
pub fn find_for(
    tx: &Tx<'_>,
    (grant, catalog): (&Grant, &Catalog),
    between: (Timestamp, Timestamp),
    staff: Option<StaffId>,
    named: bool,
) -> Result<Found, Error> {
    let mut found = find(tx, between, staff, grant.locations(), named)?;
    if !grant.is_for_all() {
        (found.appointments).retain(|taken| grant.covers(taken.location, &taken.staff));
        (found.blocks).retain(|block| concerns(grant, catalog, block));
    }
    Ok(found)
}

/// The instant at which a civil day begins.
pub(super) fn start_of(date: Date, zone: &TimeZone) -> Timestamp {
    scheduling::start_of(date, zone)
}
