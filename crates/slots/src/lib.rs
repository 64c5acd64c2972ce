//! Which times can be booked, and why the others cannot.
//!
//! This crate is pure. It is told what time it is, who works when, what is taken and which rules
//! the service has, and it answers. It knows no clock, no database and no organization.
//!
//! ```
//! use jiff::{civil::{Weekday, date}, tz::TimeZone};
//! use kept_slots::*;
//!
//! let zone = TimeZone::get("Europe/Berlin")?;
//! let rules = Rules { length_minutes: 30, step_minutes: 30, horizon_days: 60, ..Rules::default() };
//! let places = [Place { zone: zone.clone(), closed_days: vec![] }];
//! let span = DaySpan { opens: 60, closes: 240, place: 0 }; // 01:00 to 04:00
//! let hours = Hours { weekly: vec![WeeklySpan { weekday: Weekday::Sunday, span }], ..Hours::default() };
//! let question = Question {
//!     now: "2027-03-01T08:00Z".parse()?, rules: &rules, places: &places,
//!     staffing: Staffing::AnyOf, staff: &[Staff { hours: &hours, busy: &[] }], rooms: None,
//!     limit_zone: &zone, booked_per_day: &[],
//! };
//! let day = date(2027, 3, 28); // clocks go forward at 02:00: there is no 02:00 and no 02:30
//! let shown = times(&question, day, &zone).into_iter().map(|slot| slot.start.to_zoned(zone.clone()));
//! let shown: Vec<_> = shown.map(|start| start.strftime("%H:%M").to_string()).collect();
//! assert_eq!(shown, ["01:00", "01:30", "03:00", "03:30"]);
//! # Ok::<(), jiff::Error>(())
//! ```
//!
//! # The questions
//!
//! [`days`]: which days have room. [`times`]: which times on this day. [`first`]: the first one.
//! [`nearest`]: what is close to a wish that is gone. [`check`]: may this be booked. [`why`]: why
//! is it not offered. All are answered by one search, so that a time is shown exactly when it can
//! be booked.
//!
//! # What makes a start bookable
//!
//! 1. **Grid.** The start reads, on the clock of the place, a whole minute of the day `m` with
//!    `(m - step_offset) % step == 0`. The grid begins anew at each midnight. When a clock is set
//!    back both occurrences are starts, when it is set forward the skipped readings are not.
//! 2. **Hours.** The appointment `[start, start + length)` lies inside one open stretch of a staff
//!    member at one place. Spans that touch or overlap are one stretch, across midnight too. It
//!    also lies outside time off.
//! 3. **Claims.** `[start - buffer_before, end + buffer_after)` overlaps no busy window of the
//!    staff member, nor of the room. Buffers may reach outside hours, into time off, before `now`
//!    and past the horizon.
//! 4. **Staffing.** Any one of the staff, or all of them at the same place, and, where the service
//!    needs a room, one free room of the set at that place. A room with hours of its own is free
//!    only where the appointment lies inside one of its open stretches and outside its time off.
//! 5. **Notice and horizon.** `start >= now + notice`, and the civil date of the start is at most
//!    `horizon_days` after today's. Both dates are read in `limit_zone`.
//! 6. **Daily limit.** A civil day of `limit_zone` with `daily_limit` bookings or more is full.
//!
//! # Civil time
//!
//! A span belongs to the civil day it opens on, in the zone of its place, and is resolved for that
//! day alone. It is open **from the first instant whose clock reads within the span to the last**:
//!
//! * Opening or closing inside a gap means the end of the gap.
//! * In a fold, opening is the first occurrence and closing the last one, so hours grow by the
//!   repeated time and never shrink. A closing at the very reading the clock returns to (02:00,
//!   when it is set back from 03:00) is the first occurrence: no later instant reads earlier.
//! * A day that a zone skips (Samoa, 2011-12-30) opens nothing, not even a span past midnight.
//! * A [`DayOverride`] replaces the spans that belong to its day, at every place. The tail of the
//!   evening before belongs to the evening before and stays.
//! * A closed day of a place removes the civil day itself, first instant to last, so also the tail
//!   of the evening before. What its own late span has after midnight stays open.
//!
//! # Input that makes no sense
//!
//! Nothing panics. Windows that do not start before they end take no time; spans that break the
//! rules of [`DaySpan`] or name no place are never open; two overrides of one day add up, as do two
//! counts of one day. A rule with zero length or zero step has an empty grid.

mod answer;
mod choose;
mod clock;
mod explain;
mod gate;
mod grid;
mod hours;
mod question;
mod search;
mod stretch;

pub use answer::{Day, Slot, check, days, first, nearest, times, valid_until};
pub use choose::{Choice, ChoiceReason, choose};
pub use explain::{Explained, Reason, why};
pub use question::{
    DayOverride, DaySpan, Hours, Place, Question, Room, Rules, Staff, Staffing, WeeklySpan, Window,
};

/// The most dates one [`days`] answers; later dates of a longer range are left out.
pub const MAX_DAYS: usize = 400;

/// The farthest horizon in days; a rule that asks for more gets this.
pub const MAX_HORIZON_DAYS: u16 = 1_830;

/// The most starts one [`nearest`] answers.
pub const MAX_NEAREST: usize = 100;

/// The most staff members of one question. With more, nothing is offered ([`Reason::NoStaff`]).
pub const MAX_STAFF: usize = 10_000;

/// The most rooms of one question; rooms past this are not considered.
pub const MAX_ROOMS: usize = 10_000;
