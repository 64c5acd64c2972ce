//! Accessibility as axe-core sees it, run inside the page.

use serde_json::Value;

use super::tab::Tab;

/// axe-core 4.14.1 by Deque Systems, MPL-2.0, unchanged; see `assets/axe/` and
/// `docs/dependencies.md`.
const AXE: &str = include_str!("../../assets/axe/axe.min.js");

/// WCAG 2.2 on levels A and AA, and what axe calls best practice.
const RUN: &str = "
    const done = arguments[arguments.length - 1];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })
        .then(found => done({ checked: found.passes.length, violations: found.violations }))
        .catch(error => done({ error: String(error) }));";

impl Tab {
    /// Asserts that axe finds nothing on the page as it is now.
    ///
    /// # Panics
    ///
    /// With each rule that is broken, where, and what to do about it.
    pub async fn assert_accessible(&self) {
        let findings = self.findings().await;
        let path = self.path().await;
        assert!(
            findings.is_empty(),
            "axe on {path}:\n{}",
            findings.join("\n")
        );
    }

    /// What axe finds: a line for each broken rule.
    pub(super) async fn findings(&self) -> Vec<String> {
        let found = self.ask_page(&format!("{AXE};{RUN}")).await;
        assert!(
            found["checked"].as_u64() > Some(0),
            "axe checked nothing: {}",
            found["error"]
        );
        found["violations"]
            .as_array()
            .expect("a list")
            .iter()
            .map(line)
            .collect()
    }
}

/// A broken rule as one line: which, how bad, what it asks for, and every element that breaks it.
fn line(violation: &Value) -> String {
    let word = |name: &str| violation[name].as_str().unwrap_or_default();
    let nodes = violation["nodes"].as_array().into_iter().flatten();
    let targets: Vec<String> = nodes.map(|node| node["target"].to_string()).collect();
    let (rule, impact, help) = (word("id"), word("impact"), word("help"));
    format!(
        "{rule} ({impact}): {help}; {}; {}",
        word("helpUrl"),
        targets.join(" ")
    )
}
