//! What the sources say, before it means anything.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use kept_base::store::keys::weak_mode;

use super::Finding;
use super::keys::KEYS;

/// Largest settings file, in bytes.
pub const MAX_CONFIG_BYTES: u64 = 64 * 1024;

/// What environment variables of ours begin with.
const VARIABLE_PREFIX: &str = "KEPT__";

/// Where settings come from.
#[derive(Debug, Default)]
pub struct Sources {
    /// A file that was named and must be there.
    pub file: Option<PathBuf>,
    /// The environment, all of it.
    pub environment: Vec<(OsString, OsString)>,
    /// `section.key=text`, as given with `--set`.
    pub flags: Vec<String>,
}

/// Every key that was set, known or not.
#[derive(Debug, Default)]
pub struct Raw {
    /// What relative paths begin at.
    pub(super) folder: PathBuf,
    file: Option<PathBuf>,
    entries: BTreeMap<String, Entry>,
}

/// One key's value and where it was set.
#[derive(Debug)]
pub(super) struct Entry {
    /// `None` when it is no text, number, or true or false.
    pub text: Option<String>,
    pub set_in: String,
}

impl Raw {
    /// Reads every source, the later over the earlier, and says what cannot be read.
    #[must_use]
    pub fn gather(sources: &Sources) -> (Self, Vec<Finding>) {
        let (mut raw, mut findings) = (Self::default(), Vec::new());
        if let Some(path) = &sources.file {
            raw.file = Some(path.clone());
            raw.folder = path.parent().map(Path::to_owned).unwrap_or_default();
            if let Err(finding) = raw.add_file(path) {
                findings.push(finding);
            }
        }
        for (name, value) in &sources.environment {
            raw.add_variable(name, value, &mut findings);
        }
        for flag in &sources.flags {
            raw.add_flag(flag, &mut findings);
        }
        (raw, findings)
    }

    /// Takes what a key was set to, so that what is left over in the end is unknown.
    pub(super) fn take(&mut self, name: &str) -> Option<Entry> {
        self.entries.remove(name)
    }

    /// The keys nobody took, and where they were set.
    pub(super) fn left_over(self) -> impl Iterator<Item = (String, String)> {
        self.entries
            .into_iter()
            .map(|(name, entry)| (name, entry.set_in))
    }

    /// When a key was set in the file: who else may read that.
    pub(super) fn file_weakness(&self, set_in: &str) -> Option<String> {
        let file = self.file.as_deref();
        weakness(file.filter(|file| file.display().to_string() == set_in)?)
    }

    fn set(&mut self, name: String, text: Option<String>, set_in: String) {
        self.entries.insert(name, Entry { text, set_in });
    }

    fn add_file(&mut self, path: &Path) -> Result<(), Finding> {
        let shown = path.display().to_string();
        let finding = |what: String| Finding {
            key: shown.clone(),
            set_in: None,
            what,
        };
        let text = read_bounded(path, MAX_CONFIG_BYTES).map_err(finding)?;
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            // The error's own Display shows the line, and with it perhaps a password.
            let start = error.span().map_or(0, |span| span.start);
            let line = text[..start.min(text.len())].matches('\n').count() + 1;
            finding(format!("line {line} is not TOML: {}", error.message()))
        })?;
        self.add_table("", table, &shown);
        Ok(())
    }

    fn add_table(&mut self, section: &str, table: toml::Table, set_in: &str) {
        for (key, value) in table {
            let name = if section.is_empty() {
                key
            } else {
                format!("{section}.{key}")
            };
            let text = match value {
                toml::Value::Table(inner) => {
                    self.add_table(&name, inner, set_in);
                    continue;
                }
                toml::Value::String(text) => Some(text),
                toml::Value::Integer(number) => Some(number.to_string()),
                toml::Value::Boolean(yes) => Some(yes.to_string()),
                toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Array(_) => None,
            };
            self.set(name, text, set_in.to_owned());
        }
    }

    fn add_variable(&mut self, name: &OsString, value: &OsString, findings: &mut Vec<Finding>) {
        let shown = name.to_string_lossy();
        let Some(rest) = shown.strip_prefix(VARIABLE_PREFIX) else {
            return;
        };
        let key = rest.replacen("__", ".", 1).to_lowercase();
        match value.to_str() {
            Some(text) => self.set(key, Some(text.to_owned()), shown.into_owned()),
            None => findings.push(Finding {
                key,
                set_in: Some(shown.into_owned()),
                what: "is not UTF-8".to_owned(),
            }),
        }
    }

    fn add_flag(&mut self, flag: &str, findings: &mut Vec<Finding>) {
        let set_in = Some("--set".to_owned());
        let Some((name, text)) = flag.split_once('=') else {
            // It may be a password whose key was forgotten, so it is not repeated.
            findings.push(Finding {
                key: "--set".to_owned(),
                set_in: None,
                what: "write section.key=text, such as --set server.listen=127.0.0.1:8081"
                    .to_owned(),
            });
            return;
        };
        let (name, text) = (name.trim().to_owned(), text.to_owned());
        if KEYS.iter().any(|key| key.is_secret && key.name == name) {
            findings.push(Finding {
                what: "other users of this machine can see flags; write it to a file and name \
                       that with mail.password_file"
                    .to_owned(),
                key: name,
                set_in,
            });
        } else {
            self.set(name, Some(text), "--set".to_owned());
        }
    }
}

/// Says that others may read the file.
pub(super) fn weakness(path: &Path) -> Option<String> {
    std::fs::metadata(path).ok().as_ref().and_then(weak_mode)
}

/// Reads a text of at most `limit` bytes; what is wrong otherwise.
pub(crate) fn read_bounded(path: &Path, limit: u64) -> Result<String, String> {
    use std::io::Read as _;
    let cannot = |error: std::io::Error| format!("cannot be read: {error}");
    let file = std::fs::File::open(path).map_err(cannot)?;
    let mut bytes = Vec::new();
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(cannot)?;
    if bytes.len() as u64 > limit {
        return Err(format!("has more than {limit} bytes"));
    }
    String::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())
}
