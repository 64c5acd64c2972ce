//! The blind index: what is looked up is not stored but its HMAC, under a key of the organization.
//! Whoever has the data without that key cannot tell what a token stands for, nor guess and try.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::store::Key;

/// Bits of a token that tell what was looked up; the bits above them say in which domain.
pub const BLIND_TOKEN_BITS: u32 = 60;

/// A keyed hash that is ready to be used many times.
pub(super) struct BlindIndex(Hmac<Sha256>);

impl BlindIndex {
    pub fn new(key: &Key) -> Self {
        let keyed = Hmac::new_from_slice(key.bytes()).expect("HMAC takes keys of every length");
        Self(keyed)
    }

    /// The token of `text` in a domain, which is one of 0 to 7.
    pub fn token(&self, domain: u8, text: &str) -> i64 {
        let mut hash = self.0.clone();
        hash.update(&[domain & 7]);
        hash.update(text.as_bytes());
        let hash = hash.finalize().into_bytes();
        let mut first = [0; 8];
        first.copy_from_slice(&hash[..8]);
        let bits = i64::from_be_bytes(first) & ((1 << BLIND_TOKEN_BITS) - 1);
        i64::from(domain & 7) << BLIND_TOKEN_BITS | bits
    }
}

/// The first token of a domain, and the first after it where there is one.
#[must_use]
pub fn domain_range(domain: u8) -> (i64, i64) {
    let first = i64::from(domain & 7) << BLIND_TOKEN_BITS;
    (first, first.saturating_add((1 << BLIND_TOKEN_BITS) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::Entropy;

    #[test]
    fn tokens_differ_by_text_domain_and_key_and_are_within_their_domain() {
        let entropy = Entropy::seeded(5);
        let (one, other) = (Key::random(&entropy), Key::random(&entropy));
        let (one, other) = (BlindIndex::new(&one), BlindIndex::new(&other));
        assert_eq!(one.token(1, "ama"), one.token(1, "ama"));
        assert_ne!(one.token(1, "ama"), one.token(1, "amb"));
        assert_ne!(one.token(1, "ama"), other.token(1, "ama"));
        for domain in 0..8 {
            let token = one.token(domain, "ama");
            let (first, last) = domain_range(domain);
            assert!((first..=last).contains(&token) && token >= 0);
        }
    }
}
