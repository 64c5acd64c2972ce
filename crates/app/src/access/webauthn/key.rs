//! Public keys as COSE has them (RFC 9053), and what they signed.

use ciborium::Value;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};

use super::authenticator::value;
use super::{MAX_SIGNATURE_BYTES, Refusal};

/// The algorithms that are asked for, the first the most wanted: EdDSA, ES256, RS256. Others are
/// refused.
pub const ALGORITHMS: [i32; 3] = [EDDSA, ES256, RS256];

const EDDSA: i32 = -8;
const ES256: i32 = -7;
const RS256: i32 = -257;

/// Most bytes of a key.
const MAX_KEY_BYTES: usize = 2 * 1024;
/// Fewest and most bytes of an RSA modulus.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1_024;

/// A public key of one of [`ALGORITHMS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// A point of Ed25519.
    Ed25519(Vec<u8>),
    /// A point of P-256, uncompressed.
    P256(Vec<u8>),
    /// Modulus and exponent.
    Rsa(Vec<u8>, Vec<u8>),
}

/// How something is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signing {
    /// Ed25519 (RFC 8032).
    Ed25519,
    /// ECDSA on P-256 with SHA-256, the two numbers in DER, as passkeys have it.
    P256InDer,
    /// The same, the two numbers one after the other, as JWS has it (RFC 7518, 3.4).
    P256InLine,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaPkcs1,
    /// RSASSA-PSS with SHA-256 and MGF1 with it.
    RsaPss,
}

impl PublicKey {
    /// An RSA key of a size that is taken.
    #[must_use]
    pub fn of_rsa(n: Vec<u8>, e: Vec<u8>) -> Option<Self> {
        let fits = RSA_BYTES.contains(&n.len()) && (1..=8).contains(&e.len());
        fits.then_some(Self::Rsa(n, e))
    }

    /// Whether `signature` over `signed` is this key's, made in this way and no other.
    #[must_use]
    pub fn has_signed(&self, signing: Signing, signed: &[u8], signature: &[u8]) -> bool {
        if signature.len() > MAX_SIGNATURE_BYTES {
            return false;
        }
        let verified = match (self, signing) {
            (Self::Ed25519(point), Signing::Ed25519) => {
                UnparsedPublicKey::new(&ED25519, point).verify(signed, signature)
            }
            (Self::P256(point), Signing::P256InDer) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(signed, signature)
            }
            (Self::P256(point), Signing::P256InLine) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, signature)
            }
            (Self::Rsa(n, e), Signing::RsaPkcs1) => RsaPublicKeyComponents { n, e }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                signed,
                signature,
            ),
            (Self::Rsa(n, e), Signing::RsaPss) => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PSS_2048_8192_SHA256, signed, signature)
            }
            _ => return false,
        };
        verified.is_ok()
    }

    /// Reads a key, and nothing may be left.
    ///
    /// # Errors
    /// [`Refusal::Algorithm`] for one that was not asked for, [`Refusal::Malformed`].
    pub fn read(cose: &[u8]) -> Result<Self, Refusal> {
        if cose.len() > MAX_KEY_BYTES {
            return Err(Refusal::Malformed);
        }
        let (value, read) = value(cose)?;
        let parts = value.as_map().filter(|_| read == cose.len());
        let parts = Parts(parts.ok_or(Refusal::Malformed)?);
        let algorithm = parts.number(3).ok_or(Refusal::Malformed)?;
        let kind = parts.number(1).ok_or(Refusal::Malformed)?;
        let curve = parts.number(-1);
        let key = match i32::try_from(algorithm) {
            Ok(EDDSA) if (kind, curve) == (1, Some(6)) => parts.bytes(-2, 32).map(Self::Ed25519),
            Ok(ES256) if (kind, curve) == (2, Some(1)) => parts.point().map(Self::P256),
            Ok(RS256) if kind == 3 => parts.rsa(),
            Ok(EDDSA | ES256 | RS256) => None,
            _ => return Err(Refusal::Algorithm),
        };
        key.ok_or(Refusal::Malformed)
    }

    /// Whether `signature` over `signed` is this key's.
    ///
    /// # Errors
    /// [`Refusal::Signature`].
    pub fn verify(&self, signed: &[u8], signature: &[u8]) -> Result<(), Refusal> {
        let signing = match self {
            Self::Ed25519(_) => Signing::Ed25519,
            Self::P256(_) => Signing::P256InDer,
            Self::Rsa(..) => Signing::RsaPkcs1,
        };
        let is_signed = self.has_signed(signing, signed, signature);
        is_signed.then_some(()).ok_or(Refusal::Signature)
    }
}

/// The entries of a COSE key, by their numbers.
struct Parts<'k>(&'k [(Value, Value)]);

impl Parts<'_> {
    /// Nothing where the entry stands twice.
    fn only(&self, label: i64) -> Option<&Value> {
        let mut found = self.0.iter().filter(|(name, _)| {
            let name = name.as_integer().and_then(|name| i64::try_from(name).ok());
            name == Some(label)
        });
        let first = found.next().filter(|_| found.next().is_none());
        first.map(|(_, value)| value)
    }

    fn number(&self, label: i64) -> Option<i64> {
        let number = self.only(label)?.as_integer()?;
        i64::try_from(number).ok()
    }

    fn bytes(&self, label: i64, length: usize) -> Option<Vec<u8>> {
        let bytes = self.only(label)?.as_bytes()?;
        (bytes.len() == length).then(|| bytes.clone())
    }

    fn point(&self) -> Option<Vec<u8>> {
        let (x, y) = (self.bytes(-2, 32)?, self.bytes(-3, 32)?);
        Some([vec![4], x, y].concat())
    }

    fn rsa(&self) -> Option<PublicKey> {
        let n = self.only(-1)?.as_bytes()?;
        let e = self.only(-2)?.as_bytes()?;
        PublicKey::of_rsa(n.clone(), e.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cose(parts: Vec<(i64, Value)>) -> Vec<u8> {
        let parts = parts
            .into_iter()
            .map(|(name, value)| (Value::from(name), value));
        let mut bytes = Vec::new();
        ciborium::ser::into_writer(&Value::Map(parts.collect()), &mut bytes).expect("writes");
        bytes
    }

    #[test]
    fn keys_of_what_was_asked_for_are_read_and_no_others() {
        let bytes = |length: usize| Value::Bytes(vec![7; length]);
        let number = |number: i64| Value::from(number);
        let p256 = vec![
            (1, number(2)),
            (3, number(-7)),
            (-1, number(1)),
            (-2, bytes(32)),
            (-3, bytes(32)),
        ];
        let ed = vec![
            (1, number(1)),
            (3, number(-8)),
            (-1, number(6)),
            (-2, bytes(32)),
        ];
        let rsa = |size| {
            vec![
                (1, number(3)),
                (3, number(-257)),
                (-1, bytes(size)),
                (-2, bytes(3)),
            ]
        };
        let changed = |at: usize, value: Value| {
            let mut parts = p256.clone();
            parts[at].1 = value;
            parts
        };
        for (what, parts, refusal) in [
            ("P-256", p256.clone(), None),
            ("Ed25519", ed, None),
            ("RSA 2048", rsa(256), None),
            ("RSA 1024", rsa(128), Some(Refusal::Malformed)),
            ("P-384", changed(1, number(-35)), Some(Refusal::Algorithm)),
            ("none", changed(1, number(0)), Some(Refusal::Algorithm)),
            (
                "another curve",
                changed(2, number(2)),
                Some(Refusal::Malformed),
            ),
            (
                "another kind",
                changed(0, number(1)),
                Some(Refusal::Malformed),
            ),
            (
                "a short point",
                changed(3, bytes(31)),
                Some(Refusal::Malformed),
            ),
            (
                "a text",
                changed(3, Value::from("x")),
                Some(Refusal::Malformed),
            ),
            (
                "twice",
                [p256.clone(), vec![(3, number(-7))]].concat(),
                Some(Refusal::Malformed),
            ),
            ("nothing", Vec::new(), Some(Refusal::Malformed)),
        ] {
            assert_eq!(PublicKey::read(&cose(parts)).err(), refusal, "{what}");
        }
        let mut longer = cose(p256);
        longer.push(0);
        assert_eq!(PublicKey::read(&longer).err(), Some(Refusal::Malformed));
        assert_eq!(PublicKey::read(&[0x9f]).err(), Some(Refusal::Malformed));
        assert_eq!(
            PublicKey::read(&[0x81; 5_000]).err(),
            Some(Refusal::Malformed)
        );
        assert_eq!(
            PublicKey::read(&[0x81; 500]).err(),
            Some(Refusal::Malformed)
        );
    }
}
