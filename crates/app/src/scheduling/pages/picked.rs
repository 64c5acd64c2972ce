//! What the picker of day and time shows, as data: everything it needs, from one snapshot.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use kept_base::input::Fields;
use kept_base::kit::OrganizationId;
use kept_base::store::Tx;

use super::super::{self as scheduling, KeptKey, Offer, SchedulingError, Wanted};
use super::offered::{self, days_later, monday};
use super::visit::Zone;
use crate::app::App;
use crate::ids::{AppointmentId, HoldId, LocationId, ServiceId, StaffId};
use crate::offering::{Catalog, MAX_HORIZON_DAYS, Mode, Service};

/// What the visitor asks to see.
#[derive(Debug, Clone, Default)]
pub(super) struct Wish {
    pub staff: Option<StaffId>,
    pub location: Option<LocationId>,
    pub day: Option<Date>,
    /// Any day of the month to be shown as a whole.
    pub month: Option<Date>,
    /// The time to be marked.
    pub at: Option<Timestamp>,
    /// The visitor's own choice of zone.
    pub zone: Option<Zone>,
    /// A time that is kept for the visitor already: it is shown as theirs, and given back when they
    /// take another.
    pub hold: Option<HoldId>,
    /// The appointment that is being moved: its own time counts as free.
    pub moving: Option<AppointmentId>,
}

impl Wish {
    /// Reads the parameters of a page; what cannot be read counts as absent.
    pub fn read(query: &Fields, zone: Option<Zone>) -> Self {
        let month = query.filled("month").map(|month| format!("{month}-01"));
        Self {
            staff: query.filled("staff").and_then(|id| id.parse().ok()),
            location: query.filled("location").and_then(|id| id.parse().ok()),
            day: query.filled("day").and_then(|day| day.parse().ok()),
            month: month.and_then(|day| day.parse().ok()),
            at: query.filled("at").and_then(|at| at.parse().ok()),
            hold: query.filled("hold").and_then(|id| id.parse().ok()),
            zone,
            moving: None,
        }
    }
}

/// What a day of the strip is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DayState {
    /// So many times are free.
    Free(u32),
    /// There are hours, and nothing is free.
    Full,
    /// There are no hours.
    Closed,
    /// It is over.
    Past,
    /// It cannot be booked yet.
    TooFar,
}

/// Who and where, settled from what was asked for and what there is.
#[derive(Debug, Clone)]
pub(super) struct Settled {
    pub catalog: Arc<Catalog>,
    pub service: usize,
    pub staff: Option<StaffId>,
    /// Where it is given, as indices into the catalog's locations.
    pub locations: Vec<usize>,
    /// Which of them; `None` when nobody serves it anywhere.
    pub place: Option<usize>,
}

impl Settled {
    pub fn new(catalog: Arc<Catalog>, service: usize, wish: &Wish) -> Self {
        let offered = &catalog.services[service];
        let serves = |id: &StaffId| offered.staff.iter().any(|i| catalog.staff[*i].id == *id);
        let staff = wish.staff.filter(serves);
        let mut locations = offered::locations(&catalog, offered, staff);
        if offered.mode != Mode::Place {
            // Where the staff is then is nothing to choose by.
            locations.truncate(1);
        }
        let wished = |place: &usize| Some(catalog.locations[*place].id) == wish.location;
        let place = locations
            .iter()
            .copied()
            .find(wished)
            .or(locations.first().copied());
        Self {
            catalog,
            service,
            staff,
            locations,
            place,
        }
    }

    pub fn service(&self) -> &Service {
        &self.catalog.services[self.service]
    }

    /// What to ask the search for.
    pub fn wanted(&self) -> Wanted {
        let one_of_several = self.place.filter(|_| self.locations.len() > 1);
        Wanted {
            service: self.service().id,
            staff: self.staff,
            location: one_of_several.map(|place| self.catalog.locations[place].id),
        }
    }

    /// The zone of the place.
    pub fn zone_there(&self) -> Zone {
        match self.place.map(|place| &self.catalog.locations[place]) {
            Some(location) => Zone {
                name: location.zone.clone(),
                rules: location.place.zone.clone(),
            },
            None => Zone {
                name: self.catalog.organization.zone.clone(),
                rules: self.catalog.zone.clone(),
            },
        }
    }
}

/// The service of that name in addresses.
pub(super) fn service_by_slug(catalog: &Catalog, slug: &str) -> Result<usize, SchedulingError> {
    let live = |s: &Service| s.slug == slug && !s.archived;
    let found = catalog.services.iter().position(live);
    found.ok_or(SchedulingError::Unknown)
}

/// The service of that id.
pub(super) fn service_by_id(catalog: &Catalog, id: ServiceId) -> Result<usize, SchedulingError> {
    let found = catalog.services.iter().position(|s| s.id == id);
    found.ok_or(SchedulingError::Unknown)
}

/// Everything the picker shows.
pub(super) struct Picked {
    pub settled: Settled,
    /// The zone of all times shown.
    pub zone: Zone,
    pub there: Zone,
    pub day: Date,
    pub whole_month: bool,
    /// The first and the last day that can be looked at.
    pub bounds: (Date, Date),
    pub days: Vec<(Date, DayState)>,
    pub offers: Vec<Offer>,
    pub first: Option<Timestamp>,
    /// First times at the other locations, where they are earlier.
    pub elsewhere: Vec<(usize, Timestamp)>,
    pub at: Option<Timestamp>,
}

/// Most other locations whose first time is looked up.
const MAX_ELSEWHERE: usize = 4;

/// Reads it. `revision` was read before the snapshot of `tx`.
pub(super) fn load(
    tx: &Tx<'_>,
    app: &App,
    settled: Settled,
    wish: &Wish,
    revision: u64,
) -> Result<Picked, SchedulingError> {
    let there = settled.zone_there();
    let zone = wish.zone.clone().unwrap_or_else(|| there.clone());
    let now = tx.now();
    let today = zone.rules.to_datetime(now).date();
    let horizon = i32::from(settled.service().rules.horizon_days.min(MAX_HORIZON_DAYS));
    // A day at the far end of the world may be one later.
    let bounds = (today, days_later(today, horizon + 1));
    let wanted = settled.wanted();
    let first = if settled.place.is_some() {
        scheduling::first(tx, &app.catalogs, &wanted, now)?.map(|offer| offer.starts_at)
    } else {
        None
    };
    let first_day = first.map_or(today, |at| zone.rules.to_datetime(at).date());
    let allowed = |day: &Date| (bounds.0..=bounds.1).contains(day);
    let month = wish
        .month
        .map(|day| day.first_of_month().clamp(today.first_of_month(), bounds.1));
    let start = match month {
        Some(month) => month,
        None => monday(wish.day.filter(allowed).unwrap_or(first_day)),
    };
    let end = match month {
        Some(month) => days_later(month.last_of_month(), 1),
        None => days_later(start, 7),
    };
    let free = free_days(tx, app, &wanted, (start, end), &zone, wish.moving, revision)?;
    let days: Vec<_> = free
        .iter()
        .map(|day| (day.date, state(&settled, bounds, day)))
        .collect();
    let in_view = |day: &Date| (start..end).contains(day);
    let day = wish.day.filter(allowed).filter(in_view);
    let day = day.unwrap_or_else(|| first_free(&days).unwrap_or(start.max(today)));
    let mut offers = if settled.place.is_some() {
        scheduling::times(tx, &app.catalogs, &wanted, day, &zone.rules, wish.moving)?
    } else {
        Vec::new()
    };
    let held = held(tx, &settled, wish)?;
    if let Some(held) = held.filter(|held| zone.rules.to_datetime(held.starts_at).date() == day) {
        offers.retain(|offer| offer.starts_at != held.starts_at);
        offers.push(held);
        offers.sort_by_key(|offer| offer.starts_at);
    }
    Ok(Picked {
        elsewhere: elsewhere(tx, app, &settled, first)?,
        settled,
        zone,
        there,
        day,
        whole_month: month.is_some(),
        bounds,
        days,
        offers,
        first,
        at: wish.at,
    })
}

/// The time that is kept for the visitor, when it is of this service and place.
fn held(tx: &Tx<'_>, settled: &Settled, wish: &Wish) -> Result<Option<Offer>, SchedulingError> {
    let hold = match wish.hold {
        Some(id) => scheduling::find_hold(tx, id)?,
        None => None,
    };
    let here = settled.place.map(|place| &settled.catalog.locations[place]);
    let is_here = |location| match settled.service().mode {
        Mode::Place => here.is_some_and(|here| here.id == location),
        Mode::Phone | Mode::Video | Mode::Customer => true,
    };
    let hold = hold.filter(|hold| {
        hold.service == settled.service().id && is_here(hold.location) && hold.expires_at > tx.now()
    });
    Ok(hold.map(|hold| Offer {
        starts_at: hold.starts_at,
        ends_at: hold.ends_at,
        location: hold.location,
        staff: hold.staff,
        rooms: hold.room.into_iter().collect(),
    }))
}

fn first_free(days: &[(Date, DayState)]) -> Option<Date> {
    days.iter()
        .find(|(_, state)| matches!(state, DayState::Free(_)))
        .map(|(day, _)| *day)
}

fn state(settled: &Settled, (today, last): (Date, Date), day: &kept_slots::Day) -> DayState {
    let open = settled.place.is_some_and(|place| {
        let (catalog, service) = (&settled.catalog, settled.service());
        offered::is_open(catalog, service, settled.staff, place, day.date)
    });
    match day.free {
        _ if day.date < today => DayState::Past,
        0 if !open => DayState::Closed,
        0 if day.date >= last => DayState::TooFar,
        0 => DayState::Full,
        free => DayState::Free(free),
    }
}

/// From the kept answers, where nobody moves anything.
fn free_days(
    tx: &Tx<'_>,
    app: &App,
    wanted: &Wanted,
    range: (Date, Date),
    zone: &Zone,
    moving: Option<AppointmentId>,
    revision: u64,
) -> Result<Arc<Vec<kept_slots::Day>>, SchedulingError> {
    if let Some(appointment) = moving {
        let days =
            scheduling::days_for_move(tx, &app.catalogs, wanted, range, &zone.rules, appointment)?;
        return Ok(Arc::new(days));
    }
    let key = key(tx.organization(), wanted, range, zone);
    if let Some(days) = app.days_shown.get(&key, revision, tx.now()) {
        return Ok(days);
    }
    let (days, until) = scheduling::days(tx, &app.catalogs, wanted, range, &zone.rules)?;
    let days = Arc::new(days);
    app.days_shown
        .put(key, revision, tx.now()..until, Arc::clone(&days));
    Ok(days)
}

fn key(
    organization: OrganizationId,
    wanted: &Wanted,
    (from, to): (Date, Date),
    zone: &Zone,
) -> KeptKey {
    KeptKey {
        organization,
        wanted: *wanted,
        from,
        to,
        zone: zone.name.clone(),
    }
}

fn elsewhere(
    tx: &Tx<'_>,
    app: &App,
    settled: &Settled,
    first: Option<Timestamp>,
) -> Result<Vec<(usize, Timestamp)>, SchedulingError> {
    let others = settled
        .locations
        .iter()
        .filter(|place| Some(**place) != settled.place);
    let mut found = Vec::new();
    for &place in others.take(MAX_ELSEWHERE) {
        let wanted = Wanted {
            location: Some(settled.catalog.locations[place].id),
            ..settled.wanted()
        };
        let offer = scheduling::first(tx, &app.catalogs, &wanted, tx.now())?;
        let earlier = offer.filter(|offer| first.is_none_or(|first| offer.starts_at < first));
        found.extend(earlier.map(|offer| (place, offer.starts_at)));
    }
    Ok(found)
}
