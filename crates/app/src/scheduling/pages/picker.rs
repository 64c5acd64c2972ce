//! The picker of day and time, as its template shows it.

use jiff::Timestamp;
use kept_base::args;
use kept_base::page::when;
use kept_slots::Staffing;

use super::super::{HOLD_MINUTES, Offer};
use super::days::{self, DayCell};
use super::here::Here;
use super::offered::days_later;
use super::picked::Picked;
use super::show;
use crate::page::{Markup, Words};

/// A link and what stands on it.
pub(super) struct Named {
    pub url: String,
    pub name: String,
    pub detail: String,
    pub current: bool,
}

/// Times of one part of the day.
pub(super) struct Part {
    pub legend: String,
    pub times: Vec<TimeOption>,
}

/// A time that can be chosen.
pub(super) struct TimeOption {
    /// The instant, as sent.
    pub at: String,
    pub time: String,
    pub there: Option<String>,
    /// What stands beside the button once it is chosen.
    pub choice: String,
    pub checked: bool,
}

/// Everything the template shows.
pub(super) struct Picker {
    pub chooser: Markup,
    pub people: Vec<Named>,
    pub places: Vec<Named>,
    pub first: Option<Named>,
    pub elsewhere: Vec<Named>,
    pub range: String,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub other_span: Named,
    pub days: Vec<DayCell>,
    /// The names of the days of the week, over a whole month.
    pub week: Vec<(String, String)>,
    /// The weeks of a whole month; empty for the strip of one week.
    pub weeks: Vec<Vec<Option<DayCell>>>,
    pub heading: String,
    pub parts: Vec<Part>,
    pub empty: Option<String>,
    pub zone: Markup,
    pub zone_name: String,
    pub zone_sample: String,
    pub zone_url: String,
    pub zone_base: String,
    pub there: Option<Markup>,
    pub clocks_change: Option<String>,
    pub hold: String,
}

/// Builds it for the page at `here`.
pub(super) fn view(picked: &Picked, words: Words<'_>, here: &Here) -> Picker {
    let here = &here.without(&["at", "booked"]);
    let (days, weeks) = days::cells(picked, words, here);
    let (previous, next) = days::neighbors(picked, here);
    let sample = picked.offers.first().map_or_else(
        || super::super::ask::start_of(picked.day, &picked.zone.rules),
        |offer| offer.starts_at,
    );
    let (zone, offset) = show::zone_parts(words, sample, &picked.zone);
    Picker {
        chooser: chooser(picked, words),
        people: people(picked, words, here),
        places: places(picked, here),
        first: first(picked, words, here),
        elsewhere: elsewhere(picked, words, here),
        range: days::range(picked, words),
        previous,
        next,
        other_span: days::other_span(picked, words, here),
        days,
        week: days::week(words),
        weeks,
        heading: words.with(
            "times-on",
            args!["day" => &when::day_long(words.locale(), picked.day)],
        ),
        parts: parts(picked, words),
        empty: empty(picked, words),
        zone: words.markup("times-in", &[("zone", &zone), ("offset", &offset)]),
        zone_name: picked.zone.name.clone(),
        zone_sample: sample.to_string(),
        zone_url: here.link().with("pick", "zone").to_string(),
        zone_base: here.without(&["zone"]).url(),
        there: show::differ(sample, &picked.zone, &picked.there).then(|| {
            let line = show::zone_line(words, sample, &picked.there);
            words.markup("times-there", &[("zone", &line)])
        }),
        clocks_change: clocks_change(picked).then(|| words.say("clocks-change")),
        hold: words.with("hold-promise", args!["minutes" => HOLD_MINUTES]),
    }
}

/// "With anyone available at Harbor, Hafenstr. 12."
fn chooser(picked: &Picked, words: Words<'_>) -> Markup {
    let catalog = &picked.settled.catalog;
    let place = picked
        .settled
        .place
        .map(|place| show::place(&catalog.locations[place]));
    let place = place.as_deref().unwrap_or(&catalog.organization.name);
    let service = picked.settled.service();
    let named = picked.settled.staff.and_then(|id| catalog.staff_member(id));
    let all: Vec<&str> = (service.staff.iter())
        .map(|index| catalog.staff[*index].name.as_str())
        .collect();
    if let Some(how) = show::distant(words, service.mode) {
        return match (named, service.staffing, all.as_slice()) {
            (Some(one), Staffing::AnyOf, _) => {
                words.markup("with-how", &[("who", &one.name), ("how", &how)])
            }
            (None, Staffing::AnyOf, [] | [_, _, ..]) => {
                words.markup("with-any-how", &[("how", &how)])
            }
            (_, _, all) => words.markup("with-how", &[("who", &all.join(", ")), ("how", &how)]),
        };
    }
    match (named, service.staffing, all.as_slice()) {
        (Some(member), Staffing::AnyOf, _) => {
            words.markup("with-at", &[("who", &member.name), ("place", place)])
        }
        (None, Staffing::AnyOf, [only]) => {
            words.markup("with-at", &[("who", only), ("place", place)])
        }
        (None, Staffing::AnyOf, _) => words.markup("with-any-at", &[("place", place)]),
        (_, Staffing::AllOf, all) => {
            words.markup("with-at", &[("who", &all.join(", ")), ("place", place)])
        }
    }
}

fn people(picked: &Picked, words: Words<'_>, here: &Here) -> Vec<Named> {
    let service = picked.settled.service();
    if service.staffing == Staffing::AllOf || service.staff.len() < 2 {
        return Vec::new();
    }
    let here = here.without(&["staff", "day", "month"]);
    let any = Named {
        url: here.url(),
        name: words.say("anyone"),
        detail: String::new(),
        current: picked.settled.staff.is_none(),
    };
    let members = service.staff.iter().map(|index| {
        let member = &picked.settled.catalog.staff[*index];
        Named {
            url: here.with("staff", member.id).url(),
            name: member.name.clone(),
            detail: member.title.clone(),
            current: picked.settled.staff == Some(member.id),
        }
    });
    std::iter::once(any).chain(members).collect()
}

fn places(picked: &Picked, here: &Here) -> Vec<Named> {
    let settled = &picked.settled;
    if settled.locations.len() < 2 {
        return Vec::new();
    }
    let here = here.without(&["location", "day", "month"]);
    let named = |place: &usize| {
        let location = &settled.catalog.locations[*place];
        Named {
            url: here.with("location", location.id).url(),
            name: location.name.clone(),
            detail: location.address.clone(),
            current: settled.place == Some(*place),
        }
    };
    settled.locations.iter().map(named).collect()
}

/// "Tue 1 Dec, 09:00".
fn short(picked: &Picked, words: Words<'_>, at: Timestamp) -> String {
    let (locale, rules) = (words.locale(), &picked.zone.rules);
    let day = when::day_short(locale, rules.to_datetime(at).date());
    format!("{day}, {}", when::time(locale, at, rules))
}

fn to_time(picked: &Picked, here: &Here, at: Timestamp) -> Here {
    let day = picked.zone.rules.to_datetime(at).date();
    here.without(&["month"]).with("day", day).with("at", at)
}

fn first(picked: &Picked, words: Words<'_>, here: &Here) -> Option<Named> {
    let at = picked.first.filter(|at| picked.at != Some(*at))?;
    Some(Named {
        url: to_time(picked, here, at).url(),
        name: short(picked, words, at),
        detail: String::new(),
        current: false,
    })
}

fn elsewhere(picked: &Picked, words: Words<'_>, here: &Here) -> Vec<Named> {
    let named = |(place, at): &(usize, Timestamp)| {
        let location = &picked.settled.catalog.locations[*place];
        let here = here.with("location", location.id);
        Named {
            url: to_time(picked, &here, *at).url(),
            name: short(picked, words, *at),
            detail: location.name.clone(),
            current: false,
        }
    };
    picked.elsewhere.iter().map(named).collect()
}

/// Before 12:00, before 17:00, later; on the visitor's clock.
fn parts(picked: &Picked, words: Words<'_>) -> Vec<Part> {
    let part_of = |offer: &Offer| match picked.zone.rules.to_datetime(offer.starts_at).hour() {
        0..5 => "part-night",
        5..12 => "part-morning",
        12..17 => "part-afternoon",
        _ => "part-evening",
    };
    let mut parts: Vec<Part> = Vec::new();
    let mut last = "";
    for offer in &picked.offers {
        let part = part_of(offer);
        if part != last {
            parts.push(Part {
                legend: words.say(part),
                times: Vec::new(),
            });
            last = part;
        }
        if let Some(part) = parts.last_mut() {
            part.times.push(option(picked, words, offer.starts_at));
        }
    }
    parts
}

fn option(picked: &Picked, words: Words<'_>, at: Timestamp) -> TimeOption {
    let there = show::differ(at, &picked.zone, &picked.there).then(|| {
        let time = when::time(words.locale(), at, &picked.there.rules);
        words.with("time-there", args!["time" => &time])
    });
    TimeOption {
        at: at.to_string(),
        time: when::time(words.locale(), at, &picked.zone.rules),
        there,
        choice: short(picked, words, at),
        checked: picked.at == Some(at),
    }
}

fn empty(picked: &Picked, words: Words<'_>) -> Option<String> {
    if !picked.offers.is_empty() {
        return None;
    }
    let days = picked.settled.service().rules.horizon_days;
    Some(match (picked.settled.place, picked.first) {
        (None, _) => words.say("empty-service"),
        (Some(_), None) => words.with("empty-all", args!["days" => days]),
        (Some(_), Some(_)) => words.say("empty-day"),
    })
}

/// Whether clocks are set on the day shown, where the visitor is or where the place is.
fn clocks_change(picked: &Picked) -> bool {
    let next = days_later(picked.day, 1);
    [&picked.zone, &picked.there].into_iter().any(|zone| {
        let start = super::super::ask::start_of(picked.day, &zone.rules);
        let end = super::super::ask::start_of(next, &zone.rules);
        zone.rules.to_offset(start) != zone.rules.to_offset(end)
    })
}
