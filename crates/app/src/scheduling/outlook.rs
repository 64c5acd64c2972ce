//! What the offering as it stands makes of the coming days: how many times can be booked, and which
//! booked appointments it no longer carries. Asked before and after a change in one transaction, the
//! difference is what the change does.

use jiff::Timestamp;
use jiff::civil::Date;
use kept_base::store::Tx;
use kept_slots::{Hours, Place, Question, Reason, Rules, Staff, Staffing, WeeklySpan};

use super::search::{Ignoring, Search};
use super::store::{self, Filter};
use super::{Appointment, MAX_PAGE_ROWS, SchedulingError, Status, Wanted, ask};
use crate::ids::{AppointmentId, RoomId, ServiceId, StaffId};
use crate::offering::{Catalog, Catalogs, StaffMember};

/// Days in an outlook on bookable times.
pub const OUTLOOK_DAYS: u16 = 14;
/// Most appointments that are looked at for whether the offering still carries them; those after
/// them are not.
pub const MAX_APPOINTMENTS_CHECKED: usize = 2_000;

/// Why the offering no longer carries an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Strand {
    /// The service is archived.
    ServiceArchived,
    /// The location is archived.
    LocationArchived,
    /// The room is archived.
    RoomArchived(RoomId),
    /// The room is closed then.
    RoomClosed(RoomId),
    /// The staff member is archived.
    StaffArchived(StaffId),
    /// The staff member does not serve this any more.
    NotServing(StaffId),
    /// The staff member does not work then, or not there.
    OutsideHours(StaffId),
    /// The location is closed that day.
    ClosedDay,
    /// The staff member is away.
    TimeOff(StaffId),
}

impl Strand {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ServiceArchived => "service-archived",
            Self::LocationArchived => "location-archived",
            Self::RoomArchived(_) => "room-archived",
            Self::RoomClosed(_) => "room-closed",
            Self::StaffArchived(_) => "staff-archived",
            Self::NotServing(_) => "not-serving",
            Self::OutsideHours(_) => "outside-hours",
            Self::ClosedDay => "closed-day",
            Self::TimeOff(_) => "time-off",
        }
    }

    /// Whom it is about.
    #[must_use]
    pub fn staff(self) -> Option<StaffId> {
        match self {
            Self::StaffArchived(id)
            | Self::NotServing(id)
            | Self::OutsideHours(id)
            | Self::TimeOff(id) => Some(id),
            _ => None,
        }
    }
}

/// A booked appointment that the offering no longer carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranded {
    /// The appointment.
    pub appointment: Appointment,
    /// Everything that is in the way.
    pub why: Vec<Strand>,
}

/// How many times of a service can be booked on each day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bookable {
    /// Which service.
    pub service: ServiceId,
    /// Days in order, each with its times.
    pub days: Vec<(Date, u32)>,
}

/// How many times can be booked in the next [`OUTLOOK_DAYS`] days, for each service that is offered.
///
/// # Errors
/// Those of the store.
pub fn outlook(tx: &Tx<'_>, catalogs: &Catalogs) -> Result<Vec<Bookable>, SchedulingError> {
    let catalog = catalogs.get(tx)?;
    let zone = &catalog.zone;
    let from = zone.to_datetime(tx.now()).date();
    let days = jiff::Span::new().days(i64::from(OUTLOOK_DAYS));
    let to = from.checked_add(days).unwrap_or(from);
    let window = (ask::start_of(from, zone), ask::start_of(to, zone));
    let mut found = Vec::new();
    for service in catalog.offered() {
        let wanted = Wanted {
            service: service.id,
            staff: None,
            location: None,
        };
        let search = Search::load(tx, catalogs, &wanted, window, Ignoring::default())?;
        let days = search.ask(|q| kept_slots::days(q, from, to, zone));
        found.push(Bookable {
            service: service.id,
            days: days.into_iter().map(|day| (day.date, day.free)).collect(),
        });
    }
    Ok(found)
}

/// The booked appointments to come that the offering no longer carries, in order of time.
///
/// # Errors
/// Those of the store.
pub fn stranded(tx: &Tx<'_>, catalogs: &Catalogs) -> Result<Vec<Stranded>, SchedulingError> {
    let catalog = catalogs.get(tx)?;
    let mut found = Vec::new();
    let mut checked = 0;
    let mut after: Option<(Timestamp, AppointmentId)> = None;
    while checked < MAX_APPOINTMENTS_CHECKED {
        let filter = Filter {
            from: Some(tx.now()),
            status: Some(Status::Confirmed),
            after,
            ..Filter::default()
        };
        let page = store::appointments(tx, &filter, MAX_PAGE_ROWS)?;
        checked += page.len();
        after = page.last().map(|last| (last.starts_at, last.id));
        let is_last = page.len() < MAX_PAGE_ROWS as usize;
        for appointment in page {
            let why = why(&catalog, tx.now(), &appointment);
            if !why.is_empty() {
                found.push(Stranded { appointment, why });
            }
        }
        if is_last {
            break;
        }
    }
    Ok(found)
}

fn why(catalog: &Catalog, now: Timestamp, booked: &Appointment) -> Vec<Strand> {
    let mut why = Vec::new();
    let service = catalog.service(booked.service);
    if service.is_none_or(|service| service.archived) {
        why.push(Strand::ServiceArchived);
    }
    let place = (catalog.locations.iter()).position(|location| location.id == booked.location);
    let Some(place) = place.filter(|place| !catalog.locations[*place].archived) else {
        why.push(Strand::LocationArchived);
        return why;
    };
    for id in &booked.staff {
        let at = catalog.staff.iter().position(|member| member.id == *id);
        let Some(at) = at.filter(|at| !catalog.staff[*at].archived) else {
            why.push(Strand::StaffArchived(*id));
            continue;
        };
        if service.is_some_and(|s| !s.archived && !s.staff.contains(&at)) {
            why.push(Strand::NotServing(*id));
        }
        member(catalog, now, booked, place, &catalog.staff[at], &mut why);
    }
    if let Some(id) = booked.room {
        room(catalog, now, booked, id, &mut why);
    }
    why
}

/// What the hours of a staff member have against it.
fn member(
    catalog: &Catalog,
    now: Timestamp,
    booked: &Appointment,
    place: usize,
    member: &StaffMember,
    why: &mut Vec<Strand>,
) {
    let hours = at_place(member.hours_for(booked.service), place);
    for reason in against(now, booked, &catalog.locations[place].place, &hours) {
        let strand = match reason {
            Reason::OutsideHours => Strand::OutsideHours(member.id),
            Reason::TimeOff => Strand::TimeOff(member.id),
            Reason::ClosedDay => Strand::ClosedDay,
            _ => continue,
        };
        if !why.contains(&strand) {
            why.push(strand);
        }
    }
}

fn room(
    catalog: &Catalog,
    now: Timestamp,
    booked: &Appointment,
    id: RoomId,
    why: &mut Vec<Strand>,
) {
    let Some(room) = catalog.room(id).filter(|room| !room.archived) else {
        why.push(Strand::RoomArchived(id));
        return;
    };
    if room.weekly.is_empty() {
        return;
    }
    let hours = Hours {
        weekly: room.weekly.clone(),
        ..Hours::default()
    };
    let hours = at_place(&hours, room.location);
    let against = against(now, booked, &catalog.locations[room.location].place, &hours);
    if against.contains(&Reason::OutsideHours) {
        why.push(Strand::RoomClosed(id));
    }
}

/// The hours at one place alone, which is then number 0.
fn at_place(hours: &Hours, place: usize) -> Hours {
    let mut hours = hours.clone();
    let is_here = |at: u16| usize::from(at) == place;
    hours.weekly.retain(|weekly| is_here(weekly.span.place));
    for WeeklySpan { span, .. } in &mut hours.weekly {
        span.place = 0;
    }
    for day in &mut hours.overrides {
        day.spans.retain(|span| is_here(span.place));
        for span in &mut day.spans {
            span.place = 0;
        }
    }
    hours
}

/// What hours alone have against an appointment: no rule of the service holds for what is booked.
fn against(now: Timestamp, booked: &Appointment, place: &Place, hours: &Hours) -> Vec<Reason> {
    let minutes = (booked.ends_at.as_second() - booked.starts_at.as_second()) / 60;
    let rules = Rules {
        length_minutes: u16::try_from(minutes).unwrap_or(u16::MAX),
        step_minutes: 1,
        horizon_days: kept_slots::MAX_HORIZON_DAYS,
        ..Rules::default()
    };
    let question = Question {
        now,
        rules: &rules,
        places: std::slice::from_ref(place),
        staffing: Staffing::AnyOf,
        staff: &[Staff { hours, busy: &[] }],
        rooms: None,
        limit_zone: &place.zone,
        booked_per_day: &[],
    };
    let reasons = kept_slots::why(&question, booked.starts_at);
    reasons
        .into_iter()
        .map(|explained| explained.reason)
        .collect()
}
