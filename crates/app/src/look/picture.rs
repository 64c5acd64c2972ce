//! Pictures that strangers hand in. What it is, its bytes say, never its name. It is put together
//! again from the pieces that make it visible: what cameras and programs write beside the picture
//! (places, names, thumbnails) stays out, and so does anything behind its end. SVG is no picture
//! but a document that can hold scripts and load things, so it is refused. Pure.

use serde::{Deserialize, Serialize};

/// Largest logo, in bytes: every first visit waits for it.
pub const MAX_LOGO_BYTES: usize = 48 * 1024;
/// Longest side of a logo, in pixels.
pub const MAX_LOGO_SIDE: u32 = 2_000;
/// Shortest side of a logo, in pixels.
pub const MIN_LOGO_SIDE: u32 = 16;

/// The kinds of picture that pages show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PictureKind {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
}

impl PictureKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Png, Self::Jpeg, Self::Webp];

    /// The stable code, which also ends its addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Webp => "webp",
        }
    }

    /// Reads a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }
}

/// Why something is no picture that can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Nothing was sent.
    #[error("no file was sent")]
    Missing,
    /// More than [`MAX_LOGO_BYTES`].
    #[error("the file is larger than {MAX_LOGO_BYTES} bytes")]
    TooLarge,
    /// An SVG document.
    #[error("SVG is not accepted")]
    Svg,
    /// Neither PNG nor JPEG nor WebP.
    #[error("the file is neither PNG nor JPEG nor WebP")]
    Unknown,
    /// It begins like one of them and does not go on like it, or it moves.
    #[error("the picture is damaged or of an unusual kind")]
    Broken,
    /// A side is shorter than [`MIN_LOGO_SIDE`] or longer than [`MAX_LOGO_SIDE`].
    #[error("a side has fewer than {MIN_LOGO_SIDE} or more than {MAX_LOGO_SIDE} pixels")]
    Size,
}

/// A picture, as it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What it is.
    pub kind: PictureKind,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Picture {
    /// Reads a file.
    ///
    /// # Errors
    /// [`PictureError`] says what it is instead.
    pub fn read(file: &[u8]) -> Result<Self, PictureError> {
        if file.is_empty() {
            return Err(PictureError::Missing);
        }
        if file.len() > MAX_LOGO_BYTES {
            return Err(PictureError::TooLarge);
        }
        let (kind, found) = if file.starts_with(PNG) {
            (PictureKind::Png, png(file))
        } else if file.starts_with(&[0xff, 0xd8, 0xff]) {
            (PictureKind::Jpeg, jpeg(file))
        } else if file.starts_with(b"RIFF") && file.get(8..12) == Some(b"WEBP") {
            (PictureKind::Webp, webp(file))
        } else if looks_like_svg(file) {
            return Err(PictureError::Svg);
        } else {
            return Err(PictureError::Unknown);
        };
        let (bytes, width, height) = found.ok_or(PictureError::Broken)?;
        let fits = |side| (MIN_LOGO_SIDE..=MAX_LOGO_SIDE).contains(&side);
        if !fits(width) || !fits(height) {
            return Err(PictureError::Size);
        }
        Ok(Self {
            kind,
            width,
            height,
            bytes,
        })
    }
}

fn looks_like_svg(file: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&file[..file.len().min(1_024)]).to_lowercase();
    start.contains("<svg") || start.trim_start().starts_with("<?xml")
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Size, palette, transparency, how bright its numbers are meant, the picture, the end.
const PNG_KEPT: [&[u8; 4]; 7] = [
    b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"IDAT", b"IEND",
];

/// The picture and its size.
type Found = (Vec<u8>, u32, u32);

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u32::from(u16::from_be_bytes(two.try_into().ok()?)))
}

fn le(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let found = bytes.get(at..at.checked_add(length)?)?;
    Some(
        found
            .iter()
            .rev()
            .fold(0, |sum, byte| sum << 8 | u32::from(*byte)),
    )
}

fn png(file: &[u8]) -> Option<Found> {
    let mut out = PNG.to_vec();
    let (mut at, mut size, mut pixels) = (PNG.len(), None, false);
    loop {
        let length = usize::try_from(be32(file, at)?).ok()?;
        let end = at.checked_add(length)?.checked_add(12)?;
        let chunk = file.get(at..end)?;
        let kind = chunk.get(4..8)?;
        match (kind, size) {
            (b"IHDR", None) if length == 13 => size = be32(chunk, 8).zip(be32(chunk, 12)),
            (b"IHDR", _) | (_, None) => return None,
            (b"IDAT", _) => pixels = true,
            _ => {}
        }
        if PNG_KEPT.iter().any(|kept| kept.as_slice() == kind) {
            out.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            let (width, height) = size.filter(|_| pixels)?;
            return Some((out, width, height));
        }
        at = end;
    }
}

fn jpeg(file: &[u8]) -> Option<Found> {
    let mut out = vec![0xff, 0xd8];
    let (mut at, mut size) = (2, None);
    loop {
        // A marker may have any number of 0xff before it.
        while file.get(at..at + 2)? == [0xff, 0xff] {
            at += 1;
        }
        let [0xff, marker] = *file.get(at..at + 2)? else {
            return None;
        };
        if marker == 0xd9 {
            out.extend_from_slice(&[0xff, 0xd9]);
            let (width, height) = size?;
            return Some((out, width, height));
        }
        let length = usize::try_from(be16(file, at + 2)?).ok()?;
        let segment = file.get(at..at + 2 + length)?;
        at += segment.len();
        match marker {
            // Baseline, extended and progressive.
            0xc0..=0xc2 if size.is_none() => size = be16(segment, 7).zip(be16(segment, 5)),
            // Tables, and how the colors are meant (JFIF, Adobe).
            0xc4 | 0xdb | 0xdd | 0xe0 | 0xee => {}
            0xda => {
                size?;
                out.extend_from_slice(segment);
                let end = at + scan_length(file.get(at..)?)?;
                out.extend_from_slice(file.get(at..end)?);
                at = end;
                continue;
            }
            // What others write beside the picture.
            0xe1..=0xed | 0xef | 0xfe => continue,
            _ => return None,
        }
        out.extend_from_slice(segment);
    }
}

/// How many bytes of a scan there are before the next marker: in them, 0xff is followed by 0 or
/// by the number of a restart.
fn scan_length(bytes: &[u8]) -> Option<usize> {
    let is_marker = |two: &[u8]| two[0] == 0xff && !matches!(two[1], 0 | 0xd0..=0xd7 | 0xff);
    bytes.windows(2).position(is_marker)
}

fn webp(file: &[u8]) -> Option<Found> {
    let mut out = b"RIFF\0\0\0\0WEBP".to_vec();
    let end = usize::try_from(le(file, 4, 4)?).ok()?.checked_add(8)?;
    let file = file.get(..end)?;
    let (mut at, mut size) = (12, None);
    while at < end {
        let length = usize::try_from(le(file, at + 4, 4)?).ok()?;
        let padded = length.checked_add(length % 2)?;
        let chunk = file.get(at..at.checked_add(8)?.checked_add(padded)?)?;
        at += chunk.len();
        let from = out.len();
        match chunk.get(..4)? {
            b"VP8 " if chunk.get(11..14)? == [0x9d, 0x01, 0x2a] => {
                size = Some((le(chunk, 14, 2)? & 0x3fff, le(chunk, 16, 2)? & 0x3fff));
                out.extend_from_slice(chunk);
            }
            b"VP8L" if chunk.get(8)? == &0x2f => {
                let bits = le(chunk, 9, 4)?;
                size = Some(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1));
                out.extend_from_slice(chunk);
            }
            b"ALPH" => out.extend_from_slice(chunk),
            b"VP8X" => {
                out.extend_from_slice(chunk);
                // Of what it announces only transparency is still there.
                *out.get_mut(from + 8)? &= 0x10;
            }
            b"ICCP" | b"EXIF" | b"XMP " => {}
            _ => return None,
        }
    }
    let (width, height) = size?;
    let length = u32::try_from(out.len() - 8).ok()?;
    out.get_mut(4..8)?.copy_from_slice(&length.to_le_bytes());
    Some((out, width, height))
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;
