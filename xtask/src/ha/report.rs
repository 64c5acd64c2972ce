//! What was seen, as tables, and its place in `docs/benchmarks.md`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::fault::Course;
use super::load::{Mark, Seen};
use super::node::{LEADER_SECONDS, LOOK_SECONDS, RETRY_SECONDS};
use super::patroni;
use crate::postgres;
use crate::step::{self, Failure};

/// The document that the bench writes; it keeps what stands below its own part.
const DOCUMENT: &str = "docs/benchmarks.md";

/// A part of the document: its name, and what was measured.
pub struct Part {
    name: &'static str,
    about: &'static str,
}

pub const ROWS: Part = Part {
    name: "High availability of PostgreSQL",
    about: "Four clients insert rows through the proxy, each as soon as it is answered, and \
            connect again when they lose the connection.",
};

pub const BOOKINGS: Part = Part {
    name: "High availability of Kept",
    about: "Two Kept processes on the same nodes, with the same root key; 24 clients at each book in \
            twelve organizations, about three times a second, and every fourth time is wanted at \
            both processes at once. A client that gets no answer, or an answer of the server's own \
            failure, asks again with the same `Idempotency-Key`.",
};

/// The programs and their versions.
///
/// # Errors
///
/// When PostgreSQL is not installed.
pub fn versions(patroni: &Path) -> Result<String, Failure> {
    let first = |program: &Path, flag: &str| {
        let said = Command::new(program).arg(flag).output();
        let said = said.map(|said| String::from_utf8_lossy(&said.stdout).into_owned());
        let line = said.unwrap_or_default();
        line.lines().next().unwrap_or_default().trim().to_owned()
    };
    let postgres = first(&postgres::programs()?.join("postgres"), "--version");
    let etcd = first(Path::new("etcd"), "--version");
    let haproxy = first(Path::new(super::cluster::HAPROXY), "-v");
    // "HAProxy version 2.6.12-1 2026/01/01 - https://..." and "postgres (PostgreSQL) 15.18 (...)".
    let haproxy = haproxy
        .split_whitespace()
        .nth(2)
        .unwrap_or_default()
        .to_owned();
    let postgres = postgres
        .split_whitespace()
        .nth(2)
        .unwrap_or_default()
        .to_owned();
    let etcd = etcd.replace("etcd Version: ", "");
    let patroni = patroni::version(patroni);
    Ok(format!(
        "PostgreSQL {postgres}, {patroni}, etcd {etcd}, HAProxy {haproxy}"
    ))
}

/// The courses as a Markdown table; `fronts` are what the columns of gaps are called.
pub fn table(courses: &[Course], fronts: &[&str]) -> String {
    let mut text = String::from("| The leader | ");
    for front in fronts {
        let _ = write!(text, "no write acknowledged, {front} | failed | ");
    }
    text += "three nodes again |\n|---|";
    text += &"---:|".repeat(fronts.len() * 2 + 1);
    text.push('\n');
    for course in courses {
        let _ = write!(text, "| {} | ", course.fault);
        for (gap, failed) in &course.gaps {
            let _ = write!(text, "{} | {failed} | ", seconds(*gap));
        }
        let _ = writeln!(text, "{} |", seconds(course.whole_after));
    }
    text
}

/// How many writes were acknowledged, as a sentence with an empty line behind it.
pub fn rate(marks: &[Mark]) -> String {
    let kept = marks.iter().filter(|mark| mark.seen == Seen::Kept);
    let times = || marks.iter().map(|mark| mark.at);
    let whole = times()
        .max()
        .zip(times().min())
        .map(|(last, first)| last - first);
    let per_second = kept.count() as f64 / whole.unwrap_or_default().as_secs_f64().max(1.0);
    format!("Over the whole run, faults included: {per_second:.0} acknowledged writes/s.\n\n")
}

/// Puts a part into the document, in place of an older one.
///
/// # Errors
///
/// When the document cannot be read or written.
pub fn write(part: Part, versions: &str, text: &str) -> Result<(), Failure> {
    let Part { name, about } = part;
    let text = format!(
        "## {name}\n\n\
         Written by `cargo xtask ha` on {}. {versions}; three nodes on 127.0.0.11 to 13 of one \
         machine, all of its load beside them. `synchronous_mode` and `synchronous_mode_strict` \
         on, `ttl` {LEADER_SECONDS} s, `loop_wait` {LOOK_SECONDS} s, `retry_timeout` \
         {RETRY_SECONDS} s; HAProxy asks each Patroni every second. {about} A gap is the longest \
         time between two acknowledged writes.\n\n{text}",
        today()
    );
    put(name, &text)
}

/// Puts `text` between the markers of the part `name`, or at the end.
///
/// # Errors
///
/// When the document cannot be read or written.
pub fn put(name: &str, text: &str) -> Result<(), Failure> {
    let place = step::root().join(DOCUMENT);
    let done = fs::read_to_string(&place).and_then(|old| fs::write(&place, with(&old, name, text)));
    done.map_err(|error| Failure::new(1, format!("xtask: {DOCUMENT}: {error}")))
}

/// A document with the part `name` replaced, or added at its end.
fn with(document: &str, name: &str, text: &str) -> String {
    let (begin, end) = (
        format!("<!-- begin: {name} -->\n"),
        format!("<!-- end: {name} -->\n"),
    );
    let part = format!("{begin}{}\n{end}", text.trim_end());
    let old = document.find(&begin).zip(document.find(&end));
    match old {
        Some((from, to)) if from < to => {
            format!("{}{part}{}", &document[..from], &document[to + end.len()..])
        }
        _ => format!("{}\n\n{part}", document.trim_end()),
    }
}

/// Seconds with one digit behind the point.
pub fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// The date.
pub fn today() -> String {
    let said = Command::new("date").args(["-u", "+%F"]).output();
    said.map(|said| String::from_utf8_lossy(&said.stdout).trim().to_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::fault::Fault;
    use super::*;

    #[test]
    fn a_part_is_added_and_later_replaced_where_it_stands() {
        let first = with("# Top\n\ntext\n", "A", "one\n");
        assert_eq!(
            first,
            "# Top\n\ntext\n\n<!-- begin: A -->\none\n<!-- end: A -->\n"
        );
        let both = with(&first, "B", "two");
        let again = with(&both, "A", "three");
        assert_eq!(again, both.replace("one", "three"));
    }

    #[test]
    fn a_course_is_a_row() {
        let course = Course {
            fault: Fault::HandOver,
            gaps: vec![(Duration::from_millis(2_345), 7)],
            whole_after: Duration::from_secs(3),
        };
        assert_eq!(
            table(&[course], &["writers"]),
            "| The leader | no write acknowledged, writers | failed | three nodes again |\n\
             |---|---:|---:|---:|\n\
             | hands over as planned | 2.3 s | 7 | 3.0 s |\n"
        );
    }
}
