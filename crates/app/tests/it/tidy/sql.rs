//! SQL stands in stores, and each slice's store keeps to its own tables.

use std::collections::BTreeMap;

use super::{Tree, rust};

const MIGRATIONS: &str = "crates/app/migrations/";
const APP: &str = "crates/app/src/";

/// Statements in the text of sources that are no store.
pub fn outside_stores(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    let sources = tree
        .program()
        .filter(|(path, _)| path.starts_with("crates/") && !is_store(path));
    for (path, source) in sources {
        for text in rust::strings(source).filter(|text| is_statement(text)) {
            let first = text
                .split_whitespace()
                .take(4)
                .collect::<Vec<_>>()
                .join(" ");
            found.push(format!("{path} holds SQL: {first} ..."));
        }
    }
    found
}

/// Tables that a slice's store names and another slice owns. A table belongs to the slice whose
/// name stands alone in the last comment before it in the migrations.
pub fn foreign_tables(tree: &Tree) -> Vec<String> {
    let owners = owners(tree);
    let mut found = Vec::new();
    for (path, source) in tree.program().filter(|(path, _)| is_store(path)) {
        let Some((slice, _)) = path
            .strip_prefix(APP)
            .and_then(|inner| inner.split_once('/'))
        else {
            continue;
        };
        for table in rust::strings(source).flat_map(tables) {
            match owners.get(table) {
                Some(owner) if *owner != slice => {
                    found.push(format!("{path} names {table}, a table of {owner}"));
                }
                _ => {}
            }
        }
    }
    found.extend(
        owners
            .iter()
            .filter(|(_, owner)| owner.is_empty())
            .map(|(table, _)| {
                format!("{MIGRATIONS}: no comment says which slice owns the table {table}")
            }),
    );
    found
}

/// A store is the one file or folder of that name in a slice, or the engine below.
fn is_store(path: &str) -> bool {
    path.ends_with("/store.rs") || path.contains("/store/")
}

/// Whether a text is SQL as we write it, in lower case, or as others do. A sentence of English
/// that begins with "select" has no `from` behind a list of columns, or begins with a capital.
fn is_statement(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let same = |word: &str, known: &str| word == known || word == known.to_uppercase();
    let has = |known: &str| words.iter().any(|word| same(word, known));
    let Some((first, second)) = words.first().zip(words.get(1)) else {
        return false;
    };
    same(first, "select") && has("from")
        || same(first, "insert") && same(second, "into")
        || same(first, "update") && has("set")
        || same(first, "delete") && same(second, "from")
        || same(first, "with") && has("as") && has("select")
        || same(first, "create")
            && ["table", "index", "trigger"]
                .iter()
                .any(|kind| same(second, kind))
}

/// The words of a text that stand where SQL has a table.
fn tables(sql: &str) -> Vec<&str> {
    let name = |c: char| !(c.is_alphanumeric() || c == '_' || c == ',');
    let mut found = Vec::new();
    // Whether the next word is a table, and whether more may follow, each behind a comma.
    let (mut expected, mut list) = (false, false);
    for word in sql.split(name).filter(|word| !word.is_empty()) {
        match word {
            "from" => (expected, list) = (true, true),
            "join" | "into" | "update" | "references" => (expected, list) = (true, false),
            "where" | "on" | "set" | "group" | "order" | "limit" | "returning" | "union"
            | "select" | "values" | "using" => (expected, list) = (false, false),
            word => {
                if expected {
                    found.push(word.trim_matches(','));
                }
                expected = list && word.ends_with(',');
            }
        }
    }
    found
}

/// Every table of the migrations with the slice that owns it, or with nothing.
fn owners(tree: &Tree) -> BTreeMap<&str, &str> {
    let mut owners = BTreeMap::new();
    for (path, text) in tree
        .with_ending(".sql")
        .filter(|(path, _)| path.starts_with(MIGRATIONS))
    {
        let mut owner = "";
        for line in text.lines() {
            if let Some(comment) = line.strip_prefix("-- ") {
                if tree.paths.contains(&format!("{APP}{}/", comment.trim())) {
                    owner = comment.trim();
                }
            } else if let Some(rest) = line.trim_start().strip_prefix("create table ") {
                let table = rest.split([' ', '(']).next().unwrap_or_default();
                // A second text for one engine only names a table again.
                if !path.ends_with(".sqlite.sql") || !owners.contains_key(table) {
                    owners.insert(table, owner);
                }
            }
        }
    }
    owners
}

#[test]
fn a_statement_outside_of_a_store_is_found() {
    let tree = Tree::of(&[
        (
            "crates/app/src/people/store.rs",
            "f(\"select id from person\")",
        ),
        (
            "crates/app/src/people/store/names.rs",
            "f(\"select name from person\")",
        ),
        (
            "crates/base/src/store/tx.rs",
            "f(\"savepoint x; delete from y\")",
        ),
        (
            "crates/app/src/people/mod.rs",
            "// select id from person\nf(\"select a day\")",
        ),
        (
            "crates/app/src/people/rules.rs",
            "f(r#\"delete from\n person where id = $1\"#);",
        ),
        (
            "crates/app/src/cli/org.rs",
            "f(\"Select a time from the list.\", \"with as much as\")",
        ),
        (
            "crates/app/src/http/mod.rs",
            "f(\"INSERT INTO person (id) VALUES ($1)\")",
        ),
        (
            "crates/app/src/http/mod_tests.rs",
            "f(\"insert into person (id) values ($1)\")",
        ),
    ]);
    assert_eq!(
        outside_stores(&tree),
        [
            "crates/app/src/http/mod.rs holds SQL: INSERT INTO person (id) ...",
            "crates/app/src/people/rules.rs holds SQL: delete from person where ...",
        ]
    );
}

#[test]
fn a_table_of_another_slice_is_found() {
    let sql = "create table kept (id text);\n-- people\n-- Whom we serve.\ncreate table person (\n id text);
-- booking\ncreate table visit(id text);";
    let tree = Tree::of(&[
        ("crates/app/migrations/1.sql", sql),
        ("crates/app/src/people/store.rs", "f(\"select visit from person p where p.person = $1\")"),
        ("crates/app/src/booking/store/mod.rs",
            "f(\"select v.id from visit v join person p on 1 = 1\", \"update visit set person = 1\",
               \"delete from visit x, person y where visit = a, b\")"),
    ]);
    assert_eq!(
        foreign_tables(&tree),
        [
            "crates/app/src/booking/store/mod.rs names person, a table of people",
            "crates/app/src/booking/store/mod.rs names person, a table of people",
            "crates/app/migrations/: no comment says which slice owns the table kept",
        ]
    );
}
