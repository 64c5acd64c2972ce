//! What people want from an organization of the demo, and when they say so.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::{AHEAD_DAYS, PAST_DAYS};
use crate::lending::sandbox::Chance;
use crate::offering::{FieldKind, Service};
use crate::people::NewPerson;

/// How far ahead people book at most, in days: within every horizon of the demo.
const LONGEST_LEAD_DAYS: i64 = 40;
/// How long before a day begins its last appointment is booked, in hours.
const SHORTEST_LEAD_HOURS: i64 = 3;
/// Of a hundred booked appointments, so many are moved, and so many canceled.
const MOVED_PERCENT: usize = 6;
const CANCELED_PERCENT: usize = 7;

/// How often a service is asked for on a day that would be full.
pub(super) struct Demand {
    pub service: &'static str,
    pub a_day: usize,
    /// Of a hundred, so many want a certain staff member.
    pub named_percent: usize,
}

/// What an organization's customers do.
pub(super) struct Pace {
    pub people: usize,
    pub demands: &'static [Demand],
    /// Why they cancel, in their own words.
    pub reasons: &'static [&'static str],
    /// What they write into a field, by its key.
    pub answers: Texts,
}

/// Answers to choose from, by the key of the field.
pub(super) type Texts = &'static [(&'static str, &'static [&'static str])];

/// Somebody's wish for a day.
pub(super) struct Wish {
    pub service: &'static str,
    pub day: Date,
    /// Whether it is for a certain staff member.
    pub named: bool,
    pub person: usize,
    /// Decides between all that fit.
    pub pick: usize,
}

#[derive(Clone, Copy)]
pub(super) enum Step {
    Book,
    Move { to: Date },
    Cancel { reason: Option<&'static str> },
}

/// A step of one wish, at its time.
#[derive(Clone, Copy)]
pub(super) struct Event {
    pub at: Timestamp,
    pub wish: usize,
    pub step: Step,
}

/// All wishes for the days of the demo, and what is done about them, in order of time.
pub(super) fn all(
    pace: &Pace,
    people: usize,
    (zone, now): (&TimeZone, Timestamp),
    chance: &Chance,
) -> (Vec<Wish>, Vec<Event>) {
    let today = zone.to_datetime(now).date();
    let (mut wishes, mut events) = (Vec::new(), Vec::new());
    for distance in -PAST_DAYS..AHEAD_DAYS {
        let day = today + distance.days();
        for demand in pace.demands {
            for _ in 0..demand.a_day {
                if chance.percent(fullness_percent(distance)) {
                    let index = wishes.len();
                    schedule(pace, (index, day), (zone, now), &mut events, chance);
                    wishes.push(Wish {
                        service: demand.service,
                        day,
                        named: chance.percent(demand.named_percent),
                        person: chance.below(people),
                        pick: chance.below(1_000_000),
                    });
                }
            }
        }
    }
    events.sort_by_key(|event| (event.at, event.wish));
    (wishes, events)
}

/// How full a day is, seen from the day the demo starts: the near ones nearly, the far ones hardly.
fn fullness_percent(distance: i64) -> usize {
    match distance {
        ..=7 => 80,
        8..=14 => 55,
        15..=28 => 35,
        _ => 15,
    }
}

/// Decides when a wish is made, and what becomes of it later.
fn schedule(
    pace: &Pace,
    (wish, day): (usize, Date),
    (zone, now): (&TimeZone, Timestamp),
    events: &mut Vec<Event>,
    chance: &Chance,
) {
    // The demo's zones have no day without a midnight.
    let midnight = zone.to_ambiguous_timestamp(day.at(0, 0, 0, 0));
    let start = midnight.compatible().unwrap_or(Timestamp::MAX);
    let earliest = start - SignedDuration::from_hours(24 * LONGEST_LEAD_DAYS);
    let latest = (start - SignedDuration::from_hours(SHORTEST_LEAD_HOURS)).min(now);
    let Some(at) = between(earliest, latest, chance) else {
        return;
    };
    let mut event = |at, step| events.push(Event { at, wish, step });
    event(at, Step::Book);
    let fate = chance.below(100);
    let Some(later) = between(at, latest, chance) else {
        return;
    };
    if fate < MOVED_PERCENT {
        let to = day + chance.between(-4, 10).days();
        event(later, Step::Move { to });
    } else if fate < MOVED_PERCENT + CANCELED_PERCENT {
        let reason = chance.percent(50).then(|| *chance.one(pace.reasons));
        event(later, Step::Cancel { reason });
    }
}

/// A second between two instants, more often a late one.
fn between(from: Timestamp, to: Timestamp, chance: &Chance) -> Option<Timestamp> {
    let span = to.as_second() - from.as_second();
    if span <= 0 {
        return None;
    }
    let back = chance.between(0, span).min(chance.between(0, span));
    Timestamp::from_second(to.as_second() - back).ok()
}

/// What this person answers: everything that is required, and some of the rest.
pub(super) fn answers(
    service: &Service,
    texts: Texts,
    person: &NewPerson,
    pick: usize,
) -> Vec<(String, String)> {
    let text = |key: &str, pick: usize| {
        let (_, texts) = texts.iter().find(|(known, _)| *known == key)?;
        texts.get(pick % texts.len()).map(|text| (*text).to_owned())
    };
    let mut given = Vec::new();
    for (index, field) in service.fields.iter().enumerate() {
        let pick = pick / (index + 3);
        if !field.required && !pick.is_multiple_of(3) {
            continue;
        }
        let answer = match field.kind {
            FieldKind::Choice => field.choices.get(pick % field.choices.len()).cloned(),
            FieldKind::Check => Some("yes".to_owned()),
            FieldKind::Phone => person.phone.as_ref().map(|phone| phone.expose().to_owned()),
            FieldKind::Text | FieldKind::LongText | FieldKind::Date => text(&field.key, pick),
        };
        given.extend(answer.map(|answer| (field.key.clone(), answer)));
    }
    given
}
