//! What our scripts never do: keep anything in the browser, make markup or code of texts, read cookies.

use super::Tree;

const SCRIPTS: &str = "crates/app/assets/js/";

/// What is not written in a script of ours, and what it would do.
const NEVER: &[(&str, &str)] = &[
    ("innerHTML", "makes markup of a text"),
    ("outerHTML", "makes markup of a text"),
    ("insertAdjacentHTML", "makes markup of a text"),
    ("document.write", "makes markup of a text"),
    ("eval(", "runs a text"),
    ("new Function", "runs a text"),
    ("setAttribute(\"on", "runs a text"),
    ("document.cookie", "reads cookies"),
    ("localStorage", "keeps something in the browser"),
    ("sessionStorage", "keeps something in the browser"),
    ("indexedDB", "keeps something in the browser"),
    ("caches.open", "keeps something in the browser"),
    ("serviceWorker", "keeps something in the browser"),
    ("__proto__", "changes what objects have in common"),
];

/// Scripts with something of it.
pub fn harmful(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in tree
        .with_ending(".js")
        .filter(|(path, _)| path.starts_with(SCRIPTS))
    {
        for (number, line) in (1..).zip(text.lines()) {
            let never = NEVER.iter().filter(|(word, _)| line.contains(word));
            found.extend(
                never.map(|(word, does)| format!("{path}:{number} has {word}, which {does}")),
            );
        }
    }
    found
}

#[test]
fn a_script_that_keeps_or_runs_something_is_found() {
    let tree = Tree::of(&[
        (
            "crates/app/assets/js/a.js",
            "el.textContent = x;\nel.innerHTML = x;\nlocalStorage.x = 1;",
        ),
        ("crates/app/tests/b.js", "eval(1)"),
    ]);
    assert_eq!(
        harmful(&tree),
        [
            "crates/app/assets/js/a.js:2 has innerHTML, which makes markup of a text",
            "crates/app/assets/js/a.js:3 has localStorage, which keeps something in the browser",
        ]
    );
}
