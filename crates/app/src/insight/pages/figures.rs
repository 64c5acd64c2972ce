//! Each figure: what it draws, and the same numbers as a table.

use askama::filters::Safe;
use kept_base::args;
use kept_base::page::{Locale, when};

use super::chart::{self, Bar};
use crate::desk::Desk;
use crate::ids::StaffId;
use crate::insight::{Facts, Tally};
use crate::page::{Markup, Words};
use crate::scheduling::LEAD_DAYS;

/// A chart and its numbers.
pub(super) struct Figure {
    pub id: &'static str,
    pub title: String,
    pub note: String,
    pub svg: Markup,
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// A number that is shown large.
pub(super) struct Number {
    pub value: String,
    pub label: String,
}

/// Every figure, in order.
pub(super) fn figures(desk: &Desk, facts: &Facts) -> Vec<Figure> {
    let (words, locale) = (desk.words(), desk.locale());
    vec![
        by_week(words, locale, facts),
        no_shows(words, locale, facts),
        by_service(desk, facts),
        by_staff(desk, facts),
        used(desk, facts),
        lead(words, facts),
        heat(words, locale, facts),
    ]
}

fn percent(words: Words<'_>, share: f64) -> String {
    let value = format!("{:.0}", share * 100.0);
    words.with("insight-percent", args!["value" => &value])
}

/// How much `part` is of `whole`; nothing of nothing is nothing.
fn share(part: i64, whole: i64) -> f64 {
    let number = |value: i64| f64::from(i32::try_from(value).unwrap_or(i32::MAX));
    if whole > 0 {
        number(part) / number(whole)
    } else {
        0.0
    }
}

/// The numbers that are shown large.
pub(super) fn numbers(words: Words<'_>, facts: &Facts) -> Vec<Number> {
    let total = facts.total();
    let all = i64::from(total.stood + total.canceled);
    let booked: i64 = facts.staff.iter().map(|one| one.booked_minutes).sum();
    let bookable: i64 = facts.staff.iter().map(|one| one.bookable_minutes).sum();
    let values = [
        ("appointments", total.stood.to_string()),
        (
            "canceled",
            percent(words, share(i64::from(total.canceled), all)),
        ),
        (
            "no-show",
            percent(
                words,
                share(i64::from(total.no_show), i64::from(facts.past())),
            ),
        ),
        ("used", percent(words, share(booked, bookable))),
    ];
    let numbers = values.into_iter().map(|(id, value)| Number {
        value,
        label: words.say(&format!("insight-number-{id}")),
    });
    numbers.collect()
}

fn figure(
    words: Words<'_>,
    id: &'static str,
    draw: impl FnOnce(&str) -> String,
    head: &[&str],
    rows: Vec<Vec<String>>,
) -> Figure {
    let title = words.say(&format!("insight-{id}"));
    Figure {
        id,
        svg: Safe(draw(&title)),
        note: words.say(&format!("insight-{id}.note")),
        title,
        head: head
            .iter()
            .map(|id| words.say(&format!("insight-{id}")))
            .collect(),
        rows,
    }
}

fn by_week(words: Words<'_>, locale: Locale, facts: &Facts) -> Figure {
    let weeks = facts.weeks.iter().map(|week| Bar {
        label: when::day_month(locale, week.monday),
        value: f64::from(week.tally.stood),
        text: week.tally.stood.to_string(),
    });
    let weeks: Vec<Bar> = weeks.collect();
    let rows = facts.weeks.iter().map(|week| {
        vec![
            when::day_month(locale, week.monday),
            week.tally.stood.to_string(),
            week.tally.canceled.to_string(),
        ]
    });
    let head = ["head-week", "head-appointments", "head-canceled"];
    figure(
        words,
        "by-week",
        |title| chart::columns(title, &weeks),
        &head,
        rows.collect(),
    )
}

fn no_shows(words: Words<'_>, locale: Locale, facts: &Facts) -> Figure {
    let weeks = facts.weeks.iter().map(|week| {
        let rate = share(i64::from(week.tally.no_show), i64::from(week.past));
        Bar {
            label: when::day_month(locale, week.monday),
            value: rate,
            text: percent(words, rate),
        }
    });
    let weeks: Vec<Bar> = weeks.collect();
    let rows = facts.weeks.iter().zip(&weeks).map(|(week, rate)| {
        vec![
            rate.label.clone(),
            week.past.to_string(),
            week.tally.no_show.to_string(),
            rate.text.clone(),
        ]
    });
    let head = ["head-week", "head-past", "head-no-show", "head-rate"];
    figure(
        words,
        "no-show",
        |title| chart::line(title, &weeks),
        &head,
        rows.collect(),
    )
}

/// Bars of tallies, and their table.
fn tallied(words: Words<'_>, id: &'static str, what: &str, tallies: &[(String, Tally)]) -> Figure {
    let bars = tallies.iter().map(|(label, tally)| Bar {
        label: label.clone(),
        value: f64::from(tally.stood),
        text: tally.stood.to_string(),
    });
    let bars: Vec<Bar> = bars.collect();
    let rows = tallies.iter().map(|(label, tally)| {
        let counts = [tally.stood, tally.canceled, tally.no_show];
        let counts = counts.iter().map(ToString::to_string);
        std::iter::once(label.clone()).chain(counts).collect()
    });
    let head = [what, "head-appointments", "head-canceled", "head-no-show"];
    figure(
        words,
        id,
        |title| chart::bars(title, &bars, None),
        &head,
        rows.collect(),
    )
}

fn by_service(desk: &Desk, facts: &Facts) -> Figure {
    let words = desk.words();
    let named = facts.services.iter().map(|(id, tally)| {
        let service = desk.catalog.service(*id);
        let name = service.map_or_else(|| words.say("insight-gone"), |one| one.name.clone());
        (name, *tally)
    });
    let named: Vec<_> = named.collect();
    tallied(words, "services", "head-service", &named)
}

fn staff_name(desk: &Desk, id: StaffId) -> String {
    let member = desk.catalog.staff_member(id);
    member.map_or_else(|| desk.words().say("insight-gone"), |one| one.name.clone())
}

fn by_staff(desk: &Desk, facts: &Facts) -> Figure {
    let named = facts
        .staff
        .iter()
        .map(|one| (staff_name(desk, one.staff), one.tally));
    let named: Vec<_> = named.collect();
    tallied(desk.words(), "staff", "head-staff", &named)
}

fn used(desk: &Desk, facts: &Facts) -> Figure {
    let words = desk.words();
    let bars = facts.staff.iter().map(|one| {
        let part = share(one.booked_minutes, one.bookable_minutes);
        Bar {
            label: staff_name(desk, one.staff),
            value: part,
            text: percent(words, part),
        }
    });
    let bars: Vec<Bar> = bars.collect();
    let hours = |minutes: i64| words.with("insight-hours", args!["count" => minutes / 60]);
    let rows = facts.staff.iter().zip(&bars).map(|(one, bar)| {
        vec![
            bar.label.clone(),
            hours(one.booked_minutes),
            hours(one.bookable_minutes),
            bar.text.clone(),
        ]
    });
    let head = ["head-staff", "head-booked", "head-bookable", "head-used"];
    figure(
        words,
        "used",
        |title| chart::bars(title, &bars, Some(1.0)),
        &head,
        rows.collect(),
    )
}

fn lead(words: Words<'_>, facts: &Facts) -> Figure {
    let classes = LEAD_DAYS.iter().zip(facts.lead).enumerate();
    let bars = classes.map(|(at, (from, count))| {
        let label = match LEAD_DAYS.get(at + 1) {
            _ if at == 0 => words.say("insight-lead-same-day"),
            Some(next) if next - from == 1 => {
                words.with("insight-lead-days", args!["from" => *from])
            }
            Some(next) => words.with(
                "insight-lead-between",
                args!["from" => *from, "to" => next - 1],
            ),
            None => words.with("insight-lead-more", args!["from" => *from]),
        };
        Bar {
            label,
            value: f64::from(count),
            text: count.to_string(),
        }
    });
    let bars: Vec<Bar> = bars.collect();
    let rows = bars
        .iter()
        .map(|bar| vec![bar.label.clone(), bar.text.clone()]);
    let head = ["head-lead", "head-appointments"];
    figure(
        words,
        "lead",
        |title| chart::bars(title, &bars, None),
        &head,
        rows.collect(),
    )
}

fn heat(words: Words<'_>, locale: Locale, facts: &Facts) -> Figure {
    let is_used = |hour: &usize| facts.heat.iter().any(|day| day[*hour] > 0);
    let first = (0..24).find(is_used).unwrap_or(9);
    let last = (0..24).rfind(is_used).unwrap_or(17);
    let mut monday = facts.period.from;
    let mut days = Vec::new();
    for _ in 0..7 {
        days.push(when::weekday_short(locale, monday));
        monday = monday.tomorrow().unwrap_or(monday);
    }
    let hours: Vec<String> = (first..=last).map(|hour| hour.to_string()).collect();
    let counts = facts.heat.iter().map(|day| day[first..=last].to_vec());
    let counts: Vec<Vec<u32>> = counts.collect();
    let rows = days.iter().zip(&counts).map(|(day, counts)| {
        let counts = counts.iter().map(ToString::to_string);
        std::iter::once(day.clone()).chain(counts).collect()
    });
    let rows = rows.collect();
    let mut heat = figure(
        words,
        "heat",
        |title| chart::heat(title, &days, &hours, &counts),
        &["head-day"],
        rows,
    );
    heat.head.extend(hours);
    heat
}
