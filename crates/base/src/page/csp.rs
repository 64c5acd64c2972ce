//! The security headers that every response carries, and the nonce that lets a page's own scripts
//! run. Kept is meant to pass with no third party, no inline script, no inline style, no framing.

use std::fmt;

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue,
    STRICT_TRANSPORT_SECURITY,
};
use data_encoding::BASE64URL_NOPAD;

/// Random bytes in a nonce: 128 bits, as CSP Level 3 asks.
pub const NONCE_BYTES: usize = 16;

/// Seconds that browsers remember to use TLS only: two years.
pub const HSTS_SECONDS: u32 = 63_072_000;

/// The name of the one Trusted Types policy that scripts may create.
pub const TRUSTED_TYPES_POLICY: &str = "kept";

/// Headers that are the same on every response.
const ALWAYS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    // Not `no-referrer`: under it browsers send `Origin: null` with a form, and where they send no
    // `Sec-Fetch-Site` (plain HTTP in a local network) nothing would tell our form from a foreign
    // one. No other site learns more by this.
    ("referrer-policy", "same-origin"),
    (
        "permissions-policy",
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), \
         gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), \
         screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// What stands in `nonce="…"` of each script of one response, and in its policy. Never used twice.
#[derive(Clone, PartialEq, Eq)]
pub struct Nonce(String);

impl Nonce {
    /// Writes fresh random bytes as a nonce, of characters that need no escape in HTML.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; NONCE_BYTES]) -> Self {
        Self(BASE64URL_NOPAD.encode(bytes))
    }

    /// The value of the attribute.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce(..)")
    }
}

/// Who may keep a response, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Caching {
    /// Nobody, not even the browser's disk: whatever shows a person, or may have changed since.
    #[default]
    NoStore,
    /// Anyone, for so many seconds.
    Public {
        /// Seconds.
        max_age_seconds: u32,
    },
    /// Anyone, for good: what a hash in the address pins.
    Immutable,
}

impl Caching {
    fn value(self) -> HeaderValue {
        match self {
            Self::NoStore => HeaderValue::from_static("no-store"),
            Self::Public { max_age_seconds } => {
                HeaderValue::from_str(&format!("public, max-age={max_age_seconds}"))
                    .expect("letters and digits stand in any header")
            }
            Self::Immutable => HeaderValue::from_static("public, max-age=31536000, immutable"),
        }
    }
}

/// Where a page may stand, and what may stand in it. By default it stands alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct Framing<'f> {
    /// Origins whose pages may show this one in a frame, such as `https://www.clinic.example`.
    pub by: &'f [String],
    /// Whether our own pages may.
    pub by_own: bool,
    /// Whether it shows pages of ours in frames.
    pub shows_own: bool,
}

impl Framing<'_> {
    /// The value of `frame-ancestors`. What could be anything but one origin is left out.
    fn ancestors(&self) -> String {
        let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b".:/-[]".contains(&c);
        let origins = self.by.iter().map(String::as_str);
        let origins = origins.filter(|origin| !origin.is_empty() && origin.bytes().all(plain));
        let own = self.by_own.then_some("'self'");
        let all: Vec<&str> = own.into_iter().chain(origins).collect();
        if all.is_empty() {
            "'none'".to_owned()
        } else {
            all.join(" ")
        }
    }
}

/// Makes the headers of responses. One for the process, by its public address.
#[derive(Debug, Clone, Copy)]
pub struct Headers {
    https: bool,
    preload: bool,
}

impl Headers {
    /// `base_url` is the address that people reach Kept by, behind any proxy; with `https` there,
    /// browsers are told to stay with it, and with TLS for whatever is below it
    /// (`Strict-Transport-Security`).
    #[must_use]
    pub fn new(base_url: &str) -> Self {
        let scheme = base_url.split(':').next().unwrap_or_default();
        Self {
            https: scheme.eq_ignore_ascii_case("https"),
            preload: false,
        }
    }

    /// The same, and browsers may keep the host in the list that they are delivered with. Whoever
    /// runs it decides so: it cannot be taken back for months.
    #[must_use]
    pub fn preloaded(mut self) -> Self {
        self.preload = true;
        self
    }

    /// The headers of a page that stands alone.
    #[must_use]
    pub fn page(&self, nonce: &Nonce, caching: Caching) -> HeaderMap {
        self.framed_page(nonce, caching, &Framing::default())
    }

    /// The headers of a page that may stand in others, or show one of ours.
    #[must_use]
    pub fn framed_page(&self, nonce: &Nonce, caching: Caching, framing: &Framing<'_>) -> HeaderMap {
        let ancestors = framing.ancestors();
        let frames = if framing.shows_own {
            " frame-src 'self';"
        } else {
            ""
        };
        // A nonce without `strict-dynamic`: what a module imports carries its nonce along, and a
        // script that builds others is nothing we need.
        let policy = format!(
            "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; \
             img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; \
             frame-ancestors {ancestors};{frames} base-uri 'none'; object-src 'none'; \
             require-trusted-types-for 'script'; trusted-types {TRUSTED_TYPES_POLICY}"
        );
        let policy = HeaderValue::from_str(&policy).expect("nonces and origins are plain ASCII");
        let mut headers = self.with(policy, caching);
        if !framing.by.is_empty() {
            // A host that isolates itself (COEP) may only frame what says that it may be.
            let anyone = HeaderValue::from_static("cross-origin");
            headers.insert(
                HeaderName::from_static("cross-origin-resource-policy"),
                anyone,
            );
        }
        headers
    }

    /// The headers of everything that is no page: JSON, calendar files, assets. Should a browser
    /// be made to show it as one, nothing in it runs or loads.
    #[must_use]
    pub fn data(&self, caching: Caching) -> HeaderMap {
        let policy =
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        self.with(HeaderValue::from_static(policy), caching)
    }

    fn with(self, policy: HeaderValue, caching: Caching) -> HeaderMap {
        let always = ALWAYS.iter().map(|&(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        let mut headers: HeaderMap = always.collect();
        headers.insert(CONTENT_SECURITY_POLICY, policy);
        headers.insert(CACHE_CONTROL, caching.value());
        if self.https {
            let preload = if self.preload { "; preload" } else { "" };
            let value = format!("max-age={HSTS_SECONDS}; includeSubDomains{preload}");
            let value = HeaderValue::from_str(&value).expect("it is plain ASCII");
            headers.insert(STRICT_TRANSPORT_SECURITY, value);
        }
        headers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(headers: &HeaderMap) -> String {
        let mut lines: Vec<String> = headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        lines.sort();
        lines.join("\n")
    }

    #[test]
    fn a_page_over_tls() {
        let nonce = Nonce::from_bytes(&[0xfb; NONCE_BYTES]);
        let headers = Headers::new("https://kept.example").page(&nonce, Caching::NoStore);
        insta::assert_snapshot!(shown(&headers), @"
        cache-control: no-store
        content-security-policy: default-src 'none'; script-src 'nonce--_v7-_v7-_v7-_v7-_v7-w'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types kept
        cross-origin-opener-policy: same-origin
        cross-origin-resource-policy: same-origin
        permissions-policy: accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()
        referrer-policy: same-origin
        strict-transport-security: max-age=63072000; includeSubDomains
        x-content-type-options: nosniff
        ");
    }

    #[test]
    fn a_page_stands_where_it_was_allowed_to() {
        let origins = [
            "https://a.example",
            "x; script-src *",
            "https://b.example:8443",
            "",
        ];
        let origins = origins.map(str::to_owned);
        let headers = Headers::new("https://kept.example");
        let nonce = Nonce::from_bytes(&[0; NONCE_BYTES]);
        let shown = |framing: Framing<'_>| {
            let headers = headers.framed_page(&nonce, Caching::NoStore, &framing);
            let policy = headers[CONTENT_SECURITY_POLICY]
                .to_str()
                .unwrap()
                .to_owned();
            let part = policy.split("frame-ancestors ").nth(1).unwrap();
            let part = part.split(" base-uri").next().unwrap().to_owned();
            (
                part,
                headers["cross-origin-resource-policy"]
                    .to_str()
                    .unwrap()
                    .to_owned(),
            )
        };
        let by = Framing {
            by: &origins,
            by_own: true,
            shows_own: false,
        };
        let expected = "'self' https://a.example https://b.example:8443;";
        assert_eq!(shown(by), (expected.to_owned(), "cross-origin".to_owned()));
        let shows = Framing {
            shows_own: true,
            ..Framing::default()
        };
        let expected = "'none'; frame-src 'self';";
        assert_eq!(
            shown(shows),
            (expected.to_owned(), "same-origin".to_owned())
        );
    }

    #[test]
    fn data_and_plain_http() {
        let headers = Headers::new("http://127.0.0.1:8080");
        insta::assert_snapshot!(shown(&headers.data(Caching::Immutable)), @"
        cache-control: public, max-age=31536000, immutable
        content-security-policy: default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'
        cross-origin-opener-policy: same-origin
        cross-origin-resource-policy: same-origin
        permissions-policy: accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()
        referrer-policy: same-origin
        x-content-type-options: nosniff
        ");
        let page = headers.page(
            &Nonce::from_bytes(&[0; 16]),
            Caching::Public {
                max_age_seconds: 60,
            },
        );
        assert_eq!(page[CACHE_CONTROL], "public, max-age=60");
        assert!(!page.contains_key(STRICT_TRANSPORT_SECURITY));
        let preloaded = Headers::new("https://x").preloaded();
        let hsts = &preloaded.data(Caching::NoStore)[STRICT_TRANSPORT_SECURITY];
        assert_eq!(hsts, "max-age=63072000; includeSubDomains; preload");
        assert!(Headers::new("HTTPS://x").https && !Headers::new("httpsx://x").https);
    }

    #[test]
    fn every_nonce_is_a_header_value_and_is_not_logged() {
        for byte in 0..=u8::MAX {
            let nonce = Nonce::from_bytes(&[byte; NONCE_BYTES]);
            let headers = Headers::new("http://x").page(&nonce, Caching::NoStore);
            let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.contains(&format!("script-src 'nonce-{}';", nonce.as_str())));
        }
        assert_eq!(
            format!("{:?}", Nonce::from_bytes(&[1; NONCE_BYTES])),
            "Nonce(..)"
        );
    }
}
