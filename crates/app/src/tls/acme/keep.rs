//! The folder with the account at a certificate authority and the certificate that it made.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use instant_acme::AccountCredentials;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::AcmeError;
use crate::config::read_bounded;
use crate::tls::{MAX_PEM_BYTES, Pair};

/// The folder, in the data folder.
pub const ACME_FOLDER: &str = "acme";

/// Largest file with an account, in bytes.
const MAX_ACCOUNT_BYTES: u64 = 64 * 1024;

const ACCOUNT: &str = "account.json";
/// Chain and key in one file, so that they are never apart.
const PAIR: &str = "certificate.pem";

/// Files of mode 0600 in a folder of mode 0700.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

#[derive(Serialize)]
struct Written<'a> {
    directory: &'a str,
    credentials: &'a AccountCredentials,
}

#[derive(Deserialize)]
struct Read {
    directory: String,
    credentials: AccountCredentials,
}

impl Folder {
    pub fn of(data: &Path) -> Self {
        Self(data.join(ACME_FOLDER))
    }

    pub fn make(data: &Path) -> Result<Self, AcmeError> {
        let Self(path) = Self::of(data);
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(&path)
            .map_err(|error| failed(&path, &error))?;
        Ok(Self(path))
    }

    /// The account at that certificate authority, if there is one.
    pub fn account(&self, directory: &str) -> Result<Option<AccountCredentials>, AcmeError> {
        let path = self.0.join(ACCOUNT);
        if !path.exists() {
            return Ok(None);
        }
        let cannot = |what: String| AcmeError::File(format!("{} {what}", path.display()));
        let text = read_bounded(&path, MAX_ACCOUNT_BYTES).map_err(cannot)?;
        let text = Zeroizing::new(text);
        let read: Read = serde_json::from_str(&text)
            .map_err(|_| cannot("is not what was written there; remove it".to_owned()))?;
        Ok((read.directory == directory).then_some(read.credentials))
    }

    pub fn keep_account(
        &self,
        directory: &str,
        credentials: &AccountCredentials,
    ) -> Result<(), AcmeError> {
        let written = Written {
            directory,
            credentials,
        };
        let text = serde_json::to_string(&written).map_err(instant_acme::Error::Json)?;
        self.write(ACCOUNT, &Zeroizing::new(text))
    }

    /// The last certificate, unless there is none or another authority made it.
    pub fn pair(&self, directory: &str) -> Option<Pair> {
        let text = read_bounded(&self.0.join(PAIR), MAX_PEM_BYTES).ok()?;
        let text = Zeroizing::new(text);
        let is_theirs = text.lines().next() == Some(made_by(directory).as_str());
        let pair = is_theirs.then(|| Pair::from_pem(&text, &text));
        pair.and_then(Result::ok)
    }

    pub fn keep_pair(&self, directory: &str, chain: &str, key: &str) -> Result<(), AcmeError> {
        let first = made_by(directory);
        let text = Zeroizing::new(format!("{first}\n{key}\n{chain}\n"));
        self.write(PAIR, &text)
    }

    /// Puts a text in the place of what was there, as a whole or not at all.
    fn write(&self, name: &str, text: &str) -> Result<(), AcmeError> {
        let path = self.0.join(name);
        let new = self.0.join(format!("{name}.new"));
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&new).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&new, &path)?;
            File::open(&self.0)?.sync_all()
        });
        written.map_err(|error| failed(&path, &error))
    }
}

/// The first line of the file, which PEM does not look at.
fn made_by(directory: &str) -> String {
    format!("Made by {directory}")
}

fn failed(path: &Path, error: &io::Error) -> AcmeError {
    AcmeError::File(format!("{} cannot be written: {error}", path.display()))
}
