//! Every limit stands in the table of ARCHITECTURE.md, with the value that it has.

use std::collections::BTreeSet;

use super::dependencies::rows;
use super::{Tree, rust};

/// How the name of a constant says that it is a limit. The table may hold others as well.
const PREFIX: &str = "MAX_";

/// Limits without a row, and rows whose constant is gone or has another value.
pub fn not_as_in_the_table(tree: &Tree) -> Vec<String> {
    let constants = constants(tree);
    let table: Vec<(&str, String)> = rows(tree.text("ARCHITECTURE.md"))
        .filter(|(name, _)| is_constant(name))
        .map(|(name, value)| (name, plain(value)))
        .collect();
    let mut found = Vec::new();
    for Constant { path, name, value } in
        constants.iter().filter(|one| one.name.starts_with(PREFIX))
    {
        // A limit may be another one under a name of its own.
        let has_row = table
            .iter()
            .any(|row| (row.0, row.1.as_str()) == (name, value.as_str()));
        if !has_row && !value.ends_with(&format!("::{name}")) {
            found.push(format!(
                "{path}: ARCHITECTURE.md lacks the row | `{name}` | {value} | ... |"
            ));
        }
    }
    for (name, value) in table {
        if !constants
            .iter()
            .any(|one| (one.name, &one.value) == (name, &value))
        {
            found.push(format!("ARCHITECTURE.md: no constant is {name} = {value}"));
        }
    }
    found
}

/// A constant, and its value as it is written, without separators in numbers.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Constant<'a> {
    name: &'a str,
    value: String,
    path: &'a str,
}

fn constants(tree: &Tree) -> BTreeSet<Constant<'_>> {
    let mut found = BTreeSet::new();
    // The bench is a client; what it bounds is its own affair.
    let shipped = |path: &str| path.starts_with("crates/") && !path.starts_with("crates/bench/");
    for (path, source) in tree.program().filter(|(path, _)| shipped(path)) {
        for piece in rust::pieces(source) {
            let rust::Piece::Code(code) = piece else {
                continue;
            };
            for (at, start) in code.match_indices("const ") {
                let item = &code[at + start.len()..];
                let (name, rest) = item.split_once(':').unwrap_or_default();
                // The type may be an array's, with a semicolon of its own.
                let Some((_, value)) = rest.split_once(" = ") else {
                    continue;
                };
                if is_constant(name) {
                    let value = plain(value.split(';').next().unwrap_or_default());
                    found.insert(Constant { name, value, path });
                }
            }
        }
    }
    found
}

fn is_constant(name: &str) -> bool {
    name.len() > 2
        && name
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// A value without the separators in its numbers.
fn plain(value: &str) -> String {
    let value = value.trim_matches('`').replace(',', "");
    if value.contains("::") {
        value
    } else {
        value.replace('_', "")
    }
}

#[test]
fn a_limit_that_the_table_lacks_or_has_otherwise_is_found() {
    let map = "| `MAX_BODY_BYTES` | 64 * 1,024 | the body of a request |
| `MAX_DAYS` | 400 | days of one question |
| `MAX_DAYS` | 500 | days of another |
| `HOLD_MINUTES` | 10 | a hold |
| `FAR` | [1, 2] | how far |
| `MAX_NOTES` | 9 | notes |
| `other` | 1 | not of this table |";
    let tree = Tree::of(&[
        ("ARCHITECTURE.md", map),
        (
            "crates/app/src/http/limits.rs",
            "pub const MAX_BODY_BYTES: usize = 64 * 1_024;",
        ),
        (
            "crates/app/src/http/mod.rs",
            "const MAX_BODY_BYTES: usize = limits::MAX_BODY_BYTES;",
        ),
        (
            "crates/app/src/jobs.rs",
            "const MAX_TRIES: u32 = 7; // const MAX_MORE: u32 = 8;",
        ),
        (
            "crates/app/src/hold.rs",
            "const HOLD_MINUTES: u32 = 11;\nconst FAR: [i64; 2] = [1, 2];\nconst SPARE: u32 = 1;",
        ),
        (
            "crates/slots/src/a.rs",
            "pub(crate) const MAX_DAYS: usize = 400;",
        ),
        (
            "crates/slots/src/b.rs",
            "pub(crate) const MAX_DAYS: usize = 501;",
        ),
        ("crates/slots/tests/it.rs", "const MAX_CASES: usize = 1;"),
        ("crates/bench/src/main.rs", "const MAX_CLIENTS: usize = 1;"),
    ]);
    assert_eq!(
        not_as_in_the_table(&tree),
        [
            "crates/slots/src/b.rs: ARCHITECTURE.md lacks the row | `MAX_DAYS` | 501 | ... |",
            "crates/app/src/jobs.rs: ARCHITECTURE.md lacks the row | `MAX_TRIES` | 7 | ... |",
            "ARCHITECTURE.md: no constant is MAX_DAYS = 500",
            "ARCHITECTURE.md: no constant is HOLD_MINUTES = 10",
            "ARCHITECTURE.md: no constant is MAX_NOTES = 9",
        ]
    );
}
