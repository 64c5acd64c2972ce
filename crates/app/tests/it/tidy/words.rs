//! Nothing is left for later: what is not there is an issue, not a remark in the sources.

use super::Tree;

/// Marks of unfinished work, in halves, because this file is read as well.
const MARKS: &[&str] = &[
    concat!("to", "do!"),
    concat!("unimpl", "emented!"),
    concat!("FIX", "ME"),
    concat!("TO", "DO"),
    concat!("XX", "X"),
    concat!("HA", "CK"),
    concat!("coming ", "soon"),
    concat!("lorem ", "ipsum"),
];

/// Endings of what people write and read.
const WRITTEN: &[&str] = &[
    ".rs", ".toml", ".sql", ".html", ".css", ".js", ".mjs", ".py", ".md", ".ftl", ".txt", "/run",
];

/// Every line with such a mark as a word of its own, not in quotes.
pub fn left_for_later(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in WRITTEN.iter().flat_map(|ending| tree.with_ending(ending)) {
        for (number, line) in (1..).zip(text.lines()) {
            let marks = MARKS.iter().filter(|mark| stands_in(line, mark));
            found.extend(marks.map(|mark| format!("{path}:{number} says {mark}")));
        }
    }
    found
}

fn stands_in(line: &str, mark: &str) -> bool {
    // A word alone in quotes is data, such as the currency that stands for none.
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '"';
    line.match_indices(mark)
        .any(|(at, _)| !line[..at].ends_with(part) && !line[at + mark.len()..].starts_with(part))
}

#[test]
fn marks_of_unfinished_work_are_found() {
    let source = format!(
        "fn f() {{\n    {}(\"later\")\n}}\n// {} is a word\n// A{}B\n\"{}\"",
        MARKS[0], MARKS[2], MARKS[4], MARKS[4]
    );
    let tree = Tree::of(&[("a.rs", &source), ("b.png", &source), (".ci/run", MARKS[3])]);
    assert_eq!(
        left_for_later(&tree),
        [
            format!("a.rs:2 says {}", MARKS[0]),
            format!("a.rs:4 says {}", MARKS[2]),
            format!(".ci/run:1 says {}", MARKS[3]),
        ]
    );
}
