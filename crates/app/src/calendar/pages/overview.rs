//! The agenda, which is a list, and the month, which is a number for each day.

use jiff::ToSpan as _;
use jiff::civil::Date;
use kept_base::args;
use kept_base::page::when;

use super::super::asked::View;
use super::grid::Drawing;
use super::what::{Entry, appointment, reserved, reserved_resources, resources, whereabouts};
use crate::scheduling::Status;

/// A day of the agenda.
pub(super) struct DayList {
    pub title: String,
    pub today: bool,
    pub entries: Vec<Entry>,
}

/// A day of the month.
pub(super) struct Day {
    pub number: String,
    pub weekday: String,
    pub label: String,
    pub url: String,
    pub today: bool,
    /// It belongs to the month before or after.
    pub outside: bool,
    pub count: usize,
    pub text: String,
    /// How full, as a class, beside the busiest day.
    pub fill: &'static str,
}

pub(super) fn agenda(drawing: &Drawing<'_>) -> Vec<DayList> {
    let (first, after) = drawing.asked.days();
    let today = drawing.zone.to_datetime(drawing.found.now).date();
    let mut days = Vec::new();
    for date in first.series(1.day()).take_while(|date| *date < after) {
        let mut entries: Vec<(jiff::Timestamp, Entry)> = Vec::new();
        for taken in &drawing.found.appointments {
            let who = resources(taken);
            let on = drawing.zone.to_datetime(taken.starts_at).date() == date;
            if on
                && taken.status != Status::Canceled
                && drawing.asked.shows_any(who.iter().copied())
            {
                let mut entry = appointment(drawing, taken);
                entry.detail = format!("{} · {}", entry.detail, whereabouts(drawing, &who));
                entries.push((taken.starts_at, entry));
            }
        }
        for block in &drawing.found.blocks {
            let who = reserved_resources(block);
            let on = drawing.zone.to_datetime(block.starts_at).date() == date;
            if on && drawing.asked.shows_any(who.iter().copied()) {
                let mut entry = reserved(drawing, block);
                entry.detail = whereabouts(drawing, &who);
                entries.push((block.starts_at, entry));
            }
        }
        entries.sort_by_key(|(at, _)| *at);
        if !entries.is_empty() || date == today {
            days.push(DayList {
                title: when::day_long(drawing.locale(), date),
                today: date == today,
                entries: entries.into_iter().map(|(_, entry)| entry).collect(),
            });
        }
    }
    days
}

pub(super) fn month(drawing: &Drawing<'_>) -> Vec<Day> {
    let (first, after) = drawing.asked.days();
    let days: Vec<Date> = first
        .series(1.day())
        .take_while(|date| *date < after)
        .collect();
    let mut counts = vec![0_usize; days.len()];
    for taken in &drawing.found.appointments {
        let shown = drawing.asked.shows_any(resources(taken).into_iter());
        let date = drawing.zone.to_datetime(taken.starts_at).date();
        let index = days.iter().position(|day| *day == date);
        if let (Some(index), true, true) = (index, shown, taken.status != Status::Canceled) {
            counts[index] += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    let today = drawing.zone.to_datetime(drawing.found.now).date();
    (days.into_iter().zip(counts))
        .map(|(date, count)| Day {
            number: date.day().to_string(),
            weekday: when::weekday_short(drawing.locale(), date),
            label: when::day_long(drawing.locale(), date),
            url: drawing
                .desk
                .url(&drawing.asked.on(date).viewed(View::People).path()),
            today: date == today,
            outside: date.month() != drawing.asked.date.month(),
            count,
            text: drawing
                .words
                .with("cal-month-count", args!["count" => count]),
            fill: fill(count, most),
        })
        .collect()
}

fn fill(count: usize, most: usize) -> &'static str {
    const FILLS: [&str; 5] = ["f0", "f1", "f2", "f3", "f4"];
    let quarter = (count * 4).checked_div(most).unwrap_or(0);
    FILLS[if count > 0 { quarter.clamp(1, 4) } else { 0 }]
}
