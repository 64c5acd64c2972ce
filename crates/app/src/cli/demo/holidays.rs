//! Public holidays by their rules, so that the demo is right in every year.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday, date};

/// Easter Sunday (Butcher's form of the Gregorian computus).
fn easter(year: i16) -> Date {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let days = h + l - 7 * m;
    date(year, 3, 22) + i64::from(days).days()
}

/// The `nth` (1 is the first) `weekday` of a month.
fn nth(year: i16, month: i8, nth: i8, weekday: Weekday) -> Date {
    let first = date(year, month, 1);
    first.nth_weekday_of_month(nth, weekday).unwrap_or(first)
}

/// The holidays of Berlin (Sonn- und Feiertagsgesetz Berlin, section 1).
pub(super) fn berlin(year: i16) -> Vec<(Date, &'static str)> {
    let easter = easter(year);
    vec![
        (date(year, 1, 1), "New Year’s Day"),
        (date(year, 3, 8), "International Women’s Day"),
        (easter - 2.days(), "Good Friday"),
        (easter + 1.days(), "Easter Monday"),
        (date(year, 5, 1), "Labor Day"),
        (easter + 39.days(), "Ascension Day"),
        (easter + 50.days(), "Whit Monday"),
        (date(year, 10, 3), "Day of German Unity"),
        (date(year, 12, 25), "Christmas Day"),
        (date(year, 12, 26), "Second Day of Christmas"),
    ]
}

/// The statutory holidays of British Columbia (Employment Standards Act, section 1).
pub(super) fn british_columbia(year: i16) -> Vec<(Date, &'static str)> {
    let victoria = date(year, 5, 25).nth_weekday(-1, Weekday::Monday);
    vec![
        (date(year, 1, 1), "New Year’s Day"),
        (nth(year, 2, 3, Weekday::Monday), "Family Day"),
        (easter(year) - 2.days(), "Good Friday"),
        (victoria.unwrap_or(date(year, 5, 24)), "Victoria Day"),
        (date(year, 7, 1), "Canada Day"),
        (nth(year, 8, 1, Weekday::Monday), "British Columbia Day"),
        (nth(year, 9, 1, Weekday::Monday), "Labour Day"),
        (date(year, 9, 30), "Day for Truth and Reconciliation"),
        (nth(year, 10, 2, Weekday::Monday), "Thanksgiving Day"),
        (date(year, 11, 11), "Remembrance Day"),
        (date(year, 12, 25), "Christmas Day"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feasts_that_move_are_on_their_days() {
        assert_eq!(easter(2026), date(2026, 4, 5));
        assert_eq!(easter(2027), date(2027, 3, 28));
        assert_eq!(easter(2038), date(2038, 4, 25));
        assert!(british_columbia(2026).contains(&(date(2026, 5, 18), "Victoria Day")));
        assert!(british_columbia(2026).contains(&(date(2026, 10, 12), "Thanksgiving Day")));
        assert!(berlin(2027).contains(&(date(2027, 5, 6), "Ascension Day")));
    }
}
