//! What operators do by page or by command looks into no organization: their sources ask the store for
//! no transaction of one. What they may write stands in one place, `lending::ask_at`.

use super::{Tree, rust};

/// The sources of operators.
const OPERATORS: &[&str] = &["crates/app/src/console/", "crates/app/src/cli/operator.rs"];

/// How a transaction of an organization is asked for.
const INSIDE: &[&str] = &[
    ".read(",
    ".write(",
    ".read_regardless(",
    ".write_regardless(",
    "&Tx<",
    "Desk",
];

/// The one source of theirs that writes into an organization: the one that makes it, before anybody has
/// anything in it.
const MAKES: &str = "crates/app/src/console/creating.rs";

/// Sources of operators that reach into an organization.
pub fn looks_inside(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    let theirs = tree.program().filter(|(path, _)| {
        OPERATORS.iter().any(|start| path.starts_with(start)) && *path != MAKES
    });
    for (path, source) in theirs {
        let code = rust::code(source);
        for word in INSIDE.iter().filter(|word| code.contains(**word)) {
            found.push(format!(
                "{path} names {word}: operators look into no organization"
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_operators_that_reads_is_found() {
        let reads =
            "async fn page(c: Console) { c.app.store.read(id, actor, |tx| names(tx)).await }";
        let tree = Tree::of(&[
            ("crates/app/src/console/pages/new.rs", reads),
            (
                "crates/app/src/console/creating.rs",
                "fn write(tx: &Tx<'_>) {}",
            ),
            ("crates/app/src/desk/mod.rs", reads),
        ]);
        let found = looks_inside(&tree);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("console/pages/new.rs names .read("));
    }
}
