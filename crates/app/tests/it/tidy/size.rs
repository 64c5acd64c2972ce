//! Files are short: near 300 lines, and never beyond 450.

use super::Tree;

/// Where a file is too long to be read in one go.
const MAX_LINES: usize = 450;

/// Where a file is no longer near 300 lines, and needs a reason to be as long as it is.
const LONG_LINES: usize = 330;

/// Endings of the files that are written by hand.
const WRITTEN: &[&str] = &[".rs", ".py", ".html", ".css", ".js", ".mjs", ".sql"];

/// Files beyond [`LONG_LINES`] and why they are one file. Rather split a file than add it here.
pub const LONGER_THAN_WE_LIKE: &[(&str, &str)] = &[
    (
        "crates/app/tests/it/api/times.rs",
        "ends in one list of every way to ask wrongly",
    ),
    (
        "crates/app/tests/it/backup.rs",
        "what a backup is to hold and to lose, in one list",
    ),
    (
        "crates/app/src/access/records.rs",
        "what is said of each table of accounts, in one list",
    ),
    (
        "crates/app/src/export/rules/every.rs",
        "what is decided of each column, in one list",
    ),
    (
        "crates/app/src/arrange/holidays.rs",
        "the laws of all regions, in one list",
    ),
    (
        "crates/ical/src/read.rs",
        "one small format, with the tests that bound it",
    ),
    (
        "crates/app/src/scheduling/pages/picked.rs",
        "all that one look at days and times is made of",
    ),
    (
        "crates/base/src/store/tests.rs",
        "what the store promises, in one list",
    ),
    (
        "crates/slots/tests/it/table.rs",
        "the reader of the text tables and what it accepts",
    ),
];

/// Files that are too long, or long without a reason; and reasons that are not needed any more.
pub fn too_long(tree: &Tree, reasons: &[(&str, &str)]) -> Vec<String> {
    let mut found = Vec::new();
    let lengths = WRITTEN.iter().flat_map(|ending| tree.with_ending(ending));
    for (path, lines) in lengths.map(|(path, text)| (path, text.lines().count())) {
        let excused = reasons.iter().any(|(known, _)| *known == path);
        if lines > MAX_LINES {
            found.push(format!("{path} has {lines} lines; {MAX_LINES} is the most"));
        } else if lines > LONG_LINES && !excused {
            found.push(format!(
                "{path} has {lines} lines; split it, or say why not in size.rs"
            ));
        } else if lines <= LONG_LINES && excused {
            found.push(format!(
                "{path} has {lines} lines and needs no excuse in size.rs"
            ));
        }
    }
    let gone = reasons
        .iter()
        .filter(|(path, _)| !tree.paths.contains(*path));
    found.extend(gone.map(|(path, _)| format!("{path} is excused in size.rs and does not exist")));
    found
}

#[test]
fn a_long_file_needs_a_reason_and_a_longer_one_has_none() {
    let lines = |count| "x\n".repeat(count);
    let (fine, long, longer) = (lines(330), lines(331), lines(451));
    let tree = Tree::of(&[
        ("fine.rs", &fine),
        ("long.rs", &long),
        ("long_too.rs", &long),
        ("longer.rs", &longer),
        ("longest.md", &longer),
    ]);
    let excused = [
        ("long.rs", "one table"),
        ("fine.rs", "was long"),
        ("gone.rs", "was here"),
    ];
    assert_eq!(
        too_long(&tree, &excused),
        [
            "fine.rs has 330 lines and needs no excuse in size.rs",
            "long_too.rs has 331 lines; split it, or say why not in size.rs",
            "longer.rs has 451 lines; 450 is the most",
            "gone.rs is excused in size.rs and does not exist",
        ]
    );
}
