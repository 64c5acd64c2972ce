//! What a source names of the program that it belongs to.

use std::collections::BTreeSet;

use super::APP;
use crate::tidy::rust;

/// The modules right below the root of the program that a source names.
pub fn named(path: &str, source: &str) -> BTreeSet<String> {
    let code = rust::code(source);
    let mut roots = vec!["crate::"];
    // From these files, as many steps up lead to the same place.
    match path.trim_start_matches(APP).matches('/').count() {
        1 if path.ends_with("/mod.rs") => roots.push("super::"),
        1 => roots.push("super::super::"),
        2 if path.ends_with("/mod.rs") => roots.push("super::super::"),
        _ => {}
    }
    let mut found = BTreeSet::new();
    for root in roots {
        for (at, _) in code.match_indices(root) {
            let whole = !code[..at].ends_with(|c: char| c.is_alphanumeric() || "_:$".contains(c));
            if whole {
                let items = items(&code[at + root.len()..]).into_iter();
                found.extend(items.map(|item| word(item).to_owned()));
            }
        }
    }
    found
}

/// The items of a path's next step: one, or those between braces.
fn items(rest: &str) -> Vec<&str> {
    let Some(group) = rest.strip_prefix('{') else {
        return vec![rest];
    };
    let (mut items, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            ',' if depth == 0 => {
                items.push(group[start..at].trim());
                start = at + 1;
            }
            '}' if depth == 0 => {
                items.push(group[start..at].trim());
                break;
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    items
}

fn word(text: &str) -> &str {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .next()
        .unwrap_or_default()
}
