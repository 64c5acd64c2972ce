//! What a browser says it is, so coarse that many people have the same: "Firefox on Android". The
//! header itself, with its versions and builds, is not kept.

/// Longest `User-Agent` that is looked at, in bytes.
const MAX_AGENT_BYTES: usize = 1_000;

/// A browser and what it runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    browser: Option<&'static str>,
    platform: Option<&'static str>,
}

/// Marks of browsers and their names. Those that pretend to be others stand before those.
const BROWSERS: [(&str, &str); 10] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Chromium/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Marks of what they run on.
const PLATFORMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
];

impl Device {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self {
        browser: None,
        platform: None,
    };

    /// Reads a `User-Agent`.
    #[must_use]
    pub fn of_agent(agent: &str) -> Self {
        if agent.len() > MAX_AGENT_BYTES {
            return Self::UNKNOWN;
        }
        let first = |marks: &[(&str, &'static str)]| {
            let found = marks.iter().find(|(mark, _)| agent.contains(mark));
            found.map(|(_, name)| *name)
        };
        Self {
            browser: first(&BROWSERS),
            platform: first(&PLATFORMS),
        }
    }

    /// As it is stored: `Firefox/Android`.
    #[must_use]
    pub fn code(self) -> String {
        let (browser, platform) = self.names();
        format!("{}/{}", browser.unwrap_or(""), platform.unwrap_or(""))
    }

    /// Reads what was stored.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        let (browser, platform) = code.split_once('/').unwrap_or((code, ""));
        let known = |marks: &[(&str, &'static str)], name: &str| {
            let found = marks.iter().find(|(_, known)| *known == name);
            found.map(|(_, known)| *known)
        };
        Self {
            browser: known(&BROWSERS, browser),
            platform: known(&PLATFORMS, platform),
        }
    }

    /// The names of browser and platform, where they are known.
    #[must_use]
    pub fn names(self) -> (Option<&'static str>, Option<&'static str>) {
        (self.browser, self.platform)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_apart_and_nothing_else_is_kept() {
        for (agent, code) in [
            (
                "Mozilla/5.0 (Android 16; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
                "Firefox/Android",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0",
                "Edge/Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1",
                "Safari/iOS",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 HeadlessChrome/143.0.0.0 Safari/537.36",
                "Chrome/Linux",
            ),
            ("curl/8.17.0", "/"),
            ("", "/"),
        ] {
            let device = Device::of_agent(agent);
            assert_eq!(device.code(), code);
            assert_eq!(Device::from_code(code), device);
        }
        let long = format!("Firefox/1 {}", "x".repeat(MAX_AGENT_BYTES));
        assert_eq!(Device::of_agent(&long), Device::UNKNOWN);
        assert_eq!(Device::from_code("<b>/Android").code(), "/Android");
        assert_eq!(Device::from_code(""), Device::UNKNOWN);
    }
}
