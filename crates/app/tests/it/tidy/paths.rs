//! The documents name only what exists, and the map names every folder.

use super::Tree;

/// The documents that a newcomer trusts.
const DOCUMENTS: &[&str] = &["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];

/// Endings by which a word in backticks is the name of a file of ours; a `.toml` alone may be the
/// reader's.
const FILES: &[&str] = &[
    ".rs", ".md", ".sql", ".html", ".css", ".js", ".mjs", ".py", ".ftl", ".snap",
];

/// Paths in backticks that no file or folder ends with.
pub fn named_but_gone(tree: &Tree) -> Vec<String> {
    let mut gone = Vec::new();
    for document in DOCUMENTS {
        for path in in_backticks(tree.text(document)).filter(|word| is_path(tree, word)) {
            if !exists(tree, path) {
                gone.push(format!("{document} names `{path}`, which does not exist"));
            }
        }
    }
    gone
}

/// Links in any document to files that are not there.
pub fn dead_links(tree: &Tree) -> Vec<String> {
    let mut dead = Vec::new();
    for (document, text) in tree.with_ending(".md") {
        let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split([')', '#']).next().unwrap_or_default();
            let outside = target.is_empty() || target.contains(':');
            let path = resolved(folder, target);
            if !outside && !tree.paths.contains(&path) && !tree.paths.contains(&(path + "/")) {
                dead.push(format!(
                    "{document} links to {target}, which does not exist"
                ));
            }
        }
    }
    dead
}

/// Folders of a crate's sources that ARCHITECTURE.md has no word about.
pub fn folders_without_a_place(tree: &Tree) -> Vec<String> {
    let map = tree.text("ARCHITECTURE.md");
    let mut absent = Vec::new();
    for crate_name in tree.folders_in("crates/") {
        let sources = format!("crates/{crate_name}/src/");
        for folder in tree
            .folders_in(&sources)
            .filter(|folder| *folder != "tests")
        {
            let (short, long) = (format!("{folder}/"), format!("{sources}{folder}"));
            if !in_backticks(map).any(|word| word == short || word.trim_end_matches('/') == long) {
                absent.push(format!("ARCHITECTURE.md says nothing about `{long}`"));
            }
        }
    }
    absent
}

/// The words in backticks outside of fenced blocks.
fn in_backticks(markdown: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    let prose = markdown.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    });
    prose.flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// Whether a word is meant as a path of ours: it has the ending of a file or a folder, or begins
/// with the name of something at the root. A pattern or a path of a URL is not.
fn is_path(tree: &Tree, word: &str) -> bool {
    let odd = |c: char| !(c.is_alphanumeric() || "/._-".contains(c));
    if word.starts_with(['/', '.']) && !tree.paths.contains(word) && !word.starts_with(".ci/")
        || word.contains(odd)
    {
        return false;
    }
    let first = word.split('/').next().unwrap_or_default();
    let at_root = tree.paths.contains(&format!("{first}/"));
    FILES
        .iter()
        .any(|ending| word.ends_with(ending) && word.len() > ending.len())
        || word.ends_with('/')
        || word.contains('/') && at_root
}

/// Whether a path is one of the tree's, or the end of one: prose says `http/router.rs`.
fn exists(tree: &Tree, path: &str) -> bool {
    let inner = format!("/{path}");
    let folder = format!("{path}/");
    tree.paths
        .iter()
        .any(|known| *known == path || *known == folder || known.ends_with(&inner))
}

fn resolved(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn a_path_that_is_gone_is_found_and_other_words_are_left_alone() {
    let readme =
        "Run `cargo test`. See `src/http/`, `router.rs`, `docs/gone.md`, `old/`, `GET /a/b`,
        `/healthz`, `application/json`, `templates/<slice>/`, `docs/map`, `.ci/run` and `kept.toml`.
        ```\ncat `docs/also-gone.md`\n```";
    let tree = Tree::of(&[
        ("README.md", readme),
        ("a/src/http/router.rs", ""),
        ("docs/x.md", ""),
        (".ci/run", ""),
    ]);
    assert_eq!(
        named_but_gone(&tree),
        [
            "README.md names `docs/gone.md`, which does not exist",
            "README.md names `old/`, which does not exist",
            "README.md names `docs/map`, which does not exist",
        ]
    );
}

#[test]
fn a_dead_link_is_found() {
    let text =
        "[a](decisions/1.md) [b](../README.md#x) [c](https://example.com/d) [e](gone.md) [f](#g)";
    let tree = Tree::of(&[
        ("docs/a.md", text),
        ("docs/decisions/1.md", ""),
        ("README.md", ""),
    ]);
    assert_eq!(
        dead_links(&tree),
        ["docs/a.md links to gone.md, which does not exist"]
    );
}

#[test]
fn a_folder_that_the_map_forgets_is_found() {
    let tree = Tree::of(&[
        (
            "ARCHITECTURE.md",
            "`kit/` and `crates/app/src/http`, but only audit",
        ),
        ("crates/base/src/kit/mod.rs", ""),
        ("crates/app/src/http/mod.rs", ""),
        ("crates/app/src/audit/mod.rs", ""),
    ]);
    let expected = ["ARCHITECTURE.md says nothing about `crates/app/src/audit`"];
    assert_eq!(folders_without_a_place(&tree), expected);
}
