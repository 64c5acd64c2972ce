//! The key hierarchy: a root key outside the data wraps one key per organization, which wraps the
//! key of its database. Wrapping is XChaCha20-Poly1305 with the wrapped key's name as associated
//! data, so that a wrapped key copied to another place does not open.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::HEXLOWER_PERMISSIVE;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::Error;
use crate::kit::Entropy;

/// Bytes of every key.
pub const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

/// A secret key; wiped from memory when dropped, and printed nowhere.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; KEY_BYTES]>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

impl Key {
    /// A fresh random key.
    #[must_use]
    pub fn random(entropy: &Entropy) -> Self {
        Self(Zeroizing::new(entropy.bytes()))
    }

    /// A key whose bytes come from elsewhere: a derivation.
    #[must_use]
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A key derived from this one (HKDF-SHA-256, RFC 5869) for one named use.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Self {
        let mut derived = Zeroizing::new([0; KEY_BYTES]);
        Hkdf::<Sha256>::new(None, self.0.as_slice())
            .expand(purpose.as_bytes(), derived.as_mut_slice())
            .expect("32 bytes are within HKDF's reach");
        Self(derived)
    }

    /// Encrypts `secret` so that only this key and the same `name` open it.
    #[must_use]
    pub fn seal(&self, name: &str, secret: &[u8], entropy: &Entropy) -> Vec<u8> {
        let nonce: [u8; NONCE_BYTES] = entropy.bytes();
        let payload = Payload {
            msg: secret,
            aad: name.as_bytes(),
        };
        let sealed = XChaCha20Poly1305::new(&(*self.0).into())
            .encrypt(&XNonce::from(nonce), payload)
            .expect("sealing small buffers cannot fail");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens what [`Key::seal`] made under the same `name`.
    ///
    /// # Errors
    /// [`Error::Key`] for any other key, name or bytes.
    pub fn open(&self, name: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let refused = || Error::Key(format!("{name} does not open with this key"));
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or_else(refused)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| refused())?;
        let payload = Payload {
            msg: sealed,
            aad: name.as_bytes(),
        };
        XChaCha20Poly1305::new(&(*self.0).into())
            .decrypt(&XNonce::from(nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| refused())
    }

    /// Wraps another key under this one.
    #[must_use]
    pub fn wrap(&self, name: &str, key: &Self, entropy: &Entropy) -> Vec<u8> {
        self.seal(name, key.0.as_slice(), entropy)
    }

    /// Takes back a key that [`Key::wrap`] wrapped.
    ///
    /// # Errors
    /// [`Error::Key`] for any other key, name or bytes.
    pub fn unwrap_key(&self, name: &str, wrapped: &[u8]) -> Result<Self, Error> {
        let opened = self.open(name, wrapped)?;
        let bytes: [u8; KEY_BYTES] = opened
            .as_slice()
            .try_into()
            .map_err(|_| Error::Key(format!("{name} has the wrong length")))?;
        Ok(Self(Zeroizing::new(bytes)))
    }

    /// Whether it is the same key.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }

    pub(super) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// The statement that hands this key to SQLCipher as a raw key.
    pub(super) fn pragma(&self) -> Zeroizing<String> {
        let hex = Zeroizing::new(HEXLOWER_PERMISSIVE.encode(self.0.as_slice()));
        Zeroizing::new(format!("pragma key = \"x'{}'\"", hex.as_str()))
    }
}

/// Says what is wrong with a secret file's permissions: others than the owner may use it.
#[must_use]
pub fn weak_mode(metadata: &std::fs::Metadata) -> Option<String> {
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
        (mode & 0o077 != 0).then(|| format!("has mode {mode:04o}; others may read it, set 0600"))
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_key_opens_only_under_its_name_and_wrapper() {
        let entropy = Entropy::seeded(7);
        let (root, key) = (Key::random(&entropy), Key::random(&entropy));
        let wrapped = root.wrap("org_a database 1", &key, &entropy);
        let opened = root
            .unwrap_key("org_a database 1", &wrapped)
            .expect("opens");
        assert_eq!(opened.0.as_slice(), key.0.as_slice());
        assert!(root.unwrap_key("org_b database 1", &wrapped).is_err());
        assert!(key.unwrap_key("org_a database 1", &wrapped).is_err());
        assert!(root.unwrap_key("org_a database 1", &wrapped[1..]).is_err());
        assert!(root.unwrap_key("org_a database 1", b"").is_err());
    }
}
