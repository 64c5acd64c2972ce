//! Moving and resizing by the staff: to another time, other people, another room.

use jiff::Timestamp;
use kept_base::store::Tx;

use super::place::{Moving, place};
use super::reach::within;
use super::{Earlier, Manner, Objection, StaffError, Wish, detail};
use crate::access;
use crate::audit::{self, Act};
use crate::ids::{AppointmentId, RoomId, StaffId};
use crate::offering::{Catalog, Catalogs};
use crate::policy::May;
use crate::policy::rights::ChangeAppointments;
use crate::scheduling::book::{claim, intent, tell_move};
use crate::scheduling::{Appointment, store};

/// Where an appointment goes. What is absent stays as it is, as far as it can.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Move {
    /// When it begins.
    pub starts_at: Option<Timestamp>,
    /// How long it is, in minutes.
    pub minutes: Option<u16>,
    /// Who serves.
    pub staff: Option<Vec<StaffId>>,
    /// In which room.
    pub room: Option<RoomId>,
}

/// Moves an appointment, and tells how to take it back.
///
/// # Errors
/// [`StaffError`]; nothing changes then. [`StaffError::Beyond`] when it is, or would be, where `by` does
/// not reach; [`StaffError::Changed`] when there is nothing to move.
pub fn relocate(
    tx: &Tx<'_>,
    by: &May<ChangeAppointments>,
    catalogs: &Catalogs,
    id: AppointmentId,
    to: &Move,
    manner: Manner,
) -> Result<(Appointment, Earlier), StaffError> {
    let before = store::appointment(tx, id)?.ok_or(StaffError::Unknown)?;
    within(by, &before)?;
    if !before.status.takes_time() {
        return Err(StaffError::Changed);
    }
    let minutes = minutes_between(before.starts_at, before.ends_at);
    let wish = Wish {
        service: before.service,
        staff: to.staff.clone().unwrap_or_else(|| before.staff.clone()),
        location: Some(before.location),
        room: to.room.or(before.room),
        starts_at: to.starts_at.unwrap_or(before.starts_at),
        minutes: to.minutes.unwrap_or(minutes),
    };
    let keeps_room = to.room.is_some() || before.room.is_none();
    let moving = Moving {
        id,
        staff: &before.staff,
    };
    let (chosen, against) = match place(tx, by, catalogs, &wish, manner, Some(moving)) {
        // Its own room has no time then, or is not where the staff are: any of the service's will do.
        Err(StaffError::Taken(_) | StaffError::Against(_)) if !keeps_room => {
            let anywhere = Wish { room: None, ..wish };
            place(tx, by, catalogs, &anywhere, manner, Some(moving))?
        }
        placed => placed?,
    };
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
    let same = |a: &Appointment| (a.starts_at, a.ends_at, a.location, a.room, a.staff.clone());
    if same(&moved) == same(&before) {
        return Err(StaffError::Changed);
    }
    within(by, &moved)?;
    put(tx, catalogs, &before, &moved, &against, manner)?;
    let earlier = Earlier::moved(&before, &moved, manner);
    Ok((moved, earlier))
}

/// Stores a move that was decided.
pub(super) fn put(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    before: &Appointment,
    moved: &Appointment,
    against: &[Objection],
    manner: Manner,
) -> Result<(), StaffError> {
    let catalog: &Catalog = &*catalogs.get(tx)?;
    let service = catalog.service(moved.service).ok_or(StaffError::Unknown)?;
    store::delete_claims(tx, store::Holder::Appointment(moved.id))?;
    store::update_time(tx, moved, &intent(catalog, catalogs, moved))?;
    claim(tx, service, moved)?;
    access::extend_capabilities(tx, moved.id, moved.ends_at)?;
    if before.starts_at != moved.starts_at {
        store::insert_rescheduling(tx, moved.id, before.starts_at, moved.starts_at)?;
    }
    let detail = detail(what(before, moved), against, manner);
    audit::record(tx, Act::AppointmentRescheduled, moved.id, &detail)?;
    // Who is told of a move reads a time or a place: for another room alone nobody is written to.
    let told = moved.location != before.location
        || (moved.starts_at, moved.ends_at) != (before.starts_at, before.ends_at)
        || moved.staff != before.staff;
    if told {
        tell_move(tx, catalog, before, moved, manner.tell)?;
    }
    Ok(())
}

fn what(before: &Appointment, moved: &Appointment) -> &'static str {
    let at = |a: &Appointment, b: &Appointment| a.starts_at == b.starts_at;
    let who = |a: &Appointment, b: &Appointment| a.staff == b.staff && a.room == b.room;
    match (at(before, moved), who(before, moved)) {
        (true, true) => "resized",
        (true, false) => "reassigned",
        (false, true) => "",
        (false, false) => "reassigned_and_moved",
    }
}

/// Whole minutes from one instant to another.
pub(super) fn minutes_between(from: Timestamp, to: Timestamp) -> u16 {
    u16::try_from((to.as_second() - from.as_second()) / 60).unwrap_or(u16::MAX)
}
