//! Where the root key comes from: a file, or a command that prints it, as a vault's does. It is read
//! again when another process has changed it.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use data_encoding::HEXLOWER_PERMISSIVE;
use zeroize::Zeroizing;

use super::keys::{KEY_BYTES, weak_mode};
use super::{Error, Key};
use crate::kit::Entropy;

/// Most bytes that are read of a file or an answer with a root key in it.
const MAX_ROOT_KEY_TEXT_BYTES: u64 = 256;
/// How long a command may take to print the root key, in seconds.
pub const ROOT_KEY_COMMAND_SECONDS: u64 = 30;

/// Where the root key comes from.
#[derive(Debug, Clone)]
pub struct RootKey {
    source: Source,
    earlier: Option<Key>,
}

#[derive(Debug, Clone)]
enum Source {
    Given(Key),
    File(RootKeyFile),
    Command(String),
}

impl From<Key> for RootKey {
    fn from(key: Key) -> Self {
        Self::new(Source::Given(key))
    }
}

impl From<RootKeyFile> for RootKey {
    fn from(file: RootKeyFile) -> Self {
        Self::new(Source::File(file))
    }
}

impl RootKey {
    fn new(source: Source) -> Self {
        Self {
            source,
            earlier: None,
        }
    }

    /// What this program prints: its path and arguments, separated by spaces. No shell is asked.
    #[must_use]
    pub fn command(command: &str) -> Self {
        Self::new(Source::Command(command.to_owned()))
    }

    /// With a root key that was used before: for what is still under it.
    #[must_use]
    pub fn with_earlier(self, earlier: Key) -> Self {
        Self {
            earlier: Some(earlier),
            ..self
        }
    }

    /// The one that was used before.
    pub(super) fn earlier(&self) -> Option<&Key> {
        self.earlier.as_ref()
    }

    /// The file it is in; none when it comes from elsewhere.
    pub(super) fn file(&self) -> Option<&RootKeyFile> {
        match &self.source {
            Source::File(file) => Some(file),
            Source::Given(_) | Source::Command(_) => None,
        }
    }

    /// The keys that may be the one in use: what the source gives now, what is to follow it, and the
    /// one that was used before.
    ///
    /// # Errors
    /// [`Error::Key`] when the source gives none.
    pub(super) fn candidates(&self) -> Result<Vec<Key>, Error> {
        let mut found = match &self.source {
            Source::Given(key) => vec![key.clone()],
            Source::Command(command) => vec![print_key(command)?],
            Source::File(file) => {
                // It may take the place of the other one at any moment; one that cannot be read was
                // not used yet.
                let next = file.next().load();
                let mut found = vec![file.load()?];
                found.extend(next.ok());
                found
            }
        };
        found.extend(self.earlier.clone());
        Ok(found)
    }
}

/// A file with the root key in it.
#[derive(Debug, Clone)]
pub struct RootKeyFile(pub PathBuf);

impl RootKeyFile {
    /// The file beside it with the key that is to follow.
    pub(super) fn next(&self) -> Self {
        let mut name = self.0.clone().into_os_string();
        name.push(".next");
        Self(name.into())
    }

    /// Reads the key, or makes it (mode 0600) when the file does not exist yet.
    ///
    /// # Errors
    /// [`Error::Key`] when the file is readable by others, is not 64 hexadecimal digits, or
    /// cannot be made.
    pub fn load_or_create(&self, entropy: &Entropy) -> Result<Key, Error> {
        if self.0.exists() {
            self.load()
        } else {
            let key = Key::random(entropy);
            self.keep(&key)?;
            Ok(key)
        }
    }

    /// Reads the key.
    ///
    /// # Errors
    /// As [`RootKeyFile::load_or_create`].
    pub fn load(&self) -> Result<Key, Error> {
        let from = format!("root key file {}", self.0.display());
        let problem = |what: &str| Error::Key(format!("{from}: {what}"));
        let file = std::fs::File::open(&self.0).map_err(|e| problem(&e.to_string()))?;
        let metadata = file.metadata().map_err(|e| problem(&e.to_string()))?;
        if let Some(weakness) = weak_mode(&metadata) {
            return Err(problem(&weakness));
        }
        read_key(file, &from)
    }

    /// Keeps a key in the file, which must not be there yet, durably once this answers.
    ///
    /// # Errors
    /// [`Error::Key`] when it cannot be made.
    pub fn keep(&self, key: &Key) -> Result<(), Error> {
        let shown = self.0.display();
        let problem = |e: std::io::Error| Error::Key(format!("root key file {shown}: {e}"));
        let mut new = self.0.clone().into_os_string();
        new.push(format!(".{}", std::process::id()));
        let new = PathBuf::from(new);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let hex = Zeroizing::new(HEXLOWER_PERMISSIVE.encode(key.bytes()));
        // It is there as a whole or not at all.
        let kept = options.open(&new).and_then(|mut file| {
            file.write_all(hex.as_bytes())?;
            file.sync_all()?;
            std::fs::hard_link(&new, &self.0)
        });
        let removed = std::fs::remove_file(&new);
        kept.and(removed).map_err(problem)?;
        sync_parent(&self.0).map_err(problem)
    }

    /// The key that follows takes the place of this one. Does nothing when somebody else was faster.
    pub(super) fn replace(&self) -> Result<(), Error> {
        let shown = self.0.display();
        let problem = |e: std::io::Error| Error::Key(format!("root key file {shown}: {e}"));
        match std::fs::rename(self.next().0, &self.0) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(problem(error)),
            Ok(()) => sync_parent(&self.0).map_err(problem),
        }
    }
}

fn read_key(from: impl std::io::Read, name: &str) -> Result<Key, Error> {
    let problem = |what: &str| Error::Key(format!("{name}: {what}"));
    let mut text = Zeroizing::new(String::new());
    from.take(MAX_ROOT_KEY_TEXT_BYTES)
        .read_to_string(&mut text)
        .map_err(|_| problem("is not text"))?;
    let bytes = HEXLOWER_PERMISSIVE
        .decode(text.trim().as_bytes())
        .map(Zeroizing::new)
        .map_err(|_| problem("is not 64 hexadecimal digits"))?;
    let bytes: [u8; KEY_BYTES] = bytes
        .as_slice()
        .try_into()
        .map_err(|_| problem("is not 64 hexadecimal digits"))?;
    Ok(Key::from_bytes(bytes))
}

/// Runs the command and reads the key it prints. What it says on standard error goes to ours.
fn print_key(command: &str) -> Result<Key, Error> {
    let mut words = command.split_whitespace();
    let program = words.next().unwrap_or_default();
    let from = format!("root key command {program}");
    let problem = |what: &str| Error::Key(format!("{from}: {what}"));
    let mut child = Command::new(program)
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| problem(&e.to_string()))?;
    let out = child
        .stdout
        .take()
        .ok_or_else(|| problem("prints nothing"))?;
    let (told, hears) = mpsc::channel();
    let name = from.clone();
    let deadline = Instant::now() + Duration::from_secs(ROOT_KEY_COMMAND_SECONDS);
    // It may hold its output open for as long as it likes.
    std::thread::spawn(move || told.send(read_key(out, &name)));
    let printed = hears.recv_timeout(Duration::from_secs(ROOT_KEY_COMMAND_SECONDS));
    // Whoever prints something else may do so for ever.
    let patience = match &printed {
        Ok(Ok(_)) => deadline,
        _ => deadline.min(Instant::now() + Duration::from_secs(1)),
    };
    let ended = ended_by(&mut child, patience);
    let status = match ended {
        Some(status) => status,
        None => {
            let _ = child.kill();
            child.wait().map_err(|e| problem(&e.to_string()))?
        }
    };
    match printed {
        Ok(Err(refused)) if status.success() || status.code().is_none() => Err(refused),
        Ok(Ok(key)) if status.success() => Ok(key),
        Err(_) => Err(problem(&format!(
            "printed no key within {ROOT_KEY_COMMAND_SECONDS} seconds"
        ))),
        // What it printed before it failed is no key.
        Ok(_) => Err(problem(&format!("ended with {status}"))),
    }
}

/// How a program ended, if it does before the deadline.
fn ended_by(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    // Nobody tells anything here: only time passes.
    let (_open, tick) = mpsc::channel::<()>();
    loop {
        match child.try_wait() {
            Ok(None) if Instant::now() < deadline => {
                let _ = tick.recv_timeout(Duration::from_millis(5));
            }
            ended => return ended.ok().flatten(),
        }
    }
}

/// Makes a new file's name durable, not only its bytes.
pub(super) fn sync_parent(path: &Path) -> std::io::Result<()> {
    match path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        Some(parent) => std::fs::File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(command: &str) -> String {
        RootKey::command(command).candidates().map_or_else(
            |error| error.to_string(),
            |found| format!("{} key", found.len()),
        )
    }

    #[test]
    fn a_command_prints_the_root_key_or_is_refused_for_a_reason() {
        let key = "0f".repeat(32);
        assert_eq!(said(&format!("echo {key}")), "1 key");
        let found = RootKey::command(&format!("echo {key}")).candidates();
        assert_eq!(found.expect("is read")[0].bytes(), &[0x0f; 32]);
        assert!(said("echo none").ends_with("root key command echo: is not 64 hexadecimal digits"));
        assert!(said("yes").ends_with("root key command yes: is not 64 hexadecimal digits"));
        assert!(said("false").ends_with("root key command false: ended with exit status: 1"));
        assert!(said("/nowhere/vault").contains("root key command /nowhere/vault: No such file"));
        // Nothing that it printed is repeated.
        assert!(!said("echo 1234secret").contains("1234secret"));
    }

    #[test]
    fn a_key_that_is_to_follow_waits_beside_the_one_in_use() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = RootKeyFile(folder.path().join("root.key"));
        let entropy = Entropy::seeded(5);
        let first = file.load_or_create(&entropy).expect("is made");
        let source = RootKey::from(file.clone());
        assert_eq!(source.candidates().expect("are read").len(), 1);
        let next = Key::random(&entropy);
        file.next().keep(&next).expect("is kept");
        file.next().keep(&first).expect_err("is there already");
        let both = source.candidates().expect("are read");
        assert_eq!(
            [both[0].bytes(), both[1].bytes()],
            [first.bytes(), next.bytes()]
        );
        file.replace().expect("is replaced");
        file.replace().expect("was replaced already");
        assert_eq!(file.load().expect("is read").bytes(), next.bytes());
        assert_eq!(source.candidates().expect("are read").len(), 1);
    }
}
