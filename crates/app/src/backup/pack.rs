//! How a copy lies in its file: packed (gzip, RFC 1952), then encrypted (age, which other programs
//! read as well).

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::str::FromStr;

use age::secrecy::ExposeSecret as _;
use age::x25519;
use data_encoding::HEXLOWER;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use kept_base::store::keys::weak_mode;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::BackupError;

/// Most bytes of a file with an identity.
const MAX_IDENTITY_BYTES: u64 = 4 * 1024;

/// Whom a copy is encrypted to.
#[derive(Clone)]
pub struct Recipient(x25519::Recipient);

impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Recipient({self})")
    }
}

impl std::fmt::Display for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Recipient {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Opens what is encrypted to its recipient.
#[derive(Clone)]
pub struct Identity(x25519::Identity);

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity(..)")
    }
}

impl Identity {
    /// A new one.
    #[must_use]
    pub fn generate() -> Self {
        Self(x25519::Identity::generate())
    }

    /// Whom to encrypt to, so that this opens it.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        Recipient(self.0.to_public())
    }

    /// Reads the identity in a file, which may have comments (`#`).
    ///
    /// # Errors
    /// [`BackupError::Identity`] when others may read the file, or there is none in it.
    pub fn load(path: &Path) -> Result<Self, BackupError> {
        let refused = |what: &str| BackupError::Identity(format!("{} {what}", path.display()));
        let file = File::open(path).map_err(|error| BackupError::file(path, &error))?;
        let metadata = file
            .metadata()
            .map_err(|error| BackupError::file(path, &error))?;
        if let Some(weakness) = weak_mode(&metadata) {
            return Err(refused(&weakness));
        }
        let mut text = Zeroizing::new(String::new());
        (file.take(MAX_IDENTITY_BYTES).read_to_string(&mut text))
            .map_err(|_| refused("is not text"))?;
        let line = text
            .lines()
            .map(str::trim)
            .find(|line| !line.is_empty() && !line.starts_with('#'));
        let identity = line.and_then(|line| line.parse().ok()).map(Self);
        identity.ok_or_else(|| refused("has no age identity (AGE-SECRET-KEY-1..) in it"))
    }

    /// Writes it into a new file that only its owner may read.
    ///
    /// # Errors
    /// [`BackupError::File`] when it cannot be made, or is there already.
    pub fn save(&self, path: &Path) -> Result<(), BackupError> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let secret = self.0.to_string();
        let written = options.open(path).and_then(|mut file| {
            writeln!(file, "# recipient: {}", self.recipient())?;
            writeln!(file, "{}", secret.expose_secret())?;
            file.sync_all()
        });
        written.map_err(|error| BackupError::file(path, &error))
    }
}

/// Counts and digests what is written.
pub(super) struct Digested<W> {
    inner: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Digested<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// What a file came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub bytes: u64,
    pub sha256: String,
}

/// A file that is being written.
pub(super) type Packing = GzEncoder<age::stream::StreamWriter<Digested<BufWriter<File>>>>;

/// Begins a file that must not be there yet.
pub(super) fn begin(path: &Path, recipient: &Recipient) -> Result<Packing, BackupError> {
    let failed = |error: io::Error| BackupError::file(path, &error);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(failed)?;
    let digested = Digested {
        inner: BufWriter::new(file),
        hash: Sha256::new(),
        bytes: 0,
    };
    let recipient: &dyn age::Recipient = &recipient.0;
    let encryptor = age::Encryptor::with_recipients(std::iter::once(recipient))
        .map_err(|error| BackupError::Identity(error.to_string()))?;
    let encrypted = encryptor.wrap_output(digested).map_err(failed)?;
    Ok(GzEncoder::new(encrypted, Compression::fast()))
}

/// Ends a file: it is on the disk when this answers.
pub(super) fn end(path: &Path, packing: Packing) -> Result<Written, BackupError> {
    let failed = |error: io::Error| BackupError::file(path, &error);
    let encrypted = packing.finish().map_err(failed)?;
    let digested = encrypted.finish().map_err(failed)?;
    let Digested { inner, hash, bytes } = digested;
    let file = inner
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    file.sync_all().map_err(failed)?;
    Ok(Written {
        bytes,
        sha256: HEXLOWER.encode(&hash.finalize()),
    })
}

/// What a file comes to now.
pub(super) fn measure(path: &Path) -> Result<Written, BackupError> {
    let failed = |error: io::Error| BackupError::file(path, &error);
    let mut file = File::open(path).map_err(failed)?;
    let mut digested = Digested {
        inner: io::sink(),
        hash: Sha256::new(),
        bytes: 0,
    };
    io::copy(&mut file, &mut digested).map_err(failed)?;
    Ok(Written {
        bytes: digested.bytes,
        sha256: HEXLOWER.encode(&digested.hash.finalize()),
    })
}

/// Opens a file for reading.
pub(super) fn open(path: &Path, identity: &Identity) -> Result<impl Read + use<>, BackupError> {
    let file = File::open(path).map_err(|error| BackupError::file(path, &error))?;
    let refused = |error: age::DecryptError| {
        BackupError::Identity(format!(
            "{} does not open with this identity: {error}",
            path.display()
        ))
    };
    let decryptor = age::Decryptor::new(BufReader::new(file)).map_err(refused)?;
    let identity: &dyn age::Identity = &identity.0;
    let opened = decryptor
        .decrypt(std::iter::once(identity))
        .map_err(refused)?;
    Ok(GzDecoder::new(opened))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_read_with_the_identity_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (ours, other) = (Identity::generate(), Identity::generate());
        let path = folder.path().join("copy");
        let mut packing = begin(&path, &ours.recipient()).expect("begins");
        packing.write_all(b"kept for later").expect("is written");
        let written = end(&path, packing).expect("ends");
        assert_eq!(measure(&path).expect("is read"), written);
        let mut text = String::new();
        let read = open(&path, &ours).expect("opens").read_to_string(&mut text);
        assert!(read.is_ok());
        assert_eq!(text, "kept for later");
        assert!(open(&path, &other).is_err());
        assert!(
            begin(&path, &ours.recipient()).is_err(),
            "it is there already"
        );
    }

    #[test]
    fn an_identity_is_kept_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("identity");
        let identity = Identity::generate();
        identity.save(&path).expect("is saved");
        assert!(identity.save(&path).is_err(), "it is there already");
        let loaded = Identity::load(&path).expect("is loaded");
        assert_eq!(
            loaded.recipient().to_string(),
            identity.recipient().to_string()
        );
        std::fs::write(&path, "nothing").expect("is written");
        let refused = Identity::load(&path).expect_err("has none").to_string();
        assert!(refused.contains("has no age identity"), "{refused}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let open = std::fs::Permissions::from_mode(0o644);
            std::fs::set_permissions(&path, open).expect("is ours");
            let refused = Identity::load(&path).expect_err("is open").to_string();
            assert!(refused.contains("0644"), "{refused}");
        }
    }
}
