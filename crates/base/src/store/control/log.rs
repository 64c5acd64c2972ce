//! The log of erasures, beside the backups: what a restored copy must forget again. It holds ids
//! alone, and those sealed. One file for each organization, one line for each key that was destroyed;
//! lines are only ever added.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Control;
use crate::kit::{Entropy, OrganizationId};
use crate::store::keyring::Tombstone;
use crate::store::{Error, Key};

/// Most bytes of a log that is read: some millions of erasures.
pub const MAX_ERASURE_LOG_BYTES: u64 = 1024 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
struct Line {
    sequence: i64,
    subject: String,
    key: String,
    at: Timestamp,
}

/// Where erasures are logged, and how their lines are sealed.
pub(in crate::store) struct ErasureLog {
    folder: PathBuf,
    key: Key,
}

impl ErasureLog {
    pub fn new(folder: &Path, root: &Key) -> Self {
        Self {
            folder: folder.to_owned(),
            key: root.derive("kept erasure log 1"),
        }
    }

    fn path(&self, id: OrganizationId) -> PathBuf {
        self.folder.join(format!("{id}.erasures"))
    }

    /// Adds lines, durably once this answers; makes the file even when there are none.
    pub fn add(
        &self,
        id: OrganizationId,
        tombstones: &[Tombstone],
        entropy: &Entropy,
    ) -> Result<(), Error> {
        let mut lines = String::new();
        for one in tombstones {
            let line = Line {
                sequence: one.sequence,
                subject: one.subject.clone(),
                key: one.key.to_string(),
                at: one.at,
            };
            let line = serde_json::to_vec(&line).map_err(|_| Error::Decode("erasure"))?;
            // A line that a crash cut off stays by itself.
            lines.push('\n');
            lines += &BASE64.encode(&self.key.seal(&name(id), &line, entropy));
            lines.push('\n');
        }
        self.append(id, lines.as_bytes())
            .map_err(|error| Error::Copying(format!("the log of erasures: {}", error.kind())))
    }

    fn append(&self, id: OrganizationId, lines: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        fs::create_dir_all(&self.folder)?;
        // In one piece: other processes may add lines at the same time.
        let mut file = options.open(self.path(id))?;
        file.write_all(lines)?;
        file.sync_all()?;
        fs::File::open(&self.folder)?.sync_all()
    }

    /// Every erasure in the log by its number; none when there is no log.
    pub fn read(&self, id: OrganizationId) -> Result<Option<BTreeMap<i64, Tombstone>>, Error> {
        let path = self.path(id);
        let unreadable =
            |error: io::Error| Error::Copying(format!("the log of erasures: {}", error.kind()));
        match fs::metadata(&path) {
            Ok(found) if found.len() > MAX_ERASURE_LOG_BYTES => {
                return Err(Error::Erasures("the log is too large".to_owned()));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error)),
        }
        let bytes = fs::read(&path).map_err(unreadable)?;
        // What a power cut left of a line is no line, whatever its bytes.
        let text = String::from_utf8_lossy(&bytes);
        // What was cut off by a crash was added again under its number; a number that is missing is
        // found by whoever asks.
        let lines = text.lines().filter(|line| !line.is_empty());
        let opened = lines.filter_map(|line| self.open_line(id, line));
        let found = opened.map(|one| (one.sequence, one)).collect();
        Ok(Some(found))
    }

    fn open_line(&self, id: OrganizationId, line: &str) -> Option<Tombstone> {
        let sealed = BASE64.decode(line.as_bytes()).ok()?;
        let opened = self.key.open(&name(id), &sealed).ok()?;
        let line: Line = serde_json::from_slice(&opened).ok()?;
        Some(Tombstone {
            sequence: line.sequence,
            subject: line.subject,
            key: line.key.parse().ok()?,
            at: line.at,
        })
    }
}

fn name(id: OrganizationId) -> String {
    format!("{id} erasure")
}

impl Control {
    /// Logs erasures, where there is a log. It is kept beside the backups, which may be out of
    /// reach: the erasure goes on all the same, and the next backup adds what is missing.
    pub fn log_erasures(&self, id: OrganizationId, tombstones: &[Tombstone], entropy: &Entropy) {
        let Some(folder) = &self.log else { return };
        let logged = (self.root())
            .and_then(|root| ErasureLog::new(folder, &root).add(id, tombstones, entropy));
        if let Err(error) = logged {
            tracing::warn!(organization.id = %id, error = %error, "An erasure is not in the log yet");
        }
    }

    /// Adds to the log in `folder` what it lacks; makes it if need be.
    pub fn complete_log(
        &self,
        folder: &Path,
        id: OrganizationId,
        entropy: &Entropy,
    ) -> Result<(), Error> {
        let log = ErasureLog::new(folder, &self.root()?);
        let logged = log.read(id)?;
        let known = self.tombstones_after(id, 0)?;
        let missing: Vec<Tombstone> = known
            .into_iter()
            .filter(|one| {
                (logged.as_ref()).is_none_or(|logged| !logged.contains_key(&one.sequence))
            })
            .collect();
        if logged.is_some() && missing.is_empty() {
            return Ok(());
        }
        log.add(id, &missing, entropy)
    }

    /// What `folder` has logged of an organization's erasures, in order; none when there is no log.
    pub fn logged_erasures(
        &self,
        folder: &Path,
        id: OrganizationId,
    ) -> Result<Option<Vec<Tombstone>>, Error> {
        let mut all: Option<BTreeMap<i64, Tombstone>> = None;
        for root in self.roots()? {
            if let Some(read) = ErasureLog::new(folder, &root).read(id)? {
                all.get_or_insert_default().extend(read);
            }
        }
        Ok(all.map(|found| found.into_values().collect()))
    }
}
