//! Templates hold nothing that the content security policy refuses, and nothing unescaped.

use super::Tree;

const TEMPLATES: &str = "crates/app/templates/";

/// Mail programs know neither our policy nor our style sheets.
const MAIL: &str = "crates/app/templates/mail/";

/// What each template holds that the policy of our pages refuses, or that is never escaped.
pub fn refused(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in tree
        .with_ending(".html")
        .filter(|(path, _)| path.starts_with(TEMPLATES))
    {
        for (number, line) in (1..).zip(text.lines()) {
            let reasons = unescaped(line).into_iter().chain(
                (!path.starts_with(MAIL))
                    .then(|| against_policy(line))
                    .into_iter()
                    .flatten(),
            );
            found.extend(reasons.map(|reason| format!("{path}:{number} has {reason}")));
        }
    }
    found
}

fn unescaped(line: &str) -> Option<String> {
    let marks = ["|safe", "| safe", "escape none"];
    marks
        .iter()
        .find(|mark| line.contains(**mark))
        .map(|_| "unescaped text".to_owned())
}

fn against_policy(line: &str) -> Vec<String> {
    let lower = line.to_lowercase();
    let mut found = Vec::new();
    if lower.contains("<style") {
        found.push("an inline style sheet".to_owned());
    }
    for (at, _) in lower.match_indices("<script") {
        let tag = lower[at..].split('>').next().unwrap_or_default();
        if !tag.contains(" src=") && !tag.contains(" nonce=") {
            found.push("an inline script without a nonce".to_owned());
        }
    }
    for (name, value) in attributes(&lower) {
        if name == "style" {
            found.push("an inline style".to_owned());
        } else if name.len() > 2 && name.starts_with("on") {
            found.push(format!("an inline handler, {name}"));
        } else if value.starts_with("javascript:") {
            found.push("a script as an address".to_owned());
        } else if ["src", "srcset", "poster", "data"].contains(&name) && is_elsewhere(value)
            || name == "href" && lower.contains("<link") && is_elsewhere(value)
        {
            found.push(format!("something of another site, {value}"));
        }
    }
    found
}

fn is_elsewhere(address: &str) -> bool {
    ["http:", "https:", "//"]
        .iter()
        .any(|start| address.starts_with(start))
}

/// The names of the attributes in a line, each with what follows its sign of equality.
fn attributes(line: &str) -> impl Iterator<Item = (&str, &str)> {
    line.match_indices('=').filter_map(|(at, _)| {
        let name = line[..at].rsplit([' ', '\t', '"', '\'']).next()?;
        let of_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == ':';
        let value = line[at + 1..].trim_start_matches(['"', '\'']);
        let value = value.split(['"', '\'', '>']).next().unwrap_or_default();
        (!name.is_empty() && name.chars().all(of_name)).then_some((name, value))
    })
}

#[test]
fn what_the_policy_refuses_is_found() {
    let page = r#"<p class="on" data-style="x" title="a = b">fine</p>
        <p STYLE="color: red">
        <style>p { }</style>
        <script>go()</script> <script src="/a.js"></script> <script nonce="{{ n }}">x = 1</script>
        <button onclick="go()">
        <a href="https://example.com/">a link may lead elsewhere</a>
        <link rel="stylesheet" href="https://example.com/a.css">
        <img src="//example.com/a.png" srcset='http://example.com/b.png'>
        <a href="javascript:go()">
        {{ name|safe }}"#;
    let mail = "<p style=\"color: red\"><img src=\"https://x\">{{ name|safe }}";
    let tree = Tree::of(&[
        ("crates/app/templates/booking/day.html", page),
        ("crates/app/templates/mail/booked.html", mail),
        ("docs/a.html", page),
    ]);
    let found = refused(&tree)
        .join("\n")
        .replace("crates/app/templates/", "");
    assert_eq!(
        found,
        "booking/day.html:2 has an inline style
booking/day.html:3 has an inline style sheet
booking/day.html:4 has an inline script without a nonce
booking/day.html:5 has an inline handler, onclick
booking/day.html:7 has something of another site, https://example.com/a.css
booking/day.html:8 has something of another site, //example.com/a.png
booking/day.html:8 has something of another site, http://example.com/b.png
booking/day.html:9 has a script as an address
booking/day.html:10 has unescaped text
mail/booked.html:1 has unescaped text"
    );
}
