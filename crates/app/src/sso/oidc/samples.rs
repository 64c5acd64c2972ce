//! A provider of our own, for tests of what is pure.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
};
use serde_json::{Map, Value, json};

use super::Keys;

pub const ISSUER: &str = "https://id.example";
pub const CLIENT: &str = "kept";
pub const NONCE: &str = "n-1";

/// Monday 23 November 2026, 08:00.
pub fn now() -> Timestamp {
    "2026-11-23T08:00:00Z".parse().expect("an instant")
}

/// What signs.
pub struct Signer {
    ed: Ed25519KeyPair,
    ec: EcdsaKeyPair,
}

impl Signer {
    pub fn new(seed: u8) -> Self {
        let random = SystemRandom::new();
        let way = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(way, &random).expect("a key");
        Self {
            ed: Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("a key"),
            ec: EcdsaKeyPair::from_pkcs8(way, pkcs8.as_ref(), &random).expect("a key"),
        }
    }

    /// `ed` and `ec`.
    pub fn keys(&self) -> Keys {
        Keys::read(self.jwks().to_string().as_bytes()).expect("keys")
    }

    pub fn jwks(&self) -> Value {
        let point = self.ec.public_key().as_ref();
        let text = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        json!({"keys": [
            {"kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": text(self.ed.public_key().as_ref())},
            {"kty": "EC", "crv": "P-256", "kid": "ec", "x": text(&point[1..33]),
             "y": text(&point[33..])},
        ]})
    }

    /// Signs with the key that `alg` is for, whatever else the header says.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = if header["alg"] == "ES256" {
            let made = self.ec.sign(&SystemRandom::new(), signed.as_bytes());
            made.expect("a signature").as_ref().to_vec()
        } else {
            self.ed.sign(signed.as_bytes()).as_ref().to_vec()
        };
        format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature))
    }
}

pub fn header() -> Value {
    json!({"alg": "EdDSA", "kid": "ed", "typ": "JWT"})
}

/// `base` with members changed; null takes one away.
pub fn changed(base: &Value, change: &Value) -> Value {
    let mut all: Map<String, Value> = base.as_object().expect("an object").clone();
    for (name, value) in change.as_object().expect("an object") {
        if value.is_null() {
            all.remove(name);
        } else {
            all.insert(name.clone(), value.clone());
        }
    }
    Value::Object(all)
}
