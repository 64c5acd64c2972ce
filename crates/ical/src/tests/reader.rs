//! A reader written from the RFC alone, strict where the RFC is.

/// One property as a reader sees it.
#[derive(Debug, PartialEq)]
pub(super) struct Property {
    pub(super) name: String,
    pub(super) parameters: Vec<(String, String)>,
    pub(super) value: String,
}

/// Unfolds and splits a whole calendar object.
pub(super) fn parse(object: &str) -> Vec<Property> {
    assert!(object.ends_with("\r\n"), "ends in CRLF");
    let unfolded = object.replace("\r\n ", "").replace("\r\n\t", "");
    unfolded
        .strip_suffix("\r\n")
        .unwrap()
        .split("\r\n")
        .map(parse_line)
        .collect()
}

fn parse_line(line: &str) -> Property {
    let mut quoted = false;
    let mut pieces = vec![String::new()];
    let mut rest = line.chars();
    for c in rest.by_ref() {
        quoted ^= c == '"';
        match c {
            ':' if !quoted => break,
            ';' if !quoted => pieces.push(String::new()),
            c => pieces.last_mut().unwrap().push(c),
        }
    }
    let name = pieces.remove(0);
    assert!(
        !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase()),
        "name in {line:?}"
    );
    let parameters = pieces.iter().map(|piece| {
        let (key, value) = piece.split_once('=').expect("a parameter has a value");
        let value = value
            .strip_prefix('"')
            .and_then(|v| v.strip_suffix('"'))
            .unwrap_or(value);
        assert!(!value.contains('"'), "stray quote in {line:?}");
        (key.to_owned(), decode_carets(value))
    });
    Property {
        parameters: parameters.collect(),
        name,
        value: rest.collect(),
    }
}

/// RFC 6868, 3.1.
fn decode_carets(value: &str) -> String {
    let mut out = String::new();
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '^' => out.push(match chars.next() {
                Some('\'') => '"',
                Some('^') => '^',
                other => panic!("unknown escape ^{other:?}"),
            }),
            c => out.push(c),
        }
    }
    out
}

pub(super) fn unescape(value: &str) -> String {
    let mut out = String::new();
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push(
                match chars.next().expect("nothing ends in a lone backslash") {
                    'n' => '\n',
                    c @ ('\\' | ';' | ',') => c,
                    c => panic!("unknown escape \\{c}"),
                },
            ),
            ';' | ',' => panic!("bare {c} in text"),
            c => out.push(c),
        }
    }
    out
}

/// What a text should come back as: one kind of line break, no control characters.
pub(super) fn normal(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n")
        .replace(|c: char| c.is_control() && c != '\n' && c != '\t', "")
}

pub(super) fn values<'a>(properties: &'a [Property], name: &str) -> Vec<&'a str> {
    properties
        .iter()
        .filter(|p| p.name == name)
        .map(|p| p.value.as_str())
        .collect()
}
