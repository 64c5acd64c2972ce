//! How a color looks on light and on dark paper, drawn before it is chosen.

use std::fmt::Write as _;

use askama::filters::Safe;
use kept_base::page::color::Rgb;
use kept_base::page::html::escaped;

use super::super::{Shade, Shades};
use crate::page::{Markup, Words};

/// Paper and ink of `tokens.css`, as the sample shows them.
const PAPERS: [(Rgb, Rgb); 2] = [
    (Rgb([0xfb, 0xfa, 0xf7]), Rgb([0x14, 0x21, 0x1f])),
    (Rgb([0x10, 0x17, 0x16]), Rgb([0xed, 0xf2, 0xf0])),
];
const WIDTH: usize = 260;

/// A link, a button and a note in both schemes, with the contrast that the link has.
pub(super) fn svg(words: Words<'_>, shades: &Shades) -> Markup {
    let texts = Texts {
        link: escaped(&words.say("look-sample-link")),
        button: escaped(&words.say("look-sample-button")),
        note: escaped(&words.say("look-sample-note")),
    };
    let mut svg = format!(
        "<svg class=\"sample\" direction=\"ltr\" viewBox=\"0 0 {} 132\" role=\"img\"><title>{}</title>",
        2 * WIDTH,
        escaped(&words.say("look-sample"))
    );
    let schemes = [&shades.light, &shades.dark].into_iter().zip(PAPERS);
    for (column, (shade, papers)) in schemes.enumerate() {
        half(&mut svg, column * WIDTH, shade, papers, &texts);
    }
    svg.push_str("</svg>");
    Safe(svg)
}

struct Texts {
    link: String,
    button: String,
    note: String,
}

fn half(svg: &mut String, x: usize, shade: &Shade, (paper, ink): (Rgb, Rgb), texts: &Texts) {
    let Shade {
        accent,
        on_accent,
        tint,
    } = shade;
    let contrast = format!("{:.1} : 1", (accent.contrast(paper) * 10.0).floor() / 10.0);
    let Texts { link, button, note } = texts;
    let (left, middle, number) = (x + 16, x + 76, x + WIDTH - 16);
    // Writing into a string does not fail.
    let _ = write!(
        svg,
        "<rect x=\"{x}\" width=\"{WIDTH}\" height=\"132\" fill=\"{paper}\"/>\
         <text x=\"{left}\" y=\"29\" font-size=\"15\" fill=\"{accent}\" \
         text-decoration=\"underline\">{link}</text>\
         <text x=\"{number}\" y=\"29\" font-size=\"13\" fill=\"{ink}\" text-anchor=\"end\">\
         {contrast}</text>\
         <rect x=\"{left}\" y=\"42\" width=\"120\" height=\"32\" rx=\"6\" fill=\"{accent}\"/>\
         <text x=\"{middle}\" y=\"63\" font-size=\"15\" font-weight=\"600\" \
         text-anchor=\"middle\" fill=\"{on_accent}\">{button}</text>\
         <rect x=\"{left}\" y=\"86\" width=\"{}\" height=\"32\" fill=\"{tint}\"/>\
         <rect x=\"{left}\" y=\"86\" width=\"4\" height=\"32\" fill=\"{accent}\"/>\
         <text x=\"{}\" y=\"107\" font-size=\"13\" fill=\"{ink}\">{note}</text>",
        WIDTH - 32,
        x + 32,
    );
}
