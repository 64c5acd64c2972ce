//! From one color to the shades that pages use in light and in dark. Every pair that stands on each
//! other is held to the contrast that WCAG asks for, whatever the color. Pure.

use kept_base::page::color::{EDGE_CONTRAST, Oklch, Rgb, TEXT_CONTRAST};

/// What stands in for `--verd`, `--on-verd` and `--verd-tint` of `tokens.css` in one scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shade {
    /// Links, marks and filled buttons.
    pub accent: Rgb,
    /// Text on it.
    pub on_accent: Rgb,
    /// The ground of notes.
    pub tint: Rgb,
}

/// The shades of both schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shades {
    /// On light paper.
    pub light: Shade,
    /// On dark paper.
    pub dark: Shade,
}

/// A color that cannot be read on our paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Refused {
    /// The least contrast that it would have.
    pub contrast: f64,
    /// The color nearest to it that can be read: of the same hue, just dark enough.
    pub nearest: Rgb,
}

/// The colors of `tokens.css` that stand beside the shades.
struct Scheme {
    paper: Rgb,
    surface: Rgb,
    sunk: Rgb,
    ink: Rgb,
    ink_2: Rgb,
}

const LIGHT: Scheme = Scheme {
    paper: Rgb([0xfb, 0xfa, 0xf7]),
    surface: Rgb([0xff, 0xff, 0xff]),
    sunk: Rgb([0xf1, 0xef, 0xe9]),
    ink: Rgb([0x14, 0x21, 0x1f]),
    ink_2: Rgb([0x46, 0x53, 0x4f]),
};

const DARK: Scheme = Scheme {
    paper: Rgb([0x10, 0x17, 0x16]),
    surface: Rgb([0x18, 0x21, 0x20]),
    sunk: Rgb([0x0b, 0x11, 0x10]),
    ink: Rgb([0xed, 0xf2, 0xf0]),
    ink_2: Rgb([0xb6, 0xc2, 0xbe]),
};

/// How light the accent is on dark paper to begin with, and how strong at most: strong colors
/// glare there.
const DARK_ACCENT: (f64, f64) = (0.80, 0.11);
/// A color as dark as text looks weaker than it is; its lighter shades need more to look the same.
const LIGHTER_IS_STRONGER: f64 = 1.4;
const LIGHT_TINT: (f64, f64) = (0.94, 0.02);
const DARK_TINT: (f64, f64) = (0.29, 0.035);
/// How finely a lightness is looked for.
const STEP: f64 = 0.002;

impl Shades {
    /// The shades of a color, which is taken as it is for light paper.
    #[must_use]
    pub fn of(color: Rgb) -> Self {
        let own = Oklch::from(color);
        let toned = |(lightness, most): (f64, f64)| Oklch {
            lightness,
            chroma: (own.chroma * LIGHTER_IS_STRONGER).min(most),
            hue: own.hue,
        };
        let light = Shade {
            accent: color,
            on_accent: LIGHT.surface,
            tint: toned(LIGHT_TINT).to_rgb(),
        };
        let tint = toned(DARK_TINT).to_rgb();
        let dark = |lightness| Shade {
            accent: toned((lightness, DARK_ACCENT.1)).to_rgb(),
            on_accent: DARK.paper,
            tint,
        };
        let lighter = (0_u8..=100).map(|step| DARK_ACCENT.0 + STEP * f64::from(step));
        let found = lighter.map(dark).find(|shade| DARK.least(shade) >= 1.0);
        Self {
            light,
            dark: found.unwrap_or_else(|| dark(1.0)),
        }
    }

    /// The shades of a color that can be read on our paper.
    ///
    /// # Errors
    /// [`Refused`] offers the nearest color that can.
    pub fn checked(color: Rgb) -> Result<Self, Refused> {
        let shades = Self::of(color);
        let least = LIGHT.least(&shades.light);
        if least >= 1.0 {
            return Ok(shades);
        }
        let own = Oklch::from(color);
        let mut lightness = own.lightness;
        loop {
            lightness = (lightness - STEP).max(0.0);
            let nearest = Oklch { lightness, ..own }.to_rgb();
            if LIGHT.least(&Self::of(nearest).light) >= 1.0 || lightness <= 0.0 {
                return Err(Refused {
                    contrast: least * TEXT_CONTRAST,
                    nearest,
                });
            }
        }
    }

    /// The stylesheet that puts the shades in place of ours.
    #[must_use]
    pub fn stylesheet(&self) -> String {
        let (light, dark) = (&self.light, &self.dark);
        let token = |name: &str, of: fn(&Shade) -> Rgb| {
            format!("--{name}:light-dark({},{});", of(light), of(dark))
        };
        format!(
            "@layer tokens{{:root{{{}{}{}}}}}\n",
            token("verd", |shade| shade.accent),
            token("on-verd", |shade| shade.on_accent),
            token("verd-tint", |shade| shade.tint),
        )
    }
}

impl Scheme {
    /// The pairs that stand on each other, with the contrast that each needs.
    fn pairs(&self, shade: &Shade) -> [(Rgb, Rgb, f64); 9] {
        let Shade {
            accent,
            on_accent,
            tint,
        } = *shade;
        [
            (accent, self.paper, TEXT_CONTRAST),
            (accent, self.surface, TEXT_CONTRAST),
            (accent, self.sunk, TEXT_CONTRAST),
            (accent, tint, TEXT_CONTRAST),
            (on_accent, accent, TEXT_CONTRAST),
            (self.ink, tint, TEXT_CONTRAST),
            (self.ink_2, tint, TEXT_CONTRAST),
            // The edge of a chosen day, the mark beside a note.
            (accent, self.paper, EDGE_CONTRAST),
            (accent, tint, EDGE_CONTRAST),
        ]
    }

    /// The least part of the contrast that is needed; 1 and more is enough.
    fn least(&self, shade: &Shade) -> f64 {
        let parts = self
            .pairs(shade)
            .map(|(a, b, needed)| a.contrast(b) / needed);
        parts.into_iter().fold(f64::INFINITY, f64::min)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn assert_readable(color: Rgb, shades: &Shades) {
        for (scheme, shade) in [(&LIGHT, &shades.light), (&DARK, &shades.dark)] {
            for (a, b, needed) in scheme.pairs(shade) {
                let found = a.contrast(b);
                assert!(
                    found >= needed,
                    "{color}: {a} on {b} has {found}, needs {needed}"
                );
            }
        }
    }

    /// The shades of a color, or of the one that is offered in its place.
    fn offered(color: Rgb) -> (Rgb, Shades) {
        match Shades::checked(color) {
            Ok(shades) => (color, shades),
            Err(refused) => {
                assert!(refused.contrast < TEXT_CONTRAST, "{color} {refused:?}");
                let shades = Shades::checked(refused.nearest);
                (
                    refused.nearest,
                    shades.expect("what is offered is accepted"),
                )
            }
        }
    }

    #[test]
    fn every_hue_is_readable_in_light_and_dark() {
        for hue in 0..360 {
            for chroma in [0.0, 0.04, 0.12, 0.3] {
                for lightness in [0.1, 0.4, 0.55, 0.7, 0.95] {
                    let hue = f64::from(hue);
                    let color = Oklch {
                        lightness,
                        chroma,
                        hue,
                    }
                    .to_rgb();
                    let (offered, shades) = offered(color);
                    assert_readable(offered, &shades);
                }
            }
        }
    }

    #[test]
    fn what_is_offered_is_the_same_color_but_darker() {
        for color in [
            "#ffcc00", "#ff6666", "#66ff66", "#88aaff", "#ffffff", "#ff00ff", "#808080",
        ] {
            let color: Rgb = color.parse().expect("a color");
            let refused = Shades::checked(color).expect_err("too light");
            let (wanted, found) = (Oklch::from(color), Oklch::from(refused.nearest));
            assert!(found.lightness < wanted.lightness, "{color}");
            let turned = (found.hue - wanted.hue + 180.0).rem_euclid(360.0) - 180.0;
            assert!(
                wanted.chroma < 0.01 || turned.abs() < 4.0,
                "{color} {found:?} {wanted:?}"
            );
            // It is near: a shade lighter would not do.
            let lighter = Oklch {
                lightness: found.lightness + 4.0 * STEP,
                ..found
            };
            assert!(
                Shades::checked(lighter.to_rgb()).is_err(),
                "{color} {found:?}"
            );
        }
    }

    #[test]
    fn our_own_color_is_accepted_as_it_is() {
        let ours = Rgb([0x0b, 0x5a, 0x54]);
        insta::assert_snapshot!(Shades::checked(ours).expect("ours").stylesheet(), @"@layer tokens{:root{--verd:light-dark(#0b5a54,#6ad2c8);--on-verd:light-dark(#ffffff,#101716);--verd-tint:light-dark(#ddf0ed,#14312e);}}");
    }

    #[test]
    fn the_colors_beside_are_those_of_the_stylesheet() {
        let tokens = include_str!("../../assets/css/tokens.css");
        let token = |name: &str| {
            let (_, rest) = tokens
                .split_once(&format!("--{name}: light-dark("))
                .expect("a token");
            let (light, rest) = rest.split_once(", ").expect("two colors");
            let dark = rest.split(')').next().expect("an end");
            let read = |text: &str| text.parse::<Rgb>().expect("a color");
            (read(light), read(dark))
        };
        assert_eq!(token("paper"), (LIGHT.paper, DARK.paper));
        assert_eq!(token("surface"), (LIGHT.surface, DARK.surface));
        assert_eq!(token("sunk"), (LIGHT.sunk, DARK.sunk));
        assert_eq!(token("ink"), (LIGHT.ink, DARK.ink));
        assert_eq!(token("ink-2"), (LIGHT.ink_2, DARK.ink_2));
        assert_eq!(token("on-verd"), (LIGHT.surface, DARK.paper));
    }

    proptest! {
        #[test]
        fn every_color_has_a_readable_neighbor(bytes in any::<[u8; 3]>()) {
            let (color, shades) = offered(Rgb(bytes));
            assert_readable(color, &shades);
        }
    }
}
