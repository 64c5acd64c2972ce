//! Texts that are meant to become something else, and how a page is looked at for them.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};

use crate::support::visitor::Page;

/// Stands in every hostile text and in nothing of ours, by chance neither.
pub const MARK: &str = "zqzq7";

/// What a template that was made of a hostile text would have computed: 7919 × 7907, and two texts put
/// together.
const COMPUTED: &[&str] = &["62615533", "zqzq7zqzq8"];

/// Texts that end what they stand in, in HTML, in attributes, in templates, in headers, in lists, in
/// statements and in addresses. `listening` is an address of this machine that nobody may be led to ask.
pub fn texts(listening: &str) -> Vec<String> {
    vec![
        "\"'><zqzq7x zqzq7y=1>{{7919*7907}}${7919*7907}#{7919*7907}<%=7919*7907%>".to_owned(),
        "</textarea></select></title></script><svg onload=zqzq7()>".to_owned(),
        // A name may have this, which may have no pointed brackets.
        "\" onfocus=\"zqzq7()\" ' autofocus zqzq7y='1 {\"zqzq7\"}{\"zqzq8\"}".to_owned(),
        "=zqzq7()+cmd|' zqzq7'!A0".to_owned(),
        "javascript:zqzq7()".to_owned(),
        "&lt;zqzq7x&gt;&quot; onfocus=zqzq7() %3Czqzq7x%3E \\u003czqzq7x\\u003e".to_owned(),
        "zqzq7\r\nset-cookie: zqzq7=1\r\n\r\n<zqzq7x>".to_owned(),
        "zqzq7'; drop table appointment; -- \" ) or 1=1".to_owned(),
        format!("http://{listening}/zqzq7"),
        "https://zqzq7.example/\"><zqzq7x>".to_owned(),
    ]
}

/// What of a hostile text became more than text on a page: one sentence each.
pub fn became_more(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut emitter = DefaultEmitter::default();
    // Scripts, styles and text areas are read as browsers read them.
    emitter.naively_switch_states(true);
    let mut inside = None;
    for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                found.extend(of_tag(&name, &tag));
                inside = matches!(name.as_str(), "script" | "style").then_some(name);
            }
            Token::EndTag(_) => inside = None,
            Token::String(text) => {
                let text = String::from_utf8_lossy(&text);
                if let Some(element) = inside.as_ref().filter(|_| text.contains(MARK)) {
                    found.push(format!("a text in a {element}: {text}"));
                }
            }
            Token::Comment(text) => {
                if String::from_utf8_lossy(&text).contains(MARK) {
                    found.push("a text in a comment".to_owned());
                }
            }
            Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    let computed = COMPUTED.iter().filter(|text| html.contains(**text));
    found.extend(computed.map(|text| format!("a template computed {text}")));
    found
}

fn of_tag(name: &str, tag: &StartTag<()>) -> Vec<String> {
    let mut found = Vec::new();
    if name.contains(MARK) {
        found.push(format!("an element {name}"));
    }
    for (attribute, value) in &tag.attributes {
        let attribute = String::from_utf8_lossy(attribute).into_owned();
        let value = String::from_utf8_lossy(value).into_owned();
        if attribute.contains(MARK) || attribute.starts_with("on") {
            found.push(format!("an attribute {attribute} of {name}"));
        }
        if !value.contains(MARK) {
            continue;
        }
        let is_address = matches!(
            attribute.as_str(),
            "href" | "src" | "action" | "formaction" | "srcset" | "poster" | "data" | "ping"
        );
        // Browsers leave out what is before and within the scheme.
        let plain: String = value
            .chars()
            .filter(|c| !c.is_whitespace() && !c.is_control())
            .collect();
        let plain = plain.to_lowercase();
        let runs = ["javascript:", "data:", "vbscript:"];
        if is_address && runs.iter().any(|scheme| plain.starts_with(scheme)) {
            found.push(format!("an address that runs: {value}"));
        }
        let is_code = matches!(
            attribute.as_str(),
            "style" | "srcdoc" | "nonce" | "http-equiv"
        );
        if is_code {
            found.push(format!("a text in {attribute} of {name}"));
        }
    }
    found
}

/// What a hostile text did to an answer: to its status, its headers, its page.
pub fn harm(page: &Page) -> Vec<String> {
    let mut found = Vec::new();
    if page.status.is_server_error() {
        found.push(format!("a fault: {}", page.status));
    }
    for (name, value) in &page.headers {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        if name.as_str().contains(MARK) || name == "set-cookie" && value.contains(MARK) {
            found.push(format!("a header {name}: {value}"));
        }
        let leads = name == "location" && !is_within(&value);
        if leads {
            found.push(format!("it leads elsewhere: {value}"));
        }
    }
    let kind = page.header("content-type").unwrap_or_default();
    if kind.starts_with("text/html") {
        found.extend(became_more(&page.body));
    }
    found
}

/// Whether a redirect stays with us, however a browser reads it.
pub fn is_within(location: &str) -> bool {
    let odd = |c: char| c == '\\' || c.is_control() || c.is_whitespace();
    location.starts_with('/') && !location.starts_with("//") && !location.chars().any(odd)
}

#[test]
fn what_a_text_became_is_found() {
    for (html, expected) in [
        (
            "<p>&lt;zqzq7x&gt; <input value=\"&quot; onfocus=zqzq7()\">",
            "",
        ),
        ("<a href=\"/o/x?q=javascript%3Azqzq7\">zqzq7</a>", ""),
        ("<textarea><zqzq7x></textarea><p>", ""),
        ("<p><zqzq7x>", "an element zqzq7x"),
        (
            "<input value=\"\" onfocus=\"zqzq7()\">",
            "an attribute onfocus of input",
        ),
        ("<input value=\"\" zqzq7y>", "an attribute zqzq7y of input"),
        (
            "<a href=\" java\nscript:zqzq7()\">",
            "an address that runs:  java\nscript:zqzq7()",
        ),
        (
            "<script>var a = \"zqzq7\";</script>",
            "a text in a script: var a = \"zqzq7\";",
        ),
        ("<!-- zqzq7 -->", "a text in a comment"),
        ("<p style=\"color: zqzq7\">", "a text in style of p"),
        ("<p>62615533</p>", "a template computed 62615533"),
    ] {
        let found = became_more(html);
        let expected: Vec<&str> = Some(expected)
            .filter(|text| !text.is_empty())
            .into_iter()
            .collect();
        assert_eq!(found, expected, "{html}");
    }
}

#[test]
fn where_a_redirect_leads_is_read_as_browsers_read_it() {
    for (location, within) in [
        ("/o/x", true),
        ("/o/x?next=https%3A%2F%2Fevil.example", true),
        ("//evil.example", false),
        ("/\\evil.example", false),
        ("\\\\evil.example", false),
        ("/\t/evil.example", false),
        ("https://evil.example", false),
        ("javascript:zqzq7()", false),
    ] {
        assert_eq!(is_within(location), within, "{location}");
    }
}
