//! Packed texts. Pages and stylesheets shrink to a quarter, which on a hotel's network is the
//! difference between seconds.
//!
//! Packing an answer that has both a secret and something a stranger chose in it can betray the
//! secret by its length (BREACH). Pages here have no such secret: whoever can make a browser ask
//! for a person's page knows the capability in its address already, and there is no cookie.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Fewest bytes that are worth packing.
pub const MIN_PACKED_BYTES: usize = 600;

/// Whether a browser that sent this `Accept-Encoding` reads gzip (RFC 9110, 12.5.3).
#[must_use]
pub fn is_accepted(accept_encoding: Option<&str>) -> bool {
    let codings = accept_encoding.unwrap_or_default().split(',');
    let mut any = false;
    for coding in codings {
        let (name, parameter) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = matches!(parameter.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
        match name.trim() {
            "gzip" | "x-gzip" => return !refused,
            "*" => any = !refused,
            _ => {}
        }
    }
    any
}

/// Packs a text; `None` when it is too short to gain by it.
#[must_use]
pub fn pack(text: &[u8], thorough: bool) -> Option<Vec<u8>> {
    if text.len() < MIN_PACKED_BYTES {
        return None;
    }
    let level = if thorough {
        Compression::best()
    } else {
        Compression::fast()
    };
    let mut encoder = GzEncoder::new(Vec::with_capacity(text.len() / 2), level);
    encoder.write_all(text).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() < text.len()).then_some(packed)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn only_who_reads_it_gets_it() {
        for (sent, accepted) in [
            (None, false),
            (Some(""), false),
            (Some("br, gzip;q=0.5"), true),
            (Some("deflate"), false),
            (Some("*"), true),
            (Some("gzip;q=0, *"), false),
            (Some("*;q=0"), false),
            (Some("x-gzip"), true),
        ] {
            assert_eq!(is_accepted(sent), accepted, "{sent:?}");
        }
    }

    #[test]
    fn what_is_packed_unpacks_to_the_same() {
        let text = "kept ".repeat(1_000);
        for thorough in [true, false] {
            let packed = pack(text.as_bytes(), thorough).unwrap();
            assert!(packed.len() < 200);
            let mut read = String::new();
            flate2::read::GzDecoder::new(packed.as_slice())
                .read_to_string(&mut read)
                .unwrap();
            assert_eq!(read, text);
        }
        assert_eq!(pack(b"short", true), None);
    }
}
