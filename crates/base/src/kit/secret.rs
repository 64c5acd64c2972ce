//! Bearer secrets: shown once, kept only as a hash (ASVS 11.5.1: at least 128 bits).

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::Entropy;

/// Random bytes in every token.
pub const TOKEN_BYTES: usize = 24;
/// Random bytes in the token of a session.
pub const SESSION_TOKEN_BYTES: usize = 32;
/// Bytes of a checked token's own SHA-256 that stand at its end, as six characters.
const CHECK_BYTES: usize = 4;
/// Characters of that check.
const CHECK_CHARS: usize = 6;
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

    /// A fresh token that ends in a check of itself: the first four bytes of the SHA-256 of all that
    /// stands before, in base64url. Whoever finds such a text can tell a real token from a likeness
    /// without asking anybody.
    #[must_use]
    pub fn checked(prefix: &str, entropy: &Entropy) -> Self {
        let token = Self::new(prefix, entropy);
        let check = check(token.expose());
        Self(Zeroizing::new(format!("{}{check}", token.expose())))
    }

    /// Whether it ends in its check, as [`Token::checked`] makes one.
    #[must_use]
    pub fn is_checked(&self) -> bool {
        // Only characters of one byte get in.
        let text = self.expose();
        let start = text.len().saturating_sub(CHECK_CHARS);
        let (rest, end) = text.split_at(start);
        check(rest) == end
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

fn check(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    BASE64URL_NOPAD.encode(&digest[..CHECK_BYTES])
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checked_token_knows_itself() {
        let token = Token::checked("kept_api_", &Entropy::seeded(11));
        assert!(token.is_checked());
        assert_eq!(token.expose().len(), "kept_api_".len() + 32 + CHECK_CHARS);
        for at in [0, 12, token.expose().len() - 1] {
            let mut text = token.expose().as_bytes().to_vec();
            text[at] = if text[at] == b'x' { b'y' } else { b'x' };
            let text = String::from_utf8(text).expect("text");
            assert!(!Token::presented(&text).expect("plausible").is_checked());
        }
        for short in ["a", "abcde", "abcdef", "abcdefg"] {
            assert!(!Token::presented(short).expect("plausible").is_checked());
        }
    }
}
