//! Questions: which days have room, which times, which is the first, and why not this one.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use kept_base::kit::time::plus_minutes;
use kept_base::store::Tx;
use kept_slots::{Day, Reason};

use super::search::{Ignoring, Search};
use super::{
    ALTERNATIVES, ALTERNATIVES_WITHIN_DAYS, MAX_DAYS_PER_QUESTION, Offer, SchedulingError, Wanted,
};
use crate::ids::{AppointmentId, HoldId, RoomId, StaffId};
use crate::offering::Catalogs;

/// One reason why a time is not offered, and about whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The coded reason.
    pub reason: Reason,
    /// The staff member it concerns.
    pub staff: Option<StaffId>,
    /// The room it concerns.
    pub room: Option<RoomId>,
}

/// Which of the days from `from` to before `to` have how many free times, in `zone`; and until
/// when the answer holds if nothing is booked.
///
/// # Errors
/// [`SchedulingError::Unknown`]; those of the store. `to` beyond
/// [`MAX_DAYS_PER_QUESTION`] days is cut.
pub fn days(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    wanted: &Wanted,
    range: (Date, Date),
    zone: &TimeZone,
) -> Result<(Vec<Day>, Timestamp), SchedulingError> {
    days_ignoring(tx, catalogs, wanted, range, zone, Ignoring::default())
}

/// The same for somebody who wants to move `appointment`: its own time counts as free.
///
/// # Errors
/// As [`days`].
pub fn days_for_move(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    wanted: &Wanted,
    range: (Date, Date),
    zone: &TimeZone,
    appointment: AppointmentId,
) -> Result<Vec<Day>, SchedulingError> {
    let ignoring = Ignoring {
        appointment: Some(appointment),
        hold: None,
    };
    days_ignoring(tx, catalogs, wanted, range, zone, ignoring).map(|(days, _)| days)
}

fn days_ignoring(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    wanted: &Wanted,
    (from, to): (Date, Date),
    zone: &TimeZone,
    ignoring: Ignoring,
) -> Result<(Vec<Day>, Timestamp), SchedulingError> {
    let most = from
        .checked_add(i64::from(MAX_DAYS_PER_QUESTION).days())
        .unwrap_or(to);
    let to = to.min(most);
    let window = (start_of(from, zone), start_of(to, zone));
    let search = Search::load(tx, catalogs, wanted, window, ignoring)?;
    Ok(search.ask(|q| {
        (
            kept_slots::days(q, from, to, zone),
            kept_slots::valid_until(q),
        )
    }))
}

/// The free times of one day in `zone`, in order. With `moving`, that appointment's own time
/// counts as free.
///
/// # Errors
/// [`SchedulingError::Unknown`]; those of the store.
pub fn times(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    wanted: &Wanted,
    date: Date,
    zone: &TimeZone,
    moving: Option<AppointmentId>,
) -> Result<Vec<Offer>, SchedulingError> {
    let next = date.tomorrow().unwrap_or(date);
    let window = (start_of(date, zone), start_of(next, zone));
    let ignoring = Ignoring {
        appointment: moving,
        hold: None,
    };
    let search = Search::load(tx, catalogs, wanted, window, ignoring)?;
    let slots = search.ask(|q| kept_slots::times(q, date, zone));
    Ok(slots.iter().map(|slot| search.offer(slot)).collect())
}

/// The first free time at or after `from`.
///
/// # Errors
/// [`SchedulingError::Unknown`]; those of the store.
pub fn first(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    wanted: &Wanted,
    from: Timestamp,
) -> Result<Option<Offer>, SchedulingError> {
    let catalog = catalogs.get(tx)?;
    let service = catalog
        .service(wanted.service)
        .ok_or(SchedulingError::Unknown)?;
    // A day more than the horizon, and another for a clock that is set back on the way.
    let horizon = i64::from(service.rules.horizon_days) + 2;
    let to = tx
        .now()
        .checked_add((horizon * 24).hours())
        .unwrap_or(Timestamp::MAX);
    let search = Search::load(tx, catalogs, wanted, (from, to), Ignoring::default())?;
    Ok(search
        .ask(|q| kept_slots::first(q, from))
        .map(|slot| search.offer(&slot)))
}

/// The free times nearest to `starts_at`, in order, at most [`ALTERNATIVES`].
///
/// # Errors
/// [`SchedulingError::Unknown`]; those of the store.
pub fn nearest(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    wanted: &Wanted,
    starts_at: Timestamp,
) -> Result<Vec<Timestamp>, SchedulingError> {
    alternatives(tx, catalogs, wanted, starts_at, Ignoring::default())
}

/// Looks in a stretch around the time that is as wide as needed: what is taken is read for that
/// stretch alone, so starts outside it are dropped. All starts inside it are nearer than any outside.
pub(super) fn alternatives(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    wanted: &Wanted,
    starts_at: Timestamp,
    ignoring: Ignoring,
) -> Result<Vec<Timestamp>, SchedulingError> {
    let catalog = catalogs.get(tx)?;
    let service = catalog
        .service(wanted.service)
        .ok_or(SchedulingError::Unknown)?;
    let horizon = plus_minutes(tx.now(), i64::from(service.rules.horizon_days) * 24 * 60);
    let around = starts_at.clamp(tx.now(), horizon.max(tx.now()));
    for days in ALTERNATIVES_WITHIN_DAYS {
        let minutes = days * 24 * 60;
        let window = (
            plus_minutes(around, -minutes),
            plus_minutes(around, minutes),
        );
        let search = Search::load(tx, catalogs, wanted, window, ignoring)?;
        let mut found = search.ask(|q| kept_slots::nearest(q, around, ALTERNATIVES));
        found.retain(|start| (window.0..window.1).contains(start));
        if found.len() == ALTERNATIVES || around.max(horizon) < window.1 {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// The offers that begin exactly at `starts_at`, for whoever gives `given_up` back for it.
///
/// # Errors
/// [`SchedulingError::SlotTaken`] with the reasons; [`SchedulingError::Unknown`]; the store's.
pub fn find_slot(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    wanted: &Wanted,
    starts_at: Timestamp,
    given_up: Option<HoldId>,
) -> Result<Vec<Offer>, SchedulingError> {
    let window = (starts_at, starts_at);
    let ignoring = Ignoring {
        hold: given_up,
        appointment: None,
    };
    let search = Search::load(tx, catalogs, wanted, window, ignoring)?;
    match search.ask(|q| kept_slots::check(q, starts_at)) {
        Ok(slots) => Ok(slots.iter().map(|slot| search.offer(slot)).collect()),
        Err(reasons) => Err(SchedulingError::SlotTaken {
            reasons,
            alternatives: Vec::new(),
        }),
    }
}

/// Why a time is not offered; empty when it is.
///
/// # Errors
/// [`SchedulingError::Unknown`]; those of the store.
pub fn why(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    wanted: &Wanted,
    starts_at: Timestamp,
) -> Result<Vec<Refusal>, SchedulingError> {
    let window = (starts_at, starts_at);
    let search = Search::load(tx, catalogs, wanted, window, Ignoring::default())?;
    let explained = search.ask(|q| kept_slots::why(q, starts_at));
    let staff = |index: u16| search.catalog.staff[search.staff[usize::from(index)]].id;
    let room = |index: u16| search.catalog.rooms[search.rooms[usize::from(index)]].id;
    Ok(explained
        .into_iter()
        .map(|e| Refusal {
            reason: e.reason,
            staff: e.staff.map(staff),
            room: e.room.map(room),
        })
        .collect())
}

#[must_use]
/// The instant at which a civil day begins in `zone`; days that do not exist begin where they
/// would have been.
pub fn start_of(date: Date, zone: &TimeZone) -> Timestamp {
    let ambiguous = zone.to_ambiguous_timestamp(date.at(0, 0, 0, 0));
    ambiguous.compatible().unwrap_or(if date.year() < 1970 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}
