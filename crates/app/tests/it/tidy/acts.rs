//! Every act has its words in each language, and is among what the audit log can be narrowed to.

use super::Tree;

const ACTS: &str = "crates/app/src/audit/mod.rs";
const GROUPS: &str = "crates/app/src/oversight/pages/asked.rs";

/// Each act that the audit log cannot say or narrow to.
pub fn without_words(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for code in codes(tree.text(ACTS)) {
        for locale in ["en", "de"] {
            let line = format!("\naudit-act-{} = ", code.replace(['.', '_'], "-"));
            let path = format!("crates/app/texts/{locale}/audit.ftl");
            if !tree.text(&path).contains(&line) {
                found.push(format!("{path} does not say {code}"));
            }
        }
        let kind = code.split('.').next().unwrap_or_default();
        if !tree.text(GROUPS).contains(&format!("\"{kind}\"")) {
            found.push(format!("{GROUPS} has no group for {code}"));
        }
    }
    found
}

/// The codes that acts are stored as.
fn codes(source: &str) -> Vec<&str> {
    let arms = source.split(" => \"").skip(1);
    arms.filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn an_act_without_words_is_found() {
    let tree = Tree::of(&[
        (
            ACTS,
            "Self::A => \"member.invited\", Self::B => \"undone\",",
        ),
        (GROUPS, "(\"members\", &[\"member\"])"),
        (
            "crates/app/texts/en/audit.ftl",
            "\naudit-act-member-invited = Somebody was invited.\n",
        ),
        (
            "crates/app/texts/de/audit.ftl",
            "\naudit-act-member-invited = Jemand wurde eingeladen.\naudit-act-undone = Etwas.\n",
        ),
    ]);
    assert_eq!(
        without_words(&tree),
        [
            "crates/app/texts/en/audit.ftl does not say undone",
            "crates/app/src/oversight/pages/asked.rs has no group for undone",
        ]
    );
}
