//! When somebody works, a room can be used, and nobody works.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use kept_base::store::{Error, Tx};
use kept_slots::Window;

use super::change::{MAX_CLOSING_MINUTE, require};
use super::earlier::{self, Earlier, Part};
use super::{MAX_CLOSED_DAYS, MAX_TITLE_CHARS, MAX_WEEKLY_ROWS, OfferingError, store};
use crate::ids::{ClosedDayId, LocationId, OverrideId, ServiceId, StaffId, TimeOffId};
use crate::policy::May;
use crate::policy::rights::{ChangeHours, ChangeOffering};

/// A stretch of every week of a staff member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeeklyHours {
    /// The day it opens on.
    pub weekday: Weekday,
    /// Minute of the day.
    pub opens: u16,
    /// Minute of the day; beyond 1,440 it is on the next day.
    pub closes: u16,
    /// Where.
    pub location: LocationId,
    /// For which service alone; `None` for all that have no hours of their own.
    pub service: Option<ServiceId>,
}

/// A stretch of every week of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomHours {
    /// The day it opens on.
    pub weekday: Weekday,
    /// Minute of the day.
    pub opens: u16,
    /// Minute of the day; beyond 1,440 it is on the next day.
    pub closes: u16,
}

/// A stretch of one day that differs, or a day off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayHours {
    /// Its id.
    pub id: OverrideId,
    /// Which day.
    pub day: Date,
    /// Where, from and to which minute; `None`: nowhere.
    pub open: Option<(LocationId, u16, u16)>,
}

/// When a staff member is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Away {
    /// Its id.
    pub id: TimeOffId,
    /// From then on.
    pub starts_at: Timestamp,
    /// Until then.
    pub ends_at: Timestamp,
}

/// A day on which nobody works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedDay {
    /// Its id.
    pub id: ClosedDayId,
    /// Where; `None`: everywhere.
    pub location: Option<LocationId>,
    /// Which day.
    pub day: Date,
    /// Why.
    pub name: String,
}

/// Whether minutes of a stretch are in order.
#[must_use]
pub fn are_minutes(opens: u16, closes: u16) -> bool {
    opens < 1_440 && opens < closes && closes <= MAX_CLOSING_MINUTE
}

/// The weekly hours of a staff member as they were entered, also at locations that are archived.
///
/// # Errors
/// Those of the store.
pub fn weekly_hours(tx: &Tx<'_>, staff: StaffId) -> Result<Vec<WeeklyHours>, Error> {
    store::weekly_rows(tx, staff)
}

/// Their days that differ, from `from` on.
///
/// # Errors
/// Those of the store.
pub fn days(tx: &Tx<'_>, staff: StaffId, from: Date) -> Result<Vec<DayHours>, Error> {
    store::day_rows(tx, staff, from)
}

/// When they are away, as far as it is not over at `from`.
///
/// # Errors
/// Those of the store.
pub fn time_off(tx: &Tx<'_>, staff: StaffId, from: Timestamp) -> Result<Vec<Away>, Error> {
    store::time_off(tx, staff, from)
}

/// Closed days from `from` on.
///
/// # Errors
/// Those of the store.
pub fn closed_days(tx: &Tx<'_>, from: Date) -> Result<Vec<ClosedDay>, Error> {
    store::closed_days(tx, from)
}

/// Replaces the whole week of a staff member. Rows of one location and service do not overlap.
///
/// # Errors
/// [`OfferingError::Invalid`] names what is wrong; [`OfferingError::Unknown`].
pub fn set_weekly_hours(
    tx: &Tx<'_>,
    _: &May<ChangeHours>,
    staff: StaffId,
    rows: &[WeeklyHours],
) -> Result<Earlier, OfferingError> {
    require(rows.len() <= MAX_WEEKLY_ROWS, "number of rows")?;
    for (at, row) in rows.iter().enumerate() {
        require(are_minutes(row.opens, row.closes), "hours")?;
        let overlaps = |other: &WeeklyHours| {
            other.weekday == row.weekday
                && other.service == row.service
                && other.opens < row.closes
                && row.opens < other.closes
        };
        require(!rows[..at].iter().any(overlaps), "overlap")?;
    }
    // The same week is no change, whatever the order in which it came.
    let order = |row: &WeeklyHours| {
        let day = row.weekday.to_monday_zero_offset();
        (day, row.opens, row.closes, row.location, row.service)
    };
    let (mut known, mut wanted) = (store::weekly_rows(tx, staff)?, rows.to_vec());
    known.sort_unstable_by_key(order);
    wanted.sort_unstable_by_key(order);
    if known == wanted {
        return Ok(Earlier::default());
    }
    earlier::change(
        tx,
        &[Part::Weekly(staff), Part::Staff(staff)],
        "hours",
        || store::replace_weekly(tx, staff, &wanted).map_err(Into::into),
    )
}

/// Replaces the hours of one day: by these stretches, by none (a day off), or, with `None`, by the
/// weekly ones again.
///
/// # Errors
/// [`OfferingError::Invalid`] names what is wrong; [`OfferingError::Unknown`].
pub fn set_day(
    tx: &Tx<'_>,
    _: &May<ChangeHours>,
    staff: StaffId,
    day: Date,
    open: Option<&[(LocationId, u16, u16)]>,
) -> Result<Earlier, OfferingError> {
    for (at, (_, opens, closes)) in open.unwrap_or_default().iter().enumerate() {
        require(are_minutes(*opens, *closes), "hours")?;
        let before = &open.unwrap_or_default()[..at];
        let overlaps = before.iter().any(|(_, o, c)| o < closes && opens < c);
        require(!overlaps, "overlap")?;
    }
    earlier::change(tx, &[Part::Days(staff), Part::Staff(staff)], "day", || {
        store::delete_day(tx, staff, day)?;
        let Some(open) = open else { return Ok(()) };
        let stretches = open.iter().copied().map(Some);
        let off = open.is_empty().then_some(None);
        for stretch in stretches.chain(off) {
            let id = OverrideId::new(tx.now(), tx.entropy());
            store::insert_override(tx, id, staff, day, stretch)?;
        }
        Ok(())
    })
}

/// The staff member and day of a row of [`days`].
///
/// # Errors
/// Those of the store.
pub fn day_of(tx: &Tx<'_>, id: OverrideId) -> Result<Option<(StaffId, Date)>, Error> {
    store::day_of(tx, id)
}

/// Records when a staff member is away.
///
/// # Errors
/// [`OfferingError::Unknown`] for the staff member; those of the store.
pub fn go_away(
    tx: &Tx<'_>,
    _: &May<ChangeHours>,
    staff: StaffId,
    away: Window,
) -> Result<Earlier, OfferingError> {
    earlier::change(
        tx,
        &[Part::TimeOff(staff), Part::Staff(staff)],
        "time_off",
        || {
            let id = TimeOffId::new(tx.now(), tx.entropy());
            store::insert_time_off(tx, id, staff, away).map_err(Into::into)
        },
    )
}

/// Whose time off that is.
///
/// # Errors
/// Those of the store.
pub fn time_off_of(tx: &Tx<'_>, id: TimeOffId) -> Result<Option<StaffId>, Error> {
    store::time_off_of(tx, id)
}

/// Removes time off.
///
/// # Errors
/// [`OfferingError::Unknown`]; those of the store.
pub fn remove_time_off(
    tx: &Tx<'_>,
    _: &May<ChangeHours>,
    id: TimeOffId,
) -> Result<Earlier, OfferingError> {
    let staff = store::time_off_of(tx, id)?.ok_or(OfferingError::Unknown)?;
    earlier::change(
        tx,
        &[Part::TimeOff(staff), Part::Staff(staff)],
        "time_off",
        || store::delete_time_off(tx, id).map_err(Into::into),
    )
}

/// Closes a location, or with `None` all of them, on these days; days on which it is closed
/// already are left out.
///
/// # Errors
/// [`OfferingError::Invalid`] names what is wrong; [`OfferingError::Unknown`] the location.
pub fn close_days(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    location: Option<LocationId>,
    days: &[(Date, String)],
) -> Result<Earlier, OfferingError> {
    let first = days.iter().map(|(day, _)| *day).min();
    let known = store::closed_days(tx, first.unwrap_or(Date::MIN))?;
    let is_new = |day: &Date| {
        let same = |closed: &&ClosedDay| closed.day == *day && closed.location == location;
        !known.iter().any(|closed| same(&closed))
    };
    let new: Vec<_> = days.iter().filter(|(day, _)| is_new(day)).collect();
    let count = store::count_closed_days(tx)? + new.len();
    require(count <= MAX_CLOSED_DAYS, "number of days")?;
    let mut all = Earlier::default();
    for (day, name) in new {
        let fine = !name.trim().is_empty() && name.chars().count() <= MAX_TITLE_CHARS;
        require(fine && !name.chars().any(char::is_control), "name")?;
        let id = ClosedDayId::new(tx.now(), tx.entropy());
        let one = earlier::change(tx, &[Part::ClosedDay(id)], "closed", || {
            store::insert_closed_day(tx, id, location, *day, name).map_err(Into::into)
        })?;
        all = all.and(one);
    }
    Ok(all)
}

/// Opens again on a closed day.
///
/// # Errors
/// [`OfferingError::Unknown`]; those of the store.
pub fn open_again(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    id: ClosedDayId,
) -> Result<Earlier, OfferingError> {
    earlier::change(tx, &[Part::ClosedDay(id)], "opened", || {
        if store::delete_closed_day(tx, id)? {
            Ok(())
        } else {
            Err(OfferingError::Unknown)
        }
    })
}
