//! How a visitor's browser is set: its size, its preferences, its language.

use serde_json::{Value, json};

/// A window and the wishes of the person in front of it.
#[derive(Clone, Copy, Debug)]
pub struct Looks {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) phone: bool,
    pub(super) javascript: bool,
    language: &'static str,
    zone: Option<&'static str>,
    dark: bool,
    forced_colors: bool,
    reduced_motion: bool,
}

impl Looks {
    /// A desk: 1280 by 900 CSS pixels, English, light.
    pub fn desktop() -> Self {
        Self {
            width: 1280,
            height: 900,
            phone: false,
            javascript: true,
            language: "en",
            zone: None,
            dark: false,
            forced_colors: false,
            reduced_motion: false,
        }
    }

    /// A phone of today: 390 by 844 CSS pixels, touch.
    pub fn phone() -> Self {
        Self {
            width: 390,
            height: 844,
            phone: true,
            ..Self::desktop()
        }
    }

    /// The narrowest window that WCAG 2.2 asks pages to fit (1.4.10), which is also a desk at 400 %.
    pub fn narrow() -> Self {
        Self {
            width: 320,
            height: 640,
            ..Self::phone()
        }
    }

    pub fn dark(self) -> Self {
        Self { dark: true, ..self }
    }

    /// The system's own few colors, as in a high-contrast theme.
    pub fn forced_colors(self) -> Self {
        Self {
            forced_colors: true,
            ..self
        }
    }

    pub fn reduced_motion(self) -> Self {
        Self {
            reduced_motion: true,
            ..self
        }
    }

    /// The browser runs no script of any page.
    pub fn without_javascript(self) -> Self {
        Self {
            javascript: false,
            ..self
        }
    }

    /// The language that the browser asks for, such as `de`.
    pub fn language(self, language: &'static str) -> Self {
        Self { language, ..self }
    }

    /// The time zone that the browser's clock shows, as an IANA name.
    pub fn zone(self, zone: &'static str) -> Self {
        Self {
            zone: Some(zone),
            ..self
        }
    }

    /// Chromium's own settings, which hold from the first request on.
    pub(super) fn preferences(&self) -> Value {
        json!({ "intl.accept_languages": self.language })
    }

    /// The commands of the DevTools protocol that set the rest, for the life of the tab.
    pub(super) fn emulation(&self) -> Vec<(&'static str, Value)> {
        let wish =
            |name, wanted, value| json!({ "name": name, "value": if wanted { value } else { "" } });
        let features = [
            wish(
                "prefers-color-scheme",
                true,
                if self.dark { "dark" } else { "light" },
            ),
            wish("forced-colors", self.forced_colors, "active"),
            wish("prefers-reduced-motion", self.reduced_motion, "reduce"),
        ];
        let size = json!({ "width": self.width, "height": self.height,
                           "deviceScaleFactor": 1, "mobile": self.phone });
        let mut commands = vec![
            ("Emulation.setDeviceMetricsOverride", size),
            (
                "Emulation.setTouchEmulationEnabled",
                json!({ "enabled": self.phone }),
            ),
            (
                "Emulation.setEmulatedMedia",
                json!({ "features": features }),
            ),
        ];
        if let Some(zone) = self.zone {
            commands.push((
                "Emulation.setTimezoneOverride",
                json!({ "timezoneId": zone }),
            ));
        }
        commands
    }
}
