//! Content lines (RFC 5545, 3.1): escaping of what stands in them, and folding.

use std::fmt::Write as _;

/// Octets in one line at most, without the line break (RFC 5545, 3.1).
pub(crate) const LINE_OCTETS: usize = 75;

/// A calendar object as it grows, one content line at a time.
pub(crate) struct Lines(String);

impl Lines {
    pub(crate) fn new() -> Self {
        Self(String::new())
    }

    /// Adds `name:value`, folded. The value must already be in its written form.
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        let mut room = LINE_OCTETS;
        for c in name.chars().chain([':']).chain(value.chars()) {
            if c.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = LINE_OCTETS - 1;
            }
            room -= c.len_utf8();
            self.0.push(c);
        }
        self.0.push_str("\r\n");
    }

    /// Adds `name:value` for a value of type TEXT, escaped.
    pub(crate) fn push_text(&mut self, name: &str, text: &str) {
        self.push(name, &escape_text(text));
    }

    /// Adds `name:value` for a value of type TEXT, unless there is nothing to say.
    pub(crate) fn push_some_text(&mut self, name: &str, text: &str) {
        let value = escape_text(text);
        if !value.is_empty() {
            self.push(name, &value);
        }
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }
}

/// The same text with one kind of line break, `\n`, and without control characters, which
/// RFC 5545 forbids. The breaks of Unicode count as breaks: some readers split lines at them.
fn plain(text: &str) -> impl Iterator<Item = char> {
    let mut after_cr = false;
    text.chars().filter_map(move |c| {
        let second_half = after_cr && c == '\n';
        after_cr = c == '\r';
        match c {
            '\n' if second_half => None,
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
            '\t' => Some('\t'),
            c if c.is_control() => None,
            c => Some(c),
        }
    })
}

/// A value of type TEXT (RFC 5545, 3.3.11).
fn escape_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in plain(text) {
        match c {
            '\n' => out.push_str("\\n"),
            '\\' | ';' | ',' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// A quoted parameter value, with the escapes of RFC 6868. Line breaks become spaces: a name has
/// one line.
pub(crate) fn quote_parameter(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in plain(text) {
        match c {
            '\n' | '\t' => out.push(' '),
            '"' => out.push_str("^'"),
            '^' => out.push_str("^^"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// An address as `mailto:` URI (RFC 6068, 2): what delimits or may not stand in a URI is
/// percent-encoded, but for the one `@` before the domain.
pub(crate) fn mailto(email: &str) -> String {
    let email: String = plain(email).filter(|&c| c != '\n' && c != '\t').collect();
    let mut out = String::from("mailto:");
    match email.rsplit_once('@') {
        Some((local, domain)) => {
            percent_encode(&mut out, local, b"!$'()*+,:");
            out.push('@');
            percent_encode(&mut out, domain, b":");
        }
        None => percent_encode(&mut out, &email, b"!$'()*+,:"),
    }
    out
}

/// A URI, with whatever RFC 3986 does not let stand in one percent-encoded.
pub(crate) fn uri(text: &str) -> String {
    let text: String = plain(text).filter(|&c| c != '\n' && c != '\t').collect();
    let mut out = String::with_capacity(text.len());
    percent_encode(&mut out, &text, b":/?#[]@!$&'()*+,;=%");
    out
}

/// Appends `text`, keeping the unreserved characters of RFC 3986 and those in `also`.
fn percent_encode(out: &mut String, text: &str, also: &[u8]) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || also.contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}
