//! What an authenticator says (6.1), and the wrapping in which a new passkey comes (6.5).

use std::io::Cursor;

use ciborium::Value;

use super::{MAX_AUTHENTICATOR_BYTES, MAX_CREDENTIAL_ID_BYTES, Refusal};

/// Deepest nesting in what an authenticator says: an attestation of certificates has four levels.
const MAX_CBOR_DEPTH: usize = 8;
/// Bytes before the first part that may be absent.
const FIXED_BYTES: usize = 37;

const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const MAY_BE_COPIED: u8 = 1 << 3;
const IS_COPIED: u8 = 1 << 4;
const HAS_CREDENTIAL: u8 = 1 << 6;
const HAS_EXTENSIONS: u8 = 1 << 7;

/// Authenticator data, read.
pub(super) struct AuthenticatorData {
    pub party_hash: [u8; 32],
    pub is_present: bool,
    pub is_verified: bool,
    pub may_be_copied: bool,
    pub is_copied: bool,
    pub count: u32,
    /// The id of a new credential and its key.
    pub credential: Option<(Vec<u8>, Vec<u8>)>,
}

impl AuthenticatorData {
    /// Reads all of `bytes`, and nothing may be left.
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > MAX_AUTHENTICATOR_BYTES {
            return Err(Refusal::Malformed);
        }
        let (fixed, mut rest) = bytes
            .split_at_checked(FIXED_BYTES)
            .ok_or(Refusal::Malformed)?;
        let flags = fixed[32];
        let has = |flag| flags & flag != 0;
        let credential = if has(HAS_CREDENTIAL) {
            Some(credential(&mut rest)?)
        } else {
            None
        };
        if has(HAS_EXTENSIONS) {
            // None was asked for, and what an authenticator adds unasked says nothing to Kept.
            let (value, read) = value(rest)?;
            if !value.is_map() {
                return Err(Refusal::Malformed);
            }
            rest = &rest[read..];
        }
        if !rest.is_empty() {
            return Err(Refusal::Malformed);
        }
        let part = |range: std::ops::Range<usize>| &fixed[range];
        Ok(Self {
            party_hash: part(0..32).try_into().map_err(|_| Refusal::Malformed)?,
            is_present: has(PRESENT),
            is_verified: has(VERIFIED),
            may_be_copied: has(MAY_BE_COPIED),
            is_copied: has(IS_COPIED),
            count: u32::from_be_bytes(part(33..37).try_into().map_err(|_| Refusal::Malformed)?),
            credential,
        })
    }
}

/// Takes a new credential's id and key from the beginning of `rest`. Before them stands the model of
/// the authenticator, which nobody here needs to know.
fn credential(rest: &mut &[u8]) -> Result<(Vec<u8>, Vec<u8>), Refusal> {
    let (_model, after) = rest.split_at_checked(16).ok_or(Refusal::Malformed)?;
    let (length, after) = after.split_at_checked(2).ok_or(Refusal::Malformed)?;
    let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
    if length == 0 || length > MAX_CREDENTIAL_ID_BYTES {
        return Err(Refusal::Malformed);
    }
    let (id, after) = after.split_at_checked(length).ok_or(Refusal::Malformed)?;
    let (_, read) = value(after)?;
    let (key, after) = after.split_at(read);
    *rest = after;
    Ok((id.to_vec(), key.to_vec()))
}

/// The first CBOR value of `bytes`, and how many of them it takes.
pub(super) fn value(bytes: &[u8]) -> Result<(Value, usize), Refusal> {
    let mut reader = Cursor::new(bytes);
    let value = ciborium::de::from_reader_with_recursion_limit(&mut reader, MAX_CBOR_DEPTH);
    let value = value.map_err(|_| Refusal::Malformed)?;
    let read = usize::try_from(reader.position()).map_err(|_| Refusal::Malformed)?;
    Ok((value, read))
}

/// The authenticator data in an attestation object; its statement is not looked at.
pub(super) fn of_attestation(bytes: &[u8]) -> Result<AuthenticatorData, Refusal> {
    if bytes.len() > MAX_AUTHENTICATOR_BYTES {
        return Err(Refusal::Malformed);
    }
    let (object, read) = value(bytes)?;
    let parts = object.as_map().filter(|_| read == bytes.len());
    let mut data = parts.into_iter().flatten().filter_map(|(name, value)| {
        let is_data = name.as_text() == Some("authData");
        is_data.then(|| value.as_bytes()).flatten()
    });
    // Twice, one of them is not what was meant.
    let only = data.next().filter(|_| data.next().is_none());
    AuthenticatorData::read(only.ok_or(Refusal::Malformed)?)
}
