//! The small words of the table language.

use jiff::civil::Weekday;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use kept_slots::DaySpan;

/// A zone of the bundled database.
pub fn zone(name: &str) -> TimeZone {
    TimeZoneDatabase::bundled().get(name).unwrap()
}

pub fn split_at<'a>(words: &'a [&'a str]) -> (u16, &'a [&'a str]) {
    match words {
        [spans @ .., "at", place] => (place.parse().unwrap(), spans),
        spans => (0, spans),
    }
}

pub fn spans(words: &[&str]) -> Vec<DaySpan> {
    let (place, spans) = split_at(words);
    let spans = spans.iter().map(|span| {
        let (opens, closes) = span.split_once('-').unwrap();
        DaySpan {
            opens: clock(opens),
            closes: clock(closes),
            place,
        }
    });
    spans.collect()
}

pub fn clock(text: &str) -> u16 {
    let (hour, minute) = text.split_once(':').unwrap();
    hour.parse::<u16>().unwrap() * 60 + minute.parse::<u16>().unwrap()
}

pub fn minutes(text: &str) -> u32 {
    let (count, unit) = text.split_at(text.len() - 1);
    let unit = match unit {
        "m" => 1,
        "h" => 60,
        "d" => 1440,
        _ => panic!("unknown unit in {text}"),
    };
    count.parse::<u32>().unwrap() * unit
}

pub fn weekdays(text: &str) -> Vec<Weekday> {
    let day = |name: &str| {
        let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        names.iter().position(|known| *known == name).unwrap() as i8
    };
    let mut weekdays = vec![];
    for part in text.split(',') {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let days = (day(from)..=day(to)).map(|day| Weekday::from_monday_zero_offset(day).unwrap());
        weekdays.extend(days);
    }
    weekdays
}
