//! The rules that look at the start alone: notice, horizon, daily limit.

use jiff::Timestamp;

use crate::MAX_HORIZON_DAYS;
use crate::clock::{Clock, DAY, number_of};
use crate::question::{Question, Rules};
use crate::stretch::{Stretch, ceil, floor, join};

/// The farthest a clock can be from UTC, in seconds, rounded up.
const MAX_OFFSET: i64 = 26 * 3600;

/// What notice, horizon and daily limit allow.
#[derive(Debug)]
pub(crate) struct Gate {
    /// The first start that keeps the notice.
    pub earliest: i64,
    /// The civil day of the last start.
    last_day: i64,
    full: Full,
}

#[derive(Debug)]
enum Full {
    Always,
    /// Sorted numbers of civil days.
    On(Vec<i64>),
}

impl Gate {
    /// The gate of a question.
    pub fn new(question: &Question) -> Self {
        Self {
            earliest: ceil(question.now) + notice(question.rules),
            last_day: today(question)
                + i64::from(question.rules.horizon_days.min(MAX_HORIZON_DAYS)),
            full: full_days(question),
        }
    }

    /// An instant that no start lies at or after.
    pub fn end(&self) -> i64 {
        ((self.last_day + 1) * DAY + MAX_OFFSET).min(Timestamp::MAX.as_second())
    }

    pub fn is_beyond_horizon(&self, day: i64) -> bool {
        day > self.last_day
    }

    pub fn is_full(&self, day: i64) -> bool {
        match &self.full {
            Full::Always => true,
            Full::On(days) => days.binary_search(&day).is_ok(),
        }
    }

    /// The asked starts that are not too soon nor much too far, to search among.
    pub fn narrow(&self, time: Stretch) -> Stretch {
        time.clip(Stretch {
            from: self.earliest,
            to: self.end(),
        })
    }

    /// The starts in `time` that are on days beyond the horizon or full.
    pub fn shut(&self, question: &Question, time: Stretch) -> Vec<Stretch> {
        let ends_within = time.to > self.last_day * DAY - MAX_OFFSET;
        let days = match &self.full {
            Full::Always => return vec![time],
            Full::On(days) => days,
        };
        if !ends_within && days.is_empty() {
            return Vec::new();
        }
        let clock = Clock::new(question.limit_zone, time);
        let mut shut = Vec::new();
        for run in clock.runs() {
            let from = (self.last_day + 1) * DAY - run.offset;
            shut.push(run.time.clip(Stretch { from, to: time.to }));
        }
        shut.extend(days.iter().flat_map(|day| clock.day_parts(*day)));
        shut.retain(|stretch| !stretch.is_empty());
        join(&mut shut);
        shut
    }
}

/// Seconds of notice.
pub(crate) fn notice(rules: &Rules) -> i64 {
    i64::from(rules.notice_minutes) * 60
}

fn today(question: &Question) -> i64 {
    let now = floor(question.now);
    Clock::new(
        question.limit_zone,
        Stretch {
            from: now,
            to: now + 1,
        },
    )
    .day(now)
}

fn full_days(question: &Question) -> Full {
    let Some(limit) = question.rules.daily_limit else {
        return Full::On(Vec::new());
    };
    if limit == 0 {
        return Full::Always;
    }
    let mut booked: Vec<_> = question
        .booked_per_day
        .iter()
        .map(|(day, count)| (number_of(*day), *count))
        .collect();
    booked.sort_unstable();
    let days = booked.chunk_by(|one, next| one.0 == next.0);
    let counts = days.map(|day| {
        (
            day[0].0,
            day.iter().map(|(_, count)| u64::from(*count)).sum::<u64>(),
        )
    });
    Full::On(
        counts
            .filter(|(_, count)| *count >= u64::from(limit))
            .map(|(day, _)| day)
            .collect(),
    )
}
