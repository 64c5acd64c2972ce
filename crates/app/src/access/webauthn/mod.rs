//! What of Web Authentication (W3C, Level 3) a relying party has to look at when a passkey is made
//! (7.1) and used (7.2). Pure: bytes in, what they say or why they are refused out.
//!
//! Attestation is not asked for and not looked at: Kept does not care who built an authenticator.

mod authenticator;
mod key;

use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use authenticator::AuthenticatorData;
pub use key::{ALGORITHMS, PublicKey, Signing};

/// Random bytes of a challenge (13.4.3 asks for 16 at least).
pub const CHALLENGE_BYTES: usize = 32;
/// Random bytes by which an authenticator knows whose a passkey is; at most 64 (5.4.3).
pub const USER_HANDLE_BYTES: usize = 32;
/// Longest id of a credential, in bytes (7.1, step 25).
pub const MAX_CREDENTIAL_ID_BYTES: usize = 1_023;
/// Most bytes of what a browser says of a ceremony.
pub const MAX_CLIENT_DATA_BYTES: usize = 4 * 1024;
/// Most bytes of what an authenticator says, attestation included.
pub const MAX_AUTHENTICATOR_BYTES: usize = 16 * 1024;
/// Most bytes of a signature: one of the largest RSA key that is taken.
pub const MAX_SIGNATURE_BYTES: usize = 1_024;

/// Whom passkeys are made for: the host that everybody reaches Kept by, and its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The RP ID: the host alone. Passkeys hang on it for ever.
    pub id: String,
    /// The only origin that passkeys are used from.
    pub origin: String,
}

impl Party {
    /// The party of an installation with this public address; `None` where browsers know no
    /// passkeys: at a bare IP address.
    #[must_use]
    pub fn of(base_url: &str) -> Option<Self> {
        let (scheme, authority) = base_url.trim_end_matches('/').split_once("://")?;
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        let last = host.rsplit('.').next().unwrap_or_default();
        // The last label of a name is never a number; brackets are those of IPv6.
        if host.is_empty() || host.starts_with('[') || last.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let (scheme, host) = (scheme.to_ascii_lowercase(), host.to_ascii_lowercase());
        let port = match (scheme.as_str(), port) {
            ("https", Some("443")) | ("http", Some("80")) | (_, None) => String::new(),
            (_, Some(port)) => format!(":{port}"),
        };
        Some(Self {
            origin: format!("{scheme}://{host}{port}"),
            id: host,
        })
    }
}

/// Why a passkey is refused. The code goes into the record; whoever tried is told nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It cannot be read.
    #[error("malformed")]
    Malformed,
    /// It is of another ceremony: made where one was to be used, or the other way around.
    #[error("type")]
    Type,
    /// It answers another challenge.
    #[error("challenge")]
    Challenge,
    /// It comes from another origin, or from a frame of one.
    #[error("origin")]
    Origin,
    /// It is for another relying party.
    #[error("party")]
    Party,
    /// Nobody was there.
    #[error("presence")]
    NotPresent,
    /// The authenticator did not verify who was there.
    #[error("verification")]
    NotVerified,
    /// Its flags on backups contradict each other, or what they said before.
    #[error("backup")]
    Backup,
    /// The key is of an algorithm that was not asked for.
    #[error("algorithm")]
    Algorithm,
    /// The signature is not the key's.
    #[error("signature")]
    Signature,
}

/// What a browser sends after it made a passkey.
#[derive(Debug, Clone)]
pub struct Made {
    /// `clientDataJSON`.
    pub client_data: Vec<u8>,
    /// `attestationObject`.
    pub attestation: Vec<u8>,
}

/// What a browser sends after a passkey was used.
#[derive(Debug, Clone)]
pub struct Used {
    /// The credential's id.
    pub credential_id: Vec<u8>,
    /// `clientDataJSON`.
    pub client_data: Vec<u8>,
    /// `authenticatorData`.
    pub authenticator_data: Vec<u8>,
    /// The signature over both.
    pub signature: Vec<u8>,
    /// Whose the authenticator says it is.
    pub user_handle: Vec<u8>,
}

/// A passkey that was made well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCredential {
    /// Its id, which the authenticator chose.
    pub id: Vec<u8>,
    /// Its public key, as COSE has it.
    pub public_key: Vec<u8>,
    /// How often it was used, where the authenticator counts.
    pub count: u32,
    /// Whether it may be copied to other devices.
    pub may_be_copied: bool,
    /// Whether it has been.
    pub is_copied: bool,
}

/// What is known of a passkey that is used.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its public key, as COSE has it.
    pub public_key: Vec<u8>,
    /// The last count.
    pub count: u32,
    /// Whether it may be copied to other devices.
    pub may_be_copied: bool,
}

/// What a good use of a passkey tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoodUse {
    /// How often it was used now.
    pub count: u32,
    /// Whether the count did not grow: there may be a second copy of what cannot be copied.
    pub count_went_back: bool,
    /// Whether it has been copied to other devices.
    pub is_copied: bool,
}

#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
    #[serde(rename = "topOrigin")]
    top_origin: Option<String>,
}

const CREATE: &str = "webauthn.create";
const GET: &str = "webauthn.get";

/// Looks at a passkey that was just made (7.1).
///
/// # Errors
/// The first [`Refusal`].
pub fn check_made(made: &Made, challenge: &[u8], party: &Party) -> Result<NewCredential, Refusal> {
    check_client_data(&made.client_data, CREATE, challenge, party)?;
    let data = authenticator::of_attestation(&made.attestation)?;
    check_authenticator(&data, party)?;
    let (id, public_key) = data.credential.ok_or(Refusal::Malformed)?;
    PublicKey::read(&public_key)?;
    Ok(NewCredential {
        id,
        public_key,
        count: data.count,
        may_be_copied: data.may_be_copied,
        is_copied: data.is_copied,
    })
}

/// Looks at a use of a passkey (7.2).
///
/// # Errors
/// The first [`Refusal`].
pub fn check_used(
    used: &Used,
    challenge: &[u8],
    party: &Party,
    known: &Known,
) -> Result<GoodUse, Refusal> {
    check_client_data(&used.client_data, GET, challenge, party)?;
    let data = AuthenticatorData::read(&used.authenticator_data)?;
    check_authenticator(&data, party)?;
    if data.may_be_copied != known.may_be_copied {
        return Err(Refusal::Backup);
    }
    let mut signed = used.authenticator_data.clone();
    signed.extend_from_slice(&Sha256::digest(&used.client_data));
    PublicKey::read(&known.public_key)?.verify(&signed, &used.signature)?;
    // Authenticators that copy keys say 0 for ever; one that counts only ever counts up.
    let counts = data.count > 0 || known.count > 0;
    Ok(GoodUse {
        count: data.count,
        count_went_back: counts && data.count <= known.count,
        is_copied: data.is_copied,
    })
}

fn check_client_data(
    bytes: &[u8],
    kind: &str,
    challenge: &[u8],
    party: &Party,
) -> Result<(), Refusal> {
    if bytes.len() > MAX_CLIENT_DATA_BYTES {
        return Err(Refusal::Malformed);
    }
    let said: ClientData = serde_json::from_slice(bytes).map_err(|_| Refusal::Malformed)?;
    if said.kind != kind {
        return Err(Refusal::Type);
    }
    if said.challenge != BASE64URL_NOPAD.encode(challenge) {
        return Err(Refusal::Challenge);
    }
    if said.origin != party.origin || said.cross_origin || said.top_origin.is_some() {
        return Err(Refusal::Origin);
    }
    Ok(())
}

fn check_authenticator(data: &AuthenticatorData, party: &Party) -> Result<(), Refusal> {
    if data.party_hash[..] != Sha256::digest(party.id.as_bytes())[..] {
        return Err(Refusal::Party);
    }
    if !data.is_present {
        return Err(Refusal::NotPresent);
    }
    if !data.is_verified {
        return Err(Refusal::NotVerified);
    }
    if data.is_copied && !data.may_be_copied {
        return Err(Refusal::Backup);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_party_is_the_host_of_the_public_address() {
        for (base_url, party) in [
            (
                "https://book.example",
                Some(("book.example", "https://book.example")),
            ),
            (
                "https://Book.Example/",
                Some(("book.example", "https://book.example")),
            ),
            (
                "https://book.example:443",
                Some(("book.example", "https://book.example")),
            ),
            (
                "https://book.example:8443",
                Some(("book.example", "https://book.example:8443")),
            ),
            (
                "http://localhost:8080",
                Some(("localhost", "http://localhost:8080")),
            ),
            ("http://127.0.0.1:8080", None),
            ("https://[2001:db8::7]", None),
            ("https://", None),
            ("book.example", None),
        ] {
            let party = party.map(|(id, origin): (&str, &str)| Party {
                id: id.to_owned(),
                origin: origin.to_owned(),
            });
            assert_eq!(Party::of(base_url), party, "{base_url}");
        }
    }
}
