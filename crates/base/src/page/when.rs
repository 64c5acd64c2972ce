//! Dates and times as people read them, from CLDR data by ICU4X.
//!
//! The house style is one way of writing in each language, the same on every page and in every
//! mail: the day before the month, a month never as a number in English, and a 24-hour clock.
//! English takes it from CLDR's `en-AU`, whose form is exactly that ("Tue 1 Dec 2026"; British
//! data has a comma after the weekday), with the hour cycle set to 0 to 23.
//!
//! A time is never shown without its zone standing near: see [`zone_line`].

use icu_calendar::Date as IcuDate;
use icu_datetime::fieldsets::zone::LocalizedOffsetShort;
use icu_datetime::fieldsets::{E, MD, MDE, T, YM, YMD, YMDE};
use icu_datetime::{DateTimeFormatter, DateTimeFormatterPreferences, NoCalendarFormatter};
use icu_locale_core::{Locale as IcuLocale, locale};
use icu_time::Time as IcuTime;
use icu_time::zone::UtcOffset;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};

use super::locale::Locale;

/// Why building a formatter cannot fail.
const DATA: &str = "the compiled data holds every locale of `Locale`";

/// "Tuesday 1 December 2026", "Dienstag, 1. Dezember 2026".
#[must_use]
pub fn day_long(locale: Locale, date: Date) -> String {
    let formatter = DateTimeFormatter::try_new(preferences(locale), YMDE::long()).expect(DATA);
    formatter.format(&icu_date(date)).to_string()
}

/// "Tue 1 Dec 2026", "Di., 01.12.2026".
#[must_use]
pub fn day(locale: Locale, date: Date) -> String {
    let formatter = DateTimeFormatter::try_new(preferences(locale), YMDE::medium()).expect(DATA);
    formatter.format(&icu_date(date)).to_string()
}

/// "Tue 1 Dec", "Di., 1. Dez.": where the year stands nearby.
#[must_use]
pub fn day_short(locale: Locale, date: Date) -> String {
    let formatter = DateTimeFormatter::try_new(preferences(locale), MDE::medium()).expect(DATA);
    formatter.format(&icu_date(date)).to_string()
}

/// "1 Dec", "1. Dez.": the ends of a stretch of days.
#[must_use]
pub fn day_month(locale: Locale, date: Date) -> String {
    let formatter = DateTimeFormatter::try_new(preferences(locale), MD::medium()).expect(DATA);
    formatter.format(&icu_date(date)).to_string()
}

/// "1 December 2026", "1. Dezember 2026": for a date in the past or far off, such as a policy's.
#[must_use]
pub fn date_long(locale: Locale, date: Date) -> String {
    let formatter = DateTimeFormatter::try_new(preferences(locale), YMD::long()).expect(DATA);
    formatter.format(&icu_date(date)).to_string()
}

/// "Tue", "Di".
#[must_use]
pub fn weekday_short(locale: Locale, date: Date) -> String {
    let formatter = DateTimeFormatter::try_new(preferences(locale), E::short()).expect(DATA);
    formatter.format(&icu_date(date)).to_string()
}

/// "Tuesday", "Dienstag".
#[must_use]
pub fn weekday_long(locale: Locale, date: Date) -> String {
    let formatter = DateTimeFormatter::try_new(preferences(locale), E::long()).expect(DATA);
    formatter.format(&icu_date(date)).to_string()
}

/// "December 2026", "Dezember 2026": any day of the month will do.
#[must_use]
pub fn month_year(locale: Locale, date: Date) -> String {
    let formatter = DateTimeFormatter::try_new(preferences(locale), YM::long()).expect(DATA);
    formatter.format(&icu_date(date)).to_string()
}

/// "14:30": a time of day that belongs to no instant, such as an opening hour.
#[must_use]
pub fn clock(locale: Locale, time: Time) -> String {
    let formatter = NoCalendarFormatter::try_new(preferences(locale), T::hm()).expect(DATA);
    formatter.format(&icu_time(time)).to_string()
}

/// "14:30" for an instant in a zone, and "02:30 (GMT+1)" for one whose time of day comes twice,
/// when clocks go back.
#[must_use]
pub fn time(locale: Locale, at: Timestamp, zone: &TimeZone) -> String {
    let civil = zone.to_datetime(at);
    let comes_twice = matches!(
        zone.to_ambiguous_timestamp(civil).offset(),
        jiff::tz::AmbiguousOffset::Fold { .. }
    );
    if comes_twice {
        time_with_offset(locale, at, zone)
    } else {
        clock(locale, civil.time())
    }
}

/// "14:30–15:00" within one day. A range over midnight names both days as [`date_time`] does; one
/// over a clock change names both offsets.
#[must_use]
pub fn time_range(locale: Locale, starts: Timestamp, ends: Timestamp, zone: &TimeZone) -> String {
    if local_date(starts, zone) != local_date(ends, zone) {
        let (starts, ends) = (
            date_time(locale, starts, zone),
            date_time(locale, ends, zone),
        );
        return format!("{starts} – {ends}");
    }
    if zone.to_offset(starts) == zone.to_offset(ends) {
        format!(
            "{}–{}",
            time(locale, starts, zone),
            time(locale, ends, zone)
        )
    } else {
        let side = |at| time_with_offset(locale, at, zone);
        format!("{} – {}", side(starts), side(ends))
    }
}

/// "Tue 1 Dec 2026, 14:30", "Di., 01.12.2026, 14:30".
#[must_use]
pub fn date_time(locale: Locale, at: Timestamp, zone: &TimeZone) -> String {
    format!(
        "{}, {}",
        day(locale, local_date(at, zone)),
        time(locale, at, zone)
    )
}

/// "Tue 1 Dec 2026, 14:30–15:00", as [`time_range`] for the times.
#[must_use]
pub fn date_time_range(
    locale: Locale,
    starts: Timestamp,
    ends: Timestamp,
    zone: &TimeZone,
) -> String {
    let times = time_range(locale, starts, ends, zone);
    if local_date(starts, zone) == local_date(ends, zone) {
        format!("{}, {times}", day(locale, local_date(starts, zone)))
    } else {
        times
    }
}

/// "Europe/Berlin (GMT+1)": the zone and its offset at that instant, to stand near every time.
#[must_use]
pub fn zone_line(locale: Locale, at: Timestamp, zone: &TimeZone) -> String {
    let offset = offset(locale, zone.to_offset(at));
    match zone.iana_name() {
        Some(name) => format!("{name} ({offset})"),
        None => offset,
    }
}

/// "30 min", "1 h 30 min"; "30 Min.", "1 Std. 30 Min.": a length of time, in minutes. The short
/// forms of CLDR, which have no plural in these languages.
#[must_use]
pub fn duration(locale: Locale, minutes: u32) -> String {
    let (hour, minute) = match locale {
        Locale::En => ("h", "min"),
        Locale::De => ("Std.", "Min."),
    };
    // A no-break space keeps a number with its unit.
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}\u{a0}{minute}"),
        (hours, 0) => format!("{hours}\u{a0}{hour}"),
        (hours, minutes) => format!("{hours}\u{a0}{hour} {minutes}\u{a0}{minute}"),
    }
}

fn local_date(at: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(at).date()
}

fn time_with_offset(locale: Locale, at: Timestamp, zone: &TimeZone) -> String {
    let time = clock(locale, zone.to_datetime(at).time());
    format!("{time} ({})", offset(locale, zone.to_offset(at)))
}

/// "GMT+1", "GMT-3:30", and "GMT" where there is no difference.
fn offset(locale: Locale, offset: Offset) -> String {
    let formatter =
        NoCalendarFormatter::try_new(preferences(locale), LocalizedOffsetShort).expect(DATA);
    // No zone on Earth is past 18 hours, ICU's bound; a made-up one may be.
    let Ok(icu) = UtcOffset::try_from_seconds(offset.seconds()) else {
        return format!("GMT{offset}");
    };
    let written = formatter.format(&icu).to_string();
    // ICU4X writes "GMT+0"; CLDR's form for it is the bare name.
    match written.strip_suffix("+0") {
        Some(bare) => bare.to_owned(),
        None => written,
    }
}

fn preferences(locale: Locale) -> DateTimeFormatterPreferences {
    let icu: IcuLocale = match locale {
        Locale::En => locale!("en-AU-u-hc-h23"),
        Locale::De => locale!("de-u-hc-h23"),
    };
    icu.into()
}

fn icu_date(date: Date) -> IcuDate<icu_calendar::Iso> {
    let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
    IcuDate::try_new_iso(i32::from(date.year()), month, day)
        .expect("both libraries know the same days of the years -9999 to 9999")
}

fn icu_time(time: Time) -> IcuTime {
    let part = i8::unsigned_abs;
    IcuTime::try_new(
        part(time.hour()),
        part(time.minute()),
        part(time.second()),
        0,
    )
    .expect("both libraries know the same times of day")
}

#[cfg(test)]
#[path = "when_tests.rs"]
mod tests;
