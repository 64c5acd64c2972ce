//! Bearer secrets: shown once, kept only as a hash (ASVS 11.5.1: at least 128 bits).

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::Entropy;

/// Random bytes in every token.
pub const TOKEN_BYTES: usize = 24;
/// Random bytes in the token of a session.
pub const SESSION_TOKEN_BYTES: usize = 32;
/// Longest text that is looked at as a token, in bytes.
pub const MAX_TOKEN_TEXT_BYTES: usize = 128;

/// A bearer secret in the clear: 192 random bits or more, URL-safe. No `Display`; `Debug` tells nothing.
#[derive(Clone)]
pub struct Token(Zeroizing<String>);

/// A secret that Kept is given to use, such as a password. Wiped from memory when dropped; no
/// `Display`, and `Debug` tells nothing.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

/// SHA-256 of a token under a purpose, which is all that is stored.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl Token {
    /// A fresh token; `prefix` (for example `kept_`) lets secret scanners recognize it.
    #[must_use]
    pub fn new(prefix: &str, entropy: &Entropy) -> Self {
        Self::of::<TOKEN_BYTES>(prefix, entropy)
    }

    /// A fresh token of a session: 256 random bits.
    #[must_use]
    pub fn session(entropy: &Entropy) -> Self {
        Self::of::<SESSION_TOKEN_BYTES>("", entropy)
    }

    fn of<const N: usize>(prefix: &str, entropy: &Entropy) -> Self {
        let random = Zeroizing::new(entropy.bytes::<N>());
        let text = BASE64URL_NOPAD.encode(random.as_slice());
        Self(Zeroizing::new(format!("{prefix}{text}")))
    }

    /// A token that somebody presents; `None` when it is too long or has other characters.
    #[must_use]
    pub fn presented(text: &str) -> Option<Self> {
        let plausible = !text.is_empty()
            && text.len() <= MAX_TOKEN_TEXT_BYTES
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        plausible.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The text, to hand to its holder.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The hash under `purpose`, so that a token of one kind never opens another.
    #[must_use]
    pub fn hash(&self, purpose: &str) -> TokenHash {
        let mut hasher = Sha256::new();
        hasher.update(purpose.as_bytes());
        hasher.update([0]);
        hasher.update(self.0.as_bytes());
        TokenHash(hasher.finalize().into())
    }
}

impl Secret {
    /// Takes the text over.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, to hand to whoever asks for it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

impl std::fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TokenHash({}..)", HEXLOWER.encode(&self.0[..4]))
    }
}

impl crate::store::ToValue for TokenHash {
    fn to_value(&self) -> crate::store::Value<'_> {
        crate::store::Value::Blob(std::borrow::Cow::Borrowed(&self.0))
    }
}
