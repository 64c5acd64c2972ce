//! Colors as screens take them, how well they are told apart, and how they are made lighter or
//! darker without becoming another color. Pure.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Contrast that text needs (WCAG 2.2, 1.4.3).
pub const TEXT_CONTRAST: f64 = 4.5;
/// Contrast that the edge of a control needs (WCAG 2.2, 1.4.11).
pub const EDGE_CONTRAST: f64 = 3.0;

/// A color in sRGB, eight bits a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rgb(pub [u8; 3]);

/// The text is no color.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a color such as #0b5a54")]
pub struct ColorError;

impl FromStr for Rgb {
    type Err = ColorError;

    /// Reads `#0b5a54`, `0B5A54` and `#abc`.
    fn from_str(text: &str) -> Result<Self, ColorError> {
        let digits = text.trim().trim_start_matches('#');
        let nibbles: Option<Vec<u8>> = digits
            .chars()
            .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect();
        match nibbles.ok_or(ColorError)?[..] {
            [r, g, b] => Ok(Self([r * 17, g * 17, b * 17])),
            [a, b, c, d, e, f] => Ok(Self([a * 16 + b, c * 16 + d, e * 16 + f])),
            _ => Err(ColorError),
        }
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

impl TryFrom<String> for Rgb {
    type Error = ColorError;

    fn try_from(text: String) -> Result<Self, ColorError> {
        text.parse()
    }
}

impl From<Rgb> for String {
    fn from(color: Rgb) -> Self {
        color.to_string()
    }
}

impl Rgb {
    /// Relative luminance (WCAG 2.2), from 0 to 1.
    #[must_use]
    pub fn luminance(self) -> f64 {
        let [r, g, b] = self.0.map(to_linear);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// Contrast ratio (WCAG 2.2), from 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}

/// A color by how light, how strong and which it is, as eyes judge (Björn Ottosson's OKLab in
/// polar form, as in CSS Color 4).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Oklch {
    /// 0 is black, 1 is white.
    pub lightness: f64,
    /// 0 is gray; sRGB ends at about 0.32.
    pub chroma: f64,
    /// Degrees.
    pub hue: f64,
}

impl From<Rgb> for Oklch {
    fn from(color: Rgb) -> Self {
        let [r, g, b] = color.0.map(to_linear);
        let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
        let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
        let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
        let lightness = 0.210_454_255_3 * l + 0.793_617_785 * m - 0.004_072_046_8 * s;
        let a = 1.977_998_495_1 * l - 2.428_592_205 * m + 0.450_593_709_9 * s;
        let b = 0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766 * s;
        Self {
            lightness,
            chroma: a.hypot(b),
            hue: b.atan2(a).to_degrees().rem_euclid(360.0),
        }
    }
}

impl Oklch {
    /// The color of this lightness and hue that screens can show, as strong as they can up to this
    /// chroma.
    #[must_use]
    pub fn to_rgb(self) -> Rgb {
        let (mut weak, mut strong) = (0.0, self.chroma);
        if fits(self.linear()) {
            weak = strong;
        }
        for _ in 0..20 {
            let middle = f64::midpoint(weak, strong);
            let tried = Self {
                chroma: middle,
                ..self
            };
            if fits(tried.linear()) {
                weak = middle;
            } else {
                strong = middle;
            }
        }
        let found = Self {
            chroma: weak,
            ..self
        };
        Rgb(found.linear().map(to_byte))
    }

    fn linear(self) -> [f64; 3] {
        let hue = self.hue.to_radians();
        let (a, b) = (self.chroma * hue.cos(), self.chroma * hue.sin());
        let cube = |x: f64| x * x * x;
        let l = cube(self.lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b);
        let m = cube(self.lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b);
        let s = cube(self.lightness - 0.089_484_177_5 * a - 1.291_485_548 * b);
        [
            4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
            -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
            -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s,
        ]
    }
}

fn fits(linear: [f64; 3]) -> bool {
    linear.iter().all(|x| (-0.000_1..=1.000_1).contains(x))
}

fn to_linear(byte: u8) -> f64 {
    let x = f64::from(byte) / 255.0;
    if x <= 0.040_45 {
        x / 12.92
    } else {
        ((x + 0.055) / 1.055).powf(2.4)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "within 0 to 255"
)]
fn to_byte(linear: f64) -> u8 {
    let x = linear.clamp(0.0, 1.0);
    let x = if x <= 0.003_130_8 {
        x * 12.92
    } else {
        1.055 * x.powf(1.0 / 2.4) - 0.055
    };
    (x * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn color(text: &str) -> Rgb {
        text.parse().expect("a color")
    }

    #[test]
    fn colors_are_read_and_written() {
        for (text, written) in [
            ("#0b5a54", "#0b5a54"),
            ("0B5A54 ", "#0b5a54"),
            ("#abc", "#aabbcc"),
            ("fff", "#ffffff"),
        ] {
            assert_eq!(color(text).to_string(), written);
        }
        for text in [
            "",
            "#",
            "#12",
            "#1234",
            "#12345",
            "#1234567",
            "red",
            "#gggggg",
            "#ａｂｃ",
        ] {
            assert_eq!(text.parse::<Rgb>(), Err(ColorError), "{text}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        let known = [
            ("#000000", "#ffffff", 21.0),
            ("#ffffff", "#ffffff", 1.0),
            ("#777777", "#ffffff", 4.48),
            ("#767676", "#ffffff", 4.54),
            ("#0b5a54", "#fbfaf7", 7.7),
        ];
        for (a, b, ratio) in known {
            let found = color(a).contrast(color(b));
            assert!((found - ratio).abs() < 0.06, "{a} {b} {found}");
            assert!((color(b).contrast(color(a)) - found).abs() < 1e-9);
        }
    }

    #[test]
    fn known_colors_in_oklch() {
        let red = Oklch::from(color("#ff0000"));
        assert!((red.lightness - 0.628).abs() < 0.001, "{red:?}");
        assert!((red.chroma - 0.258).abs() < 0.001, "{red:?}");
        assert!((red.hue - 29.23).abs() < 0.1, "{red:?}");
        let gray = Oklch::from(color("#808080"));
        assert!(gray.chroma < 0.001, "{gray:?}");
    }

    proptest! {
        #[test]
        fn every_color_comes_back(bytes in any::<[u8; 3]>()) {
            let there = Oklch::from(Rgb(bytes));
            let back = there.to_rgb();
            for (a, b) in bytes.iter().zip(back.0) {
                prop_assert!(a.abs_diff(b) <= 1, "{bytes:?} {back} {there:?}");
            }
            prop_assert_eq!(Rgb(bytes).to_string().parse(), Ok(Rgb(bytes)));
        }

        #[test]
        fn what_no_screen_shows_keeps_its_lightness(
            lightness in 0.05..1.0_f64, chroma in 0.0..0.5_f64, hue in 0.0..360.0_f64,
        ) {
            let shown = Oklch::from(Oklch { lightness, chroma, hue }.to_rgb());
            prop_assert!((shown.lightness - lightness).abs() < 0.02, "{shown:?}");
            prop_assert!(shown.chroma < chroma + 0.02);
        }

        #[test]
        fn any_text_is_answered(text in ".{0,12}") {
            let _ = text.parse::<Rgb>();
        }
    }
}
