//! Takes keys one by one and remembers what is wrong with each.

use std::path::{Path, PathBuf};

use kept_base::kit::Secret;

use super::keys::{self, Key};
use super::raw::{Entry, Raw, read_bounded, weakness};
use super::{Finding, Findings};

/// Largest secret in a file, in bytes.
pub const MAX_SECRET_BYTES: u64 = 4 * 1024;

/// Reads a [`Raw`], key by key.
pub(super) struct Reader<'f> {
    raw: Raw,
    findings: &'f mut Vec<Finding>,
}

impl<'f> Reader<'f> {
    pub fn new(raw: Raw, findings: &'f mut Vec<Finding>) -> Self {
        Self { raw, findings }
    }

    /// Notes that something is wrong.
    pub fn find(&mut self, key: &Key, set_in: Option<String>, what: impl Into<String>) {
        self.findings.push(Finding {
            key: key.name.to_owned(),
            set_in,
            what: what.into(),
        });
    }

    /// Notes more that is wrong.
    pub fn find_all(&mut self, findings: Findings) {
        self.findings.extend(findings.0);
    }

    /// Whether something was found about that key.
    pub fn has_found(&self, key: &Key) -> bool {
        self.findings.iter().any(|finding| finding.key == key.name)
    }

    /// Whether something was found about a key that begins so.
    pub fn has_found_in(&self, section: &str) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| finding.key.starts_with(section))
    }

    /// The text of a key; an empty one is as good as none.
    fn entry(&mut self, key: &Key) -> Option<(String, String)> {
        let Entry { text, set_in } = self.raw.take(key.name)?;
        match text {
            Some(text) if text.trim().is_empty() => None,
            Some(text) => Some((text.trim().to_owned(), set_in)),
            None => {
                let what = format!("is neither a text nor a number; write {}", key.write);
                self.find(key, Some(set_in), what);
                None
            }
        }
    }

    /// What a key means, by `read`; what it says when that gives nothing is wrong.
    pub fn optional<T>(&mut self, key: &Key, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let (text, set_in) = self.entry(key)?;
        let value = read(&text);
        if value.is_none() {
            self.find(
                key,
                Some(set_in),
                format!("{text:?} will not do; write {}", key.write),
            );
        }
        value
    }

    /// What a key means, or else its default, which must be one that `read` reads.
    pub fn value<T>(&mut self, key: &Key, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let before = self.findings.len();
        match self.optional(key, &read) {
            Some(value) => Some(value),
            None if self.findings.len() > before => None,
            None => read(key.default),
        }
    }

    /// A text as it stands.
    pub fn text(&mut self, key: &Key) -> Option<String> {
        self.optional(key, |text| Some(text.to_owned()))
    }

    /// A path that has no default.
    pub fn optional_path(&mut self, key: &Key) -> Option<PathBuf> {
        let text = self.text(key)?;
        Some(self.raw.folder.join(text))
    }

    /// A path; a relative one begins at the folder of the settings file.
    pub fn path(&mut self, key: &Key) -> PathBuf {
        let text = self.text(key).unwrap_or_else(|| key.default.to_owned());
        self.raw.folder.join(text)
    }

    /// A secret, said outright or in a file that only its owner may read.
    pub fn secret(&mut self, outright: &Key, in_file: &Key) -> Option<Secret> {
        let said = self.entry(outright);
        let file = self.entry(in_file);
        match (said, file) {
            (Some(_), Some((_, set_in))) => {
                let what = format!("set either this or {}, not both", outright.name);
                self.find(in_file, Some(set_in), what);
                None
            }
            (Some((text, set_in)), None) => {
                if let Some(weakness) = self.raw.file_weakness(&set_in) {
                    self.find(outright, Some(set_in), format!("the file {weakness}"));
                }
                Some(Secret::new(text))
            }
            (None, Some((path, set_in))) => match self.secret_in(&path) {
                Ok(secret) => Some(secret),
                Err(what) => {
                    self.find(in_file, Some(set_in), format!("the file {path} {what}"));
                    None
                }
            },
            (None, None) => None,
        }
    }

    fn secret_in(&self, path: &str) -> Result<Secret, String> {
        let path = self.raw.folder.join(path);
        read_secret(&path)
    }

    /// Ends reading: whatever was not taken is unknown.
    pub fn finish(self) {
        for (name, set_in) in self.raw.left_over() {
            self.findings.push(Finding {
                what: format!("is no key; {}", keys::section_of(&name)),
                key: name,
                set_in: Some(set_in),
            });
        }
    }
}

/// The secret in a file that only its owner may read.
///
/// # Errors
/// What is wrong with the file, to follow its name.
pub fn read_secret(path: &Path) -> Result<Secret, String> {
    let text = read_bounded(path, MAX_SECRET_BYTES)?;
    if let Some(weakness) = weakness(path) {
        return Err(weakness);
    }
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err("is empty; write the secret into it".to_owned());
    }
    Ok(Secret::new(text.to_owned()))
}
