//! What the search is told.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

/// A half-open time `[start, end)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// The first instant inside.
    pub start: Timestamp,
    /// The first instant after.
    pub end: Timestamp,
}

impl Window {
    /// The window from `start` to `end`, if it is not empty.
    #[must_use]
    pub fn new(start: Timestamp, end: Timestamp) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }
}

/// When a service can start, and how much time it takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rules {
    /// Minutes of the appointment itself. Zero: nothing is ever offered.
    pub length_minutes: u16,
    /// Minutes claimed before the appointment.
    pub buffer_before_minutes: u16,
    /// Minutes claimed after the appointment.
    pub buffer_after_minutes: u16,
    /// Minutes from one start to the next. Zero: nothing is ever offered.
    pub step_minutes: u16,
    /// Minutes of the civil day by which the grid of starts is moved.
    pub step_offset_minutes: u16,
    /// Minutes that lie at least between now and the start.
    pub notice_minutes: u32,
    /// Days after today on which the last start may be, up to [`crate::MAX_HORIZON_DAYS`].
    pub horizon_days: u16,
    /// Bookings a civil day may have.
    pub daily_limit: Option<u32>,
}

/// A location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The zone its hours are written in.
    pub zone: TimeZone,
    /// Civil days on which it is closed, such as holidays.
    pub closed_days: Vec<Date>,
}

/// An opening of one civil day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DaySpan {
    /// Minute of the civil day, `0..1440`.
    pub opens: u16,
    /// Minute of the civil day, `opens + 1..=2880`; past 1440 it is on the next day.
    pub closes: u16,
    /// Index into [`Question::places`].
    pub place: u16,
}

impl DaySpan {
    /// The span, if its minutes are within their bounds.
    #[must_use]
    pub fn new(opens: u16, closes: u16, place: u16) -> Option<Self> {
        let span = Self {
            opens,
            closes,
            place,
        };
        span.is_valid().then_some(span)
    }

    pub(crate) fn is_valid(self) -> bool {
        self.opens < 1440 && self.opens < self.closes && self.closes <= 2880
    }
}

/// An opening of each week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WeeklySpan {
    /// The day it opens on.
    pub weekday: Weekday,
    /// The opening.
    pub span: DaySpan,
}

/// The hours of one civil day, in place of the weekly ones.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DayOverride {
    /// The civil day.
    pub day: Date,
    /// Its openings; none means closed.
    pub spans: Vec<DaySpan>,
}

/// When one staff member works.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Hours {
    /// The usual week, in any order.
    pub weekly: Vec<WeeklySpan>,
    /// Days that differ, in any order.
    pub overrides: Vec<DayOverride>,
    /// Absences, in any order; they may overlap.
    pub time_off: Vec<Window>,
}

/// One staff member.
#[derive(Clone, Copy, Debug)]
pub struct Staff<'a> {
    /// When they work.
    pub hours: &'a Hours,
    /// Windows already claimed, buffers included, in any order; they may overlap.
    pub busy: &'a [Window],
}

/// One room.
#[derive(Clone, Copy, Debug)]
pub struct Room<'a> {
    /// Index into [`Question::places`].
    pub place: u16,
    /// When it can be used, as spans at its place; `None`: always.
    pub hours: Option<&'a Hours>,
    /// Windows already claimed, buffers included, in any order; they may overlap.
    pub busy: &'a [Window],
}

/// Who of the staff is needed. One named staff member is `AnyOf` one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Staffing {
    /// One of them, whoever is free.
    AnyOf,
    /// Everyone, at the same place.
    AllOf,
}

/// All that an answer depends on.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The present.
    pub now: Timestamp,
    /// The rules of the service.
    pub rules: &'a Rules,
    /// The locations that spans and rooms point to.
    pub places: &'a [Place],
    /// Who of the staff is needed.
    pub staffing: Staffing,
    /// The staff who can serve, up to [`crate::MAX_STAFF`].
    pub staff: &'a [Staff<'a>],
    /// `None`: no room is needed. Otherwise one free room of this set, where the slot is.
    pub rooms: Option<&'a [Room<'a>]>,
    /// The zone in which the horizon and the daily limit count days.
    pub limit_zone: &'a TimeZone,
    /// Bookings of this service per civil day of `limit_zone`, holds included.
    pub booked_per_day: &'a [(Date, u32)],
}
