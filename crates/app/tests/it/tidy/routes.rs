//! A route is added to one of the lists that tests walk, and nowhere else.

use super::{Tree, rust};

/// Where the lists are made, and the router that knows them all.
const LISTS: &[&str] = &[
    "crates/app/src/console/pages/routes.rs",
    "crates/app/src/desk/routes.rs",
    "crates/app/src/http/api/mod.rs",
    "crates/app/src/http/router.rs",
    "crates/app/src/page/open.rs",
    // The demo's letters, which no other command serves.
    "crates/app/src/letters/pages/mailbox.rs",
];

/// Ways to add a route.
const WAYS: &[&str] = &[
    ".route(",
    ".nest(",
    ".route_service(",
    ".nest_service(",
    ".fallback_service(",
];

/// Every line that adds a route past the lists.
pub fn unlisted(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in tree.program() {
        if !path.starts_with("crates/app/src/") || LISTS.contains(&path) {
            continue;
        }
        for (number, line) in (1..).zip(rust::code(text).lines()) {
            let ways = WAYS.iter().filter(|way| line.contains(**way));
            found.extend(ways.map(|way| format!("{path}:{number} adds a route by {way}")));
        }
    }
    found
}

#[test]
fn a_route_past_the_lists_is_found() {
    let source = "fn a() { Router::new().route(\"/x\", get(x)) } // .nest( is a word here";
    let tree = Tree::of(&[
        ("crates/app/src/look/pages/mod.rs", source),
        ("crates/app/src/page/open.rs", source),
    ]);
    assert_eq!(
        unlisted(&tree),
        ["crates/app/src/look/pages/mod.rs:1 adds a route by .route("]
    );
}
