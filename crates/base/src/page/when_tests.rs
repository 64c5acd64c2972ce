use insta::assert_snapshot;
use jiff::civil::{date, time as at_time};
use proptest::prelude::*;

use super::*;

fn zone(name: &str) -> TimeZone {
    jiff::tz::TimeZoneDatabase::bundled().get(name).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The same in every locale, a line each.
fn each(write: impl Fn(Locale) -> String) -> String {
    let lines: Vec<String> = Locale::ALL
        .iter()
        .map(|&locale| format!("{locale}: {}", write(locale)))
        .collect();
    lines.join("\n")
}

#[test]
fn days() {
    let day_of = date(2026, 12, 1);
    assert_snapshot!(each(|locale| {
        let forms = [
            day_long, day, day_short, day_month, date_long, weekday_long, weekday_short, month_year,
        ];
        forms.map(|form| form(locale, day_of)).join(" | ")
    }), @"
    en: Tuesday 1 December 2026 | Tue 1 Dec 2026 | Tue 1 Dec | 1 Dec | 1 December 2026 | Tuesday | Tue | December 2026
    de: Dienstag, 1. Dezember 2026 | Di., 01.12.2026 | Di., 1. Dez. | 1. Dez. | 1. Dezember 2026 | Dienstag | Di | Dezember 2026
    ");
}

#[test]
fn every_month_and_weekday() {
    assert_snapshot!(each(|locale| {
        let days = (1..=12).map(|month| day_short(locale, date(2027, month, month)));
        days.collect::<Vec<_>>().join(" | ")
    }), @"
    en: Fri 1 Jan | Tue 2 Feb | Wed 3 Mar | Sun 4 Apr | Wed 5 May | Sun 6 Jun | Wed 7 Jul | Sun 8 Aug | Thu 9 Sept | Sun 10 Oct | Thu 11 Nov | Sun 12 Dec
    de: Fr., 1. Jan. | Di., 2. Feb. | Mi., 3. März | So., 4. Apr. | Mi., 5. Mai | So., 6. Juni | Mi., 7. Juli | So., 8. Aug. | Do., 9. Sept. | So., 10. Okt. | Do., 11. Nov. | So., 12. Dez.
    ");
}

#[test]
fn times_of_day() {
    assert_snapshot!(each(|locale| {
        [(0, 0), (0, 5), (9, 0), (12, 0), (14, 30), (23, 59)]
            .map(|(hour, minute)| clock(locale, at_time(hour, minute, 0, 0)))
            .join(" ")
    }), @"
    en: 00:00 00:05 09:00 12:00 14:30 23:59
    de: 00:00 00:05 09:00 12:00 14:30 23:59
    ");
}

#[test]
fn an_appointment() {
    let (starts, ends) = (at("2026-12-01T13:30:00Z"), at("2026-12-01T14:00:00Z"));
    let berlin = zone("Europe/Berlin");
    assert_snapshot!(each(|locale| date_time(locale, starts, &berlin)), @"
    en: Tue 1 Dec 2026, 14:30
    de: Di., 01.12.2026, 14:30
    ");
    assert_snapshot!(each(|locale| date_time_range(locale, starts, ends, &berlin)), @"
    en: Tue 1 Dec 2026, 14:30–15:00
    de: Di., 01.12.2026, 14:30–15:00
    ");
    assert_snapshot!(each(|locale| zone_line(locale, starts, &berlin)), @"
    en: Europe/Berlin (GMT+1)
    de: Europe/Berlin (GMT+1)
    ");
}

#[test]
fn ranges_over_midnight_name_both_days() {
    let (starts, ends) = (at("2026-12-31T22:30:00Z"), at("2027-01-01T00:30:00Z"));
    let berlin = zone("Europe/Berlin");
    assert_snapshot!(each(|locale| date_time_range(locale, starts, ends, &berlin)), @"
    en: Thu 31 Dec 2026, 23:30 – Fri 1 Jan 2027, 01:30
    de: Do., 31.12.2026, 23:30 – Fr., 01.01.2027, 01:30
    ");
    let midnight = at("2026-12-31T23:00:00Z");
    assert_snapshot!(each(|locale| date_time_range(locale, starts, midnight, &berlin)), @"
    en: Thu 31 Dec 2026, 23:30 – Fri 1 Jan 2027, 00:00
    de: Do., 31.12.2026, 23:30 – Fr., 01.01.2027, 00:00
    ");
}

#[test]
fn times_at_a_clock_change_say_which_of_two_they_are() {
    let berlin = zone("Europe/Berlin");
    // 2026-10-25: 03:00 CEST becomes 02:00 CET, at 01:00Z.
    let instants = [
        "2026-10-24T23:59:00Z",
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z",
    ];
    assert_snapshot!(
        instants.map(|text| date_time(Locale::En, at(text), &berlin)).join("\n"),
        @"
    Sun 25 Oct 2026, 01:59
    Sun 25 Oct 2026, 02:30 (GMT+2)
    Sun 25 Oct 2026, 02:30 (GMT+1)
    "
    );
    let back = (at("2026-10-25T00:30:00Z"), at("2026-10-25T01:30:00Z"));
    // 2027-03-28: 02:00 CET becomes 03:00 CEST, at 01:00Z.
    let forward = (at("2027-03-28T00:30:00Z"), at("2027-03-28T01:30:00Z"));
    let later = (at("2027-03-28T01:30:00Z"), at("2027-03-28T02:30:00Z"));
    assert_snapshot!(
        [back, forward, later].map(|(a, b)| time_range(Locale::De, a, b, &berlin)).join("\n"),
        @"
    02:30 (GMT+2) – 02:30 (GMT+1)
    01:30 (GMT+1) – 03:30 (GMT+2)
    03:30–04:30
    "
    );
}

#[test]
fn offsets_are_those_of_the_instant() {
    let (winter, summer) = (at("2026-12-01T12:00:00Z"), at("2026-07-01T12:00:00Z"));
    let names = [
        "Europe/Berlin",
        "Europe/London",
        "Asia/Kolkata",
        "Asia/Kathmandu",
    ];
    let more = [
        "Australia/Lord_Howe",
        "America/St_Johns",
        "America/Vancouver",
        "UTC",
    ];
    let lines: Vec<String> = names
        .iter()
        .chain(&more)
        .map(|name| {
            let zone = zone(name);
            let [winter, summer] = [winter, summer].map(|at| zone_line(Locale::En, at, &zone));
            format!("{winter}, {summer}")
        })
        .collect();
    assert_snapshot!(lines.join("\n"), @"
    Europe/Berlin (GMT+1), Europe/Berlin (GMT+2)
    Europe/London (GMT), Europe/London (GMT+1)
    Asia/Kolkata (GMT+5:30), Asia/Kolkata (GMT+5:30)
    Asia/Kathmandu (GMT+5:45), Asia/Kathmandu (GMT+5:45)
    Australia/Lord_Howe (GMT+11), Australia/Lord_Howe (GMT+10:30)
    America/St_Johns (GMT-3:30), America/St_Johns (GMT-2:30)
    America/Vancouver (GMT-7), America/Vancouver (GMT-7)
    UTC (GMT), UTC (GMT)
    ");
    let fixed = TimeZone::fixed(jiff::tz::offset(-3));
    assert_eq!(zone_line(Locale::De, winter, &fixed), "GMT-3");
}

#[test]
fn lengths() {
    assert_snapshot!(each(|locale| {
        let lengths = [0, 5, 30, 60, 90, 120, 1_445];
        lengths.map(|minutes| duration(locale, minutes)).join(" | ").replace('\u{a0}', "~")
    }), @"
    en: 0~min | 5~min | 30~min | 1~h | 1~h 30~min | 2~h | 24~h 5~min
    de: 0~Min. | 5~Min. | 30~Min. | 1~Std. | 1~Std. 30~Min. | 2~Std. | 24~Std. 5~Min.
    ");
}

proptest! {
    #[test]
    fn any_instant_in_any_zone_can_be_written(
        second in Timestamp::MIN.as_second()..=Timestamp::MAX.as_second(),
        minutes in 0i64..3_000,
        name in prop::sample::select(vec!["Europe/Berlin", "America/St_Johns", "Pacific/Apia", "UTC"]),
        seconds_east in -93_599i32..=93_599,
    ) {
        let starts = Timestamp::from_second(second).unwrap();
        let ends = starts.saturating_add(jiff::SignedDuration::from_mins(minutes)).unwrap();
        let fixed = TimeZone::fixed(Offset::from_seconds(seconds_east).unwrap());
        for zone in [zone(name), fixed] {
            for &locale in Locale::ALL {
                prop_assert!(!date_time_range(locale, starts, ends, &zone).is_empty());
                prop_assert!(!zone_line(locale, ends, &zone).is_empty());
            }
        }
    }
}
