//! The link that sets up an installation that has no organization yet. It lives as long as the
//! process that printed it and works once; only its hash is kept.

use std::sync::{Mutex, PoisonError};

use kept_base::kit::{Entropy, Token, TokenHash};

const PURPOSE: &str = "first run";

/// The link's state.
#[derive(Debug, Default)]
pub struct FirstRun(Mutex<Option<TokenHash>>);

impl FirstRun {
    /// Makes the link's secret; an earlier one is dead.
    pub fn open(&self, entropy: &Entropy) -> Token {
        let token = Token::new("", entropy);
        *self.lock() = Some(token.hash(PURPOSE));
        token
    }

    /// Whether `token` opens the set-up.
    #[must_use]
    pub fn is(&self, token: &Token) -> bool {
        *self.lock() == Some(token.hash(PURPOSE))
    }

    /// Takes the link out of use while an organization is made with it. `None` when it is another,
    /// or somebody else is at it.
    #[must_use]
    pub fn take(&self, token: &Token) -> Option<TokenHash> {
        let mut kept = self.lock();
        let own = *kept == Some(token.hash(PURPOSE));
        if own { kept.take() } else { None }
    }

    /// Puts it back: nothing was made.
    pub fn put_back(&self, hash: TokenHash) {
        *self.lock() = Some(hash);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<TokenHash>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
