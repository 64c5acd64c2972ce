//! Whether an appointment can be somewhere: first what is taken, which nothing overrides, then the
//! rules of the service, which the staff may.

use jiff::Timestamp;
use kept_base::kit::time::plus_minutes;
use kept_base::store::{Error, Tx};
use kept_slots::{Question, Reason, Rules, Staff, Staffing, Window};

use super::reach::places_of;
use super::{
    Conflict, MAX_APPOINTMENT_MINUTES, MIN_APPOINTMENT_MINUTES, Manner, Objection, Resource,
    StaffError, Wish,
};
use crate::access::Grant;
use crate::ids::{AppointmentId, LocationId, RoomId, StaffId};
use crate::offering::{Catalog, Catalogs, Service};
use crate::scheduling::hold::Chosen;
use crate::scheduling::search::{Ignoring, count_days, narrow_hours};
use crate::scheduling::{Wanted, rules, store};

/// Decides where an appointment goes, and tells which rules that breaks. What is beyond the reach of `by`
/// is refused before anybody's time is looked at; whoever serves already, `kept`, may go on.
///
/// # Errors
/// [`StaffError::Beyond`]; [`StaffError::Taken`] when somebody or the room has no time; [`StaffError::Against`] when rules
/// speak against it and `manner` does not override them; [`StaffError::Unknown`].
pub(super) fn place(
    tx: &Tx<'_>,
    by: &Grant,
    catalogs: &Catalogs,
    wish: &Wish,
    manner: Manner,
    moving: Option<Moving<'_>>,
) -> Result<(Chosen, Vec<Objection>), StaffError> {
    if !(MIN_APPOINTMENT_MINUTES..=MAX_APPOINTMENT_MINUTES).contains(&wish.minutes) {
        return Err(StaffError::Bounds("minutes"));
    }
    let catalog = catalogs.get(tx)?;
    let service = catalog.service(wish.service).ok_or(StaffError::Unknown)?;
    let known = |id: &StaffId| catalog.staff_member(*id).is_some();
    if wish.staff.is_empty() || !wish.staff.iter().all(known) {
        return Err(StaffError::Unknown);
    }
    let ends_at = plus_minutes(wish.starts_at, i64::from(wish.minutes));
    let window = rules::claimed_window(&service.rules, wish.starts_at, ends_at);
    let serving = moving.map_or(&[][..], |moving| moving.staff);
    let moving = moving.map(|moving| moving.id);
    let (location, mut against) = locate(tx, by, &catalog, service, wish, moving)?;
    let is_beyond = |id: &&StaffId| {
        !serving.contains(id) && !by.lets_choose(location, &places_of(&catalog, **id))
    };
    if wish.staff.iter().find(is_beyond).is_some() {
        return Err(StaffError::Beyond);
    }
    against.extend(skills(&catalog, service, &wish.staff));
    let mut taken = Vec::new();
    for staff in &wish.staff {
        taken.extend(conflicts(tx, Resource::Staff(*staff), window, moving)?);
    }
    let room = match room(tx, &catalog, service, wish, location, window, moving)? {
        Room::Free(room) => room,
        Room::Taken(by) => {
            taken.extend(by);
            None
        }
    };
    if !taken.is_empty() {
        return Err(StaffError::Taken(taken));
    }
    if let Some(room) = room
        && !service
            .rooms
            .iter()
            .any(|index| catalog.rooms[*index].id == room)
    {
        against.push(Objection {
            code: "not_its_room",
            staff: None,
        });
    }
    if !against.is_empty() && !manner.override_rules {
        return Err(StaffError::Against(against));
    }
    let chosen = Chosen {
        location,
        staff: wish.staff.clone(),
        room,
        starts_at: wish.starts_at,
        ends_at,
        because: "by_staff",
    };
    Ok((chosen, against))
}

/// An appointment that is somewhere already.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moving<'m> {
    pub id: AppointmentId,
    /// Who serves.
    pub staff: &'m [StaffId],
}

/// What takes `window` of a resource, but for the appointment that is being moved.
///
/// # Errors
/// Those of the store.
pub fn conflicts(
    tx: &Tx<'_>,
    resource: Resource,
    window: Window,
    moving: Option<AppointmentId>,
) -> Result<Vec<Conflict>, Error> {
    store::conflicts(tx, resource, (window.start, window.end), moving)
}

enum Room {
    Free(Option<RoomId>),
    Taken(Vec<Conflict>),
}

/// The room that was asked for when it is free; when none was, the first free one of the service's
/// at the location.
fn room(
    tx: &Tx<'_>,
    catalog: &Catalog,
    service: &Service,
    wish: &Wish,
    location: LocationId,
    window: Window,
    moving: Option<AppointmentId>,
) -> Result<Room, StaffError> {
    if let Some(id) = wish.room {
        catalog.room(id).ok_or(StaffError::Unknown)?;
        let taken = conflicts(tx, Resource::Room(id), window, moving)?;
        return Ok(if taken.is_empty() {
            Room::Free(Some(id))
        } else {
            Room::Taken(taken)
        });
    }
    let here = (service.rooms.iter())
        .map(|index| &catalog.rooms[*index])
        .filter(|room| catalog.locations[room.location].id == location);
    let mut taken = Vec::new();
    for room in here {
        let by = conflicts(tx, Resource::Room(room.id), window, moving)?;
        if by.is_empty() {
            return Ok(Room::Free(Some(room.id)));
        }
        taken.extend(by);
    }
    Ok(if taken.is_empty() {
        Room::Free(None)
    } else {
        Room::Taken(taken)
    })
}

/// The location that was asked for, or of the others to which `by` comes the first that no rule speaks
/// against.
fn locate(
    tx: &Tx<'_>,
    by: &Grant,
    catalog: &Catalog,
    service: &Service,
    wish: &Wish,
    moving: Option<AppointmentId>,
) -> Result<(LocationId, Vec<Objection>), StaffError> {
    let of_room = (wish.room)
        .and_then(|id| catalog.room(id))
        .map(|room| catalog.locations[room.location].id);
    if let Some(location) = of_room {
        if !by.comes_to(location) {
            return Err(StaffError::Beyond);
        }
        return Ok((
            location,
            objections(tx, catalog, service, wish, location, moving)?,
        ));
    }
    let mut reached = (catalog.locations.iter())
        .map(|l| l.id)
        .filter(|id| by.comes_to(*id));
    let first = match wish.location {
        Some(asked) if by.comes_to(asked) => asked,
        None if catalog.locations.is_empty() => return Err(StaffError::Unknown),
        None => reached.next().ok_or(StaffError::Beyond)?,
        Some(_) => return Err(StaffError::Beyond),
    };
    let against = objections(tx, catalog, service, wish, first, moving)?;
    let elsewhere = |objection: &Objection| {
        objection.code == Reason::OutsideHours.code() || objection.code == Reason::ClosedDay.code()
    };
    if !against.iter().any(elsewhere) {
        return Ok((first, against));
    }
    let all = (catalog.locations.iter()).map(|l| l.id);
    for other in all.filter(|id| *id != first && by.comes_to(*id)) {
        let there = objections(tx, catalog, service, wish, other, moving)?;
        if !there.iter().any(elsewhere) {
            return Ok((other, there));
        }
    }
    Ok((first, against))
}

/// What hours, notice, horizon and daily limit say. The grid of the public page does not bind the
/// staff.
fn objections(
    tx: &Tx<'_>,
    catalog: &Catalog,
    service: &Service,
    wish: &Wish,
    location: LocationId,
    moving: Option<AppointmentId>,
) -> Result<Vec<Objection>, StaffError> {
    let members: Vec<usize> = (wish.staff.iter())
        .filter_map(|id| catalog.staff.iter().position(|member| member.id == *id))
        .collect();
    let wanted = Wanted {
        service: service.id,
        staff: None,
        location: Some(location),
    };
    let hours = narrow_hours(catalog, service, &members, &wanted)?.unwrap_or_default();
    let free: Vec<Staff<'_>> = hours
        .iter()
        .map(|hours| Staff { hours, busy: &[] })
        .collect();
    let rules = Rules {
        length_minutes: wish.minutes,
        step_minutes: 1,
        step_offset_minutes: 0,
        ..service.rules
    };
    let places: Vec<_> = catalog.locations.iter().map(|l| l.place.clone()).collect();
    let ignoring = Ignoring {
        appointment: moving,
        hold: None,
    };
    let at = (wish.starts_at, wish.starts_at);
    let booked_per_day = match rules.daily_limit {
        Some(_) => count_days(tx, catalog, service, at, ignoring)?,
        None => Vec::new(),
    };
    let question = Question {
        now: tx.now(),
        rules: &rules,
        places: &places,
        staffing: Staffing::AllOf,
        staff: &free,
        rooms: None,
        limit_zone: &catalog.zone,
        booked_per_day: &booked_per_day,
    };
    Ok(explained(&question, wish.starts_at, &wish.staff))
}

fn explained(question: &Question<'_>, at: Timestamp, staff: &[StaffId]) -> Vec<Objection> {
    (kept_slots::why(question, at).into_iter())
        .filter(|e| e.reason != Reason::OffGrid)
        .map(|e| Objection {
            code: e.reason.code(),
            staff: e
                .staff
                .and_then(|index| staff.get(usize::from(index)).copied()),
        })
        .collect()
}

fn skills(catalog: &Catalog, service: &Service, staff: &[StaffId]) -> Vec<Objection> {
    let serves = |id: &StaffId| service.staff.iter().any(|i| catalog.staff[*i].id == *id);
    (staff.iter().filter(|id| !serves(id)))
        .map(|id| Objection {
            code: "not_skilled",
            staff: Some(*id),
        })
        .collect()
}
