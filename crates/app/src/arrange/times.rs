//! Times of day in forms, and rows of weekly hours.

use jiff::civil::Weekday;
use kept_base::input::Fields;
use kept_base::page::Locale;

use super::form::Choice;
use crate::desk::Desk;
use crate::offering::MAX_WEEKLY_ROWS;

/// Empty rows that stand ready below those with hours.
const SPARE_ROWS: usize = 2;

/// The days of the week, Monday first.
pub(super) const DAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// A row of the grid as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Typed {
    pub day: String,
    pub from: String,
    pub to: String,
    pub place: String,
    pub service: String,
}

/// A row of the grid as it is shown.
pub(super) struct Row {
    pub number: usize,
    pub days: Vec<Choice>,
    pub from: String,
    pub to: String,
    pub places: Vec<Choice>,
    pub services: Vec<Choice>,
    pub wrong: bool,
}

/// Reads the rows of a form; those without any time are left out.
pub(super) fn rows(form: &Fields) -> Vec<Typed> {
    let column = |name: &str| -> Vec<String> {
        form.get_all(name)
            .map(|text| text.trim().to_owned())
            .collect()
    };
    let (days, from, to) = (column("day"), column("from"), column("to"));
    let (places, services) = (column("place"), column("service"));
    let at = |column: &[String], row: usize| column.get(row).cloned().unwrap_or_default();
    let rows = (0..days.len().min(MAX_WEEKLY_ROWS)).map(|row| Typed {
        day: at(&days, row),
        from: at(&from, row),
        to: at(&to, row),
        place: at(&places, row),
        service: at(&services, row),
    });
    rows.filter(|row| !row.from.is_empty() || !row.to.is_empty())
        .collect()
}

/// Reads `9`, `9:00`, `09.30`, `24:00`; a closing before its opening is on the next day.
pub(super) fn span(from: &str, to: &str) -> Option<(u16, u16)> {
    let (opens, closes) = (minute(from)?, minute(to)?);
    let closes = if closes <= opens {
        closes + 1_440
    } else {
        closes
    };
    (opens < 1_440 && closes <= 2_880).then_some((opens, closes))
}

pub(super) fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once([':', '.']).unwrap_or((text, "0"));
    let plain =
        |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !plain(hours) || !plain(minutes) {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60 || hours == 24 && minutes == 0).then_some(hours * 60 + minutes)
}

/// `09:00`, of the next day too.
pub(super) fn clock(minute: u16) -> String {
    let minute = if minute > 1_440 {
        minute - 1_440
    } else {
        minute
    };
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// The day of a number from 1 (Monday) to 7.
pub(super) fn weekday(text: &str) -> Option<Weekday> {
    Weekday::from_monday_one_offset(text.parse().ok()?).ok()
}

/// "Monday", as the language says it.
pub(super) fn day_name(locale: Locale, day: Weekday) -> String {
    // 2024-01-01 was a Monday.
    let date = jiff::civil::date(2024, 1, day.to_monday_one_offset());
    kept_base::page::when::weekday_long(locale, date)
}

/// The grid: what was typed, and spare rows.
pub(super) fn grid(desk: &Desk, typed: &[Typed], wrong: Option<usize>, of_room: bool) -> Vec<Row> {
    let words = desk.words();
    let spare = (MAX_WEEKLY_ROWS - typed.len().min(MAX_WEEKLY_ROWS)).min(SPARE_ROWS);
    let empty = std::iter::repeat_n(Typed::default(), spare);
    let all = typed.iter().cloned().chain(empty).enumerate();
    let row = |(at, typed): (usize, Typed)| {
        let days = DAYS.map(|day| {
            let number = day.to_monday_one_offset().to_string();
            let chosen = number == typed.day;
            Choice::new(number, day_name(words.locale(), day), chosen)
        });
        let live = desk.catalog.locations.iter().enumerate();
        let live = live.filter(|(_, l)| !l.archived || l.id.to_string() == typed.place);
        let places = live.map(|(at, location)| {
            let chosen = location.id.to_string() == typed.place;
            Choice::new(location.id, desk.catalog.full_name(at), chosen)
        });
        let any = Choice::new("", words.say("hours-any-service"), typed.service.is_empty());
        let services = desk.catalog.offered().map(|service| {
            let chosen = service.id.to_string() == typed.service;
            Choice::new(service.id, &service.name, chosen)
        });
        Row {
            number: at + 1,
            days: days.into(),
            from: typed.from,
            to: typed.to,
            places: if of_room {
                Vec::new()
            } else {
                places.collect()
            },
            services: if of_room {
                Vec::new()
            } else {
                std::iter::once(any).chain(services).collect()
            },
            wrong: wrong == Some(at),
        }
    };
    all.map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        for (from, to, read) in [
            ("9", "17", Some((540, 1_020))),
            ("9:00", "12.30", Some((540, 750))),
            ("09:00", "24:00", Some((540, 1_440))),
            ("22:00", "02:00", Some((1_320, 1_560))),
            ("00:00", "00:00", Some((0, 1_440))),
            ("24:00", "25:00", None),
            ("9", "", None),
            ("9:60", "10", None),
            ("-1", "5", None),
            ("9h", "10", None),
        ] {
            assert_eq!(span(from, to), read, "{from} {to}");
        }
        assert_eq!(
            clock(540) + &clock(1_440) + &clock(1_560),
            "09:0024:0002:00"
        );
    }
}
