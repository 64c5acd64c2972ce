//! What the calendar's forms send, as typed, and what it means.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use kept_base::input::Fields;

use crate::scheduling::staff::Manner;

/// The instant that a date and a time of day name in `zone`. A time that clocks skip is read as
/// the one an hour later; of one that comes twice the first is meant.
pub(super) fn instant(date: &str, time: &str, zone: &TimeZone) -> Option<Timestamp> {
    let date: Date = date.trim().parse().ok()?;
    let time: Time = time.trim().parse().ok()?;
    let ambiguous = zone.to_ambiguous_timestamp(date.to_datetime(time));
    ambiguous.compatible().ok()
}

/// How a change is to be made.
pub(super) fn manner(form: &Fields) -> Manner {
    Manner {
        override_rules: form.get("override") == Some("yes"),
        tell: form.get("tell") == Some("yes"),
    }
}

/// Where a form leads back to: a page of the calendar, or today's.
pub(super) fn back(form: &Fields) -> String {
    let asked = form.filled("back").unwrap_or("/calendar");
    let ours = asked == "/" || asked.starts_with("/calendar") || asked.starts_with("/?");
    let plain = asked
        .bytes()
        .all(|b| b.is_ascii_graphic() && b != b'\\' && b != b'#');
    if ours && plain && !asked.starts_with("//") {
        asked.to_owned()
    } else {
        "/calendar".to_owned()
    }
}

/// Appends a parameter to a path.
pub(super) fn with(path: &str, name: &str, value: &str) -> String {
    let join = if path.contains('?') { '&' } else { '?' };
    let encoded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    format!("{path}{join}{name}={encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Fields {
        Fields::parse(text.as_bytes(), 16)
    }

    #[test]
    fn forms_lead_back_to_our_own_pages_alone() {
        assert_eq!(
            back(&form("back=/calendar?view=week")),
            "/calendar?view=week"
        );
        assert_eq!(back(&form("back=/")), "/");
        for bad in [
            "//evil.example",
            "https://evil.example",
            "/x",
            "/%5Cevil",
            "/calendar%0d%0aA:b",
        ] {
            assert_eq!(back(&form(&format!("back={bad}"))), "/calendar", "{bad}");
        }
        assert_eq!(with("/a?b=c", "d", "/e?f"), "/a?b=c&d=%2Fe%3Ff");
    }

    #[test]
    fn a_time_that_clocks_skip_is_the_next_there_is() {
        let berlin = TimeZone::get("Europe/Berlin").expect("known");
        let at = |date, time| instant(date, time, &berlin).map(|at| at.to_string());
        assert_eq!(
            at("2027-03-28", "02:30").as_deref(),
            Some("2027-03-28T01:30:00Z")
        );
        assert_eq!(
            at("2026-12-01", "09:05").as_deref(),
            Some("2026-12-01T08:05:00Z")
        );
        assert_eq!(at("2026-12-32", "09:05"), None);
        assert_eq!(at("2026-12-01", "25:00"), None);
    }
}
