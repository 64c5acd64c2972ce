//! A set: the copies of one run, with the manifest that says what they are.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use kept_base::kit::OrganizationId;
use kept_base::store::Store;
use kept_base::store::copy::Contents;
use serde::{Deserialize, Serialize};

use super::{BackupError, pack};

/// Most bytes of a manifest.
const MAX_MANIFEST_BYTES: u64 = 256 * 1024 * 1024;
const MANIFEST: &str = "manifest.json";
const SEAL: &str = "manifest.seal";
/// Ends the name of a folder that is not whole yet.
const UNFINISHED: &str = ".unfinished";

/// What a set holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetKind {
    /// The rows of organizations.
    Data,
    /// Their keys and those of their people.
    Keys,
}

impl SetKind {
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Keys => "keys",
        }
    }
}

/// What a set is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The program that made it.
    pub kept: String,
    /// What it holds.
    pub kind: SetKind,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// Whom it is encrypted to.
    pub recipient: String,
    /// A part for each organization.
    pub parts: Vec<Part>,
}

/// The copy of one organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Whose.
    pub organization: OrganizationId,
    /// Its name in addresses.
    pub slug: String,
    /// The name of the file.
    pub file: String,
    /// How long it is.
    pub bytes: u64,
    /// What it comes to, in hexadecimal.
    pub sha256: String,
    /// The instant whose state it is.
    pub taken_at: Timestamp,
    /// Its tables and rows.
    pub contents: Contents,
}

/// A set where it lies.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its folder.
    pub folder: PathBuf,
    /// What it is.
    pub manifest: Manifest,
}

/// A set that is being made.
pub(super) struct Making {
    folder: PathBuf,
    whole: PathBuf,
}

impl Making {
    /// Makes its folder; what runs that were cut short left is removed.
    pub fn begin(backups: &Path, kind: SetKind, now: Timestamp) -> Result<Self, BackupError> {
        let all = backups.join(kind.folder());
        make_folder(&all)?;
        sweep(&all)?;
        let name = now
            .to_zoned(TimeZone::UTC)
            .strftime("%Y%m%dT%H%M%SZ")
            .to_string();
        let whole = all.join(&name);
        let folder = all.join(format!("{name}{UNFINISHED}"));
        if whole.exists() {
            return Err(BackupError::File {
                path: whole,
                what: "was made within this second; try again".to_owned(),
            });
        }
        make_folder(&folder)?;
        Ok(Self { folder, whole })
    }

    /// Where a file of it goes.
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    /// Writes the manifest and gives the folder its name: from here on the set is one.
    pub fn end(self, manifest: &Manifest, store: &Store) -> Result<PathBuf, BackupError> {
        let json = serde_json::to_vec_pretty(manifest).map_err(|error| BackupError::File {
            path: self.path(MANIFEST),
            what: error.to_string(),
        })?;
        write(&self.path(SEAL), store.attest(&json)?.as_bytes())?;
        write(&self.path(MANIFEST), &json)?;
        let renamed = fs::rename(&self.folder, &self.whole)
            .and_then(|()| sync_folder(&self.whole))
            .and_then(|()| self.whole.parent().map_or(Ok(()), sync_folder));
        renamed.map_err(|error| BackupError::file(&self.whole, &error))?;
        Ok(self.whole)
    }

    /// Takes back what was made.
    pub fn give_up(self) -> Result<(), BackupError> {
        remove(&self.folder)
    }
}

/// The whole sets of a kind, the oldest first. One whose manifest cannot be read is left out, and said
/// in the log.
///
/// # Errors
/// [`BackupError`] when the folder cannot be read.
pub fn sets(backups: &Path, kind: SetKind) -> Result<Vec<Found>, BackupError> {
    let all = backups.join(kind.folder());
    if !all.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for folder in entries(&all)? {
        if folder.to_string_lossy().ends_with(UNFINISHED) {
            continue;
        }
        match read_manifest(&folder) {
            Ok(manifest) if manifest.kind == kind => found.push(Found { folder, manifest }),
            Ok(_) => {}
            Err(error) => tracing::warn!(error = %error, "A backup cannot be used"),
        }
    }
    found.sort_by_key(|one| one.manifest.begun_at);
    Ok(found)
}

pub(super) fn read_manifest(folder: &Path) -> Result<Manifest, BackupError> {
    let path = folder.join(MANIFEST);
    serde_json::from_slice(&read(&path)?).map_err(|error| BackupError::Damaged {
        path,
        what: error.to_string(),
    })
}

/// The newest copy of an organization of that kind at `now`; with `set`, the one in the set of that name.
///
/// # Errors
/// As [`sets`].
pub fn newest(
    backups: &Path,
    kind: SetKind,
    organization: OrganizationId,
    set: Option<&str>,
    now: Timestamp,
) -> Result<Option<(Found, Part)>, BackupError> {
    let mut sets = sets(backups, kind)?;
    // Those of a clock that was ahead come last: what was made since is not in them.
    sets.sort_by_key(|one| (one.manifest.begun_at <= now, one.manifest.begun_at));
    Ok(sets
        .into_iter()
        .rev()
        .filter(|one| set.is_none_or(|name| one.folder.ends_with(name)))
        .find_map(|one| {
            let part = one.part(organization)?.clone();
            Some((one, part))
        }))
}

impl Found {
    /// The copy of an organization.
    #[must_use]
    pub fn part(&self, organization: OrganizationId) -> Option<&Part> {
        let mut parts = self.manifest.parts.iter();
        parts.find(|part| part.organization == organization)
    }

    /// Whether it was made with the root key of `store` and is as it was made.
    pub(super) fn verify(&self, store: &Store, part: &Part) -> Result<PathBuf, BackupError> {
        let manifest = self.folder.join(MANIFEST);
        let (written, seal) = (read(&manifest)?, read(&self.folder.join(SEAL))?);
        let seal = String::from_utf8_lossy(&seal);
        if !store.has_attested(&written, &seal)? {
            return Err(BackupError::Damaged {
                path: manifest,
                what: "its seal is not of this root key".to_owned(),
            });
        }
        // A name, not a way elsewhere.
        if part.file.contains(['/', '\\']) || part.file.starts_with('.') {
            return Err(BackupError::Damaged {
                path: manifest,
                what: "a file in it has no plain name".to_owned(),
            });
        }
        let path = self.folder.join(&part.file);
        let found = pack::measure(&path)?;
        if found.bytes != part.bytes || found.sha256 != part.sha256 {
            return Err(BackupError::Damaged {
                path,
                what: "its digest is another".to_owned(),
            });
        }
        Ok(path)
    }
}

pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let failed = |error: std::io::Error| BackupError::file(folder, &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Removes what runs that were cut short left, making or removing.
pub(super) fn sweep(all: &Path) -> Result<(), BackupError> {
    for entry in entries(all)? {
        if entry.to_string_lossy().ends_with(UNFINISHED) {
            fs::remove_dir_all(&entry).map_err(|error| BackupError::file(&entry, &error))?;
        }
    }
    Ok(())
}

/// Removes a set. It is none any more before the first of its files goes.
pub(super) fn remove(folder: &Path) -> Result<(), BackupError> {
    let failed = |error: std::io::Error| BackupError::file(folder, &error);
    let mut name = folder.as_os_str().to_owned();
    if !folder.to_string_lossy().ends_with(UNFINISHED) {
        name.push(UNFINISHED);
        fs::rename(folder, &name).map_err(failed)?;
    }
    fs::remove_dir_all(&name).map_err(failed)
}

pub(super) fn remove_file(path: &Path) -> Result<(), BackupError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(BackupError::file(path, &error))
        }
        _ => Ok(()),
    }
}

fn make_folder(folder: &Path) -> Result<(), BackupError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    (builder.create(folder)).map_err(|error| BackupError::file(folder, &error))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), BackupError> {
    let written = fs::File::create_new(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| BackupError::file(path, &error))
}

fn read(path: &Path) -> Result<Vec<u8>, BackupError> {
    let failed = |error: std::io::Error| BackupError::file(path, &error);
    let found = fs::metadata(path).map_err(failed)?;
    if found.len() > MAX_MANIFEST_BYTES {
        return Err(BackupError::File {
            path: path.to_owned(),
            what: format!("is longer than {MAX_MANIFEST_BYTES} bytes"),
        });
    }
    fs::read(path).map_err(failed)
}

fn sync_folder(folder: &Path) -> std::io::Result<()> {
    fs::File::open(folder)?.sync_all()
}
