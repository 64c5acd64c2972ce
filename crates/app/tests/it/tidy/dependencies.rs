//! Every dependency has its line of reason, and every copy from elsewhere is as it was.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::Tree;
use super::direction::section;

/// How the headings of all dependencies end, also those of one platform or of tests.
const DEPENDENCIES: &str = "dependencies]";

const REASONS: &str = "docs/dependencies.md";

/// Dependencies of the workspace without a line in the document, and lines without a dependency.
pub fn without_reason(tree: &Tree) -> Vec<String> {
    let known: Vec<&str> = foreign(tree).collect();
    let explained: Vec<&str> = rows(tree.text(REASONS)).map(|(name, _)| name).collect();
    let mut found = Vec::new();
    for name in known.iter().filter(|name| !explained.contains(name)) {
        found.push(format!("{REASONS} has no line for {name}"));
    }
    for name in explained.iter().filter(|name| !known.contains(name)) {
        found.push(format!(
            "{REASONS} explains {name}, which is no dependency of the workspace"
        ));
    }
    let empty = rows(tree.text(REASONS)).filter(|(_, reason)| reason.len() < 10);
    found.extend(empty.map(|(name, _)| format!("{REASONS} gives no reason for {name}")));
    found
}

/// Dependencies of the workspace that no crate uses, and versions given anywhere else.
pub fn unused(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    let manifests: Vec<_> = tree.with_ending("/Cargo.toml").collect();
    for name in foreign(tree) {
        let used = manifests
            .iter()
            .any(|(_, manifest)| section(manifest, DEPENDENCIES).contains(&name));
        if !used {
            found.push(format!("Cargo.toml lists {name}, which no crate uses"));
        }
    }
    for (path, manifest) in manifests {
        for name in section(manifest, DEPENDENCIES) {
            let shared = [
                format!("{name}.workspace = true"),
                format!("{name} = {{ workspace = true"),
            ];
            if !manifest
                .lines()
                .any(|line| shared.iter().any(|start| line.starts_with(start)))
            {
                found.push(format!("{path} gives {name} a version of its own"));
            }
        }
    }
    found
}

/// Files that the document names together with a SHA-256 and that have another one now.
pub fn changed_copies(tree: &Tree, read: impl Fn(&str) -> Option<Vec<u8>>) -> Vec<String> {
    let mut found = Vec::new();
    for line in tree.text(REASONS).lines() {
        let mut words = line.split('`').skip(1).step_by(2);
        let is_hash = |word: &&str| word.len() == 64 && word.chars().all(|c| c.is_ascii_hexdigit());
        let Some(expected) = words.clone().find(is_hash) else {
            continue;
        };
        let Some(path) = words.find(|word| word.contains('/')) else {
            found.push(format!(
                "{REASONS} has a SHA-256 and no file in one line: {line}"
            ));
            continue;
        };
        let actual = read(path).map(|bytes| HEXLOWER.encode(&Sha256::digest(bytes)));
        if actual.as_deref() != Some(expected) {
            found.push(format!("{path} is not the file that {REASONS} describes"));
        }
    }
    found
}

/// The dependencies of the workspace that are not its own crates.
fn foreign(tree: &Tree) -> impl Iterator<Item = &str> {
    let all = section(tree.text("Cargo.toml"), "[workspace.dependencies]");
    all.into_iter().filter(|name| !name.starts_with("kept_"))
}

/// The first two cells of every row of a table whose first cell is a name in backticks.
pub fn rows(markdown: &str) -> impl Iterator<Item = (&str, &str)> {
    markdown.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| `")?.split(" | ");
        let name = cells.next()?.strip_suffix('`')?;
        Some((name, cells.next()?.trim_end_matches(" |")))
    })
}

#[test]
fn a_dependency_without_a_line_and_a_line_without_one_are_found() {
    let tree = Tree::of(&[
        (
            "Cargo.toml",
            "[workspace.dependencies]\nkept_base = { path = \"x\" }\naxum = \"1\"\njiff = \"2\"\n",
        ),
        (
            "docs/dependencies.md",
            "| Crate | Why |\n| --- | --- |\n| `axum` | the server's router |\n\
            | `serde` | reads and writes JSON |\n",
        ),
        (
            "crates/a/Cargo.toml",
            "[target.'cfg(unix)'.dependencies]\naxum = { workspace = true, features = [] }\n\
            serde = \"1\"\n",
        ),
    ]);
    assert_eq!(
        without_reason(&tree),
        [
            "docs/dependencies.md has no line for jiff",
            "docs/dependencies.md explains serde, which is no dependency of the workspace",
        ]
    );
    assert_eq!(
        unused(&tree),
        [
            "Cargo.toml lists jiff, which no crate uses",
            "crates/a/Cargo.toml gives serde a version of its own",
        ]
    );
    let tree = Tree::of(&[
        ("Cargo.toml", "[workspace.dependencies]\njiff = \"2\"\n"),
        ("docs/dependencies.md", "| `jiff` | time |\n"),
    ]);
    assert_eq!(
        without_reason(&tree),
        ["docs/dependencies.md gives no reason for jiff"]
    );
}

#[test]
fn a_copy_that_was_changed_is_found() {
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let line = |path| format!("| axe | `{path}` | `{abc}` |\n");
    let text = line("a/abc") + &line("a/abcd") + &line("a/gone") + &line("nowhere");
    let tree = Tree::of(&[("docs/dependencies.md", &text)]);
    let read = |path: &str| match path {
        "a/abc" => Some(b"abc".to_vec()),
        "a/abcd" => Some(b"abcd".to_vec()),
        _ => None,
    };
    assert_eq!(
        changed_copies(&tree, read),
        [
            "a/abcd is not the file that docs/dependencies.md describes".to_owned(),
            "a/gone is not the file that docs/dependencies.md describes".to_owned(),
            format!(
                "docs/dependencies.md has a SHA-256 and no file in one line: | axe | `nowhere` | `{abc}` |"
            ),
        ]
    );
}
