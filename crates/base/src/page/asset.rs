//! Stylesheets, fonts and scripts that are compiled in. Each is served under an address with a
//! hash of its bytes, so that browsers may keep it for good and never show an old one.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue, VARY};
use axum::http::{Response, StatusCode};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::csp::{Caching, Headers};
use super::gzip;

/// Where assets are served.
pub const ASSET_PREFIX: &str = "/assets/";

/// Bytes of the SHA-256 that stand in an address, as two hex digits each.
const HASH_BYTES: usize = 6;

/// An asset as the app hands it in.
#[derive(Debug, Clone, Copy)]
pub struct AssetSource {
    /// Lower-case letters, digits and hyphens, then one extension: `booking.css`.
    pub name: &'static str,
    /// Such as `text/css; charset=utf-8`. In `text/` types, `/assets/name.ext` stands for the
    /// address of another asset, one that is listed earlier.
    pub content_type: &'static str,
    /// The file, by `include_bytes!`.
    pub bytes: &'static [u8],
}

/// Why a list of assets cannot be served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssetError {
    /// The name is not of the form that [`AssetSource::name`] asks for.
    #[error("{0:?} is no asset name")]
    Name(String),
    /// The content type cannot be a header.
    #[error("the content type of {0} cannot be a header")]
    ContentType(String),
    /// Two assets have the same name.
    #[error("asset {0} is listed twice")]
    Twice(String),
    /// An asset names another that is not listed before it.
    #[error("asset {asset} names {reference:?}, which is not listed before it")]
    Reference {
        /// The asset with the reference in it.
        asset: String,
        /// What it names.
        reference: String,
    },
}

/// One asset, ready to be served.
#[derive(Debug)]
pub struct Asset {
    /// As it was handed in, such as `booking.css`.
    pub name: &'static str,
    /// Where it is served: `/assets/booking.0123456789ab.css`.
    pub url: String,
    /// The media type.
    pub content_type: HeaderValue,
    /// What is sent, with addresses of other assets filled in.
    pub bytes: Bytes,
    /// The same by gzip, for texts that gain by it.
    pub packed: Option<Bytes>,
    /// Twelve hex digits of the SHA-256 of `bytes`.
    pub hash: String,
}

/// All assets, by name and by address. Built once.
#[derive(Debug, Default)]
pub struct Assets {
    by_url: HashMap<String, Asset>,
    urls: BTreeMap<&'static str, String>,
}

impl Assets {
    /// Hashes the files and fills in the addresses of those they name.
    ///
    /// # Errors
    /// See [`AssetError`]; the list is fixed when the program is compiled, so a test finds them.
    pub fn new(sources: &[AssetSource]) -> Result<Self, AssetError> {
        let mut assets = Self::default();
        for source in sources {
            let asset = assets.prepare(source)?;
            let (name, url) = (asset.name, asset.url.clone());
            if assets.urls.insert(name, url.clone()).is_some() {
                return Err(AssetError::Twice(name.to_owned()));
            }
            assets.by_url.insert(url, asset);
        }
        Ok(assets)
    }

    /// The address of an asset by its name; `None` for a name that is not listed.
    #[must_use]
    pub fn url(&self, name: &str) -> Option<&str> {
        self.urls.get(name).map(String::as_str)
    }

    /// The asset under the path of a request.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&Asset> {
        self.by_url.get(path)
    }

    fn prepare(&self, source: &AssetSource) -> Result<Asset, AssetError> {
        let name = source.name;
        let plain = |text: &str| {
            let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            !text.is_empty() && text.bytes().all(known)
        };
        let (stem, extension) = name
            .split_once('.')
            .filter(|(stem, extension)| plain(stem) && plain(extension))
            .ok_or_else(|| AssetError::Name(name.to_owned()))?;
        let content_type = HeaderValue::from_str(source.content_type)
            .map_err(|_| AssetError::ContentType(name.to_owned()))?;
        let bytes = match self.filled_in(source)? {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        };
        let hash = HEXLOWER.encode(&Sha256::digest(&bytes)[..HASH_BYTES]);
        let url = format!("{ASSET_PREFIX}{stem}.{hash}.{extension}");
        Ok(Asset {
            name,
            url,
            content_type,
            packed: is_text(source)
                .then(|| gzip::pack(&bytes, true))
                .flatten()
                .map(Bytes::from),
            bytes,
            hash,
        })
    }

    /// The bytes of a text with each `/assets/name.ext` made the address of that asset.
    fn filled_in(&self, source: &AssetSource) -> Result<Cow<'static, [u8]>, AssetError> {
        let text = match std::str::from_utf8(source.bytes) {
            Ok(text) if source.content_type.starts_with("text/") => text,
            _ => return Ok(Cow::Borrowed(source.bytes)),
        };
        let mut pieces = text.split(ASSET_PREFIX);
        let mut out = String::from(pieces.next().unwrap_or_default());
        for piece in pieces {
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
            let end = piece.find(|c| !is_name(c)).unwrap_or(piece.len());
            let (reference, rest) = piece.split_at(end);
            let url = self.url(reference).ok_or_else(|| AssetError::Reference {
                asset: source.name.to_owned(),
                reference: reference.to_owned(),
            })?;
            out.push_str(url);
            out.push_str(rest);
        }
        Ok(Cow::Owned(out.into_bytes()))
    }
}

impl Asset {
    /// The whole response, to be kept for good: 304 without a body when `if_none_match`, the header
    /// of that name, names what the browser has; packed when `accept_encoding` allows.
    #[must_use]
    pub fn response(
        &self,
        if_none_match: Option<&str>,
        accept_encoding: Option<&str>,
        headers: &Headers,
    ) -> Response<Body> {
        let tag = format!("\"{}\"", self.hash);
        let is_ours =
            |sent: &str| matches!(sent.trim(), "*") || sent.trim().trim_start_matches("W/") == tag;
        let unchanged = if_none_match.is_some_and(|sent| sent.split(',').any(is_ours));
        let packed = self
            .packed
            .as_ref()
            .filter(|_| gzip::is_accepted(accept_encoding));
        let body = match packed {
            _ if unchanged => Body::empty(),
            Some(packed) => Body::from(packed.clone()),
            None => Body::from(self.bytes.clone()),
        };
        let mut response = Response::new(body);
        *response.headers_mut() = headers.data(Caching::Immutable);
        let tag = HeaderValue::from_str(&tag).expect("hex digits in quotes stand in any header");
        response.headers_mut().insert(ETAG, tag);
        if self.packed.is_some() {
            let vary = HeaderValue::from_static("accept-encoding");
            response.headers_mut().insert(VARY, vary);
        }
        if unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            response
                .headers_mut()
                .insert(CONTENT_TYPE, self.content_type.clone());
            if packed.is_some() {
                let gzip = HeaderValue::from_static("gzip");
                response.headers_mut().insert(CONTENT_ENCODING, gzip);
            }
        }
        response
    }
}

/// Fonts are packed as they are.
fn is_text(source: &AssetSource) -> bool {
    source.content_type.starts_with("text/") || source.content_type.starts_with("image/svg")
}

#[cfg(test)]
mod tests {
    use axum::body::HttpBody as _;
    use axum::http::header::CACHE_CONTROL;

    use super::*;

    const FONT: AssetSource = AssetSource {
        name: "text-400.woff2",
        content_type: "font/woff2",
        bytes: b"\0/assets/x",
    };
    const STYLE: AssetSource = AssetSource {
        name: "base.css",
        content_type: "text/css; charset=utf-8",
        bytes: b"a{src:url(\"/assets/text-400.woff2\")}b{src:url(/assets/text-400.woff2)}",
    };

    fn text(asset: &Asset) -> &str {
        std::str::from_utf8(&asset.bytes).unwrap()
    }

    #[test]
    fn addresses_carry_the_hash_also_inside_other_assets() {
        let assets = Assets::new(&[FONT, STYLE]).unwrap();
        insta::assert_snapshot!(assets.url("text-400.woff2").unwrap(), @"/assets/text-400.9b0ae985bac4.woff2");
        let style = assets.find(assets.url("base.css").unwrap()).unwrap();
        insta::assert_snapshot!(format!("{}\n{}", style.url, text(style)), @r#"
        /assets/base.5ce0332c788e.css
        a{src:url("/assets/text-400.9b0ae985bac4.woff2")}b{src:url(/assets/text-400.9b0ae985bac4.woff2)}
        "#);
        assert_eq!(assets.url("other.css"), None);
        for path in [
            "/assets/base.css",
            "/assets/base.000000000000.css",
            "/assets/",
            "",
        ] {
            assert!(assets.find(path).is_none(), "{path}");
        }
    }

    #[test]
    fn a_change_in_a_font_changes_the_address_of_its_stylesheet() {
        let new_font = AssetSource {
            bytes: b"\x01",
            ..FONT
        };
        let before = Assets::new(&[FONT, STYLE]).unwrap();
        let after = Assets::new(&[new_font, STYLE]).unwrap();
        assert_ne!(before.url("base.css"), after.url("base.css"));
    }

    #[test]
    fn faulty_lists_are_refused() {
        let refused = |sources: &[AssetSource]| Assets::new(sources).unwrap_err().to_string();
        let named = |name| AssetSource { name, ..FONT };
        let of_type = |content_type| AssetSource {
            content_type,
            ..FONT
        };
        let mut shown = vec![refused(&[STYLE, FONT]), refused(&[FONT, FONT])];
        shown.push(refused(&[of_type("a\nb")]));
        for name in [
            "base", "a.b.css", "../x.css", "Base.css", ".css", "a.", "a/b.css",
        ] {
            shown.push(refused(&[named(name)]));
        }
        insta::assert_snapshot!(shown.join("\n"), @r#"
        asset base.css names "text-400.woff2", which is not listed before it
        asset text-400.woff2 is listed twice
        the content type of text-400.woff2 cannot be a header
        "base" is no asset name
        "a.b.css" is no asset name
        "../x.css" is no asset name
        "Base.css" is no asset name
        ".css" is no asset name
        "a." is no asset name
        "a/b.css" is no asset name
        "#);
    }

    #[test]
    fn what_the_browser_has_is_not_sent_again() {
        let assets = Assets::new(&[FONT]).unwrap();
        let asset = assets.find(assets.url(FONT.name).unwrap()).unwrap();
        let headers = Headers::new("http://127.0.0.1");
        let tag = format!("\"{}\"", asset.hash);
        for (sent, status) in [
            (None, 200),
            (Some("\"other\"".to_owned()), 200),
            (Some(asset.hash.clone()), 200),
            (Some(tag.clone()), 304),
            (Some(format!("\"a\", W/{tag}")), 304),
            (Some("*".to_owned()), 304),
        ] {
            let response = asset.response(sent.as_deref(), Some("gzip"), &headers);
            assert_eq!(response.status(), status, "{sent:?}");
            assert_eq!(response.headers()[ETAG], tag);
            assert_eq!(
                response.headers()[CACHE_CONTROL],
                "public, max-age=31536000, immutable"
            );
            assert_eq!(response.headers().contains_key(CONTENT_TYPE), status == 200);
            let length = response.body().size_hint().exact();
            assert_eq!(
                length,
                Some(if status == 200 {
                    FONT.bytes.len() as u64
                } else {
                    0
                })
            );
        }
    }
}
