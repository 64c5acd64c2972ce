//! Pages that say which test shows what: each test and each file that they name is there, and the page on the
//! ASVS has every chapter and every requirement of levels 1 and 2 once.

use std::collections::BTreeSet;

use super::Tree;

/// The pages.
pub const PAGES: &[&str] = &["docs/asvs.md", "docs/attacks.md"];

/// The page on the OWASP Application Security Verification Standard 5.0.
const ASVS: &str = "docs/asvs.md";

/// Its chapters.
const CHAPTERS: usize = 17;

/// How many requirements of levels 1 and 2 each chapter has (counted in the standard's own files).
const COUNTED: [usize; CHAPTERS] = [27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7];

/// What a row says of its requirement.
const STATES: &[&str] = &["met", "partly", "not yet", "being built", "no"];

/// Names of tests and paths that are not there: `folder/file.rs::function`, `folder/file.rs`, `folder/`.
pub fn named_but_gone(tree: &Tree) -> Vec<String> {
    let mut gone = Vec::new();
    for page in PAGES {
        let words = tree.text(page).split('`').skip(1).step_by(2);
        for word in words.filter(|word| word.contains(".rs") || word.contains('/')) {
            if !is_there(tree, word) {
                gone.push(format!("{page} names `{word}`, which does not exist"));
            }
        }
    }
    gone
}

/// Whether a word in backticks names something: an address of a page or a pattern names nothing here.
fn is_there(tree: &Tree, word: &str) -> bool {
    let odd = |c: char| !(c.is_alphanumeric() || "/._-:".contains(c));
    if word.starts_with('/') || word.contains(odd) || word.contains("://") {
        return true;
    }
    let (path, function) = word.split_once("::").unwrap_or((word, ""));
    let inner = format!("/{path}");
    let named = tree.paths.iter().filter(|known| {
        *known == path || known.ends_with(&inner) || known.strip_suffix('/') == Some(path)
    });
    let call = format!("fn {function}(");
    let mut named = named.filter(|known| function.is_empty() || tree.text(known).contains(&call));
    named.next().is_some()
}

/// A row of a table on the page: which requirements, and what is said of them.
struct Row<'t> {
    numbers: Vec<(usize, usize, usize)>,
    cells: Vec<&'t str>,
}

/// What is wrong with the page's chapters and rows.
pub fn chapters(tree: &Tree) -> Vec<String> {
    let text = tree.text(ASVS);
    let mut wrong = Vec::new();
    let mut sections = text.split("\n## V");
    sections.next();
    let mut found = Vec::new();
    for section in sections {
        let (number, rest) = section.split_once(' ').unwrap_or((section, ""));
        let chapter: usize = number.parse().unwrap_or_default();
        found.push(chapter);
        wrong.extend(rows_of(chapter, rest));
    }
    if !found.iter().copied().eq(1..=CHAPTERS) {
        wrong.push(format!("{ASVS} has the chapters {found:?}"));
    }
    wrong
}

fn rows_of(chapter: usize, section: &str) -> Vec<String> {
    let section = section.split("\n## ").next().unwrap_or_default();
    let mut wrong = Vec::new();
    let (mut known, mut counted) = (BTreeSet::new(), 0);
    for row in section.lines().filter_map(row) {
        let line = row.cells.first().copied().unwrap_or_default();
        let [_, level, what, state, shown] = row.cells[..] else {
            wrong.push(format!("{ASVS}: {line} has not five cells"));
            continue;
        };
        if !STATES.contains(&state) {
            wrong.push(format!("{ASVS}: {line} is \"{state}\""));
        }
        let is_empty = what.is_empty() || shown.is_empty();
        if is_empty || state == "met" && !shown.contains('`') && !shown.contains("](") {
            wrong.push(format!("{ASVS}: {line} does not say what shows it"));
        }
        for number in &row.numbers {
            if number.0 != chapter || !known.insert(*number) {
                wrong.push(format!("{ASVS}: {number:?} is twice or in another chapter"));
            }
        }
        if level != "3" {
            counted += row.numbers.len();
        }
    }
    let most = chapter.checked_sub(1).and_then(|at| COUNTED.get(at));
    if most != Some(&counted) {
        wrong.push(format!(
            "{ASVS}: V{chapter} has {counted} requirements of levels 1 and 2"
        ));
    }
    wrong
}

/// `| 1.2.3 | ..` and `| 1.2.3 to 1.2.5 | ..`; `None` for what is no row of a requirement.
fn row(line: &str) -> Option<Row<'_>> {
    let cells: Vec<&str> = line
        .strip_prefix('|')?
        .strip_suffix('|')?
        .split('|')
        .map(str::trim)
        .collect();
    let (first, last) = match cells.first()?.split_once(" to ") {
        Some((first, last)) => (number(first)?, number(last)?),
        None => (number(cells.first()?)?, number(cells.first()?)?),
    };
    let numbers = (first.2..=last.2)
        .map(|third| (first.0, first.1, third))
        .collect();
    Some(Row { numbers, cells })
}

fn number(text: &str) -> Option<(usize, usize, usize)> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    let number = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some(number)
}

#[test]
fn a_test_or_a_path_that_is_gone_is_found() {
    let page = "`a/b.rs::there` `b.rs::gone` `c.rs` `docs/x/` `/o/{org}` `GET` `it/a/b.rs`";
    let tree = Tree::of(&[
        ("docs/asvs.md", page),
        ("crates/app/tests/it/a/b.rs", "fn there() {}"),
    ]);
    assert_eq!(
        named_but_gone(&tree),
        [
            "docs/asvs.md names `b.rs::gone`, which does not exist",
            "docs/asvs.md names `c.rs`, which does not exist",
            "docs/asvs.md names `docs/x/`, which does not exist",
        ]
    );
}

#[test]
fn a_chapter_or_a_row_that_is_not_as_it_should_be_is_found() {
    let page = "\n## V1 One\n| 1.1.1 | 2 | what | met | `a.rs` |\n| 1.1.1 | 2 | what | good | x |\n\
        | 1.2.1 to 1.2.3 | 2 | what | met | words |\n## V3 Three\n| 3.1.1 | 3 | what | no | why |\n\
        ## Other\n| 9.9.9 | x |\n";
    let wrong = chapters(&Tree::of(&[("docs/asvs.md", page)]));
    let wrong: Vec<&str> = wrong
        .iter()
        .map(|line| line.trim_start_matches("docs/asvs.md"))
        .collect();
    assert_eq!(
        wrong,
        [
            ": 1.1.1 is \"good\"",
            ": (1, 1, 1) is twice or in another chapter",
            ": 1.2.1 to 1.2.3 does not say what shows it",
            ": V1 has 5 requirements of levels 1 and 2",
            ": V3 has 0 requirements of levels 1 and 2",
            " has the chapters [1, 3]",
        ]
    );
}
