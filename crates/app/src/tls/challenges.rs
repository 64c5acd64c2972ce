//! What a certificate authority asks for to see that a name is ours (RFC 8555, 8.3).

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

/// Where it asks, over plain HTTP.
pub const CHALLENGE_PATH: &str = "/.well-known/acme-challenge/";

/// The answers of the order that is under way. Public: whoever asks may read them.
#[derive(Debug, Default)]
pub struct Challenges(RwLock<HashMap<String, String>>);

impl Challenges {
    /// The answer at that path of an address, if an order waits for it to be asked there.
    #[must_use]
    pub fn answer(&self, path: &str) -> Option<String> {
        let token = path.strip_prefix(CHALLENGE_PATH)?;
        let answers = self.0.read().unwrap_or_else(PoisonError::into_inner);
        answers.get(token).cloned()
    }

    pub(super) fn put(&self, token: String, answer: String) {
        let mut answers = self.0.write().unwrap_or_else(PoisonError::into_inner);
        answers.insert(token, answer);
    }

    pub(super) fn clear(&self) {
        let mut answers = self.0.write().unwrap_or_else(PoisonError::into_inner);
        answers.clear();
    }
}
