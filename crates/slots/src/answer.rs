//! The questions about what can be booked.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::clock::{Clock, DAY, number_of};
use crate::explain::{Reason, why};
use crate::gate::{Gate, notice};
use crate::question::Question;
use crate::search::Search;
use crate::stretch::{Stretch, ceil, floor, instant};
use crate::{MAX_DAYS, MAX_NEAREST};

/// How much time an open-ended search looks at first, and at most at once, in seconds. It starts
/// small because most searches end in the first days.
const FIRST_LOOK: i64 = 8 * DAY;
const LONGEST_LOOK: i64 = 64 * DAY;

/// A civil day and how many starts it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Day {
    /// The date in the zone that was asked for.
    pub date: Date,
    /// The number of distinct bookable starts.
    pub free: u32,
}

/// A time that can be booked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    /// When the appointment starts.
    pub start: Timestamp,
    /// When it ends, buffers not included.
    pub end: Timestamp,
    /// Where: an index into [`Question::places`].
    pub place: u16,
    /// Who is free then and there, ascending indices into [`Question::staff`]; everyone if
    /// everyone is needed.
    pub staff: Vec<u16>,
    /// Which rooms are free then and there, ascending indices into [`Question::rooms`]; none if
    /// no room is needed.
    pub rooms: Vec<u16>,
}

/// How many starts each date from `from` to before `to` has, on the clock of `zone`.
///
/// One entry for each date, those without a start included; at most [`MAX_DAYS`] entries.
#[must_use]
pub fn days(q: &Question, from: Date, to: Date, zone: &TimeZone) -> Vec<Day> {
    let dates = std::iter::successors(Some(from), |date| date.tomorrow().ok());
    let dates = dates.take_while(|date| *date < to).take(MAX_DAYS);
    let mut days: Vec<_> = dates.map(|date| Day { date, free: 0 }).collect();
    let from = number_of(from);
    let to = from + days.len() as i64;
    let clock = clock_around(zone, from, to);
    let time = Stretch {
        from: clock.opens_at(from * DAY),
        to: clock.closes_at(to * DAY),
    };
    let Some(search) = Search::new(q, &Gate::new(q), time) else {
        return days;
    };
    let mut part = Stretch { from: 0, to: 0 };
    let mut index = None;
    search.each_start(|start| {
        if !part.has(start) {
            let day;
            (day, part) = clock.day_part(start);
            index = usize::try_from(day - from).ok();
        }
        if let Some(day) = index.and_then(|index| days.get_mut(index)) {
            day.free += 1;
        }
    });
    days
}

/// The slots of one date on the clock of `zone`, by start, then place.
#[must_use]
pub fn times(q: &Question, date: Date, zone: &TimeZone) -> Vec<Slot> {
    let day = number_of(date);
    let clock = clock_around(zone, day, day + 1);
    let Some(search) = Search::new(q, &Gate::new(q), clock.whole_day(day)) else {
        return Vec::new();
    };
    let starts = search
        .starts()
        .filter(|(start, _)| clock.day(*start) == day);
    starts.map(|start| search.slot(start)).collect()
}

/// The first slot at or after `from`; of several places the one with the lowest index.
#[must_use]
pub fn first(q: &Question, from: Timestamp) -> Option<Slot> {
    let gate = Gate::new(q);
    let mut found = None;
    forward(q, &gate, ceil(from), |search| {
        found = search.starts().next().map(|start| search.slot(start));
        found.is_some()
    });
    found
}

/// The bookable starts nearest to an instant, at most `count` and [`MAX_NEAREST`], ascending. Of
/// two that are equally near, the earlier is taken.
#[must_use]
pub fn nearest(q: &Question, to: Timestamp, count: usize) -> Vec<Timestamp> {
    let count = count.min(MAX_NEAREST);
    let gate = Gate::new(q);
    let mut later = Vec::new();
    forward(q, &gate, ceil(to), |search| {
        search.each_start(|start| {
            if later.len() < count {
                later.push(start);
            }
        });
        later.len() >= count
    });
    let mut earlier = Vec::new(); // descending
    backward(q, &gate, ceil(to), |search| {
        let mut starts = Vec::new();
        search.each_start(|start| starts.push(start));
        earlier.extend(starts.into_iter().rev().take(count - earlier.len()));
        earlier.len() >= count
    });
    let distance = |start: i64| instant(start).duration_since(to).abs();
    let (mut before, mut after) = (0, 0);
    while before + after < count {
        match (earlier.get(before), later.get(after)) {
            (Some(&one), Some(&other)) if distance(one) > distance(other) => after += 1,
            (Some(_), _) => before += 1,
            (None, Some(_)) => after += 1,
            (None, None) => break,
        }
    }
    let near = earlier[..before].iter().rev().chain(&later[..after]);
    near.map(|start| instant(*start)).collect()
}

/// The slots with exactly this start, one for each place; or why there is none.
///
/// # Errors
///
/// The reasons of [`why`], each once, in the order of [`Reason`].
pub fn check(q: &Question, start: Timestamp) -> Result<Vec<Slot>, Vec<Reason>> {
    let slots = slots_at(q, start);
    if !slots.is_empty() {
        return Ok(slots);
    }
    let mut reasons: Vec<_> = why(q, start)
        .iter()
        .map(|explained| explained.reason)
        .collect();
    reasons.sort_unstable();
    reasons.dedup();
    Err(reasons)
}

/// The slots that start exactly then.
pub(crate) fn slots_at(q: &Question, start: Timestamp) -> Vec<Slot> {
    let second = floor(start);
    if second != ceil(start) {
        return Vec::new();
    }
    let only = Stretch {
        from: second,
        to: second + 1,
    };
    let search = Search::new(q, &Gate::new(q), only);
    search
        .map(|search| search.starts().map(|start| search.slot(start)).collect())
        .unwrap_or_default()
}

/// Until when answers stay true if nothing but time passes.
///
/// Before the instant returned, with only [`Question::now`] moving on, [`days`], [`times`],
/// [`first`], [`nearest`] and whether [`check`] succeeds do not change. The instant is later than
/// `now`, unless no later one can be written. (The *reasons* for what cannot be booked may change
/// at any time: what is inside the notice becomes the past.)
#[must_use]
pub fn valid_until(q: &Question) -> Timestamp {
    let now = floor(q.now);
    let clock = Clock::new(
        q.limit_zone,
        Stretch {
            from: now,
            to: now + 2 * DAY,
        },
    );
    let next_day = match clock.runs() {
        // Today's date changes at midnight, or when the clock is set.
        [run, ..] => run
            .time
            .to
            .min(((now + run.offset).div_euclid(DAY) + 1) * DAY - run.offset),
        [] => now,
    };
    let gate = Gate::new(q);
    let until = Stretch {
        from: gate.earliest,
        to: next_day + notice(q.rules),
    };
    let search = Search::new(q, &gate, until);
    let leaving = search.and_then(|search| search.starts().next());
    let change = match leaving {
        // A start may be booked until its notice begins, that instant included.
        Some((start, _)) => {
            instant(start - notice(q.rules)).checked_add(SignedDuration::from_nanos(1))
        }
        None => Ok(instant(next_day)),
    };
    change
        .ok()
        .filter(|change| *change > q.now)
        .unwrap_or(Timestamp::MAX)
}

/// The clock of `zone` from the civil day `from` to before `to`, whatever its offset.
fn clock_around(zone: &TimeZone, from: i64, to: i64) -> Clock {
    Clock::new(
        zone,
        Stretch {
            from: (from - 2) * DAY,
            to: (to + 2) * DAY,
        },
    )
}

/// Searches from an instant on, until `enough`.
fn forward(q: &Question, gate: &Gate, from: i64, mut enough: impl FnMut(&Search) -> bool) {
    let time = gate.narrow(Stretch { from, to: i64::MAX });
    let (mut from, mut look) = (time.from, FIRST_LOOK);
    while from < time.to {
        let part = Stretch {
            from,
            to: (from + look).min(time.to),
        };
        if Search::new(q, gate, part).is_some_and(|search| enough(&search)) {
            return;
        }
        (from, look) = (part.to, (look * 2).min(LONGEST_LOOK));
    }
}

/// Searches before an instant, later times first, until `enough`.
fn backward(q: &Question, gate: &Gate, to: i64, mut enough: impl FnMut(&Search) -> bool) {
    let time = gate.narrow(Stretch { from: i64::MIN, to });
    let (mut to, mut look) = (time.to, FIRST_LOOK);
    while to > time.from {
        let part = Stretch {
            from: (to - look).max(time.from),
            to,
        };
        if Search::new(q, gate, part).is_some_and(|search| enough(&search)) {
            return;
        }
        (to, look) = (part.from, (look * 2).min(LONGEST_LOOK));
    }
}
