//! Hours, days that differ and time off in words, and their forms as they were sent.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use kept_base::input::Fields;
use kept_base::page::when;

use super::form::{Choice, text};
use super::times::{self, Row, Typed, clock};
use crate::desk::Desk;
use crate::offering::hours::{Away, DayHours, WeeklyHours};

/// Stretches that a day that differs can be given at once.
const DAY_ROWS: usize = 2;

/// A day that differs, in words.
pub(super) struct Day {
    pub date: String,
    pub text: String,
    pub hours: String,
}

/// An absence, in words.
pub(super) struct Absence {
    pub id: String,
    pub text: String,
}

/// The form of a day that differs.
pub(super) struct DayForm {
    pub date: String,
    pub kinds: Vec<Choice>,
    pub rows: Vec<Row>,
}

/// The form of time off.
#[derive(Default)]
pub(super) struct AwayForm {
    pub first: String,
    pub first_time: String,
    pub last: String,
    pub last_time: String,
}

pub(super) fn as_typed(row: &WeeklyHours) -> Typed {
    Typed {
        day: row.weekday.to_monday_one_offset().to_string(),
        from: clock(row.opens),
        to: clock(row.closes),
        place: row.location.to_string(),
        service: row.service.map_or_else(String::new, |id| id.to_string()),
    }
}

pub(super) fn days_shown(desk: &Desk, days: &[DayHours]) -> Vec<Day> {
    let words = desk.words();
    let mut by_day: BTreeMap<Date, Vec<String>> = BTreeMap::new();
    for one in days {
        let stretches = by_day.entry(one.day).or_default();
        if let Some((location, opens, closes)) = one.open {
            let place = desk.catalog.location(location);
            let place = place.map_or("", |location| location.name.as_str());
            stretches.push(format!("{}–{} {place}", clock(opens), clock(closes)));
        }
    }
    let each = by_day.into_iter().map(|(day, stretches)| Day {
        date: day.to_string(),
        text: when::day_long(words.locale(), day),
        hours: if stretches.is_empty() {
            words.say("day-off")
        } else {
            stretches.join(", ")
        },
    });
    each.collect()
}

pub(super) fn day_form(desk: &Desk, sent: &Fields) -> DayForm {
    let words = desk.words();
    let kind = text(sent, "kind");
    let kinds = ["open", "off", "usual"]
        .map(|one| Choice::new(one, words.say(&format!("day-kind-{one}")), one == kind));
    // A day has no weekday to choose: the column stands for the row alone.
    let typed = times::rows(sent);
    let mut rows = times::grid(desk, &typed, None, false);
    rows.truncate(DAY_ROWS.max(typed.len()));
    DayForm {
        date: text(sent, "date"),
        kinds: kinds.into(),
        rows,
    }
}

pub(super) fn absence(desk: &Desk, away: &Away) -> Absence {
    let locale = desk.words().locale();
    let zone = &desk.catalog.zone;
    let (starts, ends) = (
        zone.to_datetime(away.starts_at),
        zone.to_datetime(away.ends_at),
    );
    let whole = starts.time() == Time::midnight() && ends.time() == Time::midnight();
    let last = ends.date().yesterday().unwrap_or(ends.date());
    let text = if whole && starts.date() == last {
        when::day_long(locale, last)
    } else if whole {
        format!(
            "{} – {}",
            when::day(locale, starts.date()),
            when::day(locale, last)
        )
    } else {
        format!(
            "{} – {}",
            when::date_time(locale, away.starts_at, zone),
            when::date_time(locale, away.ends_at, zone)
        )
    };
    Absence {
        id: away.id.to_string(),
        text,
    }
}

pub(super) fn away_form(sent: &Fields) -> AwayForm {
    AwayForm {
        first: text(sent, "first"),
        first_time: text(sent, "first-time"),
        last: text(sent, "last"),
        last_time: text(sent, "last-time"),
    }
}
