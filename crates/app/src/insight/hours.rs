//! How many minutes somebody can be booked: pure.

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan as _};
use kept_slots::{DaySpan, Hours, Place};

/// The minutes of `hours` on the days from `from` to before `to`, without closed days and time
/// off. Spans of one day that overlap count once; a night with a clock change has the minutes that
/// pass.
#[must_use]
pub fn bookable_minutes(hours: &Hours, places: &[Place], from: Date, to: Date) -> i64 {
    let mut seconds = 0;
    let mut day = from;
    while day < to {
        let mut open: Vec<(i64, i64)> = Vec::new();
        let own = hours.overrides.iter().filter(|one| one.day == day);
        let mut replaced = false;
        for one in own {
            replaced = true;
            open.extend(
                one.spans
                    .iter()
                    .filter_map(|span| opened(span, places, day)),
            );
        }
        if !replaced {
            let weekly = hours
                .weekly
                .iter()
                .filter(|one| one.weekday == weekday(day));
            open.extend(weekly.filter_map(|one| opened(&one.span, places, day)));
        }
        seconds += without(join(open), hours);
        day = day.saturating_add(1.day());
    }
    seconds / 60
}

fn weekday(day: Date) -> Weekday {
    day.weekday()
}

/// When a span of a day begins and ends, in seconds; `None` on a closed day.
fn opened(span: &DaySpan, places: &[Place], day: Date) -> Option<(i64, i64)> {
    let place = places.get(usize::from(span.place))?;
    if place.closed_days.contains(&day) {
        return None;
    }
    let midnight = day.to_datetime(jiff::civil::Time::midnight());
    let at = |minutes: u16| {
        let civil = midnight.checked_add(i64::from(minutes).minutes()).ok()?;
        let instant: Option<Timestamp> = place.zone.to_timestamp(civil).ok();
        instant.map(Timestamp::as_second)
    };
    let (opens, closes) = (at(span.opens)?, at(span.closes)?);
    (opens < closes).then_some((opens, closes))
}

/// The same stretches without overlaps.
fn join(mut open: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    open.sort_unstable();
    let mut joined: Vec<(i64, i64)> = Vec::new();
    for (from, to) in open {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// The seconds of the stretches outside time off.
fn without(open: Vec<(i64, i64)>, hours: &Hours) -> i64 {
    let away = hours.time_off.iter();
    let away = join(
        away.map(|one| (one.start.as_second(), one.end.as_second()))
            .collect(),
    );
    let mut seconds = 0;
    for (from, to) in open {
        let gone = away
            .iter()
            .map(|(start, end)| (to.min(*end) - from.max(*start)).max(0));
        seconds += to - from - gone.sum::<i64>();
    }
    seconds
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::TimeZone;
    use kept_slots::{DayOverride, WeeklySpan, Window};

    use super::*;

    fn span(opens: u16, closes: u16) -> DaySpan {
        DaySpan::new(opens, closes, 0).expect("a span")
    }

    fn sundays(spans: &[(u16, u16)]) -> Hours {
        let weekly = spans.iter().map(|(opens, closes)| WeeklySpan {
            weekday: Weekday::Sunday,
            span: span(*opens, *closes),
        });
        Hours {
            weekly: weekly.collect(),
            ..Hours::default()
        }
    }

    fn minutes(hours: &Hours, closed: &[Date], from: Date, days: i64) -> i64 {
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        let places = [Place {
            zone,
            closed_days: closed.to_vec(),
        }];
        bookable_minutes(hours, &places, from, from.saturating_add(days.days()))
    }

    #[test]
    fn hours_are_counted_as_they_pass() {
        let first = date(2027, 3, 21);
        let two_spans = sundays(&[(60, 240), (180, 300)]);
        assert_eq!(
            minutes(&two_spans, &[], first, 7),
            240,
            "overlaps count once"
        );
        let early = sundays(&[(60, 240)]);
        assert_eq!(
            minutes(&early, &[], first, 14),
            180 + 120,
            "clocks go forward on the 28th"
        );
        assert_eq!(minutes(&early, &[first], first, 7), 0, "closed");
        let mut replaced = early.clone();
        replaced.overrides.push(DayOverride {
            day: first,
            spans: vec![span(600, 630)],
        });
        assert_eq!(minutes(&replaced, &[], first, 7), 30, "one day's own hours");
        let mut away = early.clone();
        let off = Window::new(
            "2027-03-21T01:00:00Z".parse().expect("an instant"),
            "2027-03-21T02:00:00Z".parse().expect("an instant"),
        );
        away.time_off.push(off.expect("a window"));
        assert_eq!(minutes(&away, &[], first, 7), 120, "time off");
    }
}
