//! The key of the control database's file: random, in a file of its own beside it, sealed under the
//! root key. So the root key can change while the file stays as it is.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use rusqlite::Connection;

use crate::kit::Entropy;
use crate::store::root::sync_parent;
use crate::store::{Error, Key, sqlite};

/// The name under which the key is sealed.
const SEALED_AS: &str = "kept control key 1";
/// What the key was derived for when it was not random yet.
const DERIVED_FOR: &str = "kept control database 1";
/// Most bytes of the file with the key: two sealed keys.
const MAX_CONTROL_KEY_FILE_BYTES: u64 = 1024;

/// Opens the control database at `path`, made with its key when neither is there, with one of the
/// root keys; gives the key too, and which of them it was.
pub(super) fn open(
    path: &Path,
    roots: &[Key],
    entropy: &Entropy,
) -> Result<(Connection, Key, Key), Error> {
    let sealed = match fs::metadata(beside(path)) {
        Ok(found) if found.len() > MAX_CONTROL_KEY_FILE_BYTES => {
            return Err(problem(path, "is not what it should be"));
        }
        Ok(_) => fs::read_to_string(beside(path)).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    };
    match sealed.map_err(|error| problem(path, &error.to_string()))? {
        Some(sealed) => {
            let (key, root) = unseal(&sealed, roots).ok_or_else(|| {
                problem(
                    path,
                    "does not open with the root key: that is another one's",
                )
            })?;
            Ok((sqlite::open(path, &key, sqlite::Use::Make)?, key, root))
        }
        None if path.exists() => match open_derived(path, roots) {
            // Another process made both in the meantime.
            Err(_) if beside(path).exists() => open(path, roots, entropy),
            opened => opened,
        },
        None => {
            let first = roots.first().ok_or(Error::Decode("root key"))?;
            make(path, &Key::random(entropy), first, entropy)?;
            // Whoever was faster made it.
            open(path, roots, entropy)
        }
    }
}

/// Keeps the first key, unless there is one.
fn make(path: &Path, key: &Key, root: &Key, entropy: &Entropy) -> Result<(), Error> {
    let new = write_new(path, key, &[root], entropy)?;
    let linked = fs::hard_link(&new, beside(path));
    let removed = fs::remove_file(&new);
    let made = match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => removed,
        linked => linked.and(removed).and_then(|()| sync_parent(path)),
    };
    made.map_err(|error| problem(path, &error.to_string()))
}

/// Whether the key is sealed under more than one root key: a change was cut short.
pub(super) fn is_sealed_twice(path: &Path) -> bool {
    let text = fs::read_to_string(beside(path)).unwrap_or_default();
    text.lines().count() > 1
}

/// One from before keys were random.
fn open_derived(path: &Path, roots: &[Key]) -> Result<(Connection, Key, Key), Error> {
    for root in roots {
        let key = root.derive(DERIVED_FOR);
        match sqlite::open(path, &key, sqlite::Use::Write) {
            Ok(connection) => return Ok((connection, key, root.clone())),
            Err(Error::File(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Err(problem(
        path,
        "is missing, and the control database does not open without it: put it back",
    ))
}

fn unseal(text: &str, roots: &[Key]) -> Option<(Key, Key)> {
    let lines: Vec<Vec<u8>> = (text.lines())
        .filter_map(|line| BASE64.decode(line.trim().as_bytes()).ok())
        .collect();
    let pairs = (roots.iter()).flat_map(|root| lines.iter().map(move |line| (root, line)));
    let mut opened = pairs.filter_map(|(root, line)| {
        let key = root.unwrap_key(SEALED_AS, line).ok()?;
        Some((key, root.clone()))
    });
    opened.next()
}

/// Seals the key under each of these root keys, in the place of what was sealed before; durable once
/// this answers.
pub(super) fn keep(path: &Path, key: &Key, roots: &[&Key], entropy: &Entropy) -> Result<(), Error> {
    let new = write_new(path, key, roots, entropy)?;
    let put = fs::rename(&new, beside(path)).and_then(|()| sync_parent(path));
    put.map_err(|error| problem(path, &error.to_string()))
}

/// Writes it into a file that no other process writes to.
fn write_new(path: &Path, key: &Key, roots: &[&Key], entropy: &Entropy) -> Result<PathBuf, Error> {
    let sealed =
        (roots.iter()).map(|root| BASE64.encode(&root.wrap(SEALED_AS, key, entropy)) + "\n");
    let text: String = sealed.collect();
    let number = u64::from_le_bytes(entropy.bytes());
    let new = beside(path).with_extension(format!("key.{number:016x}"));
    let write = || {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut out = options.open(&new)?;
        out.write_all(text.as_bytes())?;
        out.sync_all()
    };
    match write() {
        Ok(()) => Ok(new),
        Err(error) => {
            // What is left of it is of no use; the error says more than that it stays.
            let _ = fs::remove_file(&new);
            Err(problem(path, &error.to_string()))
        }
    }
}

/// `control.key` beside `control.db`.
fn beside(path: &Path) -> PathBuf {
    path.with_extension("key")
}

fn problem(path: &Path, what: &str) -> Error {
    Error::Key(format!("{} {what}", sqlite::name_of(&beside(path))))
}
