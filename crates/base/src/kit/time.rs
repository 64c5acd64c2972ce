//! Instants as the database keeps them: microseconds since 1970-01-01T00:00:00Z.

use jiff::Timestamp;

/// Cuts an instant down to whole microseconds, the resolution of every stored instant.
#[must_use]
pub fn whole_microseconds(at: Timestamp) -> Timestamp {
    from_microseconds(at.as_microsecond())
}

/// The instant at `micros` microseconds since the epoch; values outside the calendar's range
/// become its nearest end, so that a damaged row cannot stop the program.
#[must_use]
pub fn from_microseconds(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

/// `at` plus whole minutes, staying inside the calendar's range.
#[must_use]
pub fn plus_minutes(at: Timestamp, minutes: i64) -> Timestamp {
    from_microseconds(
        at.as_microsecond()
            .saturating_add(minutes.saturating_mul(60_000_000)),
    )
}

/// `at` plus whole seconds, staying inside the calendar's range.
#[must_use]
pub fn plus_seconds(at: Timestamp, seconds: i64) -> Timestamp {
    from_microseconds(
        at.as_microsecond()
            .saturating_add(seconds.saturating_mul(1_000_000)),
    )
}
