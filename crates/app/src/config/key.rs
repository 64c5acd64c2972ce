//! What is known of one key.

/// A key that may be set.
#[derive(Debug, PartialEq, Eq)]
pub struct Key {
    /// `section.key`.
    pub name: &'static str,
    /// What stands in when it is absent: a value, or in words where it comes from.
    pub default: &'static str,
    /// What may be written, to follow "write".
    pub write: &'static str,
    /// What it does.
    pub about: &'static str,
    /// Its text is shown nowhere.
    pub is_secret: bool,
}

impl Key {
    pub(super) const fn new(
        name: &'static str,
        default: &'static str,
        write: &'static str,
        about: &'static str,
    ) -> Self {
        Self {
            name,
            default,
            write,
            about,
            is_secret: false,
        }
    }

    /// The environment variable that sets it: `KEPT__SERVER__LISTEN`.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("KEPT__{}", self.name.to_uppercase().replace('.', "__"))
    }
}
