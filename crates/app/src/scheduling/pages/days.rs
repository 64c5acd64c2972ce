//! The strip of days and the month, and how to get from one to the next.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use kept_base::args;
use kept_base::page::when;

use super::here::Here;
use super::offered::days_later;
use super::picked::{DayState, Picked};
use super::picker::Named;
use crate::page::Words;

/// A day of the strip or the month.
pub(super) struct DayCell {
    /// Where it leads; `None` for a day without free times.
    pub url: Option<String>,
    pub weekday: String,
    pub number: i8,
    /// For those who hear the page: "December".
    pub month: String,
    pub state: String,
    pub current: bool,
}

/// The days of a strip, or the weeks of a month; the other is empty.
pub(super) fn cells(
    picked: &Picked,
    words: Words<'_>,
    here: &Here,
) -> (Vec<DayCell>, Vec<Vec<Option<DayCell>>>) {
    let url = |day: Date| here.with("day", day).url();
    let cells: Vec<DayCell> = picked
        .days
        .iter()
        .map(|(date, state)| cell(picked, words, url, *date, *state))
        .collect();
    if picked.whole_month {
        (
            Vec::new(),
            weeks(cells, picked.days.first().map(|(d, _)| *d)),
        )
    } else {
        (without_closed_weekend(cells, &picked.days), Vec::new())
    }
}

fn cell(
    picked: &Picked,
    words: Words<'_>,
    url: impl Fn(Date) -> String,
    date: Date,
    state: DayState,
) -> DayCell {
    let state_text = match state {
        DayState::Free(free) => words.with("day-free", args!["count" => free]),
        DayState::Full => words.say("day-full"),
        DayState::Closed => words.say("day-closed"),
        DayState::Past => words.say("day-past"),
        DayState::TooFar => words.say("day-too-far"),
    };
    DayCell {
        url: matches!(state, DayState::Free(_)).then(|| url(date)),
        weekday: when::weekday_short(words.locale(), date),
        number: date.day(),
        month: when::month_year(words.locale(), date),
        state: state_text,
        current: date == picked.day,
    }
}

/// Saturday and Sunday take no room on a phone where nobody works then.
fn without_closed_weekend(cells: Vec<DayCell>, days: &[(Date, DayState)]) -> Vec<DayCell> {
    let shown = |(date, state): &(Date, DayState)| {
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        !(weekend && matches!(state, DayState::Closed | DayState::Past))
    };
    cells
        .into_iter()
        .zip(days)
        .filter(|(cell, day)| cell.current || shown(day))
        .map(|(cell, _)| cell)
        .collect()
}

/// The days of a month in rows of a week, which begins on Monday.
fn weeks(cells: Vec<DayCell>, first: Option<Date>) -> Vec<Vec<Option<DayCell>>> {
    let before = first.map_or(0, |day| day.weekday().since(Weekday::Monday));
    let mut all: Vec<Option<DayCell>> = (0..before).map(|_| None).collect();
    all.extend(cells.into_iter().map(Some));
    while !all.len().is_multiple_of(7) {
        all.push(None);
    }
    let mut weeks = Vec::new();
    while !all.is_empty() {
        let rest = all.split_off(7);
        weeks.push(std::mem::replace(&mut all, rest));
    }
    weeks
}

/// "Mon" and "Monday", and so on.
pub(super) fn week(words: Words<'_>) -> Vec<(String, String)> {
    let monday = Date::constant(2026, 11, 30);
    (0..7)
        .map(|days| days_later(monday, days))
        .map(|day| {
            let locale = words.locale();
            (
                when::weekday_short(locale, day),
                when::weekday_long(locale, day),
            )
        })
        .collect()
}

/// "December 2026", and over a turn of the month "30 Nov – 6 Dec".
pub(super) fn range(picked: &Picked, words: Words<'_>) -> String {
    let locale = words.locale();
    let (Some((from, _)), Some((to, _))) = (picked.days.first(), picked.days.last()) else {
        return String::new();
    };
    if picked.whole_month || from.month() == to.month() {
        return when::month_year(locale, *from);
    }
    let (from, to) = (when::day_month(locale, *from), when::day_month(locale, *to));
    format!("{from} – {to}")
}

/// The stretch before and the one after, where there is something to look at.
pub(super) fn neighbors(picked: &Picked, here: &Here) -> (Option<String>, Option<String>) {
    let (Some((from, _)), Some((to, _))) = (picked.days.first(), picked.days.last()) else {
        return (None, None);
    };
    let (first, last) = picked.bounds;
    let after = days_later(*to, 1);
    let url = |day: Date| {
        if picked.whole_month {
            here.without(&["day"])
                .with("month", day.strftime("%Y-%m"))
                .url()
        } else {
            here.without(&["month"]).with("day", day.max(first)).url()
        }
    };
    let before = if picked.whole_month {
        from.checked_sub(1.month()).unwrap_or(*from)
    } else {
        days_later(*from, -7)
    };
    (
        (*from > first).then(|| url(before)),
        (after <= last).then(|| url(after)),
    )
}

/// From the strip to the month, and back.
pub(super) fn other_span(picked: &Picked, words: Words<'_>, here: &Here) -> Named {
    let (here, name) = if picked.whole_month {
        let here = here.without(&["month"]).with("day", picked.day);
        (here, words.say("show-week"))
    } else {
        let month = picked.day.strftime("%Y-%m");
        (here.with("month", month), words.say("show-month"))
    };
    Named {
        url: here.url(),
        name,
        detail: String::new(),
        current: false,
    }
}
