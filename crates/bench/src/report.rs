//! The table.

use std::fmt::Write as _;

use kept_base::kit::{Clock as _, SystemClock};

use crate::engines::Engines;

/// One figure and what it should be.
pub struct Row {
    pub what: String,
    pub measured: String,
    pub target: String,
    /// `None` for a figure that is only told.
    pub passed: Option<bool>,
}

impl Row {
    /// A figure that should be at least `least`.
    pub fn at_least(what: &str, measured: f64, least: f64, decimals: usize) -> Self {
        Self {
            what: what.to_owned(),
            measured: number(measured, decimals),
            target: format!("at least {}", number(least, decimals)),
            passed: Some(measured >= least),
        }
    }

    /// A figure that should be at most `most`, with its unit.
    pub fn at_most(what: &str, measured: f64, most: f64, unit: &str) -> Self {
        Self {
            what: what.to_owned(),
            measured: format!("{} {unit}", number(measured, 1)),
            target: format!("at most {most} {unit}"),
            passed: Some(measured <= most),
        }
    }

    /// A figure without a target.
    pub fn told(what: &str, measured: String) -> Self {
        Self {
            what: what.to_owned(),
            measured,
            target: String::new(),
            passed: None,
        }
    }
}

/// With a comma between thousands.
pub fn number(value: f64, decimals: usize) -> String {
    let plain = format!("{value:.decimals$}");
    let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if rest.is_empty() {
        text
    } else {
        format!("{text}.{rest}")
    }
}

/// The rows as a Markdown table.
pub fn table(rows: &[Row]) -> String {
    let mut text = String::from("| What | Measured | Target | |\n|---|---:|---:|---|\n");
    for row in rows {
        let mark = match row.passed {
            Some(true) => "met",
            Some(false) => "**missed**",
            None => "",
        };
        let Row {
            what,
            measured,
            target,
            ..
        } = row;
        let _ = writeln!(text, "| {what} | {measured} | {target} | {mark} |");
    }
    text
}

/// How a part of the document begins that another command writes; all of them stand at its end.
const FOREIGN: &str = "<!-- begin: ";

/// The whole document, with what other commands wrote into the `old` one.
pub fn renewed(old: &str, rows: &[Row], command: &str) -> String {
    let own = document(rows, command);
    match old.find(FOREIGN) {
        Some(at) => format!("{own}\n{}", &old[at..]),
        None => own,
    }
}

/// The part about both engines.
pub const ENGINES: &str = "Engines";

/// The old document with this part in the place of the one of its name, or at the end.
pub fn with_part(old: &str, name: &str, text: &str) -> String {
    let (begin, end) = (
        format!("{FOREIGN}{name} -->"),
        format!("<!-- end: {name} -->"),
    );
    let part = format!("{begin}\n{}\n{end}\n", text.trim_end());
    let found = old.find(&begin).and_then(|from| {
        let to = old[from..].find(&end)?;
        Some((from, from + to + end.len()))
    });
    match found {
        Some((from, to)) => format!(
            "{}{part}{}",
            &old[..from],
            old[to..].trim_start_matches('\n')
        ),
        None => format!("{}\n\n{part}", old.trim_end()),
    }
}

/// What was measured of both engines, side by side.
pub fn engines(engines: &Engines, arguments: &str) -> String {
    let date = SystemClock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let mut text = format!(
        "## Files and PostgreSQL\n\n\
         Written by `{}` on {date}. The same data and the same questions, one engine after the \
         other. PostgreSQL runs on the same two cores, with every commit on its disk before it is \
         answered; over HTTP the client does too. In the process there is no HTTP. What is past \
         was written for this by statements of its own.\n\n\
         | What | Files | PostgreSQL | Target |\n|---|---:|---:|---|\n",
        format!("cargo xtask bench {arguments}").trim_end(),
    );
    for row in &engines.files {
        let there = engines.server.iter().find(|there| there.what == row.what);
        let figure = |row: &Row| {
            let mark = if row.passed == Some(false) {
                " **missed**"
            } else {
                ""
            };
            format!("{}{mark}", row.measured)
        };
        let measured = there.map_or_else(|| "not measured".to_owned(), figure);
        let _ = writeln!(
            text,
            "| {} | {} | {measured} | {} |",
            row.what,
            figure(row),
            row.target
        );
    }
    text
}

fn document(rows: &[Row], command: &str) -> String {
    let date = SystemClock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    format!(
        "# Benchmarks\n\n\
         Written by `{command}` on {date}. Machine: {}.\n\n\
         Client and server share the machine's cores, so the figures are lower bounds. The client \
         speaks HTTP/1.1 over loopback on 32 kept-open connections and asks again as soon as it \
         is answered. The program is `kept demo` as built for release, its worker running and \
         every message of every booking delivered to the captured mailbox. A booking is counted \
         when it is answered, which is after its commit was synced to the disk.\n\n{}",
        machine(),
        table(rows)
    )
}

/// Processor, cores and memory, as the system tells them.
fn machine() -> String {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model
        .and_then(|rest| rest.split_once(':'))
        .map_or("unknown", |(_, name)| name.trim());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = read("/proc/meminfo");
    let kib = memory.lines().find_map(|line| {
        line.strip_prefix("MemTotal:")?
            .trim()
            .strip_suffix(" kB")?
            .trim()
            .parse::<f64>()
            .ok()
    });
    format!(
        "{model}, {cores} cores, {} GB of memory",
        number(kib.unwrap_or(0.0) * 1.024e-6, 0)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_measured_is_kept() {
        let part = "<!-- begin: Other -->\ntext\n<!-- end: Other -->\n";
        let old = format!("# Benchmarks\n\nold\n\n{part}");
        let new = renewed(&old, &[], "cargo xtask bench");
        assert!(
            new.starts_with("# Benchmarks\n") && !new.contains("old"),
            "{new}"
        );
        assert!(new.ends_with(&format!("|---|\n\n{part}")), "{new}");
        assert_eq!(renewed(&new, &[], "cargo xtask bench"), new);
        assert!(!renewed("# Benchmarks\n", &[], "").contains(FOREIGN));
    }

    #[test]
    fn figures_are_judged_and_written() {
        let rows = [
            Row::at_least("bookings", 12_345.6, 2_000.0, 0),
            Row::at_most("memory", 123.44, 100.0, "MB"),
            Row::told("moves", "7".to_owned()),
        ];
        assert_eq!(
            table(&rows),
            "| What | Measured | Target | |\n|---|---:|---:|---|\n\
             | bookings | 12,346 | at least 2,000 | met |\n\
             | memory | 123.4 MB | at most 100 MB | **missed** |\n\
             | moves | 7 |  |  |\n"
        );
    }
}
