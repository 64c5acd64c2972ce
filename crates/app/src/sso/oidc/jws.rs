//! Signed tokens in their compact form (RFC 7515), as RFC 8725 says they are to be read: the algorithms are
//! ours to choose, and a key never comes with what it signed.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};

use super::{Keys, Refusal, json};
use crate::access::Signing;

/// Most bytes of a signed token.
pub const MAX_SIGNED_TOKEN_BYTES: usize = 64 * 1024;

/// An algorithm that is taken. There is none with a shared secret among them, and not `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    Rs256,
    Ps256,
    Es256,
    EdDsa,
}

impl Algorithm {
    pub fn read(name: &str) -> Option<Self> {
        Some(match name {
            "RS256" => Self::Rs256,
            "PS256" => Self::Ps256,
            "ES256" => Self::Es256,
            "EdDSA" => Self::EdDsa,
            _ => return None,
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    pub fn signing(self) -> Signing {
        match self {
            Self::Rs256 => Signing::RsaPkcs1,
            Self::Ps256 => Signing::RsaPss,
            Self::Es256 => Signing::P256InLine,
            Self::EdDsa => Signing::Ed25519,
        }
    }
}

/// What a good token says, and by which algorithm it is signed.
pub(super) struct Signed {
    pub claims: Map<String, Value>,
    pub algorithm: Algorithm,
}

/// Members of a header that bring a key or ask for what is not known (RFC 7515, 4.1).
const NOT_TAKEN: [&str; 6] = ["jwk", "jku", "x5u", "x5c", "crit", "b64"];

/// Reads a token whose signature is one of `keys`, and whose type, where it has one, is among `types`.
pub(super) fn read(token: &str, keys: &Keys, types: &[&str]) -> Result<Signed, Refusal> {
    if token.len() > MAX_SIGNED_TOKEN_BYTES {
        return Err(Refusal::Malformed);
    }
    let mut parts = token.split('.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Refusal::Malformed);
    };
    let decoded = |part: &str| {
        let bytes = BASE64URL_NOPAD.decode(part.as_bytes());
        bytes.map_err(|_| Refusal::Malformed)
    };
    let described = json::object(&decoded(header)?)?;
    let name = json::text(&described, "alg").unwrap_or_default();
    let algorithm = Algorithm::read(name).ok_or(Refusal::Algorithm)?;
    if NOT_TAKEN.iter().any(|name| described.contains_key(*name)) {
        return Err(Refusal::Header);
    }
    if let Some(kind) = described.get("typ") {
        let kind = kind.as_str().unwrap_or_default().to_ascii_lowercase();
        let kind = kind.strip_prefix("application/").unwrap_or(&kind);
        if !types.contains(&kind) {
            return Err(Refusal::Type);
        }
    }
    let id = match described.get("kid") {
        None => None,
        Some(id) => Some(id.as_str().ok_or(Refusal::Header)?),
    };
    let key = keys.find(id, algorithm)?;
    let signed = &token.as_bytes()[..header.len() + 1 + payload.len()];
    if !key.has_signed(algorithm.signing(), signed, &decoded(signature)?) {
        return Err(Refusal::Signature);
    }
    let claims = json::object(&decoded(payload)?)?;
    Ok(Signed { claims, algorithm })
}
