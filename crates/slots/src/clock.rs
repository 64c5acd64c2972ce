//! A zone's clock over a bounded time, so that the search itself is integer arithmetic.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::stretch::{Stretch, instant};

/// Seconds of a civil day.
pub(crate) const DAY: i64 = 86_400;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// Days from 1970-01-01 to `date`.
pub(crate) fn number_of(date: Date) -> i64 {
    date.duration_since(EPOCH).as_secs() / DAY
}

/// A stretch in which the clock is `offset` seconds ahead of UTC.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    pub time: Stretch,
    pub offset: i64,
}

impl Run {
    /// What of a civil day is in this run.
    fn part_of(self, day: i64) -> Stretch {
        let from = day * DAY - self.offset;
        self.time.clip(Stretch {
            from,
            to: from + DAY,
        })
    }
}

/// What a zone's clock reads, from one instant to another.
#[derive(Debug)]
pub(crate) struct Clock {
    /// Adjacent, and at least one.
    runs: Vec<Run>,
}

impl Clock {
    /// The clock of `zone` during `time`, as far as instants can be written.
    pub fn new(zone: &TimeZone, time: Stretch) -> Self {
        let end = Timestamp::MAX.as_second();
        let mut from = time.from.clamp(Timestamp::MIN.as_second(), end);
        let to = time.to.clamp(from, end);
        let mut offset = i64::from(zone.to_offset(instant(from)).seconds());
        let mut runs = Vec::with_capacity(4);
        for change in zone.following(instant(from)) {
            let at = change.timestamp().as_second();
            if at >= to {
                break;
            }
            let next = i64::from(change.offset().seconds());
            if next != offset {
                runs.push(Run {
                    time: Stretch { from, to: at },
                    offset,
                });
                (from, offset) = (at, next);
            }
        }
        runs.push(Run {
            time: Stretch { from, to },
            offset,
        });
        Self { runs }
    }

    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The number of the civil day at an instant.
    pub fn day(&self, second: i64) -> i64 {
        self.day_part(second).0
    }

    /// The number of the civil day at an instant, and the stretch around it on that day.
    pub fn day_part(&self, second: i64) -> (i64, Stretch) {
        let run = self.runs.iter().rfind(|run| run.time.from <= second);
        let run = run.unwrap_or(&self.runs[0]);
        let day = (second + run.offset).div_euclid(DAY);
        (day, run.part_of(day))
    }

    /// The first instant at which the clock reads `civil` or later. `civil` is in seconds after
    /// midnight of 1970-01-01 on this clock.
    pub fn opens_at(&self, civil: i64) -> i64 {
        let run = self
            .runs
            .iter()
            .find(|run| run.time.to + run.offset > civil);
        match run {
            Some(run) => run.time.from.max(civil - run.offset),
            None => self.runs[self.runs.len() - 1].time.to,
        }
    }

    /// The end of the last instant at which the clock reads earlier than `civil`.
    pub fn closes_at(&self, civil: i64) -> i64 {
        let run = self
            .runs
            .iter()
            .rfind(|run| run.time.from + run.offset < civil);
        match run {
            Some(run) => run.time.to.min(civil - run.offset),
            None => self.runs[0].time.from,
        }
    }

    /// From the first instant of a civil day to the end of its last; empty if the zone skips it.
    pub fn whole_day(&self, number: i64) -> Stretch {
        Stretch {
            from: self.opens_at(number * DAY),
            to: self.closes_at((number + 1) * DAY),
        }
    }

    /// The stretches of a civil day, which are several when the clock is set back at midnight.
    pub fn day_parts(&self, number: i64) -> impl Iterator<Item = Stretch> + '_ {
        self.runs.iter().map(move |run| run.part_of(number))
    }
}
