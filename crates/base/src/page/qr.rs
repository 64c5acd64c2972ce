//! A QR code as an image in the page: an address to point a telephone at. Dark on light in every
//! scheme, as readers expect, with the margin that ISO/IEC 18004 asks for.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use super::html;

/// Longest text of a QR code, in bytes: more makes squares too small for a screen.
pub const MAX_QR_BYTES: usize = 300;
/// Light squares around the code.
const MARGIN: usize = 4;

/// Draws `text` as an SVG element without style or script, which readers of screens know as
/// `title`. Its size is for a stylesheet to say. `None` for a text longer than [`MAX_QR_BYTES`].
#[must_use]
pub fn svg(text: &str, title: &str) -> Option<String> {
    if text.len() > MAX_QR_BYTES {
        return None;
    }
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let side = code.width() + 2 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qr\" viewBox=\"0 0 {side} {side}\" \
         role=\"img\" shape-rendering=\"crispEdges\"><title>{}</title>\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\"",
        html::escaped(title)
    );
    let colors = code.to_colors();
    for (row, squares) in colors.chunks(code.width()).enumerate() {
        let mut from = 0;
        for run in squares.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                let (x, y, length) = (from + MARGIN, row + MARGIN, run.len());
                // Writing into a string does not fail.
                let _ = write!(svg, "M{x} {y}h{length}v1h-{length}z");
            }
            from += run.len();
        }
    }
    svg.push_str("\"/></svg>");
    Some(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The squares that the paths draw.
    fn drawn(svg: &str) -> Vec<Vec<bool>> {
        let path = svg.split("fill=\"#000\" d=\"").nth(1).expect("a path");
        let path = path.split('"').next().expect("its end");
        let side: usize = svg
            .split("viewBox=\"0 0 ")
            .nth(1)
            .and_then(|rest| rest.split(' ').next())
            .and_then(|side| side.parse().ok())
            .expect("a side");
        let mut squares = vec![vec![false; side]; side];
        for run in path.split('M').skip(1) {
            let numbers: Vec<usize> = run
                .split(|c: char| !c.is_ascii_digit())
                .filter_map(|number| number.parse().ok())
                .collect();
            squares[numbers[1]][numbers[0]..][..numbers[2]].fill(true);
        }
        squares
    }

    #[test]
    fn what_is_drawn_is_the_code() {
        for text in [
            "A",
            "https://book.example.org/riverside",
            "Grüße",
            &"x".repeat(MAX_QR_BYTES),
        ] {
            let squares = drawn(&svg(text, "t").expect("short enough"));
            let code = QrCode::with_error_correction_level(text, EcLevel::M).expect("a code");
            assert_eq!(squares.len(), code.width() + 2 * MARGIN);
            for (y, row) in squares.iter().enumerate() {
                for (x, dark) in row.iter().enumerate() {
                    let inside = |at: usize| (MARGIN..MARGIN + code.width()).contains(&at);
                    let expected =
                        inside(x) && inside(y) && code[(x - MARGIN, y - MARGIN)] == Color::Dark;
                    assert_eq!(*dark, expected, "{text} {x} {y}");
                }
            }
        }
    }

    #[test]
    fn it_is_plain_markup_with_a_name() {
        let shown = svg("https://a.example/", "Book & try \"it\" <now>").expect("short enough");
        assert!(shown.contains("<title>Book &amp; try &quot;it&quot; &lt;now&gt;</title>"));
        for never in ["style", "<script", "href", " on"] {
            assert!(!shown.contains(never), "{never}");
        }
        assert!(shown.len() < 16 * 1024, "{}", shown.len());
        assert_eq!(svg(&"x".repeat(MAX_QR_BYTES + 1), "t"), None);
    }
}
