//! The rules once more, minute by minute, as slowly and plainly as they can be said.
//!
//! Shares nothing with the crate but its input types. Reads the clock of each zone for every
//! minute of the time looked at, and knows only zones that are whole minutes from UTC.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use kept_slots::*;

use crate::table::Scene;

/// What the clock of a zone reads at each minute from `first` (in minutes since 1970) on.
struct Clock {
    first: i64,
    readings: Vec<DateTime>,
}

/// For each minute of a [`Clock`], whether it is open.
type Minutes = Vec<bool>;

/// Everything bookable from the civil day `from` to before `to`, as minutes.
pub struct Reference {
    /// By start, then place: staff, rooms.
    pub slots: BTreeMap<(i64, u16), (Vec<u16>, Vec<u16>)>,
}

impl Reference {
    /// All slots with a start on these days of UTC.
    pub fn new(scene: &Scene, from: Date, to: Date) -> Self {
        let mut slots = BTreeMap::new();
        let (first, last) = (midnight(from), midnight(to));
        let limits = Limits::new(scene);
        for (place, at) in (0..).zip(&scene.places) {
            let clock = Clock::new(&at.zone, first - 3 * 1440, last + 4 * 1440);
            let open: Vec<_> = scene
                .staff
                .iter()
                .map(|one| open(&one.hours, at, place, &clock))
                .collect();
            let usable: Vec<_> = (scene.rooms.iter().flatten())
                .map(|room| room.hours.as_ref())
                .map(|hours| hours.map(|hours| self::open(hours, at, place, &clock)))
                .collect();
            for start in first..last {
                if !is_on_grid(&scene.rules, clock.at(start)) || !limits.allow(start) {
                    continue;
                }
                let staff = (0..).zip(&scene.staff).zip(&open);
                let staff: Vec<u16> = staff
                    .filter(|((_, one), open)| {
                        is_inside(open, start - clock.first, &scene.rules)
                            && !touches(&one.hours.time_off, start, 0, length(&scene.rules))
                            && !claims(&one.busy, start, &scene.rules)
                    })
                    .map(|((who, _), _)| who)
                    .collect();
                let enough = match scene.staffing {
                    Staffing::AnyOf => !staff.is_empty(),
                    Staffing::AllOf => !staff.is_empty() && staff.len() == scene.staff.len(),
                };
                let rooms = (0..).zip(scene.rooms.iter().flatten());
                let rooms: Vec<u16> = rooms
                    .filter(|(_, room)| room.place == place)
                    .filter(|(index, room)| {
                        let own = room
                            .hours
                            .as_ref()
                            .zip(usable[usize::from(*index)].as_ref());
                        own.is_none_or(|(hours, open)| {
                            is_inside(open, start - clock.first, &scene.rules)
                                && !touches(&hours.time_off, start, 0, length(&scene.rules))
                        })
                    })
                    .filter(|(_, room)| !claims(&room.busy, start, &scene.rules))
                    .map(|(room, _)| room)
                    .collect();
                if enough && (scene.rooms.is_none() || !rooms.is_empty()) {
                    slots.insert((start, place), (staff, rooms));
                }
            }
        }
        Self { slots }
    }

    /// The distinct starts.
    pub fn starts(&self) -> BTreeSet<Timestamp> {
        self.slots
            .keys()
            .map(|(start, _)| instant(*start))
            .collect()
    }

    /// The slots as the crate gives them.
    pub fn slots(&self, rules: &Rules) -> Vec<Slot> {
        let slots = self
            .slots
            .iter()
            .map(|((start, place), (staff, rooms))| Slot {
                start: instant(*start),
                end: instant(start + length(rules)),
                place: *place,
                staff: staff.clone(),
                rooms: rooms.clone(),
            });
        slots.collect()
    }
}

fn length(rules: &Rules) -> i64 {
    rules.length_minutes.into()
}

fn midnight(day: Date) -> i64 {
    day.to_zoned(TimeZone::UTC).unwrap().timestamp().as_second() / 60
}

fn instant(minute: i64) -> Timestamp {
    Timestamp::from_second(minute * 60).unwrap()
}

impl Clock {
    fn new(zone: &TimeZone, first: i64, last: i64) -> Self {
        let readings = (first..last).map(|minute| zone.to_datetime(instant(minute)));
        Self {
            first,
            readings: readings.collect(),
        }
    }

    fn at(&self, minute: i64) -> DateTime {
        self.readings[(minute - self.first) as usize]
    }

    /// From the first minute that reads within the civil time to the last, as indices.
    fn hull(&self, from: DateTime, to: DateTime) -> std::ops::Range<usize> {
        // No clock is farther than a day from UTC: this only saves time.
        let index = |civil: DateTime, days: i64| {
            (midnight(civil.date()) + days * 1440 - self.first).clamp(0, self.readings.len() as i64)
        };
        let (near, far) = (index(from, -1) as usize, index(to, 2) as usize);
        let is_within = |index: &usize| (from..to).contains(&self.readings[*index]);
        let first = (near..far).find(is_within).unwrap_or(0);
        let last = (near..far).rfind(is_within).map_or(0, |last| last + 1);
        first..last
    }
}

fn open(hours: &Hours, at: &Place, place: u16, clock: &Clock) -> Minutes {
    let days: BTreeSet<Date> = clock
        .readings
        .iter()
        .map(|reading| reading.date())
        .collect();
    let mut open = vec![false; clock.readings.len()];
    for day in &days {
        let own: Vec<_> = hours
            .overrides
            .iter()
            .filter(|own| own.day == *day)
            .collect();
        let weekly = hours
            .weekly
            .iter()
            .filter(|weekly| weekly.weekday == day.weekday());
        let spans: Vec<DaySpan> = if own.is_empty() {
            weekly.map(|weekly| weekly.span).collect()
        } else {
            own.iter().flat_map(|own| own.spans.clone()).collect()
        };
        for span in spans {
            let is_valid = span.opens < span.closes && span.opens < 1440 && span.closes <= 2880;
            if is_valid && span.place == place {
                let midnight = day.to_datetime(Time::midnight());
                let from = midnight + i64::from(span.opens).minutes();
                let to = midnight + i64::from(span.closes).minutes();
                open[clock.hull(from, to)].fill(true);
            }
        }
    }
    for day in at.closed_days.iter().filter(|day| days.contains(day)) {
        let midnight = day.to_datetime(Time::midnight());
        open[clock.hull(midnight, midnight + 1.day())].fill(false);
    }
    open
}

fn is_inside(open: &[bool], start: i64, rules: &Rules) -> bool {
    (start..start + length(rules)).all(|minute| open[minute as usize])
}

fn is_on_grid(rules: &Rules, reading: DateTime) -> bool {
    let minute = i64::from(reading.hour()) * 60 + i64::from(reading.minute());
    (minute - i64::from(rules.step_offset_minutes)) % i64::from(rules.step_minutes) == 0
}

/// Whether `[start - before, start + after)` overlaps one of the windows.
fn touches(windows: &[Window], start: i64, before: i64, after: i64) -> bool {
    let from = instant(start) - SignedDuration::from_mins(before);
    let to = instant(start) + SignedDuration::from_mins(after);
    windows
        .iter()
        .any(|window| window.start < to && from < window.end && window.start < window.end)
}

fn claims(busy: &[Window], start: i64, rules: &Rules) -> bool {
    let after = length(rules) + i64::from(rules.buffer_after_minutes);
    touches(busy, start, rules.buffer_before_minutes.into(), after)
}

/// What notice, horizon and daily limit say.
struct Limits<'a> {
    scene: &'a Scene,
    zone: &'a TimeZone,
    earliest: Timestamp,
    last_day: Date,
}

impl<'a> Limits<'a> {
    fn new(scene: &'a Scene) -> Self {
        let (rules, now) = (&scene.rules, scene.now.unwrap());
        let zone = scene
            .limit_zone
            .as_ref()
            .unwrap_or_else(|| &scene.places[0].zone);
        let earliest = now + SignedDuration::from_mins(rules.notice_minutes.into());
        let last_day = zone.to_datetime(now).date() + i64::from(rules.horizon_days).days();
        Self {
            scene,
            zone,
            earliest,
            last_day,
        }
    }

    fn allow(&self, start: i64) -> bool {
        let day = self.zone.to_datetime(instant(start)).date();
        let booked = self.scene.booked.iter().filter(|(other, _)| *other == day);
        let booked: u64 = booked.map(|(_, count)| u64::from(*count)).sum();
        instant(start) >= self.earliest
            && day <= self.last_day
            && self
                .scene
                .rules
                .daily_limit
                .is_none_or(|limit| booked < u64::from(limit))
    }
}
