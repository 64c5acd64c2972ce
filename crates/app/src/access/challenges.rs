//! What passkeys are to sign next: random bytes in the store, where every process finds them, each for one
//! purpose and one answer.

use kept_base::kit::time::plus_minutes;
use kept_base::kit::{Token, TokenHash};
use kept_base::store::{Error, Tx};

use super::store::passkeys as store;
use super::webauthn::CHALLENGE_BYTES;
use crate::ids::SessionId;

/// How long a passkey may take to answer, in minutes.
pub const CHALLENGE_MINUTES: i64 = 5;
/// Most challenges of one organization that wait for an answer; the oldest go first.
pub const MAX_CHALLENGES: u32 = 5_000;

/// What a challenge is for; none is good for another.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    SignIn,
    Add,
    Proof,
}

impl Purpose {
    pub fn hash(self, holder: &Token) -> TokenHash {
        holder.hash(match self {
            Self::SignIn => "passkey sign-in",
            Self::Add => "passkey add",
            Self::Proof => "passkey proof",
        })
    }

    /// Within a session its id is what a challenge is found by.
    pub fn of_session(self, session: SessionId) -> Result<TokenHash, Error> {
        let id = Token::presented(&session.to_string()).ok_or(Error::Decode("session"))?;
        Ok(self.hash(&id))
    }
}

/// Fresh bytes to sign, in place of those that `key` had.
pub(super) fn challenge(tx: &Tx<'_>, key: TokenHash) -> Result<[u8; CHALLENGE_BYTES], Error> {
    let challenge = tx.entropy().bytes::<CHALLENGE_BYTES>();
    let expires_at = plus_minutes(tx.now(), CHALLENGE_MINUTES);
    store::put_challenge(tx, key, &challenge, expires_at)?;
    store::keep_newest_challenges(tx, MAX_CHALLENGES)?;
    Ok(challenge)
}
