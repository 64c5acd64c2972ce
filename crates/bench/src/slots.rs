//! What `cargo bench -p kept_slots` left behind: criterion's estimates.

use std::path::Path;

use serde_json::Value;

use crate::prepare::Anything;
use crate::report::Row;

/// What is asked, where criterion keeps its estimate, and how many microseconds are allowed.
const QUESTIONS: &[(&str, &str, f64)] = &[
    ("one person, a month, 0 busy", "one_person_month/0", 25.0),
    ("one person, a month, 50 busy", "one_person_month/50", 25.0),
    (
        "one person, a month, 500 busy",
        "one_person_month/500",
        25.0,
    ),
    (
        "ten people, any of, 50 busy each",
        "ten_people_month/any_of",
        250.0,
    ),
    (
        "ten people, all of, 50 busy each",
        "ten_people_month/all_of",
        250.0,
    ),
];

/// The figures that `cargo bench -p kept_slots` left beside this program.
pub fn rows() -> Result<Vec<Row>, Anything> {
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(2).unwrap_or(&program);
    let row = |estimate: Estimate| {
        let what = format!("slots: {}", estimate.question);
        match estimate.micros {
            Some(micros) => Row::at_most(&what, micros, estimate.most_micros, "µs"),
            None => Row::told(&what, "not measured: cargo bench -p kept_slots".to_owned()),
        }
    };
    Ok(estimates(target).into_iter().map(row).collect())
}

/// The time of one question.
pub struct Estimate {
    pub question: &'static str,
    /// `None` when it was not measured.
    pub micros: Option<f64>,
    pub most_micros: f64,
}

/// Reads the estimates below `target`, the folder that cargo builds into.
pub fn estimates(target: &Path) -> Vec<Estimate> {
    let read = |place: &str| {
        let file = target
            .join("criterion")
            .join(place)
            .join("new/estimates.json");
        let found: Value = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
        Some(found["median"]["point_estimate"].as_f64()? / 1_000.0)
    };
    let estimate = |(question, place, most): &(&'static str, &str, f64)| Estimate {
        question,
        micros: read(place),
        most_micros: *most,
    };
    QUESTIONS.iter().map(estimate).collect()
}
