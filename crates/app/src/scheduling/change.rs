//! Moving and cancelling: each a record with an author and a time.

use jiff::Timestamp;
use kept_base::kit::Note;
use kept_base::store::Tx;

use super::book::{claim, intent, tell, tell_move};
use super::hold::choose;
use super::search::Ignoring;
use super::store::{self, Holder};
use super::{Appointment, SchedulingError, Status, Wanted, rules};
use crate::access;
use crate::audit::{self, Act};
use crate::ids::AppointmentId;
use crate::messaging::Kind;
use crate::offering::Catalogs;
use crate::people::{self, NoteKind};

/// On whose behalf an appointment is changed, which decides what limits hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// The person's own: the organization's limits on late changes hold.
    Person,
    /// The organization's.
    Organization,
}

fn standing(tx: &Tx<'_>, id: AppointmentId) -> Result<Appointment, SchedulingError> {
    let found = store::appointment(tx, id)?.ok_or(SchedulingError::Unknown)?;
    match found.status {
        Status::Awaiting | Status::Confirmed | Status::Arrived => Ok(found),
        Status::Canceled => Err(SchedulingError::AlreadyCanceled),
        Status::InProgress | Status::Done | Status::NoShow => Err(SchedulingError::TooLate {
            closed_at: found.starts_at,
        }),
    }
}

fn in_time(
    tx: &Tx<'_>,
    authority: Authority,
    starts_at: Timestamp,
    until_minutes: u32,
) -> Result<(), SchedulingError> {
    let closed_at = rules::change_closes_at(starts_at, until_minutes);
    match authority {
        Authority::Person if tx.now() > closed_at => Err(SchedulingError::TooLate { closed_at }),
        _ => Ok(()),
    }
}

/// Moves an appointment to `starts_at`, at the same location and, where they are free, with the
/// same staff. Its own time counts as free.
///
/// # Errors
/// [`SchedulingError`]; nothing changes then.
pub fn reschedule(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    id: AppointmentId,
    starts_at: Timestamp,
    authority: Authority,
) -> Result<Appointment, SchedulingError> {
    let before = standing(tx, id)?;
    let catalog = catalogs.get(tx)?;
    let service = catalog
        .service(before.service)
        .ok_or(SchedulingError::Unknown)?;
    in_time(tx, authority, before.starts_at, service.move_until_minutes)?;
    if before.starts_at == starts_at {
        return Err(SchedulingError::Unchanged);
    }
    let wanted = Wanted {
        service: before.service,
        staff: None,
        location: Some(before.location),
    };
    let ignoring = Ignoring {
        appointment: Some(id),
        hold: None,
    };
    let chosen = choose(tx, catalogs, &wanted, starts_at, ignoring, &before.staff)?;
    let moved = Appointment {
        location: chosen.location,
        room: chosen.room,
        staff: chosen.staff,
        starts_at: chosen.starts_at,
        ends_at: chosen.ends_at,
        revision: before.revision + 1,
        chosen_because: chosen.because.to_owned(),
        ..before.clone()
    };
    store::delete_claims(tx, Holder::Appointment(id))?;
    store::update_time(tx, &moved, &intent(&catalog, catalogs, &moved))?;
    claim(tx, service, &moved)?;
    access::extend_capabilities(tx, id, moved.ends_at)?;
    store::insert_rescheduling(tx, id, before.starts_at, moved.starts_at)?;
    audit::record(tx, Act::AppointmentRescheduled, id, "")?;
    tell_move(tx, &catalog, &before, &moved, true)?;
    Ok(moved)
}

/// Cancels an appointment; its time is free at once. The reason is kept as a note about the
/// person, because it is their words.
///
/// # Errors
/// [`SchedulingError`]; nothing changes then.
pub fn cancel(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    id: AppointmentId,
    reason: Option<&Note>,
    authority: Authority,
) -> Result<Appointment, SchedulingError> {
    let before = standing(tx, id)?;
    let catalog = catalogs.get(tx)?;
    let service = catalog
        .service(before.service)
        .ok_or(SchedulingError::Unknown)?;
    in_time(
        tx,
        authority,
        before.starts_at,
        service.cancel_until_minutes,
    )?;
    let canceled = Appointment {
        status: Status::Canceled,
        revision: before.revision + 1,
        canceled_at: Some(tx.now()),
        ..before
    };
    store::delete_claims(tx, Holder::Appointment(id))?;
    store::insert_cancellation(tx, &canceled)?;
    if let Some(reason) = reason {
        people::add_note(
            tx,
            canceled.person,
            id,
            NoteKind::CancellationReason,
            reason,
        )?;
    }
    audit::record(tx, Act::AppointmentCanceled, id, "")?;
    tell(tx, &catalog, Kind::Canceled, &canceled, true)?;
    Ok(canceled)
}
