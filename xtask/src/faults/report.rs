//! What was seen, as a table, and its place in `docs/benchmarks.md`.

use std::fmt;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use super::arguments::Fault;
use crate::ha::report::{put, seconds, today};
use crate::step::Failure;

/// The part of the document.
const NAME: &str = "Faults";

/// What became of the bookings.
#[derive(Debug, Clone, Copy, Default)]
pub struct Check {
    pub acknowledged: usize,
    /// Acknowledged, and not there with their time.
    pub lost: usize,
    /// Times that are booked twice.
    pub doubled: usize,
    /// There, although nobody was told so.
    pub unheard: usize,
    /// Statuses that nobody should see.
    pub odd: usize,
}

/// One fault, as it went.
pub struct Course {
    pub fault: String,
    pub check: Check,
    /// The longest time without an acknowledged booking.
    pub gap: Duration,
    /// How many requests failed meanwhile.
    pub failed: usize,
    /// What else was seen.
    pub seen: String,
}

impl Course {
    /// # Errors
    ///
    /// When anything was lost or doubled, or nothing was put to the test.
    pub fn judge(&self) -> Result<(), Failure> {
        let Check {
            acknowledged,
            lost,
            doubled,
            odd,
            ..
        } = self.check;
        if acknowledged > 0 && lost + doubled + odd == 0 {
            return Ok(());
        }
        let fault = &self.fault;
        Err(Failure::new(
            1,
            format!("xtask: faults: {fault}: bookings are not as they were answered"),
        ))
    }
}

impl fmt::Display for Course {
    /// A row of the table.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Check {
            acknowledged,
            lost,
            doubled,
            unheard,
            ..
        } = self.check;
        write!(
            f,
            "| {} | {acknowledged} | {lost} | {doubled} | {unheard} | {} | {} | {} |",
            self.fault,
            self.failed,
            seconds(self.gap),
            self.seen
        )
    }
}

/// Puts the table into the document, in place of an older one.
///
/// # Errors
///
/// When the document cannot be read or written.
pub fn write(program: &Path, courses: &[Course], skipped: &[(Fault, &str)]) -> Result<(), Failure> {
    let is_debug = program.components().any(|part| part.as_os_str() == "debug");
    let build = if is_debug { "A debug" } else { "The release" };
    let mut text = format!(
        "## {NAME}\n\nWritten by `cargo xtask faults` on {}. {build} build, with clients that \
         book as fast as 40 times a second each; a client that gets no answer, or an answer of the \
         server's own failure, asks again with the same `Idempotency-Key`. Afterwards every \
         acknowledged booking is looked for, and `kept doctor` reads every page. The gap is the \
         longest time between two acknowledged bookings, the fault's own length included. Bookings \
         nobody heard of were made, and the answer was lost.\n\n\
         | Fault | acknowledged | lost | booked twice | unheard of | failed | gap | seen |\n\
         |---|---:|---:|---:|---:|---:|---:|---|\n",
        today()
    );
    for course in courses {
        let _ = writeln!(text, "{course}");
    }
    for (fault, why) in skipped {
        let _ = writeln!(text, "\nNot tried on this machine: {fault}; {why}.");
    }
    put(NAME, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_is_a_row_and_is_judged() {
        let mut course = Course {
            fault: "the disk is full".to_owned(),
            check: Check {
                acknowledged: 10,
                unheard: 1,
                ..Check::default()
            },
            gap: Duration::from_millis(2_345),
            failed: 7,
            seen: "nothing".to_owned(),
        };
        assert_eq!(
            course.to_string(),
            "| the disk is full | 10 | 0 | 0 | 1 | 7 | 2.3 s | nothing |"
        );
        assert!(course.judge().is_ok());
        course.check.lost = 1;
        assert!(course.judge().is_err());
        course.check = Check::default();
        assert!(course.judge().is_err(), "nothing was tested");
    }
}
