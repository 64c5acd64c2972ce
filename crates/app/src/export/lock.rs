//! What a package is locked with, and what opens it: age, so that other programs open it as well.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::Path;

use age::secrecy::SecretString;
use age::x25519;
use kept_base::store::keys::weak_mode;
use zeroize::Zeroizing;

use super::ExportError;

/// Fewest characters of a passphrase.
pub const MIN_PASSPHRASE_CHARS: usize = 12;
/// Most characters of a passphrase.
pub const MAX_PASSPHRASE_CHARS: usize = 1_000;
/// Most work that a package may ask of whoever opens it: the logarithm of scrypt's `N`; 20 is one
/// gibibyte of memory.
pub const MAX_SCRYPT_LOG_N: u8 = 20;

/// What a package is encrypted to.
#[derive(Clone)]
pub enum Lock {
    /// Words that whoever opens it must know.
    Passphrase(SecretString),
    /// Somebody's public key.
    Recipient(Box<x25519::Recipient>),
}

impl std::fmt::Debug for Lock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Lock({})", self.code())
    }
}

impl Lock {
    /// A passphrase.
    ///
    /// # Errors
    /// [`ExportError::Lock`] when it is too short or too long.
    pub fn passphrase(text: &str) -> Result<Self, ExportError> {
        let chars = text.chars().count();
        if (MIN_PASSPHRASE_CHARS..=MAX_PASSPHRASE_CHARS).contains(&chars) {
            Ok(Self::Passphrase(SecretString::from(text.to_owned())))
        } else {
            Err(ExportError::Lock(format!(
                "the passphrase: write {MIN_PASSPHRASE_CHARS} to {MAX_PASSPHRASE_CHARS} characters"
            )))
        }
    }

    /// The passphrase in the first line of a file.
    ///
    /// # Errors
    /// As [`Lock::passphrase`]; when the file cannot be read, or others may read it.
    pub fn passphrase_file(path: &Path) -> Result<Self, ExportError> {
        Self::passphrase(&first_line(path)?)
    }

    /// A recipient, `age1..`.
    ///
    /// # Errors
    /// [`ExportError::Lock`] when it is none.
    pub fn recipient(text: &str) -> Result<Self, ExportError> {
        let read = text.trim().parse().map(Box::new).map(Self::Recipient);
        read.map_err(|why| ExportError::Lock(format!("the recipient (age1..): {why}")))
    }

    /// The kind, for records.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Passphrase(_) => "passphrase",
            Self::Recipient(_) => "recipient",
        }
    }

    /// Begins to encrypt what is written to `out`.
    pub(super) fn wrap<W: Write>(
        &self,
        out: W,
    ) -> Result<age::stream::StreamWriter<W>, ExportError> {
        let encryptor = match self {
            Self::Passphrase(words) => Ok(age::Encryptor::with_user_passphrase(words.clone())),
            Self::Recipient(recipient) => {
                let recipient: &dyn age::Recipient = recipient.as_ref();
                age::Encryptor::with_recipients(std::iter::once(recipient))
            }
        };
        let encryptor = encryptor.map_err(|error| ExportError::Lock(error.to_string()))?;
        let wrapped = encryptor.wrap_output(out);
        wrapped.map_err(|error| ExportError::Write(error.to_string()))
    }
}

/// What opens a package.
#[derive(Clone)]
pub enum Opener {
    /// Its passphrase.
    Passphrase(SecretString),
    /// The identity that belongs to its recipient.
    Identity(Box<x25519::Identity>),
}

impl std::fmt::Debug for Opener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Passphrase(_) => "Opener(passphrase)",
            Self::Identity(_) => "Opener(identity)",
        })
    }
}

impl Opener {
    /// The passphrase in the first line of a file.
    ///
    /// # Errors
    /// When the file cannot be read, or others may read it.
    pub fn passphrase_file(path: &Path) -> Result<Self, ExportError> {
        let text = first_line(path)?;
        Ok(Self::Passphrase(SecretString::from(text.to_string())))
    }

    /// The identity (`AGE-SECRET-KEY-1..`) in a file, which may have comments.
    ///
    /// # Errors
    /// When the file cannot be read, others may read it, or it has none.
    pub fn identity_file(path: &Path) -> Result<Self, ExportError> {
        let text = secret(path)?;
        let line =
            (text.lines().map(str::trim)).find(|line| !line.is_empty() && !line.starts_with('#'));
        let identity = line.and_then(|line| line.parse().ok());
        identity
            .map(|identity| Self::Identity(Box::new(identity)))
            .ok_or_else(|| ExportError::File {
                path: path.to_owned(),
                what: "has no age identity (AGE-SECRET-KEY-1..) in it".to_owned(),
            })
    }

    /// Opens a package for reading.
    pub(super) fn open(
        &self,
        path: &Path,
    ) -> Result<age::stream::StreamReader<BufReader<File>>, ExportError> {
        let file = File::open(path).map_err(|error| ExportError::file(path, &error))?;
        let refused = |error: age::DecryptError| ExportError::File {
            path: path.to_owned(),
            what: format!("does not open: {error}"),
        };
        let decryptor = age::Decryptor::new(BufReader::new(file)).map_err(refused)?;
        match self {
            Self::Passphrase(words) => {
                let mut identity = age::scrypt::Identity::new(words.clone());
                identity.set_max_work_factor(MAX_SCRYPT_LOG_N);
                let identity: &dyn age::Identity = &identity;
                decryptor.decrypt(std::iter::once(identity))
            }
            Self::Identity(identity) => {
                let identity: &dyn age::Identity = identity.as_ref();
                decryptor.decrypt(std::iter::once(identity))
            }
        }
        .map_err(refused)
    }
}

/// Most bytes of a file with a passphrase or an identity.
const MAX_SECRET_FILE_BYTES: u64 = 8 * 1024;

fn first_line(path: &Path) -> Result<Zeroizing<String>, ExportError> {
    let text = secret(path)?;
    let line = text.lines().next().unwrap_or_default();
    Ok(Zeroizing::new(line.to_owned()))
}

fn secret(path: &Path) -> Result<Zeroizing<String>, ExportError> {
    let failed = |error: &std::io::Error| ExportError::file(path, error);
    let file = File::open(path).map_err(|error| failed(&error))?;
    let metadata = file.metadata().map_err(|error| failed(&error))?;
    if let Some(what) = weak_mode(&metadata) {
        let path = path.to_owned();
        return Err(ExportError::File { path, what });
    }
    let mut text = Zeroizing::new(String::new());
    (file.take(MAX_SECRET_FILE_BYTES).read_to_string(&mut text)).map_err(|error| failed(&error))?;
    Ok(text)
}
