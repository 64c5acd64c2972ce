//! Why a time is not offered.

use jiff::Timestamp;

use crate::answer::slots_at;
use crate::clock::Clock;
use crate::gate::Gate;
use crate::grid::{Grid, Starts, cut};
use crate::question::{Question, Staff};
use crate::search::Lanes;
use crate::stretch::{Stretch, ceil, floor};
use crate::{MAX_ROOMS, MAX_STAFF};

/// What keeps a time from being offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// It is before now.
    InThePast,
    /// It is sooner than the notice allows.
    InsideNotice,
    /// It is on a day past the horizon.
    BeyondHorizon,
    /// No appointment starts at this minute.
    OffGrid,
    /// The place is closed on a day that the appointment touches.
    ClosedDay,
    /// The staff member does not work then, or not for long enough.
    OutsideHours,
    /// The staff member is absent.
    TimeOff,
    /// The staff member is taken, buffers included.
    StaffBusy,
    /// No room of the set is free where the staff is.
    NoRoom,
    /// The day has as many bookings as it may have.
    DailyLimit,
    /// There are no staff for this service, or more than [`MAX_STAFF`].
    NoStaff,
    /// Everyone could, but not at one place.
    NotTogether,
}

impl Reason {
    /// The stable code, for machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::InThePast => "in_the_past",
            Self::InsideNotice => "inside_notice",
            Self::BeyondHorizon => "beyond_horizon",
            Self::OffGrid => "off_grid",
            Self::ClosedDay => "closed_day",
            Self::OutsideHours => "outside_hours",
            Self::TimeOff => "time_off",
            Self::StaffBusy => "staff_busy",
            Self::NoRoom => "no_room",
            Self::DailyLimit => "daily_limit",
            Self::NoStaff => "no_staff",
            Self::NotTogether => "not_together",
        }
    }
}

/// A reason, and whom or which room it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Explained {
    /// What is in the way.
    pub reason: Reason,
    /// Of which staff member, an index into [`Question::staff`].
    pub staff: Option<u16>,
    /// Of which room, an index into [`Question::rooms`].
    pub room: Option<u16>,
}

impl Explained {
    fn of(reason: Reason) -> Self {
        Self {
            reason,
            staff: None,
            room: None,
        }
    }

    fn staff(reason: Reason, staff: u16) -> Self {
        Self {
            reason,
            staff: Some(staff),
            room: None,
        }
    }
}

/// Why this start is not offered; empty exactly when it can be booked.
///
/// All that is in the way is named: first what concerns the time itself, then, if the staffing is
/// not met at any place, each staff member's own reasons, then, if no place with enough staff has
/// a free room, each taken room there.
#[must_use]
pub fn why(q: &Question, start: Timestamp) -> Vec<Explained> {
    if !slots_at(q, start).is_empty() {
        return Vec::new();
    }
    let second = floor(start);
    let only = Stretch {
        from: second,
        to: second + 1,
    };
    let lanes = Lanes::new(q, only);
    let mut reasons = time_reasons(q, start);
    let all: Vec<u16> = (0..=u16::MAX).take(lanes.calendar.places()).collect();
    let is_whole = second == ceil(start);
    let on_grid = |place: &u16| {
        is_whole
            && lanes
                .calendar
                .clock(*place)
                .is_some_and(|clock| is_start(q, clock, only))
    };
    let mut places: Vec<_> = all.iter().copied().filter(on_grid).collect();
    if places.is_empty() {
        reasons.push(Explained::of(Reason::OffGrid));
        places.clone_from(&all);
    }
    let staffed = |place: &u16| !lanes.staffed(q, *place).is_empty();
    let mut here: Vec<_> = places.iter().copied().filter(staffed).collect();
    if here.is_empty() {
        if all.iter().any(staffed) {
            reasons.push(Explained::of(Reason::OffGrid)); // where the staff is
        } else {
            staff_reasons(q, &lanes, &mut reasons);
        }
        here = places;
    }
    room_reasons(q, &lanes, &here, &mut reasons);
    reasons
}

/// What notice, horizon and daily limit say.
fn time_reasons(q: &Question, start: Timestamp) -> Vec<Explained> {
    let second = floor(start);
    let gate = Gate::new(q);
    let day = Clock::new(
        q.limit_zone,
        Stretch {
            from: second,
            to: second + 1,
        },
    )
    .day(second);
    let reasons = [
        (start < q.now, Reason::InThePast),
        (
            start >= q.now && second < gate.earliest,
            Reason::InsideNotice,
        ),
        (gate.is_beyond_horizon(day), Reason::BeyondHorizon),
        (gate.is_full(day), Reason::DailyLimit),
    ];
    reasons
        .into_iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, reason)| Explained::of(reason))
        .collect()
}

fn is_start(q: &Question, clock: &Clock, only: Stretch) -> bool {
    let pieces = cut(&[only], clock);
    Grid::new(q.rules).is_some_and(|grid| Starts::new(grid, &pieces).next().is_some())
}

/// What each staff member has against it, given that the staffing is met nowhere.
fn staff_reasons(q: &Question, lanes: &Lanes, reasons: &mut Vec<Explained>) {
    if q.staff.is_empty() || q.staff.len() > MAX_STAFF {
        reasons.push(Explained::of(Reason::NoStaff));
        return;
    }
    let before = reasons.len();
    for (who, member) in (0..).zip(q.staff) {
        let own = own_reasons(lanes, member);
        reasons.extend(own.into_iter().map(|reason| Explained::staff(reason, who)));
    }
    if reasons.len() == before {
        // Each alone would do, so it is everyone at once that fails.
        reasons.push(Explained::of(Reason::NotTogether));
    }
}

fn own_reasons(lanes: &Lanes, member: &Staff) -> Vec<Reason> {
    let calendar = &lanes.calendar;
    let places = calendar.hours(member.hours);
    if places.is_empty() {
        return vec![Reason::OutsideHours];
    }
    let is_closed = places
        .iter()
        .all(|(place, _)| calendar.has_closed_day(*place));
    let is_off = !calendar
        .touching_appointment(&member.hours.time_off)
        .is_empty();
    let is_busy = !calendar.touching_claim(member.busy).is_empty();
    let reasons = [
        (is_closed, Reason::ClosedDay),
        (is_off, Reason::TimeOff),
        (is_busy, Reason::StaffBusy),
    ];
    reasons
        .into_iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, reason)| reason)
        .collect()
}

/// Which rooms are taken, given that the room must be at one of the places `here`.
fn room_reasons(q: &Question, lanes: &Lanes, here: &[u16], reasons: &mut Vec<Explained>) {
    let Some(rooms) = q.rooms else { return };
    let is_roomed = |place: &u16| {
        lanes
            .roomed(*place)
            .is_some_and(|starts| !starts.is_empty())
    };
    if here.iter().any(is_roomed) {
        return;
    }
    let before = reasons.len();
    let known = (0..).zip(rooms.iter().take(MAX_ROOMS));
    let taken = known.filter(|(_, room)| here.contains(&room.place));
    reasons.extend(taken.map(|(who, _)| Explained {
        room: Some(who),
        ..Explained::of(Reason::NoRoom)
    }));
    if reasons.len() == before {
        reasons.push(Explained::of(Reason::NoRoom));
    }
}
