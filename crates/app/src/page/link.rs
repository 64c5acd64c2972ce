//! Addresses of pages, with what was chosen in their query.

use std::fmt;

/// An address under construction. Never put anything personal into one: addresses stay in
/// histories and logs.
#[derive(Debug, Clone)]
pub struct Link {
    text: String,
    queried: bool,
}

impl Link {
    /// Begins with the path's segments, each percent-encoded.
    #[must_use]
    pub fn to(segments: &[&str]) -> Self {
        let mut text = String::new();
        for segment in segments {
            text.push('/');
            push_encoded(&mut text, segment);
        }
        Self {
            text,
            queried: false,
        }
    }

    /// Adds `name=value` to the query.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.text.push(if self.queried { '&' } else { '?' });
        self.queried = true;
        push_encoded(&mut self.text, name);
        self.text.push('=');
        push_encoded(&mut self.text, &value.to_string());
        self
    }

    /// Adds `name=value` when there is a value.
    #[must_use]
    pub fn maybe(self, name: &str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Percent-encodes all but what may stand in a segment and in a query alike (RFC 3986, 3.3): the
/// slash of a zone's name and the colons of an instant stay readable in a query.
fn push_encoded(out: &mut String, text: &str) {
    let in_query = out.contains('?');
    for byte in text.bytes() {
        let plain =
            byte.is_ascii_alphanumeric() || b"-._~:@".contains(&byte) || (in_query && byte == b'/');
        if plain {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_carry_any_text() {
        let link = Link::to(&["river side", "a/b?c"])
            .with("zone", "America/Argentina/Buenos_Aires")
            .with("at", "2026-12-01T08:00:00Z")
            .maybe("none", None::<&str>)
            .with("find", "São & 1+1=2");
        insta::assert_snapshot!(link, @"/river%20side/a%2Fb%3Fc?zone=America/Argentina/Buenos_Aires&at=2026-12-01T08:00:00Z&find=S%C3%A3o%20%26%201%2B1%3D2");
    }
}
