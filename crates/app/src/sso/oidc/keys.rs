//! The keys of a provider (RFC 7517, 7518).

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};

use super::jws::Algorithm;
use super::{Refusal, json};
use crate::access::{PublicKey, Signing};

/// Most bytes of a set of keys.
pub const MAX_KEYS_BYTES: usize = 128 * 1024;
/// Most keys of a set that are looked at.
pub const MAX_KEYS: usize = 100;

/// Those keys of a set with which tokens can be signed in a way that is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys(Vec<Key>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    id: Option<String>,
    /// The one algorithm that it is for, where that is said.
    algorithm: Option<String>,
    key: PublicKey,
}

impl Keys {
    /// Reads a set. Keys of other kinds or for other uses are passed over: a provider may have them.
    ///
    /// # Errors
    /// [`Refusal::Json`], [`Refusal::Key`] when there is no usable one.
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > MAX_KEYS_BYTES {
            return Err(Refusal::Key);
        }
        let set = json::object(bytes)?;
        let all = set.get("keys").and_then(Value::as_array);
        let all = all.ok_or(Refusal::Key)?.iter().take(MAX_KEYS);
        let keys: Vec<Key> = all.filter_map(Value::as_object).filter_map(key).collect();
        if keys.is_empty() {
            return Err(Refusal::Key);
        }
        Ok(Self(keys))
    }

    /// The one key with that id that can sign so. Without an id there must be only one such key at all.
    pub(super) fn find(
        &self,
        id: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<&PublicKey, Refusal> {
        let named = |key: &&Key| id.is_none() || key.id.as_deref() == id;
        if !self.0.iter().any(|key| named(&key)) {
            return Err(Refusal::UnknownKey);
        }
        let fits = |key: &&Key| {
            let said = key.algorithm.as_deref();
            let kind = matches!(
                (&key.key, algorithm.signing()),
                (PublicKey::Rsa(..), Signing::RsaPkcs1 | Signing::RsaPss)
                    | (PublicKey::P256(_), Signing::P256InLine)
                    | (PublicKey::Ed25519(_), Signing::Ed25519)
            );
            kind && said.is_none_or(|said| said == algorithm.name())
        };
        let mut found = self.0.iter().filter(named).filter(fits);
        match (found.next(), found.next()) {
            (Some(key), None) => Ok(&key.key),
            (None, _) if id.is_none() => Err(Refusal::UnknownKey),
            _ => Err(Refusal::Key),
        }
    }
}

fn key(object: &Map<String, Value>) -> Option<Key> {
    let is_to_sign = object.get("use").is_none_or(|what| what == "sig");
    let may_verify = object.get("key_ops").is_none_or(|what| {
        let mut all = what.as_array().into_iter().flatten();
        all.any(|one| one == "verify")
    });
    // A private key that is shown is nobody's any more, and a shared secret never was one.
    let is_public = !object.contains_key("d") && !object.contains_key("k");
    if !is_to_sign || !may_verify || !is_public {
        return None;
    }
    let bytes = |name: &str| {
        let text = json::text(object, name)?;
        BASE64URL_NOPAD.decode(text.as_bytes()).ok()
    };
    let point = |name: &str| bytes(name).filter(|bytes| bytes.len() == 32);
    let curve = json::text(object, "crv");
    let key = match (json::text(object, "kty")?, curve) {
        ("RSA", _) => PublicKey::of_rsa(unsigned(bytes("n")?), unsigned(bytes("e")?))?,
        ("EC", Some("P-256")) => PublicKey::P256([vec![4], point("x")?, point("y")?].concat()),
        ("OKP", Some("Ed25519")) => PublicKey::Ed25519(point("x")?),
        _ => return None,
    };
    let own = |name: &str| json::text(object, name).map(str::to_owned);
    Some(Key {
        id: own("kid"),
        algorithm: own("alg"),
        key,
    })
}

/// Some write a zero before the number.
fn unsigned(bytes: Vec<u8>) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes[zeros..].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(keys: &[&str]) -> String {
        format!("{{\"keys\":[{}]}}", keys.join(","))
    }

    fn point(kid: &str, more: &str) -> String {
        let x = BASE64URL_NOPAD.encode(&[7; 32]);
        format!("{{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"{x}\",\"kid\":\"{kid}\"{more}}}")
    }

    #[test]
    fn keys_that_cannot_sign_are_passed_over() {
        let n = |size| BASE64URL_NOPAD.encode(&vec![0xC1; size]);
        let (short, long) = (n(128), n(256));
        for (key, is_taken) in [
            (point("a", ""), true),
            (point("a", ",\"use\":\"sig\",\"alg\":\"EdDSA\""), true),
            (point("a", ",\"use\":\"enc\""), false),
            (point("a", ",\"key_ops\":[\"verify\"]"), true),
            (point("a", ",\"key_ops\":[\"encrypt\"]"), false),
            (point("a", ",\"d\":\"AAAA\""), false),
            (
                format!("{{\"kty\":\"RSA\",\"n\":\"{long}\",\"e\":\"AQAB\"}}"),
                true,
            ),
            (
                format!("{{\"kty\":\"RSA\",\"n\":\"{short}\",\"e\":\"AQAB\"}}"),
                false,
            ),
            ("{\"kty\":\"oct\",\"k\":\"AAAA\"}".to_owned(), false),
            (
                "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"\",\"y\":\"\"}".to_owned(),
                false,
            ),
            ("{}".to_owned(), false),
            ("7".to_owned(), false),
        ] {
            let read = Keys::read(set(&[&key]).as_bytes());
            assert_eq!(read.is_ok(), is_taken, "{key}");
        }
        assert_eq!(Keys::read(b"{}"), Err(Refusal::Key));
        assert_eq!(Keys::read(b"[]"), Err(Refusal::Json));
        let twice = set(&[&point("a", ",\"kid\":\"b\"")]);
        assert_eq!(Keys::read(twice.as_bytes()), Err(Refusal::Json));
    }

    #[test]
    fn a_key_is_found_by_its_id_alone() {
        let keys = |all: &[&str]| Keys::read(set(all).as_bytes()).expect("keys");
        let (a, b) = (point("a", ""), point("b", ",\"alg\":\"RS256\""));
        let both = keys(&[&a, &b]);
        let find = |keys: &Keys, id, algorithm| keys.find(id, algorithm).map(|_| ());
        assert_eq!(find(&both, Some("a"), Algorithm::EdDsa), Ok(()));
        assert_eq!(
            find(&both, Some("c"), Algorithm::EdDsa),
            Err(Refusal::UnknownKey)
        );
        assert_eq!(find(&both, Some("a"), Algorithm::Rs256), Err(Refusal::Key));
        // It says it is for another one.
        assert_eq!(find(&both, Some("b"), Algorithm::EdDsa), Err(Refusal::Key));
        assert_eq!(find(&keys(&[&a]), None, Algorithm::EdDsa), Ok(()));
        let alike = keys(&[&a, &point("b", "")]);
        assert_eq!(find(&alike, None, Algorithm::EdDsa), Err(Refusal::Key));
        let same = keys(&[&a, &a]);
        assert_eq!(find(&same, Some("a"), Algorithm::EdDsa), Err(Refusal::Key));
    }
}
