//! Booking: person, appointment, claims, record, link and messages in one transaction.

use kept_base::kit::Token;
use kept_base::store::{Error, Tx};

use super::hold::{Chosen, choose, release_hold};
use super::search::Ignoring;
use super::store::{self, Claimed, Holder, Intent};
use super::{Appointment, Hold, NewAppointment, SchedulingError, Status, rules};
use crate::access::{self, Purpose};
use crate::audit::{self, Act};
use crate::ids::{AppointmentId, PersonId, StaffId};
use crate::messaging::{self, About, Audience, Kind};
use crate::offering::{Catalog, Catalogs, Service};
use crate::people;

/// Tries for a reference that nobody has; there are 10^9, so one is nearly always enough.
const MAX_REFERENCE_TRIES: u32 = 20;

/// A booked appointment and the secret that opens its page.
#[derive(Debug)]
pub struct Booked {
    /// The appointment.
    pub appointment: Appointment,
    /// The person's capability link: shown once, stored as a hash.
    pub manage: Token,
}

/// Books. A hold on the same service and time is used up; without one, or when it was freed, the
/// time must still be free.
///
/// # Errors
/// [`SchedulingError`] for a time that is not free or an unknown service; nothing is left behind.
pub fn book(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    new: &NewAppointment,
) -> Result<Booked, SchedulingError> {
    let catalog = catalogs.get(tx)?;
    let service = catalog
        .service(new.wanted.service)
        .ok_or(SchedulingError::Unknown)?;
    // Whoever brings a hold gives it up: it is booked, or freed for this booking.
    let brought = match new.hold {
        Some(id) => store::hold(tx, id)?,
        None => None,
    };
    let (held, left) = match brought {
        Some(hold) if fits(tx, &hold, new) => (Some(hold), None),
        other => (None, other),
    };
    if let Some(hold) = &left {
        release_hold(tx, hold.id)?;
    }
    let chosen = match &held {
        Some(hold) => of_hold(hold),
        None => choose(
            tx,
            catalogs,
            &new.wanted,
            new.starts_at,
            Ignoring::default(),
            &[],
        )?,
    };
    let person = people::record(tx, &new.person)?;
    let appointment = appointment(tx, service, person, chosen)?;
    store::insert(tx, &appointment, &intent(&catalog, catalogs, &appointment))?;
    match &held {
        Some(hold) => {
            store::hand_over_claims(tx, hold.id, appointment.id)?;
            store::delete_hold(tx, hold.id)?;
        }
        None => claim(tx, service, &appointment)?,
    }
    people::record_answers(tx, person, appointment.id, &new.answers)?;
    audit::record(
        tx,
        Act::AppointmentBooked,
        appointment.id,
        &service.id.to_string(),
    )?;
    let manage = access::issue_capability(
        tx,
        Purpose::Manage,
        appointment.id,
        person,
        appointment.ends_at,
    )?;
    tell(tx, &catalog, Kind::Booked, &appointment, true)?;
    Ok(Booked {
        appointment,
        manage,
    })
}

/// Whether a hold is for this service, time and wish, and has not run out. One that ran out but was
/// not freed yet gives no right that the worker's being late should decide.
fn fits(tx: &Tx<'_>, hold: &Hold, new: &NewAppointment) -> bool {
    let wanted = &new.wanted;
    hold.expires_at > tx.now()
        && hold.service == wanted.service
        && hold.starts_at == new.starts_at
        && (wanted.staff).is_none_or(|staff| hold.staff.contains(&staff))
        && (wanted.location).is_none_or(|location| hold.location == location)
}

fn of_hold(hold: &Hold) -> Chosen {
    Chosen {
        location: hold.location,
        staff: hold.staff.clone(),
        room: hold.room,
        starts_at: hold.starts_at,
        ends_at: hold.ends_at,
        because: rules::because_code(&hold.chosen_because),
    }
}

pub(super) fn appointment(
    tx: &Tx<'_>,
    service: &Service,
    person: PersonId,
    chosen: Chosen,
) -> Result<Appointment, Error> {
    let id = AppointmentId::new(tx.now(), tx.entropy());
    Ok(Appointment {
        id,
        reference: fresh_reference(tx)?,
        uid: format!("{id}.{}@kept", tx.organization()),
        service: service.id,
        location: chosen.location,
        room: chosen.room,
        person,
        staff: chosen.staff,
        status: Status::Confirmed,
        starts_at: chosen.starts_at,
        ends_at: chosen.ends_at,
        revision: 0,
        chosen_because: chosen.because.to_owned(),
        booked_at: tx.now(),
        canceled_at: None,
    })
}

fn fresh_reference(tx: &Tx<'_>) -> Result<String, Error> {
    for _ in 0..MAX_REFERENCE_TRIES {
        let reference = rules::reference(tx.entropy().bytes());
        if store::reference_is_free(tx, &reference)? {
            return Ok(reference);
        }
    }
    Err(Error::Busy)
}

/// The civil time and zone that were meant, with the zone data that made the instant of them, so
/// that a change of zone rules can be found and announced.
pub(super) fn intent<'a>(
    catalog: &'a Catalog,
    catalogs: &'a Catalogs,
    appointment: &Appointment,
) -> Intent<'a> {
    let (zone, place) = match catalog.location(appointment.location) {
        Some(location) => (location.zone.as_str(), &location.place.zone),
        None => (catalog.organization.zone.as_str(), &catalog.zone),
    };
    Intent {
        civil_start: place.to_datetime(appointment.starts_at).to_string(),
        zone,
        tzdb: catalogs.zones().version(),
    }
}

/// Takes the time of everybody and everything that the appointment needs.
pub(super) fn claim(
    tx: &Tx<'_>,
    service: &Service,
    appointment: &Appointment,
) -> Result<(), Error> {
    let claimed = Claimed {
        staff: &appointment.staff,
        room: appointment.room,
        window: rules::claimed_window(&service.rules, appointment.starts_at, appointment.ends_at),
    };
    store::insert_claims(tx, &claimed, Holder::Appointment(appointment.id))
}

/// Tells the person, where `person` says so, and everybody on the staff who has an address.
pub(super) fn tell(
    tx: &Tx<'_>,
    catalog: &Catalog,
    kind: Kind,
    appointment: &Appointment,
    person: bool,
) -> Result<(), Error> {
    let about = about(appointment, None);
    messaging::enqueue(tx, kind, &about, person.then_some(Audience::Person))?;
    messaging::enqueue(tx, kind, &about, reachable(catalog, &appointment.staff))
}

/// Tells of a move: who serves before and after it was moved, who serves only from now on has a
/// new appointment, who no longer does has lost one.
pub(super) fn tell_move(
    tx: &Tx<'_>,
    catalog: &Catalog,
    before: &Appointment,
    moved: &Appointment,
    person: bool,
) -> Result<(), Error> {
    let about = about(moved, Some(before.starts_at));
    let (stayed, new): (Vec<_>, Vec<_>) = moved
        .staff
        .iter()
        .partition(|staff| before.staff.contains(staff));
    let (_, gone): (Vec<StaffId>, Vec<StaffId>) = before
        .staff
        .iter()
        .partition(|staff| moved.staff.contains(staff));
    messaging::enqueue(tx, Kind::Moved, &about, person.then_some(Audience::Person))?;
    messaging::enqueue(tx, Kind::Moved, &about, reachable(catalog, &stayed))?;
    messaging::enqueue(tx, Kind::Booked, &about, reachable(catalog, &new))?;
    messaging::enqueue(tx, Kind::Canceled, &about, reachable(catalog, &gone))
}

fn about(appointment: &Appointment, previous_starts_at: Option<jiff::Timestamp>) -> About {
    About {
        appointment: appointment.id,
        person: appointment.person,
        revision: appointment.revision,
        previous_starts_at,
    }
}

fn reachable(catalog: &Catalog, staff: &[StaffId]) -> impl Iterator<Item = Audience> {
    staff
        .iter()
        .copied()
        .filter(|id| {
            catalog
                .staff_member(*id)
                .is_some_and(|member| member.email.is_some())
        })
        .map(Audience::Staff)
}
