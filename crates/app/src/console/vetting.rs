//! What is said of an operator before organizations let them in.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kept_base::store::{MAX_REGISTER_CHARS, OperatorKind, Vetting};

/// What was said, as it was written.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// Whose the operator is.
    pub kind: OperatorKind,
    /// The partner's entry in the register of subprocessors.
    pub register_entry: &'a str,
    /// The last day of the qualification; empty where there is none.
    pub qualified_until: &'a str,
    /// The day of the signing; empty where there was none.
    pub signed_on: &'a str,
}

/// Reads it: days are those of UTC, a qualification lasts to the end of its day. `None` for what is no
/// day, a signing that is ahead of `now`, or a partner without an entry.
#[must_use]
pub fn read(said: &Said<'_>, now: Timestamp) -> Option<Vetting> {
    let day = |text: &str| -> Option<Option<Date>> {
        let text = text.trim();
        if text.is_empty() {
            return Some(None);
        }
        text.parse().ok().map(Some)
    };
    let start = |day: Date| day.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp());
    let qualified_until = match day(said.qualified_until)? {
        Some(last) => Some(start(last.tomorrow().ok()?)?),
        None => None,
    };
    let signed_at = match day(said.signed_on)? {
        Some(day) => Some(start(day).filter(|at| *at <= now)?),
        None => None,
    };
    let entry = said.register_entry.trim();
    let fits = entry.chars().count() <= MAX_REGISTER_CHARS && !entry.contains(char::is_control);
    let is_named = said.kind == OperatorKind::Own || !entry.is_empty();
    (fits && is_named).then(|| Vetting {
        kind: said.kind,
        register_entry: (said.kind == OperatorKind::Partner).then(|| entry.to_owned()),
        qualified_until,
        confidentiality_signed_at: signed_at,
    })
}

/// The last day of a qualification, and the day of a signing, as they are written.
#[must_use]
pub fn days(vetting: &Vetting) -> (String, String) {
    let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
    let last = vetting.qualified_until.map(|until| {
        let day = day(until);
        day.yesterday().unwrap_or(day).to_string()
    });
    let signed = vetting
        .confidentiality_signed_at
        .map(|at| day(at).to_string());
    (last.unwrap_or_default(), signed.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said<'a>(until: &'a str, signed: &'a str) -> Said<'a> {
        Said {
            kind: OperatorKind::Own,
            register_entry: "",
            qualified_until: until,
            signed_on: signed,
        }
    }

    #[test]
    fn days_are_read_and_written() {
        let now: Timestamp = "2026-11-23T08:00:00Z".parse().expect("an instant");
        let read_now = |said| read(&said, now);
        let vetting = read_now(said("2027-03-31", "2026-11-23")).expect("is read");
        let until: Timestamp = "2027-04-01T00:00:00Z".parse().expect("an instant");
        assert_eq!(vetting.qualified_until, Some(until));
        assert_eq!(
            days(&vetting),
            ("2027-03-31".to_owned(), "2026-11-23".to_owned())
        );
        let nothing = read_now(said("", " ")).expect("is read");
        assert_eq!(days(&nothing), (String::new(), String::new()));
        assert_eq!(read_now(said("31.3.2027", "")), None);
        assert_eq!(read_now(said("", "2026-11-24")), None, "it is ahead");
        let partner = Said {
            kind: OperatorKind::Partner,
            ..said("", "")
        };
        assert_eq!(read_now(partner), None);
        let entry = "x".repeat(MAX_REGISTER_CHARS);
        let named = Said {
            register_entry: &entry,
            ..partner
        };
        assert_eq!(
            read_now(named).and_then(|v| v.register_entry),
            Some(entry.clone())
        );
        let longer = format!("{entry}x");
        let longer = Said {
            register_entry: &longer,
            ..partner
        };
        assert_eq!(read_now(longer), None);
    }
}
