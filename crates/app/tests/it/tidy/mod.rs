//! Tidy: what must hold about the sources themselves, read as text.
//!
//! Each check is a function from a [`Tree`] to the sentences of what is wrong in it, beside tests
//! that show it a tree with that mistake. The tests in this file run them on the real sources.

mod acts;
mod blind;
mod dependencies;
mod direction;
mod limits;
mod paths;
mod proofs;
mod routes;
mod rust;
mod scripts;
mod shown;
mod size;
mod sql;
mod templates;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The files of the repository by their path from its root, with `/` between names.
#[derive(Default)]
pub struct Tree {
    texts: BTreeMap<String, String>,
    /// Every file and, with a `/` at the end, every folder.
    paths: BTreeSet<String>,
}

/// Built, not written; or brought in unchanged from elsewhere.
const NOT_OURS: &[&str] = &[".git", "target", "crates/app/tests/assets"];

impl Tree {
    /// The repository that this was built from.
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut tree = Self::default();
        tree.walk(&root, "");
        assert!(
            tree.text("Cargo.toml").contains("[workspace]"),
            "not the root: {root:?}"
        );
        tree
    }

    fn walk(&mut self, folder: &Path, prefix: &str) {
        let entries = fs::read_dir(folder).expect("a folder of the repository");
        for entry in entries.map(|entry| entry.expect("an entry of a folder")) {
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                if NOT_OURS.contains(&path.as_str()) {
                    self.paths.insert(path + "/");
                } else {
                    self.walk(&entry.path(), &(path + "/"));
                }
            } else {
                // Pictures and fonts have a path and no text.
                self.add(&path, fs::read_to_string(entry.path()).ok());
            }
        }
    }

    fn add(&mut self, path: &str, text: Option<String>) {
        for (end, _) in path.match_indices('/') {
            self.paths.insert(path[..=end].to_owned());
        }
        self.paths.insert(path.to_owned());
        if let Some(text) = text {
            self.texts.insert(path.to_owned(), text);
        }
    }

    /// A sample for a check.
    fn of(files: &[(&str, &str)]) -> Self {
        let mut tree = Self::default();
        for (path, text) in files {
            tree.add(path, Some((*text).to_owned()));
        }
        tree
    }

    /// The text of a file, or nothing where there is none.
    fn text(&self, path: &str) -> &str {
        self.texts.get(path).map_or("", String::as_str)
    }

    /// All files with text whose path ends with `ending`, in the order of their paths.
    fn with_ending<'a>(&'a self, ending: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let files = self
            .texts
            .iter()
            .filter(move |(path, _)| path.ends_with(ending));
        files.map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The Rust sources of the crates and of xtask, without test code: no file of tests, and each
    /// file only up to its own tests.
    fn program(&self) -> impl Iterator<Item = (&str, &str)> {
        let files = self.with_ending(".rs").filter(|(path, _)| !is_test(path));
        files.map(|(path, text)| (path, rust::without_tests(text)))
    }

    /// The names of the folders right inside `folder`, which ends with `/`.
    fn folders_in<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a str> {
        let below = self
            .paths
            .iter()
            .filter_map(move |path| path.strip_prefix(folder));
        below
            .filter_map(|rest| rest.strip_suffix('/'))
            .filter(|name| !name.contains('/'))
    }
}

/// Whether a path is of test code by the names that we use for it.
fn is_test(path: &str) -> bool {
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    folders
        .split('/')
        .any(|folder| folder == "tests" || folder == "benches")
        || file == "tests.rs"
        || file.ends_with("_tests.rs")
}

/// Every fenced block of that language in a Markdown text, without its fences.
fn fenced<'a>(markdown: &'a str, language: &str) -> Option<&'a str> {
    let fence = format!("```{language}\n");
    let (_, after) = markdown.split_once(&fence)?;
    after.split_once("```").map(|(block, _)| block)
}

/// Fails with one line for each sentence.
fn none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn the_documents_name_what_exists_and_the_map_names_every_folder() {
    let tree = Tree::read();
    none(&paths::named_but_gone(&tree));
    none(&paths::dead_links(&tree));
    none(&paths::folders_without_a_place(&tree));
}

#[test]
fn what_is_said_to_be_shown_names_tests_that_are_there() {
    let tree = Tree::read();
    for page in shown::PAGES {
        assert!(!tree.text(page).is_empty(), "{page}");
    }
    none(&shown::named_but_gone(&tree));
    none(&shown::chapters(&tree));
}

#[test]
fn scripts_keep_nothing_and_make_no_markup_of_texts() {
    none(&scripts::harmful(&Tree::read()));
}

#[test]
fn every_act_has_words() {
    none(&acts::without_words(&Tree::read()));
}

#[test]
fn routes_stand_in_lists() {
    none(&routes::unlisted(&Tree::read()));
}

#[test]
fn verbs_of_members_take_their_proof() {
    none(&proofs::left(&Tree::read()));
}

#[test]
fn imports_go_in_one_direction() {
    let tree = Tree::read();
    none(&direction::impure(&tree));
    none(&direction::crates_below_that_name_crates_above(&tree));
    none(&direction::modules(&tree));
}

#[test]
fn sql_stands_in_stores_and_each_slice_keeps_to_its_own_tables() {
    let tree = Tree::read();
    none(&sql::outside_stores(&tree));
    none(&sql::foreign_tables(&tree));
}

#[test]
fn operators_look_into_no_organization() {
    none(&blind::looks_inside(&Tree::read()));
}

#[test]
fn files_are_short() {
    none(&size::too_long(&Tree::read(), size::LONGER_THAN_WE_LIKE));
}

#[test]
fn templates_hold_nothing_that_the_content_security_policy_refuses() {
    none(&templates::refused(&Tree::read()));
}

#[test]
fn nothing_is_left_for_later() {
    none(&words::left_for_later(&Tree::read()));
}

#[test]
fn every_dependency_has_its_reason() {
    let tree = Tree::read();
    none(&dependencies::without_reason(&tree));
    none(&dependencies::unused(&tree));
    none(&dependencies::changed_copies(&tree, |path| {
        fs::read(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../..")
                .join(path),
        )
        .ok()
    }));
}

#[test]
fn every_limit_is_in_the_table() {
    none(&limits::not_as_in_the_table(&Tree::read()));
}

#[test]
fn a_tree_knows_files_folders_and_what_is_test_code() {
    let tree = Tree::of(&[
        ("a/b/c.rs", "fn c() {}"),
        ("a/tests/d.rs", ""),
        ("a/b/c_tests.rs", ""),
    ]);
    assert!(tree.paths.contains("a/b/") && tree.paths.contains("a/b/c.rs"));
    assert!(tree.folders_in("a/").eq(["b", "tests"]));
    assert!(tree.program().eq([("a/b/c.rs", "fn c() {}")]));
    assert_eq!(
        fenced("x\n```slices\na: b\n```\ny", "slices"),
        Some("a: b\n")
    );
    assert_eq!(fenced("x\n```\na: b\n```\ny", "slices"), None);
}

#[test]
#[should_panic(expected = "\nfirst\nsecond")]
fn what_is_found_is_a_failure_with_every_sentence() {
    none(&["first".to_owned(), "second".to_owned()]);
}
