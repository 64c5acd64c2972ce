//! Turns an organization's catalog and claims into a question for the slot search.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use kept_base::kit::time::plus_minutes;
use kept_base::store::{Error, Tx};
use kept_slots::{
    DayOverride, DaySpan, Hours, Place, Question, Room, Rules, Slot, Staff, Staffing, WeeklySpan,
    Window,
};

use super::{Offer, SchedulingError, Wanted, store};
use crate::ids::{AppointmentId, HoldId};
use crate::offering::{Catalog, Catalogs, Service};

/// Whose own claims do not count: the hold that is being booked, the appointment being moved.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ignoring {
    pub hold: Option<HoldId>,
    pub appointment: Option<AppointmentId>,
}

/// Everything the slot search needs about one service in one stretch of time.
pub(super) struct Search {
    pub catalog: Arc<Catalog>,
    pub service: usize,
    /// Indices into the catalog's staff.
    pub staff: Vec<usize>,
    /// Indices into the catalog's rooms.
    pub rooms: Vec<usize>,
    /// Where each of the rooms counts, as indices into the catalog's locations.
    room_places: Vec<usize>,
    room_hours: Vec<Option<Hours>>,
    narrowed: Option<Vec<Hours>>,
    busy: Vec<Vec<Window>>,
    room_busy: Vec<Vec<Window>>,
    places: Vec<Place>,
    booked_per_day: Vec<(Date, u32)>,
    now: Timestamp,
}

impl Search {
    /// Reads what is taken by claims that could touch a slot starting between `from` and `to`.
    pub fn load(
        tx: &Tx<'_>,
        catalogs: &Catalogs,
        wanted: &Wanted,
        (from, to): (Timestamp, Timestamp),
        ignoring: Ignoring,
    ) -> Result<Self, SchedulingError> {
        let catalog = catalogs.get(tx)?;
        let index = catalog
            .services
            .iter()
            .position(|service| service.id == wanted.service)
            .ok_or(SchedulingError::Unknown)?;
        let service = &catalog.services[index];
        // What was booked of an archived service can still be moved.
        if service.archived && ignoring.appointment.is_none() {
            return Err(SchedulingError::Unknown);
        }
        let (from, to) = reach(&service.rules, (from, to));
        let staff = candidates(&catalog, service, wanted)?;
        let narrowed = narrow_hours(&catalog, service, &staff, wanted)?;
        let busy = staff
            .iter()
            .map(|member| store::claims(tx, &catalog.staff[*member].id, (from, to), ignoring))
            .collect::<Result<_, Error>>()?;
        let (rooms, room_places) = rooms(&catalog, service);
        let room_hours = (rooms.iter().zip(&room_places))
            .map(|(room, place)| room_hours(&catalog, *room, *place))
            .collect();
        let room_busy = rooms
            .iter()
            .map(|room| store::claims(tx, &catalog.rooms[*room].id, (from, to), ignoring))
            .collect::<Result<_, Error>>()?;
        let booked_per_day = match service.rules.daily_limit {
            Some(_) => count_days(tx, &catalog, service, (from, to), ignoring)?,
            None => Vec::new(),
        };
        Ok(Self {
            rooms,
            room_places,
            room_hours,
            places: catalog.locations.iter().map(|l| l.place.clone()).collect(),
            service: index,
            staff,
            narrowed,
            busy,
            room_busy,
            booked_per_day,
            now: tx.now(),
            catalog,
        })
    }

    pub fn service(&self) -> &Service {
        &self.catalog.services[self.service]
    }

    pub fn rules(&self) -> &Rules {
        &self.service().rules
    }

    pub fn staffing(&self) -> Staffing {
        self.service().staffing
    }

    /// Asks the slot search.
    pub fn ask<R>(&self, question: impl FnOnce(&Question<'_>) -> R) -> R {
        let hours = |index: usize| match &self.narrowed {
            Some(narrowed) => &narrowed[index],
            None => self.catalog.staff[self.staff[index]].hours_for(self.service().id),
        };
        let staff: Vec<Staff<'_>> = (self.busy.iter().enumerate())
            .map(|(index, busy)| Staff {
                hours: hours(index),
                busy,
            })
            .collect();
        let rooms: Vec<Room<'_>> = (self.room_places.iter().zip(&self.room_hours))
            .zip(&self.room_busy)
            .map(|((place, hours), busy)| Room {
                place: place_of(*place),
                hours: hours.as_ref(),
                busy,
            })
            .collect();
        question(&Question {
            now: self.now,
            rules: self.rules(),
            places: &self.places,
            staffing: self.staffing(),
            staff: &staff,
            rooms: self.service().needs_room.then_some(rooms.as_slice()),
            limit_zone: &self.catalog.zone,
            booked_per_day: &self.booked_per_day,
        })
    }

    /// A slot in the ids of this organization.
    pub fn offer(&self, slot: &Slot) -> Offer {
        let staff = |index: &u16| self.catalog.staff[self.staff[usize::from(*index)]].id;
        let room = |index: &u16| self.catalog.rooms[self.rooms[usize::from(*index)]].id;
        Offer {
            starts_at: slot.start,
            ends_at: slot.end,
            location: self.catalog.locations[usize::from(slot.place)].id,
            staff: slot.staff.iter().map(staff).collect(),
            rooms: slot.rooms.iter().map(room).collect(),
        }
    }
}

/// Widens a stretch of starts to all that an appointment with its buffers could touch.
fn reach(rules: &Rules, (from, to): (Timestamp, Timestamp)) -> (Timestamp, Timestamp) {
    let before = i64::from(rules.buffer_before_minutes);
    let after = i64::from(rules.length_minutes) + i64::from(rules.buffer_after_minutes);
    (plus_minutes(from, -before), plus_minutes(to, after))
}

/// Locations are few (indices were checked when the catalog was read).
pub(super) fn place_of(location: usize) -> u16 {
    u16::try_from(location).unwrap_or(u16::MAX)
}

fn candidates(
    catalog: &Catalog,
    service: &Service,
    wanted: &Wanted,
) -> Result<Vec<usize>, SchedulingError> {
    let Some(id) = wanted.staff else {
        return Ok(service.staff.clone());
    };
    let one = service
        .staff
        .iter()
        .copied()
        .find(|index| catalog.staff[*index].id == id);
    match (one, service.staffing) {
        (None, _) => Err(SchedulingError::Unknown),
        (Some(_), Staffing::AllOf) => Ok(service.staff.clone()),
        (Some(index), Staffing::AnyOf) => Ok(vec![index]),
    }
}

/// The rooms of a service with the places at which they count: where they are, and every location
/// that this is in, so that whoever has hours in a building can use the rooms of its floors.
fn rooms(catalog: &Catalog, service: &Service) -> (Vec<usize>, Vec<usize>) {
    let each = service.rooms.iter().flat_map(|room| {
        let places = catalog.chain(catalog.rooms[*room].location);
        places.map(move |place| (*room, place))
    });
    each.unzip()
}

/// The hours of a room as spans at `place`; `None` when it is always open.
fn room_hours(catalog: &Catalog, room: usize, place: usize) -> Option<Hours> {
    let room = &catalog.rooms[room];
    let closed = &catalog.locations[room.location].place.closed_days;
    let is_elsewhere = place != room.location && !closed.is_empty();
    if room.weekly.is_empty() && !is_elsewhere {
        return None;
    }
    let span = |opens, closes| DaySpan {
        opens,
        closes,
        place: place_of(place),
    };
    let own = |weekly: &WeeklySpan| WeeklySpan {
        weekday: weekly.weekday,
        span: span(weekly.span.opens, weekly.span.closes),
    };
    let mut weekly: Vec<_> = room.weekly.iter().map(own).collect();
    if weekly.is_empty() {
        let days = Weekday::Monday.cycle_forward().take(7);
        weekly = days
            .map(|weekday| WeeklySpan {
                weekday,
                span: span(0, 24 * 60),
            })
            .collect();
    }
    let closed = closed.iter().map(|day| DayOverride {
        day: *day,
        spans: Vec::new(),
    });
    Some(Hours {
        weekly,
        overrides: closed.collect(),
        time_off: Vec::new(),
    })
}

/// With a wanted location, the hours at all others do not exist; those in it do.
pub(super) fn narrow_hours(
    catalog: &Catalog,
    service: &Service,
    staff: &[usize],
    wanted: &Wanted,
) -> Result<Option<Vec<Hours>>, SchedulingError> {
    let Some(id) = wanted.location else {
        return Ok(None);
    };
    let place = catalog
        .locations
        .iter()
        .position(|location| location.id == id);
    let place = place.ok_or(SchedulingError::Unknown)?;
    let is_here = |span: &DaySpan| catalog.is_within(usize::from(span.place), place);
    let narrow = |index: &usize| {
        let mut hours = catalog.staff[*index].hours_for(service.id).clone();
        hours.weekly.retain(|weekly| is_here(&weekly.span));
        for day in &mut hours.overrides {
            day.spans.retain(is_here);
        }
        hours
    };
    Ok(Some(staff.iter().map(narrow).collect()))
}

/// Appointments and holds of the service per civil day, for the daily limit.
pub(super) fn count_days(
    tx: &Tx<'_>,
    catalog: &Catalog,
    service: &Service,
    (from, to): (Timestamp, Timestamp),
    ignoring: Ignoring,
) -> Result<Vec<(Date, u32)>, Error> {
    // The civil days at both ends count whole; two days cover every zone.
    let whole_days = (plus_minutes(from, -2_880), plus_minutes(to, 2_880));
    let starts = store::starts(tx, service.id, whole_days, ignoring)?;
    let mut days: Vec<(Date, u32)> = Vec::new();
    for start in starts {
        let day = catalog.zone.to_datetime(start).date();
        match days.iter_mut().find(|(known, _)| *known == day) {
            Some((_, count)) => *count += 1,
            None => days.push((day, 1)),
        }
    }
    Ok(days)
}
