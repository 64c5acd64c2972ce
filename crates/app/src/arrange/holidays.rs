//! Public holidays of some countries, computed from the rules of their laws. Pure.
//!
//! Covered: the days that a law makes public holidays everywhere in the region named, by its rules
//! as of 2026. Not covered: one-off days by proclamation, days of single towns, school holidays.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday, date};

/// Where the days hold.
#[derive(Clone, Copy)]
pub(super) struct Region {
    /// Its code, after ISO 3166.
    pub code: &'static str,
    /// What it is called, as it calls itself.
    pub name: &'static str,
    /// The law that the rules are from.
    pub law: &'static str,
    days: fn(i16, &mut Days),
}

/// Codes of holidays with their days; the texts have their names.
type Days = Vec<(Date, &'static str)>;

macro_rules! land {
    ($code:literal, $name:literal, $law:literal, $($more:path),*) => {
        Region {
            code: $code,
            name: $name,
            law: $law,
            days: |year, days| {
                german(year, days);
                $($more(year, days);)*
            },
        }
    };
}

/// Every region, in the order shown.
pub(super) const REGIONS: &[Region] = &[
    Region {
        code: "AT",
        name: "Österreich",
        law: "Arbeitsruhegesetz, § 7",
        days: austrian,
    },
    land!(
        "DE-BW",
        "Baden-Württemberg",
        "FTG Baden-Württemberg, § 1",
        epiphany,
        corpus_christi,
        all_saints
    ),
    land!(
        "DE-BY",
        "Bayern",
        "FTG Bayern, Art. 1 (ohne Mariä Himmelfahrt)",
        epiphany,
        corpus_christi,
        all_saints
    ),
    land!(
        "DE-BE",
        "Berlin",
        "Sonn- und Feiertagsgesetz Berlin, § 1",
        womens_day
    ),
    land!(
        "DE-BB",
        "Brandenburg",
        "FTG Brandenburg, § 2",
        easter_and_whit_sunday,
        reformation
    ),
    land!(
        "DE-HB",
        "Bremen",
        "Gesetz über Sonn- und Feiertage Bremen, § 2",
        reformation
    ),
    land!(
        "DE-HH",
        "Hamburg",
        "Feiertagsgesetz Hamburg, § 1",
        reformation
    ),
    land!("DE-HE", "Hessen", "HFeiertagsG, § 1", corpus_christi),
    land!(
        "DE-MV",
        "Mecklenburg-Vorpommern",
        "FTG M-V, § 2",
        womens_day,
        reformation
    ),
    land!("DE-NI", "Niedersachsen", "NFeiertagsG, § 2", reformation),
    land!(
        "DE-NW",
        "Nordrhein-Westfalen",
        "Feiertagsgesetz NW, § 2",
        corpus_christi,
        all_saints
    ),
    land!(
        "DE-RP",
        "Rheinland-Pfalz",
        "LFtG Rheinland-Pfalz, § 2",
        corpus_christi,
        all_saints
    ),
    land!(
        "DE-SL",
        "Saarland",
        "SFG Saarland, § 2",
        corpus_christi,
        assumption,
        all_saints
    ),
    land!("DE-SN", "Sachsen", "SächsSFG, § 1", reformation, repentance),
    land!(
        "DE-ST",
        "Sachsen-Anhalt",
        "FeiertG LSA, § 2",
        epiphany,
        reformation
    ),
    land!("DE-SH", "Schleswig-Holstein", "SFTG, § 2", reformation),
    land!(
        "DE-TH",
        "Thüringen",
        "ThürFGtG, § 2",
        childrens_day,
        reformation
    ),
    Region {
        code: "FR",
        name: "France",
        law: "Code du travail, L3133-1",
        days: french,
    },
    Region {
        code: "GB-EAW",
        name: "England and Wales",
        law: "Banking and Financial Dealings Act 1971, schedule 1, and yearly proclamations",
        days: english,
    },
    Region {
        code: "US",
        name: "United States (federal)",
        law: "5 U.S.C. 6103",
        days: american,
    },
];

/// The region of that code.
pub(super) fn region(code: &str) -> Option<&'static Region> {
    REGIONS.iter().find(|region| region.code == code)
}

/// The holidays of a region from `from` on, to the end of the year after, in order.
pub(super) fn holidays(region: &Region, from: Date) -> Days {
    let mut days = Vec::new();
    // A New Year's Day can be observed in the year before.
    for year in from.year()..=from.year().saturating_add(2) {
        (region.days)(year, &mut days);
    }
    let last = from.year().saturating_add(1);
    days.retain(|(day, _)| *day >= from && day.year() <= last);
    days.sort_unstable();
    days.dedup_by_key(|(day, _)| *day);
    days
}

/// Easter Sunday (Butcher's form of the Gregorian computus).
fn easter(year: i16) -> Date {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    date(year, 3, 22) + i64::from(h + l - 7 * m).days()
}

/// The `nth` weekday of a month; `-1` is the last.
fn nth(year: i16, month: i8, nth: i8, weekday: Weekday) -> Date {
    let first = date(year, month, 1);
    first.nth_weekday_of_month(nth, weekday).unwrap_or(first)
}

fn german(year: i16, days: &mut Days) {
    let easter = easter(year);
    days.extend([
        (date(year, 1, 1), "new-year"),
        (easter - 2.days(), "good-friday"),
        (easter + 1.day(), "easter-monday"),
        (date(year, 5, 1), "labor-day"),
        (easter + 39.days(), "ascension"),
        (easter + 50.days(), "whit-monday"),
        (date(year, 10, 3), "german-unity"),
        (date(year, 12, 25), "christmas"),
        (date(year, 12, 26), "second-christmas"),
    ]);
}

fn epiphany(year: i16, days: &mut Days) {
    days.push((date(year, 1, 6), "epiphany"));
}

fn corpus_christi(year: i16, days: &mut Days) {
    days.push((easter(year) + 60.days(), "corpus-christi"));
}

fn all_saints(year: i16, days: &mut Days) {
    days.push((date(year, 11, 1), "all-saints"));
}

fn assumption(year: i16, days: &mut Days) {
    days.push((date(year, 8, 15), "assumption"));
}

fn womens_day(year: i16, days: &mut Days) {
    days.push((date(year, 3, 8), "womens-day"));
}

fn reformation(year: i16, days: &mut Days) {
    days.push((date(year, 10, 31), "reformation"));
}

fn childrens_day(year: i16, days: &mut Days) {
    days.push((date(year, 9, 20), "childrens-day"));
}

fn easter_and_whit_sunday(year: i16, days: &mut Days) {
    let easter = easter(year);
    days.extend([
        (easter, "easter-sunday"),
        (easter + 49.days(), "whit-sunday"),
    ]);
}

/// The Wednesday before the last Sunday before Advent: the one before 23 November.
fn repentance(year: i16, days: &mut Days) {
    let day = date(year, 11, 23).nth_weekday(-1, Weekday::Wednesday);
    days.extend(day.ok().map(|day| (day, "repentance")));
}

fn austrian(year: i16, days: &mut Days) {
    let easter = easter(year);
    days.extend([
        (date(year, 1, 1), "new-year"),
        (date(year, 1, 6), "epiphany"),
        (easter + 1.day(), "easter-monday"),
        (date(year, 5, 1), "labor-day"),
        (easter + 39.days(), "ascension"),
        (easter + 50.days(), "whit-monday"),
        (easter + 60.days(), "corpus-christi"),
        (date(year, 8, 15), "assumption"),
        (date(year, 10, 26), "national-day"),
        (date(year, 11, 1), "all-saints"),
        (date(year, 12, 8), "immaculate-conception"),
        (date(year, 12, 25), "christmas"),
        (date(year, 12, 26), "second-christmas"),
    ]);
}

fn french(year: i16, days: &mut Days) {
    let easter = easter(year);
    days.extend([
        (date(year, 1, 1), "new-year"),
        (easter + 1.day(), "easter-monday"),
        (date(year, 5, 1), "labor-day"),
        (date(year, 5, 8), "victory-day"),
        (easter + 39.days(), "ascension"),
        (easter + 50.days(), "whit-monday"),
        (date(year, 7, 14), "national-day"),
        (date(year, 8, 15), "assumption"),
        (date(year, 11, 1), "all-saints"),
        (date(year, 11, 11), "armistice"),
        (date(year, 12, 25), "christmas"),
    ]);
}

/// A day on a weekend has the next free weekday in its place.
fn english(year: i16, days: &mut Days) {
    let easter = easter(year);
    let new_year = match date(year, 1, 1).weekday() {
        Weekday::Saturday => date(year, 1, 3),
        Weekday::Sunday => date(year, 1, 2),
        _ => date(year, 1, 1),
    };
    let (christmas, boxing) = match date(year, 12, 25).weekday() {
        Weekday::Friday => (25, 28),
        Weekday::Saturday => (27, 28),
        Weekday::Sunday => (27, 26),
        _ => (25, 26),
    };
    days.extend([
        (new_year, "new-year"),
        (easter - 2.days(), "good-friday"),
        (easter + 1.day(), "easter-monday"),
        (nth(year, 5, 1, Weekday::Monday), "early-may"),
        (nth(year, 5, -1, Weekday::Monday), "spring-bank"),
        (nth(year, 8, -1, Weekday::Monday), "summer-bank"),
        (date(year, 12, christmas), "christmas"),
        (date(year, 12, boxing), "boxing-day"),
    ]);
}

/// A day on a Saturday is observed the day before, one on a Sunday the day after.
fn american(year: i16, days: &mut Days) {
    let observed = |day: Date| match day.weekday() {
        Weekday::Saturday => day - 1.day(),
        Weekday::Sunday => day + 1.day(),
        _ => day,
    };
    days.extend([
        (observed(date(year, 1, 1)), "new-year"),
        (nth(year, 1, 3, Weekday::Monday), "king"),
        (nth(year, 2, 3, Weekday::Monday), "washington"),
        (nth(year, 5, -1, Weekday::Monday), "memorial"),
        (observed(date(year, 6, 19)), "juneteenth"),
        (observed(date(year, 7, 4)), "independence"),
        (nth(year, 9, 1, Weekday::Monday), "labor-day"),
        (nth(year, 10, 2, Weekday::Monday), "columbus"),
        (observed(date(year, 11, 11)), "veterans"),
        (nth(year, 11, 4, Weekday::Thursday), "thanksgiving"),
        (observed(date(year, 12, 25)), "christmas"),
    ]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(code: &str, year: i16) -> String {
        let region = region(code).expect("known");
        let days = holidays(region, date(year, 1, 1));
        let own = days.iter().filter(|(day, _)| day.year() == year);
        own.map(|(day, _)| day.strftime("%m-%d").to_string())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Compared with the calendars that the governments published for these years.
    #[test]
    fn days_are_as_they_were_published() {
        for (code, year, days) in [
            (
                "DE-BE",
                2026,
                "01-01 03-08 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26",
            ),
            (
                "DE-SN",
                2026,
                "01-01 04-03 04-06 05-01 05-14 05-25 10-03 10-31 11-18 12-25 12-26",
            ),
            (
                "DE-BY",
                2027,
                "01-01 01-06 03-26 03-29 05-01 05-06 05-17 05-27 10-03 11-01 12-25 12-26",
            ),
            (
                "AT",
                2026,
                "01-01 01-06 04-06 05-01 05-14 05-25 06-04 08-15 10-26 11-01 12-08 12-25 12-26",
            ),
            (
                "FR",
                2026,
                "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25",
            ),
            (
                "GB-EAW",
                2026,
                "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
            ),
            (
                "GB-EAW",
                2027,
                "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
            ),
            (
                "US",
                2026,
                "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
            ),
            (
                "US",
                2027,
                "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
            ),
        ] {
            assert_eq!(on(code, year), days, "{code} {year}");
        }
    }

    #[test]
    fn days_past_are_left_out() {
        let region = region("FR").expect("known");
        let days = holidays(region, date(2026, 11, 23));
        assert_eq!(days.first(), Some(&(date(2026, 12, 25), "christmas")));
        assert_eq!(days.len(), 12);
    }
}
