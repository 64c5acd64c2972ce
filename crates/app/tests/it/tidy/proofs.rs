//! What members' pages write takes the proof that its author may, as a type; who writes without it is listed.

use super::{Tree, rust};

/// Files whose verbs ask for no right beyond being signed in, and why.
const WITHOUT: &[(&str, &str)] = &[
    (
        "crates/app/src/access/pages/account.rs",
        "one's own password",
    ),
    (
        "crates/app/src/access/pages/factor.rs",
        "one's own factor, as at the door",
    ),
    (
        "crates/app/src/access/pages/proof.rs",
        "one's own proof, as at the door",
    ),
    (
        "crates/app/src/access/pages/sessions.rs",
        "one's own sessions",
    ),
    (
        "crates/app/src/access/pages/sign_in.rs",
        "one's own session",
    ),
    (
        "crates/app/src/http/undo.rs",
        "what the author did themselves",
    ),
    (
        "crates/app/src/oversight/pages/file.rs",
        "that the file was taken",
    ),
    (
        "crates/app/src/setup/pages/mail_trial.rs",
        "a letter to oneself",
    ),
];

/// How a verb begins that leaves the proof lying.
const LEFT: &[&str] = &["|tx, _, _|", "|tx, app, _|"];

/// Verbs of members' pages that leave their proof, and files that are listed for nothing.
pub fn left(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    let mut listed = WITHOUT.to_vec();
    for (path, text) in tree.program() {
        let code: String = rust::code(text)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let leaves = code.split(".write(").skip(1).any(|verb| {
            let verb = verb.trim_start().trim_start_matches("move ");
            LEFT.iter().any(|begin| verb.starts_with(begin))
        });
        if !leaves {
            continue;
        }
        let known = listed.iter().position(|(file, _)| *file == path);
        match known {
            Some(at) => drop(listed.remove(at)),
            None => found.push(format!(
                "{path}: a verb leaves the proof that its author may"
            )),
        }
    }
    found.extend(
        listed
            .iter()
            .map(|(file, _)| format!("{file} leaves no proof: take it off the list")),
    );
    found
}

#[test]
fn a_proof_that_is_left_is_found() {
    let source = "async fn a(desk: DeskTo<See>) { desk\n.write(move |tx, _, _| verb(tx)) }";
    let tree = Tree::of(&[("crates/app/src/look/pages/mod.rs", source)]);
    let found = left(&tree);
    assert_eq!(
        found[0],
        "crates/app/src/look/pages/mod.rs: a verb leaves the proof that its author may"
    );
    assert_eq!(found.len(), 1 + WITHOUT.len());
}
