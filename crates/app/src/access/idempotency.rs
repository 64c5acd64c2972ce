//! Answers kept for repeated requests: a POST with the same `Idempotency-Key` gets the first
//! answer again (draft-ietf-httpapi-idempotency-key-header-06). The record commits with the effect.
//!
//! The kept answer may hold a capability link, so it is sealed under a key made from the client's
//! own idempotency key and request, which Kept does not store.

use hkdf::Hkdf;
use kept_base::kit::time::plus_minutes;
use kept_base::store::{Error, Key, Tx};
use sha2::{Digest as _, Sha256};

use super::store;
use crate::ids::PersonId;

/// Longest `Idempotency-Key`, in bytes.
pub const MAX_IDEMPOTENCY_KEY_BYTES: usize = 255;
/// How long an answer is kept, in hours.
pub const IDEMPOTENCY_HOURS: i64 = 24;

/// What makes a request the same request: who asks what of which route, under which key.
#[derive(Debug, Clone)]
pub struct Repeatable {
    key_hash: [u8; 32],
    request_hash: [u8; 32],
    seal: Key,
}

/// An answer to give again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// HTTP status.
    pub status: u16,
    /// The body, as sent the first time.
    pub body: Vec<u8>,
}

/// The key was used before for a different request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyReused;

impl Repeatable {
    /// `credential` is the token's or link's id, or `public`; `route` names method and path;
    /// `request_hash` is the SHA-256 of the request body as received.
    #[must_use]
    pub fn new(key: &str, credential: &str, route: &str, request_hash: [u8; 32]) -> Self {
        let scope = [
            credential.as_bytes(),
            &[0],
            route.as_bytes(),
            &[0],
            key.as_bytes(),
        ]
        .concat();
        let key_hash: [u8; 32] = Sha256::digest(&scope).into();
        let mut seal = [0; 32];
        Hkdf::<Sha256>::new(Some(&request_hash), &scope)
            .expand(b"kept idempotency 1", &mut seal)
            .expect("32 bytes are within HKDF's reach");
        Self {
            key_hash,
            request_hash,
            seal: Key::from_bytes(seal),
        }
    }

    /// The answer kept for this request, if there is one.
    ///
    /// # Errors
    /// Those of the store; the inner error when the key belongs to another request.
    pub fn find(&self, tx: &Tx<'_>) -> Result<Result<Option<KeptAnswer>, KeyReused>, Error> {
        let Some((request, status, sealed)) = store::kept_answer(tx, &self.key_hash)? else {
            return Ok(Ok(None));
        };
        if request != self.request_hash {
            return Ok(Err(KeyReused));
        }
        let body = self.seal.open("idempotency", &sealed)?.to_vec();
        Ok(Ok(Some(KeptAnswer { status, body })))
    }

    /// Keeps the answer, in the transaction of its effect.
    ///
    /// # Errors
    /// Those of the store.
    pub fn keep(
        &self,
        tx: &Tx<'_>,
        answer: &KeptAnswer,
        person: Option<PersonId>,
    ) -> Result<(), Error> {
        let sealed = self.seal.seal("idempotency", &answer.body, tx.entropy());
        let expires_at = plus_minutes(tx.now(), IDEMPOTENCY_HOURS * 60);
        let key = (self.key_hash.as_slice(), self.request_hash.as_slice());
        store::keep_answer(tx, key, (answer.status, &sealed), person, expires_at)
    }
}
