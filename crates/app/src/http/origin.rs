//! Is this form ours? A page's form may only be sent from our own pages.
//!
//! There is no cookie here yet: a public page's form carries all its authority itself (a
//! capability in its address, or none), so a foreign site that sends one gains nothing that it
//! could not do from its own server. The check still keeps a foreign page from making its visitors
//! book or cancel without their knowing. A request with neither `Sec-Fetch-Site` nor `Origin` does
//! not come from a browser that a foreign page could have used (each sends `Origin` with a POST
//! across sites), so programs may send forms.

use axum::http::{HeaderMap, header};

const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// Whether a browser says that another site has sent this. `own` is our origin as the outside
/// sees it: `https://book.example.org`.
pub(super) fn is_foreign(headers: &HeaderMap, own: &str) -> bool {
    match only(headers, SEC_FETCH_SITE) {
        Sent::Once(site) => return !matches!(site, "same-origin" | "none"),
        Sent::Oddly => return true,
        Sent::Never => {}
    }
    match only(headers, header::ORIGIN.as_str()) {
        Sent::Never => false,
        Sent::Oddly => true,
        Sent::Once(origin) => !origin.eq_ignore_ascii_case(own) && !is_host(headers, origin),
    }
}

/// Whether `origin` is the very host that was asked: a local name for the same server.
fn is_host(headers: &HeaderMap, origin: &str) -> bool {
    let authority = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    match (authority, only(headers, header::HOST.as_str())) {
        (Some(authority), Sent::Once(host)) => authority.eq_ignore_ascii_case(host),
        _ => false,
    }
}

enum Sent<'h> {
    Never,
    Once(&'h str),
    /// Several times, or not as text.
    Oddly,
}

fn only<'h>(headers: &'h HeaderMap, name: &str) -> Sent<'h> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Sent::Never,
        (Some(value), None) => value.to_str().map_or(Sent::Oddly, Sent::Once),
        _ => Sent::Oddly,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_other_sites_are_told_apart() {
        for (sent, foreign) in [
            (&[][..], false),
            (&[("sec-fetch-site", "same-origin")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("sec-fetch-site", "same-site")], true),
            (&[("sec-fetch-site", "cross-site")], true),
            (&[("sec-fetch-site", "")], true),
            (
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("sec-fetch-site", "none"),
                ],
                true,
            ),
            (
                &[("sec-fetch-site", "same-origin"), ("origin", "null")],
                false,
            ),
            (
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "https://book.example"),
                ],
                true,
            ),
            (&[("origin", "https://book.example")], false),
            (&[("origin", "HTTPS://BOOK.example")], false),
            (&[("origin", "http://10.0.0.7:8080")], false),
            (&[("origin", "http://10.0.0.7")], true),
            (&[("origin", "https://book.example.evil.example")], true),
            (&[("origin", "https://evil.example")], true),
            (&[("origin", "null")], true),
            (&[("origin", "")], true),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("host", "10.0.0.7:8080".parse().expect("a value"));
            for (name, value) in sent {
                headers.append(*name, value.parse().expect("a value"));
            }
            assert_eq!(
                is_foreign(&headers, "https://book.example"),
                foreign,
                "{sent:?}"
            );
        }
    }
}
